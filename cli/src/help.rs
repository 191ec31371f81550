//! `--help` in the reader's language. clap's own words are English only, so for Japanese every heading
//! and text is put in their place.

use crate::args::Args;
use clap::{Arg, Command, CommandFactory};
use utsushi::model::text::Lang;

const ROOT_EN: &str = "{about}\n\nusage: {usage}\n\nverbs:\n{subcommands}\n\noptions:\n{options}\n";
const VERB_EN: &str =
    "{about}\n\nusage: {usage}\n\narguments:\n{positionals}\n\noptions:\n{options}\n";
const ROOT_JA: &str =
    "{about}\n\n使い方: {usage}\n\n操作:\n{subcommands}\n\nオプション:\n{options}\n";
const VERB_JA: &str =
    "{about}\n\n使い方: {usage}\n\n引数:\n{positionals}\n\nオプション:\n{options}\n";

/// The command with its help texts.
pub(crate) fn command(lang: Lang) -> Command {
    let command = Args::command();
    match lang {
        Lang::En => command
            .help_template(ROOT_EN)
            .mut_subcommands(|verb| verb.help_template(VERB_EN)),
        Lang::Ja => japanese(command)
            .help_template(ROOT_JA)
            .mut_subcommands(|verb| {
                let usage = usage(&verb);
                japanese(verb).help_template(VERB_JA).override_usage(usage)
            })
            .override_usage("utsushi [オプション] <操作>"),
    }
}

fn japanese(command: Command) -> Command {
    let name = command.get_name().to_owned();
    command.about(about(&name)).mut_args(|arg| {
        let text = text(&name, arg.get_id().as_str());
        arg.help(text)
    })
}

/// The usage line of a verb: what is compulsory, in the order of its definition.
fn usage(verb: &Command) -> String {
    let mut line = format!("utsushi {} [オプション]", verb.get_name());
    let needed = |arg: &&Arg| arg.is_required_set();
    for arg in verb.get_arguments().filter(needed) {
        let value = arg
            .get_value_names()
            .and_then(<[_]>::first)
            .map_or("", |name| name.as_str());
        match arg.get_long() {
            Some(long) => line.push_str(&format!(" --{long} <{value}>")),
            None => line.push_str(&format!(" <{value}>")),
        }
    }
    line
}

fn about(verb: &str) -> &'static str {
    match verb {
        "new" => "書き始めるためのシナリオフォルダを作る",
        "check" => "計画の全状態について、分離と容量を検査する",
        "verify" => "分離だけを検査する：ルール×ステップの判定、通ってしまう通信、その経路",
        "trace" => "ひとつの通信を機器ごとに追い、判定したルールを示す",
        "hygiene" => "フィルタなどの、不要な行や広すぎる行を示す",
        "attack" => "リスクごとに、攻撃者が到達するもの、その経路、欠けている対策を示す",
        "replay" => "資源ごとの負荷を、混む順に示す",
        "size" => "何年か先まで足りる最小の購入を、仕様書の表として示す",
        "what-if" => "同じ計画で数値だけを変え、それぞれの使用率を一覧にする",
        "chart" => "図をSVGまたはPNGで、元の数値をCSVで出力する",
        "diff" => "二つの状態で扱いの違う通信と、その原因となる変更を示す",
        "order" => "ステップの変更の安全な順序、またはそれがない理由を示す",
        "rules" => "付属パックの全ルールと、判定できない行をその理由とともに表示する",
        "explain" => "指摘・誤りのコードやルールの解説を表示する",
        "matrix" => {
            "あるサービスについて誰が誰と通信できるか：同じ権利を持つグループ、セグメント、系ごと"
        }
        "import" => "実機のルールセットを読み、シナリオの一部として書き出す",
        "lab" => {
            "ある状態をLinuxのネットワーク名前空間のラボとして書き出し、実際の接続で試せるようにする"
        }
        "lab-agent" => "ラボの中で待ち受けと試行を行う（ラボのスクリプトが呼び出す）",
        _ => "α・β・β'モデル間を移行する自治体ネットワークのデジタルツイン",
    }
}

