//! What is shared by the piece, state by state: sessions, seats, translated ports.
//!
//! How likely none is free follows from Erlang's formulas with the load of the busiest hour as offered traffic: who finds
//! every seat, port or session of a firewall taken is turned away (B); a proxy spends a thread on each session and lets
//! the rest wait (C). What exceeds the pool always waits; where a formula means nothing, or the load
//! is a quantile instead of a mean (`concurrency`), there is no figure. Files and messages
//! queue: what the report says of their wait is shown.

use super::alike::{by_resource, figure, folded, label};
use super::{Drawing, caption, ratio, sources};
use crate::model::circumstance::{BrokenKind, Circumstance, Sharing};
use crate::model::demand::ResourceKind;
use crate::model::id::Id;
use crate::model::network::{Node, NodeKind};
use crate::model::report::{LoadRow, Queue, Waiting};
use crate::sim::quality::blocking::{erlang_b, erlang_c};
use crate::viz::data::{Caption, Note, NoteKind, PoolQueue, PoolRow, Pools};
use crate::viz::{self, Chart, Options, VizError};
use crate::wording::{self, Context};

/// A pool of which so much is used matters even where it is not at its fullest.
const MATTERS: f64 = 0.5;

/// The chart of the whole plan: a row for each pool and each span of states in which nothing about it changes.
#[must_use]
pub fn pools(context: &Context<'_>) -> Pools {
    let counted = context.report.loads.iter().filter(|row| is_pool(row));
    let spans: Vec<Span<'_>> = by_resource(counted)
        .iter()
        .flat_map(|loads| that_matter(spans(loads)))
        .collect();
    let title = context.pick(
        "セッション・席・ポート・処理待ち",
        "Sessions, seats, ports and queues",
    );
    let mut caption = caption(context, title, None);
    caption.notes.push(assumption(context));
    caption.notes.extend(quantiles(context, &spans));
    caption.notes.extend(queues(context, &spans));
    let rows = spans.iter().map(|span| span.row);
    caption.notes.extend(sources::of(context, rows));
    let rows = spans.iter().map(|span| span.pool(context));
    let look = |row: &PoolRow| {
        let left = row.degraded_capacity.map(figure);
        format!(
            "{} {} {left:?} {}",
            figure(row.offered),
            figure(row.capacity),
            row.step
        )
    };
    Pools {
        caption,
        rows: folded(context, rows, look, |row| &mut row.label),
    }
}

/// What the probabilities rest on.
fn assumption(context: &Context<'_>) -> Note {
    Note {
        kind: NoteKind::Assumption,
        text: context
            .pick(
                "利用はランダムに始まる（アーランB式）。プロキシは1セッション1スレッドで空きを待つ（同C式、i-FILTER FAQ 3038）",
                "use begins at random (Erlang B); at a proxy each session takes a thread and the rest wait (Erlang C; i-FILTER FAQ 3038)",
            )
            .to_owned(),
    }
}

/// Why there is no probability, where a load is no mean.
fn quantiles(context: &Context<'_>, spans: &[Span<'_>]) -> Option<Note> {
    let text = context.pick(
        "人数を二項分布の分位点で見積もった資源には、空きのない確率を示さない（アーランの式は平均を要する）",
        "no probability that none is free where users are a quantile of the binomial law (Erlang's formulas want the mean)",
    );
    let mut rows = spans.iter().map(|span| span.row);
    let any = rows.any(|row| row.queue.is_none() && sources::by_chance(context, row));
    any.then(|| Note {
        kind: NoteKind::Assumption,
        text: text.to_owned(),
    })
}

/// What the waits rest on, where there are any.
fn queues(context: &Context<'_>, spans: &[Span<'_>]) -> Option<Note> {
    let text = context.pick(
        "ファイル・メールはランダムに到着し、到着順に処理される（M/D/1。並列数分の速さの1台とみなし、長めに見積もる）。処理しきれない分は次の時間に繰り越す",
        "files and messages come at random and are taken in turn (M/D/1 of one machine as fast as all, on the long side); what is left over is carried into the next hour",
    );
    let any = spans.iter().any(|span| span.row.queue.is_some());
    any.then(|| Note {
        kind: NoteKind::Assumption,
        text: text.to_owned(),
    })
}

fn is_pool(row: &LoadRow) -> bool {
    let kind = matches!(
        row.kind,
        ResourceKind::Sessions | ResourceKind::NatPorts | ResourceKind::Seats | ResourceKind::Files
    );
    kind && row.capacity.is_finite() && peak(row) > 0.0
}

fn peak(row: &LoadRow) -> f64 {
    row.offered.into_iter().fold(0.0, f64::max)
}

/// States one after the other in which a pool and its load are the same.
struct Span<'a> {
    /// The load in the first of them.
    row: &'a LoadRow,
    last: usize,
}

fn spans<'a>(loads: &[&'a LoadRow]) -> Vec<Span<'a>> {
    let mut out: Vec<Span<'a>> = Vec::new();
    let look = |row: &LoadRow| (figure(peak(row)), figure(row.capacity));
    for row in loads {
        match out.last_mut() {
            Some(span) if span.last + 1 == row.state && look(span.row) == look(row) => {
                span.last = row.state;
            }
            _ => out.push(Span {
                row,
                last: row.state,
            }),
        }
    }
    out
}

