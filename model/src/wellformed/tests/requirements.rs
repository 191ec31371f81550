//! Rules, exceptions, demands and thresholds on their way through the states of a plan.

use super::line;
use super::plan::{add, change, migrate, step};
use crate::change::{Item, Kind, Verb};
use crate::demand::{
    Amount, Application, Curve, Demand, FileUse, HOURS, Measured, ResourceKind, Threshold, Use,
};
use crate::id::Id;
use crate::migration::{Requirements, Step, StepId};
use crate::network::{NodeKind, ZoneRole};
use crate::policy::{Addresses, Services};
use crate::rule::{
    End, Exception, Flow, Hosts, Level, Period, Protected, Provenance, Rule, Spec, Through,
};
use crate::sample::{addresses, at, group, name, segment, services, sound, system, zone};
use crate::service::Service;
use crate::text::Text;
use crate::units::{BitRate, Share, Utilisation};
use crate::wellformed::requirements::WORDS;

fn ends(terms: &[&str]) -> Vec<End> {
    vec![End::Addresses(addresses(terms))]
}

fn flow(from: Vec<End>, to: Vec<End>) -> Flow {
    Flow {
        from,
        to,
        services: Services::any(),
        both: false,
    }
}

fn zone_end(id: &str) -> Vec<End> {
    vec![End::Zone(Id::new(id), Hosts::All)]
}

fn must_reach(flow: Flow) -> Spec {
    Spec::MustReach { flow }
}

fn rule(id: &str, spec: Spec) -> Rule {
    Rule {
        id: Id::new(id),
        label: Text::same(id),
        spec,
        level: Level::Must,
        edition: None,
        source: "a source".to_owned(),
        provenance: Provenance::Assumed,
        period: Period::default(),
        place: at(&format!("rule/{id}")),
    }
}

/// A rule between two steps.
fn during(rule: Rule, from: Option<&str>, until: Option<&str>) -> Rule {
    let period = Period {
        whenever: Vec::new(),
        from: from.map(StepId::new),
        until: until.map(StepId::new),
    };
    Rule { period, ..rule }
}

fn exception(id: &str, rules: &[&str], flow: Flow) -> Exception {
    Exception {
        id: Id::new(id),
        rules: rules.iter().map(|r| Id::new(*r)).collect(),
        flow,
        owner: "an owner".to_owned(),
        reason: "a reason".to_owned(),
        mac_bound: false,
        from: None,
        until: None,
        carries: None,
        evidence: None,
        place: at(&format!("exception/{id}")),
    }
}

fn one_use() -> Use {
    Use {
        active: Share::ALL,
        sessions: 15.0,
        down: BitRate::kbps(75.0),
        up: BitRate::kbps(15.0),
        pixels_down: BitRate::ZERO,
        pixels_up: BitRate::ZERO,
    }
}

fn application(id: &str) -> Application {
    Application {
        id: Id::new(id),
        label: Text::same(id),
        service: Service::tcp(443),
        curve: Curve::flat(),
        direct: Some(one_use()),
        screen: None,
        nature: Default::default(),
        source: "[A]".to_owned(),
        place: at(&format!("application/{id}")),
    }
}

fn demand(id: &str, group: &str, to: &str) -> Demand {
    Demand {
        id: Id::new(id),
        group: Id::new(group),
        application: Id::new("browse"),
        to: name(to),
        amount: Amount::Users,
        nearby: None,
        from: None,
        until: None,
        place: at(&format!("demand/{id}")),
    }
}

/// Step 1 adds the segment, group and system `new`; step 2 takes the system `payroll` away.
fn steps() -> Vec<Step> {
    let new = segment("new-lg", "new", "10.128.0.0/16", "sw");
    let gone = Verb::Remove(Kind::System, name("payroll"));
    vec![
        step(
            "1",
            vec![
                add("zone", Item::Zone(zone("new", ZoneRole::Lgwan))),
                add("segment", Item::Segment(new)),
                add("group", Item::Group(group("new-staff", "new-lg"))),
                add(
                    "system",
                    Item::System(system("new-payroll", "new-lg", "10.128.0.1")),
                ),
            ],
        ),
        step("2", vec![change("gone", gone)]),
    ]
}

