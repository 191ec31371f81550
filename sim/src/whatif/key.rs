//! What can be varied: keys such as `terminals`, `link.sc-line.rate` or `application.web.active`.
//!
//! Goes in: the text of a key, and a plan for the names in it. Comes out: a [`Key`], or the mistake with the name that
//! was probably meant. Names are those of the scenario, or the labels that tables show, where only one thing bears them.

use super::question::{Mistake, listed, near};
use std::collections::HashSet;
use utsushi_model::demand::ApplicationId;
use utsushi_model::id::Id;
use utsushi_model::migration::Migration;
use utsushi_model::network::{LinkId, Node, NodeId, NodeKind};
use utsushi_model::text::Text;

/// What is varied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// General business terminals of today; later states in proportion.
    Terminals,
    /// Years of growth after the date of each state.
    Years,
    /// The kind of day.
    Day,
    /// Growth per year of every application.
    Growth,
    /// The share that keeps its direct way of what leaves directly although its access table has a relay for it.
    Breakout,
    /// The share of demands that stays in the house where it can.
    Nearby,
    /// A quantity of a link.
    Link(LinkId, OfLink),
    /// A capacity of a node.
    Node(NodeId, OfNode),
    /// How an application is used.
    Application(ApplicationId, OfApplication),
}

/// Quantities of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfLink {
    /// Rate of one member from the first end to the second; the other direction in proportion.
    Rate,
    /// Parallel members.
    Members,
}

/// Capacities of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfNode {
    /// Concurrent sessions of a node that forwards packets.
    Sessions,
    /// Bits a second through it.
    Throughput,
    /// Machines of a proxy.
    Units,
    /// Concurrent sessions of one machine of a proxy.
    SessionsOfOne,
    /// Seats of a screen-transfer relay.
    Seats,
    /// Global addresses of an address translator.
    Addresses,
    /// Files that a sanitiser works on at once.
    Workers,
}

/// How an application is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfApplication {
    /// Share of a group that is active at once, on every way.
    Active,
    /// All volumes as a multiple of today's: rates, files a day. Users and their sessions stay.
    Times,
    /// Rate towards an active user, on every way.
    Down,
}

/// Keys of one word.
const WORDS: &[(&str, Key)] = &[
    ("terminals", Key::Terminals),
    ("years", Key::Years),
    ("day", Key::Day),
    ("growth", Key::Growth),
    ("breakout", Key::Breakout),
    ("nearby", Key::Nearby),
];

/// What the last word of a key with a name in it means.
#[derive(Debug, Clone, Copy)]
enum Of {
    Link(OfLink),
    Node(OfNode),
    Application(OfApplication),
}

/// A family of keys: its word, what its members are called, and what can be varied of them.
struct Family {
    word: &'static str,
    noun: (&'static str, &'static str),
    last: &'static [(&'static str, Of)],
}

const FAMILIES: &[Family] = &[
    Family {
        word: "link",
        noun: ("回線", "link"),
        last: &[
            ("rate", Of::Link(OfLink::Rate)),
            ("members", Of::Link(OfLink::Members)),
        ],
    },
    Family {
        word: "node",
        noun: ("そのような機器", "such node"),
        last: &[
            ("sessions", Of::Node(OfNode::Sessions)),
            ("throughput", Of::Node(OfNode::Throughput)),
        ],
    },
    Family {
        word: "proxy",
        noun: ("プロキシ", "proxy"),
        last: &[
            ("units", Of::Node(OfNode::Units)),
            ("sessions", Of::Node(OfNode::SessionsOfOne)),
        ],
    },
    Family {
        word: "relay",
        noun: ("画面転送", "screen-transfer relay"),
        last: &[("seats", Of::Node(OfNode::Seats))],
    },
    Family {
        word: "nat",
        noun: ("アドレス変換プール", "pool of translated addresses"),
        last: &[("addresses", Of::Node(OfNode::Addresses))],
    },
    Family {
        word: "sanitiser",
        noun: ("無害化装置", "sanitiser"),
        last: &[("workers", Of::Node(OfNode::Workers))],
    },
    Family {
        word: "application",
        noun: ("アプリケーション", "application"),
        last: &[
            ("active", Of::Application(OfApplication::Active)),
            ("times", Of::Application(OfApplication::Times)),
            ("down", Of::Application(OfApplication::Down)),
        ],
    },
];

/// Every key, as help shows it.
fn known() -> Vec<String> {
    let words = WORDS.iter().map(|(word, _)| (*word).to_owned());
    let families = FAMILIES.iter().flat_map(|family| {
        let last = family.last.iter();
        last.map(|(last, _)| format!("{}.NAME.{last}", family.word))
    });
    words.chain(families).collect()
}

/// The key that a text means in a plan.
pub(super) fn read(migration: &Migration, text: &str) -> Result<Key, Mistake> {
    if let Some((_, key)) = WORDS.iter().find(|(word, _)| *word == text) {
        return Ok(key.clone());
    }
    let Some((first, rest)) = text.split_once('.') else {
        let words = WORDS.iter().map(|(word, _)| *word);
        return Err(unknown(text, near(text, words)));
    };
    let families = FAMILIES.iter();
    let Some(family) = families.clone().find(|family| family.word == first) else {
        let meant = near(first, families.map(|family| family.word));
        return Err(unknown(text, meant.map(|word| format!("{word}.{rest}"))));
    };
    let (name, last) = rest.rsplit_once('.').unwrap_or((rest, ""));
    let Some((_, of)) = family.last.iter().find(|(word, _)| *word == last) else {
        return Err(family.no_last(text, name, last));
    };
    let all = named(migration, *of);
    if all.iter().any(|thing| thing.name == name) {
        return Ok(of.key(name));
    }
    let bearing: Vec<&Thing<'_>> = all.iter().filter(|thing| thing.bears(name)).collect();
    match bearing.as_slice() {
        [only] => Ok(of.key(only.name)),
        [] => Err(family.no_name(name, &all)),
        several => Err(ambiguous(name, several)),
    }
}

