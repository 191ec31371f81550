//! What the two engines say about the packets of a lab, before the kernel is asked.

use utsushi_lab::Lab;
use utsushi_lab::expect::Expect;
use utsushi_model::address::position;
use utsushi_model::finding::Packet;
use utsushi_sim::plane::SegmentIx;
use utsushi_sim::plane::condition::Bound;
use utsushi_sim::plane::flow::{self, Question};
use utsushi_sim::plane::sessions::sessions;
use utsushi_sim::plane::sets::{Sets, intervals};
use utsushi_sim::plane::trace::{MOST_WAYS, exchange};
use utsushi_sim::space::{Field, Point, Set};

/// A header as a point of the packet space.
fn point(packet: &Packet) -> Point {
    Point {
        src: position(packet.src),
        dst: position(packet.dst),
        protocol: packet.protocol.0,
        src_port: packet.src_port,
        dst_port: packet.dst_port,
    }
}

/// Holds what a lab expects against the exact engine and the trace: where a packet and its answer have one
/// way each, all three say the same; where there are several, the lab expects nothing that they exclude.
pub(crate) fn agree(lab: &Lab<'_>) -> Result<(), String> {
    let mut sets = Sets::new(lab.plane, Bound::May);
    for from in (0..lab.plane.segments.len()).map(SegmentIx) {
        let own: Vec<_> = lab
            .probes
            .iter()
            .filter(|(probe, _)| probe.from == from)
            .collect();
        if own.is_empty() {
            continue;
        }
        let members = intervals(&lab.plane.segments[from.0].members);
        let headers = sets.headers().expect("room");
        let sources = sets.space.field(Field::Src, &members).expect("room");
        let start = sets.space.intersection(headers, sources).expect("room");
        let reach = flow::forward(&mut sets, from, start, &Question::default()).expect("room");
        let all = sessions(&mut sets, &[from], &reach, Set::FULL).expect("room");
        for (probe, expected) in own {
            // The trace gives up on packets with more ways, see there.
            if expected.ways.0.max(expected.ways.1) >= MOST_WAYS {
                continue;
            }
            let at = point(&probe.packet);
            let exact = [
                reach
                    .delivered
                    .iter()
                    .any(|d| sets.space.contains(d.set, &at)),
                sets.space.contains(all.answered, &at),
            ];
            let walked = exchange(lab.plane, from, probe.packet);
            let traced = [walked.delivered(), walked.answered()];
            let single = expected.ways.0 <= 1 && expected.ways.1 <= 1;
            let wanted = [expected.arrives, expected.answered];
            let fits = |said: [bool; 2]| {
                said.into_iter()
                    .zip(wanted)
                    .all(|(said, wanted)| match wanted {
                        Expect::Yes => said,
                        Expect::No => !said || !single,
                        Expect::Either(_) => true,
                    })
            };
            if exact != traced || !fits(exact) {
                return Err(format!(
                    "{probe:?}\nexact engine {exact:?}, trace {traced:?}, lab {expected:?}"
                ));
            }
        }
    }
    Ok(())
}
