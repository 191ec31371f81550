//! Filters, translations and policy routes of a node, as one table of `nft`.
//!
//! Goes in: a lab and one of its nodes. Comes out: the text of a table with a chain for every station of
//! the plane, at the hook and priority where Linux shows the header as the plane does there:
//!
//! ```text
//!  prerouting  -150  ingress filters        after connection tracking (-200), before translation
//!  prerouting  -100  destination NAT        answers get back their receiver here
//!  prerouting   -50  policy routes          as marks, which `ip rule` turns into tables
//!  forward        0  forward filter
//!  postrouting  100  source NAT             answers get back their sender here
//!  postrouting  150  egress filters
//! ```
//!
//! Rules that cannot be judged offline become comments ([`crate::omission`] lists them).

mod matching;
mod translate;

use crate::Lab;
use crate::route::Family;
use matching::{Point, matches};
use std::fmt::Write;
pub(crate) use translate::can_show;
use utsushi_sim::plane::{FilterPlane, NodeIx, PortIx, SegmentIx};

/// A table under construction.
#[derive(Debug, Default)]
struct Table {
    /// Chains that others jump to.
    chains: String,
    /// Chains at hooks.
    hooks: String,
    /// How many chains for negated services there are.
    exceptions: usize,
}

/// The table of a node; empty where it neither filters, translates nor routes by policy.
#[must_use]
pub fn table(lab: &Lab<'_>, node: NodeIx) -> String {
    let plane = lab.plane;
    let own = |port: &PortIx| plane.ports[port.0].node == node;
    let ports: Vec<PortIx> = (0..plane.ports.len()).map(PortIx).filter(own).collect();
    let device = &plane.nodes[node.0];
    let mut table = Table::default();
    let ingress = |port: &PortIx| plane.ports[port.0].ingress;
    table.at_ports(
        lab,
        &ports,
        ingress,
        ("arrive", "prerouting", -150, "iifname", Point::Arriving),
    );
    table.destination(lab, device);
    table.policies(lab, device);
    if let Some(filter) = device.forward {
        table.filter(lab, "forwarded", &plane.filters[filter], Point::Leaving);
        table.hook("through", "filter", "forward", 0, "    jump forwarded\n");
    }
    table.source(lab, device);
    let egress = |port: &PortIx| plane.ports[port.0].egress;
    table.at_ports(
        lab,
        &ports,
        egress,
        ("leave", "postrouting", 150, "oifname", Point::Leaving),
    );
    if table.hooks.is_empty() {
        return String::new();
    }
    format!("table inet lab {{\n{}{}}}\n", table.chains, table.hooks)
}

/// The table of a segment's hosts: what is meant for a member of their own segment stays in it, whether or not
/// the lab has that member, and never comes to a gateway. Empty for a segment without members.
#[must_use]
pub fn inside(lab: &Lab<'_>, segment: SegmentIx) -> String {
    let members = &lab.plane.segments[segment.0].members;
    let mut body = String::new();
    for family in Family::ALL {
        if let Some(own) = matching::within(members, family) {
            let _ = writeln!(body, "    oifname != \"lo\" {own} drop");
        }
    }
    if body.is_empty() {
        return body;
    }
    let mut table = Table::default();
    table.hook("sent", "filter", "output", 0, &body);
    format!("table inet lab {{\n{}}}\n", table.hooks)
}

/// Where access lists of interfaces sit: chain, hook, priority, how an interface is asked for, what is known.
type Station = (&'static str, &'static str, i32, &'static str, Point);

impl Table {
    fn hook(&mut self, name: &str, kind: &str, hook: &str, priority: i32, body: &str) {
        let _ = write!(
            self.hooks,
            "  chain {name} {{\n    type {kind} hook {hook} priority {priority}; policy accept;\n{body}  }}\n"
        );
    }

    /// The access lists of interfaces, each list once.
    fn at_ports(
        &mut self,
        lab: &Lab<'_>,
        ports: &[PortIx],
        filter: impl Fn(&PortIx) -> Option<usize>,
        (chain, hook, priority, asked, point): Station,
    ) {
        let mut filters: Vec<usize> = ports.iter().filter_map(&filter).collect();
        filters.sort_unstable();
        filters.dedup();
        let mut body = String::new();
        for (number, at) in filters.iter().enumerate() {
            let name = format!("{chain}{number}");
            self.filter(lab, &name, &lab.plane.filters[*at], point);
            for port in ports.iter().filter(|port| filter(port) == Some(*at)) {
                let _ = writeln!(
                    body,
                    "    {asked} \"{}\" jump {name}",
                    lab.layout.port(*port)
                );
            }
        }
        if !body.is_empty() {
            self.hook(chain, "filter", hook, priority, &body);
        }
    }

    /// One filter as a chain: the first match decides, and what matches nothing meets the default.
    fn filter(&mut self, lab: &Lab<'_>, name: &str, filter: &FilterPlane, point: Point) {
        let mut body = String::new();
        if filter.stateful {
            body += "    ct state established,related accept\n";
        }
        for rule in &filter.rules {
            let verdict = if rule.allow { "accept" } else { "drop" };
            let _ = writeln!(body, "    # {}", comment(&rule.name));
            if rule.condition.is_certain() {
                let found = matches(lab, &rule.condition, point);
                self.rules(&mut body, &found, |_| vec![verdict.to_owned()]);
            } else {
                body += "    # left out: it cannot be judged offline\n";
            }
        }
        let verdict = if filter.default_allow {
            "accept"
        } else {
            "drop"
        };
        let _ = write!(
            self.chains,
            "  chain {name} {{\n{body}    {verdict}\n  }}\n"
        );
    }

    /// The rules for every alternative of a condition. `act` says what is done, for what is known of the
    /// protocol; nothing where it does not apply.
    fn rules(
        &mut self,
        body: &mut String,
        found: &[matching::Alternative],
        act: impl Fn(&matching::Alternative) -> Vec<String>,
    ) {
        for alternative in found {
            let actions = act(alternative);
            if actions.is_empty() {
                continue;
            }
            let head = alternative.text();
            if alternative.except.is_empty() {
                for action in actions {
                    let _ = writeln!(
                        body,
                        "    {}",
                        [head.as_str(), &action].join(" ").trim_start()
                    );
                }
                continue;
            }
            let name = format!("except{}", self.exceptions);
            self.exceptions += 1;
            let _ = writeln!(self.chains, "  chain {name} {{");
            for exception in &alternative.except {
                let _ = writeln!(self.chains, "    {exception} return");
            }
            for action in actions {
                let _ = writeln!(self.chains, "    {action}");
            }
            self.chains += "  }\n";
            let _ = writeln!(body, "    {}", format!("{head} jump {name}").trim_start());
        }
    }

    /// Policy routes as marks: the first match decides.
    fn policies(&mut self, lab: &Lab<'_>, device: &utsushi_sim::plane::NodePlane) {
        if device.policies.is_empty() {
            return;
        }
        let mut body = "    meta mark set 0\n".to_owned();
        for (number, policy) in (1..).zip(&device.policies) {
            let number: usize = number;
            let _ = writeln!(body, "    # {}", comment(&policy.name));
            if policy.condition.is_certain() {
                let found = matches(lab, &policy.condition, Point::Arriving);
                self.rules(&mut body, &found, |_| {
                    vec![format!("meta mark set {number} accept")]
                });
            } else {
                body += "    # left out: it cannot be judged offline\n";
            }
        }
        self.hook("choose", "filter", "prerouting", -50, &body);
    }
}

/// A name of the scenario as a comment of one line.
fn comment(name: &str) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    name.chars().map(plain).collect()
}
