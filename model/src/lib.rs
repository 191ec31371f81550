//! What a network, a plan, a rule, a demand and a finding *are*: values, units and typed names.
//!
//! Knows nothing of files, clocks, randomness or rendering. Modules in reading order:
//!
//! - [`text`]: a sentence in Japanese and English; the two languages of every report
//! - [`units`]: bit rates, delays, sessions, shares; adding a rate to a size does not compile; [`limits`]: how much can be meant
//! - [`id`]: typed names and the ordered tables that hold what they name
//! - [`place`]: where in a scenario something was written
//! - [`address`], [`service`]: what a packet header can hold
//! - [`date`]: civil dates
//! - [`policy`]: filters, address translation, objects and schedules, as devices hold them
//! - [`information`]: what is left of information at the end of a chain of legs
//! - [`attestation`]: what no packet can show and somebody vouches for
//! - [`network`]: zones, sites, segments, links, nodes, host groups, systems
//! - [`access`]: access tables (what a PAC file or a published desktop does)
//! - [`resolve`]: which addresses and services a configured name means
//! - [`wellformed`]: what makes a network well formed, and every way it can fail to be
//! - [`change`]: the verbs of a migration; [`migration`]: today's network and the steps
//! - [`condition`]: what a rule can wait for; [`risk`]: the seven risks and the measures against them
//! - [`rule`]: what must hold; [`demand`]: what people need; [`topology`]: plain graphs with volumes
//! - [`catalogue`]: what can be bought; [`circumstance`]: kinds of days, years of growth, and what has failed
//! - [`problem`]: a mistake in what was written; [`finding`]: what the twin saw; [`report`]: all of it
//!
//! One word per idea: *zone* (系), *segment*, *node*, *link*, *host group*, *step*, *change*, *state*,
//! *rule*, *demand*, *load*, *headroom*, *finding*, *witness*, *leg*, *conversation*, *plane*,
//! *station*, *disposition*.

pub mod access;
pub mod address;
pub mod attestation;
pub mod catalogue;
pub mod change;
pub mod circumstance;
pub mod condition;
pub mod date;
pub mod demand;
pub mod finding;
pub mod id;
pub mod information;
pub mod limits;
pub mod migration;
pub mod network;
pub mod place;
pub mod policy;
pub mod problem;
pub mod report;
pub mod resolve;
pub mod risk;
pub mod rule;
#[cfg(test)]
mod sample;
pub mod service;
pub mod text;
pub mod topology;
pub mod units;
pub mod wellformed;
