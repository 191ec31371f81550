//! The table for a terminal and for a document.
//!
//! A row for each combination of values (two where failures were looked at), a column for each resource; a cell holds
//! utilisation, mark, step and hour.

use super::Told;
use super::words::Passes;
use crate::annex::plain;
use crate::model::demand::ResourceKind;
use crate::render::{Align, Columns, Paint};
use crate::sim::replay::Failures;
use crate::sim::whatif::{Busiest, Key, Outcome, Peak};
use crate::wording::{clock, per_cent, pick, quantity, resource, unit};
use unicode_width::UnicodeWidthStr;

/// What of a peak a row shows.
type Side = fn(&Peak) -> Option<&Busiest>;

fn normal(peak: &Peak) -> Option<&Busiest> {
    Some(&peak.normal)
}

fn degraded(peak: &Peak) -> Option<&Busiest> {
    peak.degraded.as_ref()
}

impl Told<'_> {
    /// For a terminal.
    #[must_use]
    pub fn text(&self, paint: Paint) -> String {
        let heads = self.heads();
        let keys = self.question.sweeps.len();
        let aligned = |(at, head): (usize, &String)| {
            let align = if at < keys { Align::Right } else { Align::Left };
            (head.clone(), align)
        };
        let heads: Vec<(String, Align)> = heads.iter().enumerate().map(aligned).collect();
        let heads: Vec<(&str, Align)> = heads.iter().map(|(h, a)| (h.as_str(), *a)).collect();
        let mut columns = Columns::new(&heads);
        for row in self.table() {
            columns.row(row);
        }
        let mut out = format!("{}\n\n", paint.strong(&self.title()));
        out += &columns.draw(paint, |_, cell| cell.to_owned());
        out.push('\n');
        out += &self.amounts(paint);
        for note in self.foot() {
            out += &format!("  {note}\n");
        }
        out
    }

    /// For a document.
    #[must_use]
    pub fn markdown(&self) -> String {
        let safe = |cell: &String| plain(cell.trim());
        let line = |cells: &[String]| {
            let cells: Vec<String> = cells.iter().map(safe).collect();
            format!("| {} |\n", cells.join(" | "))
        };
        let heads = self.heads();
        let keys = self.question.sweeps.len();
        let rule = (0..heads.len()).map(|at| if at < keys { "---:" } else { "---" });
        let mut out = format!("{}\n\n{}", self.title(), line(&heads));
        out += &format!("|{}|\n", rule.collect::<Vec<_>>().join("|"));
        for row in self.table() {
            out += &line(&row);
        }
        out.push('\n');
        for note in self.foot() {
            out += &format!("- {note}\n");
        }
        out
    }

    fn title(&self) -> String {
        let cases = self.answer.outcomes.len();
        let extent = self.extent();
        let title = self.migration.title.get(self.lang);
        let failures = match self.failures {
            Failures::None => "",
            Failures::Single => pick(self.lang, " · 単一故障", " · single failures"),
            Failures::Pairs => pick(self.lang, " · 二重故障", " · pairs of failures"),
        };
        pick(
            self.lang,
            format!("{title} · {extent} · {cases}通り{failures}"),
            format!(
                "{title} · {extent} · {cases} case{}{failures}",
                if cases == 1 { "" } else { "s" }
            ),
        )
    }

    fn heads(&self) -> Vec<String> {
        let mut heads = self.keys();
        if self.failures != Failures::None {
            heads.push(pick(self.lang, "条件", "when").to_owned());
        }
        let resources = self.resources();
        heads.extend(
            resources
                .iter()
                .map(|r| resource(&r.label, r.kind, self.lang)),
        );
        heads
    }

    /// The rows, the cells of a column padded so that their parts stand below one another.
    fn table(&self) -> Vec<Vec<String>> {
        let resources = self.resources();
        let both: &[Side] = match self.failures {
            Failures::None => &[normal],
            _ => &[normal, degraded],
        };
        let rows = || {
            let outcomes = self.answer.outcomes.iter();
            outcomes.flat_map(|o| {
                both.iter()
                    .enumerate()
                    .map(move |(at, side)| (o, at, *side))
            })
        };
        let wide = |of: &Peak| {
            let shares = rows().filter_map(|(o, _, side)| {
                let peak = o.peak(of.kind, &of.resource)?;
                Some(Self::share(peak, side(peak)?.utilisation()).width())
            });
            shares.max().unwrap_or(0)
        };
        let widths: Vec<usize> = resources.iter().map(|of| wide(of)).collect();
        rows()
            .map(|(outcome, at, side)| {
                let mut cells = self.first_cells(outcome, at);
                let each = resources.iter().zip(&widths);
                cells.extend(each.map(|(of, wide)| self.cell(outcome, of, side, *wide)));
                cells
            })
            .collect()
    }

    /// The values, and whether this is the row with everything up.
    fn first_cells(&self, outcome: &Outcome, side: usize) -> Vec<String> {
        let values = self.question.values(&outcome.choice);
        let mut cells: Vec<String> = values
            .map(|v| {
                if side == 0 {
                    v.text.clone()
                } else {
                    String::new()
                }
            })
            .collect();
        if self.failures != Failures::None {
            let word = match side {
                0 => pick(self.lang, "通常時", "normal"),
                _ => pick(self.lang, "縮退時", "degraded"),
            };
            cells.push(word.to_owned());
        }
        cells
    }

    /// `144 % ✗ 2·10:00`.
    fn cell(&self, outcome: &Outcome, of: &Peak, side: Side, wide: usize) -> String {
        let peak = outcome.peak(of.kind, &of.resource);
        let Some((peak, busiest)) = peak.and_then(|p| Some((p, side(p)?))) else {
            return String::new();
        };
        let share = Self::share(peak, busiest.utilisation());
        let pad = " ".repeat(wide.saturating_sub(share.width()));
        let step = self.migration.states.get(busiest.state);
        let step = step.map_or("?", |s| s.step.as_str());
        let (mark, hour) = (Passes::of(peak, busiest).mark(), clock(busiest.hour));
        format!("{pad}{share} {mark} {step}·{hour}")
    }

    /// Loads and capacities behind the shares, from the least to the most.
    fn amounts(&self, paint: Paint) -> String {
        let mut columns = Columns::new(&[
            (pick(self.lang, "資源", "resource"), Align::Left),
            (pick(self.lang, "負荷", "load"), Align::Right),
            (pick(self.lang, "容量", "capacity"), Align::Left),
        ]);
        for of in self.resources() {
            let outcomes = self.answer.outcomes.iter();
            let peaks = outcomes.filter_map(|o| o.peak(of.kind, &of.resource));
            let normal: Vec<&Busiest> = peaks.map(|p| &p.normal).collect();
            let span =
                |amount: fn(&Busiest) -> f64| self.span(of.kind, normal.iter().map(|b| amount(b)));
            columns.row(vec![
                resource(&of.label, of.kind, self.lang),
                span(|b| b.offered),
                span(|b| b.capacity),
            ]);
        }
        columns.draw(paint, |_, cell| cell.to_owned()) + "\n"
    }

    fn span(&self, kind: ResourceKind, amounts: impl Iterator<Item = f64> + Clone) -> String {
        let least = amounts.clone().fold(f64::INFINITY, f64::min);
        let most = amounts.fold(0.0, f64::max);
        let (least, most) = (
            quantity(kind, least, self.lang),
            quantity(kind, most, self.lang),
        );
        if least == most {
            most
        } else {
            let least = least.trim_end_matches(unit(kind, self.lang)).trim_end();
            pick(
                self.lang,
                format!("{least}〜{most}"),
                format!("{least} to {most}"),
            )
        }
    }

    /// That other kinds of days, which `check` looks at, are not in the figures.
    fn kind_of_day(&self) -> Option<String> {
        let days = &self.migration.requirements.days;
        let asked = self.question.sweeps.iter().any(|s| s.key == Key::Day);
        let labels = days.iter().map(|day| day.label().get(self.lang).to_owned());
        let labels: Vec<String> = labels.collect();
        let words: Vec<String> = days.iter().map(|day| format!("{day:?}")).collect();
        let key = format!("day=Ordinary,{}", words.join(","));
        (!asked && !days.is_empty()).then(|| {
            pick(
                self.lang,
                format!(
                    "平日の値である。{}は `--set {key}` で調べる",
                    labels.join("・")
                ),
                format!(
                    "figures are of an ordinary day; `--set {key}` also looks at {}",
                    labels.join(", ")
                ),
            )
        })
    }

    /// Resources whose cells are all alike because another step is fuller, with the step in which they are not.
    fn elsewhere(&self) -> Vec<String> {
        let resources = self.resources().into_iter();
        let found = resources.filter_map(|of| {
            let (state, least, most) = self.answer.elsewhere(of)?;
            let label = resource(&of.label, of.kind, self.lang);
            let of_state = |state: usize| self.migration.states.get(state).map(|s| s.step.as_str());
            let (here, there) = (of_state(of.normal.state)?, of_state(state)?);
            let limits = [of.warn, of.full];
            let (least, most) = (per_cent(least, &limits), per_cent(most, &limits));
            Some(pick(
                self.lang,
                format!("{label}はステップ {here} で最も混み、値によって変わらない。ステップ {there} では {least}〜{most}（`--step {there}`）"),
                format!("{label} is fullest in step {here} whatever the value; in step {there} it goes from {least} to {most} (`--step {there}`)"),
            ))
        });
        found.collect()
    }

    fn foot(&self) -> Vec<String> {
        let mut notes = vec![pick(
            self.lang,
            "各欄: 最も混む1時間の使用率、! はしきい値超過、✗ は上限超過、ステップ·時刻",
            "each cell: utilisation in the busiest hour, ! above the planning limit, ✗ above the hard limit, step·hour",
        )
        .to_owned()];
        notes.extend(self.kind_of_day());
        if self.failures != Failures::None {
            notes.push(
                pick(
                    self.lang,
                    "縮退時は、届き続ける通信による使用率。使えなくなる利用者は `utsushi replay --failures single` が示す",
                    "degraded: of what still comes through; who is cut off is told by `utsushi replay --failures single`",
                )
                .to_owned(),
            );
        }
        if let Some(first) = self.answer.outcomes.first() {
            let left_out = first.peaks.len().saturating_sub(self.top);
            if left_out > 0 {
                notes.push(pick(
                    self.lang,
                    format!("他に{left_out}件の資源がある（`--top` で増やせる）"),
                    format!("{left_out} more resources (see `--top`)"),
                ));
            }
        }
        notes.extend(self.elsewhere());
        notes.extend(self.blocked());
        notes.extend(self.idle());
        notes
    }
}
