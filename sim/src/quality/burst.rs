//! What a mean over minutes hides.

use super::{Value, chance, not_negative, positive};

/// The rate a line needs so that traffic with mean `mean` and standard deviation `deviation`, both over
/// intervals of `seconds`, exceeds it in at most the share `target` of intervals:
/// C = M + √(−2·ln ε·v(T))/T with v(T) the variance of the volume in an interval
/// (van den Berg, Mandjes, van de Meent, Pras and others, Computer Networks 2006). Rates share one unit.
///
/// # Errors
/// Negative figures, or a target that is no probability.
pub fn provisioned_rate(mean: f64, deviation: f64, seconds: f64, target: f64) -> Value {
    let mean = not_negative("mean", mean)?;
    let deviation = not_negative("deviation", deviation)?;
    let seconds = positive("seconds", seconds)?;
    let target = chance("target", target)?;
    let variance = (deviation * seconds).powi(2);
    Ok(mean + (-2.0 * target.ln() * variance).sqrt() / seconds)
}

/// The quantile of a Gaussian rate: the rate that is exceeded in the share `target` of intervals. Smaller than
/// [`provisioned_rate`], which is a bound.
///
/// # Errors
/// As [`provisioned_rate`].
pub fn gaussian_rate(mean: f64, deviation: f64, target: f64) -> Value {
    let mean = not_negative("mean", mean)?;
    let deviation = not_negative("deviation", deviation)?;
    let target = chance("target", target)?;
    Ok(mean - deviation * normal_quantile(target))
}

/// The standard normal quantile, by Newton's method on the complementary error function.
fn normal_quantile(p: f64) -> f64 {
    let upper = p.min(1.0 - p);
    // Abramowitz and Stegun 26.2.23 to begin with (error below 4.5e-4).
    let t = (-2.0 * upper.ln()).sqrt();
    let top = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let bottom = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    let mut x = t - top / bottom;
    for _ in 0..4 {
        let density = (-x * x / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
        x += (upper_tail(x) - upper) / density;
    }
    if p < 0.5 { -x } else { x }
}

/// P(X > x) of a standard normal variable, x ≥ 0: series near 0, continued fraction beyond.
fn upper_tail(x: f64) -> f64 {
    let density = (-x * x / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    if x < 3.0 {
        let (mut term, mut sum, mut n) = (x, x, 1.0);
        while term > sum * 1e-17 && term > 0.0 {
            n += 2.0;
            term *= x * x / n;
            sum += term;
        }
        0.5 - density * sum
    } else {
        density / (x + mills_fraction(x))
    }
}

/// The continued fraction of the normal tail, x ≥ 3.
fn mills_fraction(x: f64) -> f64 {
    let step = |tail: f64, k: i32| f64::from(k) / (x + tail);
    (1..=60).rev().fold(0.0, step)
}

/// The ratio of Mills: P(X > x) of a standard normal variable by its density at x, x ≥ 0; about 1/x for large x.
pub(super) fn mills(x: f64) -> f64 {
    let density = (-x * x / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    if x < 3.0 {
        upper_tail(x) / density
    } else {
        1.0 / (x + mills_fraction(x))
    }
}
