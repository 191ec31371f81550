//! From a well-formed network to a [`Plane`].

use super::condition::{Act, Condition, NatStep, PolicyStep, Rewrite, RuleStep};
use super::{
    FilterPlane, LinkWay, NodeIx, NodePlane, Peer, Plane, Port, PortIx, SegmentIx, SegmentPlane,
    TableIx, routes,
};
use std::collections::HashMap;
use std::sync::Arc;
use utsushi_model::address::AddressRange;
use utsushi_model::date::Date;
use utsushi_model::network::{Network, Node, NodeId};
use utsushi_model::policy::{
    Action, Addresses, Filter, FilterPoint, FilterRule, Hop, Interfaces, Name, RuleAction,
    Services, Translation, pattern,
};

impl Plane {
    /// Compiles a network as it stands on a day.
    ///
    /// PRECONDITION: the network is well formed; what is not is left out rather than guessed at.
    #[must_use]
    pub fn compile(network: Arc<Network>, day: Date) -> Self {
        let mut build = Build::new(&network, day);
        build.gateways();
        build.standbys();
        build.links();
        build.policies();
        let Build {
            nodes,
            ports,
            segments,
            tables,
            filters,
            ..
        } = build;
        let mut plane = Self {
            segment_names: Arc::new(
                segments
                    .iter()
                    .enumerate()
                    .map(|(i, s)| (s.id.clone(), SegmentIx(i)))
                    .collect(),
            ),
            link_costs: network.links.iter().map(|l| u64::from(l.cost)).collect(),
            nodes: nodes.into(),
            ports: ports.into(),
            segments: segments.into(),
            tables: Vec::new(),
            filters: filters.into(),
            seeds: tables.into(),
            day,
            network,
        };
        plane.tables = routes::compute(&plane);
        plane
    }
}

/// What is known of a routing table before routes are computed.
#[derive(Debug, Clone)]
pub(super) struct TableSeed {
    pub(super) node: NodeIx,
    pub(super) vrf: Name,
    pub(super) ports: Vec<PortIx>,
}

struct Build<'n> {
    network: &'n Network,
    day: Date,
    nodes: Vec<NodePlane>,
    ports: Vec<Port>,
    segments: Vec<SegmentPlane>,
    tables: Vec<TableSeed>,
    filters: Vec<FilterPlane>,
    node_names: HashMap<NodeId, NodeIx>,
    table_names: HashMap<(NodeIx, Name), TableIx>,
    /// The interfaces of every node, in order.
    own: Vec<Vec<PortIx>>,
}

impl<'n> Build<'n> {
    fn new(network: &'n Network, day: Date) -> Self {
        let forwarding = network
            .nodes
            .iter()
            .enumerate()
            .filter(|(_, n)| !n.kind.is_relay());
        let nodes: Vec<NodePlane> = forwarding
            .map(|(position, node)| NodePlane {
                id: node.id.clone(),
                position,
                forward: None,
                policies: Vec::new(),
                destination_nat: Vec::new(),
                source_nat: Vec::new(),
                kind: node.kind.word(),
            })
            .collect();
        let segments = network
            .segments
            .iter()
            .map(|s| SegmentPlane {
                id: s.id.clone(),
                members: network.segment_addresses(s),
                prefixes: s.prefixes.iter().map(AddressRange::prefix).collect(),
                gateways: Vec::new(),
                spare: Vec::new(),
            })
            .collect();
        Self {
            network,
            day,
            node_names: nodes
                .iter()
                .enumerate()
                .map(|(i, n)| (n.id.clone(), NodeIx(i)))
                .collect(),
            table_names: HashMap::new(),
            own: vec![Vec::new(); nodes.len()],
            nodes,
            ports: Vec::new(),
            segments,
            tables: Vec::new(),
            filters: Vec::new(),
        }
    }

    fn table(&mut self, node: NodeIx, vrf: &Name) -> TableIx {
        let next = TableIx(self.tables.len());
        let key = (node, Arc::clone(vrf));
        let table = *self.table_names.entry(key).or_insert(next);
        if table == next {
            self.tables.push(TableSeed {
                node,
                vrf: Arc::clone(vrf),
                ports: Vec::new(),
            });
        }
        table
    }

    fn port(&mut self, node: NodeIx, vrf: &Name, name: &Name, peer: Peer) -> PortIx {
        let table = self.table(node, vrf);
        let port = PortIx(self.ports.len());
        self.tables[table.0].ports.push(port);
        self.own[node.0].push(port);
        self.ports.push(Port {
            node,
            table,
            name: Arc::clone(name),
            peer,
            ingress: None,
            egress: None,
        });
        port
    }

