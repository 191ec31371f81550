//! The answer to a what-if question: table, CSV, JSON and chart, in Japanese or English.
//!
//! In: a question with its answer and the plan it was put to. Out: one table, with a row for each combination of values
//! and a column for each resource that matters. Nothing can go wrong but the writers themselves, whose errors are
//! passed on.
//!
//! Modules in reading order: `words` (keys and limits in words), `text` (terminal and Markdown), `sheet` (CSV and JSON).

mod sheet;
#[cfg(test)]
mod tests;
mod text;
mod words;

use crate::figures;
use crate::model::migration::Migration;
use crate::model::report::Report;
use crate::model::text::Lang;
use crate::sim::replay::Failures;
use crate::sim::whatif::{Answer, Idle, Outcome, Peak, Question, Setting, Value};
use crate::viz::data::{AnswerLine, AnswerPoint, Answers, Caption, Note, NoteKind};
use crate::wording::{Context, per_cent, pick, resource, step};

/// An answer with what its words are made from.
#[derive(Clone, Copy)]
pub struct Told<'a> {
    /// The plan that was asked.
    pub migration: &'a Migration,
    /// What was asked.
    pub question: &'a Question,
    /// The answer.
    pub answer: &'a Answer,
    /// What could fail.
    pub failures: Failures,
    /// The only state that was looked at; `None`: all.
    pub state: Option<usize>,
    /// So many resources are shown.
    pub top: usize,
    /// The reader's language.
    pub lang: Lang,
}

