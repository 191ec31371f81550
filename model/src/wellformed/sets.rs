//! Whether every configured set means something.
//!
//! Goes in: a network. What can go wrong: a name that nothing bears, a set that holds nothing, a negated
//! service object (inside another set it could not be told from its opposite).

use super::Found;
use super::holders::{Part, visit};
use super::index::{Holds, Index};
use super::say::{SERVICE, Thing, Words, unknown};
use crate::change::Kind;
use crate::finding::Code;
use crate::id::Id;
use crate::network::Network;
use crate::policy::{AddressTerm, Addresses, ServiceTerm, Services};
use crate::problem::Problem;
use crate::service::Service;
use crate::text::Text;
use std::sync::Arc;

pub(super) fn check(network: &Network, index: &Index<'_>, found: &mut Vec<Found>) {
    visit(network, &mut |thing, part| match part {
        Part::Addresses(side, set) => addresses(thing, side, set, index, found),
        Part::Services(set) => services(thing, set, network, found),
        // Interfaces are checked with the ports of their node.
        Part::Interfaces(..) => {}
    });
    for object in network.services.iter().filter(|o| o.services.negated) {
        let thing = Thing::known(Kind::Service, object.id.as_str(), &object.place);
        let problem = thing.problem(
            Code::Shape,
            "は否定されているが、サービスオブジェクトは否定できない",
            "is negated, which a service object cannot be",
        );
        let help = Text::new(
            "使う側のルールで `not: [Service]` と書く",
            "write `not: [Service]` in the rule that uses it",
        );
        found.push(problem.help(help).into());
    }
}

fn addresses(
    thing: &Thing<'_>,
    side: Words,
    set: &Addresses,
    index: &Index<'_>,
    found: &mut Vec<Found>,
) {
    if set.terms.is_empty() {
        found.push(nothing(thing, side).into());
    }
    if set.negated && set.terms.contains(&AddressTerm::Any) {
        found.push(all_but_any(thing, side).into());
    }
    for term in &set.terms {
        let AddressTerm::Named(name) = term else {
            continue;
        };
        let problem = match index.holds(name).map(Holds::why_not) {
            Some(None) => continue,
            Some(Some(why)) => holds_nothing(thing, side, name, why),
            None => unknown(thing, side, name, index.names()),
        };
        found.push(Found {
            problem,
            reference: Some(Arc::clone(name)),
        });
    }
}

fn services(thing: &Thing<'_>, set: &Services, network: &Network, found: &mut Vec<Found>) {
    if set.terms.is_empty() {
        found.push(nothing(thing, SERVICE).into());
    }
    if set.negated && set.terms.contains(&ServiceTerm::Service(Service::ANY)) {
        found.push(all_but_any(thing, SERVICE).into());
    }
    for term in &set.terms {
        if let ServiceTerm::Named(name) = term
            && !network.services.contains(&Id::new(Arc::clone(name)))
        {
            let known = network.services.ids().map(Id::as_str);
            found.push(unknown(thing, SERVICE, name, known).into());
        }
    }
}

/// A list of terms without a term.
pub(super) fn nothing(thing: &Thing<'_>, side: Words) -> Problem {
    thing
        .problem(
            Code::Empty,
            format_args!("の{}が空で、何にも当たらない", side.0),
            format_args!("has an empty {}, which matches nothing", side.1),
        )
        .help(Text::new(
            "`any` と書くか、名前かアドレスを書く",
            "write `any`, a name or an address",
        ))
}

/// The negation of everything.
pub(super) fn all_but_any(thing: &Thing<'_>, side: Words) -> Problem {
    thing
        .problem(
            Code::Empty,
            format_args!("の{}が `any` の否定で、何にも当たらない", side.0),
            format_args!(
                "has everything but `any` as its {}, which matches nothing",
                side.1
            ),
        )
        .help(Text::new("`not` を外す", "take the `not` away"))
}

/// A name that bears no address.
pub(super) fn holds_nothing(thing: &Thing<'_>, side: Words, name: &str, why: Words) -> Problem {
    thing
        .problem(
            Code::Empty,
            format_args!("の{} `{name}` は{}", side.0, why.0),
            format_args!("has the {} `{name}`, which {}", side.1, why.1),
        )
        .help(Text::new(
            "アドレスを持つ名前か、アドレスそのものを書く",
            "write a name that has addresses, or the addresses themselves",
        ))
}