    fn gateways(&mut self) {
        for (i, segment) in self.network.segments.iter().enumerate() {
            for gateway in &segment.gateways {
                let Some(&node) = self.node_names.get(&gateway.node) else {
                    continue;
                };
                let port = self.port(
                    node,
                    &gateway.vrf,
                    &gateway.interface,
                    Peer::Segment(SegmentIx(i)),
                );
                let own = &mut self.segments[i];
                match gateway.standby {
                    true => own.spare.push(port),
                    false => own.gateways.push(port),
                }
            }
        }
    }

    /// A segment whose gateways all stand by has one all the same: the first takes over.
    fn standbys(&mut self) {
        for segment in &mut self.segments {
            segment.take_over();
        }
    }

    fn links(&mut self) {
        for (i, link) in self.network.links.iter().enumerate() {
            let ends = (
                self.node_names.get(&link.a).copied(),
                self.node_names.get(&link.b).copied(),
            );
            let (Some(a), Some(b)) = ends else { continue };
            for lane in &link.lanes {
                let there = PortIx(self.ports.len() + 1);
                let way = LinkWay {
                    link: i,
                    forward: true,
                };
                let here = self.port(a, &lane.a.vrf, &lane.a.interface, Peer::Port(there, way));
                let back = LinkWay {
                    link: i,
                    forward: false,
                };
                self.port(b, &lane.b.vrf, &lane.b.interface, Peer::Port(here, back));
            }
        }
    }

    fn policies(&mut self) {
        for i in 0..self.nodes.len() {
            let network = self.network;
            let Some(node) = network.nodes.get(&self.nodes[i].id) else {
                continue;
            };
            for filter in &node.forwarding.filters {
                self.filter(NodeIx(i), node, filter);
            }
            self.translations(NodeIx(i), node);
            let policies = node.forwarding.policies.iter().map(|p| PolicyStep {
                name: Arc::clone(&p.name),
                condition: self.condition(
                    NodeIx(i),
                    node,
                    (&p.incoming, &Interfaces::default()),
                    (&p.source, &p.destination, &p.service),
                    &[],
                ),
                via: hops(&self.ports, &self.nodes, &self.own[i], &p.via),
                place: p.place.clone(),
            });
            self.nodes[i].policies = policies.collect();
        }
    }

    fn filter(&mut self, ix: NodeIx, node: &Node, filter: &Filter) {
        let steps = |rules: &[FilterRule]| {
            steps(filter, rules, self.day, |rule| {
                self.condition(
                    ix,
                    node,
                    (&rule.incoming, &rule.outgoing),
                    (&rule.source, &rule.destination, &rule.service),
                    &rule.conditions,
                )
            })
        };
        let rules = steps(&filter.rules);
        let chains = filter.chains.iter().map(|c| steps(&c.rules)).collect();
        let position = self.filters.len();
        self.filters.push(FilterPlane {
            rules,
            chains,
            default_allow: filter.default == Action::Allow,
            stateful: filter.stateful,
            place: filter.place.clone(),
        });
        match &filter.point {
            FilterPoint::Forward => self.nodes[ix.0].forward = Some(position),
            FilterPoint::In(name) => {
                for port in self.named_ports(ix, node, name) {
                    self.ports[port.0].ingress = Some(position);
                }
            }
            FilterPoint::Out(name) => {
                for port in self.named_ports(ix, node, name) {
                    self.ports[port.0].egress = Some(position);
                }
            }
        }
    }

    fn translations(&mut self, ix: NodeIx, node: &Node) {
        let mut destination = Vec::new();
        let mut source = Vec::new();
        for rule in &node.forwarding.nat {
            let condition = self.condition(
                ix,
                node,
                (&rule.incoming, &rule.outgoing),
                (&rule.source, &rule.destination, &rule.service),
                &rule.conditions,
            );
            let step = |condition: Condition, rewrite| NatStep {
                name: Arc::clone(&rule.name),
                condition,
                rewrite,
                place: rule.place.clone(),
            };
            match &rule.translation {
                Translation::Source(pool) => {
                    source.push(step(condition, Rewrite::Source(pool.clone())));
                }
                Translation::Destination(to, port) => {
                    let rewrite = match condition.destination.items.as_slice() {
                        [from] if to.size() > 1 && from.size() == to.size() => {
                            Rewrite::Block(*from, *to)
                        }
                        _ => Rewrite::Address(*to, *port),
                    };
                    destination.push(step(condition, rewrite));
                }
                Translation::None => {
                    destination.push(step(condition.clone(), Rewrite::Keep));
                    source.push(step(condition, Rewrite::Keep));
                }
            }
        }
        self.nodes[ix.0].destination_nat = destination;
        self.nodes[ix.0].source_nat = source;
    }

