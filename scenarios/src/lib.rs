//! How people write a migration down, and how it is read.
//!
//! Goes in: a folder of RON files and CSV matrices, as described in `docs/scenario-format.md`. Comes out: an
//! [`utsushi_model::migration::Migration`], or every mistake with file, line and column, in Japanese and
//! English. This crate is the edge: it is the only one that reads files. In reading order:
//!
//! - [`load`](mod@load): the whole way on one page
//! - [`files`], `source`: where texts come from, and where in them something stands
//! - `scan`, `recover`: strings and brackets; going on after text that cannot be parsed
//! - `raw`: the mirror of the files; `read`: single values; `series`: parts written out many times
//! - `lower`: from the mirror to the model
//! - `say`: what is wrong, in words
//! - [`catalogue`]: what can be bought
//! - [`arrange`]: the changes of a step written back in another order
//! - [`import`]: rule sets of real devices; [`topology`](mod@topology): published topologies and traffic matrices
//! - [`packs`], [`profiles`], [`templates`]: the rule packs, figures and scenarios that come with utsushi

pub mod arrange;
pub mod catalogue;
#[cfg(test)]
mod documented;
pub mod files;
pub mod import;
pub mod load;
mod lower;
pub mod packs;
pub mod profiles;
mod raw;
mod read;
mod recover;
mod say;
mod scan;
mod series;
mod source;
pub mod templates;
pub mod topology;

pub use files::{Files, Memory};
pub use load::{Failed, Loaded, load, load_from};
pub use source::Sources;
