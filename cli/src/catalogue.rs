//! The catalogue of rules: every rule of the packs that come with utsushi, and every row nobody can decide.
//!
//! In: the packs as they were when utsushi was built. Out: their rules and undecided rows as [`Entry`]s, in the
//! order of the packs, as text for a reader of one language, or as the Markdown of `docs/rules.md`. What can go
//! wrong: a pack that is not built in or cannot be read, which gives no entries and is noticed by a test.

use crate::model::id::Id;
use crate::model::migration::Model;
use crate::model::rule::{Level, Provenance, Rule, RuleId, Spec, Undecided};
use crate::model::text::{Lang, Text};
use crate::scenarios::{Memory, load_from};
use crate::wording::{pick, provenance};
use std::fmt::Write as _;

/// A pack, and the model it belongs to; none: every model.
const PACKS: [(&str, Option<Model>); 7] = [
    ("all", None),
    ("alpha", Some(Model::Alpha)),
    ("alpha-prime", Some(Model::AlphaPrime)),
    ("beta", Some(Model::Beta)),
    ("beta-prime", Some(Model::BetaPrime)),
    ("mn-screen", None),
    ("risks", None),
];

/// A rule of a pack, or a row of the catalogue that nothing decides.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The pack it stands in.
    pub pack: &'static str,
    /// The model of the pack; `None` for packs that go with every model.
    pub model: Option<Model>,
    /// Its id, such as `I-LI-05`; a rule for a part of a row bears the row's id and a word behind it.
    pub id: String,
    /// What it says.
    pub label: Text,
    /// How binding it is.
    pub level: Level,
    /// First guideline edition it belongs to, where that matters.
    pub edition: Option<String>,
    /// Where it comes from.
    pub source: String,
    /// How far that can be relied on.
    pub provenance: Provenance,
    /// How it is decided, or why it is not.
    pub decided: Decided,
}

/// How a row is decided.
#[derive(Debug, Clone)]
pub enum Decided {
    /// By a rule; told in words.
    By(Text),
    /// Not at all, and why.
    Not(Text),
}

impl Entry {
    /// The row of the catalogue it belongs to: `I-LI-07` of `I-LI-07-limit`.
    #[must_use]
    pub fn row(&self) -> &str {
        let parts: Vec<&str> = self.id.splitn(4, '-').collect();
        let [a, b, number, ..] = parts.as_slice() else {
            return &self.id;
        };
        let digits = number.chars().take_while(char::is_ascii_digit).count();
        match digits {
            0 => &self.id,
            digits => &self.id[..a.len() + b.len() + digits + 2],
        }
    }
}

/// Every entry; with a model only those that apply to states built after it.
#[must_use]
pub fn entries(model: Option<Model>) -> Vec<Entry> {
    let packs = PACKS
        .into_iter()
        .filter(|(_, of)| of.is_none() || model.is_none() || *of == model);
    packs.flat_map(|(pack, of)| read(pack, of)).collect()
}

/// Entries that bear an id, and those that belong to the row of that id, in any case of letters.
#[must_use]
pub fn named(id: &str) -> Vec<Entry> {
    let meant = |e: &Entry| e.id.eq_ignore_ascii_case(id) || e.row().eq_ignore_ascii_case(id);
    entries(None).into_iter().filter(meant).collect()
}

/// The entries of one pack. `all` stands beside it, because rules of model packs may speak of its rules.
fn read(pack: &'static str, model: Option<Model>) -> Vec<Entry> {
    let beside = match pack {
        "all" => String::new(),
        other => format!("(name: \"{other}\"), "),
    };
    let text = format!(
        "(title: \"packs\", start: (model: Alpha, date: \"2026-04-01\"), packs: [{beside}(name: \"all\")])"
    );
    let Ok(loaded) = load_from(
        &Memory::new([("scenario.ron", text.as_str())]),
        "scenario.ron",
    ) else {
        return Vec::new();
    };
    let requirements = &loaded.migration.requirements;
    let file = format!("packs/{pack}.ron");
    let rules = requirements.rules.iter();
    let rows = requirements.undecided.iter();
    let rules = rules
        .filter(|r| r.place.file.ends_with(&file))
        .map(|r| of_rule(pack, model, r));
    let rows = rows
        .filter(|u| u.place.file.ends_with(&file))
        .map(|u| of_row(pack, model, u));
    rules.chain(rows).collect()
}

fn of_rule(pack: &'static str, model: Option<Model>, rule: &Rule) -> Entry {
    Entry {
        pack,
        model,
        id: rule.id.to_string(),
        label: rule.label.clone(),
        level: rule.level,
        edition: rule.edition.clone(),
        source: rule.source.clone(),
        provenance: rule.provenance,
        decided: Decided::By(how(&rule.spec)),
    }
}

