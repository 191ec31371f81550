//! Who holds which literal address in a network: objects, rules, translations, routes, access tables,
//! proxies, and things outside the devices.

use utsushi_model::address::AddressRange;
use utsushi_model::network::{Network, Node, NodeKind};
use utsushi_model::place::Place;
use utsushi_model::policy::{AddressTerm, Addresses, Name, Translation};
use utsushi_model::text::Text;

/// A literal address and who holds it.
pub(super) struct Literal {
    pub(super) holder: Text,
    pub(super) address: AddressRange,
    pub(super) place: Place,
}

/// Every literal address of a network, in the order of its tables.
pub(super) fn literals(network: &Network) -> Vec<Literal> {
    let mut out = Vec::new();
    for object in network.objects.iter() {
        let holder = named("アドレスオブジェクト", "address object", object.id.as_str());
        collect(&mut out, &holder, &object.place, &[&object.addresses]);
    }
    for node in network.nodes.iter() {
        of_node(&mut out, node);
    }
    for table in network.access.iter() {
        let holder = named("アクセス表", "access table", table.id.as_str());
        for entry in &table.entries {
            collect(&mut out, &holder, &entry.place, &[&entry.to]);
        }
    }
    for reference in network.references.iter() {
        out.push(Literal {
            holder: reference.holder.clone(),
            address: reference.address,
            place: reference.place.clone(),
        });
    }
    out
}

/// A name that stands for addresses and who holds it.
pub(super) struct NamedTerm {
    pub(super) holder: Text,
    pub(super) name: Name,
    pub(super) place: Place,
}

/// Everything in rules, translations, objects and tables that names a host, segment or object rather than
/// an address: it follows when the host moves.
pub(super) fn names(network: &Network) -> Vec<NamedTerm> {
    let mut out = Vec::new();
    for (holder, place, set) in holders(network) {
        for term in &set.terms {
            if let AddressTerm::Named(name) = term {
                out.push(NamedTerm {
                    holder: holder.clone(),
                    name: name.clone(),
                    place: place.clone(),
                });
            }
        }
    }
    out
}

/// Every set of addresses as configured, with who holds it.
fn holders(network: &Network) -> Vec<(Text, &Place, &Addresses)> {
    let mut out = Vec::new();
    for object in network.objects.iter() {
        let holder = named("アドレスオブジェクト", "address object", object.id.as_str());
        out.push((holder, &object.place, &object.addresses));
    }
    for node in network.nodes.iter() {
        let proxy = match &node.kind {
            NodeKind::Proxy(proxy) => proxy.rules.as_slice(),
            _ => &[],
        };
        let filters = node.forwarding.filters.iter().flat_map(|f| &f.rules);
        for rule in filters.chain(proxy) {
            let holder = || ruled(node, &rule.name, "のルール", "rule");
            out.push((holder(), &rule.place, &rule.source));
            out.push((holder(), &rule.place, &rule.destination));
        }
        for rule in &node.forwarding.nat {
            let holder = || ruled(node, &rule.name, "のアドレス変換", "translation");
            out.push((holder(), &rule.place, &rule.source));
            out.push((holder(), &rule.place, &rule.destination));
        }
        for route in &node.forwarding.policies {
            let holder = || ruled(node, &route.name, "のポリシールート", "policy route");
            out.push((holder(), &route.place, &route.source));
            out.push((holder(), &route.place, &route.destination));
        }
        if let NodeKind::ScreenRelay(relay) = &node.kind {
            let holder = named("画面転送の公開先", "what is published by", node.id.as_str());
            out.push((holder, &node.place, &relay.publishes));
        }
    }
    for table in network.access.iter() {
        let holder = named("アクセス表", "access table", table.id.as_str());
        for entry in &table.entries {
            out.push((holder.clone(), &entry.place, &entry.to));
        }
    }
    out
}

fn of_node(out: &mut Vec<Literal>, node: &Node) {
    let proxy = match &node.kind {
        NodeKind::Proxy(proxy) => proxy.rules.as_slice(),
        _ => &[],
    };
    if let NodeKind::ScreenRelay(relay) = &node.kind {
        collect(
            out,
            &named("画面転送の公開先", "what is published by", node.id.as_str()),
            &node.place,
            &[&relay.publishes],
        );
    }
    for rule in node
        .forwarding
        .filters
        .iter()
        .flat_map(|f| f.all_rules())
        .chain(proxy)
    {
        collect(
            out,
            &ruled(node, &rule.name, "のルール", "rule"),
            &rule.place,
            &[&rule.source, &rule.destination],
        );
    }
    for rule in &node.forwarding.nat {
        let holder = ruled(node, &rule.name, "のアドレス変換", "translation");
        collect(
            out,
            &holder,
            &rule.place,
            &[&rule.source, &rule.destination],
        );
        if let Translation::Destination(to, _) = &rule.translation {
            out.push(Literal {
                holder,
                address: *to,
                place: rule.place.clone(),
            });
        }
    }
    for route in &node.forwarding.policies {
        collect(
            out,
            &ruled(node, &route.name, "のポリシールート", "policy route"),
            &route.place,
            &[&route.source, &route.destination],
        );
    }
    for route in &node.forwarding.statics {
        let holder = ruled(
            node,
            &route.prefix.to_string(),
            "の静的経路",
            "static route",
        );
        out.push(Literal {
            holder,
            address: AddressRange::prefix(&route.prefix),
            place: route.place.clone(),
        });
    }
}

fn collect(out: &mut Vec<Literal>, holder: &Text, place: &Place, sets: &[&Addresses]) {
    for term in sets.iter().flat_map(|s| &s.terms) {
        if let AddressTerm::Range(range) = term {
            out.push(Literal {
                holder: holder.clone(),
                address: *range,
                place: place.clone(),
            });
        }
    }
}

fn named(ja: &str, en: &str, name: &str) -> Text {
    Text::new(format!("{ja} `{name}`"), format!("{en} `{name}`"))
}

fn ruled(node: &Node, name: &str, ja: &str, en: &str) -> Text {
    Text::new(
        format!("`{}` {ja} `{name}`", node.id),
        format!("{en} `{name}` of `{}`", node.id),
    )
}
