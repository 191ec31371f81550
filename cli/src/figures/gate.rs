//! Whether people can talk, site by step: sites that fare alike in one row.

use super::{Drawing, caption, sources, told_of};
use crate::model::id::Id;
use crate::model::report::{GateRow, GateVerdict};
use crate::sim::quality::path::{CLIENT_TO_EDGE, EDGE_TO_EDGE, Limits, WEB_MEETING};
use crate::viz::data::{Caption, Gate, GateCell, GateLimits, GateRow as Row, Note, NoteKind};
use crate::viz::{self, Chart, Options, VizError};
use crate::wording::{self, Context};
use std::collections::BTreeMap;

/// What tells sites apart that do not fare alike: in each state the verdict, the link behind one that is not good, and loss,
/// jitter and delay to three significant digits.
type Fate = Vec<Option<(GateVerdict, String, [String; 3])>>;

/// A loss, or a time in seconds, below this is none: no figure shows it.
const NOTHING: f64 = 1e-7;

/// The chart of the whole plan; without rows where nobody talks.
#[must_use]
pub fn gate(context: &Context<'_>) -> Gate {
    let states: Vec<usize> = told_of(context).iter().map(|state| state.index).collect();
    let title = context.pick(
        "Web会議の可否（拠点×ステップ）",
        "Web meetings by site and step",
    );
    let mut caption = caption(context, title, None);
    // Limits of capacity say nothing here.
    caption.notes.clear();
    caption.notes.push(Note {
        kind: NoteKind::Assumption,
        text: context
            .pick(
                "通常時の最悪の1時間。対象は回線のみとし、待ち行列長を50ミリ秒相当と仮定する。有効数字3桁まで値の同じ拠点は1行にまとめる。バーストは、シナリオに定義した通信のみ考慮する",
                "worst hour with everything up; lines only, queues of 50 ms; sites whose figures agree to three digits in one row; bursts only of traffic that says so",
            )
            .to_owned(),
    });
    let talked = context.report.gates.iter().map(|row| &row.application);
    caption
        .notes
        .extend(sources::of_applications(context, talked));
    Gate {
        caption,
        limits: limits(WEB_MEETING),
        strict: limits(CLIENT_TO_EDGE),
        edge: limits(EDGE_TO_EDGE),
        steps: states.iter().map(|s| wording::step(context, *s)).collect(),
        rows: rows(context, &states),
    }
}

fn limits(limits: Limits) -> GateLimits {
    GateLimits {
        loss: limits.loss,
        jitter_ms: limits.jitter * 1e3,
        delay_ms: limits.delay * 1e3,
    }
}

fn rows(context: &Context<'_>, states: &[usize]) -> Vec<Row> {
    let mut folded: Vec<Alike<'_>> = Vec::new();
    let mut known: BTreeMap<Fate, usize> = BTreeMap::new();
    for (site, cells) in sites(context, states) {
        let fate: Fate = cells.iter().map(|row| row.and_then(fate)).collect();
        match known.get(&fate) {
            Some(at) => folded[*at].join(&cells),
            None => {
                known.insert(fate, folded.len());
                let label = cells.iter().flatten().map(|r| r.label.get(context.lang));
                let label = label.rev().find(|l| !l.is_empty()).unwrap_or(site);
                folded.push(Alike {
                    label,
                    count: 1,
                    cells,
                });
            }
        }
    }
    let rows = folded.into_iter();
    rows.map(|alike| alike.row(context)).collect()
}

/// Each site in the order of the report with the worst of its talk in each of these states.
fn sites<'r>(context: &Context<'r>, states: &[usize]) -> Vec<(&'r str, Vec<Option<&'r GateRow>>)> {
    let mut sites: Vec<(&str, Vec<Option<&GateRow>>)> = Vec::new();
    for row in &context.report.gates {
        let at = sites.iter().position(|(site, _)| *site == row.site);
        let at = at.unwrap_or_else(|| {
            sites.push((&row.site, vec![None; states.len()]));
            sites.len() - 1
        });
        let column = states.iter().position(|state| *state == row.state);
        let Some(cell) = column.and_then(|column| sites[at].1.get_mut(column)) else {
            continue;
        };
        let met = |r: &GateRow| r.worst().map(|(_, met)| met.key());
        if cell.is_none_or(|there| met(row) > met(there)) {
            *cell = Some(row);
        }
    }
    sites
}

