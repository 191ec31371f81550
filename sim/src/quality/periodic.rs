//! Streams with a beat: voice and video packets that come once per period.

use super::gamma::ln_gamma;
use super::{Value, not_negative, within};

/// N·D/D/1: the probability that more than `queue` packets wait when `streams` send one packet each per
/// period of `slots` service times, at independent random phases
/// (Roberts and Virtamo 1991; ITU-T E.736 family):
/// Σ C(N,k)·((k−n)/T)ᵏ·(1−(k−n)/T)^(N−k)·(T−N+n)/(T−k+n), k from n+1 to N.
///
/// # Errors
/// As many streams as slots, or more.
pub fn nddd1_exceeds(streams: u32, slots: u32, queue: u32) -> Value {
    within(
        "streams",
        f64::from(streams),
        streams < slots,
        "fewer than the slots of a period",
    )?;
    let (n, t, q) = (f64::from(streams), f64::from(slots), f64::from(queue));
    let mut sum = 0.0;
    let mut log_choose = 0.0f64; // ln C(N, k)
    for k in 1..=streams {
        let at = f64::from(k);
        log_choose += ((n - at + 1.0) / at).ln();
        if k <= queue {
            continue;
        }
        let part = (at - q) / t;
        let rest = (-part).ln_1p() * (n - at);
        sum += (log_choose + at * part.ln() + rest).exp() * (t - n + q) / (t - at + q);
    }
    Ok(sum.min(1.0))
}

/// N·D/D/1 for any real `wait` and `slots`: the probability that somebody who comes at a random time waits longer
/// than `wait` service times behind `streams` that send one packet each per `slots` service times (Roberts and
/// Virtamo 1991, the sum of [`nddd1_exceeds`]). A packet of one of N streams waits behind the other N − 1.
///
/// # Errors
/// As many streams as slots, or more; a negative wait.
pub fn nddd1_wait_exceeds(streams: u32, slots: f64, wait: f64) -> Value {
    let n = f64::from(streams);
    let must = "fewer than the slots of a period";
    within("streams", n, n < slots && slots.is_finite(), must)?;
    let x = not_negative("wait", wait)?;
    let mut k = x.floor() + 1.0;
    if k > n {
        return Ok(0.0);
    }
    let mut log_choose = ln_gamma(n + 1.0) - ln_gamma(k + 1.0) - ln_gamma(n - k + 1.0);
    let (mut sum, mut before) = (0.0, 0.0);
    while k <= n {
        let part = (k - x) / slots;
        let log = log_choose + k * part.ln() + (-part).ln_1p() * (n - k);
        let term = log.exp() * (slots - n + x) / (slots - k + x);
        sum += term;
        // Past the largest term the rest only shrinks.
        if term < before && term < sum * 1e-16 {
            break;
        }
        before = term;
        log_choose += ((n - k) / (k + 1.0)).ln();
        k += 1.0;
    }
    Ok(sum.min(1.0))
}

/// Mean wait behind `streams` in service times, the area under [`nddd1_wait_exceeds`] (trapezia a quarter of a
/// service time wide, finer below one).
///
/// # Errors
/// As many streams as slots, or more.
pub fn nddd1_mean_wait(streams: u32, slots: f64) -> Value {
    let mut sum = 0.0;
    let (mut at, mut before) = (0.0, nddd1_wait_exceeds(streams, slots, 0.0)?);
    while before > 1e-9 && at < f64::from(streams) {
        let step = if at < 1.0 { 1.0 / 16.0 } else { 0.25 };
        let next = nddd1_wait_exceeds(streams, slots, at + step)?;
        sum += step * f64::midpoint(before, next);
        (at, before) = (at + step, next);
    }
    Ok(sum)
}
