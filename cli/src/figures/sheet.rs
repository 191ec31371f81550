//! Which charts there are, and each of them ready to be drawn.
//!
//! In: a report with its context. Out: [`Sheet`]s. A new chart is a file beside this one with a [`Drawing`], a word in
//! [`Figure`] and an arm in [`sheets`].

use super::{
    Later, changes_verdict, duration, gate, headroom, heatmap, picture, pools, ratio, utilisation,
    waterfalls,
};
use crate::viz::data::Caption;
use crate::viz::{Chart, Options, VizError};
use crate::wording::Context;

/// A kind of chart, in the order of a capacity annex; its name is what `--figure` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Figure {
    /// Resources by step against capacity.
    Utilisation,
    /// Links by hour.
    Heatmap,
    /// Room left, normal and degraded.
    Headroom,
    /// For how long resources are how full.
    Duration,
    /// What changes a demand from one step to the next.
    Waterfall,
    /// Sessions, seats, ports.
    Pools,
    /// Whether people can talk.
    Gate,
    /// The network.
    Picture,
}

impl Figure {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::Utilisation,
        Self::Heatmap,
        Self::Headroom,
        Self::Duration,
        Self::Waterfall,
        Self::Pools,
        Self::Gate,
        Self::Picture,
    ];

    /// Whether there is one for each state, and not one for the whole plan.
    #[must_use]
    pub const fn by_state(self) -> bool {
        match self {
            Self::Utilisation | Self::Headroom | Self::Pools | Self::Gate => false,
            Self::Heatmap | Self::Duration | Self::Waterfall | Self::Picture => true,
        }
    }
}

/// The data of a chart.
pub trait Drawing: Send + Sync {
    /// Title, subtitle, footnotes.
    fn caption(&self) -> &Caption;

    /// Draws it.
    ///
    /// # Errors
    /// Only failures of the libraries below.
    fn draw(&self, options: &Options) -> Result<Chart, VizError>;

    /// What to see in it, in one sentence.
    fn sees(&self, context: &Context<'_>) -> String;
}

/// One chart, ready to be drawn.
pub struct Sheet {
    /// Its kind.
    pub figure: Figure,
    /// The state it is of; `None` for one of the whole plan.
    pub state: Option<usize>,
    /// What tells it from other charts of its kind and state; may be empty.
    pub part: &'static str,
    /// What it shows.
    pub drawing: Box<dyn Drawing>,
}

/// What charts are drawn from.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The report as it is: charts of one state may look at the state before it.
    pub whole: Context<'a>,
    /// The same report with the loads and the talk of the states asked for alone: charts of the whole plan show them.
    pub asked: Context<'a>,
    /// The last of these states some years on, for the chart of utilisation.
    pub later: Option<&'a Later>,
}

impl<'a> View<'a> {
    /// Of every state, without a look into the future.
    #[must_use]
    pub const fn of(context: Context<'a>) -> Self {
        Self {
            whole: context,
            asked: context,
            later: None,
        }
    }
}

/// The charts of one kind, of one state where it is [by state](Figure::by_state).
#[must_use]
pub fn sheets(view: &View<'_>, figure: Figure, state: usize) -> Vec<Sheet> {
    let View {
        whole,
        asked,
        later,
    } = view;
    let one = |drawing| vec![sheet(figure, state, "", drawing)];
    match figure {
        Figure::Utilisation => one(Box::new(utilisation(asked, *later))),
        Figure::Heatmap => one(Box::new(heatmap(whole, state))),
        Figure::Headroom => one(Box::new(headroom(asked))),
        Figure::Duration => one(Box::new(duration(whole, state))),
        Figure::Waterfall => waterfalls(whole, state)
            .into_iter()
            .map(|(kind, data)| sheet(figure, state, kind.word(), Box::new(data)))
            .collect(),
        Figure::Pools => one(Box::new(pools(asked))),
        Figure::Gate if asked.report.gates.is_empty() => Vec::new(),
        Figure::Gate => one(Box::new(gate(asked))),
        Figure::Picture => one(Box::new(picture(whole, state))),
    }
}

fn sheet(figure: Figure, state: usize, part: &'static str, drawing: Box<dyn Drawing>) -> Sheet {
    Sheet {
        figure,
        state: figure.by_state().then_some(state),
        part,
        drawing,
    }
}

/// Every chart of some kinds, as kind and state (0 for charts of the whole plan).
#[must_use]
pub fn all(figures: &[Figure], states: &[usize]) -> Vec<(Figure, usize)> {
    let each = |figure: &Figure| match figure.by_state() {
        true => states.iter().map(|state| (*figure, *state)).collect(),
        false => vec![(*figure, 0)],
    };
    figures.iter().flat_map(each).collect()
}

/// The charts that matter: all but durations, of which the fullest state is enough, and steps that change no verdict.
#[must_use]
pub fn that_matter(context: &Context<'_>) -> Vec<(Figure, usize)> {
    let states: Vec<usize> = (0..context.report.states.len()).collect();
    let fullest = fullest_state(context);
    let mut out = all(Figure::ALL, &states);
    out.retain(|(figure, state)| match figure {
        Figure::Duration => *state == fullest,
        Figure::Waterfall => changes_verdict(context, *state),
        _ => true,
    });
    out
}

/// The state with the fullest resource, the last of equals.
fn fullest_state(context: &Context<'_>) -> usize {
    let mut best = (0, f64::MIN);
    for row in &context.report.loads {
        // Equal but for rounding is equal.
        if ratio(row) >= best.1 - 1e-9 {
            best = (row.state, ratio(row).max(best.1));
        }
    }
    best.0
}

impl Sheet {
    /// The base name of its files: `utilisation`, `heatmap-step2`, `waterfall-step2-link`. A step whose id would make
    /// a strange file name gives way to the index of the state.
    #[must_use]
    pub fn name(&self, context: &Context<'_>, chart: &Chart) -> String {
        let mut name = chart.name.to_owned();
        if let Some(index) = self.state {
            let id = context
                .report
                .states
                .get(index)
                .map_or("", |state| state.step.as_str());
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            if !id.is_empty() && id.chars().all(plain) {
                name.push_str(&format!("-step{id}"));
            } else {
                name.push_str(&format!("-state{index}"));
            }
        }
        if !self.part.is_empty() {
            name.push_str(&format!("-{}", self.part));
        }
        name
    }
}
