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
use matching::{Alternative, Point, matches};
use std::fmt::Write;
pub(crate) use translate::can_show;
use utsushi_model::policy::SessionMatch;
use utsushi_sim::plane::condition::{Act, RuleStep};
use utsushi_sim::plane::{FilterPlane, NodeIx, PortIx, SegmentIx};

/// What stands in place of a rule that is left out.
const LEFT_OUT: &str = "    # left out: it cannot be judged offline\n";

/// A table under construction.
#[derive(Debug, Default)]
struct Table {
    /// Chains that others jump to.
    chains: String,
    /// Chains at hooks.
    hooks: String,
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

    /// One filter: a chain that asks the filter's own list, in which the first match decides, and then
    /// meets the default; and a chain for each list that rules of the filter ask.
    fn filter(&mut self, lab: &Lab<'_>, name: &str, filter: &FilterPlane, point: Point) {
        for (number, list) in filter.chains.iter().enumerate() {
            self.list(lab, (name, &format!("_{number}")), list, point);
        }
        self.list(lab, (name, "_own"), &filter.rules, point);
        let _ = writeln!(self.chains, "  chain {name} {{");
        if filter.stateful {
            self.chains += "    ct state established,related accept\n";
        }
        let verdict = if filter.default_allow {
            "accept"
        } else {
            "drop"
        };
        let _ = write!(self.chains, "    jump {name}_own\n    {verdict}\n  }}\n");
    }

    /// One list of rules as a chain.
    fn list(
        &mut self,
        lab: &Lab<'_>,
        (filter, ending): (&str, &str),
        list: &[RuleStep],
        point: Point,
    ) {
        let mut body = String::new();
        for rule in list {
            let verdict = match rule.act {
                Act::Allow => "accept".to_owned(),
                Act::Deny => "drop".to_owned(),
                Act::Jump(chain) => format!("jump {filter}_{chain}"),
                Act::Goto(chain) => format!("goto {filter}_{chain}"),
                Act::Return => "return".to_owned(),
            };
            let verdict = match rule.session {
                SessionMatch::Any => verdict,
                SessionMatch::New => format!("ct state != {{ established, related }} {verdict}"),
                SessionMatch::Known => format!("ct state established,related {verdict}"),
            };
            let _ = writeln!(body, "    # {}", comment(&rule.name));
            if rule.condition.is_certain() {
                let found = matches(lab, &rule.condition, point);
                rules(&mut body, &found, |_| vec![verdict.clone()]);
            } else {
                body += LEFT_OUT;
            }
        }
        let _ = write!(self.chains, "  chain {filter}{ending} {{\n{body}  }}\n");
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
                rules(&mut body, &found, |_| {
                    vec![format!("meta mark set {number} accept")]
                });
            } else {
                body += LEFT_OUT;
            }
        }
        self.hook("choose", "filter", "prerouting", -50, &body);
    }
}

/// The rules for every alternative of a condition. `act` says what is done, for what is known of the protocol;
/// nothing where it does not apply.
fn rules(body: &mut String, found: &[Alternative], act: impl Fn(&Alternative) -> Vec<String>) {
    for alternative in found {
        let head = alternative.text();
        for action in act(alternative) {
            let _ = writeln!(body, "    {}", format!("{head} {action}").trim_start());
        }
    }
}

/// A name of the scenario as a comment of one line.
fn comment(name: &str) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    name.chars().map(plain).collect()
}
