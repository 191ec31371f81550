//! Words of a lab: its page, what was written, what came of the probes.

use super::pick;
use crate::lab::Lab;
use crate::lab::agent::Judgement;
use crate::lab::expect::{Expect, Reason};
use crate::lab::omission::{Omission, What};
use crate::model::text::Lang;
use std::fmt::Write;

/// What the page of a lab tells of.
pub struct Page<'a> {
    /// The scenario's title.
    pub title: &'a str,
    /// The step after which the state is.
    pub step: &'a str,
    /// What people call the state.
    pub label: &'a str,
    /// The reader's language.
    pub lang: Lang,
    /// The lab.
    pub lab: &'a Lab<'a>,
}

/// How to run a lab without root.
const IN_ONE_GO: &str = "unshare -Urnm sh -c './up && ./probe; r=$?; ./down; exit $r'";

impl Page<'_> {
    fn pick<T>(&self, ja: T, en: T) -> T {
        pick(self.lang, ja, en)
    }

    /// How many probes ought to be answered, ought not, and may be either.
    fn counts(&self) -> [usize; 3] {
        let count = |wanted: fn(Expect) -> bool| {
            let probes = self.lab.probes.iter();
            probes
                .filter(|(_, expected)| wanted(expected.answered))
                .count()
        };
        [
            count(|e| e == Expect::Yes),
            count(|e| e == Expect::No),
            count(|e| matches!(e, Expect::Either(_))),
        ]
    }

    /// What was written, in a few lines.
    #[must_use]
    pub fn summary(&self, dir: &str) -> String {
        let go = quoted(dir);
        let (spaces, wires) = (self.lab.layout.spaces.len(), self.lab.layout.wires.len());
        let (probes, left_out) = (self.lab.probes.len(), self.lab.omissions.len());
        let [yes, no, either] = self.counts();
        self.pick(
            format!(
                "ステップ {} のラボを {dir} に出力した：名前空間 {spaces}、配線 {wires}、試行 {probes}（応答あり {yes}、なし {no}、どちらにもなり得る {either}）\nラボに現れないもの {left_out} 件（{dir}/README.md に列挙）\n実行方法: cd {go} && {IN_ONE_GO}\n",
                self.step
            ),
            format!(
                "wrote the lab of step {} to {dir}: {spaces} namespaces, {wires} wires, {probes} probes ({yes} answered, {no} not, {either} either)\nnot shown by the lab: {left_out}, listed in {dir}/README.md\nto run it: cd {go} && {IN_ONE_GO}\n",
                self.step
            ),
        )
    }

    /// The page that lies beside the scripts.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("# {} · {}\n\n", self.title, self.label);
        text += &self.pick(
            format!(
                "ステップ {} の状態を、Linuxのネットワーク名前空間として再現するラボ。機器とセグメントがそれぞれ一つの名前空間になり、\nホストはセグメントの名前空間が持つアドレスである。経路・フィルタ・アドレス変換は utsushi が計算したものと同じ。\n\n\
                 ```console\n$ export UTSUSHI=/path/to/utsushi\n$ {IN_ONE_GO}\n```\n\n\
                 root であれば `./up`、`./probe`、`./down` をそのまま実行できる。必要なもの：sh、iproute2、nftables、util-linux、utsushi。\n`unshare -Urnm sh` の中では、`nsenter --net=/run/netns/lab-名前 sh` でどの名前空間にも入れる。\n\n",
                self.step
            ),
            format!(
                "The state after step {} as Linux network namespaces. Each node and each segment is one namespace; hosts are addresses of\ntheir segment's namespace. Routes, filters and translations are those that utsushi computed.\n\n\
                 ```console\n$ export UTSUSHI=/path/to/utsushi\n$ {IN_ONE_GO}\n```\n\n\
                 As root, `./up`, `./probe` and `./down` work as they are. Needed: sh, iproute2, nftables, util-linux, utsushi. Inside `unshare -Urnm sh`,\n`nsenter --net=/run/netns/lab-NAME sh` enters any of the namespaces.\n\n",
                self.step
            ),
        );
        text += &self.files();
        text += &self.expectations();
        text + &self.omissions()
    }

    fn files(&self) -> String {
        self.pick(
            "| ファイル | 内容 |\n|---|---|\n| `names.csv` | 名前空間・インターフェースの名前と、シナリオでの名前 |\n| `probes.csv` | 試すパケットと、予想される結果 |\n| `results.csv` | `probe` が書く結果 |\n| `net/名前.ip4`、`net/名前.ip6` | アドレス、経路、経路の選択（`ip -batch`） |\n| `net/名前.nft` | フィルタ、アドレス変換、ポリシールート（`nft -f`） |\n| `net/名前.listen` | 待ち受けるアドレスとポート |\n\n",
            "| file | holds |\n|---|---|\n| `names.csv` | names of namespaces and interfaces, and what the scenario calls them |\n| `probes.csv` | what is tried, and what ought to come of it |\n| `results.csv` | what came of it; `probe` writes it |\n| `net/NAME.ip4`, `net/NAME.ip6` | addresses, routes and their choice (`ip -batch`) |\n| `net/NAME.nft` | filters, translations, policy routes (`nft -f`) |\n| `net/NAME.listen` | where somebody listens |\n\n",
        )
        .to_owned()
    }

    fn expectations(&self) -> String {
        let mut text = self
            .pick(
                "`probes.csv` の `arrives`（届く）と `answered`（応答が戻る）は `yes`、`no`、`either` のいずれか。`either` の理由は `why` にある。\n\n",
                "`arrives` and `answered` in `probes.csv` are `yes`, `no` or `either`; `why` gives the reason of `either`.\n\n",
            )
            .to_owned();
        let all = [
            Reason::Undetermined,
            Reason::Ways,
            Reason::StrangerTranslated,
            Reason::TwiceTranslated,
            Reason::StrangeAddress,
        ];
        for reason in all {
            let _ = writeln!(text, "- `{}`: {}", reason.word(), self.reason(reason));
        }
        text.push('\n');
        text
    }

    fn reason(&self, reason: Reason) -> &'static str {
        match reason {
            Reason::Undetermined => self.pick(
                "オフラインで判定できない条件による",
                "it hangs on what cannot be judged offline",
            ),
            Reason::Ways => self.pick(
                "等しい経路が異なる結果になり、ラボはその一つを選ぶ",
                "equal ways end differently, and the lab takes one of them",
            ),
            Reason::StrangerTranslated => self.pick(
                "応答が、要求を見ていないアドレス変換機を通る。utsushi は新しい通信として変換されるとみなすが、Linux は既知でないTCPを変換しない",
                "the answer passes a translator that did not see the request; utsushi takes it for a new session, Linux leaves unknown TCP as it is",
            ),
            Reason::TwiceTranslated => self.pick(
                "同じ機器を二度通り、そこで変換される",
                "it passes a node twice and is translated there",
            ),
            Reason::StrangeAddress => self.pick(
                "変換後のアドレスをLinuxが受け付けない",
                "a translation gives it an address that Linux takes from nobody",
            ),
        }
    }

    fn omissions(&self) -> String {
        let mut text = self
            .pick(
                "## ラボに現れないもの\n\n- 回線の帯域・遅延・損失、機器の性能\n- アクセス表（PACなど）による中継の選択\n",
                "## What the lab does not show\n\n- rate, delay and loss of links, and what devices can handle\n- the choice of relays by access tables (PAC files and the like)\n",
            )
            .to_owned();
        for omission in &self.lab.omissions {
            if let Some(line) = self.omission(omission) {
                let _ = writeln!(text, "- {line}");
            }
        }
        for what in [What::Relay, What::Group, What::Alone] {
            let own = self.lab.omissions.iter().filter(|o| o.what == what);
            let names: Vec<String> = own.map(|o| format!("`{}`", o.subject)).collect();
            if !names.is_empty() {
                let _ = writeln!(text, "- {}: {}", self.many(&what), names.join(", "));
            }
        }
        text
    }

    /// The sentence for things that are told together.
    fn many(&self, what: &What) -> &'static str {
        match what {
            What::Relay => self.pick(
                "中継機器はアドレスとして応答するだけで、利用者に代わる通信はしない",
                "relays answer as addresses only; they carry nothing on for their clients",
            ),
            What::Group => self.pick(
                "ホスト群は先頭のアドレス一つで代表させる",
                "one host, the first address, stands for the whole group",
            ),
            _ => self.pick(
                "ゲートウェイのないセグメントは、どこにもつながらない",
                "segments without a gateway are connected to nothing",
            ),
        }
    }

    /// The sentence for a thing that is told by itself.
    fn omission(&self, omission: &Omission) -> Option<String> {
        let rule = omission.rule.as_deref().unwrap_or_default();
        let node = &omission.subject;
        let place = omission.place.as_ref().filter(|place| place.is_somewhere());
        let place = place.map_or_else(String::new, |place| format!(" ({place})"));
        let (ja, en) = match omission.what {
            What::Undetermined => (
                format!(
                    "`{node}` のルール `{rule}` は、オフラインで判定できない条件を含むため省いた"
                ),
                format!(
                    "rule `{rule}` of `{node}` is left out: it hangs on what cannot be judged offline"
                ),
            ),
            What::Pool => (
                format!("`{node}` のアドレス変換 `{rule}` は、プールの先頭のアドレスだけを使う"),
                format!("translation `{rule}` of `{node}` uses the first address of its pool only"),
            ),
            What::Block => (
                format!("`{node}` のアドレス変換 `{rule}` は、範囲が大きすぎるため省いた"),
                format!("translation `{rule}` of `{node}` is left out: its block is too large"),
            ),
            What::Protocols => (
                "TCPとUDP以外のプロトコルは、フィルタにはあるが試さない".to_owned(),
                "protocols other than TCP and UDP stand in the filters and are not tried"
                    .to_owned(),
            ),
            What::Relay | What::Group | What::Alone => return None,
        };
        Some(self.pick(ja, en) + &place)
    }
}

