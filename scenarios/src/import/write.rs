//! A lowered device as a piece of a scenario, with comments that point back to the lines of the dump.
//!
//! In: a [`Forwarding`] and names. Out: RON text that [`crate::load`] reads back to the same rules. Nothing
//! can go wrong.

use std::fmt::Write;
use utsushi_model::network::Forwarding;
use utsushi_model::place::Place;
use utsushi_model::policy::{
    Action, AddressTerm, Addresses, Filter, FilterPoint, FilterRule, Hop, Interfaces, Name,
    NatRule, RuleAction, ServiceTerm, Services, SessionMatch, Translation,
};

/// The text of a file with one node.
pub(super) fn node(name: &str, site: &str, forwarding: &Forwarding, head: &[String]) -> String {
    let mut out = String::new();
    for line in head {
        put(
            &mut out,
            format_args!("// {}\n", line.replace(['\n', '\r'], " ")),
        );
    }
    put(
        &mut out,
        format_args!(
            "(\n  nodes: [\n    (name: {}, site: {}, kind: Firewall,\n",
            quoted(name),
            quoted(site)
        ),
    );
    let discards = forwarding
        .statics
        .iter()
        .filter(|r| r.via == [Hop::Discard]);
    let discards: Vec<String> = discards
        .map(|r| format!("(to: \"{}\", via: [Discard])", r.prefix))
        .collect();
    if !discards.is_empty() {
        put(
            &mut out,
            format_args!("      routing: (statics: [{}]),\n", discards.join(", ")),
        );
    }
    out.push_str("      filters: [\n");
    for filter in &forwarding.filters {
        self::filter(&mut out, filter);
    }
    out.push_str("      ],\n      nat: [\n");
    for rule in &forwarding.nat {
        nat(&mut out, rule);
    }
    out.push_str("      ],\n    ),\n  ],\n)\n");
    out
}

fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = out.write_fmt(text);
}

/// A string of RON.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => put(&mut out, format_args!("\\u{{{:x}}}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn comment(place: &Place) -> String {
    if place.is_somewhere() {
        format!(
            " // {}:{}",
            place.file.replace(['\n', '\r'], " "),
            place.line
        )
    } else {
        String::new()
    }
}

fn filter(out: &mut String, filter: &Filter) {
    let point = match &filter.point {
        FilterPoint::Forward => "Forward".to_owned(),
        FilterPoint::In(name) => format!("In({})", quoted(name)),
        FilterPoint::Out(name) => format!("Out({})", quoted(name)),
    };
    let default = match filter.default {
        Action::Allow => "Allow",
        Action::Deny => "Deny",
    };
    put(
        out,
        format_args!(
            "        (at: {point}, default: {default}, stateful: {}, rules: [{}\n",
            filter.stateful,
            comment(&filter.place)
        ),
    );
    filter.rules.iter().for_each(|r| rule(out, r));
    if filter.chains.is_empty() {
        out.push_str("        ]),\n");
        return;
    }
    out.push_str("        ], chains: [\n");
    for chain in &filter.chains {
        put(
            out,
            format_args!(
                "          (name: {}, rules: [{}\n",
                quoted(&chain.name),
                comment(&chain.place)
            ),
        );
        chain.rules.iter().for_each(|r| rule(out, r));
        out.push_str("          ]),\n");
    }
    out.push_str("        ]),\n");
}

fn rule(out: &mut String, rule: &FilterRule) {
    let (word, chain) = match &rule.action {
        RuleAction::Allow => ("Allow", None),
        RuleAction::Deny => ("Deny", None),
        RuleAction::Jump(chain) => ("Jump", Some(chain)),
        RuleAction::Goto(chain) => ("Goto", Some(chain)),
        RuleAction::Return => ("Return", None),
    };
    let mut fields = vec![format!("name: {}", quoted(&rule.name))];
    fields.extend(chain.map(|c| format!("chain: {}", quoted(c))));
    header(
        &mut fields,
        (&rule.incoming, &rule.outgoing),
        (&rule.source, &rule.destination, &rule.service),
    );
    match rule.session {
        SessionMatch::Any => {}
        SessionMatch::New => fields.push("session: New".to_owned()),
        SessionMatch::Known => fields.push("session: Known".to_owned()),
    }
    conditions(&mut fields, &rule.conditions);
    fields.extend(
        rule.note
            .iter()
            .map(|note| format!("note: {}", quoted(note))),
    );
    put(
        out,
        format_args!(
            "          {word}({}),{}\n",
            fields.join(", "),
            comment(&rule.place)
        ),
    );
}

fn conditions(fields: &mut Vec<String>, conditions: &[Name]) {
    if !conditions.is_empty() {
        fields.push(format!("conditions: [{}]", names(conditions)));
    }
}

fn names(names: &[Name]) -> String {
    let all: Vec<String> = names.iter().map(|n| quoted(n)).collect();
    all.join(", ")
}

/// The fields that say what is matched.
fn header(
    fields: &mut Vec<String>,
    (incoming, outgoing): (&Interfaces, &Interfaces),
    (source, destination, service): (&Addresses, &Addresses, &Services),
) {
    let mut not = Vec::new();
    for (word, side, of) in [("in", "In", incoming), ("out", "Out", outgoing)] {
        if !of.is_any() {
            fields.push(format!("{word}: [{}]", names(&of.names)));
            not.extend(of.negated.then_some(side));
        }
    }
    for (word, side, of) in [("from", "From", source), ("to", "To", destination)] {
        if !of.is_any() {
            let terms: Vec<String> = of.terms.iter().map(address).collect();
            fields.push(format!("{word}: [{}]", terms.join(", ")));
            not.extend(of.negated.then_some(side));
        }
    }
    if !service.is_any() {
        let terms: Vec<String> = service.terms.iter().map(service_term).collect();
        fields.push(format!("service: [{}]", terms.join(", ")));
        not.extend(service.negated.then_some("Service"));
    }
    if !not.is_empty() {
        fields.push(format!("not: [{}]", not.join(", ")));
    }
}

fn address(term: &AddressTerm) -> String {
    match term {
        AddressTerm::Any => "\"any\"".to_owned(),
        AddressTerm::Range(range) => quoted(&range.to_string()),
        AddressTerm::Named(name) => quoted(name),
        AddressTerm::HostName(name) => quoted(&format!("fqdn:{name}")),
    }
}

fn service_term(term: &ServiceTerm) -> String {
    match term {
        ServiceTerm::Service(service) => quoted(&service.to_string()),
        ServiceTerm::Named(name) => quoted(name),
        ServiceTerm::Application(name) => quoted(&format!("app:{name}")),
    }
}

fn nat(out: &mut String, rule: &NatRule) {
    let mut fields = vec![format!("name: {}", quoted(&rule.name))];
    header(
        &mut fields,
        (&rule.incoming, &rule.outgoing),
        (&rule.source, &rule.destination, &rule.service),
    );
    conditions(&mut fields, &rule.conditions);
    match &rule.translation {
        Translation::Source(pool) => {
            let pool: Vec<String> = pool.iter().map(|r| quoted(&r.to_string())).collect();
            fields.push(format!("source: [{}]", pool.join(", ")));
        }
        Translation::Destination(to, port) => {
            fields.push(format!("destination: {}", quoted(&to.to_string())));
            fields.extend(port.map(|p| format!("port: {p}")));
        }
        Translation::None => fields.push("exempt: true".to_owned()),
    }
    put(
        out,
        format_args!("        ({}),{}\n", fields.join(", "), comment(&rule.place)),
    );
}
