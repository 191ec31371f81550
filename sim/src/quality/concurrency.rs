//! How many of many are active at once: binomial quantiles.

use super::{OutOfDomain, chance, probability};

/// The smallest number that is not exceeded with at least the given confidence when each of `members` is
/// active with probability `active`, independently of the others (binomial quantile).
///
/// The distribution is summed outward from its mode in units of the mode, so that no factorial is formed.
///
/// # Errors
/// A probability outside 0…1, or a confidence that is not strictly between.
pub fn binomial_quantile(members: u32, active: f64, confidence: f64) -> Result<u32, OutOfDomain> {
    let active = probability("active", active)?;
    let confidence = chance("confidence", confidence)?;
    if active == 0.0 {
        return Ok(0);
    }
    if active == 1.0 {
        return Ok(members);
    }
    let (weights, first) = weights(members, active);
    let total: f64 = weights.iter().sum();
    let mut sum = 0.0;
    for (at, weight) in (first..).zip(&weights) {
        sum += weight;
        if sum >= confidence * total {
            return Ok(at);
        }
    }
    Ok(members)
}

/// Weights relative to the mode, from the smallest number that still matters.
fn weights(members: u32, active: f64) -> (Vec<f64>, u32) {
    const NEGLIGIBLE: f64 = 1e-30;
    let odds = active / (1.0 - active);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at least 0 and at most `members`"
    )]
    let mode = (((f64::from(members) + 1.0) * active).floor() as u32).min(members);
    let mut below = Vec::new();
    let (mut weight, mut k) = (1.0, mode);
    while k > 0 && weight > NEGLIGIBLE {
        weight *= f64::from(k) / (f64::from(members - k + 1) * odds);
        k -= 1;
        below.push(weight);
    }
    below.reverse();
    let (mut weight, mut n) = (1.0, mode);
    below.push(weight);
    while n < members && weight > NEGLIGIBLE {
        weight *= f64::from(members - n) * odds / f64::from(n + 1);
        n += 1;
        below.push(weight);
    }
    (below, k)
}
