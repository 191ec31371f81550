//! What can be varied: keys such as `terminals`, `link.sc-line.rate` or `application.web.active`.
//!
//! Goes in: the text of a key, and a plan for the names in it. Comes out: a [`Key`], or the mistake with the name that
//! was probably meant.

use super::question::{Mistake, listed, near};
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
    let names = named(migration, *of);
    if names.contains(&name) {
        Ok(of.key(name))
    } else {
        Err(family.no_name(name, &names))
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

/// Every name of which that can be varied, in any state, in the order of the plan.
fn named(migration: &Migration, of: Of) -> Vec<&str> {
    let networks = migration.states.iter().map(|s| &s.network);
    let mut names: Vec<&str> = match of {
        Of::Link(_) => networks
            .flat_map(|n| n.links.ids().map(Id::as_str))
            .collect(),
        Of::Node(of) => networks
            .flat_map(|n| n.nodes.iter().filter(move |node| of.fits(node)))
            .map(|node| node.id.as_str())
            .collect(),
        Of::Application(_) => {
            let applications = &migration.requirements.applications;
            applications.ids().map(Id::as_str).collect()
        }
    };
    let mut seen = std::collections::HashSet::new();
    names.retain(|name| seen.insert(*name));
    names
}

fn unknown(text: &str, meant: Option<String>) -> Mistake {
    let help = match meant {
        Some(key) => did_you_mean(&key),
        None => listed(&known()),
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
                listed(&keys.collect::<Vec<_>>())
            }
        };
        no_key(text, help)
    }

    fn no_name(&self, name: &str, names: &[&str]) -> Mistake {
        let (ja, en) = self.noun;
        let help = match near(name, names.iter().copied()) {
            Some(meant) => Some(did_you_mean(&meant)),
            None if names.is_empty() => None,
            None => Some(listed(names)),
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
