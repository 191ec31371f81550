//! The network of a state as boxes and lines: zones as lanes, alike boxes folded into one.
//!
//! Boxes are nodes and segments; a segment that holds nothing but relays is shown by them. A node belongs to a
//! zone if all it routes for does; else it stands between the zones.

use super::fold::{Line, classes};
use super::{Drawing, branch, caption, is_link, sources};
use crate::model::network::{Network, Node, NodeKind, Segment, ZoneRole};
use crate::model::units::{BitRate, grouped};
use crate::viz::{self, Chart, Options, VizError, data};
use crate::wording::Context;
use std::collections::BTreeSet;

/// The picture of one state, lines coloured by their load.
#[must_use]
pub fn picture(context: &Context<'_>, state: usize) -> data::Picture {
    let title = context.pick(
        "ネットワーク構成と回線の使用率",
        "The network and the load on its lines",
    );
    let mut caption = caption(context, title, Some(state));
    let of_state = context.report.loads.iter();
    let links = of_state.filter(|row| row.state == state && is_link(row));
    // Boxes need the room that the sources in full would take: the index has them.
    caption.notes.extend(sources::marked(context, links));
    let Some(row) = context.report.states.get(state) else {
        return data::Picture {
            caption,
            ..data::Picture::default()
        };
    };
    let mut sketch = Sketch::of(&row.network, context);
    sketch.load(context, state);
    let classes = classes(&sketch.colours(), &sketch.lines());
    data::Picture {
        caption,
        zones: zones(&row.network, context),
        nodes: sketch.nodes(&classes, context),
        links: sketch.links(&classes),
    }
}

/// A box before folding.
struct Box {
    label: String,
    kind: data::NodeKind,
    zone: Option<String>,
    /// What tells it from boxes of the same kind and zone.
    look: String,
    /// How many it stands for by itself: the hosts of a segment, or its systems if they are more.
    count: u32,
}

/// A line before folding.
struct Edge {
    a: usize,
    b: usize,
    label: String,
    look: String,
    load: Option<(f64, f64)>,
}

#[derive(Default)]
struct Sketch {
    boxes: Vec<Box>,
    edges: Vec<Edge>,
    /// Names of links by the position of their edge.
    names: Vec<(String, usize)>,
}

impl Sketch {
    fn of(network: &Network, context: &Context<'_>) -> Self {
        let mut sketch = Self::default();
        let lang = context.lang;
        for node in network.nodes.iter() {
            sketch.boxes.push(Box {
                label: name(network, node, context),
                kind: shape(&node.kind),
                zone: zone_of(network, node),
                look: format!(
                    "{} {:?}",
                    node.kind.word(),
                    network.sites.get(&node.site).map(|s| s.kind)
                ),
                count: 1,
            });
        }
        for segment in network.segments.iter() {
            sketch.segment(network, segment, context);
        }
        for link in network.links.iter() {
            let ends = (
                network.nodes.position(&link.a),
                network.nodes.position(&link.b),
            );
            if let (Some(a), Some(b)) = ends {
                sketch.names.push((link.id.to_string(), sketch.edges.len()));
                let look = format!(
                    "{} {} {}",
                    rate(link.rate_ab),
                    rate(link.rate_ba),
                    link.members
                );
                let label = link.label.get(lang).to_owned();
                sketch.edges.push(Edge {
                    a,
                    b,
                    label,
                    look,
                    load: None,
                });
            }
        }
        sketch
    }

