//! Utilisation per step against capacity, for the resources that matter.

use super::alike::{by_resource, fullest, label};
use super::{Drawing, amount, caption, direction, ratio, same_resource, sources};
use crate::model::report::LoadRow;
use crate::viz::data::{Caption, Load, Note, ResourceRow, Utilisation};
use crate::viz::{self, Chart, Options, VizError};
use crate::wording::{self, Context};

/// A resource matters from this utilisation on, in any state.
const MATTERS: f64 = 0.5;

/// So many are shown even if nothing matters, and so many at most: what fits on half a page.
const FEWEST: usize = 6;
const MOST: usize = 14;

/// Applications that get a colour of their own; the rest are one part.
const COLOURS: usize = 5;

/// The loads of one state after some years of growth.
#[derive(Debug, Clone, PartialEq)]
pub struct Later {
    /// Years after the date of the state.
    pub years: u32,
    /// The state.
    pub state: usize,
    /// Its loads then.
    pub loads: Vec<LoadRow>,
}

/// The chart of the whole plan; with a look into the future, one column more, which is a projection.
#[must_use]
pub fn utilisation(context: &Context<'_>, later: Option<&Later>) -> Utilisation {
    let now = context.report.loads.iter();
    let all: Vec<&LoadRow> = now.chain(later.iter().flat_map(|l| &l.loads)).collect();
    let chosen = chosen(&all);
    let applications = applications(context, &all, &chosen);
    let title = context.pick(
        "資源の使用率（ステップ別）",
        "Utilisation of resources by step",
    );
    let mut caption = caption(context, title, None);
    caption
        .notes
        .extend(sources::of(context, chosen.iter().copied()));
    caption.notes.extend(later.map(|l| growth(context, l)));
    let columns = columns(context, later);
    Utilisation {
        caption,
        steps: columns.iter().map(|column| column.label.clone()).collect(),
        resources: chosen
            .iter()
            .map(|row| resource(context, row, &columns, &applications))
            .collect(),
        applications,
    }
}

/// A column of the chart.
struct Column<'a> {
    label: String,
    /// The loads of its state.
    loads: Vec<&'a LoadRow>,
    projected: bool,
}

/// The states that the report tells of, then the last of them some years on.
fn columns<'a>(context: &Context<'a>, later: Option<&'a Later>) -> Vec<Column<'a>> {
    let mut of: Vec<Vec<&LoadRow>> = vec![Vec::new(); context.report.states.len()];
    for row in &context.report.loads {
        if let Some(rows) = of.get_mut(row.state) {
            rows.push(row);
        }
    }
    let today = super::told_of(context).into_iter().map(|state| Column {
        label: wording::step(context, state.index),
        loads: of.get(state.index).cloned().unwrap_or_default(),
        projected: false,
    });
    let later = later.map(|l| Column {
        label: label_of(context, l),
        loads: l.loads.iter().collect(),
        projected: true,
    });
    today.chain(later).collect()
}

/// The state with the years after it.
fn label_of(context: &Context<'_>, later: &Later) -> String {
    let (step, years) = (wording::step(context, later.state), later.years);
    context.pick(
        format!("{step}（{years}年後）"),
        format!(
            "{step} (+{years} year{})",
            if years == 1 { "" } else { "s" }
        ),
    )
}

/// What the projection rests on.
fn growth(context: &Context<'_>, later: &Later) -> Note {
    let mut applications = context.requirements.applications.iter();
    let years = later.years;
    let text = match applications.any(|a| a.nature.grows()) {
        true => context.pick(
            format!("{years}年後はアプリケーションの年間増加率と普及の予定（シナリオの値）による推計"),
            format!("+{years}: projected by the growth per year and the take-up of applications, as the scenario has them"),
        ),
        false => context.pick(
            format!("シナリオに増加率も普及の予定も書かれていないため、{years}年後の負荷は変わらない"),
            format!("+{years}: the same loads, as the scenario has neither growth nor take-up of any application"),
        ),
    };
    sources::remark(text)
}

/// The busiest row of each resource that matters, busiest first; equals in the order of the report.
fn chosen<'a>(loads: &[&'a LoadRow]) -> Vec<&'a LoadRow> {
    let mut busiest: Vec<&LoadRow> = by_resource(loads.iter().copied())
        .iter()
        .filter_map(|rows| fullest(rows))
        .collect();
    busiest.sort_by(|a, b| ratio(b).total_cmp(&ratio(a)));
    let matter = busiest.iter().filter(|row| ratio(row) >= MATTERS).count();
    busiest.truncate(matter.clamp(FEWEST, MOST));
    busiest
}

