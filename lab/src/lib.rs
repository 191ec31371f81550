//! A state written down as a lab that runs: Linux network namespaces with the routes, filters and
//! translations that the plane computed.
//!
//! Goes in: a compiled [`Plane`] and the packets to be tried. Comes out: a [`Lab`], whose [`Lab::files`] are
//! scripts and configuration as text; and the [`agent`] that listens and probes inside the lab. What the
//! state has and a lab cannot show is listed in [`Lab::omissions`], never left out silently. Nothing here
//! decides what is allowed: expectations come from the trace (decision 0010). Modules in reading order:
//!
//! - [`space`]: namespaces, the veth pairs between them, names that Linux can bear
//! - [`route`]: addresses, routes and routing rules as batches for `ip`
//! - [`nft`]: filters, translations and policy routes as rules for `nft`
//! - [`expect`]: what ought to become of a packet in the lab
//! - [`choose`]: hosts and packets that exercise what a state is configured with
//! - [`omission`]: what a lab cannot show
//! - [`script`]: the scripts `up`, `probe` and `down`
//! - [`agent`]: listens and probes inside the lab

pub mod agent;
pub mod choose;

pub mod expect;
pub mod nft;
pub mod omission;
pub mod route;
pub mod script;
pub mod space;

use expect::Expected;
use omission::Omission;
use space::Layout;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use utsushi_model::address::{AddressRange, V4_FIRST, address_at, position};
use utsushi_model::finding::Packet;
use utsushi_model::service::Protocol;
use utsushi_sim::plane::condition::Rewrite;
use utsushi_sim::plane::{Plane, SegmentIx};

/// A packet to be tried: TCP or UDP, sent by a member of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probe {
    /// The segment it is sent from.
    pub from: SegmentIx,
    /// Its header. Every probe of a lab needs a source port of its own for its source address.
    pub packet: Packet,
}

impl Probe {
    /// Whether a lab can try it: TCP or UDP with ports other than 0, between addresses that Linux lets a
    /// host have.
    #[must_use]
    pub fn can_be_tried(&self) -> bool {
        let Packet {
            src,
            dst,
            protocol,
            src_port,
            dst_port,
        } = self.packet;
        matches!(protocol, Protocol::TCP | Protocol::UDP)
            && src_port != 0
            && dst_port != 0
            && usable(src)
            && usable(dst)
    }
}

/// Whether a host can have the address on Linux and send from it: unicast, and none of the blocks that
/// the kernel takes for itself (RFC 6890) or that the lab's own wires use (link-local).
#[must_use]
pub fn usable(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let first = v4.octets()[0];
            first != 0 && first != 127 && first < 224 && !v4.is_link_local()
        }
        IpAddr::V6(v6) => {
            let local = v6.segments()[0] & 0xffc0 == 0xfe80;
            !v6.is_multicast() && !local && position(address) > V4_FIRST << 16
        }
    }
}

/// A file of the lab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its path below the lab's folder.
    pub path: String,
    /// What it holds.
    pub text: String,
    /// Whether it is a script to be run.
    pub script: bool,
}

/// A state as a lab.
#[derive(Debug)]
pub struct Lab<'p> {
    /// The state.
    pub plane: &'p Plane,
    /// Namespaces and wires.
    pub layout: Layout,
    /// What is tried, with what ought to become of it.
    pub probes: Vec<(Probe, Expected)>,
    /// The addresses that each segment's namespace has.
    pub hosts: BTreeMap<usize, BTreeSet<IpAddr>>,
    /// What the state has and the lab cannot show.
    pub omissions: Vec<Omission>,
    /// The ports on which every host listens.
    pub ports: BTreeSet<(Protocol, u16)>,
}

impl<'p> Lab<'p> {
    /// The lab of a state in which the given packets can be tried. Packets that no lab can try
    /// ([`Probe::can_be_tried`]) are left out. `hosts` are addresses that are to be there even if no packet
    /// needs them.
    #[must_use]
    pub fn new(plane: &'p Plane, probes: &[Probe], hosts: &[(SegmentIx, IpAddr)]) -> Self {
        let tried: Vec<(Probe, Expected)> = probes
            .iter()
            .filter(|probe| probe.can_be_tried())
            .map(|probe| (*probe, Expected::of(plane, probe)))
            .filter(|(_, expected)| expected.arrivals.iter().all(|(_, at)| at.dst_port != 0))
            .collect();
        let mut lab = Self {
            plane,
            layout: Layout::of(plane),
            probes: tried,
            hosts: BTreeMap::new(),
            omissions: omission::of(plane),
            ports: BTreeSet::new(),
        };
        hosts.iter().for_each(|(at, host)| lab.host(*at, *host));
        lab.ends();
        lab
    }

    fn host(&mut self, segment: SegmentIx, address: IpAddr) {
        if usable(address) {
            self.hosts.entry(segment.0).or_default().insert(address);
        }
    }

    /// Hosts and listeners wherever a packet might turn up: at its destination, wherever a translation
    /// may send it, and where it is expected. So a packet that is not answered was not answered because
    /// of the network, and not for want of somebody to answer.
    fn ends(&mut self) {
        let targets: Vec<(IpAddr, Option<u16>)> =
            self.plane.nodes.iter().flat_map(targets).collect();
        for (probe, expected) in self.probes.clone() {
            let packet = probe.packet;
            self.host(probe.from, packet.src);
            self.everywhere(packet.dst);
            self.ports.insert((packet.protocol, packet.dst_port));
            for (segment, header) in expected.arrivals {
                self.host(segment, header.dst);
                self.ports.insert((packet.protocol, header.dst_port));
            }
        }
        for (address, port) in targets {
            self.everywhere(address);
            let port = port.filter(|port| *port != 0);
            for protocol in [Protocol::TCP, Protocol::UDP] {
                self.ports.extend(port.map(|port| (protocol, port)));
            }
        }
    }

    /// A host in every segment whose member the address is.
    fn everywhere(&mut self, address: IpAddr) {
        for at in 0..self.plane.segments.len() {
            if self.plane.segments[at]
                .members
                .iter()
                .any(|r| r.contains(address))
            {
                self.host(SegmentIx(at), address);
            }
        }
    }

    /// Everything that makes the lab, but the page that describes it.
    #[must_use]
    pub fn files(&self) -> Vec<File> {
        let mut files = script::scripts(self);
        files.extend(script::settings(self));
        files
    }
}

/// Where a node's translations of destinations may send something; of blocks their ends.
fn targets(node: &utsushi_sim::plane::NodePlane) -> Vec<(IpAddr, Option<u16>)> {
    let ends = |range: &AddressRange| [range.first_address(), address_at(range.last())];
    let target = |rewrite: &Rewrite| match rewrite {
        Rewrite::Address(to, port) => vec![(to.first_address(), *port)],
        Rewrite::Block(_, to) => ends(to).map(|at| (at, None)).to_vec(),
        Rewrite::Source(_) | Rewrite::Keep => Vec::new(),
    };
    node.destination_nat
        .iter()
        .flat_map(|step| target(&step.rewrite))
        .collect()
}