#[track_caller]
fn raises_with(steps: Vec<Step>, fill: impl FnOnce(&mut Requirements), expected: &[&str]) {
    let mut requirements = Requirements::default();
    requirements.rules.put(rule("R-1", Spec::NoMixedSegment));
    requirements.applications.put(application("browse"));
    fill(&mut requirements);
    let found = migrate(sound(), steps, requirements)
        .err()
        .unwrap_or_default();
    assert_eq!(found.iter().map(line).collect::<Vec<_>>(), expected);
}

#[track_caller]
fn raises(fill: impl FnOnce(&mut Requirements), expected: &[&str]) {
    raises_with(steps(), fill, expected);
}

#[test]
fn sound_requirements_raise_nothing() {
    raises(
        |r| {
            let role = |role| vec![End::Role(role, Hosts::Relays)];
            let general = flow(role(ZoneRole::GovernmentCloud), role(ZoneRole::Saas));
            r.rules.put(rule("pack", must_reach(general)));
            let named = flow(zone_end("lg"), ends(&["10.9.9.9", "new-payroll", "office"]));
            let spec = Spec::Never {
                flow: named.clone(),
                except: vec![flow(ends(&["any"]), ends(&["any"]))],
            };
            r.rules
                .put(during(rule("named", spec), Some("0"), Some("2")));
            let spec = Spec::OnlyThrough {
                flow: named.clone(),
                through: Through::Node(Id::new("fw")),
            };
            r.rules.put(rule("through", spec));
            r.exceptions.put(exception("e", &["R-1"], named));
            r.demands.put(demand("old", "staff", "payroll"));
            r.demands.put(demand("new", "new-staff", "new-payroll"));
        },
        &[],
    );
}

#[test]
fn a_demand_goes_to_no_zone() {
    raises(
        |r| {
            r.demands.put(demand("zone", "staff", "outside"));
        },
        &[
            "SCN-020 demand/zone: demand `zone` has the destination `outside`, a zone: where its traffic goes is not said | name a system, relay or segment in it",
        ],
    );
}

#[test]
fn steps_have_ids_of_their_own() {
    let mut twice = steps();
    twice[1].id = Id::new("1");
    raises_with(
        twice,
        |_| {},
        &["SCN-005 step/2: step `1` is there twice | give it another id"],
    );
    let mut zero = steps();
    zero[0].id = Id::new("0");
    raises_with(
        zero,
        |_| {},
        &["SCN-005 step/1: step `0` bears the id of today's state | give it another id"],
    );
}

#[test]
fn periods_name_steps_in_order() {
    raises(
        |r| {
            let any = || rule("x", Spec::NothingRetired);
            let put = |r: &mut Requirements, id: &str, from, until| {
                let place = at(&format!("rule/{id}"));
                let id = Id::new(id);
                r.rules
                    .put(during(Rule { id, place, ..any() }, from, until));
            };
            put(r, "fine", Some("1"), Some("2"));
            put(r, "unknown", Some("3"), Some("step-2"));
            put(r, "backwards", Some("2"), Some("1"));
            put(r, "nothing", Some("1"), Some("1"));
            put(r, "never", None, Some("0"));
            let late = Demand {
                from: Some(StepId::new("2")),
                until: Some(StepId::new("0")),
                ..demand("late", "staff", "office")
            };
            r.demands.put(late);
        },
        &[
            "SCN-004 rule/unknown: rule `unknown` names the step `3`, which does not exist | correct the name, or define it",
            "SCN-004 rule/unknown: rule `unknown` names the step `step-2`, which does not exist | correct the name, or define it",
            "SCN-013 rule/backwards: rule `backwards` applies until before it begins | let `from` name a step before `until`",
            "SCN-013 rule/nothing: rule `nothing` applies until before it begins | let `from` name a step before `until`",
            "SCN-013 rule/never: rule `never` applies until before it begins | let `from` name a step before `until`",
            "SCN-013 demand/late: demand `late` applies until before it begins | let `from` name a step before `until`",
        ],
    );
}

