//! Whether anything at all is delivered between two zones (I-TX-13), and who must reach what distributes
//! agents, signatures and patches (I-TX-07).
//!
//! Full separation is a fact for the report, not a demand: where nothing crosses it is noted, where something
//! does the crossings are kept for the rules that depend on it. Doubts are resolved towards passing, so that
//! "separated" is certain.

use super::judge::{Breach, Judge, Part, delivered};
use crate::space::{Set, SpaceFull};
use utsushi_model::finding::{Cause, Code, Evidence, Finding};
use utsushi_model::network::{Network, SystemFunction, ZoneRole};
use utsushi_model::place::Place;
use utsushi_model::policy::{AddressTerm, Addresses, Name, ServiceTerm, Services};
use utsushi_model::report::Verdict;
use utsushi_model::rule::{End, Flow, Hosts, Rule};
use utsushi_model::text::Text;

/// Crossings that are told one by one.
const MOST: usize = 6;

/// Notes full separation, or keeps what crosses.
pub(super) fn judge(
    judge: &mut Judge<'_>,
    rule: &Rule,
    between: (ZoneRole, ZoneRole),
) -> Result<(), SpaceFull> {
    let flow = Flow {
        from: vec![End::Role(between.0, Hosts::All)],
        to: vec![End::Role(between.1, Hosts::All)],
        services: Services::any(),
        both: true,
    };
    let parts = delivered(&mut judge.may, &flow, &[], 0)?;
    let crossings = told(judge, &parts, &rule.place);
    if crossings.is_empty() && both_there(&judge.state.network, between) {
        judge.breaches.push(separated(judge, rule));
    }
    judge.crossings = Some(crossings);
    Ok(())
}

fn both_there(network: &Network, (a, b): (ZoneRole, ZoneRole)) -> bool {
    let there = |role| {
        let mut zones = network
            .segments
            .iter()
            .filter_map(|s| network.zones.get(&s.zone));
        zones.any(|z| z.role == role)
    };
    there(a) && there(b)
}

fn told(judge: &Judge<'_>, parts: &[Part], place: &Place) -> Vec<Cause> {
    let segments = &judge.may.sets.plane.segments;
    let named = parts.iter().take(MOST).map(|part| {
        let (from, to) = (
            &segments[part.from.segment.0].id,
            &segments[part.to.segment.0].id,
        );
        Text::new(
            format!("完全な分離ではない：`{from}` から `{to}` へ届く通信がある"),
            format!("not fully separated: some packets from `{from}` reach `{to}`"),
        )
    });
    let more = parts.len().saturating_sub(MOST);
    let rest = (more > 0).then(|| {
        Text::new(
            format!("ほかに {more} 組のセグメント間で届く通信がある"),
            format!("and so between {more} more pairs of segments"),
        )
    });
    let cause = |what| Cause {
        what,
        place: place.clone(),
    };
    named.chain(rest).map(cause).collect()
}

fn separated(judge: &Judge<'_>, rule: &Rule) -> Breach {
    let state = judge.state;
    let fact = Cause {
        what: Text::new(
            "どのセグメントの組でも、届く通信は一つもない（計算による事実）。SR-O2の事前の確認・監査は免除される",
            "between no pair of their segments is any packet delivered (a computed fact); prior checks under SR-O2 are exempt",
        ),
        place: state.place.clone(),
    };
    Breach {
        rules: vec![rule.id.clone()],
        verdict: Verdict::Proved,
        packets: Set::EMPTY,
        finding: Finding {
            code: Code::Separated,
            severity: Code::Separated.severity(),
            first: state.index,
            last: state.index,
            rule: Some(rule.id.clone()),
            subject: rule.label.clone(),
            place: state.place.clone(),
            evidence: Evidence::Facts { facts: vec![fact] },
        },
    }
}

/// For every distribution system what terminals of its zone must reach: it, on the services it offers.
pub(super) fn distributions(network: &Network) -> Vec<Flow> {
    let systems = network.systems.iter();
    let own = systems.filter(|s| s.function == Some(SystemFunction::Distribution));
    own.filter_map(|system| {
        let zone = &network.segments.get(&system.segment)?.zone;
        let role = network.zones.get(zone)?.role;
        let services = system.services.iter().map(|s| ServiceTerm::Service(*s));
        Some(Flow {
            from: vec![End::Role(role, Hosts::Terminals)],
            to: vec![End::Addresses(Addresses {
                terms: vec![AddressTerm::Named(Name::from(system.id.as_str()))],
                negated: false,
            })],
            services: Services {
                terms: services.collect(),
                negated: false,
            },
            both: false,
        })
    })
    .collect()
}
