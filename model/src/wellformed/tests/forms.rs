//! Forms of nodes and translations, interfaces and hops, unique names, quantities.

use super::raises;
use crate::id::Id;
use crate::network::{Network, Node, NodeKind, Port};
use crate::policy::{FilterPoint, FilterRule, Hop, Interfaces, NatRule, Translation};
use crate::sample::{
    addresses, edit, endpoint, filter, lane, link, name, policy, range, route, rule,
};
use crate::units::{BitRate, FilesPerHour, Latency, Seats, Sessions};

fn fw(n: &mut Network, change: impl FnOnce(&mut Node)) {
    edit(&mut n.nodes, "fw", change);
}

fn publish(n: &mut Network, change: impl FnOnce(&mut NatRule)) {
    fw(n, |fw| change(&mut fw.forwarding.nat[1]));
}

#[test]
fn a_relay_stands_somewhere() {
    raises(
        |n| edit(&mut n.nodes, "cdr", |c| c.endpoint = None),
        &[
            "SCN-016 node/cdr: node `cdr` (Sanitiser) stands in no segment | add `at: (segment: …, addresses: […])`",
        ],
    );
}

#[test]
fn a_forwarding_node_stands_in_no_segment() {
    raises(
        |n| {
            edit(&mut n.nodes, "sw", |s| {
                s.endpoint = Some(endpoint("dmz", "172.20.65.50", None));
            });
        },
        &[
            "SCN-016 node/sw: node `sw` (L3Switch) forwards packets but stands in the segment `dmz` like a host | remove `at`, and name the node in the segment's `gateways`",
        ],
    );
}

#[test]
fn a_relay_is_no_router() {
    raises(
        |n| {
            edit(&mut n.nodes, "cdr", |c| {
                c.forwarding
                    .filters
                    .push(filter(FilterPoint::Forward, vec![]));
                c.forwarding
                    .originates
                    .push((name(""), crate::sample::prefix("10.9.0.0/16")));
            });
        },
        &[
            "SCN-016 node/cdr: node `cdr` (Sanitiser) has announced routes although it does not forward packets | write them on the forwarding node in front of it",
            "SCN-016 node/cdr: node `cdr` (Sanitiser) has filters although it does not forward packets | write them on the forwarding node in front of it",
        ],
    );
}

#[test]
fn the_outgoing_interface_is_not_known_on_the_way_in() {
    raises(
        |n| {
            fw(n, |fw| {
                fw.forwarding.filters[1].rules[0].outgoing = Interfaces::of(vec![name("dmz")]);
            });
            publish(n, |r| r.outgoing = Interfaces::of(vec![name("dmz")]));
        },
        &[
            "SCN-016 rule/answers: rule `answers` of `fw` asks for the outgoing interface at `in up`, where it is not known yet | remove `out`, or move the rule to `Forward`",
            "SCN-016 nat/publish: translation `publish` of `fw` asks for the outgoing interface, which is not known yet when a destination is translated | remove `out`",
        ],
    );
}

#[test]
fn a_block_is_translated_to_a_block_of_its_size() {
    let block = |r: &mut NatRule, from: &[&str]| {
        r.destination = addresses(from);
        r.translation = Translation::Destination(range("172.20.65.128/26"), None);
    };
    raises(|n| publish(n, |r| block(r, &["203.0.113.64/26"])), &[]);
    raises(
        |n| publish(n, |r| block(r, &["203.0.113.64/27", "203.0.113.96/27"])),
        &[],
    );
    let wrong = [
        "SCN-010 nat/publish: translation `publish` of `fw` translates to `172.20.65.128/26`, which is not as large as the destination it matches | match one range of the same size, or translate to one address",
    ];
    raises(|n| publish(n, |r| block(r, &["203.0.113.80"])), &wrong);
    raises(
        |n| publish(n, |r| block(r, &["203.0.113.0/27", "203.0.113.96/27"])),
        &wrong,
    );
    raises(
        |n| {
            publish(n, |r| {
                block(r, &["203.0.113.64/26"]);
                r.destination.negated = true;
            });
        },
        &wrong,
    );
    raises(
        |n| {
            publish(n, |r| {
                block(r, &["203.0.113.64/26"]);
                r.translation = Translation::Destination(range("172.20.65.128/26"), Some(80));
            });
        },
        &[
            "SCN-002 nat/publish: translation `publish` of `fw` translates a whole range and has a `port` | remove `port`, or translate to one address",
        ],
    );
}

#[test]
fn a_source_is_translated_to_something() {
    raises(
        |n| {
            fw(n, |fw| {
                fw.forwarding.nat[0].translation = Translation::Source(vec![]);
            });
        },
        &[
            "SCN-020 nat/hide: translation `hide` of `fw` has no address to translate to | give it at least one",
        ],
    );
}

