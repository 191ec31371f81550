//! Addresses: overlaps, host bits, hosts outside their segment.

use super::raises;
use crate::network::{Network, Segment};
use crate::sample::{edit, group, prefix, range, segment, system};

fn reused(id: &str, gateway: &str, vrf: &str) -> Segment {
    let mut twin = segment(id, "lg", "192.168.10.0/24", gateway);
    twin.reused = true;
    twin.gateways[0].vrf = crate::sample::name(vrf);
    twin
}

fn add(n: &mut Network, segments: impl IntoIterator<Item = Segment>) {
    segments.into_iter().for_each(|s| n.segments.put(s));
}

#[test]
fn two_segments_claim_the_same_addresses() {
    raises(
        |n| n.segments.put(segment("new", "lg", "10.72.0.0/16", "sw")),
        &[
            "SCN-008 segment/new: segment `new` claims `10.72.0.0/16`, which overlaps `10.72.0.0/20` of segment `servers` | choose another prefix, or, if translation hides them, mark both `reused: true` and keep them in different VRFs",
        ],
    );
}

#[test]
fn a_segment_claims_an_address_twice() {
    raises(
        |n| {
            edit(&mut n.segments, "terms", |s| {
                s.prefixes.push(prefix("10.64.1.0/24"));
            });
        },
        &[
            "SCN-008 segment/terms: segment `terms` claims `10.64.1.0/24`, which overlaps `10.64.0.0/18` of segment `terms` | choose another prefix, or, if translation hides them, mark both `reused: true` and keep them in different VRFs",
        ],
    );
}

#[test]
fn reused_addresses_may_meet_only_in_different_vrfs() {
    raises(
        |n| add(n, [reused("a", "sw", "x"), reused("b", "sw", "y")]),
        &[],
    );
    raises(
        |n| add(n, [reused("a", "sw", ""), reused("b", "fw", "")]),
        &[],
    );
    raises(
        |n| add(n, [reused("a", "sw", ""), reused("b", "sw", "")]),
        &[
            "SCN-008 segment/b: segment `b` claims `192.168.10.0/24`, which overlaps `192.168.10.0/24` of segment `a` | choose another prefix, or, if translation hides them, mark both `reused: true` and keep them in different VRFs",
        ],
    );
    raises(
        |n| {
            let honest = reused("a", "sw", "x");
            let silent = Segment {
                reused: false,
                ..reused("b", "sw", "y")
            };
            add(n, [honest, silent]);
        },
        &[
            "SCN-008 segment/b: segment `b` claims `192.168.10.0/24`, which overlaps `192.168.10.0/24` of segment `a` | choose another prefix, or, if translation hides them, mark both `reused: true` and keep them in different VRFs",
        ],
    );
}

#[test]
fn an_external_segment_takes_what_is_left_and_there_is_one_of_it() {
    raises(
        |n| {
            let other = Segment {
                external: true,
                ..segment("lgwan", "lg", "10.0.0.0/8", "isp")
            };
            n.segments.put(other);
        },
        &[
            "SCN-008 segment/lgwan: segment `lgwan` claims `10.0.0.0/8`, which overlaps `0.0.0.0/0` of segment `world` | choose another prefix, or, if translation hides them, mark both `reused: true` and keep them in different VRFs",
        ],
    );
}

#[test]
fn a_segment_has_no_prefix() {
    raises(
        |n| {
            let mut bare = segment("bare", "lg", "10.128.0.0/16", "sw");
            bare.prefixes.clear();
            n.segments.put(bare);
        },
        &["SCN-020 segment/bare: segment `bare` has no prefix | give it at least one"],
    );
}

