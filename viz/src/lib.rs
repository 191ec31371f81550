//! What it looks like: charts and pictures, the same bytes for the same input.
//!
//! In: the plain structures of [`data`] (no simulation, no files, no clock). Out: a [`Chart`] (an SVG, the same figures as
//! CSV, and the characters that could not be drawn), and with [`png()`] its raster form. What can go wrong is in [`VizError`].
//!
//! ```
//! use utsushi_viz::{Lang, Options, data::{Caption, HeatRow, Heatmap}, heatmap};
//! let mut hours = [0.2; 24];
//! hours[10] = 1.44;
//! let figure = Heatmap {
//!     caption: Caption { title: "回線の時間別使用率".into(), ..Caption::default() },
//!     office_hours: 8..18,
//!     top: 20,
//!     rows: vec![HeatRow { label: "セキュリティクラウド回線".into(), detail: "下り".into(), threshold: 0.8, hours }],
//! };
//! let chart = heatmap(&figure, &Options::half(Lang::Ja))?;
//! assert!(chart.svg.starts_with("<svg") && chart.missing.is_empty());
//! assert!(chart.csv.contains("セキュリティクラウド回線,下り,10,1.4400,0.8000,over_capacity"));
//! # Ok::<(), utsushi_viz::VizError>(())
//! ```
//!
//! # Print sizes
//!
//! One unit of a drawing is one point (1/72 inch). [`Width::Half`] is 85 mm wide, one of two columns on A4, and
//! [`Width::Full`] is 170 mm; in both the smallest text is 8 pt at native size, so a figure made for half a page stays
//! legible there and only grows when it is shown larger. The SVG carries its size in millimetres, the PNG its density.
//! No chart is higher than 240 mm, which leaves room for a caption on A4: where rows are too many, the worst are drawn and
//! a note says how many there are. (Only a network picture of very many boxes may be higher.)
//!
//! # Black and white
//!
//! Colours are those of Okabe and Ito, and each comes with its own hatch or line pattern and lightness. Red belongs to
//! what exceeds capacity (or a limit of meetings) alone; what exceeds the threshold and still fits is navy. Both show
//! without colour too: a *framed* figure is above its threshold, a *filled* one above capacity; a *dashed* line of the
//! picture is above its threshold, a *solid* thick one above capacity. Projections of growth are pale, in a dashed
//! outline or with hollow marks.
//!
//! # Which chart answers what
//!
//! | chart | question |
//! |---|---|
//! | [`utilisation()`] | how full is each resource at each step, and by which application? |
//! | [`heatmap()`] | at which hours? |
//! | [`duration()`] | for how long? |
//! | [`headroom()`] | and after a failure? |
//! | [`pools()`] | are there enough sessions, seats, ports? |
//! | [`waterfall()`] | what makes the difference from one step to the next? |
//! | [`answers()`] | what if a number were another? |
//! | [`gate()`] | where and when do Web meetings work? |
//! | [`matrix()`] | who may talk to whom? |
//! | [`picture()`] | what does the network look like? |
//!
//! Modules in reading order: [`data`], [`words`], [`chart`](Chart), the charts, what several of them share (`rows`, `keys`,
//! `track` and `pairs` for bars, `plot` for lines, `shape`), then the kit below them (`page`, `mark`, `palette`, `scale`,
//! `surface`, `canvas`, `text`, `font`).

mod answers;
mod canvas;
mod chart;
pub mod data;
mod duration;
mod error;
mod font;
mod gate;
mod headroom;
mod heatmap;
mod keys;
mod mark;
mod matrix;
mod page;
mod pairs;
mod palette;
mod picture;
mod plot;
mod pools;
mod raster;
mod rows;
mod scale;
mod shades;
mod shape;
mod surface;
mod text;
mod track;
mod utilisation;
mod waterfall;
pub mod words;

pub use answers::answers;
pub use chart::{Chart, Level, Options, Width};
pub use duration::duration;
pub use error::VizError;
pub use gate::gate;
pub use headroom::headroom;
pub use heatmap::heatmap;
pub use matrix::matrix;
pub use picture::picture;
pub use pools::pools;
pub use raster::png;
pub use utilisation::utilisation;
pub use waterfall::waterfall;
pub use words::Lang;
