//! Configured sets: unknown names, sets that hold nothing, circles.

use super::raises;
use crate::network::{Network, NodeKind, ZoneRole};
use crate::policy::{Addresses, FilterRule, Interfaces, NatRule, PolicyRoute, Services};
use crate::sample::{
    access, addresses, edit, endpoint, name, object, service, services, sound, zone,
};

fn first_rule(n: &mut Network, change: impl FnOnce(&mut FilterRule)) {
    edit(&mut n.nodes, "fw", |fw| {
        change(&mut fw.forwarding.filters[0].rules[0]);
    });
}

fn first_nat(n: &mut Network, change: impl FnOnce(&mut NatRule)) {
    edit(&mut n.nodes, "fw", |fw| change(&mut fw.forwarding.nat[0]));
}

fn policy(n: &mut Network, change: impl FnOnce(&mut PolicyRoute)) {
    edit(&mut n.nodes, "fw", |fw| {
        change(&mut fw.forwarding.policies[0]);
    });
}

#[test]
fn a_rule_names_an_unknown_source() {
    raises(
        |n| first_rule(n, |r| r.source = addresses(&["staf"])),
        &[
            "SCN-004 rule/web: rule `web` of `fw` names the source `staf`, which does not exist | a similar name is `staff`",
        ],
    );
}

#[test]
fn a_rule_names_an_unknown_destination_and_service() {
    raises(
        |n| {
            first_rule(n, |r| {
                r.destination = addresses(&["dmz", "payrol"]);
                r.service = services(&["wev"]);
            });
        },
        &[
            "SCN-004 rule/web: rule `web` of `fw` names the destination `payrol`, which does not exist | a similar name is `payroll`",
            "SCN-004 rule/web: rule `web` of `fw` names the service `wev`, which does not exist | a similar name is `web`",
        ],
    );
}

#[test]
fn a_service_is_no_address_and_an_address_no_service() {
    raises(
        |n| {
            first_rule(n, |r| {
                r.source = addresses(&["more"]);
                r.service = services(&["office"]);
            });
        },
        &[
            "SCN-004 rule/web: rule `web` of `fw` names the source `more`, which does not exist | correct the name, or define it",
            "SCN-004 rule/web: rule `web` of `fw` names the service `office`, which does not exist | correct the name, or define it",
        ],
    );
}

#[test]
fn a_translation_names_an_unknown_source() {
    raises(
        |n| first_nat(n, |r| r.source = addresses(&["dmz-1"])),
        &[
            "SCN-004 nat/hide: translation `hide` of `fw` names the source `dmz-1`, which does not exist | correct the name, or define it",
        ],
    );
}

#[test]
fn a_policy_route_names_an_unknown_destination() {
    raises(
        |n| policy(n, |r| r.destination = addresses(&["worlds"])),
        &[
            "SCN-004 policy/lbo: policy route `lbo` of `fw` names the destination `worlds`, which does not exist | a similar name is `world`",
        ],
    );
}

#[test]
fn a_proxy_rule_names_an_unknown_source() {
    raises(
        |n| {
            edit(&mut n.nodes, "proxy", |p| {
                if let NodeKind::Proxy(proxy) = &mut p.kind {
                    proxy.rules[0].source = addresses(&["vdx"]);
                }
            });
        },
        &[
            "SCN-004 rule/all: rule `all` of `proxy` names the source `vdx`, which does not exist | a similar name is `vdi`",
        ],
    );
}

#[test]
fn a_screen_relay_publishes_something_unknown() {
    raises(
        |n| {
            edit(&mut n.nodes, "vdi", |p| {
                if let NodeKind::ScreenRelay(relay) = &mut p.kind {
                    relay.publishes = addresses(&["www"]);
                }
            });
        },
        &[
            "SCN-004 node/vdi: node `vdi` names the published target `www`, which does not exist | correct the name, or define it",
        ],
    );
}

#[test]
fn an_object_and_a_service_name_something_unknown() {
    raises(
        |n| {
            n.objects.put(object("wide", &["ofice"]));
            n.services.put(service("more", &["wep"]));
        },
        &[
            "SCN-004 object/wide: address object `wide` names the address `ofice`, which does not exist | a similar name is `office`",
            "SCN-004 service/more: service object `more` names the service `wep`, which does not exist | a similar name is `web`",
        ],
    );
}

#[test]
fn an_access_table_names_an_unknown_destination() {
    raises(
        |n| n.access.put(access("pac", &[("offic", "Direct")])),
        &[
            "SCN-004 access/pac: access table `pac` names the destination `offic`, which does not exist | a similar name is `office`",
        ],
    );
}

#[test]
fn an_empty_list_of_terms_is_a_mistake() {
    raises(
        |n| {
            first_rule(n, |r| {
                r.source = addresses(&[]);
                r.service = services(&[]);
            });
        },
        &[
            "SCN-020 rule/web: rule `web` of `fw` has an empty source, which matches nothing | write `any`, a name or an address",
            "SCN-020 rule/web: rule `web` of `fw` has an empty service, which matches nothing | write `any`, a name or an address",
        ],
    );
}

