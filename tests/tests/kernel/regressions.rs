//! What the kernel once did otherwise than expected, as small as it gets.

use super::lab::{Trial, try_out};
use utsushi_lab::Probe;
use utsushi_model::finding::Packet;
use utsushi_model::network::Network;
use utsushi_model::service::Protocol;
use utsushi_sim::plane::SegmentIx;

/// Today's network of a scenario that is written in one file.
fn network(text: &str) -> Network {
    let folder = tempfile::tempdir().expect("a folder to write to");
    std::fs::write(folder.path().join("scenario.ron"), text).expect("it can be written");
    let loaded = utsushi_scenarios::load(folder.path());
    let loaded = loaded.unwrap_or_else(|failed| panic!("{:#?}", failed.problems));
    Network::clone(&loaded.migration.states[0].network)
}

/// TCP and UDP to port 443.
fn both(from: usize, src: &str, dst: &str) -> [Probe; 2] {
    [Protocol::TCP, Protocol::UDP].map(|protocol| Probe {
        from: SegmentIx(from),
        packet: Packet {
            src: src.parse().expect("an address"),
            dst: dst.parse().expect("an address"),
            protocol,
            src_port: 20_000,
            dst_port: 443,
        },
    })
}

/// Tries packets; how many were answered.
fn answered(network: Network, probes: &[Probe]) -> usize {
    let Trial {
        tried,
        answered,
        open,
    } = try_out(network, probes).unwrap_or_else(|difference| panic!("{difference}"));
    assert_eq!((tried, open), (probes.len(), 0));
    answered
}

/// ```text
///  office 10.0.1.0/24 ── fw ── internet     fw hides the office behind 203.0.113.12
/// ```
/// Nobody announces 203.0.113.12, so it is somebody else's on the Internet, and the answer goes there. The
/// host of the lab once sent it to its gateway, which took it for its own.
#[test]
fn an_address_that_nobody_announces_is_somebody_elses() {
    let text = r#"(
        title: "hidden", start: (label: "today", model: Alpha, date: "2026-06-01"),
        zones: [(name: "int", role: Internet), (name: "world", role: World)],
        sites: [(name: "hq", kind: Headquarters)],
        segments: [
            (name: "office", zone: "int", site: "hq", prefixes: ["10.0.1.0/24"], gateways: [(node: "fw")]),
            (name: "internet", zone: "world", site: "hq", prefixes: ["0.0.0.0/0"], external: true, gateways: [(node: "fw")]),
        ],
        nodes: [(name: "fw", site: "hq", kind: Firewall, nat: [(name: "hide", out: ["internet"], source: ["203.0.113.12"])])],
    )"#;
    let probes = both(0, "10.0.1.1", "198.51.100.1");
    assert_eq!(answered(network(text), &probes), 0);
    let announced = text.replace(
        "nat: [",
        r#"routing: (originates: [(prefix: "203.0.113.12/32")]), nat: ["#,
    );
    assert_eq!(answered(network(&announced), &probes), 2);
}
