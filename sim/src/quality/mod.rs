//! Teletraffic formulas: blocking, waiting, burst, voice quality and TCP ceilings.
//!
//! Goes in: plain numbers, each with its unit in the docstring. Comes out: a number, or [`OutOfDomain`]
//! where the formula means nothing. Every formula names its source and is stable up to at least 10,000
//! servers; nothing here knows of networks.
//!
//! Modules in reading order: [`blocking`] (who is turned away), [`concurrency`] (how many at once),
//! [`waiting`] (how long one waits behind a line), [`queue`] (how long files wait for a station),
//! [`periodic`] (streams with a beat), [`buffer`] and
//! [`finite`] (what a finite queue loses, and how long one waits in it), [`elastic`] (transfers that share),
//! [`burst`] (what a mean hides), [`bursts`] (what on/off sources build up), `places` (what a full queue of packets then
//! loses), [`wait`] (a wait as a distribution), [`hop`] (what one line does to real-time packets), [`path`] (hops put
//! together, and judged), [`voice`] (E-model), [`tcp`] (ceilings of one connection), [`fair`] (who gets what of too little),
//! [`rule`] (makers' rules of thumb). [`packets`] is a simulation that the formulas are held against.

pub mod blocking;
mod bounded;
pub mod buffer;
pub mod burst;
pub mod bursts;
pub mod concurrency;
pub mod elastic;
pub mod fair;
pub mod finite;
mod fluid;
mod gamma;
pub mod hop;
pub mod packets;
pub mod path;
pub mod periodic;
mod places;
pub mod queue;
pub mod rule;
pub mod tcp;
pub mod voice;
pub mod wait;
pub mod waiting;

#[cfg(test)]
mod calibration;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

/// A number for which a formula has no meaning.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OutOfDomain {
    /// The name of the argument.
    pub argument: &'static str,
    /// What it was.
    pub value: f64,
    /// What it must be, in words.
    pub must: &'static str,
}

impl std::fmt::Display for OutOfDomain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            argument,
            value,
            must,
        } = self;
        write!(f, "`{argument}` is {value} but must be {must}")
    }
}

impl std::error::Error for OutOfDomain {}

/// The result of a formula.
pub type Value = Result<f64, OutOfDomain>;

fn positive(argument: &'static str, value: f64) -> Value {
    within(argument, value, value > 0.0, "a finite number above 0")
}

fn not_negative(argument: &'static str, value: f64) -> Value {
    within(
        argument,
        value,
        value >= 0.0,
        "a finite number of at least 0",
    )
}

fn probability(argument: &'static str, value: f64) -> Value {
    let holds = (0.0..=1.0).contains(&value);
    within(argument, value, holds, "between 0 and 1")
}

/// A rate, time or volume of a size that occurs: between 10⁻¹² and 10¹⁸ of its unit, so that no product of a few
/// of them leaves the range of floating point.
fn measure(argument: &'static str, value: f64) -> Value {
    let holds = (1e-12..=1e18).contains(&value);
    within(argument, value, holds, "between 10⁻¹² and 10¹⁸")
}

/// A probability strictly between its ends.
fn chance(argument: &'static str, value: f64) -> Value {
    let holds = value > 0.0 && value < 1.0;
    within(argument, value, holds, "above 0 and below 1")
}

/// A load below saturation.
fn stable(argument: &'static str, value: f64) -> Value {
    let holds = (0.0..1.0).contains(&value);
    within(
        argument,
        value,
        holds,
        "at least 0 and below 1 (nothing settles above)",
    )
}

fn within(argument: &'static str, value: f64, holds: bool, must: &'static str) -> Value {
    if holds && value.is_finite() {
        Ok(value)
    } else {
        Err(OutOfDomain {
            argument,
            value,
            must,
        })
    }
}
