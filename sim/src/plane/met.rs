//! What comes to the ordered lists of nodes while sets are followed.
//!
//! Goes in: sets at a list, one by one. Comes out: one set for each list, pair of interfaces and view. What can
//! go wrong: the arena is full.

use super::view::View;
use super::{NodeIx, PortIx};
use crate::space::{Set, Space, SpaceFull};
use std::collections::BTreeMap;

/// An ordered list that packets are held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum List {
    /// A filter: position in the plane's list.
    Filter(usize),
    /// Destination translations of a node.
    DestinationNat(NodeIx),
    /// Source translations of a node.
    SourceNat(NodeIx),
    /// Policy routes of a node.
    Policies(NodeIx),
}

impl List {
    /// The translations of a node that are asked: those of the source once it is known where a packet leaves.
    pub(super) fn translations(node: NodeIx, out: Option<PortIx>) -> Self {
        match out {
            None => Self::DestinationNat(node),
            Some(_) => Self::SourceNat(node),
        }
    }
}

/// What comes to an ordered list.
#[derive(Debug, Clone)]
pub struct Meeting {
    /// The list.
    pub list: List,
    /// The interface it came in by; behind the ingress filter one that stands for all treated alike.
    pub port: PortIx,
    /// The interface it will go out by, where that is known.
    pub out: Option<PortIx>,
    /// Whether the node knows the session.
    pub known: bool,
    /// What has become of the header.
    pub view: View,
    /// The headers as sent.
    pub set: Set,
}

/// A list on a way in and out, asked or answered, for packets seen so.
type At = (List, PortIx, Option<PortIx>, bool, View);

/// What has come to lists so far.
#[derive(Debug, Default)]
pub(super) struct Met(BTreeMap<At, Vec<Set>>);

impl Met {
    /// Notes what comes to a list.
    pub(super) fn note(
        &mut self,
        list: List,
        (port, out): (PortIx, Option<PortIx>),
        known: bool,
        (view, set): (&View, Set),
    ) {
        if set != Set::EMPTY {
            let key = (list, port, out, known, view.clone());
            self.0.entry(key).or_default().push(set);
        }
    }

    /// One set for each.
    ///
    /// # Errors
    /// The arena is full.
    pub(super) fn finish(self, space: &mut Space) -> Result<Vec<Meeting>, SpaceFull> {
        let mut all = Vec::with_capacity(self.0.len());
        for ((list, port, out, known, view), parts) in self.0 {
            let set = space.union_all(&parts)?;
            all.push(Meeting {
                list,
                port,
                out,
                known,
                view,
                set,
            });
        }
        Ok(all)
    }
}
