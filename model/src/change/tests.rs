//! Each verb applied once to the sound network, and once where it does not apply, with its reason.

mod lists;

use super::{Capacities, Change, Client, Item, Kind, MeasureChange, Verb};
use crate::access::Way;
use crate::id::{Id, Named, Table};
use crate::network::{
    Gateway, HostGroup, Measures, Network, Node, NodeKind, Reference, ReferenceKind, Segment,
    ZoneRole,
};
use crate::sample::{
    access, addresses, at, endpoint, group, link, name, node, object, prefix, range, segment,
    service, site, sound, system, zone,
};
use crate::text::Text;
use crate::units::{BitRate, Latency, Seats, Sessions};

fn change(verb: Verb) -> Change {
    Change {
        verb,
        place: at("change"),
    }
}

/// The network after a change that applies.
#[track_caller]
fn after(verb: Verb) -> Network {
    then(&sound(), verb)
}

#[track_caller]
fn then(network: &Network, verb: Verb) -> Network {
    change(verb).apply(network).expect("a change that applies")
}

/// The reasons why a change does not apply to the sound network, without their common beginning.
#[track_caller]
fn refused(verb: Verb, expected: &[&str]) {
    let before = sound();
    let problems = change(verb)
        .apply(&before)
        .expect_err("a change that does not apply");
    let reasons: Vec<&str> = problems
        .iter()
        .map(|p| {
            assert_eq!((p.code.as_str(), &*p.place.file), ("SCN-015", "change"));
            assert!(p.message.ja.starts_with("変更を適用できない: "), "{p:?}");
            assert!(p.help.is_some(), "{p:?}");
            p.message
                .en
                .strip_prefix("change does not apply: ")
                .expect("the beginning")
        })
        .collect();
    assert_eq!(reasons, expected);
}

#[track_caller]
fn of<'n, T: Named>(table: &'n Table<T>, id: &str) -> &'n T {
    table.get(&Id::new(id)).expect("a thing of that name")
}

fn fw(network: &Network) -> &Node {
    of(&network.nodes, "fw")
}

fn reference(id: &str) -> Reference {
    Reference {
        id: Id::new(id),
        holder: Text::same("internal DNS"),
        kind: ReferenceKind::Dns,
        address: range("10.72.3.10"),
        place: at(&format!("reference/{id}")),
    }
}

/// One new thing of every kind.
fn items(id: &str) -> Vec<(Kind, Item)> {
    vec![
        (Kind::Zone, Item::Zone(zone(id, ZoneRole::Saas))),
        (Kind::Site, Item::Site(site(id))),
        (
            Kind::Segment,
            Item::Segment(segment(id, "lg", "10.128.0.0/16", "sw")),
        ),
        (Kind::Node, Item::Node(Box::new(node(id, NodeKind::Router)))),
        (
            Kind::Link,
            Item::Link(link(id, "fw", "sw", BitRate::gbps(1.0))),
        ),
        (Kind::Group, Item::Group(group(id, "terms"))),
        (
            Kind::System,
            Item::System(system(id, "servers", "10.72.3.11")),
        ),
        (Kind::Object, Item::Object(object(id, &["10.9.9.9"]))),
        (Kind::Service, Item::Service(service(id, &["tcp/22"]))),
        (Kind::Access, Item::Access(access(id, &[("any", "Direct")]))),
        (Kind::Reference, Item::Reference(reference(id))),
    ]
}

fn has(network: &Network, kind: Kind, id: &str) -> bool {
    match kind {
        Kind::Zone => network.zones.contains(&Id::new(id)),
        Kind::Site => network.sites.contains(&Id::new(id)),
        Kind::Segment => network.segments.contains(&Id::new(id)),
        Kind::Node => network.nodes.contains(&Id::new(id)),
        Kind::Link => network.links.contains(&Id::new(id)),
        Kind::Group => network.groups.contains(&Id::new(id)),
        Kind::System => network.systems.contains(&Id::new(id)),
        Kind::Object => network.objects.contains(&Id::new(id)),
        Kind::Service => network.services.contains(&Id::new(id)),
        Kind::Access => network.access.contains(&Id::new(id)),
        Kind::Reference => network.references.contains(&Id::new(id)),
    }
}

