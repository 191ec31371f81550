//! What would happen: one compiled plane per state, asked two questions.
//!
//! Goes in: a [`utsushi_model::migration::Migration`]. Comes out: a [`utsushi_model::report::Report`].
//! Knows nothing of files, clocks or drawing. Modules in reading order:
//!
//! - [`space`]: exact sets of packets; knows nothing of networks
//! - [`plane`]: one state compiled; the only notion of path and of allowed
//! - [`diff`]: what two states let through differently
//! - [`verify`]: isolation rules about packets, proved or broken
//! - [`inform`]: isolation rules about information, over chains of legs
//! - [`attack`]: attack paths for the seven risks, and the measures on them
//! - [`comply`]: rules that the configuration alone decides
//! - [`replay`]: demands on the plane, and the loads they make
//! - [`states`]: every state between the state before a step and the one after it
//! - [`hygiene`]: lines of filters and other ordered lists that could go, or let less pass
//! - [`order`]: a safe order of a step's changes, or why there is none
//! - [`graph`]: loads on plain graphs of weighted edges, whatever fails
//! - [`quality`]: teletraffic formulas: blocking, waiting, voice quality
//! - [`sizing`]: the smallest purchase that is enough
//! - [`whatif`]: the same plan with other figures, every combination of them
//! - [`causes`]: what changes the load on a resource from one state to the next, line of the plan by line of the plan
//! - [`matrix`]: who may talk to whom, by group, segment and zone
//! - [`run`](mod@run): all of it, on one screen
//! - `strategies` (feature `proptest`): random networks, rules, demands and migrations for property tests
//!
//! `run` uses `verify`, `inform`, `comply` and `replay`, which never use one another, `attack`, which uses `inform`,
//! `states`, which uses `verify`, and `hygiene`, which asks `verify` and `replay` who a rule means and what a demand
//! sends; all use `plane`, and `plane` uses `space`. A test keeps it so.

pub mod attack;
pub mod causes;
pub mod comply;
pub mod diff;
pub mod graph;
pub mod hygiene;
pub mod inform;
pub mod matrix;
pub mod order;
pub mod plane;
pub mod quality;
pub mod replay;
pub mod run;
pub mod sizing;
pub mod space;
pub mod states;
#[cfg(feature = "proptest")]
pub mod strategies;
pub mod verify;
pub mod whatif;

pub use run::run;
