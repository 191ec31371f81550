//! Names on the command line: steps, rules, and the ends of a packet.
//!
//! In: words as typed. Out: what they mean in the scenario at hand; or the mistake, with what would have
//! been possible.

use crate::failure::Failure;
use std::net::IpAddr;
use std::sync::Arc;
use utsushi::model::id::Id;
use utsushi::model::migration::State;
use utsushi::model::network::Network;
use utsushi::model::report::{Report, RuleRow};

/// The index of the state after a step.
pub(crate) fn step(states: &[State], id: &str) -> Result<usize, Failure> {
    let found = states.iter().find(|state| state.step.as_str() == id);
    found.map(|state| state.index).ok_or_else(|| {
        let known: Vec<_> = states
            .iter()
            .map(|state| format!("`{}`", state.step))
            .collect();
        Failure::asked(
            format!("ステップ `{id}` は計画にない"),
            format!("the plan has no step `{id}`"),
        )
        .help(
            format!("指定できるのは {}（`0` は現状）", known.join("、")),
            format!("possible are {} (`0` is today)", known.join(", ")),
        )
    })
}

/// The states asked for: one, or all.
pub(crate) fn steps(states: &[State], id: Option<&String>) -> Result<Vec<usize>, Failure> {
    match id {
        Some(id) => Ok(vec![step(states, id)?]),
        None => Ok(states.iter().map(|state| state.index).collect()),
    }
}

/// The rule of that id.
pub(crate) fn rule<'a>(report: &'a Report, id: &str) -> Result<&'a RuleRow, Failure> {
    let found = report
        .rules
        .iter()
        .find(|rule| rule.id.as_str().eq_ignore_ascii_case(id));
    found.ok_or_else(|| {
        let known = report.rules.iter().map(|rule| rule.id.as_str());
        let failure = Failure::asked(
            format!("ルール `{id}` はない"),
            format!("there is no rule `{id}`"),
        );
        nearest(failure, id, known)
    })
}

/// An end of a packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct End {
    /// Its address; the first of what the name means.
    pub(crate) address: IpAddr,
    /// The name it was given by, if it was not an address.
    pub(crate) name: Option<Arc<str>>,
}

/// The address of a host group, system, node, segment or zone, or the address itself.
pub(crate) fn end(network: &Network, text: &str) -> Result<End, Failure> {
    if let Ok(address) = text.parse() {
        return Ok(End {
            address,
            name: None,
        });
    }
    let name: Arc<str> = Arc::from(text);
    match network.named_addresses(&name) {
        Some(found) => match found.items.first() {
            Some(first) => Ok(End {
                address: usable(first),
                name: Some(name),
            }),
            None => Err(Failure::asked(
                format!("`{text}` はアドレスを持たない"),
                format!("`{text}` has no address"),
            )
            .help("アドレスを直接指定する", "give an address instead")),
        },
        None => Err(nearest(
            Failure::asked(
                format!("`{text}` という名前もアドレスもこの状態にはない"),
                format!("nothing is called `{text}` in this state, and it is not an address"),
            ),
            text,
            known(network),
        )),
    }
}

/// The first address of a range that a host can have: of a prefix not the network itself.
fn usable(range: &utsushi::model::address::AddressRange) -> IpAddr {
    let is_prefix = range.size() > 2 && range.to_string().contains('/');
    if is_prefix {
        utsushi::model::address::address_at(range.first() + 1)
    } else {
        range.first_address()
    }
}

/// Every name that has addresses.
fn known(network: &Network) -> impl Iterator<Item = &str> {
    let groups = network.groups.ids().map(Id::as_str);
    let systems = network.systems.ids().map(Id::as_str);
    let relays = network
        .nodes
        .iter()
        .filter(|node| node.endpoint.is_some())
        .map(|node| node.id.as_str());
    let segments = network.segments.ids().map(Id::as_str);
    groups
        .chain(systems)
        .chain(relays)
        .chain(segments)
        .chain(network.zones.ids().map(Id::as_str))
}

/// Adds the name that was probably meant.
fn nearest<'a>(failure: Failure, text: &str, known: impl Iterator<Item = &'a str>) -> Failure {
    let limit = 1 + text.chars().count() / 3;
    let far = |name: &str| strsim::damerau_levenshtein(&text.to_lowercase(), &name.to_lowercase());
    let near = known
        .map(|name| (far(name), name))
        .filter(|(distance, _)| *distance <= limit);
    match near.min_by_key(|(distance, _)| *distance) {
        Some((_, name)) => failure.help(
            format!("`{name}` の誤りではないか"),
            format!("did you mean `{name}`?"),
        ),
        None => failure,
    }
}
