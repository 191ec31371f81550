//! Plans: every prefix is a well-formed network, and each mistake is told once, with its change.

use super::line;
use crate::change::{Change, Client, Item, Kind, ListAt, Position, RuleList, Verb};
use crate::id::Id;
use crate::migration::{Migration, Model, Order, Requirements, Start, Step};
use crate::network::{Gateway, Network, ZoneRole};
use crate::policy::{FilterPoint, Hop, Interfaces};
use crate::problem::Problem;
use crate::sample::{
    access, addresses, at, edit, endpoint, group, name, object, prefix, range, route, rule,
    segment, sound, system, zone,
};
use crate::text::Text;

/// A change at `change/NAME`.
pub(super) fn change(name: &str, verb: Verb) -> Change {
    Change {
        verb,
        place: at(&format!("change/{name}")),
    }
}

pub(super) fn add(name: &str, item: Item) -> Change {
    change(name, Verb::Add(item))
}

/// A step in order, on the first of the month of its number.
pub(super) fn step(id: &str, changes: Vec<Change>) -> Step {
    Step {
        id: Id::new(id),
        label: Text::same(id),
        model: Model::Alpha,
        date: format!("2023-{:0>2}-01", id).parse().expect("a date"),
        order: Order::InOrder,
        blocks: Vec::new(),
        rollback: None,
        undoes: None,
        confirms: Vec::new(),
        changes,
        place: at(&format!("step/{id}")),
    }
}

/// The migration of a network through steps.
pub(super) fn migrate(
    network: Network,
    steps: Vec<Step>,
    requirements: Requirements,
) -> Result<Migration, Vec<Problem>> {
    let start = Start {
        label: Text::same("today"),
        model: Model::Alpha,
        date: "2022-12-01".parse().expect("a date"),
        network,
        place: at("start"),
    };
    Migration::new(Text::same("a plan"), start, steps, requirements)
}

/// A problem as one line with what else it points to.
fn full(problem: &Problem) -> String {
    let also = problem.related.iter();
    let also: Vec<String> = also
        .map(|(p, t)| format!(" [{} {}]", p.file, t.en))
        .collect();
    format!("{}{}", line(problem), also.concat())
}

/// The plan on this network raises exactly these problems.
#[track_caller]
fn raises_on(network: Network, steps: Vec<Step>, expected: &[&str]) {
    let found = migrate(network, steps, Requirements::default())
        .err()
        .unwrap_or_default();
    assert_eq!(found.iter().map(full).collect::<Vec<_>>(), expected);
}

#[track_caller]
fn raises(steps: Vec<Step>, expected: &[&str]) {
    raises_on(sound(), steps, expected);
}

fn forward() -> RuleList {
    RuleList {
        node: Id::new("fw"),
        at: ListAt::Filter(FilterPoint::Forward),
    }
}

#[test]
fn a_sound_plan_gives_one_state_more_than_it_has_steps() {
    let new = segment("new-lg", "lg", "10.128.0.0/16", "sw");
    let move_it = Verb::MoveGroup(Id::new("staff"), Id::new("new-lg"), vec![]);
    let steps = vec![
        step("1", vec![add("new", Item::Segment(new))]),
        step("2", vec![change("move", move_it)]),
    ];
    let migration = migrate(sound(), steps, Requirements::default()).expect("a sound plan");
    let segments: Vec<usize> = migration
        .states
        .iter()
        .map(|s| s.network.segments.len())
        .collect();
    assert_eq!(segments, [4, 5, 5]);
    let staff = |i: usize| migration.states[i].network.groups.get(&Id::new("staff"));
    assert_eq!(staff(1).map(|g| g.segment.as_str()), Some("terms"));
    assert_eq!(staff(2).map(|g| g.segment.as_str()), Some("new-lg"));
}