fn of_row(pack: &'static str, model: Option<Model>, row: &Undecided) -> Entry {
    Entry {
        pack,
        model,
        id: row.id.to_string(),
        label: row.label.clone(),
        level: row.level,
        edition: row.edition.clone(),
        source: row.source.clone(),
        provenance: row.provenance,
        decided: Decided::Not(row.why.clone()),
    }
}

/// What decides a rule.
fn how(spec: &Spec) -> Text {
    let (ja, en) = match spec {
        Spec::Never { .. } => (
            "全パケット：届かないことの証明",
            "all packets: proof that none arrives",
        ),
        Spec::OnlyThrough { .. } => (
            "全パケット：届くものは経由することの証明",
            "all packets: proof that those that arrive pass the waypoint",
        ),
        Spec::MustReach { .. } | Spec::DistributionReaches => (
            "全パケット：届いて応答が戻ることの証明",
            "all packets: proof that they arrive and answers return",
        ),
        Spec::FullySeparated { .. } => (
            "全パケット：一つも届かないかどうかの計算",
            "all packets: whether any arrives is computed",
        ),
        Spec::NoStaleException { .. } => (
            "全パケット：読替えの前後の比較",
            "all packets: states before and after a relabelling are compared",
        ),
        Spec::Logged { .. } => (
            "代表パケットの経路上の記録設定",
            "log settings on the ways of sample packets",
        ),
        Spec::InformationOnly { .. } | Spec::InformationThrough { .. } => (
            "情報の受渡し：レッグの連鎖すべて（中継の働きは申告）",
            "information over every chain of legs; what relays do is attested",
        ),
        Spec::Guarded { .. } => (
            "攻撃経路と申告された対策",
            "attack paths and attested measures",
        ),
        Spec::NoDataOut { .. } | Spec::HostMeasures { .. } => {
            ("申告された設定", "settings that the scenario attests")
        }
        Spec::SeatsBeforeMove => (
            "リプレイの席数と前の状態の席数",
            "seats in the replay and in the state before",
        ),
        Spec::LimitedExceptions { .. } => (
            "登録された例外と機器の記録設定",
            "registered exceptions and log settings",
        ),
        Spec::CheckedBefore { .. } => (
            "確認・報告の日付と、分離の計算",
            "dates of checks and reports, and computed separation",
        ),
        Spec::Unchanged { .. } | Spec::NewBlockDisjoint { .. } | Spec::ZonePairsKept => (
            "状態どうしの設定の比較",
            "configurations of states are compared",
        ),
        Spec::OnlyChange { .. } => (
            "全パケット：ステップ前後の到達の比較",
            "all packets: what is delivered before and after a step is compared",
        ),
        Spec::CanGoBack => (
            "切戻し手順を適用した状態とステップ前の状態の比較",
            "the way back is applied and compared with the state before the step",
        ),
        Spec::TemporaryRulesEnd | Spec::NothingRetired => ("設定と日付", "configuration and dates"),
        Spec::NoMixedSegment
        | Spec::NoBridgingHost
        | Spec::ManagementApart
        | Spec::NoResidentInformation { .. }
        | Spec::ProxyOfOwnZone
        | Spec::ModelFits => (
            "系・ホスト・業務システムの記述",
            "what is written of zones, hosts and systems",
        ),
    };
    Text::new(ja, en)
}

/// The word for a level.
#[must_use]
pub const fn level(level: Level, lang: Lang) -> &'static str {
    match (level, lang) {
        (Level::Must, Lang::Ja) => "必須",
        (Level::Should, Lang::Ja) => "推奨",
        (Level::Advice, Lang::Ja) => "助言",
        (Level::Must, Lang::En) => "must",
        (Level::Should, Lang::En) => "should",
        (Level::Advice, Lang::En) => "advice",
    }
}

/// Entries as text, pack by pack.
#[must_use]
pub fn text(entries: &[Entry], lang: Lang) -> String {
    let mut out = String::new();
    let mut pack = "";
    for entry in entries {
        if entry.pack != pack {
            pack = entry.pack;
            let of = entry.model.map_or_else(
                || pick(lang, "すべてのモデル", "every model").to_owned(),
                |model| model.label().to_owned(),
            );
            let gap = if out.is_empty() { "" } else { "\n" };
            let _ = writeln!(out, "{gap}{pack} · {of}");
        }
        let _ = write!(out, "\n{}", one(entry, lang));
    }
    out
}