#[test]
fn every_kind_of_thing_is_added_once_and_removed_once() {
    for (kind, item) in items("x") {
        let with = after(Verb::Add(item.clone()));
        assert!(has(&with, kind, "x"), "{kind:?}");
        let twice = change(Verb::Add(item))
            .apply(&with)
            .expect_err("there already");
        let word = kind.words().1;
        assert_eq!(
            twice[0].message.en,
            format!("change does not apply: there is a {word} `x` already")
        );
        let without = then(&with, Verb::Remove(kind, name("x")));
        assert!(!has(&without, kind, "x"), "{kind:?}");
        refused(
            Verb::Remove(kind, name("x")),
            &[&format!("there is no {word} `x` at this point")],
        );
    }
}

#[test]
fn every_kind_of_thing_is_replaced_only_where_it_is() {
    for (kind, item) in items("x") {
        let word = kind.words().1;
        refused(
            Verb::Replace(item.clone()),
            &[&format!("there is no {word} `x` at this point")],
        );
        let with = after(Verb::Add(item.clone()));
        assert!(has(&then(&with, Verb::Replace(item)), kind, "x"));
    }
    let terms = segment("terms", "int", "10.64.0.0/18", "sw");
    let next = after(Verb::Replace(Item::Segment(terms)));
    assert_eq!(of(&next.segments, "terms").zone.as_str(), "int");
    let order: Vec<&str> = next.segments.ids().map(Id::as_str).collect();
    assert_eq!(
        order,
        ["terms", "servers", "dmz", "world"],
        "it keeps its place in the order"
    );
}

#[test]
fn what_is_in_use_is_not_removed() {
    let remove = |kind, id: &str| Verb::Remove(kind, name(id));
    refused(
        remove(Kind::Zone, "lg"),
        &[
            "zone `lg` is still used by segment `terms`",
            "zone `lg` is still used by segment `servers`",
        ],
    );
    refused(
        remove(Kind::Segment, "dmz"),
        &[
            "segment `dmz` is still used by node `proxy`",
            "segment `dmz` is still used by node `vdi`",
            "segment `dmz` is still used by node `cdr`",
            "segment `dmz` is still used by node `mta`",
        ],
    );
    refused(
        remove(Kind::Segment, "terms"),
        &["segment `terms` is still used by host group `staff`"],
    );
    refused(
        remove(Kind::Segment, "servers"),
        &["segment `servers` is still used by system `payroll`"],
    );
    refused(
        remove(Kind::Node, "isp"),
        &[
            "node `isp` is still used by link `up`",
            "node `isp` is still used by segment `world`",
        ],
    );
    refused(
        remove(Kind::Access, "pac"),
        &["access table `pac` is still used by host group `staff`"],
    );
    refused(
        remove(Kind::Access, "vdi-way"),
        &["access table `vdi-way` is still used by node `vdi`"],
    );
    let site = change(remove(Kind::Site, "hq"))
        .apply(&sound())
        .expect_err("in use");
    assert_eq!(site.len(), 4 + 7, "all segments and nodes stand there");
}

#[test]
fn relabel() {
    let next = after(Verb::Relabel(Id::new("terms"), Id::new("int")));
    let Segment { zone, prefixes, .. } = of(&next.segments, "terms");
    assert_eq!(
        (zone.as_str(), &prefixes[..]),
        ("int", &[prefix("10.64.0.0/18")][..])
    );
    let nowhere = Verb::Relabel(Id::new("terms"), Id::new("new"));
    refused(nowhere, &["there is no zone `new` at this point"]);
    let nobody = Verb::Relabel(Id::new("term"), Id::new("int"));
    refused(nobody, &["there is no segment `term` at this point"]);
}

#[test]
fn renumber() {
    let to = vec![prefix("10.128.0.0/16")];
    let next = after(Verb::Renumber(Id::new("terms"), to.clone()));
    assert_eq!(of(&next.segments, "terms").prefixes, to);
    refused(
        Verb::Renumber(Id::new("x"), to),
        &["there is no segment `x` at this point"],
    );
}