    /// A segment and the relays in it, joined to the nodes that route for it.
    fn segment(&mut self, network: &Network, segment: &Segment, context: &Context<'_>) {
        let gateways = || {
            segment
                .gateways
                .iter()
                .filter_map(|g| network.nodes.position(&g.node))
        };
        let stands = |node: &&Node| {
            node.endpoint
                .as_ref()
                .is_some_and(|e| e.segment == segment.id)
        };
        let relays: Vec<_> = network
            .nodes
            .iter()
            .filter(stands)
            .filter_map(|n| network.nodes.position(&n.id))
            .collect();
        for relay in &relays {
            gateways().for_each(|gateway| self.join(*relay, gateway));
        }
        let groups: Vec<_> = network
            .groups
            .iter()
            .filter(|g| g.segment == segment.id)
            .collect();
        let systems = network
            .systems
            .iter()
            .filter(|s| s.segment == segment.id)
            .count();
        if !relays.is_empty() && groups.is_empty() && systems == 0 {
            return;
        }
        let classes: BTreeSet<_> = groups.iter().map(|g| g.class).collect();
        let site = network.sites.get(&segment.site).map(|s| s.kind);
        let kind = match (segment.external, groups.is_empty() && systems == 0) {
            (true, _) => data::NodeKind::Cloud,
            (false, true) => data::NodeKind::Segment,
            (false, false) => data::NodeKind::Hosts,
        };
        let hosts = groups.iter().map(|g| g.count).sum::<u32>();
        let systems = u32::try_from(systems).unwrap_or(u32::MAX);
        self.boxes.push(Box {
            label: segment.label.get(context.lang).to_owned(),
            kind,
            zone: Some(segment.zone.to_string()),
            look: format!("{site:?} {classes:?}"),
            count: if segment.external {
                1
            } else {
                hosts.max(systems).max(1)
            },
        });
        let at = self.boxes.len() - 1;
        gateways().for_each(|gateway| self.join(at, gateway));
    }

    fn join(&mut self, a: usize, b: usize) {
        self.edges.push(Edge {
            a,
            b,
            label: String::new(),
            look: String::new(),
            load: None,
        });
    }

    /// Puts the worse direction's load on every line.
    fn load(&mut self, context: &Context<'_>, state: usize) {
        for row in context
            .report
            .loads
            .iter()
            .filter(|row| row.state == state && is_link(row))
        {
            let Some((_, at)) = self.names.iter().find(|(name, _)| *name == row.resource) else {
                continue;
            };
            let load = row.busiest().1.get();
            let worse = self.edges[*at].load.is_none_or(|(other, _)| load > other);
            if worse {
                self.edges[*at].load = Some((load, row.warn.get()));
            }
        }
    }

    fn colours(&self) -> Vec<String> {
        self.boxes
            .iter()
            .map(|b| format!("{:?} {:?} {}", b.kind, b.zone, b.look))
            .collect()
    }

    fn lines(&self) -> Vec<Line> {
        self.edges
            .iter()
            .map(|e| Line {
                a: e.a,
                b: e.b,
                look: e.look.clone(),
            })
            .collect()
    }

    /// One box for each class.
    fn nodes(&self, classes: &[usize], context: &Context<'_>) -> Vec<data::Node> {
        let count = classes.iter().max().map_or(0, |last| last + 1);
        let members = |class| {
            self.boxes
                .iter()
                .zip(classes)
                .filter(move |(_, c)| **c == class)
                .map(|(b, _)| b)
        };
        let node = |class: usize| {
            let first = members(class).next()?;
            let labels: Vec<_> = members(class).map(|b| b.label.as_str()).collect();
            Some(data::Node {
                id: class.to_string(),
                label: common(&labels, context),
                kind: first.kind,
                zone: first.zone.clone(),
                count: members(class).map(|b| b.count).sum(),
            })
        };
        (0..count).filter_map(node).collect()
    }

    /// One line for each pair of classes and kind of line: the fullest of those it stands for.
    fn links(&self, classes: &[usize]) -> Vec<data::Link> {
        let mut links: Vec<(String, data::Link)> = Vec::new();
        for edge in &self.edges {
            let (a, b) = (classes[edge.a].to_string(), classes[edge.b].to_string());
            let (load, threshold) = edge
                .load
                .map_or((None, 1.0), |(load, limit)| (Some(load), limit));
            let link = data::Link {
                a,
                b,
                label: edge.label.clone(),
                utilisation: load,
                threshold,
            };
            let same = |(look, other): &&mut (String, data::Link)| {
                *look == edge.look && other.a == link.a && other.b == link.b
            };
            match links.iter_mut().find(same) {
                Some((_, there)) if link.utilisation > there.utilisation => *there = link,
                Some(_) => {}
                None => links.push((edge.look.clone(), link)),
            }
        }
        links.into_iter().map(|(_, link)| link).collect()
    }
}

/// What people call a node: its label, or of what kind it is at which branch.
fn name(network: &Network, node: &Node, context: &Context<'_>) -> String {
    let label = node.label.get(context.lang);
    let (ja, en) = match node.kind {
        NodeKind::Router => ("ルータ", "router"),
        NodeKind::L3Switch => ("スイッチ", "switch"),
        _ => return label.to_owned(),
    };
    branch(network, node).map_or_else(
        || label.to_owned(),
        |site| match site.label.get(context.lang) {
            "" => label.to_owned(),
            site => context.pick(format!("{ja} {site}"), format!("{en} of {site}")),
        },
    )
}

