//! What a finite queue loses. `places` counts the packet in service.

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
/// (Takagi, Queueing Analysis, vol. 2).
///
/// # Errors
/// Load outside 0…100, or places outside 1…20,000.
pub fn md1k_loss(rho: f64, places: u32) -> Value {
    let rho = within(
        "rho",
        rho,
        (0.0..=100.0).contains(&rho),
        "between 0 and 100",
    )?;
    at_least_one(places)?;
    if rho == 0.0 {
        return Ok(0.0);
    }
    let places = places as usize;
    // After a departure 0 … K−1 are left.
    let more = tails(rho, places);
    let mut left = vec![1.0f64];
    let mut sum = 1.0f64;
    for n in 0..places - 1 {
        // Crossings upwards over n balance those downwards from n + 1.
        let mut up = left[0] * more[n];
        for i in 1..=n {
            up += left[i] * more[n + 1 - i];
        }
        let next = up / (-rho).exp();
        left.push(next);
        sum += next;
        if sum > 1e200 {
            left.iter_mut().for_each(|w| *w /= sum);
            sum = 1.0;
        }
    }
    let idle = left[0] / sum;
    Ok((1.0 - 1.0 / (idle + rho)).max(0.0))
}

fn at_least_one(places: u32) -> Result<(), OutOfDomain> {
    let holds = (1..=20_000).contains(&places);
    within("places", f64::from(places), holds, "between 1 and 20,000").map(drop)
}

/// P(more than m Poisson arrivals) for m below `count`, summed from the far end so that nothing cancels.
fn tails(mean: f64, count: usize) -> Vec<f64> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "mean is at most 100"
    )]
    let far = count + (mean * 10.0) as usize + 200;
    let mut chances = Vec::with_capacity(far + 1);
    let mut term = (-mean).exp();
    for k in 0..=far {
        chances.push(term);
        let next = (k + 1) as f64;
        term *= mean / next;
    }
    let mut sum = 0.0;
    let mut out = vec![0.0; far];
    for m in (0..far).rev() {
        sum += chances[m + 1];
        out[m] = sum;
    }
    out.truncate(count);
    out
}