#[test]
fn ends_mean_something_in_a_state_they_cover() {
    raises(
        |r| {
            let spec = must_reach(flow(ends(&["payrol"]), ends(&["payroll", "sw", "new"])));
            r.rules.put(rule("typo", spec));
            let spec = must_reach(flow(ends(&["payroll"]), ends(&["new-payroll"])));
            r.rules.put(during(rule("late", spec), Some("2"), None));
            let spec = must_reach(flow(zone_end("new"), zone_end("lgx")));
            r.rules.put(during(rule("early", spec), None, Some("1")));
        },
        &[
            "SCN-004 rule/typo: rule `typo` names the source `payrol`, which does not exist | a similar name is `payroll`",
            "SCN-020 rule/typo: rule `typo` has the destination `sw`, which is a forwarding node without an address of its own | write a name that has addresses, or the addresses themselves",
            "SCN-004 rule/late: rule `late` names the source `payroll`, which does not exist | it exists only in the states `0`, `1`",
            "SCN-004 rule/early: rule `early` names the zone `new`, which does not exist | it exists only in the states `1`, `2`",
            "SCN-004 rule/early: rule `early` names the zone `lgx`, which does not exist | a similar name is `lg`",
        ],
    );
}

#[test]
fn a_zone_that_never_has_a_segment_holds_nothing() {
    let mut more = steps();
    more[0]
        .changes
        .push(add("bare", Item::Zone(zone("bare", ZoneRole::Saas))));
    raises_with(
        more,
        |r| {
            r.rules.put(rule(
                "bare",
                must_reach(flow(zone_end("bare"), zone_end("lg"))),
            ));
        },
        &[
            "SCN-020 rule/bare: rule `bare` has the source `bare`, which is a zone without segments | write a name that has addresses, or the addresses themselves",
        ],
    );
}

#[test]
fn flows_have_two_ends_and_a_service() {
    raises(
        |r| {
            let mut empty = flow(vec![], ends(&[]));
            empty.services = services(&[]);
            r.rules.put(rule("empty", must_reach(empty)));
            let mut odd = flow(ends(&["any"]), ends(&["any"]));
            odd.services = services(&["wab"]);
            let mut nothing = flow(ends(&["any"]), ends(&["any"]));
            nothing.services.negated = true;
            nothing.to = vec![End::Addresses(Addresses {
                negated: true,
                ..Addresses::any()
            })];
            let spec = Spec::Never {
                flow: odd,
                except: vec![nothing],
            };
            r.rules.put(rule("odd", spec));
        },
        &[
            "SCN-020 rule/empty: rule `empty` has no source | give it at least one",
            "SCN-020 rule/empty: rule `empty` has an empty destination, which matches nothing | write `any`, a name or an address",
            "SCN-020 rule/empty: rule `empty` has an empty service, which matches nothing | write `any`, a name or an address",
            "SCN-004 rule/odd: rule `odd` names the service `wab`, which does not exist | a similar name is `web`",
            "SCN-020 rule/odd: rule `odd` has everything but `any` as its destination, which matches nothing | take the `not` away",
            "SCN-020 rule/odd: rule `odd` has everything but `any` as its service, which matches nothing | take the `not` away",
        ],
    );
}

