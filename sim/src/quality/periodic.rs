//! Streams with a beat: voice and video packets that come once per period.

use super::{Value, within};

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