#[test]
fn a_route_leads_somewhere() {
    raises(
        |n| fw(n, |fw| fw.forwarding.statics[0].via.clear()),
        &[
            "SCN-020 route/0.0.0.0/0: route `0.0.0.0/0` of `fw` leads nowhere | write a neighbour or `Discard` in `via`",
        ],
    );
    raises(
        |n| fw(n, |fw| fw.forwarding.statics[0].via.push(Hop::Discard)),
        &[
            "SCN-002 route/0.0.0.0/0: route `0.0.0.0/0` of `fw` discards and sends on at the same time | remove `Discard` or the other hops",
        ],
    );
    raises(
        |n| fw(n, |fw| fw.forwarding.statics[0].via = vec![Hop::Discard]),
        &[],
    );
}

#[test]
fn next_hops_are_neighbours_or_own_interfaces() {
    raises(
        |n| {
            edit(&mut n.nodes, "sw", |sw| {
                let far = [Hop::Node(Id::new("isp")), Hop::Node(Id::new("swx"))];
                sw.forwarding.statics = far.map(|hop| route("10.0.0.0/8", hop)).into();
                sw.forwarding.statics[1].prefix = crate::sample::prefix("10.0.0.0/9");
                sw.forwarding.policies =
                    vec![policy("odd", "staff", "any", Hop::Interface(name("up")))];
            });
        },
        &[
            "SCN-016 route/10.0.0.0/8: route `10.0.0.0/8` of `sw` goes via `isp`, which is no neighbour or interface of the node | it can use `fw`",
            "SCN-004 route/10.0.0.0/8: route `10.0.0.0/9` of `sw` names the node `swx`, which does not exist | a similar name is `sw`",
            "SCN-016 policy/odd: policy route `odd` of `sw` goes via `up`, which is no neighbour or interface of the node | it can use `terms`, `servers`, `core`",
        ],
    );
}

#[test]
fn next_hops_are_in_the_vrf_of_the_route() {
    raises(
        |n| {
            fw(n, |fw| {
                let mut odd = route("10.9.0.0/16", Hop::Node(Id::new("isp")));
                odd.vrf = name("lg");
                fw.forwarding.statics.push(odd);
            });
        },
        &[
            "SCN-016 route/10.9.0.0/16: route `10.9.0.0/16` of `fw` goes via `isp`, which is no neighbour or interface of the node in VRF `lg` | connect a link or segment first",
        ],
    );
    raises(
        |n| {
            let mut second = link("up-lg", "isp", "fw", BitRate::gbps(1.0));
            second.lanes[0].b.vrf = name("lg");
            n.links.put(second);
            fw(n, |fw| {
                let mut fine = route("10.9.0.0/16", Hop::Node(Id::new("isp")));
                fine.vrf = name("lg");
                fw.forwarding.statics.push(fine);
            });
        },
        &[],
    );
}

#[test]
fn one_interface_leads_to_one_place() {
    raises(
        |n| {
            let mut second = link("spare", "fw", "sw", BitRate::gbps(1.0));
            second.lanes[0].b.interface = name("terms");
            n.links.put(second);
        },
        &[
            "SCN-016 link/spare: link `spare` uses the interface `terms` of `sw`, which is in use already | give it an interface name of its own: one name leads to one segment or one VLAN of a link",
        ],
    );
}

#[test]
fn filters_sit_at_points_that_exist_one_at_each() {
    raises(
        |n| {
            fw(n, |fw| {
                let odd = filter(FilterPoint::Out(name("wan")), vec![]);
                fw.forwarding.filters.push(odd);
            });
        },
        &[
            "SCN-016 filter/fw: filter `out wan` of `fw` names `wan`, but `fw` has no such interface or device zone | correct the name, or define it",
        ],
    );
    raises(
        |n| {
            fw(n, |fw| {
                let points = [
                    FilterPoint::Forward,
                    FilterPoint::Out(name("up")),
                    FilterPoint::In(name("Z_DMZ")),
                    FilterPoint::In(name("dmz")),
                ];
                let more = points.map(|p| filter(p, vec![]));
                fw.forwarding.filters.extend(more);
            });
        },
        &[
            "SCN-005 filter/fw: filter `forward` of `fw` sits where another filter sits already | put the rules into one list",
            "SCN-005 filter/fw: filter `in dmz` of `fw` sits where another filter sits already | put the rules into one list",
        ],
    );
}