#[test]
fn everything_but_any_is_nothing() {
    raises(
        |n| {
            first_rule(n, |r| {
                r.destination = Addresses {
                    negated: true,
                    ..Addresses::any()
                };
                r.service = Services {
                    negated: true,
                    ..Services::any()
                };
            });
        },
        &[
            "SCN-020 rule/web: rule `web` of `fw` has everything but `any` as its destination, which matches nothing | take the `not` away",
            "SCN-020 rule/web: rule `web` of `fw` has everything but `any` as its service, which matches nothing | take the `not` away",
        ],
    );
}

#[test]
fn a_zone_without_segments_holds_nothing() {
    raises(
        |n| {
            n.zones.put(zone("new", ZoneRole::Lgwan));
            first_rule(n, |r| r.source = addresses(&["new"]));
        },
        &[
            "SCN-020 rule/web: rule `web` of `fw` has the source `new`, which is a zone without segments | write a name that has addresses, or the addresses themselves",
        ],
    );
}

#[test]
fn a_forwarding_node_holds_no_address() {
    raises(
        |n| first_rule(n, |r| r.source = addresses(&["sw"])),
        &[
            "SCN-020 rule/web: rule `web` of `fw` has the source `sw`, which is a forwarding node without an address of its own | write a name that has addresses, or the addresses themselves",
        ],
    );
}

#[test]
fn a_service_object_cannot_be_negated() {
    raises(
        |n| edit(&mut n.services, "web", |s| s.services.negated = true),
        &[
            "SCN-002 service/web: service object `web` is negated, which a service object cannot be | write `not: [Service]` in the rule that uses it",
        ],
    );
}

#[test]
fn objects_and_services_that_hold_themselves() {
    raises(
        |n| {
            n.objects.put(object("office", &["terms", "wide"]));
            n.services.put(service("web", &["tcp/80", "web"]));
        },
        &[
            "SCN-014 object/office: address object `office` leads back to itself: `office` → `wide` → `office` | take one of these references away",
            "SCN-014 service/web: service object `web` leads back to itself: `web` → `web` | take one of these references away",
        ],
    );
}

#[test]
fn objects_nest_as_deep_as_they_are_looked_up() {
    let chain = |n: &mut Network, length: usize| {
        n.objects.put(object("o1", &["10.9.9.9"]));
        for i in 2..=length {
            n.objects
                .put(object(&format!("o{i}"), &[&format!("o{}", i - 1)]));
        }
    };
    let mut deepest = sound();
    chain(&mut deepest, 32);
    let held = deepest.named_addresses(&name("o32")).expect("an object");
    assert_eq!(held.items.len(), 1, "the deepest allowed chain is resolved");
    raises(|n| chain(n, 32), &[]);
    raises(
        |n| chain(n, 34),
        &[
            "SCN-010 object/o33: address object `o33` is nested more than 32 deep | flatten some of the objects it holds",
        ],
    );
}

/// Gives `proxy` and `vdi` these tables.
fn tables(n: &mut Network, proxy: &[(&str, &str)], vdi: &[(&str, &str)]) {
    n.access.put(access("proxy-way", proxy));
    n.access.put(access("vdi-way", vdi));
    edit(&mut n.nodes, "proxy", |p| {
        p.endpoint = Some(endpoint("dmz", "172.20.65.10", Some("proxy-way")));
    });
}

#[test]
fn relays_that_hand_a_destination_round_in_a_circle() {
    raises(
        |n| {
            tables(
                n,
                &[("office", "Direct"), ("any", "vdi")],
                &[("any", "proxy")],
            );
        },
        &[
            "SCN-014 node/proxy: node `proxy` leads back to itself: `proxy` → `vdi` → `proxy` (for example to `0.0.0.0`) | let the access table of one of them send it `Direct`",
        ],
    );
}

#[test]
fn relays_may_use_one_another_for_different_destinations() {
    raises(
        |n| {
            tables(
                n,
                &[("office", "vdi"), ("any", "Direct")],
                &[("office", "Direct"), ("any", "proxy")],
            );
        },
        &[],
    );
}

#[test]
fn relays_may_use_one_another_for_different_services() {
    raises(
        |n| {
            tables(n, &[("any", "vdi")], &[("any", "proxy")]);
            edit(&mut n.access, "proxy-way", |a| {
                a.entries[0].service = services(&["tcp/25"]);
            });
            edit(&mut n.access, "vdi-way", |a| {
                a.entries[0].service = services(&["tcp/443"]);
            });
        },
        &[],
    );
}

#[test]
fn interfaces_of_rules_must_exist() {
    raises(
        |n| {
            first_rule(n, |r| {
                r.incoming = Interfaces::of(vec![name("Z_ON")]);
                r.outgoing = Interfaces::of(vec![name("dmz"), name("elsewhere")]);
            });
            first_nat(n, |r| r.outgoing = Interfaces::of(vec![name("wan")]));
            policy(n, |r| r.incoming = Interfaces::of(vec![name("dmz0")]));
        },
        &[
            "SCN-016 rule/web: rule `web` of `fw` names `Z_ON`, but `fw` has no such interface or device zone | a similar name is `Z_IN`",
            "SCN-016 rule/web: rule `web` of `fw` names `elsewhere`, but `fw` has no such interface or device zone | correct the name, or define it",
            "SCN-016 nat/hide: translation `hide` of `fw` names `wan`, but `fw` has no such interface or device zone | correct the name, or define it",
            "SCN-016 policy/lbo: policy route `lbo` of `fw` names `dmz0`, but `fw` has no such interface or device zone | a similar name is `dmz`",
        ],
    );
}