/// A path as a word of the shell.
fn quoted(path: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+".contains(c);
    match path.chars().all(plain) {
        true => path.to_owned(),
        false => format!("'{}'", path.replace('\'', r"'\''")),
    }
}

/// What becomes of a probe, by the words of `probes.csv`; `-` stands for what cannot be seen.
fn outcome(lang: Lang, arrives: &str, answered: &str, at: &str) -> String {
    let place = match at {
        "" => String::new(),
        at => pick(lang, format!("{at} に"), format!(" at {at}")),
    };
    let arrival = match arrives {
        "yes" => pick(lang, format!("{place}到達"), format!("arrives{place}")),
        "no" => pick(lang, "到達しない", "does not arrive").to_owned(),
        "-" => pick(lang, "到達は確認できない", "arrival unseen").to_owned(),
        _ => pick(lang, "到達は不定", "may arrive").to_owned(),
    };
    let answer = match answered {
        "yes" => pick(lang, "応答あり", "is answered"),
        "no" => pick(lang, "応答なし", "is not answered"),
        _ => pick(lang, "応答は不定", "may be answered"),
    };
    arrival + pick(lang, "・", ", ") + answer
}

/// What came of the probes of a lab.
#[must_use]
pub fn judgement(judgement: &Judgement, lang: Lang) -> String {
    let mut text = String::new();
    for difference in &judgement.differences {
        let [arrives, answered, at] = &difference.expected;
        let expected = outcome(lang, arrives, answered, &at.replace('+', ", "));
        let [arrives, answered, seen] = &difference.happened;
        let happened = outcome(lang, arrives, answered, "");
        let seen = seen.trim_end_matches(',');
        let packet = &difference.packet;
        let _ = writeln!(
            text,
            "{}",
            pick(
                lang,
                format!("✗ {packet}：予想は「{expected}」、結果は「{happened}」（{seen}）"),
                format!("✗ {packet}: expected “{expected}”, happened “{happened}” ({seen})"),
            )
        );
    }
    let silent = judgement.tried - judgement.answered;
    let (tried, answered, open) = (judgement.tried, judgement.answered, judgement.open);
    let differ = judgement.differences.len();
    text + &pick(
        lang,
        format!(
            "試行 {tried}：応答あり {answered}、なし {silent}（どちらにもなり得るもの {open} を含む）· 予想との相違 {differ}\n"
        ),
        format!(
            "{tried} probes: {answered} answered, {silent} not ({open} of them could be either) · {differ} differ from what was expected\n"
        ),
    )
}