#[test]
fn waypoints_forward() {
    raises(
        |r| {
            let ways = [
                Through::Kind(name("Firewal")),
                Through::Kind(name("Proxy")),
                Through::Kind(name("Carrier")),
                Through::Node(Id::new("fx")),
                Through::Node(Id::new("proxy")),
            ];
            for (i, through) in ways.into_iter().enumerate() {
                let flow = flow(ends(&["any"]), ends(&["any"]));
                let spec = Spec::OnlyThrough { flow, through };
                r.rules.put(rule(&format!("w{i}"), spec));
            }
            for kind in ["LgwanEdge", "Proxy", "LgwanEgde"] {
                let what = Protected::Kind(name(kind));
                r.rules.put(rule(kind, Spec::Unchanged { what }));
            }
        },
        &[
            "SCN-004 rule/w0: rule `w0` names the kind of node `Firewal`, which does not exist | it can be `Router`, `L3Switch`, `Firewall`, `LgwanEdge`, `SecurityCloud`, `Carrier`, `Gateway`",
            "SCN-016 rule/w1: rule `w1` has the waypoint `Proxy`, which does not forward packets | name a forwarding node; a conversation's legs end at a relay",
            "SCN-004 rule/w3: rule `w3` names the node `fx`, which does not exist | a similar name is `fw`",
            "SCN-016 rule/w4: rule `w4` has the waypoint `proxy`, which does not forward packets | name a forwarding node; a conversation's legs end at a relay",
            "SCN-004 rule/LgwanEgde: rule `LgwanEgde` names the kind of node `LgwanEgde`, which does not exist | it can be `Router`, `L3Switch`, `Firewall`, `LgwanEdge`, `SecurityCloud`, `Carrier`, `Gateway`, `Proxy`, `ScreenRelay`, `Sanitiser`, `MailRelay`",
        ],
    );
}

/// Where the word for a kind of node stands; a new kind does not compile without its place.
fn position(kind: &NodeKind) -> usize {
    match kind {
        NodeKind::Router => 0,
        NodeKind::L3Switch => 1,
        NodeKind::Firewall => 2,
        NodeKind::LgwanEdge => 3,
        NodeKind::SecurityCloud => 4,
        NodeKind::Carrier => 5,
        NodeKind::Gateway => 6,
        NodeKind::Proxy(_) => 7,
        NodeKind::ScreenRelay(_) => 8,
        NodeKind::Sanitiser(_) => 9,
        NodeKind::MailRelay(_) => 10,
    }
}

#[test]
fn every_kind_of_node_has_its_word_and_relays_come_last() {
    let network = sound();
    let others = [
        NodeKind::Router,
        NodeKind::LgwanEdge,
        NodeKind::SecurityCloud,
        NodeKind::Gateway,
    ];
    let kinds = network.nodes.iter().map(|n| &n.kind).chain(&others);
    let mut seen: Vec<usize> = Vec::new();
    for kind in kinds {
        assert_eq!(WORDS[position(kind)], kind.word());
        assert_eq!(position(kind) >= 7, kind.is_relay(), "{}", kind.word());
        seen.push(position(kind));
    }
    seen.sort_unstable();
    assert_eq!(seen, (0..WORDS.len()).collect::<Vec<_>>());
}

#[test]
fn exceptions_name_rules_and_dates_in_order() {
    raises(
        |r| {
            let any = || flow(ends(&["any"]), ends(&["office"]));
            r.exceptions.put(exception("none", &[], any()));
            r.exceptions.put(exception(
                "odd",
                &["R-2"],
                flow(ends(&["any"]), ends(&["ofice"])),
            ));
            r.exceptions.put(Exception {
                from: "2026-03-31".parse().ok(),
                until: "2020-04-01".parse().ok(),
                ..exception("backwards", &["R-1"], any())
            });
            let rules = vec![Id::new("R-1"), Id::new("I-MN-01")];
            r.rules.put(rule(
                "limit",
                Spec::LimitedExceptions {
                    rules,
                    most: 256,
                    needs: Vec::new(),
                    services: None,
                },
            ));
        },
        &[
            "SCN-004 rule/limit: rule `limit` names the rule `I-MN-01`, which does not exist | correct the name, or define it",
            "SCN-020 exception/none: exception `none` has no rule | give it at least one",
            "SCN-004 exception/odd: exception `odd` names the rule `R-2`, which does not exist | a similar name is `R-1`",
            "SCN-004 exception/odd: exception `odd` names the destination `ofice`, which does not exist | a similar name is `office`",
            "SCN-013 exception/backwards: exception `backwards` ends on 2020-04-01, before it begins on 2026-03-31 | put the dates in order",
        ],
    );
}

