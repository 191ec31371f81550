//! Keys of a question on which no figure of its answer hangs: growth without years, a kind of day that nothing speaks of.
//!
//! Goes in: a question with its outcomes, and what comes out without one of its keys. Comes out: [`Idle`] where that is
//! the same. Nothing can go wrong.

use super::key::{Key, OfApplication};
use super::question::Question;
use super::setting::Setting;
use super::{Base, Extent, Outcome};
use rayon::prelude::*;
use utsushi_model::circumstance::DayType;
use utsushi_model::demand::{Amount, ApplicationId};
use utsushi_model::migration::State;
use utsushi_model::text::Text;

/// A key of which values change nothing: every resource is as full at its fullest, and as much is blocked, as without it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idle {
    /// Position of the key in the question.
    pub key: usize,
    /// Positions of such values: all that it has; of kinds of days perhaps some.
    pub values: Vec<usize>,
    /// Why, as far as that can be told.
    pub why: Text,
}

/// The keys of a question that are idle, in its order.
pub(super) fn idle(
    base: &Base<'_>,
    question: &Question,
    outcomes: &[Outcome],
    extent: Extent<'_>,
) -> Vec<Idle> {
    let keys = 0..question.sweeps.len();
    let idle = keys.filter_map(|key| {
        let values = values(base, (question, key), outcomes, extent);
        (!values.is_empty()).then(|| Idle {
            key,
            why: why(base, (question, key), &values, extent),
            values,
        })
    });
    idle.collect()
}

/// The values of a key that change nothing, whatever the other keys say; without kinds of days all of them or none.
fn values(
    base: &Base<'_>,
    (question, key): (&Question, usize),
    outcomes: &[Outcome],
    extent: Extent<'_>,
) -> Vec<usize> {
    let sweep = &question.sweeps[key];
    let by_value = sweep.key == Key::Day;
    let all = 0..sweep.values.len();
    // An ordinary day is what there is without the key.
    let asked = |v: &usize| sweep.values[*v].setting != Setting::Day(DayType::Ordinary);
    let mut left: Vec<usize> = all.filter(asked).collect();
    let without = question.without(key);
    let plain = |choice: &Vec<usize>| base.outcome(&without, choice.clone(), extent);
    let mut compare = |choice: &Vec<usize>, plain: &Outcome| {
        let changes = |value: &usize| {
            let mut with = choice.clone();
            with.insert(key, *value);
            let same = |o: &&Outcome| o.choice == with;
            let found = outcomes.iter().find(same);
            found.is_none_or(|o| o.peaks != plain.peaks || o.blocked != plain.blocked)
        };
        let before = left.len();
        left.retain(|value| !changes(value));
        if !by_value && left.len() < before {
            left.clear();
        }
        !left.is_empty()
    };
    // Most keys change something in the first combination already; only for others the rest are looked at.
    let choices = without.choices();
    if let Some((first, rest)) = choices.split_first()
        && compare(first, &plain(first))
    {
        let plain: Vec<Outcome> = rest.par_iter().map(plain).collect();
        for (choice, plain) in rest.iter().zip(&plain) {
            compare(choice, plain);
        }
    }
    left
}

fn why(
    base: &Base<'_>,
    (question, key): (&Question, usize),
    values: &[usize],
    extent: Extent<'_>,
) -> Text {
    let requirements = &base.migration.requirements;
    let mut applications = requirements.applications.iter();
    let sweep = &question.sweeps[key];
    let asks = |wanted: &Key| question.sweeps.iter().any(|s| s.key == *wanted);
    let mut states = extent.states.iter().map(|i| &base.migration.states[*i]);
    let (ja, en) = match &sweep.key {
        Key::Growth if !later(question) => (
            "増加は計画の開始日からの年数とともに効く。`--set years=5` のように年数も指定する",
            "growth counts by the year from the start of the plan: give `--set years=5` too",
        ),
        Key::Years if !asks(&Key::Growth) && !applications.any(|a| a.nature.grows()) => (
            "増加（`growth`、`adoption`）を書いたアプリケーションがない。`--set growth=\"10 %\"` のように指定できる",
            "no application says how it grows (`growth`, `adoption`): give `--set growth=\"10 %\"` too",
        ),
        Key::Day
            if applications
                .all(|a| values.iter().all(|v| !speaks(a, &sweep.values[*v].setting))) =>
        {
            (
                "その種類の日の使い方（`days`）を書いたアプリケーションがない",
                "no application says how it is used on such a day (`days`)",
            )
        }
        Key::Breakout if !states.any(|state| base.breaks_out_in(state)) => (
            "調べたステップには、直接インターネットへ出る利用がない",
            "in the steps looked at nothing leaves directly",
        ),
        Key::Link(id, _) if !states.any(|s| s.network.links.get(id).is_some()) => NOT_THERE,
        Key::Node(id, _) if !states.any(|s| s.network.nodes.get(id).is_some()) => NOT_THERE,
        Key::Application(id, of) => match demands(base, id, states) {
            (0, _) => (
                "調べたステップには、このアプリケーションの需要がない",
                "there is no demand for this application in the steps looked at",
            ),
            (_, 0) if *of != OfApplication::Times => (
                "このアプリケーションの需要は利用者数でなく、ファイル数か実測値で書かれている。`times` で変えられる",
                "demands for this application are files or measured rates, not users: vary `times`",
            ),
            _ => GENERAL,
        },
        _ => GENERAL,
    };
    Text::new(ja, en)
}

const NOT_THERE: (&str, &str) = (
    "調べたステップにはない",
    "it is not there in the steps looked at",
);

const GENERAL: (&str, &str) = (
    "計画に書いた値と同じか、調べた範囲にこれに左右される負荷がない",
    "the values are those of the plan, or no load that was looked at hangs on them",
);

/// Whether any combination is one of years to come.
fn later(question: &Question) -> bool {
    let mut values = question.sweeps.iter().flat_map(|s| &s.values);
    values.any(|v| matches!(v.setting, Setting::Years(years) if years > 0))
}

fn speaks(application: &utsushi_model::demand::Application, setting: &Setting) -> bool {
    matches!(setting, Setting::Day(day) if application.nature.on(*day).is_some())
}

/// How many demands for an application there are in some states, and how many of them go by users.
fn demands<'s>(
    base: &Base<'_>,
    id: &ApplicationId,
    states: impl Iterator<Item = &'s State>,
) -> (usize, usize) {
    let all = &base.migration.requirements.demands;
    let mut found = (0, 0);
    for state in states {
        for demand in base.demands(all, state) {
            if demand.application == *id {
                found.0 += 1;
                found.1 += usize::from(matches!(demand.amount, Amount::Users));
            }
        }
    }
    found
}