/// What the labels of folded boxes have in common; the first with "and others" if that is nothing.
fn common(labels: &[&str], context: &Context<'_>) -> String {
    let Some((first, rest)) = labels.split_first() else {
        return String::new();
    };
    if rest.iter().all(|label| label == first) {
        return (*first).to_owned();
    }
    let shared = first
        .char_indices()
        .map(|(at, c)| at + c.len_utf8())
        .rev()
        .map(|end| &first[..end]);
    let prefix = shared
        .into_iter()
        .find(|prefix| rest.iter().all(|label| label.starts_with(prefix)));
    let ends = |c: char| c.is_ascii_digit() || c.is_whitespace() || "-_(（・".contains(c);
    match prefix
        .map(|prefix| prefix.trim_end_matches(ends))
        .filter(|prefix| prefix.chars().count() > 1)
    {
        Some(prefix) => prefix.to_owned(),
        None => context.pick(format!("{first} ほか"), format!("{first} and others")),
    }
}

fn rate(rate: BitRate) -> String {
    grouped(rate.get())
}

/// The zone of everything a node routes for or stands in, if that is one.
fn zone_of(network: &Network, node: &Node) -> Option<String> {
    if let Some(endpoint) = &node.endpoint {
        return network
            .segments
            .get(&endpoint.segment)
            .map(|s| s.zone.to_string());
    }
    let routed = network
        .segments
        .iter()
        .filter(|s| s.gateways.iter().any(|g| g.node == node.id));
    let zones: BTreeSet<_> = routed.map(|s| s.zone.to_string()).collect();
    match zones.len() {
        1 => zones.into_iter().next(),
        _ => None,
    }
}

fn zones(network: &Network, context: &Context<'_>) -> Vec<data::Zone> {
    let zone = |zone: &crate::model::network::Zone| data::Zone {
        id: zone.id.to_string(),
        label: zone.label.get(context.lang).to_owned(),
        role: role(zone.role),
    };
    network.zones.iter().map(zone).collect()
}

const fn role(role: ZoneRole) -> data::ZoneRole {
    match role {
        ZoneRole::MyNumber => data::ZoneRole::MyNumber,
        ZoneRole::Lgwan => data::ZoneRole::Lgwan,
        ZoneRole::Internet => data::ZoneRole::Internet,
        ZoneRole::SecurityCloud => data::ZoneRole::SecurityCloud,
        ZoneRole::Independent | ZoneRole::Management => data::ZoneRole::Other,
        ZoneRole::LgwanNetwork
        | ZoneRole::Saas
        | ZoneRole::GovernmentCloud
        | ZoneRole::GovernmentCloudMyNumber
        | ZoneRole::PublicBody
        | ZoneRole::World => data::ZoneRole::Outside,
    }
}

const fn shape(kind: &NodeKind) -> data::NodeKind {
    match kind {
        NodeKind::Router | NodeKind::L3Switch | NodeKind::LgwanEdge => data::NodeKind::Device,
        NodeKind::Firewall => data::NodeKind::Firewall,
        NodeKind::SecurityCloud | NodeKind::Carrier => data::NodeKind::Cloud,
        NodeKind::Gateway
        | NodeKind::Proxy(_)
        | NodeKind::ScreenRelay(_)
        | NodeKind::Sanitiser(_)
        | NodeKind::MailRelay(_) => data::NodeKind::Service,
    }
}

impl Drawing for data::Picture {
    fn caption(&self) -> &data::Caption {
        &self.caption
    }

    fn draw(&self, options: &Options) -> Result<Chart, VizError> {
        // Lanes side by side need the whole width of a page, whatever the other charts take.
        viz::picture(self, &Options::full(options.lang))
    }

    fn sees(&self, context: &Context<'_>) -> String {
        let over = |limit: fn(&data::Link) -> f64| {
            let beyond =
                |link: &&data::Link| link.utilisation.is_some_and(|load| load > limit(link));
            self.links.iter().filter(beyond).count()
        };
        let (full, near) = (over(|_| 1.0), over(|link| link.threshold));
        context.pick(
            format!("線の色は回線の負荷を表す：容量超過{full}本、しきい値超過{near}本"),
            format!("lines show their load: {full} above capacity, {near} above the threshold"),
        )
    }
}
