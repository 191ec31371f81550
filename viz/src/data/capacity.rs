//! What the charts of the capacity annex show. In: filled by whoever holds a report. Out: read by the chart functions.
//!
//! Ratios and words are those of the parent module. Where there are more rows than a page holds, a chart shows the worst
//! and says so; its CSV twin holds all of them.

use super::{Amount, Caption};

/// Room left in normal operation and after the worst single failure.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Headroom {
    /// Title, subtitle, footnotes.
    pub caption: Caption,
    /// Whether special days count as the failures do.
    pub days: bool,
    /// The resources in any order; the fullest are drawn first.
    pub rows: Vec<HeadroomRow>,
}

/// One resource in normal operation and degraded.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HeadroomRow {
    /// Its name.
    pub label: String,
    /// What tells it from its namesakes, for example capacity and direction; may be empty.
    pub detail: String,
    /// The ratio at which it counts as too full.
    pub threshold: f64,
    /// Worst utilisation without a failure (N-0).
    pub normal: f64,
    /// Demand and capacity behind it, where they are known.
    pub normal_amount: Option<Amount>,
    /// Worst utilisation after any one failure (N-1), or on a special day; `None` where no failure was examined.
    pub degraded: Option<f64>,
    /// Demand and capacity behind that, where they are known.
    pub degraded_amount: Option<Amount>,
    /// That failure in words; may be empty.
    pub culprit: String,
    /// Step and hour of it; may be empty.
    pub when: String,
}

/// For which share of the time resources are how full.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Duration {
    /// Title, subtitle, footnotes.
    pub caption: Caption,
    /// The ratio at which each of them counts as too full.
    pub threshold: f64,
    /// The resources in any order; the five fullest are drawn.
    pub lines: Vec<DurationLine>,
}

/// One resource over all hours looked at.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DurationLine {
    /// Its name.
    pub label: String,
    /// What tells it from its namesakes; may be empty.
    pub detail: String,
    /// Utilisation of every hour looked at, in any order.
    pub hours: Vec<f64>,
}

/// What changed the demand on one resource from one step to the next, by cause.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Waterfall {
    /// Title, subtitle, footnotes.
    pub caption: Caption,
    /// The unit of all amounts, for example `Mbit/s`.
    pub unit: String,
    /// What the resource can carry, in that unit.
    pub capacity: Option<f64>,
    /// Name of the step before, and the demand then.
    pub before: (String, f64),
    /// Causes in the order to be shown, and what each adds (or, negative, takes away).
    pub causes: Vec<(String, f64)>,
    /// Name of the step after, and the demand then. What the causes leave unexplained gets a bar of its own.
    pub after: (String, f64),
}

/// Sessions, seats, ports, licences: what is shared by the piece.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pools {
    /// Title, subtitle, footnotes.
    pub caption: Caption,
    /// The pools in any order; the fullest are drawn first.
    pub rows: Vec<PoolRow>,
}

/// One pool.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PoolRow {
    /// Its name.
    pub label: String,
    /// What is counted, for example `席`; may be empty.
    pub unit: String,
    /// Pieces wanted at the worst time.
    pub offered: f64,
    /// Pieces there are.
    pub capacity: f64,
    /// The ratio at which it counts as too full.
    pub threshold: f64,
    /// Pieces left after the worst single failure; `None` where no failure was examined.
    pub degraded_capacity: Option<f64>,
    /// Probability that a piece is not free when wanted; `None` where no formula applies.
    pub blocking: Option<f64>,
    /// Who finds none free has to wait; otherwise they are turned away.
    pub waiting: bool,
    /// The step it is the worst at; may be empty.
    pub step: String,
    /// Of what has a queue, the hour in which one waits longest.
    pub queue: Option<PoolQueue>,
}

/// How long files wait in the hour in which they wait longest.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct PoolQueue {
    /// The hour, 0 to 23.
    pub hour: u8,
    /// On the mean, s.
    pub mean: f64,
    /// What 95 of 100 wait at most, s.
    pub most: f64,
    /// Left over at the end of the hour.
    pub backlog: f64,
}

/// Whether Web meetings work, site by site and step by step.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Gate {
    /// Title, subtitle, footnotes.
    pub caption: Caption,
    /// What a meeting needs at least; a site beyond fails.
    pub limits: GateLimits,
    /// What a good meeting needs; a site beyond that alone is strained.
    pub strict: GateLimits,
    /// What a good meeting needs of the part of the way beyond the body's own edge; likewise. Nothing where no limit is known.
    pub edge: GateLimits,
    /// Short names of the steps, in order: the columns.
    pub steps: Vec<String>,
    /// Sites in the order to be shown; those alike may be folded into one row.
    pub rows: Vec<GateRow>,
}

/// The most that a meeting bears, or what it meets.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct GateLimits {
    /// Share of packets lost.
    pub loss: f64,
    /// Variation of delay in milliseconds.
    pub jitter_ms: f64,
    /// Delay in milliseconds.
    pub delay_ms: f64,
}

/// One site, or several alike.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GateRow {
    /// Its name.
    pub label: String,
    /// How many sites it stands for: shown as ×80.
    pub count: u32,
    /// One cell for each step; `None` where the site has no meetings.
    pub cells: Vec<Option<GateCell>>,
}

/// Meetings of one site at one step.
#[derive(Debug, Clone, PartialEq)]
pub struct GateCell {
    /// What comes of it.
    pub verdict: GateVerdict,
    /// Share of packets lost.
    pub loss: f64,
    /// Variation of delay in milliseconds.
    pub jitter_ms: f64,
    /// Delay in milliseconds.
    pub delay_ms: f64,
    /// The same beyond the body's own edge.
    pub beyond: GateLimits,
    /// The hour (and failure) these figures are of; may be empty.
    pub when: String,
    /// The hop that uses up most of the budget; may be empty.
    pub worst: String,
}

/// What comes of a site's meetings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GateVerdict {
    /// Loss, jitter and delay are within [`Gate::strict`], and beyond the edge within [`Gate::edge`].
    Pass,
    /// All three are within [`Gate::limits`], but not all within [`Gate::strict`] and [`Gate::edge`].
    Strained,
    /// One of the three is beyond [`Gate::limits`].
    Fail,
}

/// How full resources are for each value of one parameter: the answer to one question.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answers {
    /// Title, subtitle, footnotes.
    pub caption: Caption,
    /// What is varied, for example `同時参加者数`.
    pub parameter: String,
    /// Whether the values lie on one axis, in order: only then points are joined by lines.
    pub joined: bool,
    /// The resources in any order; the fullest seven are drawn.
    pub resources: Vec<AnswerLine>,
}

/// One resource over the values of the parameter.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AnswerLine {
    /// Its name.
    pub label: String,
    /// The ratio at which it counts as too full.
    pub threshold: f64,
    /// Its figures. The columns of the chart are the values of all resources in order of first appearance.
    pub points: Vec<AnswerPoint>,
}

/// How full a resource is for one value of the parameter.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AnswerPoint {
    /// The value in words.
    pub value: String,
    /// Demand by capacity.
    pub utilisation: f64,
    /// Whether it is a projection of growth and not today's calculation; it is then drawn pale, with a hollow mark.
    pub projected: bool,
}
