//! Keys in words, and on which side of its limits a figure is.

use super::Told;
use crate::model::migration::{Migration, State};
use crate::model::network::{Link, Node};
use crate::model::text::{Lang, Text};
use crate::sim::whatif::{Busiest, Key, OfApplication, OfLink, OfNode, Peak};
use crate::wording::pick;

impl Told<'_> {
    /// The keys in words, in their order.
    pub(super) fn keys(&self) -> Vec<String> {
        let sweeps = self.question.sweeps.iter();
        sweeps
            .map(|s| key(self.migration, &s.key, self.lang))
            .collect()
    }
}

/// What a key varies, in words.
fn key(migration: &Migration, key: &Key, lang: Lang) -> String {
    let (of, (ja, en)) = match key {
        Key::Terminals => return pick(lang, "一般事務用端末", "terminals").to_owned(),
        Key::Years => return pick(lang, "経過年数", "years on").to_owned(),
        Key::Day => return pick(lang, "日の種類", "kind of day").to_owned(),
        Key::Growth => return pick(lang, "年間増加率", "growth per year").to_owned(),
        Key::Breakout => {
            return pick(
                lang,
                "ローカルブレイクアウトの割合",
                "share that breaks out",
            )
            .to_owned();
        }
        Key::Nearby => {
            return pick(lang, "庁内で折り返す割合", "share that stays in the house").to_owned();
        }
        Key::Link(id, of) => {
            let find = |s: &State| s.network.links.get(id).map(|l: &Link| l.label.clone());
            (found(migration, find, id.as_str()), link(*of))
        }
        Key::Node(id, of) => {
            let find = |s: &State| s.network.nodes.get(id).map(|n: &Node| n.label.clone());
            (found(migration, find, id.as_str()), node(*of))
        }
        Key::Application(id, of) => {
            let application = migration.requirements.applications.get(id);
            let label = application.map_or_else(|| Text::same(id.as_str()), |a| a.label.clone());
            (label, application_words(*of))
        }
    };
    pick(
        lang,
        format!("{}の{ja}", of.ja),
        format!("{en} of {}", of.en),
    )
}

/// The label that something has in the first state that has it.
fn found(migration: &Migration, find: impl Fn(&State) -> Option<Text>, name: &str) -> Text {
    let label = migration.states.iter().find_map(find);
    label.unwrap_or_else(|| Text::same(name))
}

const fn link(of: OfLink) -> (&'static str, &'static str) {
    match of {
        OfLink::Rate => ("速度", "rate"),
        OfLink::Members => ("本数", "members"),
    }
}

const fn node(of: OfNode) -> (&'static str, &'static str) {
    match of {
        OfNode::Sessions => ("最大同時セッション", "sessions"),
        OfNode::Throughput => ("処理能力", "throughput"),
        OfNode::Units => ("台数", "units"),
        OfNode::SessionsOfOne => ("1台の最大同時セッション", "sessions of one unit"),
        OfNode::Seats => ("席数", "seats"),
        OfNode::Addresses => ("グローバルアドレス数", "global addresses"),
        OfNode::Workers => ("並列数", "workers"),
    }
}

const fn application_words(of: OfApplication) -> (&'static str, &'static str) {
    match of {
        OfApplication::Active => ("同時利用率", "active share"),
        OfApplication::Times => ("通信量の倍率", "volume as a multiple"),
        OfApplication::Down => ("下り速度", "rate down"),
    }
}

/// Which limit a figure passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Passes {
    /// None.
    Nothing,
    /// The planning limit.
    Warn,
    /// The hard limit.
    Full,
}

impl Passes {
    pub(super) fn of(peak: &Peak, busiest: &Busiest) -> Self {
        let utilisation = busiest.utilisation();
        // As sums of shares may miss a limit by the last bit, so much is no passing of it.
        let above = |limit: f64| utilisation.get() > limit * (1.0 + 1e-9);
        if above(peak.full.get()) {
            Self::Full
        } else if above(peak.warn.get()) {
            Self::Warn
        } else {
            Self::Nothing
        }
    }

    /// What stands behind the figure in a table.
    pub(super) const fn mark(self) -> &'static str {
        match self {
            Self::Nothing => " ",
            Self::Warn => "!",
            Self::Full => "✗",
        }
    }

    /// The word for other programs.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Nothing => "none",
            Self::Warn => "warn",
            Self::Full => "full",
        }
    }
}
