//! References between things, and the parts they play.

use super::raises;
use crate::id::Id;
use crate::sample::{access, edit, endpoint, group, link, segment};
use crate::units::BitRate;

#[test]
fn a_segment_names_an_unknown_zone() {
    raises(
        |n| edit(&mut n.segments, "terms", |s| s.zone = Id::new("lgw")),
        &[
            "SCN-004 segment/terms: segment `terms` names the zone `lgw`, which does not exist | a similar name is `lg`",
        ],
    );
}

#[test]
fn a_segment_names_an_unknown_site() {
    raises(
        |n| edit(&mut n.segments, "terms", |s| s.site = Id::new("branch-7")),
        &[
            "SCN-004 segment/terms: segment `terms` names the site `branch-7`, which does not exist | correct the name, or define it",
        ],
    );
}

#[test]
fn a_gateway_is_unknown() {
    raises(
        |n| n.segments.put(segment("new", "lg", "10.128.0.0/16", "swx")),
        &[
            "SCN-004 segment/new: segment `new` names the node `swx`, which does not exist | a similar name is `sw`",
        ],
    );
}

#[test]
fn a_gateway_relays_instead_of_forwarding() {
    raises(
        |n| {
            n.segments
                .put(segment("new", "lg", "10.128.0.0/16", "proxy"));
        },
        &[
            "SCN-016 segment/new: segment `new` has the gateway `proxy` (Proxy), which does not forward packets | put a relay into a segment with `at`, and connect forwarding nodes only",
        ],
    );
}

#[test]
fn a_segment_without_gateway_is_isolated_and_sound() {
    raises(
        |n| {
            let mut alone = segment("alone", "lg", "10.128.0.0/16", "sw");
            alone.gateways.clear();
            n.segments.put(alone);
        },
        &[],
    );
}

#[test]
fn a_node_names_an_unknown_site() {
    raises(
        |n| edit(&mut n.nodes, "sw", |s| s.site = Id::new("hg")),
        &[
            "SCN-004 node/sw: node `sw` names the site `hg`, which does not exist | a similar name is `hq`",
        ],
    );
}

#[test]
fn a_relay_stands_in_an_unknown_segment() {
    raises(
        |n| {
            edit(&mut n.nodes, "cdr", |s| {
                s.endpoint = Some(endpoint("dmx", "172.20.65.30", None));
            });
        },
        &[
            "SCN-004 node/cdr: node `cdr` names the segment `dmx`, which does not exist | a similar name is `dmz`",
        ],
    );
}

#[test]
fn a_relay_has_an_unknown_access_table() {
    raises(
        |n| {
            edit(&mut n.nodes, "cdr", |s| {
                s.endpoint = Some(endpoint("dmz", "172.20.65.30", Some("vdi-wey")));
            });
        },
        &[
            "SCN-004 node/cdr: node `cdr` names the access table `vdi-wey`, which does not exist | a similar name is `vdi-way`",
        ],
    );
}

#[test]
fn a_link_ends_nowhere() {
    raises(
        |n| n.links.put(link("spare", "sw", "fwx", BitRate::gbps(1.0))),
        &[
            "SCN-004 link/spare: link `spare` names the node `fwx`, which does not exist | a similar name is `fw`",
        ],
    );
}

#[test]
fn a_link_ends_at_a_relay() {
    raises(
        |n| n.links.put(link("spare", "vdi", "sw", BitRate::gbps(1.0))),
        &[
            "SCN-016 link/spare: link `spare` has the end `vdi` (ScreenRelay), which does not forward packets | put a relay into a segment with `at`, and connect forwarding nodes only",
        ],
    );
}

#[test]
fn a_link_leads_back_to_where_it_began() {
    raises(
        |n| {
            let mut loopback = link("spare", "sw", "sw", BitRate::gbps(1.0));
            loopback.lanes[0].b.interface = crate::sample::name("spare-b");
            n.links.put(loopback);
        },
        &[
            "SCN-016 link/spare: link `spare` leads from `sw` to itself | give it two different ends",
        ],
    );
}

#[test]
fn a_group_names_what_is_not_there() {
    raises(
        |n| {
            let mut odd = group("odd", "term");
            odd.zone = Some(Id::new("terms"));
            odd.access = Some(Id::new("PAC"));
            n.groups.put(odd);
        },
        &[
            "SCN-004 group/odd: host group `odd` names the segment `term`, which does not exist | a similar name is `terms`",
            "SCN-004 group/odd: host group `odd` names the zone `terms`, which does not exist | `terms` is the name of a segment",
            "SCN-004 group/odd: host group `odd` names the access table `PAC`, which does not exist | correct the name, or define it",
        ],
    );
}

#[test]
fn a_system_stands_in_an_unknown_segment() {
    raises(
        |n| {
            edit(&mut n.systems, "payroll", |s| {
                s.segment = Id::new("serverz");
            });
        },
        &[
            "SCN-004 system/payroll: system `payroll` names the segment `serverz`, which does not exist | a similar name is `servers`",
        ],
    );
}

#[test]
fn an_access_table_sends_via_nobody() {
    raises(
        |n| n.access.put(access("vdi-way", &[("any", "proxi")])),
        &[
            "SCN-004 access/vdi-way: access table `vdi-way` names the node `proxi`, which does not exist | a similar name is `proxy`",
        ],
    );
}

#[test]
fn an_access_table_sends_via_a_router() {
    raises(
        |n| n.access.put(access("vdi-way", &[("any", "fw")])),
        &[
            "SCN-016 access/vdi-way: access table `vdi-way` sends via `fw` (Firewall), which is no relay | name a Proxy, ScreenRelay, Sanitiser or MailRelay, or write `Direct`",
        ],
    );
}

#[test]
fn an_access_table_names_relays_in_order() {
    raises(
        |n| n.access.put(access("pac", &[("any", "proxy vdi")])),
        &[],
    );
    raises(
        |n| n.access.put(access("pac", &[("any", "proxy proxy fw")])),
        &[
            "SCN-005 access/pac: access table `pac` names `proxy` twice in one entry | remove one of them",
            "SCN-016 access/pac: access table `pac` sends via `fw` (Firewall), which is no relay | name a Proxy, ScreenRelay, Sanitiser or MailRelay, or write `Direct`",
        ],
    );
    raises(
        |n| n.access.put(access("pac", &[("any", "")])),
        &["SCN-020 access/pac: access table `pac` has no relay to send by | give it at least one"],
    );
}

#[test]
fn one_name_for_two_kinds_of_things_is_ambiguous() {
    raises(
        |n| n.groups.put(group("servers", "servers")),
        &[
            "SCN-019 group/servers: host group `servers` shares its name with another kind of thing (segment), so a rule naming it is ambiguous | rename one of them",
        ],
    );
}

#[test]
fn sites_links_and_access_tables_have_names_of_their_own() {
    raises(
        |n| {
            n.sites.put(crate::sample::site("staff"));
            n.access.put(access("staff", &[("any", "Direct")]));
            n.services.put(crate::sample::service("staff", &["tcp/22"]));
        },
        &[],
    );
}