impl<'a> Told<'a> {
    /// The resources that are shown, by their peak in the first outcome.
    fn resources(&self) -> Vec<&'a Peak> {
        self.answer.foremost(self.top)
    }

    /// The values of an outcome, one for each key.
    fn values(&self, outcome: &'a Outcome) -> Vec<&'a str> {
        let values = self.question.values(&outcome.choice);
        values.map(|v| v.text.as_str()).collect()
    }

    /// What was looked at: `step 2`, or every step.
    fn extent(&self) -> String {
        let report = Report::unasked(self.migration);
        match self.state {
            Some(state) => step(&self.context(&report), state),
            None => pick(self.lang, "全ステップ", "all steps").to_owned(),
        }
    }

    fn context<'r>(&'r self, report: &'r Report) -> Context<'r> {
        Context {
            report,
            requirements: &self.migration.requirements,
            lang: self.lang,
        }
    }

    /// The answer as a chart: a line for each resource that is shown; with failures, after the worst of them.
    #[must_use]
    pub fn chart(&self) -> Answers {
        let resources = self.resources();
        let lines = resources.iter().map(|of| self.line(of));
        let keys: Vec<String> = self.keys();
        Answers {
            caption: Caption {
                title: pick(self.lang, "条件別の使用率（試算）", "What if: utilisation").to_owned(),
                subtitle: format!(
                    "{} · {}",
                    self.migration.title.get(self.lang),
                    self.extent()
                ),
                notes: [self.notes(), self.sources(&resources)].concat(),
            },
            parameter: keys.join(" · "),
            joined: self.joined(),
            resources: lines.collect(),
        }
    }

    fn line(&self, of: &Peak) -> AnswerLine {
        let outcomes = self.answer.outcomes.iter();
        let point = |outcome: &Outcome| {
            let peak = outcome.peak(of.kind, &of.resource)?;
            Some(AnswerPoint {
                value: self.values(outcome).join(" · "),
                utilisation: peak.fullest().utilisation().get(),
                projected: self.projected(outcome),
            })
        };
        AnswerLine {
            label: resource(&of.label, of.kind, self.lang),
            threshold: of.warn.get(),
            points: outcomes.filter_map(point).collect(),
        }
    }

    /// Whether the figures of an outcome are of years to come.
    fn projected(&self, outcome: &Outcome) -> bool {
        let mut values = self.question.values(&outcome.choice);
        values.any(|v| matches!(v.setting, Setting::Years(years) if years > 0))
    }

    /// Whether the values lie on one axis: those of one key alone vary, and they are numbers in order.
    fn joined(&self) -> bool {
        let mut varying = self.question.sweeps.iter().filter(|s| s.values.len() > 1);
        let (first, second) = (varying.next(), varying.next());
        let Some(sweep) = first.filter(|_| second.is_none()) else {
            return false;
        };
        let numbers: Option<Vec<f64>> = sweep.values.iter().map(number).collect();
        numbers.is_some_and(|n| n.is_sorted() || n.iter().rev().is_sorted())
    }

    /// The limits of the resources that are shown, and where their loads come from.
    fn sources(&self, resources: &[&Peak]) -> Vec<Note> {
        let Some(first) = resources.first() else {
            return Vec::new();
        };
        let outcomes = self.answer.outcomes.iter();
        let peaks = outcomes.flat_map(|outcome| {
            let of = |peak: &&Peak| outcome.peak(peak.kind, &peak.resource);
            resources.iter().filter_map(of)
        });
        let labels = peaks.flat_map(|peak| &peak.applications);
        let report = Report::unasked(self.migration);
        figures::footnotes(&self.context(&report), (first.warn, first.full), labels)
    }

    /// How the figures came about, for the foot of the chart.
    fn notes(&self) -> Vec<Note> {
        let mut texts = vec![pick(
            self.lang,
            "負荷は最も混む1時間の値",
            "loads are those of the busiest hour of a day",
        )];
        if self.failures != Failures::None {
            texts.push(pick(
                self.lang,
                "最も厳しい単一故障時の値",
                "after the worst single failure",
            ));
        }
        let remark = |text: &str| Note {
            kind: NoteKind::Remark,
            text: text.to_owned(),
        };
        texts.into_iter().map(remark).collect()
    }

    /// Demands that do not come through with some values, in words: the values, the step, what is lost.
    fn blocked(&self) -> Vec<String> {
        let mut out = Vec::new();
        for outcome in &self.answer.outcomes {
            let blocked = self.answer.newly_blocked(outcome);
            let Some((state, first)) = blocked.first() else {
                continue;
            };
            let values = self.values(outcome).join(" · ");
            let at = self
                .migration
                .states
                .get(*state)
                .map_or("?", |s| s.step.as_str());
            let (count, first) = (blocked.len(), first.get(self.lang));
            out.push(pick(
                self.lang,
                format!("{values}: 計画どおりなら届く需要のうち{count}件が届かず、負荷に含まれない（ステップ{at}の `{first}` など）"),
                format!("{values}: {count} demands that come through as planned do not, and load nothing (such as `{first}` in step {at})"),
            ));
        }
        out
    }

    /// Keys, or some of their values, that change no figure, and why.
    fn idle(&self) -> Vec<String> {
        let idle = self.answer.idle.iter();
        let told = idle.map(|idle| {
            let sweep = &self.question.sweeps[idle.key];
            let (name, why) = (&sweep.name, idle.why.get(self.lang));
            let which = match idle.values.len() < sweep.values.len() {
                true => format!("{name}={}", self.idle_values(idle).join(",")),
                false => name.clone(),
            };
            pick(
                self.lang,
                format!("`{which}` で変わる数値はない: {why}"),
                format!("`{which}` changes no figure: {why}"),
            )
        });
        told.collect()
    }

    /// Values that change nothing, as typed.
    fn idle_values(&self, idle: &Idle) -> Vec<&'a str> {
        let sweep = &self.question.sweeps[idle.key];
        let values = idle.values.iter();
        values.map(|v| sweep.values[*v].text.as_str()).collect()
    }

    /// A utilisation that stays on its side of the limits of a resource.
    fn share(peak: &Peak, utilisation: crate::model::units::Utilisation) -> String {
        per_cent(utilisation, &[peak.warn, peak.full])
    }
}

/// The number that a value is; nothing for what is none, such as a kind of day.
fn number(value: &Value) -> Option<f64> {
    Some(match &value.setting {
        Setting::Day(_) | Setting::Nearby(None) => return None,
        Setting::Terminals(n)
        | Setting::Years(n)
        | Setting::Members(_, n)
        | Setting::Units(_, n)
        | Setting::Addresses(_, n)
        | Setting::Workers(_, n) => f64::from(*n),
        Setting::Growth(x) | Setting::Times(_, x) => *x,
        Setting::Breakout(s) | Setting::Nearby(Some(s)) | Setting::Active(_, s) => s.get(),
        Setting::Rate(_, r) | Setting::Throughput(_, r) | Setting::Down(_, r) => r.get(),
        Setting::Sessions(_, s) => s.get(),
        Setting::Seats(_, s) => s.get(),
    })
}