fn text(verb: &str, arg: &str) -> &'static str {
    match (verb, arg) {
        (_, "lang") => "表示・報告・図の言語：ja または en［既定：LC_ALL、LANG による］",
        (_, "quiet") => "進捗を表示しない",
        (_, "help") => "使い方を表示する",
        (_, "version") => "バージョンを表示する",
        (_, "scenario") => "シナリオのフォルダ、またはその scenario.ron",
        ("new", "dir") => "作成するフォルダ（存在しないか、空であること）",
        ("new", "from") => {
            "元にするシナリオ：alpha、alpha-prime、beta、beta-prime、mie、town［既定：alpha］"
        }
        ("check", "out") => "図、図の数値、索引、report.json の出力先フォルダ",
        ("check", "format") => "報告の形式：text、json、junit、sarif［既定：text］",
        ("hygiene", "out") => "hygiene.csv と hygiene.json の出力先フォルダ",
        ("diff", "from_step") => "比較の元：このステップの後の状態（0 は現状）［既定：0］",
        ("diff", "to_step") => "比較の先：このステップの後の状態［既定：最後］",
        ("diff", "out") => "diff.csv と diff.json の出力先フォルダ",
        ("order", "step") => "順序を求めるステップ",
        ("order", "write") => "求めた順序をシナリオのファイルに書き込む",
        (_, "strict") => "警告もエラーとして扱う",
        ("trace", "permit_all") => {
            "拒否されても先へ進め、往路・復路・中継の先まで、通信を止める箇所をすべて示す"
        }
        ("lab", "out") => "ラボの出力先フォルダ",
        ("lab", "probes") => "試すパケットの上限［既定：400］",
        ("lab-agent", "words") => {
            "動作：listen FILE READY、probe PROBES NAME、judge DIR のいずれか"
        }
        ("trace" | "attack" | "matrix" | "lab", "step") => "このステップの後の状態（0 は現状）",
        (_, "step") => "このステップの後の状態だけ（0 は現状）",
        ("verify", "rule") => "このルールだけ（例：I-MN-02）",
        ("attack", "risk") => "このリスクだけ（RK-1〜RK-7）",
        ("trace", "from") => "送信元：ホスト群、システム、機器、セグメント、アドレスのいずれか",
        ("trace", "to") => "宛先：ホスト群、システム、機器、セグメント、アドレスのいずれか",
        ("trace" | "matrix", "service") => "サービス（例：tcp/443、icmp）",
        ("replay" | "what-if", "failures") => {
            "故障：none、single（一度に一つ）、pairs（回線・機器の二つ同時）［既定：none］"
        }
        ("replay", "years") => "各状態の日付から数えた増加の年数［既定：0］",
        ("chart", "years") => "使用率の図に1列を加える：最後のステップのN年後［既定：0、加えない］",
        ("size", "years") => "増加を見込む年数［既定：5］",
        ("size", "catalogue") => "購入できるものを書いたファイル［既定：価格のない標準的な単位］",
        ("size", "degraded") => "故障時の限度（%）［既定：計画上のしきい値］",
        ("size", "out") => "表（CSV・Markdown・JSON）の出力先フォルダ",
        ("size", "all") => "足りているものも表示する",
        ("what-if", "set") => {
            "変えるもの（例：terminals=8000,23000、link.NAME.rate=2Gbps）。複数指定すると全組合せ"
        }
        ("what-if", "out") => "表（CSV・JSON）と図（SVG・PNG・CSV）の出力先フォルダ",
        ("what-if", "top") => "表示する資源の数［既定：5］",
        ("size" | "what-if", "format") => "表の形式：text、markdown、csv、json［既定：text］",
        ("verify" | "trace" | "replay" | "hygiene" | "attack" | "diff" | "order", "format") => {
            "報告の形式：text、json［既定：text］"
        }
        ("replay", "top") => "ステップごとに表示する資源の数［既定：10］",
        ("chart", "out") => "図の出力先フォルダ",
        ("chart", "figure") => {
            "この図だけ：utilisation、heatmap、headroom、duration、waterfall、pools、gate、picture"
        }
        ("chart", "all") => "要点の図だけでなく、全状態のすべての図",
        ("chart", "format") => "図の形式：svg、png［既定：svg］",
        ("rules", "model") => "このモデルに適用するものだけ：alpha、alpha-prime、beta、beta-prime",
        ("explain", "code") => "指摘・誤りのコード（例：ISO-101）、またはルール（例：I-MN-12）",
        ("matrix", "inputs") => {
            "シナリオのフォルダかその scenario.ron、または（--chain と共に）iptables-save・ip6tables-save の出力"
        }
        ("matrix", "chain") => "出力の中のチェーン：FORWARD、INPUT、OUTPUT",
        ("matrix", "incoming") => {
            "パケットの入側インタフェース。無ければ、インタフェースを問うルールは判定できないものとする"
        }
        ("matrix", "outgoing") => "パケットの出側インタフェース",
        ("matrix", "out") => "表のSVG・PNG・CSV・JSONの出力先フォルダ",
        ("matrix", "format") => "表の形式：text、json、csv［既定：text］",
        (_, "doubt") => "判定できないものとして扱う未知のマッチ・ターゲット（繰り返し指定できる）",
        ("import", "kind") => {
            "種類：iptables（iptables-save、ip6tables-save）か graph（NODES、EDGES、DEMANDS）"
        }
        ("import", "files") => {
            "1台の機器の出力（IPv4とIPv6を1つずつまで）。graph ではトポロジーと需要"
        }
        ("import", "out") => "書き出すファイル［既定：標準出力］。graph ではフォルダ",
        ("import", "capacity") => "graph で、容量のない辺の容量（例：10 Gbps）",
        ("import", "weight") => "graph で、JSONの辺の重みとする属性［既定：weight、cost、metric］",
        ("import", "name") => "ノードの名前［既定：fw］",
        ("import", "site") => "ノードの拠点［既定：hq］",
        ("import", "address") => {
            "MASQUERADE に使うインタフェースのアドレス（例：eth0=203.0.113.1、繰り返し指定できる）"
        }
        (_, _) => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_and_option_is_told_in_japanese() {
        let command = command(Lang::Ja);
        for verb in std::iter::once(&command).chain(command.get_subcommands()) {
            let about = verb
                .get_about()
                .map(ToString::to_string)
                .unwrap_or_default();
            assert!(!about.is_ascii(), "{}: {about}", verb.get_name());
            for arg in verb.get_arguments() {
                let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
                assert!(
                    !help.is_ascii(),
                    "{} {}: `{help}`",
                    verb.get_name(),
                    arg.get_id()
                );
            }
        }
    }

    #[test]
    fn verbs_without_a_text_of_their_own_are_noticed() {
        let command = command(Lang::Ja);
        let abouts: Vec<_> = command
            .get_subcommands()
            .map(|v| v.get_about().map(ToString::to_string))
            .collect();
        let root = command.get_about().map(ToString::to_string);
        assert!(!abouts.contains(&root), "{abouts:?}");
    }
}
