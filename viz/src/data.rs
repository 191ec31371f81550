//! What a chart shows, as plain values. In: filled by whoever holds a report. Out: read by the chart functions.
//!
//! Utilisations are ratios: 1.0 is capacity. A threshold is a ratio too; a value *above* it is a breach of the
//! threshold, a value above 1.0 a breach of capacity. Words (labels, titles, notes) come in the language of the chart.
//! Demand on a resource without any capacity has the utilisation infinity, which every chart draws as a broken bar or `∞`.

mod capacity;

use std::ops::Range;

pub use capacity::{
    AnswerLine, AnswerPoint, Answers, Duration, DurationLine, Gate, GateCell, GateLimits, GateRow,
    GateVerdict, Headroom, HeadroomRow, PoolQueue, PoolRow, Pools, Waterfall,
};

/// Title, subtitle and footnotes of a chart.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Caption {
    /// What the chart shows, in one phrase.
    pub title: String,
    /// Scenario, state, hour, failure: whatever pins down the case. May be empty.
    pub subtitle: String,
    /// Footnotes in print order.
    pub notes: Vec<Note>,
}

/// A footnote.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// What kind of footnote; decides the word in front of it.
    pub kind: NoteKind,
    /// Its text without that word.
    pub text: String,
}

/// Kinds of footnotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteKind {
    /// Where figures come from.
    Source,
    /// What was assumed.
    Assumption,
    /// Anything else the reader must know.
    Remark,
}

/// Utilisation of the resources that matter at each step of a plan.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Utilisation {
    /// Title, subtitle, footnotes.
    pub caption: Caption,
    /// Short names of the steps, in order: the columns.
    pub steps: Vec<String>,
    /// Names of the applications that bars are stacked by; empty for plain bars.
    pub applications: Vec<String>,
    /// The rows, in the order to be shown.
    pub resources: Vec<ResourceRow>,
}

/// One resource over the steps.
#[derive(Debug, Clone, PartialEq)]
pub struct ResourceRow {
    /// Its name.
    pub label: String,
    /// Its capacity in words with unit, for example `1 Gbit/s`; may be empty.
    pub capacity: String,
    /// The ratio at which it counts as too full.
    pub threshold: f64,
    /// One cell for each step; `None` where the resource does not exist.
    pub loads: Vec<Option<Load>>,
}

/// What a utilisation is the ratio of; goes to the CSV.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Amount {
    /// What is asked for.
    pub offered: f64,
    /// What there is.
    pub capacity: f64,
    /// The unit of both, for example `Mbit/s`.
    pub unit: String,
}

/// The worst load of one resource at one step.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Load {
    /// Demand by capacity.
    pub utilisation: f64,
    /// Demand and capacity, where they are known.
    pub amount: Option<Amount>,
    /// Shares by application, in the order of [`Utilisation::applications`]; they add up to `utilisation`. Empty when unknown.
    pub parts: Vec<f64>,
    /// When and under which failure, for example `10時・正常時`; goes to the CSV and the tooltip. May be empty.
    pub when: String,
    /// Whether it is a projection of growth and not today's calculation; it is then drawn pale in a dashed outline.
    pub projected: bool,
}

/// Utilisation by hour at one step.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Heatmap {
    /// Title, subtitle, footnotes.
    pub caption: Caption,
    /// Office hours: first hour, and the hour after the last.
    pub office_hours: Range<u8>,
    /// At most so many rows are drawn, the worst first; the CSV holds all.
    pub top: usize,
    /// The rows in any order.
    pub rows: Vec<HeatRow>,
}

/// One link (or other resource) over a day.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatRow {
    /// Its name.
    pub label: String,
    /// What tells it from its namesakes, for example the direction; may be empty.
    pub detail: String,
    /// The ratio at which it counts as too full.
    pub threshold: f64,
    /// Utilisation in the hour that begins at 0:00, 1:00, … 23:00.
    pub hours: [f64; 24],
}

/// Who may talk to whom, row by row.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Matrix {
    /// Title, subtitle, footnotes.
    pub caption: Caption,
    /// How many ends there are; more than there are labels if some are left out.
    pub all: usize,
    /// The ends that are shown, as rows and as columns.
    pub labels: Vec<String>,
    /// What the end of each row may ask of that of each column.
    pub cells: Vec<Vec<MatrixCell>>,
}

/// How much one end may ask of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatrixCell {
    /// Nothing.
    None,
    /// Some of it.
    Part,
    /// Everything.
    All,
    /// It cannot be judged offline.
    Undetermined,
}

/// The network of one state.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Picture {
    /// Title, subtitle, footnotes.
    pub caption: Caption,
    /// The zones; drawn in the order of their roles, those of one role in this order. All zones outside share one lane,
    /// all closed networks another.
    pub zones: Vec<Zone>,
    /// Boxes.
    pub nodes: Vec<Node>,
    /// Lines between boxes.
    pub links: Vec<Link>,
}

/// A zone (系): one lane of the picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone {
    /// Unique name that nodes refer to.
    pub id: String,
    /// Name to be shown.
    pub label: String,
    /// What it is for; decides its place and look.
    pub role: ZoneRole,
}

/// What a zone is for, in the order of the lanes: from the open outside inwards, and out again to the closed networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ZoneRole {
    /// The Internet, cloud services, other organisations.
    Outside,
    /// The prefectural security cloud (自治体情報セキュリティクラウド).
    SecurityCloud,
    /// インターネット接続系.
    Internet,
    /// Any other zone, such as an independent network.
    Other,
    /// LGWAN接続系.
    Lgwan,
    /// マイナンバー利用事務系.
    MyNumber,
    /// Closed networks of public bodies beyond the two inner zones: the LGWAN itself, 住基ネット, the government cloud.
    Closed,
}

/// A box of the picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Unique name that links refer to.
    pub id: String,
    /// Name to be shown.
    pub label: String,
    /// What it is; decides the shape.
    pub kind: NodeKind,
    /// The zone it lies in; `None` for equipment between zones, which is drawn between their lanes.
    pub zone: Option<String>,
    /// How many alike it stands for: 80 branch offices folded into one box are shown as ×80.
    pub count: u32,
}

/// Shapes of boxes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NodeKind {
    /// Router, switch or any other plain equipment.
    Device,
    /// Firewall: a wall of bricks at its edge.
    Firewall,
    /// Proxy, relay, sanitiser, mail relay, gateway: rounded corners.
    Service,
    /// A segment: a bar with lines above and below.
    Segment,
    /// Terminals or servers: a plain box.
    Hosts,
    /// Something outside this network: a capsule.
    Cloud,
}

/// A line of the picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// One end, a node id.
    pub a: String,
    /// The other end, a node id.
    pub b: String,
    /// Its name; goes to the CSV and the tooltip.
    pub label: String,
    /// The worse direction's load by capacity; `None` when it carries no figure.
    pub utilisation: Option<f64>,
    /// The ratio at which it counts as too full.
    pub threshold: f64,
}
