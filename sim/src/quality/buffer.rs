//! What a finite queue loses. `places` counts the packet in service.

use super::finite::mg1k;
use super::{OutOfDomain, Value, not_negative, within};

/// Loss of M/M/1/K: (1 − ρ)·ρᴷ / (1 − ρᴷ⁺¹), and 1/(K + 1) at ρ = 1.
///
/// # Errors
/// Negative load, or no place at all.
pub fn mm1k_loss(rho: f64, places: u32) -> Value {
    let rho = not_negative("rho", rho)?;
    at_least_one(places)?;
    // 1 / (1 + 1/ρ + … + 1/ρᴷ) by Horner's rule says the same at every ρ, and divides by no zero.
    if rho == 0.0 {
        return Ok(0.0);
    }
    let sum = (0..places).fold(1.0f64, |sum, _| 1.0 + sum / rho);
    Ok(if sum.is_finite() { 1.0 / sum } else { 0.0 })
}

/// Loss of M/D/1/K, from the chain embedded at departures: loss = 1 − 1/(π₀ + ρ)
/// (Takagi, Queueing Analysis, vol. 2); other sizes and waits: [`mg1k`].
///
/// # Errors
/// Load outside 0…100, or places outside 1…20,000.
pub fn md1k_loss(rho: f64, places: u32) -> Value {
    mg1k(rho, 0.0, places).map(|queue| queue.loss)
}

fn at_least_one(places: u32) -> Result<(), OutOfDomain> {
    let holds = (1..=20_000).contains(&places);
    within("places", f64::from(places), holds, "between 1 and 20,000").map(drop)
}