/// The applications with the largest parts, and a name for the rest if there is any.
fn applications(context: &Context<'_>, all: &[&LoadRow], chosen: &[&LoadRow]) -> Vec<String> {
    let mut sums: Vec<(&str, f64)> = Vec::new();
    for row in all
        .iter()
        .filter(|row| chosen.iter().any(|c| same_resource(c, row)))
    {
        for part in row.parts.iter().filter(|_| row.capacity > 0.0) {
            let name = part.application.get(context.lang);
            match sums.iter_mut().find(|(known, _)| *known == name) {
                Some((_, sum)) => *sum += part.offered / row.capacity,
                None => sums.push((name, part.offered / row.capacity)),
            }
        }
    }
    sums.sort_by(|a, b| b.1.total_cmp(&a.1));
    let rest = sums.len() > COLOURS;
    let mut names: Vec<String> = sums
        .into_iter()
        .take(COLOURS)
        .map(|(name, _)| name.to_owned())
        .collect();
    if rest {
        names.push(context.pick("その他", "other").to_owned());
    }
    names
}

fn resource(
    context: &Context<'_>,
    chosen: &LoadRow,
    columns: &[Column<'_>],
    applications: &[String],
) -> ResourceRow {
    let loads = columns.iter().map(|column| {
        let rows = column.loads.iter().copied();
        let rows: Vec<&LoadRow> = rows.filter(|row| same_resource(row, chosen)).collect();
        fullest(&rows).map(|row| Load {
            projected: column.projected,
            ..load(context, row, applications)
        })
    });
    ResourceRow {
        label: label(context, chosen),
        capacity: capacities(context, chosen),
        threshold: chosen.warn.get(),
        loads: loads.collect(),
    }
}

/// The capacity of a resource; where steps change it, one after the other.
fn capacities(context: &Context<'_>, chosen: &LoadRow) -> String {
    let rows = context.report.loads.iter();
    let rows = rows.filter(|row| same_resource(row, chosen));
    let mut told: Vec<String> = rows
        .map(|row| wording::quantity(row.kind, row.capacity, context.lang))
        .collect();
    told.dedup();
    told.join(" → ")
}

fn load(context: &Context<'_>, row: &LoadRow, applications: &[String]) -> Load {
    let (hour, utilisation) = row.busiest();
    let mut parts = vec![0.0; applications.len()];
    for part in &row.parts {
        let name = part.application.get(context.lang);
        let at = applications
            .iter()
            .position(|known| known == name)
            .unwrap_or(applications.len() - 1);
        parts[at] += part.offered / row.capacity;
    }
    // Parts stacked to something else than their whole would draw a wrong bar.
    if (parts.iter().sum::<f64>() - utilisation.get()).abs() > 1e-6 * utilisation.get().max(1.0) {
        parts.clear();
    }
    let when = format!("{} {}", wording::clock(hour), direction(context, row));
    Load {
        utilisation: utilisation.get(),
        amount: Some(amount(
            context,
            row.kind,
            row.offered[usize::from(hour)],
            row.capacity,
        )),
        parts,
        when: when.trim_end().to_owned(),
        projected: false,
    }
}

impl Drawing for Utilisation {
    fn caption(&self) -> &Caption {
        &self.caption
    }

    fn draw(&self, options: &Options) -> Result<Chart, VizError> {
        viz::utilisation(self, options)
    }

    fn sees(&self, context: &Context<'_>) -> String {
        let loads = |row: &ResourceRow| {
            row.loads
                .iter()
                .flatten()
                .map(|l| l.utilisation)
                .fold(0.0, f64::max)
        };
        let over = self.resources.iter().filter(|row| loads(row) > 1.0).count();
        let near = self
            .resources
            .iter()
            .filter(|row| loads(row) > row.threshold)
            .count();
        let Some(row) = self.resources.first() else {
            return context
                .pick("負荷のある資源はない", "no resource carries any load")
                .to_owned();
        };
        let (label, most) = (
            &row.label,
            super::per_cent(loads(row), &[row.threshold, 1.0]),
        );
        context.pick(
            format!("容量を超える資源は{over}件、しきい値を超える資源は{near}件。最も混むのは{label}（{most}）"),
            format!("{over} resources exceed their capacity and {near} their threshold; the fullest is {label} ({most})"),
        )
    }
}