#[test]
fn todays_problems_are_told_once_and_later_ones_with_their_change() {
    let mut network = sound();
    edit(&mut network.segments, "terms", |s| s.vlan = Some(0));
    let new = segment("new", "lgw", "10.128.0.0/16", "sw");
    raises_on(
        network,
        vec![
            step(
                "1",
                vec![
                    add("new", Item::Segment(new)),
                    add("zone", Item::Zone(zone("x", ZoneRole::Lgwan))),
                ],
            ),
            step("2", vec![add("group", Item::Group(group("g", "terms")))]),
        ],
        &[
            "SCN-010 segment/terms: segment `terms` has the VLAN number 0, which is not between 1 and 4094 | use a number from 1 to 4094",
            "SCN-004 segment/new: segment `new` names the zone `lgw`, which does not exist | a similar name is `lg` [change/new after this change]",
        ],
    );
}

#[test]
fn what_stands_in_the_change_itself_needs_no_second_place() {
    let mut new = segment("new", "lgw", "10.128.0.0/16", "sw");
    new.place = at("change/new");
    raises(
        vec![step("1", vec![add("new", Item::Segment(new))])],
        &[
            "SCN-004 change/new: segment `new` names the zone `lgw`, which does not exist | a similar name is `lg`",
        ],
    );
}

#[test]
fn a_change_that_only_alters_things_is_where_the_mistake_stands() {
    let moves = vec![
        change(
            "group",
            Verb::MoveGroup(Id::new("staff"), Id::new("termz"), vec![]),
        ),
        change(
            "system",
            Verb::MoveSystem(
                Id::new("payroll"),
                Id::new("servers"),
                vec![range("10.64.0.9")],
            ),
        ),
        change(
            "node",
            Verb::MoveNode(Id::new("cdr"), endpoint("dmz", "172.20.65.20", None)),
        ),
    ];
    raises(
        vec![step("1", moves)],
        &[
            "SCN-004 change/group: host group `staff` names the segment `termz`, which does not exist | a similar name is `terms` [group/staff it is defined here]",
            "SCN-009 change/system: system `payroll` has the address `10.64.0.9`, which lies outside segment `servers` | the segment holds `10.72.0.0/20` [segment/servers the segment is here] [system/payroll it is defined here]",
            "SCN-008 change/node: node `cdr` has the address `172.20.65.20`, which node `vdi` has too | give one of them another address [node/vdi the first is here] [node/cdr it is defined here]",
        ],
    );
}

#[test]
fn hosts_are_moved_before_their_segment_is_renumbered() {
    let renumber = || {
        change(
            "renumber",
            Verb::Renumber(Id::new("servers"), vec![prefix("10.128.0.0/20")]),
        )
    };
    raises(
        vec![step("1", vec![renumber()])],
        &[
            "SCN-009 change/renumber: system `payroll` has the address `10.72.3.10`, which lies outside segment `servers` | the segment holds `10.128.0.0/20` [segment/servers the segment is here] [system/payroll it is defined here]",
        ],
    );
    // Together, both happen at once.
    let to = vec![range("10.128.3.10")];
    let moved = change(
        "move",
        Verb::MoveSystem(Id::new("payroll"), Id::new("servers"), to),
    );
    let mut both = step("1", vec![renumber(), moved]);
    both.order = Order::Together;
    raises(vec![both], &[]);
}

#[test]
fn changes_that_happen_together_are_blamed_together() {
    let mut both = step(
        "1",
        vec![
            change(
                "renumber",
                Verb::Renumber(Id::new("servers"), vec![prefix("10.128.0.0/20")]),
            ),
            add("group", Item::Group(group("g", "terms"))),
        ],
    );
    both.order = Order::Together;
    raises(
        vec![both],
        &[
            "SCN-009 system/payroll: system `payroll` has the address `10.72.3.10`, which lies outside segment `servers` | the segment holds `10.128.0.0/20` [segment/servers the segment is here] [step/1 after this step]",
        ],
    );
}