    fn condition(
        &self,
        ix: NodeIx,
        node: &Node,
        (incoming, outgoing): (&Interfaces, &Interfaces),
        (source, destination, service): (&Addresses, &Addresses, &Services),
        others: &[Name],
    ) -> Condition {
        Condition {
            incoming: self.interfaces(ix, node, incoming),
            outgoing: self.interfaces(ix, node, outgoing),
            source: self.network.addresses(source),
            destination: self.network.addresses(destination),
            service: self.network.service_terms(service),
            others: others.to_vec(),
            lifted: None,
        }
    }

    fn interfaces(&self, ix: NodeIx, node: &Node, wanted: &Interfaces) -> Option<Vec<PortIx>> {
        if wanted.is_any() {
            return None;
        }
        let mut ports: Vec<PortIx> = wanted
            .names
            .iter()
            .flat_map(|name| self.named_ports(ix, node, name))
            .collect();
        ports.sort();
        ports.dedup();
        if wanted.negated {
            let own = self.own[ix.0].iter().copied();
            ports = own.filter(|p| !ports.contains(p)).collect();
        }
        Some(ports)
    }

    /// The interfaces that a name means: those of a device zone, those that begin as a pattern asks, or
    /// the one of that name.
    fn named_ports(&self, ix: NodeIx, node: &Node, name: &Name) -> Vec<PortIx> {
        let zone = node.forwarding.zones.iter().find(|(zone, _)| zone == name);
        let wanted: Vec<&Name> =
            zone.map_or_else(|| vec![name], |(_, members)| members.iter().collect());
        let fits = |port: &Name| {
            wanted.iter().any(|name| match pattern(name) {
                Some(start) => port.starts_with(start),
                None => port == *name,
            })
        };
        let own = self.own[ix.0].iter().copied();
        own.filter(|p| fits(&self.ports[p.0].name)).collect()
    }
}

impl SegmentPlane {
    /// Lets the first of those that stand by route where nobody else does.
    pub(super) fn take_over(&mut self) {
        if self.gateways.is_empty() && !self.spare.is_empty() {
            self.gateways.push(self.spare.remove(0));
        }
    }
}

impl FilterPlane {
    /// A filter on its own, of no node: interfaces are not looked at.
    #[must_use]
    pub fn alone(filter: &Filter, network: &Network, day: Date) -> Self {
        let condition = |rule: &FilterRule| Condition {
            incoming: None,
            outgoing: None,
            source: network.addresses(&rule.source),
            destination: network.addresses(&rule.destination),
            service: network.service_terms(&rule.service),
            others: rule.conditions.clone(),
            lifted: None,
        };
        let chains = filter.chains.iter();
        Self {
            rules: steps(filter, &filter.rules, day, condition),
            chains: chains
                .map(|c| steps(filter, &c.rules, day, condition))
                .collect(),
            default_allow: filter.default == Action::Allow,
            stateful: filter.stateful,
            place: filter.place.clone(),
        }
    }
}

/// The rules of one list of a filter that are in force on a day; `condition` resolves what one matches.
///
/// PRECONDITION: the chains that rules ask are there; a rule that asks another is left out.
pub(super) fn steps(
    filter: &Filter,
    rules: &[FilterRule],
    day: Date,
    condition: impl Fn(&FilterRule) -> Condition,
) -> Vec<RuleStep> {
    let chain = |name: &Name| filter.chains.iter().position(|c| c.name == *name);
    let active = rules.iter().filter(|r| r.enabled && r.schedule.active(day));
    let step = |rule: &FilterRule| {
        let act = match &rule.action {
            RuleAction::Allow => Act::Allow,
            RuleAction::Deny => Act::Deny,
            RuleAction::Jump(name) => Act::Jump(chain(name)?),
            RuleAction::Goto(name) => Act::Goto(chain(name)?),
            RuleAction::Return => Act::Return,
        };
        Some(RuleStep {
            name: Arc::clone(&rule.name),
            act,
            session: rule.session,
            condition: condition(rule),
            place: rule.place.clone(),
        })
    };
    active.filter_map(step).collect()
}

/// The interfaces that hops set by hand mean, among those they may mean.
pub(super) fn hops(
    ports: &[Port],
    nodes: &[NodePlane],
    among: &[PortIx],
    via: &[Hop],
) -> Vec<PortIx> {
    let mut out = Vec::new();
    for hop in via {
        let meant = among.iter().filter(|p| match (hop, ports[p.0].peer) {
            (Hop::Node(id), Peer::Port(there, _)) => nodes[ports[there.0].node.0].id == *id,
            (Hop::Interface(name), _) => ports[p.0].name == *name,
            _ => false,
        });
        out.extend(meant);
    }
    out
}
