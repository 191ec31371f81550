//! The part of a way beyond the body's own edge, and Microsoft's profile, which has limits for both.
//!
//! Goes in: the lines of a way, leg by leg, and what is met on all of them and on that part. Comes out: which lines that part is, the
//! verdict, and which limit of the profile is furthest spent. Nothing can go wrong.
//!
//! ```text
//!  client ─── hall ─── data centre ─── security cloud ─── provider ─── Microsoft
//!    └──────────── client to edge: the whole way ──────────────────────────┘
//!                      └─── edge to edge: lines whose far end is Outside ──┘
//! ```
//!
//! Microsoft's customer edge is the router by which the customer is connected (prepare-network). Here it is the last node of the way at
//! a site that is not [`SiteKind::Outside`]: from there on every node stands outside, the line out included. A carrier's
//! node outside between two sites of the body is not beyond the edge.

use super::{Gate, Lines};
use crate::plane::LinkWay;
use crate::quality::path::{CLIENT_TO_EDGE, EDGE_TO_EDGE, Held, Path, WEB_MEETING};
use utsushi_model::network::SiteKind;
use utsushi_model::report::{GatePart, GateStrict, GateVerdict};

impl Gate<'_> {
    /// What is met beyond the edge, from the far end of the way inwards: going up the last leg ends there, going down it begins there.
    pub(super) fn beyond(&self, legs: &[Lines], up: bool) -> Vec<usize> {
        let legs = legs.iter().rev();
        let inwards: Lines = if up {
            legs.flat_map(|leg| leg.iter().rev()).copied().collect()
        } else {
            legs.flatten().copied().collect()
        };
        let lines = inwards.into_iter();
        let lines = lines.take_while(|(line, _)| self.outside(*line, up));
        lines.map(|(_, met)| met).collect()
    }

    /// Whether the end of a line that is nearer to the far end of the way stands outside.
    fn outside(&self, line: LinkWay, up: bool) -> bool {
        let network = &self.when.plane.network;
        let link = self.links[line.link];
        let far = if line.forward == up { &link.b } else { &link.a };
        let site = network.nodes.get(far).map(|node| &node.site);
        let site = site.and_then(|site| network.sites.get(site));
        site.is_some_and(|site| site.kind == SiteKind::Outside)
    }
}

/// The rule for Web meetings over the whole way; Microsoft's limits over the whole way and over the part beyond the edge.
pub(super) fn verdict(whole: &Path, beyond: &Path) -> GateVerdict {
    if WEB_MEETING.judge(whole).all() == Held::Broken {
        return GateVerdict::Fail;
    }
    let parts = [CLIENT_TO_EDGE.judge(whole), EDGE_TO_EDGE.judge(beyond)];
    if parts.iter().any(|part| part.all() == Held::Broken) {
        GateVerdict::Strained
    } else {
        GateVerdict::Pass
    }
}

/// The limit of Microsoft's profile that is furthest spent.
pub(super) fn strict(whole: &Path, beyond: &Path) -> GateStrict {
    let (limit, used) = CLIENT_TO_EDGE.furthest(whole);
    let (edge, more) = EDGE_TO_EDGE.furthest(beyond);
    if more > used {
        GateStrict {
            part: GatePart::EdgeToEdge,
            limit: edge,
            used: more,
        }
    } else {
        GateStrict {
            part: GatePart::ClientToEdge,
            limit,
            used,
        }
    }
}