#[test]
fn a_change_written_once_for_many_things_is_one_change() {
    let swap = |id: &str, to: &str| {
        let verb = Verb::Renumber(Id::new(id), vec![prefix(to)]);
        change("swap", verb)
    };
    let fresh = |id: &str, net: &str| Item::Segment(segment(id, "lg", net, "sw"));
    let prepare = || {
        step(
            "1",
            vec![
                add("a", fresh("a", "10.1.0.0/16")),
                add("b", fresh("b", "10.2.0.0/16")),
            ],
        )
    };
    let both = vec![swap("a", "10.2.0.0/16"), swap("b", "10.1.0.0/16")];
    raises(vec![prepare(), step("2", both)], &[]);
    let mut apart = swap("b", "10.1.0.0/16");
    apart.place = at("change/later");
    raises(
        vec![prepare(), step("2", vec![swap("a", "10.2.0.0/16"), apart])],
        &[
            "SCN-008 change/swap: segment `b` claims `10.2.0.0/16`, which overlaps `10.2.0.0/16` of segment `a` | choose another prefix, or, if translation hides them, mark both `reused: true` and keep them in different VRFs [segment/a the first is here] [segment/b it is defined here]",
        ],
    );
}

#[test]
fn a_retired_segment_may_leave_names_in_rules_behind() {
    let remove = |kind: Kind, id: &str| change(id, Verb::Remove(kind, name(id)));
    let table = access("pac", &[("any", "proxy")]);
    raises(
        vec![step(
            "1",
            vec![
                change("pac", Verb::Replace(Item::Access(table))),
                remove(Kind::System, "payroll"),
                remove(Kind::Segment, "servers"),
                remove(Kind::Group, "staff"),
                remove(Kind::Segment, "terms"),
                remove(Kind::Link, "core"),
            ],
        )],
        &[],
    );
}

#[test]
fn a_zone_may_be_emptied_by_relabelling() {
    let mut network = sound();
    edit(&mut network.objects, "wide", |o| {
        o.addresses = addresses(&["lg"]);
    });
    let relabel = |id: &str| change(id, Verb::Relabel(Id::new(id), Id::new("int")));
    raises_on(
        network,
        vec![step("1", vec![relabel("terms"), relabel("servers")])],
        &[],
    );
}

#[test]
fn a_new_rule_may_not_name_what_was_retired() {
    let mut late = rule("late", "payroll", "any", "any");
    late.place = at("change/late");
    raises(
        vec![step(
            "1",
            vec![
                change("gone", Verb::Remove(Kind::System, name("payroll"))),
                change(
                    "late",
                    Verb::AddRule(forward(), Box::new(late), Position::Last),
                ),
            ],
        )],
        &[
            "SCN-004 change/late: rule `late` of `fw` names the source `payroll`, which does not exist | correct the name, or define it",
        ],
    );
}

#[test]
fn an_object_in_use_cannot_go() {
    raises(
        vec![step(
            "1",
            vec![change("gone", Verb::Remove(Kind::Object, name("office")))],
        )],
        &[
            "SCN-004 rule/last: rule `last` of `fw` names the source `office`, which does not exist | correct the name, or define it [change/gone after this change]",
            "SCN-004 object/wide: address object `wide` names the address `office`, which does not exist | correct the name, or define it [change/gone after this change]",
            "SCN-004 access/pac: access table `pac` names the destination `office`, which does not exist | correct the name, or define it [change/gone after this change]",
        ],
    );
}

#[test]
fn a_service_in_use_cannot_go() {
    raises(
        vec![step(
            "1",
            vec![change("gone", Verb::Remove(Kind::Service, name("web")))],
        )],
        &[
            "SCN-004 rule/web: rule `web` of `fw` names the service `web`, which does not exist | correct the name, or define it [change/gone after this change]",
            "SCN-004 service/more: service object `more` names the service `web`, which does not exist | correct the name, or define it [change/gone after this change]",
        ],
    );
}