/// One entry as text.
fn one(entry: &Entry, lang: Lang) -> String {
    let mut marks = vec![level(entry.level, lang).to_owned()];
    marks.extend(entry.edition.clone());
    marks.push(provenance(entry.provenance, lang).to_owned());
    let (word, text) = match &entry.decided {
        Decided::By(text) => (pick(lang, "判定", "decided by"), text),
        Decided::Not(why) => (pick(lang, "判定しない", "not decided"), why),
    };
    let source = pick(lang, "出典", "source");
    format!(
        "  {}  {}  [{}]\n      {word}: {}\n      {source}: {}\n",
        entry.id,
        entry.label.get(lang),
        marks.join(", "),
        text.get(lang),
        entry.source,
    )
}

/// The page of one id for `explain`; `None` if no pack has it.
#[must_use]
pub fn page(id: &str, lang: Lang) -> Option<String> {
    let found = named(id);
    (!found.is_empty()).then(|| text(&found, lang))
}

/// Ids near to one that is none, best first.
#[must_use]
pub fn closest(id: &str) -> Vec<RuleId> {
    let wanted = id.to_ascii_uppercase();
    let mut near: Vec<_> = entries(None)
        .iter()
        .map(|e| (strsim::damerau_levenshtein(&wanted, &e.id), e.id.clone()))
        .filter(|(distance, _)| *distance <= 2)
        .collect();
    near.sort();
    near.dedup();
    near.into_iter()
        .take(3)
        .map(|(_, id)| Id::new(id))
        .collect()
}

/// `docs/rules.md`.
#[must_use]
pub fn markdown() -> String {
    let mut out = String::from(HEAD);
    let all = entries(None);
    for (pack, model) in PACKS {
        let of = model.map_or("every model / すべてのモデル", Model::label);
        let _ = write!(out, "\n## {pack}: {of}\n\n{COLUMNS}");
        for entry in all.iter().filter(|e| e.pack == pack) {
            let (ja, en) = match &entry.decided {
                Decided::By(text) => (text.ja.clone(), text.en.clone()),
                Decided::Not(why) => (
                    format!("**判定しない**：{}", why.ja),
                    format!("**not decided**: {}", why.en),
                ),
            };
            let _ = writeln!(
                out,
                "| {} | {} / {} | {} | {} | {} | {en} / {ja} | {} |",
                entry.id,
                entry.label.en,
                entry.label.ja,
                level(entry.level, Lang::En),
                entry.edition.as_deref().unwrap_or("–"),
                provenance(entry.provenance, Lang::En),
                entry.source.replace('|', "\\|"),
            );
        }
    }
    out
}

const HEAD: &str = "# Rules / ルール

Every rule of the packs that come with utsushi, and every row of the catalogue of isolation rules that nothing in a scenario decides, with
the reason. `utsushi rules` prints the same, `utsushi rules --model beta-prime` what applies to one model, `utsushi explain I-MN-12` one
of them. A row of the catalogue may be judged by several rules, whose ids begin with its own. This page is made from the packs by a test
(`cargo xtask bless`).
付属パックの全ルールと、シナリオからは判定できない行（理由付き）。`utsushi rules`、`utsushi explain I-MN-12` でも読める。一つの行を複数のルールで判定する
ことがあり、そのidは行のidで始まる。このページはパックから作り、テストで照合する。

Provenance: *sourced* was read in a public document, *text not confirmed* rests on a guideline whose text was not consulted (未確認), *derived
from sources* follows from the others. What the marks in the last column mean stands in
[scenarios/packs](../scenarios/packs/README.md).
";

const COLUMNS: &str = "| id | rule | level | edition | provenance | decided by | source |
|---|---|---|---|---|---|---|
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pack_can_be_read() {
        let mut names: Vec<_> = crate::scenarios::packs::names().collect();
        names.sort_unstable();
        let mut known: Vec<_> = PACKS.iter().map(|(name, _)| *name).collect();
        known.sort_unstable();
        assert_eq!(names, known);
        for (pack, model) in PACKS {
            assert!(!read(pack, model).is_empty(), "{pack}");
        }
    }

    #[test]
    fn rows_are_what_ids_begin_with() {
        let rows = |id: &str| {
            let mut entry = entries(None).swap_remove(0);
            entry.id = id.to_owned();
            entry.row().to_owned()
        };
        assert_eq!(rows("I-LI-07-limit"), "I-LI-07");
        assert_eq!(rows("I-IN-01t"), "I-IN-01");
        assert_eq!(rows("I-LIMIT"), "I-LIMIT");
        assert_eq!(rows("MC-1"), "MC-1");
    }

    #[test]
    fn a_model_leaves_out_the_packs_of_others() {
        let beta = entries(Some(Model::BetaPrime));
        assert!(beta.iter().any(|e| e.id == "I-LI-19"));
        assert!(beta.iter().all(|e| e.pack != "alpha"));
        assert_eq!(named("i-li-16-tenant").len(), 1);
        assert_eq!(
            named("I-LI-16").len(),
            3,
            "a rule and what else belongs to its row"
        );
        assert!(named("I-LI-99").is_empty());
    }
}