#[test]
fn device_zones_hold_interfaces() {
    raises(
        |n| {
            fw(n, |fw| {
                fw.forwarding.zones[0].1.push(name("cor"));
                fw.forwarding
                    .zones
                    .push((name("Z_ALL"), vec![name("Z_IN")]));
                fw.forwarding.zones.push((name("Z_NONE"), vec![]));
                fw.forwarding
                    .zones
                    .push((name("core"), vec![name("core"), name("up")]));
                fw.forwarding.zones.push((name("dmz"), vec![name("dmz")]));
            });
        },
        &[
            "SCN-016 node/fw: device zone `Z_ALL` of `fw` holds the device zone `Z_IN` | list interfaces only",
            "SCN-020 node/fw: device zone `Z_NONE` of `fw` has no interface | give it at least one",
            "SCN-019 node/fw: device zone `core` of `fw` shares its name with an interface, so a rule naming it is ambiguous | rename one of them",
            "SCN-016 node/fw: device zone `Z_IN` of `fw` names `cor`, but `fw` has no such interface or device zone | a similar name is `core`",
        ],
    );
}

#[test]
fn names_within_a_node_are_unique() {
    raises(
        |n| {
            fw(n, |fw| {
                let own = &mut fw.forwarding;
                let first = own.filters[0].rules[0].clone();
                own.filters[0].rules.push(first.clone());
                // The same name in another list is another rule.
                own.filters[1].rules.push(FilterRule {
                    incoming: Interfaces::default(),
                    ..first
                });
                own.nat.push(own.nat[0].clone());
                own.policies.push(own.policies[0].clone());
                own.zones.push(own.zones[1].clone());
                own.statics.push(own.statics[0].clone());
                own.originates = vec![(name(""), crate::sample::prefix("10.9.0.0/16")); 2];
            });
            edit(&mut n.nodes, "proxy", |p| {
                if let NodeKind::Proxy(proxy) = &mut p.kind {
                    proxy.rules.push(rule("all", "any", "any", "any"));
                }
            });
        },
        &[
            "SCN-005 rule/web: rule `web` of `fw` is there twice | remove one of them or give it another name",
            "SCN-005 nat/hide: translation `hide` of `fw` is there twice | remove one of them or give it another name",
            "SCN-005 policy/lbo: policy route `lbo` of `fw` is there twice | remove one of them or give it another name",
            "SCN-005 node/fw: device zone `Z_DMZ` of `fw` is there twice | remove one of them or give it another name",
            "SCN-005 route/0.0.0.0/0: route `0.0.0.0/0` of `fw` is there twice | remove one of them or give it another name",
            "SCN-005 node/fw: announced route `10.9.0.0/16` of `fw` is there twice | remove one of them or give it another name",
            "SCN-005 rule/all: rule `all` of `proxy` is there twice | remove one of them or give it another name",
        ],
    );
}

#[test]
fn routes_of_different_vrfs_may_have_one_prefix() {
    raises(
        |n| {
            fw(n, |fw| {
                let mut other = route("0.0.0.0/0", Hop::Discard);
                other.vrf = name("lg");
                fw.forwarding.statics.push(other);
            });
        },
        &[],
    );
}

#[test]
fn a_rule_ends_after_it_begins() {
    let day = |text: &str| Some(text.parse().expect("a date"));
    raises(
        |n| {
            fw(n, |fw| {
                let rules = &mut fw.forwarding.filters[0].rules;
                rules[0].schedule.from = day("2023-07-24");
                rules[0].schedule.until = day("2023-07-22");
                rules[1].schedule.from = day("2023-07-24");
                rules[1].expires = day("2023-07-23");
                rules[2].schedule.from = day("2023-07-24");
                rules[2].schedule.until = day("2023-07-24");
                rules[2].expires = day("2023-07-24");
            });
        },
        &[
            "SCN-013 rule/web: rule `web` of `fw` ends on 2023-07-22, before it begins on 2023-07-24 | put the dates in order",
            "SCN-013 rule/out: rule `out` of `fw` ends on 2023-07-23, before it begins on 2023-07-24 | put the dates in order",
        ],
    );
}

#[test]
fn quantities_of_a_link() {
    raises(
        |n| {
            edit(&mut n.links, "core", |l| {
                l.rate_ab = BitRate::ZERO;
                l.rate_ba = BitRate::new(f64::NAN);
                l.delay = Latency::new(-0.001);
                l.members = 0;
                l.cost = 0;
            });
        },
        &[
            "SCN-010 link/core: link `core` has 0 as its rate, which must be above 0 | give it a value above 0",
            "SCN-010 link/core: link `core` has NaN as its rate back, which must be above 0 | give it a value above 0",
            "SCN-010 link/core: link `core` has -0.001 as its delay, which must not be below 0 | give it 0 or more",
            "SCN-010 link/core: link `core` has 0 as its number of members, which must be above 0 | give it a value above 0",
            "SCN-010 link/core: link `core` has 0 as its cost, which must be above 0 | give it a value above 0",
        ],
    );
}