/// The worst span of a pool, and the others that matter.
fn that_matter(spans: Vec<Span<'_>>) -> Vec<Span<'_>> {
    let worst = spans.iter().map(|span| ratio(span.row)).fold(0.0, f64::max);
    let matters = |span: &Span<'_>| ratio(span.row) >= worst.min(MATTERS);
    spans.into_iter().filter(matters).collect()
}

/// The states of a span in a few words: half a page has room for no more.
fn states(context: &Context<'_>, span: &Span<'_>) -> String {
    let all = context.report.states.len();
    let (first, last) = (span.row.state, span.last);
    let (from, to) = (wording::step(context, first), wording::step(context, last));
    match (first == 0, last + 1 >= all) {
        (true, true) => context.pick("全期間", "throughout").to_owned(),
        _ if first == last => from,
        (false, true) => context.pick(format!("{from}以降"), format!("from {from} on")),
        (true, false) => context.pick(format!("{to}まで"), format!("until {to}")),
        (false, false) => format!("{from}–{}", context.report.states[last].step),
    }
}

impl Span<'_> {
    fn pool(&self, context: &Context<'_>) -> PoolRow {
        let row = self.row;
        let node = node(context, row);
        let waiting = row.kind == ResourceKind::Sessions
            && node.is_some_and(|n| matches!(n.kind, NodeKind::Proxy(_)));
        PoolRow {
            label: label(context, row),
            unit: wording::unit(row.kind, context.lang).to_owned(),
            offered: peak(row),
            capacity: row.capacity,
            threshold: row.warn.get(),
            degraded_capacity: degraded(row, node),
            blocking: match row.queue {
                Some(_) => None,
                // Erlang's formulas want the mean.
                None if sources::by_chance(context, row) => None,
                None => blocking(waiting, peak(row), row.capacity),
            },
            waiting: waiting || row.queue.is_some(),
            step: states(context, self),
            queue: row.queue.as_ref().and_then(queue),
        }
    }
}

/// The hour with the longest wait.
fn queue(queue: &Queue) -> Option<PoolQueue> {
    let longest = Waiting::longest(&queue.hours)?;
    Some(PoolQueue {
        hour: longest.hour,
        mean: longest.mean.get(),
        most: longest.most.get(),
        backlog: longest.backlog,
    })
}

fn node<'a>(context: &Context<'a>, row: &LoadRow) -> Option<&'a Node> {
    let state = context.report.states.get(row.state)?;
    state.network.nodes.get(&Id::new(row.resource.as_str()))
}

/// What is left when one machine of the pool has failed: as the worst cases say, or all of it where another takes over.
fn degraded(row: &LoadRow, node: Option<&Node>) -> Option<f64> {
    let own = |under: &Circumstance| {
        let failure = under.failure.as_ref()?;
        let [broken] = failure.broken.as_slice() else {
            return None;
        };
        (broken.kind == BrokenKind::Machine && broken.name == row.resource).then_some(())
    };
    let cases = row
        .worst
        .iter()
        .filter(|case| own(&case.circumstance).is_some());
    let left = cases.map(|case| case.capacity).reduce(f64::min);
    let machines = node.map(Node::made_of).filter(|m| m.count > 1);
    let takes_over = machines.is_some_and(|m| m.sharing == Sharing::ActiveStandby);
    left.or_else(|| takes_over.then_some(row.capacity))
}

/// How likely none is free; nothing for a pool that no formula counts.
fn blocking(waiting: bool, offered: f64, capacity: f64) -> Option<f64> {
    let servers = servers(capacity)?;
    let chance = match waiting {
        true => erlang_c(offered, servers),
        false => erlang_b(offered, servers),
    };
    chance.ok()
}

/// Whole pieces of a pool; more than the formulas are good for is none.
fn servers(capacity: f64) -> Option<u32> {
    const MOST: f64 = 1e8;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at least 0 and at most 100 million"
    )]
    (0.0..=MOST)
        .contains(&capacity)
        .then(|| capacity.floor() as u32)
}

impl Drawing for Pools {
    fn caption(&self) -> &Caption {
        &self.caption
    }

    fn draw(&self, options: &Options) -> Result<Chart, VizError> {
        viz::pools(self, options)
    }

    fn sees(&self, context: &Context<'_>) -> String {
        let load = |row: &PoolRow| super::share(row.offered, row.capacity);
        let fullest = self
            .rows
            .iter()
            .reduce(|best, row| if load(row) > load(best) { row } else { best });
        let Some(row) = fullest else {
            return context
                .pick("対象となる資源はない", "there is nothing of the kind")
                .to_owned();
        };
        let number = crate::model::units::grouped;
        let (offered, capacity) = (number(row.offered), number(row.capacity));
        let (label, step, unit) = (&row.label, &row.step, &row.unit);
        let load = super::per_cent(load(row), &[row.threshold, 1.0]);
        context.pick(
            format!("最も混むのは{label}（{step}）：{capacity}{unit}に対し{offered}{unit}が必要（{load}）"),
            format!("the fullest is {label} ({step}): {offered} of {capacity} {unit} wanted ({load})"),
        )
    }
}
