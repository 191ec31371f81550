//! Replay against what can be worked out by hand or is known otherwise.
//!
//! `chain`: whole conversations with the figures of a prefecture. `division`: how loads divide. `partial`: what is left where some equal ways lead nowhere. `blocked`,
//! `nowhere`, `relays`: every way in which a demand does not come through. `amounts`: what is spent, and
//! thresholds. `queues`: how long files wait. `crowds`: who is active by chance. `logs`: bytes of logs. `instances`: seven networks with known loads.
//! `properties`: nothing is lost on the way, and threads do not matter. `felt`: who feels what is too full. `failures`, `choice`: what fails, and who then goes another way. `build` and
//! `ask` make the networks and read the loads.

mod amounts;
mod ask;
mod blocked;
mod build;
mod chain;
mod choice;
mod crowds;
mod division;
mod failures;
mod felt;
mod gate;
mod instances;
mod logs;
mod nowhere;
mod partial;
mod properties;
mod queues;
mod relays;