#[test]
fn lanes_of_a_link() {
    raises(
        |n| {
            n.links.put({
                let mut bare = link("bare", "fw", "sw", BitRate::gbps(1.0));
                bare.lanes.clear();
                bare
            });
            n.links.put({
                let mut trunk = link("trunk", "fw", "sw", BitRate::gbps(1.0));
                let vlans = [Some(1), Some(4094), Some(4095), Some(1), None];
                trunk.lanes = (0..)
                    .zip(vlans)
                    .map(|(i, v)| lane(v, &format!("t{i}")))
                    .collect();
                trunk
            });
        },
        &[
            "SCN-020 link/bare: link `bare` has no lane | give it at least one",
            "SCN-010 link/trunk: link `trunk` has the VLAN number 4095, which is not between 1 and 4094 | use a number from 1 to 4094",
            "SCN-016 link/trunk: link `trunk` carries VLAN 1 twice | change one of the numbers",
        ],
    );
}

#[test]
fn vlans_of_segments() {
    raises(
        |n| {
            edit(&mut n.segments, "terms", |s| s.vlan = Some(0));
            edit(&mut n.segments, "servers", |s| s.vlan = Some(4094));
        },
        &[
            "SCN-010 segment/terms: segment `terms` has the VLAN number 0, which is not between 1 and 4094 | use a number from 1 to 4094",
        ],
    );
}

#[test]
fn capacities_of_nodes() {
    raises(
        |n| {
            fw(n, |fw| {
                fw.throughput = Some(BitRate::ZERO);
                fw.sessions = Some(Sessions::new(f64::INFINITY));
                if let Some(pool) = &mut fw.forwarding.nat_ports {
                    pool.addresses = 0;
                    pool.ports_per_address = 0;
                }
            });
            for relay in ["proxy", "vdi", "cdr", "mta"] {
                edit(&mut n.nodes, relay, |r| exhaust(&mut r.kind));
            }
        },
        &[
            "SCN-010 node/fw: node `fw` has 0 as its throughput, which must be above 0 | give it a value above 0",
            "SCN-010 node/fw: node `fw` has inf as its number of sessions, which must be above 0 | give it a value above 0",
            "SCN-010 node/fw: node `fw` has 0 as its number of global addresses, which must be above 0 | give it a value above 0",
            "SCN-010 node/fw: node `fw` has 0 as its number of ports per address, which must be above 0 | give it a value above 0",
            "SCN-010 node/proxy: node `proxy` has 0 as its number of units, which must be above 0 | give it a value above 0",
            "SCN-010 node/proxy: node `proxy` has 0 as its number of sessions, which must be above 0 | give it a value above 0",
            "SCN-010 node/vdi: node `vdi` has 0 as its number of seats, which must be above 0 | give it a value above 0",
            "SCN-010 node/vdi: node `vdi` has 0 as its bandwidth, which must be above 0 | give it a value above 0",
            "SCN-010 node/cdr: node `cdr` has 0 as its number of workers, which must be above 0 | give it a value above 0",
            "SCN-010 node/cdr: node `cdr` has 0 as its time per file, which must be above 0 | give it a value above 0",
            "SCN-010 node/cdr: node `cdr` has 0 as its limit of the wait, which must be above 0 | give it a value above 0",
            "SCN-010 node/mta: node `mta` has 0 as its number of messages an hour, which must be above 0 | give it a value above 0",
        ],
    );
}

fn exhaust(kind: &mut NodeKind) {
    match kind {
        NodeKind::Proxy(p) => (p.units, p.sessions) = (0, Sessions::ZERO),
        NodeKind::ScreenRelay(s) => (s.seats, s.bandwidth) = (Seats::ZERO, Some(BitRate::ZERO)),
        NodeKind::Sanitiser(s) => {
            (s.workers, s.per_file, s.wait) = (0, Latency::ZERO, Some(Latency::ZERO));
        }
        NodeKind::MailRelay(m) => m.per_hour = Some(FilesPerHour::ZERO),
        other => panic!("{} is no relay", other.word()),
    }
}

#[test]
fn lanes_may_end_in_different_vrfs() {
    raises(
        |n| {
            edit(&mut n.links, "core", |l| {
                let mut second = lane(Some(20), "core-lg");
                second.b = Port {
                    vrf: name("lg"),
                    interface: name("core-lg"),
                };
                l.lanes.push(second);
            });
        },
        &[],
    );
}
