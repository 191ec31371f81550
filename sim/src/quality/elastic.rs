//! Elastic transfers that share a line, each limited to a peak rate.

use super::{Value, blocking::erlang_c, stable, within};

/// The factor by which sharing stretches a transfer (M/G/R-PS): 1 + C(R, R·ρ) / (R·(1 − ρ)), R the number of
/// transfers at peak rate that the line holds (Lindberger, ITC-16, 1999).
///
/// # Errors
/// No transfer fits, or the line is saturated.
pub fn stretch(peaks: u32, rho: f64) -> Value {
    within("peaks", f64::from(peaks), peaks > 0, "at least 1")?;
    let rho = stable("rho", rho)?;
    let peaks_f = f64::from(peaks);
    let waits = erlang_c(peaks_f * rho, peaks)?;
    Ok(1.0 + waits / (peaks_f * (1.0 - rho)))
}
