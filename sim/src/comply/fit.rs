//! Whether a state is what it is said to be: the model that its hosts and systems show (I-TX-14), and seats
//! that stand before they are needed (I-TX-04).
//!
//! M-01: where most general terminals are tells α from β. M-03: whether systems with important information
//! (confidentiality 2 and above, moved as pattern ①; groupware does not count, M-02) stand in the Internet zone tells β from β'. α' is α with local breakout, which
//! rules about packets judge; so it is taken as said.

use super::hosts::role_of;
use super::{Seen, cause};
use utsushi_model::demand::ResourceKind;
use utsushi_model::finding::{Cause, Code};
use utsushi_model::id::Id;
use utsushi_model::migration::{Migration, Model, State};
use utsushi_model::network::{
    Confidentiality, HostClass, Network, Node, NodeKind, Pattern, ScreenRelay, ZoneRole,
};
use utsushi_model::report::LoadRow;
use utsushi_model::text::Text;

/// A state whose hosts and systems show another model than the one it is said to be built after.
pub(super) fn model(migration: &Migration, state: &State) -> Vec<Seen> {
    let Some(shown) = shown(&state.network, state.model) else {
        return Vec::new();
    };
    if shown == state.model {
        return Vec::new();
    }
    let (said, shown) = (state.model.label(), shown.label());
    let next = migration.states.get(state.index + 1).map(|s| s.date);
    let until = next.map_or((String::new(), String::new()), |next| {
        (
            format!("から {next} の前日まで"),
            format!(" until the day before {next}"),
        )
    });
    let fact = cause(
        format!(
            "{said}とされているが、端末と業務システムの配置は{shown}である。{}{}、{shown}の条件も満たす必要がある",
            state.date, until.0
        ),
        format!(
            "it is said to be {said}, but terminals and systems stand as in {shown}: the conditions of {shown} apply from {}{}",
            state.date, until.1
        ),
        &state.place,
    );
    let subject = state.label.clone();
    vec![Seen::facts(
        Code::OtherModel,
        subject,
        &state.place,
        vec![fact],
    )]
}

fn shown(network: &Network, said: Model) -> Option<Model> {
    let count = |role: ZoneRole| -> u64 {
        let groups = network
            .groups
            .iter()
            .filter(|g| g.class == HostClass::General);
        let here = groups.filter(|g| role_of(network, g) == Some(role));
        here.map(|g| u64::from(g.count)).sum()
    };
    let (lgwan, internet) = (count(ZoneRole::Lgwan), count(ZoneRole::Internet));
    match (lgwan, internet) {
        (0, 0) => None,
        (l, i) if l >= i => Some(match said {
            Model::AlphaPrime => Model::AlphaPrime,
            _ => Model::Alpha,
        }),
        _ if important(network) => Some(Model::BetaPrime),
        _ => Some(Model::Beta),
    }
}

/// Whether a business system with important information stands in the Internet zone.
fn important(network: &Network) -> bool {
    network.systems.iter().any(|system| {
        let zone = network.segments.get(&system.segment).map(|s| &s.zone);
        let role = zone.and_then(|z| network.zones.get(z)).map(|z| z.role);
        role == Some(ZoneRole::Internet)
            && system.confidentiality >= Confidentiality::Two
            && system.pattern == Pattern::Convert
            && system.function.is_none()
    })
}

/// Screen-transfer relays of the LGWAN zone that are too late or too small when terminals leave it.
pub(super) fn seats(migration: &Migration, state: &State, loads: &[LoadRow]) -> Vec<Seen> {
    let Some(before) = state
        .index
        .checked_sub(1)
        .map(|i| &migration.states[i].network)
    else {
        return Vec::new();
    };
    if !leave(before, &state.network) {
        return Vec::new();
    }
    let own = loads
        .iter()
        .filter(|row| row.state == state.index && row.kind == ResourceKind::Seats);
    own.filter_map(|row| {
        let node = state.network.nodes.get(&Id::new(row.resource.as_str()))?;
        in_lgwan(&state.network, node)?;
        let there = before
            .nodes
            .get(&node.id)
            .and_then(|old| in_lgwan(before, old));
        let had = there.map_or(0.0, |relay| relay.seats.get());
        let asked = row.offered.iter().copied().fold(0.0, f64::max);
        (asked > had).then(|| late(node, had, asked))
    })
    .collect()
}

/// Whether terminals that were in the LGWAN zone are in the Internet zone now.
fn leave(before: &Network, after: &Network) -> bool {
    let terminals = after.groups.iter().filter(|g| g.class.is_terminal());
    let mut arrived = terminals.filter(|g| role_of(after, g) == Some(ZoneRole::Internet));
    arrived.any(|group| {
        let was = before.groups.get(&group.id);
        was.is_some_and(|old| role_of(before, old) == Some(ZoneRole::Lgwan))
    })
}

/// The relay, if the node is one for screen transfer in the LGWAN zone.
fn in_lgwan<'n>(network: &Network, node: &'n Node) -> Option<&'n ScreenRelay> {
    let NodeKind::ScreenRelay(relay) = &node.kind else {
        return None;
    };
    let segment = network.segments.get(&node.endpoint.as_ref()?.segment)?;
    let zone = network.zones.get(&segment.zone)?;
    (zone.role == ZoneRole::Lgwan).then_some(relay)
}

fn late(node: &Node, had: f64, asked: f64) -> Seen {
    let facts: Vec<Cause> = vec![match had > 0.0 {
        true => cause(
            format!("端末が移る前の席数は {had:.0}、移った後の同時利用は {asked:.0}"),
            format!(
                "it has {had:.0} seats before terminals move; {asked:.0} are asked for at once afterwards"
            ),
            &node.place,
        ),
        false => cause(
            format!("端末が移る前にはない。移った後の同時利用は {asked:.0}"),
            format!(
                "it is not there before terminals move; {asked:.0} seats are asked for at once afterwards"
            ),
            &node.place,
        ),
    }];
    let label: Text = node.label.clone();
    Seen::facts(Code::SeatsTooLate, label, &node.place, facts)
}
