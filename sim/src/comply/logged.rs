//! Whether devices log what passes them (limitation test; I-IN-03 for local breakout).
//!
//! Filters are asked with packets: one for every pair of ranges and every service of a flow, as far as
//! [`MOST`] allows, each followed by the trace. What is reported was therefore seen to pass unlogged; packets
//! of the same pair that another rule lets through are not looked at.

use super::exceptions::addresses;
use super::{Seen, cause};
use crate::plane::trace::{Disposition, Path, trace};
use crate::plane::{Plane, SegmentIx};
use utsushi_model::address::AddressRange;
use utsushi_model::finding::{Code, Decision, HopRecord, Packet};
use utsushi_model::id::Id;
use utsushi_model::network::{Network, NodeKind};
use utsushi_model::policy::{Filter, FilterRule, Services};
use utsushi_model::rule::{End, Flow, Through};
use utsushi_model::service::{Protocol, Service};
use utsushi_model::text::Text;

/// Ranges looked at on either side of a flow, and services.
const MOST: usize = 24;

/// Packets of a flow that are delivered without a device on the way logging them, one for each pair of ends.
pub(super) fn unlogged(
    plane: &Plane,
    flow: &Flow,
    unless: Option<&Through>,
) -> Vec<(Packet, Path)> {
    let network = &plane.network;
    let (from, to) = (corners(plane, &flow.from), corners(plane, &flow.to));
    let services = services(network, &flow.services);
    let mut out = Vec::new();
    for (segment, src) in &from {
        for (_, dst) in to.iter().filter(|(_, dst)| dst.is_ipv4() == src.is_ipv4()) {
            let packets = services.iter().map(|(protocol, port)| Packet {
                src: *src,
                dst: *dst,
                protocol: *protocol,
                src_port: if protocol.has_ports() { 50_000 } else { 0 },
                dst_port: *port,
            });
            let mut found = packets.filter_map(|p| Some((p, silent(plane, *segment, p, unless)?)));
            out.extend(found.next());
        }
    }
    out
}

/// Traffic that some device must log and none does.
pub(super) fn check(plane: &Plane, flow: &Flow, unless: &Through) -> Vec<Seen> {
    let found = unlogged(plane, flow, Some(unless)).into_iter();
    let told = found.filter_map(|(packet, path)| {
        let allowed = |h: &&HopRecord| h.decision == Decision::Allowed && h.rule.is_some();
        let hop = path.hops.iter().find(allowed)?;
        let (place, rule) = (hop.place.clone()?, hop.rule.clone()?);
        let (src, dst, protocol, port) = (packet.src, packet.dst, packet.protocol, packet.dst_port);
        let fact = cause(
            format!(
                "{src} → {dst} {protocol}/{port} を `{}` のルール `{rule}` が記録せずに通す",
                hop.node
            ),
            format!(
                "rule `{rule}` of `{}` lets {src} → {dst} {protocol}/{port} pass unlogged",
                hop.node
            ),
            &place,
        );
        let subject = Text::same(format!("{} / {rule}", hop.node));
        Some(Seen::facts(Code::NotLogged, subject, &place, vec![fact]))
    });
    let mut out: Vec<Seen> = Vec::new();
    for seen in told {
        if !out.iter().any(|there| there.place == seen.place) {
            out.push(seen);
        }
    }
    out
}

/// The first member of every segment that an end means: one for every range.
fn corners(plane: &Plane, ends: &[End]) -> Vec<(SegmentIx, std::net::IpAddr)> {
    let ranges: Vec<AddressRange> = ends
        .iter()
        .flat_map(|end| addresses(&plane.network, end))
        .collect();
    let mut out = Vec::new();
    for range in ranges {
        for (i, segment) in plane.segments.iter().enumerate() {
            let met = segment.members.iter().find(|m| m.overlaps(range));
            let first = met.and_then(|m| {
                AddressRange::between(m.first().max(range.first()), m.last().min(range.last()))
            });
            out.extend(first.map(|f| (SegmentIx(i), f.first_address())));
        }
    }
    out.sort();
    out.dedup();
    out.truncate(MOST);
    out
}

fn services(network: &Network, services: &Services) -> Vec<(Protocol, u16)> {
    let terms = network.service_terms(services);
    let listed = terms.items.iter().take(MOST).filter(|_| !terms.negated);
    let one = |s: &Service| Some((s.protocol?, s.ports.first));
    listed.filter_map(one).collect()
}

/// The way of a packet that is delivered although nothing on it logs.
fn silent(
    plane: &Plane,
    from: SegmentIx,
    packet: Packet,
    unless: Option<&Through>,
) -> Option<Path> {
    let paths = trace(plane, from, packet).into_iter();
    let mut delivered = paths.filter(|p| matches!(p.disposition, Disposition::Delivered(_)));
    delivered.find(|path| {
        let spared = path.nodes.iter().any(|n| {
            let node = &plane.nodes[n.0];
            match unless {
                Some(Through::Kind(word)) => node.kind == &**word,
                Some(Through::Node(id)) => node.id == *id,
                None => false,
            }
        });
        !spared && filtered(path) && !path.hops.iter().any(|hop| logs(&plane.network, hop))
    })
}

/// Whether a rule of some device lets it pass. Where none does, nothing could log it, and it is the missing filter
/// that is to be told.
fn filtered(path: &Path) -> bool {
    let by_rule = |hop: &HopRecord| hop.decision == Decision::Allowed && hop.rule.is_some();
    path.hops.iter().any(by_rule)
}

fn logs(network: &Network, hop: &HopRecord) -> bool {
    let allowed = matches!(hop.decision, Decision::Allowed | Decision::Undecided);
    let Some(node) = network
        .nodes
        .get(&Id::new(hop.node.as_str()))
        .filter(|_| allowed)
    else {
        return false;
    };
    let own = match &node.kind {
        NodeKind::Proxy(proxy) => proxy.rules.as_slice(),
        _ => &[],
    };
    let mut rules = node
        .forwarding
        .filters
        .iter()
        .flat_map(Filter::all_rules)
        .chain(own);
    let decides = |rule: &FilterRule| {
        hop.rule.as_deref() == Some(&*rule.name) && hop.place.as_ref() == Some(&rule.place)
    };
    rules.any(|rule| decides(rule) && rule.log)
}
