//! Blocking: seats, licences and lines that turn people away when all are taken.
//!
//! Goes in: offered traffic in erlang (mean number that would be busy if there were no limit) and servers.
//! Comes out: the probability to be turned away or to wait.

use super::{OutOfDomain, Value, chance, not_negative, positive, within};

/// Erlang B: the probability that all `servers` are busy when `offered` erlang arrive at random.
///
/// Recursion B₀ = 1, Bₙ = A·Bₙ₋₁ / (n + A·Bₙ₋₁) (Erlang 1917; Iversen, Teletraffic Engineering Handbook). What is more than 0
/// and less than 2.2·10⁻³⁰⁸ is told as that.
///
/// # Errors
/// Negative or infinite traffic.
pub fn erlang_b(offered: f64, servers: u32) -> Value {
    let offered = not_negative("offered", offered)?;
    let mut blocked = 1.0;
    for n in 1..=servers {
        blocked = offered * blocked / (f64::from(n) + offered * blocked);
        // With more servers it is less still.
        if blocked < f64::MIN_POSITIVE {
            let any = blocked > 0.0;
            return Ok(if any { f64::MIN_POSITIVE } else { 0.0 });
        }
    }
    Ok(blocked)
}

/// The fewest servers that turn away at most the share `target` of `offered` erlang.
///
/// # Errors
/// Traffic that is negative, infinite or above ten million; a target that is no probability above 0.
pub fn erlang_b_servers(offered: f64, target: f64) -> Result<u32, OutOfDomain> {
    let holds = (0.0..=1e7).contains(&offered);
    let offered = within("offered", offered, holds, "between 0 and 10,000,000")?;
    let target = chance("target", target)?;
    let (mut blocked, mut servers) = (1.0, 0u32);
    while blocked > target {
        servers += 1;
        blocked = offered * blocked / (f64::from(servers) + offered * blocked);
    }
    Ok(servers)
}

/// Erlang C: the probability to wait for one of `servers` with an endless queue,
/// C = N·B / (N − A·(1 − B)) (Erlang 1917). At or above saturation everybody waits.
///
/// # Errors
/// Negative or infinite traffic.
pub fn erlang_c(offered: f64, servers: u32) -> Value {
    let blocked = erlang_b(offered, servers)?;
    let servers = f64::from(servers);
    if offered >= servers {
        return Ok(1.0);
    }
    Ok(servers * blocked / (servers - offered * (1.0 - blocked)))
}

/// Blocking with few users.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Engset {
    /// Share of time in which all servers are busy.
    pub time: f64,
    /// Share of calls that find all servers busy.
    pub call: f64,
}

/// Engset: `sources` users, each idle one offering `per_idle` erlang, share `servers`.
///
/// Recursion E₀ = 1, Eₙ = (S−n+1)·a·Eₙ₋₁ / (n + (S−n+1)·a·Eₙ₋₁); a caller sees the others only, so call
/// congestion is that of S − 1 sources (Engset 1918; Iversen).
///
/// # Errors
/// Negative or infinite traffic.
pub fn engset(sources: u32, per_idle: f64, servers: u32) -> Result<Engset, OutOfDomain> {
    let offered = not_negative("per_idle", per_idle)?;
    let congestion = |sources: u32| {
        (1..=servers).fold(1.0, |e: f64, n| {
            let idle = f64::from((sources + 1).saturating_sub(n));
            idle * offered * e / (f64::from(n) + idle * offered * e)
        })
    };
    let call = sources.checked_sub(1).map_or(0.0, congestion);
    Ok(Engset {
        time: congestion(sources),
        call,
    })
}

/// One class of calls on a shared line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Class {
    /// Offered traffic, erlang.
    pub offered: f64,
    /// Units of the line that one call takes, at least 1.
    pub units: u32,
}

/// Kaufman–Roberts: for every class the probability to find too few free units of `capacity`.
///
/// j·q(j) = Σ aₖ·bₖ·q(j − bₖ) (Kaufman 1981, Roberts 1981); the occupancy is rescaled on the way, so that
/// neither small nor large lines leave the range of floating point.
///
/// # Errors
/// Negative traffic, or a class that takes nothing.
pub fn kaufman_roberts(capacity: u32, classes: &[Class]) -> Result<Vec<f64>, OutOfDomain> {
    for class in classes {
        not_negative("offered", class.offered)?;
        positive("units", f64::from(class.units))?;
    }
    let mut weight = vec![1.0f64];
    let mut sum = 1.0f64;
    for j in 1..=capacity {
        let gain = |c: &Class| match j.checked_sub(c.units) {
            Some(before) => c.offered * f64::from(c.units) * weight[before as usize],
            None => 0.0,
        };
        let next = classes.iter().map(gain).sum::<f64>() / f64::from(j);
        weight.push(next);
        sum += next;
        if sum > 1e200 {
            weight.iter_mut().for_each(|w| *w /= sum);
            sum = 1.0;
        }
    }
    let blocked = |class: &Class| {
        let fits = (capacity + 1).saturating_sub(class.units) as usize;
        weight[fits..].iter().sum::<f64>() / sum
    };
    Ok(classes.iter().map(blocked).collect())
}
