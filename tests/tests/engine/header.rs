//! Headers as the two engines see them.

use utsushi_model::address::position;
use utsushi_model::finding::Packet;
use utsushi_sim::plane::view::{Now, View};
use utsushi_sim::space::{Interval, Point};

/// A header as a point of the packet space.
pub(crate) fn point(packet: &Packet) -> Point {
    Point {
        src: position(packet.src),
        dst: position(packet.dst),
        protocol: packet.protocol.0,
        src_port: packet.src_port,
        dst_port: packet.dst_port,
    }
}

/// Whether the header `sent`, seen by the view, can be the header `now`.
pub(crate) fn shows(view: &View, sent: &Packet, now: &Packet) -> bool {
    let ports = sent.protocol.has_ports();
    let port = |view: &Now, sent: u16, now: u16| {
        if ports {
            value(view, sent.into(), now.into())
        } else {
            now == 0
        }
    };
    sent.protocol == now.protocol
        && value(&view.src, position(sent.src), position(now.src))
        && value(&view.dst, position(sent.dst), position(now.dst))
        && port(&view.src_port, sent.src_port, now.src_port)
        && port(&view.dst_port, sent.dst_port, now.dst_port)
}

fn value(view: &Now, sent: u128, now: u128) -> bool {
    match view {
        Now::Same => sent == now,
        Now::Moved(from, to) => from.contains(sent) && sent - from.lo == now.wrapping_sub(*to),
        Now::Any(values) => values.iter().any(|v: &Interval| v.contains(now)),
    }
}