/// Sites that fare alike: the label of the first, and for each state what is met where it is worst.
struct Alike<'r> {
    label: &'r str,
    count: u32,
    cells: Vec<Option<&'r GateRow>>,
}

impl<'r> Alike<'r> {
    fn join(&mut self, cells: &[Option<&'r GateRow>]) {
        self.count += 1;
        let met = |row: &Option<&GateRow>| row.and_then(|r| r.worst()).map(|(_, met)| met.key());
        for (worst, cell) in self.cells.iter_mut().zip(cells) {
            if met(cell) > met(worst) {
                *worst = *cell;
            }
        }
    }

    fn row(self, context: &Context<'_>) -> Row {
        let label = self.label;
        let cells = self.cells.iter();
        Row {
            label: match self.count {
                1 => label.to_owned(),
                _ => context.pick(format!("{label}など"), format!("{label} and alike")),
            },
            count: self.count,
            cells: cells
                .map(|row| row.and_then(|r| cell(context, r)))
                .collect(),
        }
    }
}

fn fate(row: &GateRow) -> Option<(GateVerdict, String, [String; 3])> {
    let (_, met) = row.worst()?;
    let behind = match met.verdict {
        GateVerdict::Pass => String::new(),
        GateVerdict::Strained | GateVerdict::Fail => met.hop.clone(),
    };
    let figures = [met.loss, met.jitter.get(), met.delay.get()];
    Some((met.verdict, behind, figures.map(rounded)))
}

/// A figure to three significant digits; what is as good as nothing is nothing.
fn rounded(value: f64) -> String {
    match value.abs() < NOTHING {
        true => String::from("0"),
        false => format!("{value:.2e}"),
    }
}

fn cell(context: &Context<'_>, row: &GateRow) -> Option<GateCell> {
    let (hour, met) = row.worst()?;
    let network = &context.report.states.get(row.state)?.network;
    let link = network.links.get(&Id::new(met.hop.as_str()));
    Some(GateCell {
        verdict: match met.verdict {
            GateVerdict::Pass => viz::data::GateVerdict::Pass,
            GateVerdict::Strained => viz::data::GateVerdict::Strained,
            GateVerdict::Fail => viz::data::GateVerdict::Fail,
        },
        loss: met.loss,
        jitter_ms: met.jitter.get() * 1e3,
        delay_ms: met.delay.get() * 1e3,
        beyond: GateLimits {
            loss: met.beyond.loss,
            jitter_ms: met.beyond.jitter.get() * 1e3,
            delay_ms: met.beyond.delay.get() * 1e3,
        },
        when: wording::clock(hour),
        worst: link.map_or_else(|| met.hop.clone(), |l| l.label.get(context.lang).to_owned()),
    })
}

impl Drawing for Gate {
    fn caption(&self) -> &Caption {
        &self.caption
    }

    fn draw(&self, options: &Options) -> Result<Chart, VizError> {
        viz::gate(self, options)
    }

    fn sees(&self, context: &Context<'_>) -> String {
        let fails = |row: &&Row| {
            let cells = row.cells.iter().flatten();
            cells
                .into_iter()
                .any(|c| c.verdict == viz::data::GateVerdict::Fail)
        };
        let sites: u32 = self.rows.iter().map(|row| row.count).sum();
        let bad: u32 = self.rows.iter().filter(fails).map(|row| row.count).sum();
        let first = self.rows.iter().find(fails);
        match (bad, first) {
            (0, _) | (_, None) => context.pick(
                format!("全{sites}拠点で、どのステップでもWeb会議ができる"),
                format!("people can talk at all {sites} sites, at every step"),
            ),
            (_, Some(row)) => {
                let worst = row
                    .cells
                    .iter()
                    .flatten()
                    .find(|c| c.verdict == viz::data::GateVerdict::Fail);
                let hop = worst.map_or("", |c| c.worst.as_str());
                context.pick(
                    format!("{sites}拠点中{bad}拠点で限度を超えるステップがある（{}では「{hop}」による）", row.label),
                    format!("at {bad} of {sites} sites some step is beyond the limits ({}: by {hop})", row.label),
                )
            }
        }
    }
}
