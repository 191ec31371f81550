//! Sizes and pieces of the utilisation chart. In: its figures. Out: widths, heights, bands of panels, and the pieces of
//! each bar. The seven largest applications have a look of their own, the rest share one; the CSV twin has them all.

use crate::chart::{Options, Width};
use crate::data::{Load, ResourceRow, Utilisation};
use crate::font::Weight;
use crate::mark::{BODY, LEADING};
use crate::page::inner;
use crate::palette::{Look, OTHERS, PARTS, WHOLE};
use crate::text::wrap_to;
use crate::words::Pick as _;

/// Height of a bar in points.
pub const BAR: f64 = 8.0;
/// Height of the percentages below a panel.
pub const AXIS: f64 = 12.0;
/// No panel is wider, however few the steps.
pub const WIDEST_PANEL: f64 = 110.0;
/// Bars beyond this ratio are cut; their figure tells the rest.
pub const LONGEST: f64 = 2.0;

/// Which applications have a look of their own; the rest are drawn together.
pub struct Parts {
    shown: Vec<usize>,
    pub names: Vec<String>,
    pub others: Option<String>,
}

impl Parts {
    pub fn of(figure: &Utilisation, options: &Options) -> Self {
        let total = |app: usize| -> f64 {
            let loads = figure
                .resources
                .iter()
                .flat_map(|row| row.loads.iter().flatten());
            loads.filter_map(|load| load.parts.get(app)).sum()
        };
        let mut order: Vec<usize> = (0..figure.applications.len()).collect();
        order.sort_by(|a, b| total(*b).total_cmp(&total(*a)).then(a.cmp(b)));
        order.truncate(PARTS.len());
        order.retain(|app| total(*app) > 0.0);
        order.sort_unstable();
        let mut parts = Self {
            names: order
                .iter()
                .map(|app| figure.applications[*app].clone())
                .collect(),
            shown: order,
            others: None,
        };
        let left_over = figure
            .resources
            .iter()
            .flat_map(|row| row.loads.iter().flatten())
            .any(|load| parts.rest(load) > 0.005);
        if left_over && !figure.applications.is_empty() {
            parts.others = Some(options.lang.pick("その他", "other").to_owned());
        }
        parts
    }

    /// What the shown parts leave of a load.
    pub fn rest(&self, load: &Load) -> f64 {
        load.utilisation
            - self
                .shown
                .iter()
                .filter_map(|app| load.parts.get(*app))
                .sum::<f64>()
    }

    /// The pieces of one bar from left to right: end points on the scale and looks.
    pub fn pieces(&self, load: &Load) -> Vec<(f64, f64, Look, String)> {
        if load.parts.is_empty() {
            return vec![(0.0, load.utilisation, WHOLE, String::new())];
        }
        let mut from = 0.0;
        let mut pieces = Vec::new();
        for (place, app) in self.shown.iter().enumerate() {
            let to = from + load.parts.get(*app).copied().unwrap_or(0.0).max(0.0);
            pieces.push((from, to, PARTS[place], self.names[place].clone()));
            from = to;
        }
        if let Some(others) = &self.others {
            pieces.push((from, load.utilisation.max(from), OTHERS, others.clone()));
        }
        pieces.retain(|(from, to, ..)| to > from);
        pieces
    }
}

/// Sizes in points.
pub struct Layout {
    pub label: f64,
    pub panel: f64,
    pub header: f64,
    /// Top and height of each row, from the first row's top.
    pub rows: Vec<(f64, f64)>,
    pub names: Vec<Vec<String>>,
    pub steps: Vec<Vec<String>>,
    pub bands: Vec<Vec<usize>>,
    /// Right end of the scale, a ratio.
    pub longest: f64,
}

impl Layout {
    #[expect(clippy::cast_precision_loss, reason = "a page has few columns")]
    pub fn of(figure: &Utilisation, options: &Options) -> Self {
        let (narrowest, columns) = match options.width {
            Width::Half => (78.0, 4),
            Width::Full => (130.0, 7),
        };
        let steps = figure.steps.len().max(1);
        // Bands of equal length look calmer than a full one and a remainder.
        let columns = steps.div_ceil(steps.div_ceil(columns));
        let panel = ((inner(*options) - narrowest) / columns as f64).min(WIDEST_PANEL);
        let label = inner(*options) - panel * columns as f64;
        let names: Vec<Vec<String>> = figure
            .resources
            .iter()
            .map(|row| label_lines(row, label - 4.0))
            .collect();
        let mut rows = Vec::new();
        let mut y = 0.0;
        for name in &names {
            let height = (name.len() as f64 * LEADING + 5.0).max(2.0 * BAR + 9.0);
            rows.push((y, height));
            y += height;
        }
        let steps: Vec<Vec<String>> = figure
            .steps
            .iter()
            .map(|step| wrap_to(step, Weight::Bold, BODY, panel - 4.0, 4))
            .collect();
        let header = steps.iter().map(Vec::len).max().unwrap_or(0) as f64 * LEADING + 3.0;
        let all: Vec<usize> = (0..figure.steps.len()).collect();
        let bands = all.chunks(columns).map(<[usize]>::to_vec).collect();
        Self {
            label,
            panel,
            header,
            rows,
            names,
            steps,
            bands,
            longest: longest(figure),
        }
    }

    pub fn rows_height(&self) -> f64 {
        self.rows.last().map_or(0.0, |(top, height)| top + height)
    }

    pub fn band_height(&self, _: &[usize]) -> f64 {
        self.header + self.rows_height() + AXIS + 4.0
    }

    pub fn height(&self) -> f64 {
        self.bands.iter().map(|band| self.band_height(band)).sum()
    }
}

/// Name in at most three lines, then the capacity in grey.
fn label_lines(row: &ResourceRow, width: f64) -> Vec<String> {
    let mut lines = wrap_to(&row.label, Weight::Regular, BODY, width, 3);
    if !row.capacity.is_empty() {
        lines.extend(wrap_to(&row.capacity, Weight::Regular, BODY, width, 1));
    }
    lines
}

/// The end of the common scale: past capacity, past most bars, never past [`LONGEST`].
fn longest(figure: &Utilisation) -> f64 {
    let loads = figure
        .resources
        .iter()
        .flat_map(|row| row.loads.iter().flatten());
    let most = loads
        .map(|load| load.utilisation)
        .filter(|u| u.is_finite())
        .fold(0.0, f64::max);
    (most * 1.04).clamp(1.2, LONGEST)
}
