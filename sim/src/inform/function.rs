//! What relays do with information: which services they are asked for, what their function leaves of it,
//! and which legs they let it pass between.
//!
//! ```text
//!   user ══ keystrokes ══▶ screen relay ── raw ──▶ published     a clipboard that is not blocked: raw
//!   user ◀═══ pixels ═════ screen relay ◀── raw ── published
//!   any  ─── raw ───▶ sanitiser ══ sanitised file ══▶ any        only where it `passes`
//!   any  ─── raw ───▶ mail relay ══ plain text, if it sanitises ══▶ any    SMTP gives nothing back
//!   client ── raw ──▶ proxy ── raw ──▶ server, and the answers back
//! ```
//!
//! Double lines are the relay's function, which no packet shows: a verdict that needs it is attested.

use super::parties::Party;
use crate::plane::Plane;
use utsushi_model::information::Information;
use utsushi_model::network::{Clipboard, Node, NodeKind, ZoneRole};
use utsushi_model::service::{PortRange, Protocol, Service};

/// How information came to a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Entered {
    /// It was there from the start.
    Start,
    /// By a leg that somebody opened to it; for relays: to its service.
    Asked,
    /// By a leg that it opened itself.
    Fetched,
    /// By a leg to something else than its service, from another zone: its function is bypassed.
    Machine,
}

/// Which end of a leg passes information on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Way {
    /// The one that opens it.
    Up,
    /// The one that is asked.
    Down,
}

const fn port(protocol: Protocol, port: u16) -> Service {
    Service {
        protocol: Some(protocol),
        ports: PortRange::one(port),
        source_ports: PortRange::ALL,
    }
}

/// Usual ports of screen transfer (RDP, ICA, Blast, PCoIP, HTML5 gateways); a default, not quoted.
const SCREEN: [Service; 12] = [
    Service::tcp(443),
    Service::tcp(3389),
    port(Protocol::UDP, 3389),
    Service::tcp(1494),
    port(Protocol::UDP, 1494),
    Service::tcp(2598),
    port(Protocol::UDP, 2598),
    Service::tcp(8443),
    port(Protocol::UDP, 8443),
    Service::tcp(22443),
    Service::tcp(4172),
    port(Protocol::UDP, 4172),
];

/// Services by which mail is handed over (RFC 5321, 6409, 8314): the one that opens the leg gives, and
/// gets nothing but replies.
pub(super) const SMTP: [Service; 3] = [Service::tcp(25), Service::tcp(465), Service::tcp(587)];

/// What a relay is asked for: what it is said to listen to, else all that is usual for its kind.
pub(super) fn asked_for(node: &Node) -> Vec<Service> {
    let told = node
        .endpoint
        .as_ref()
        .is_some_and(|e| !e.listens.is_empty());
    match (&node.kind, told) {
        (NodeKind::ScreenRelay(_), false) => SCREEN.to_vec(),
        (NodeKind::MailRelay(_), false) => SMTP.to_vec(),
        _ => node.listens(),
    }
}

/// What a relay makes of information that comes in to its service.
pub(super) fn coming_in(kind: &NodeKind) -> Option<Information> {
    match kind {
        NodeKind::ScreenRelay(relay)
            if !matches!(relay.clipboard, Clipboard::Inward | Clipboard::Open) =>
        {
            Some(Information::Keystrokes)
        }
        _ => None,
    }
}

/// What a relay makes of information that leaves it.
pub(super) fn going_out(kind: &NodeKind, way: Way) -> Option<Information> {
    match (kind, way) {
        (NodeKind::ScreenRelay(relay), Way::Down)
            if !matches!(relay.clipboard, Clipboard::Outward | Clipboard::Open) =>
        {
            Some(Information::Pixels)
        }
        (NodeKind::Sanitiser(_), _) => Some(Information::SanitisedFile),
        (NodeKind::MailRelay(mail), _) if mail.sanitises => Some(Information::PlainTextMail),
        _ => None,
    }
}

/// Whether a relay passes on what came to it so, by a leg of that direction, from a zone of one role to
/// one of another.
pub(super) fn passes(
    kind: &NodeKind,
    entered: Entered,
    way: Way,
    (from, to): (Option<ZoneRole>, Option<ZoneRole>),
) -> bool {
    match kind {
        _ if entered == Entered::Machine => true,
        // A proxy asks for its clients and answers them; it does not join clients, nor servers.
        NodeKind::Proxy(_) => {
            entered == Entered::Start || (entered == Entered::Asked) == (way == Way::Up)
        }
        NodeKind::Sanitiser(sanitiser) => {
            let pair = |(a, b): &(ZoneRole, ZoneRole)| Some(*a) == from && Some(*b) == to;
            sanitiser.passes.is_empty() || sanitiser.passes.iter().any(pair)
        }
        _ => true,
    }
}

/// Whether two parties are in different zones.
pub(super) fn apart(plane: &Plane, a: &Party, b: &Party) -> bool {
    a.zone(plane) != b.zone(plane)
}

/// Whether anybody has to vouch for what it does.
#[must_use]
pub fn is_attested(kind: &NodeKind) -> bool {
    match kind {
        NodeKind::ScreenRelay(_) | NodeKind::Sanitiser(_) => true,
        NodeKind::MailRelay(mail) => mail.sanitises,
        _ => false,
    }
}