#[test]
fn move_group() {
    let to = vec![range("10.72.9.0/24")];
    let next = after(Verb::MoveGroup(
        Id::new("staff"),
        Id::new("servers"),
        to.clone(),
    ));
    let HostGroup {
        segment, addresses, ..
    } = of(&next.groups, "staff");
    assert_eq!((segment.as_str(), addresses), ("servers", &to));
    refused(
        Verb::MoveGroup(Id::new("x"), Id::new("servers"), to),
        &["there is no host group `x` at this point"],
    );
}

#[test]
fn set_count() {
    let next = after(Verb::SetCount(Id::new("staff"), 5));
    assert_eq!(of(&next.groups, "staff").count, 5);
    refused(
        Verb::SetCount(Id::new("x"), 5),
        &["there is no host group `x` at this point"],
    );
}

#[test]
fn move_system() {
    let to = vec![range("10.64.0.9")];
    let next = after(Verb::MoveSystem(
        Id::new("payroll"),
        Id::new("terms"),
        to.clone(),
    ));
    let payroll = of(&next.systems, "payroll");
    assert_eq!(
        (payroll.segment.as_str(), &payroll.addresses),
        ("terms", &to)
    );
    refused(
        Verb::MoveSystem(Id::new("x"), Id::new("terms"), to),
        &["there is no system `x` at this point"],
    );
}

#[test]
fn move_node() {
    let to = endpoint("servers", "10.72.9.9", Some("pac"));
    let next = after(Verb::MoveNode(Id::new("vdi"), to.clone()));
    assert_eq!(of(&next.nodes, "vdi").endpoint.as_ref(), Some(&to));
    refused(
        Verb::MoveNode(Id::new("fw"), to.clone()),
        &["`fw` (Firewall) is no relay"],
    );
    refused(
        Verb::MoveNode(Id::new("x"), to),
        &["there is no node `x` at this point"],
    );
}

#[test]
fn resize() {
    let all = Capacities {
        throughput: Some(BitRate::gbps(9.0)),
        sessions: Some(Sessions::new(9.0)),
        units: Some(9),
        seats: Some(Seats::new(9.0)),
        workers: Some(9),
        per_file: Some(Latency::new(9.0)),
        nat_addresses: Some(9),
    };
    let only = |pick: fn(&Capacities, &mut Capacities)| {
        let mut some = Capacities::default();
        pick(&all, &mut some);
        some
    };
    let to = |id: &str, new| after(Verb::Resize(Id::new(id), new));
    let next = to(
        "fw",
        only(|a, c| {
            (c.throughput, c.sessions, c.nat_addresses) =
                (a.throughput, a.sessions, a.nat_addresses);
        }),
    );
    let pool = fw(&next).forwarding.nat_ports.as_ref();
    assert_eq!(fw(&next).throughput, all.throughput);
    assert_eq!(fw(&next).sessions, all.sessions);
    assert_eq!(
        pool.map(|p| (p.addresses, p.ports_per_address)),
        Some((9, 60_000))
    );
    let next = to(
        "proxy",
        only(|a, c| (c.units, c.sessions) = (a.units, a.sessions)),
    );
    assert!(
        matches!(&of(&next.nodes, "proxy").kind, NodeKind::Proxy(p) if p.units == 9 && p.sessions.get() == 9.0)
    );
    let next = to("vdi", only(|a, c| c.seats = a.seats));
    assert!(
        matches!(&of(&next.nodes, "vdi").kind, NodeKind::ScreenRelay(s) if s.seats.get() == 9.0)
    );
    let next = to("cdr", only(|a, c| c.workers = a.workers));
    assert!(
        matches!(&of(&next.nodes, "cdr").kind, NodeKind::Sanitiser(s) if s.workers == 9 && s.per_file.get() == 40.0)
    );
    refused(
        Verb::Resize(Id::new("sw"), all.clone()),
        &[
            "`sw` (L3Switch) has no capacity `units`",
            "`sw` (L3Switch) has no capacity `seats`",
            "`sw` (L3Switch) has no capacity `workers`",
            "`sw` (L3Switch) has no capacity `nat_addresses`",
        ],
    );
    refused(
        Verb::Resize(Id::new("x"), all),
        &["there is no node `x` at this point"],
    );
}