#[test]
fn demands_have_both_ends_and_an_application() {
    raises(
        |r| {
            r.demands.put(Demand {
                application: Id::new("browze"),
                ..demand("odd", "stuff", "payrol")
            });
            r.demands.put(demand("router", "staff", "fw"));
            r.demands.put(Demand {
                from: Some(StepId::new("2")),
                ..demand("late", "staff", "payroll")
            });
        },
        &[
            "SCN-004 demand/odd: demand `odd` names the application `browze`, which does not exist | a similar name is `browse`",
            "SCN-004 demand/odd: demand `odd` names the host group `stuff`, which does not exist | a similar name is `staff`",
            "SCN-004 demand/odd: demand `odd` names the destination `payrol`, which does not exist | a similar name is `payroll`",
            "SCN-020 demand/router: demand `router` has the destination `fw`, which is a forwarding node without an address of its own | write a name that has addresses, or the addresses themselves",
            "SCN-004 demand/late: demand `late` names the destination `payroll`, which does not exist | it exists only in the states `0`, `1`",
        ],
    );
}

#[test]
fn both_ends_of_a_demand_are_there_at_the_same_time() {
    let mut apart = steps();
    let early = change("early", Verb::Remove(Kind::System, name("payroll")));
    apart[0].changes.insert(0, early);
    apart[1].changes.clear();
    raises_with(
        apart,
        |r| r.demands.put(demand("apart", "new-staff", "payroll")),
        &[
            "SCN-020 demand/apart: demand `apart` has a host group and a destination that are never there at the same time | let `from` and `until` name steps between which both exist",
        ],
    );
}

#[test]
fn numbers_of_applications_and_demands() {
    raises(
        |r| {
            let mut odd = application("odd");
            odd.direct = Some(Use {
                sessions: f64::NAN,
                up: BitRate::new(-1.0),
                ..one_use()
            });
            r.applications.put(odd);
            let mut nothing = application("browse");
            nothing.direct = None;
            r.applications.put(nothing);
            r.demands.put(demand("users", "staff", "payroll"));
            r.demands.put(Demand {
                amount: Amount::Files(FileUse {
                    per_day: -1.0,
                    bytes: f64::INFINITY,
                }),
                ..demand("files", "staff", "payroll")
            });
            let mut hours = [Measured::default(); HOURS];
            hours[9].down = BitRate::new(-5.0);
            r.demands.put(Demand {
                amount: Amount::Measured(Box::new(hours)),
                ..demand("measured", "staff", "payroll")
            });
        },
        &[
            "SCN-020 application/browse: application `browse` can be used in no way | give what one user spends in `direct` or `screen`",
            "SCN-010 application/odd: application `odd` has NaN as its number of sessions, which must not be below 0 | give it 0 or more",
            "SCN-010 application/odd: application `odd` has -1 as its rate up, which must not be below 0 | give it 0 or more",
            "SCN-010 demand/files: demand `files` has -1 as its number of files a day, which must not be below 0 | give it 0 or more",
            "SCN-010 demand/files: demand `files` has inf as its mean size, which must not be below 0 | give it 0 or more",
            "SCN-010 demand/measured: demand `measured` has -5 as its rate down, which must not be below 0 | give it 0 or more",
        ],
    );
}

#[test]
fn a_threshold_warns_before_it_is_full() {
    let limit = |warn, full| Threshold {
        warn: Utilisation::new(warn),
        full: Utilisation::new(full),
    };
    raises(
        |r| {
            r.thresholds.set(ResourceKind::Link, limit(0.9, 0.8));
            r.thresholds.set(ResourceKind::Seats, limit(0.0, 1.0));
            r.thresholds.set(ResourceKind::Files, limit(1.0, 1.0));
        },
        &[
            "SCN-010 start: threshold `Link` has 90 % and 80 %, which are not in order | let `warn` be above 0 and at most `full`",
            "SCN-010 start: threshold `Seats` has 0 % and 100 %, which are not in order | let `warn` be above 0 and at most `full`",
        ],
    );
}
