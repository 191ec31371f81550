//! Makers' rules of thumb, with their sources.

use super::{Value, positive, probability, within};

/// Users that one global address serves: (64,000 − restricted) / (peak ports per user + peak factor)
/// (Microsoft, "NAT support with Microsoft 365").
///
/// # Errors
/// More restricted ports than there are, or no ports per user.
pub fn users_per_address(restricted: f64, ports: f64, factor: f64) -> Value {
    let holds = (0.0..=64_000.0).contains(&restricted);
    let restricted = within("restricted", restricted, holds, "between 0 and 64,000")?;
    Ok((64_000.0 - restricted) / positive("ports + factor", ports + factor)?)
}

/// Screen-transfer users on a line: C·limit / rate per user, both in one unit; VMware's guide plans with 80 %.
///
/// # Errors
/// A figure that is not positive.
pub fn users_per_line(line: f64, limit: f64, per_user: f64) -> Value {
    let line = positive("line", line)?;
    Ok(line * probability("limit", limit)? / positive("per_user", per_user)?)
}

/// Peak rate of a daily volume spread over eight hours, with a peak of twice the mean, in the unit of the
/// volume per second (Microsoft Online Services' worked examples).
///
/// # Errors
/// A figure that is not positive.
pub fn peak_of_day(users: f64, volume_per_day: f64) -> Value {
    let users = positive("users", users)?;
    Ok(users * positive("volume_per_day", volume_per_day)? / (8.0 * 3600.0) * 2.0)
}
