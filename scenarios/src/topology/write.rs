//! A topology as text, in the format that [`topology`](super::topology) reads.
//!
//! Goes in: a topology. Comes out: its sections; coordinates and delays are not known, and are 0. Nothing can go
//! wrong: names were made for it when they were read.

use std::fmt::Write;
use utsushi_model::topology::Topology;

/// A weight in millionths as a decimal number.
fn decimal(weight: u64) -> String {
    let (whole, fine) = (weight / 1_000_000, weight % 1_000_000);
    match fine {
        0 => whole.to_string(),
        _ => format!("{whole}.{fine:06}")
            .trim_end_matches('0')
            .to_owned(),
    }
}

/// The sections `NODES`, `EDGES` and `DEMANDS`.
pub(super) fn text(topology: &Topology) -> String {
    let Topology {
        nodes,
        edges,
        demands,
    } = topology;
    // Writing to a string cannot fail.
    let mut out = format!("NODES {}\nlabel x y\n", nodes.len());
    for node in nodes {
        let _ = writeln!(out, "{node} 0 0");
    }
    let _ = write!(
        out,
        "\nEDGES {}\nlabel src dest weight bw delay\n",
        edges.len()
    );
    for edge in edges {
        let (weight, rate) = (decimal(edge.weight), edge.capacity.as_kbps());
        let (name, from, to) = (&edge.name, edge.from, edge.to);
        let _ = writeln!(out, "{name} {from} {to} {weight} {rate} 0");
    }
    let _ = write!(out, "\nDEMANDS {}\nlabel src dest bw\n", demands.len());
    for demand in demands {
        let (name, from, to) = (&demand.name, demand.from, demand.to);
        let _ = writeln!(out, "{name} {from} {to} {}", demand.rate.as_kbps());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn weights_are_written_as_short_as_they_are() {
        assert_eq!(decimal(1_000_000), "1");
        assert_eq!(decimal(2_500_000), "2.5");
        assert_eq!(decimal(1), "0.000001");
        assert_eq!(decimal(10_000_010), "10.00001");
    }
}