/// Something that can be varied: its name in the scenario, and what people call it.
struct Thing<'m> {
    name: &'m str,
    label: &'m Text,
}

impl Thing<'_> {
    /// Whether tables call it so in one of the languages.
    fn bears(&self, label: &str) -> bool {
        label == self.label.ja || label == self.label.en
    }

    /// Its name, and its label where that is another.
    fn words(&self) -> Text {
        let with = |label: &str, (open, close)| match label.is_empty() || label == self.name {
            true => format!("`{}`", self.name),
            false => format!("`{}`{open}{label}{close}", self.name),
        };
        Text::new(
            with(&self.label.ja, ("（", "）")),
            with(&self.label.en, (" (", ")")),
        )
    }
}

impl Of {
    fn key(self, name: &str) -> Key {
        match self {
            Self::Link(of) => Key::Link(Id::new(name), of),
            Self::Node(of) => Key::Node(Id::new(name), of),
            Self::Application(of) => Key::Application(Id::new(name), of),
        }
    }
}

impl OfNode {
    /// Whether a node has such a capacity.
    pub(super) fn fits(self, node: &Node) -> bool {
        match self {
            Self::Sessions => !node.kind.is_relay(),
            Self::Throughput => true,
            Self::Units | Self::SessionsOfOne => matches!(node.kind, NodeKind::Proxy(_)),
            Self::Seats => matches!(node.kind, NodeKind::ScreenRelay(_)),
            Self::Addresses => node.forwarding.nat_ports.is_some(),
            Self::Workers => matches!(node.kind, NodeKind::Sanitiser(_)),
        }
    }
}

/// Everything of which that can be varied, in any state, in the order of the plan.
fn named(migration: &Migration, of: Of) -> Vec<Thing<'_>> {
    let networks = migration.states.iter().map(|s| &s.network);
    let mut things: Vec<Thing<'_>> = match of {
        Of::Link(_) => networks
            .flat_map(|n| n.links.iter())
            .map(|link| Thing {
                name: link.id.as_str(),
                label: &link.label,
            })
            .collect(),
        Of::Node(of) => networks
            .flat_map(|n| n.nodes.iter().filter(move |node| of.fits(node)))
            .map(|node| Thing {
                name: node.id.as_str(),
                label: &node.label,
            })
            .collect(),
        Of::Application(_) => {
            let applications = migration.requirements.applications.iter();
            applications
                .map(|application| Thing {
                    name: application.id.as_str(),
                    label: &application.label,
                })
                .collect()
        }
    };
    let mut seen = HashSet::new();
    things.retain(|thing| seen.insert(thing.name));
    things
}

fn ambiguous(label: &str, bearing: &[&Thing<'_>]) -> Mistake {
    Mistake {
        fact: Text::new(
            format!("`{label}` と呼ばれるものが複数ある"),
            format!("several things are called `{label}`"),
        ),
        help: Some(listed(bearing.iter().map(|thing| thing.words()))),
    }
}

fn unknown(text: &str, meant: Option<String>) -> Mistake {
    let help = match meant {
        Some(key) => did_you_mean(&key),
        None => listed(known().iter().map(|key| quoted(key))),
    };
    no_key(text, help)
}

fn no_key(text: &str, help: Text) -> Mistake {
    Mistake {
        fact: Text::new(
            format!("`{text}` という設定項目はない"),
            format!("there is no key `{text}`"),
        ),
        help: Some(help),
    }
}

/// A key in backticks.
fn quoted(key: &str) -> Text {
    Text::same(format!("`{key}`"))
}

pub(super) fn did_you_mean(name: &str) -> Text {
    Text::new(
        format!("`{name}` の誤りではないか"),
        format!("did you mean `{name}`?"),
    )
}

impl Family {
    fn no_last(&self, text: &str, name: &str, last: &str) -> Mistake {
        let known = self.last.iter().map(|(word, _)| *word);
        let meant = near(last, known.clone());
        let help = match meant {
            Some(last) => did_you_mean(&format!("{}.{name}.{last}", self.word)),
            None => {
                let keys = known.map(|last| format!("{}.NAME.{last}", self.word));
                listed(keys.map(|key| quoted(&key)))
            }
        };
        no_key(text, help)
    }

    fn no_name(&self, name: &str, all: &[Thing<'_>]) -> Mistake {
        let (ja, en) = self.noun;
        let words = all
            .iter()
            .flat_map(|t| [t.name, &t.label.ja, &t.label.en])
            .filter(|word| !word.is_empty());
        let help = match near(name, words) {
            Some(meant) => Some(did_you_mean(&meant)),
            None if all.is_empty() => None,
            None => Some(listed(all.iter().map(Thing::words))),
        };
        Mistake {
            fact: Text::new(
                format!("計画のどの状態にも、{ja} `{name}` はない"),
                format!("no state of the plan has a {en} `{name}`"),
            ),
            help,
        }
    }
}