#[test]
fn prefixes_have_no_host_bits() {
    raises(
        |n| {
            n.segments.put(segment("new", "lg", "10.128.0.1/16", "sw"));
            edit(&mut n.nodes, "fw", |fw| {
                fw.forwarding.statics[0].prefix = prefix("10.0.0.1/8");
                fw.forwarding
                    .originates
                    .push((crate::sample::name(""), prefix("10.9.9.9/24")));
            });
        },
        &[
            "SCN-007 segment/new: segment `new` has `10.128.0.1/16`, which has host bits set | the network is `10.128.0.0/16`",
            "SCN-007 route/0.0.0.0/0: route `10.0.0.1/8` of `fw` has `10.0.0.1/8`, which has host bits set | the network is `10.0.0.0/8`",
            "SCN-007 node/fw: node `fw` has `10.9.9.9/24`, which has host bits set | the network is `10.9.9.0/24`",
        ],
    );
}

#[test]
fn hosts_lie_in_their_segment() {
    raises(
        |n| {
            edit(&mut n.groups, "staff", |g| {
                g.addresses = vec![range("10.64.63.0-10.64.64.9")];
            });
            edit(&mut n.systems, "payroll", |s| {
                s.addresses = vec![range("10.73.3.10")];
            });
            edit(&mut n.nodes, "mta", |m| {
                m.endpoint = Some(crate::sample::endpoint("dmz", "172.20.66.40", None));
            });
        },
        &[
            "SCN-009 node/mta: node `mta` has the address `172.20.66.40`, which lies outside segment `dmz` | the segment holds `172.20.65.0/24`",
            "SCN-009 group/staff: host group `staff` has the address `10.64.63.0-10.64.64.9`, which lies outside segment `terms` | the segment holds `10.64.0.0/18`",
            "SCN-009 system/payroll: system `payroll` has the address `10.73.3.10`, which lies outside segment `servers` | the segment holds `10.72.0.0/20`",
        ],
    );
}

#[test]
fn a_range_may_span_neighbouring_prefixes_of_its_segment() {
    raises(
        |n| {
            edit(&mut n.segments, "terms", |s| {
                s.prefixes.push(prefix("10.64.64.0/24"));
            });
            edit(&mut n.groups, "staff", |g| {
                g.addresses = vec![range("10.64.63.0-10.64.64.9")];
            });
        },
        &[],
    );
}

#[test]
fn hosts_outside_may_not_use_what_is_claimed_inside() {
    raises(
        |n| {
            n.groups.put({
                let mut partner = group("partner", "world");
                partner.addresses = vec![range("198.51.100.7"), range("10.72.6.20")];
                partner
            });
        },
        &[
            "SCN-009 group/partner: host group `partner` has the address `10.72.6.20`, which lies outside segment `world` | the segment holds `0.0.0.0-10.63.255.255`, `10.64.64.0-10.71.255.255`, `10.72.16.0-172.20.64.255`, `172.20.66.0-255.255.255.255`",
        ],
    );
}

#[test]
fn one_address_belongs_to_one_server() {
    raises(
        |n| {
            n.systems
                .put(system("gis", "servers", "10.72.3.8-10.72.3.12"));
            n.systems.put(system("front", "dmz", "172.20.65.10"));
        },
        &[
            "SCN-008 system/gis: system `gis` has the address `10.72.3.8-10.72.3.12`, which system `payroll` has too | give one of them another address",
            "SCN-008 system/front: system `front` has the address `172.20.65.10`, which node `proxy` has too | give one of them another address",
        ],
    );
}

#[test]
fn servers_behind_reused_prefixes_may_look_alike() {
    raises(
        |n| {
            add(n, [reused("a", "sw", "x"), reused("b", "sw", "y")]);
            n.systems.put(system("print-a", "a", "192.168.10.5"));
            n.systems.put(system("print-b", "b", "192.168.10.5"));
        },
        &[],
    );
}

#[test]
fn a_server_has_an_address() {
    raises(
        |n| {
            edit(&mut n.systems, "payroll", |s| s.addresses.clear());
            edit(&mut n.nodes, "cdr", |c| {
                if let Some(e) = &mut c.endpoint {
                    e.addresses.clear();
                }
            });
        },
        &[
            "SCN-020 node/cdr: node `cdr` has no address | give it at least one",
            "SCN-020 system/payroll: system `payroll` has no address | give it at least one",
        ],
    );
}
