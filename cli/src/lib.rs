//! The digital twin of a local government's network while it moves between the α, β and β' models.
//!
//! In: a scenario (see [`scenarios`]). Out: a [`model::report::Report`] (see [`sim`]), and from it text,
//! JSON, JUnit, SARIF and charts. The parts in the order in which data flows through them:
//!
//! - [`model`]: what a network, a plan, a rule, a demand and a finding are
//! - [`scenarios`]: how people write them down
//! - [`sim`]: what would happen: isolation proofs and load
//! - [`lab`]: a state as a lab of Linux namespaces
//! - [`wording`]: findings in Japanese and English; [`render`]: the text report
//! - [`hygiene`]: the same about lines of lists, as CSV
//! - [`json`], [`junit`], [`sarif`]: the same for other programs
//! - [`matrix`]: who may talk to whom
//! - [`figures`]: a report as the data of charts; [`viz`]: the charts; [`annex`]: their index
//! - [`compared`]: two states of a plan side by side
//! - [`ordered`]: the changes of a step in a safe order
//! - [`purchases`]: what has to be bought, as the table of a specification
//! - [`what_if`]: how full everything is with other figures
//! - [`catalogue`]: every rule of the packs, as `utsushi rules` prints it
//! - [`pages`]: the page of every code, as `utsushi explain` prints it

pub use utsushi_lab as lab;
pub use utsushi_model as model;
pub use utsushi_scenarios as scenarios;
pub use utsushi_sim as sim;
pub use utsushi_viz as viz;

pub mod annex;
pub mod catalogue;
pub mod compared;
pub mod figures;
pub mod hygiene;
pub mod json;
pub mod junit;
pub mod matrix;
pub mod ordered;
pub mod pages;
pub mod purchases;
pub mod render;
pub mod sarif;
pub mod what_if;
pub mod wording;

#[cfg(test)]
mod sample;

/// The library example of the README is run with the other examples.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
