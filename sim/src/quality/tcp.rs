//! Ceilings of one TCP connection.

use super::{Value, positive, within};

fn loss(share: f64) -> Value {
    within(
        "loss",
        share,
        share > 0.0 && share <= 1.0,
        "above 0 and at most 1",
    )
}

/// Ceiling in bit/s by Mathis, Semke, Mahdavi and Ott 1997: MSS/RTT·√(3/2)/√p. `segment` in bytes,
/// `round_trip` in seconds, `share` of packets lost.
///
/// # Errors
/// A figure that is not positive.
pub fn mathis(segment: f64, round_trip: f64, share: f64) -> Value {
    let segment = positive("segment", segment)?;
    let round_trip = positive("round_trip", round_trip)?;
    Ok(segment * 8.0 / round_trip * (1.5 / loss(share)?).sqrt())
}

/// Throughput in bit/s with time-outs (Padhye and others 1998 as in RFC 5348 §3.1, t_RTO = 4·R):
/// X = s / (R·√(2bp/3) + t_RTO·3·√(3bp/8)·p·(1 + 32p²)). `acknowledged` (b) is packets per acknowledgement.
///
/// # Errors
/// A figure that is not positive.
pub fn padhye(segment: f64, round_trip: f64, share: f64, acknowledged: f64) -> Value {
    let segment = positive("segment", segment)?;
    let rtt = positive("round_trip", round_trip)?;
    let p = loss(share)?;
    let b = positive("acknowledged", acknowledged)?;
    let calm = rtt * (2.0 * b * p / 3.0).sqrt();
    let timeouts = 4.0 * rtt * 3.0 * (3.0 * b * p / 8.0).sqrt() * p * (1.0 + 32.0 * p * p);
    Ok(segment * 8.0 / (calm + timeouts))
}