#[test]
fn a_route_goes_before_its_link() {
    let cut = || change("cut", Verb::Remove(Kind::Link, name("up")));
    let no_policy = || change("lbo", Verb::RemovePolicy(Id::new("fw"), name("lbo")));
    let no_route = || {
        change(
            "default",
            Verb::RemoveRoute(Id::new("fw"), name(""), prefix("0.0.0.0/0")),
        )
    };
    raises(vec![step("1", vec![no_policy(), no_route(), cut()])], &[]);
    raises(
        vec![step("1", vec![no_policy(), cut(), no_route()])],
        &[
            "SCN-016 route/0.0.0.0/0: route `0.0.0.0/0` of `fw` goes via `isp`, which is no neighbour or interface of the node | it can use `sw` [change/cut after this change]",
        ],
    );
}

#[test]
fn a_relay_goes_after_the_tables_that_send_there() {
    raises(
        vec![step(
            "1",
            vec![change("gone", Verb::Remove(Kind::Node, name("proxy")))],
        )],
        &[
            "SCN-004 access/pac: access table `pac` names the node `proxy`, which does not exist | correct the name, or define it [change/gone after this change]",
            "SCN-004 access/vdi-way: access table `vdi-way` names the node `proxy`, which does not exist | correct the name, or define it [change/gone after this change]",
        ],
    );
}

#[test]
fn dates_and_changes_that_do_not_apply_are_told_with_the_rest() {
    let mut early = step(
        "2",
        vec![change("odd", Verb::SetCount(Id::new("stuff"), 5))],
    );
    early.date = "2022-11-30".parse().expect("a date");
    raises(
        vec![
            early,
            step(
                "3",
                vec![add("x", Item::System(system("x", "servers", "10.99.0.1")))],
            ),
        ],
        &[
            "SCN-013 step/2: step `2` is dated 2022-11-30, before the state it follows (2022-12-01) | put the dates in order [start the state before]",
            "SCN-015 change/odd: change does not apply: there is no host group `stuff` at this point | check the spelling, and whether an earlier step has removed it",
            "SCN-009 system/x: system `x` has the address `10.99.0.1`, which lies outside segment `servers` | the segment holds `10.72.0.0/20` [segment/servers the segment is here] [change/x after this change]",
        ],
    );
}

/// Changes that are not checked because they cannot break anything, shown to break nothing, and near
/// relatives of theirs that can.
#[test]
fn what_is_checked_after_a_change() {
    let mut odd = rule("odd", "nobody", "any", "any");
    odd.incoming = Interfaces::of(vec![name("core")]);
    let gateway = Gateway {
        node: Id::new("sw"),
        vrf: name(""),
        interface: name("terms"),
        standby: false,
    };
    let changes = vec![
        change("count", Verb::SetCount(Id::new("staff"), 0)),
        change("rule", Verb::RemoveRule(forward(), name("web"))),
        change(
            "shift",
            Verb::MoveRule(forward(), name("last"), Position::First),
        ),
        change("nat", Verb::RemoveNat(Id::new("fw"), name("hide"))),
        change(
            "pac",
            Verb::SetAccess(Client::Group(Id::new("staff")), None),
        ),
        change(
            "odd",
            Verb::AddRule(forward(), Box::new(odd), Position::First),
        ),
        change("gateway", Verb::AddGateway(Id::new("servers"), gateway)),
        change(
            "route",
            Verb::AddRoute(
                Id::new("sw"),
                route("10.9.0.0/16", Hop::Node(Id::new("isp"))),
            ),
        ),
        change(
            "object",
            Verb::Replace(Item::Object(object("office", &["wide"]))),
        ),
    ];
    raises(
        vec![step("1", changes)],
        &[
            "SCN-004 rule/odd: rule `odd` of `fw` names the source `nobody`, which does not exist | correct the name, or define it [change/odd after this change]",
            "SCN-016 change/gateway: segment `servers` uses the interface `terms` of `sw`, which is in use already | give it an interface name of its own: one name leads to one segment or one VLAN of a link [segment/terms the first is here] [segment/servers it is defined here]",
            "SCN-016 route/10.9.0.0/16: route `10.9.0.0/16` of `sw` goes via `isp`, which is no neighbour or interface of the node | it can use `fw` [change/route after this change]",
            "SCN-014 object/office: address object `office` leads back to itself: `office` → `wide` → `office` | take one of these references away [change/object after this change]",
        ],
    );
}