#[test]
fn add_and_remove_gateways() {
    let new = Gateway {
        node: Id::new("fw"),
        vrf: name(""),
        interface: name("terms"),
        standby: false,
    };
    let next = after(Verb::AddGateway(Id::new("terms"), new.clone()));
    let nodes = |n: &Network| -> Vec<String> {
        let gateways = of(&n.segments, "terms").gateways.iter();
        gateways.map(|g| g.node.to_string()).collect()
    };
    assert_eq!(nodes(&next), ["sw", "fw"]);
    refused(
        Verb::AddGateway(Id::new("x"), new),
        &["there is no segment `x` at this point"],
    );
    let away = |node: &str| Verb::RemoveGateway(Id::new("terms"), Id::new(node));
    assert_eq!(nodes(&then(&next, away("sw"))), ["fw"]);
    refused(away("fw"), &["there is no gateway `fw` at this point"]);
}

#[test]
fn set_access() {
    let group =
        |table: Option<&str>| Verb::SetAccess(Client::Group(Id::new("staff")), table.map(Id::new));
    let node = |id: &str| Verb::SetAccess(Client::Node(Id::new(id)), Some(Id::new("pac")));
    let next = after(group(Some("vdi-way")));
    assert_eq!(of(&next.groups, "staff").access, Some(Id::new("vdi-way")));
    assert_eq!(of(&after(group(None)).groups, "staff").access, None);
    let next = after(node("cdr"));
    let endpoint = of(&next.nodes, "cdr").endpoint.as_ref();
    assert_eq!(
        endpoint.and_then(|e| e.access.as_ref()),
        Some(&Id::new("pac"))
    );
    refused(
        group(Some("x")),
        &["there is no access table `x` at this point"],
    );
    refused(node("fw"), &["`fw` (Firewall) is no relay"]);
    let nobody = Verb::SetAccess(Client::Group(Id::new("x")), None);
    refused(nobody, &["there is no host group `x` at this point"]);
}

#[test]
fn publish() {
    let to = addresses(&["payroll"]);
    let next = after(Verb::Publish(Id::new("vdi"), to.clone()));
    assert!(matches!(&of(&next.nodes, "vdi").kind, NodeKind::ScreenRelay(s) if s.publishes == to));
    refused(
        Verb::Publish(Id::new("proxy"), to),
        &["`proxy` (Proxy) is no screen-transfer relay"],
    );
}

#[test]
fn set_measures() {
    let edr = MeasureChange {
        edr: Some(true),
        ..MeasureChange::default()
    };
    let patched = MeasureChange {
        patched: Some(true),
        ..MeasureChange::default()
    };
    let next = after(Verb::SetMeasures(Id::new("staff"), edr.clone()));
    let next = then(&next, Verb::SetMeasures(Id::new("staff"), patched));
    let expected = Measures {
        edr: true,
        patched: true,
        two_factors: false,
        media_blocked: false,
    };
    assert_eq!(of(&next.groups, "staff").measures, expected);
    refused(
        Verb::SetMeasures(Id::new("x"), edr),
        &["there is no host group `x` at this point"],
    );
}

#[test]
fn a_change_leaves_the_network_before_it_as_it_was_and_shares_the_rest() {
    let before = sound();
    let next = then(&before, Verb::SetCount(Id::new("staff"), 5));
    assert_eq!(of(&before.groups, "staff").count, 2600);
    let shared = |n: &Network| {
        n.nodes
            .shared(&Id::new("fw"))
            .cloned()
            .expect("the firewall")
    };
    assert!(std::sync::Arc::ptr_eq(&shared(&before), &shared(&next)));
    let ways: Vec<&Way> = of(&next.access, "pac")
        .entries
        .iter()
        .map(|e| &e.way)
        .collect();
    assert_eq!(ways, [&Way::Direct, &Way::Via(vec![Id::new("proxy")])]);
}
