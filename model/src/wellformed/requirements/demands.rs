//! Whether demands and the applications they use can come about in some state.
//!
//! Goes in: applications, demands and the states in which they exist. What can go wrong: a group, target
//! or application that none of these states knows, or never both ends at once; an application that nobody
//! can use; numbers below zero.

use super::Plan;
use crate::change::Kind;
use crate::demand::{Amount, Application, Demand, Use};
use crate::finding::Code;
use crate::id::Id;
use crate::migration::State;
use crate::problem::Problem;
use crate::text::Text;
use crate::wellformed::index::Holds;
use crate::wellformed::quantities::not_negative;
use crate::wellformed::say::{DESTINATION, Thing, Words, unknown};
use std::ops::Range;

const APPLICATION: Words = ("アプリケーション", "application");
const DEMAND: Words = ("需要", "demand");
const SESSIONS: Words = ("セッション数", "number of sessions");
const DOWN: Words = ("下り速度", "rate down");
const UP: Words = ("上り速度", "rate up");

impl Plan<'_> {
    pub(super) fn applications(&mut self) {
        for application in self.requirements.applications.iter() {
            let thing = Thing::new(APPLICATION, application.id.as_str(), &application.place);
            let ways = application.direct.iter().chain(&application.screen);
            ways.for_each(|way| self.numbers(&thing, &figures(way)));
            if self.is_used(application)
                && application.direct.is_none()
                && application.screen.is_none()
            {
                let problem =
                    thing.problem(Code::Empty, "には使い方がない", "can be used in no way");
                let help = Text::new(
                    "`direct` か `screen` に一人当たりの量を書く",
                    "give what one user spends in `direct` or `screen`",
                );
                self.found.push(problem.help(help));
            }
        }
    }

    fn is_used(&self, application: &Application) -> bool {
        let users = |d: &Demand| d.application == application.id && d.amount == Amount::Users;
        self.requirements.demands.iter().any(users)
    }

    pub(super) fn demand(&mut self, demand: &Demand) {
        let thing = Thing::new(DEMAND, demand.id.as_str(), &demand.place);
        let applications = &self.requirements.applications;
        if !applications.contains(&demand.application) {
            let known = applications.ids().map(Id::as_str);
            let id = demand.application.as_str();
            self.found.push(unknown(&thing, APPLICATION, id, known));
        }
        self.amount(&thing, &demand.amount);
        let (from, until) = (demand.from.as_ref(), demand.until.as_ref());
        if let Some(covered) = self.covered(&thing, from, until) {
            self.parties(&thing, demand, &covered);
        }
    }

    /// Who needs it and what they reach are there, at least once at the same time.
    fn parties(&mut self, thing: &Thing<'_>, demand: &Demand, covered: &Range<usize>) {
        let before = self.found.len();
        let group = |s: &State| s.network.groups.contains(&demand.group);
        if !self.states[covered.clone()].iter().any(group) {
            let all = self.states.iter().flat_map(|s| s.network.groups.ids());
            let known = all.map(Id::as_str);
            let words = Kind::Group.words();
            let problem = unknown(thing, words, demand.group.as_str(), known);
            self.absent(problem, group);
        }
        let nearby = demand.nearby.as_ref().map(|nearby| &nearby.to);
        for to in [&demand.to].into_iter().chain(nearby) {
            match self.is_zone(to, covered) {
                true => self.found.push(no_zone(thing, to)),
                false => self.name(thing, DESTINATION, to, covered),
            }
        }
        let target = |i: usize| self.names[i].holds(&demand.to) == Some(Holds::Something);
        let mut both = covered
            .clone()
            .filter(|i| group(&self.states[*i]) && target(*i));
        if self.found.len() == before && both.next().is_none() {
            let problem = thing.problem(
                Code::Empty,
                "の端末群と宛先が同時に存在する状態がない",
                "has a host group and a destination that are never there at the same time",
            );
            let help = Text::new(
                "`from` と `until` を、両方が存在するステップに合わせる",
                "let `from` and `until` name steps between which both exist",
            );
            self.found.push(problem.help(help));
        }
    }

    fn is_zone(&self, name: &str, covered: &Range<usize>) -> bool {
        let mut names = self.names[covered.clone()].iter();
        names.any(|n| n.kind(name) == Some(Kind::Zone))
    }

    fn amount(&mut self, thing: &Thing<'_>, amount: &Amount) {
        match amount {
            Amount::Users => {}
            Amount::Files(files) => self.numbers(
                thing,
                &[
                    (("1 日の件数", "number of files a day"), files.per_day),
                    (("平均の大きさ", "mean size"), files.bytes),
                ],
            ),
            Amount::Measured(hours) => {
                for hour in hours.iter() {
                    let (down, up) = (hour.down.get(), hour.up.get());
                    let sessions = hour.sessions.get();
                    self.numbers(thing, &[(DOWN, down), (UP, up), (SESSIONS, sessions)]);
                }
            }
        }
    }

    fn numbers(&mut self, thing: &Thing<'_>, numbers: &[(Words, f64)]) {
        let mut found = Vec::new();
        for (what, value) in numbers {
            not_negative(thing, *what, *value, &mut found);
        }
        self.found.extend(found.into_iter().map(|f| f.problem));
    }
}

/// A zone says neither which lines its traffic takes nor where it ends: it may even be the group's own.
fn no_zone(thing: &Thing<'_>, zone: &str) -> Problem {
    let problem = thing.problem(
        Code::Empty,
        format_args!("の宛先 `{zone}` はゾーンで、通信がどこへ行くか決まらない"),
        format_args!("has the destination `{zone}`, a zone: where its traffic goes is not said"),
    );
    problem.help(Text::new(
        "ゾーンの中のシステム、機器、セグメントのどれかを書く",
        "name a system, relay or segment in it",
    ))
}

fn figures(way: &Use) -> [(Words, f64); 5] {
    [
        (SESSIONS, way.sessions),
        (DOWN, way.down.get()),
        (UP, way.up.get()),
        (
            ("画面の下り速度", "rate of pixels down"),
            way.pixels_down.get(),
        ),
        (("画面の上り速度", "rate of pixels up"), way.pixels_up.get()),
    ]
}
