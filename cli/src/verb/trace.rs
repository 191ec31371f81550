//! `utsushi trace`: one packet hop by hop, the answer to it, and the conversation that the access tables make
//! of it; with `--permit-all` past every denial, with each point that would block.

mod document;
mod points;
mod walk;

use crate::args::{Plain, Trace};
use crate::engine;
use crate::failure::Failure;
use crate::names::{self, End};
use crate::session::{Exit, Session, print};
use document::{Document, Told};
use utsushi::model::finding::Packet;
use utsushi::model::id::Id;
use utsushi::model::report::Report;
use utsushi::model::service::{Protocol, Service};
use utsushi::sim::plane::trace::{exchange, exchange_past_denials};
use utsushi::sim::plane::{Plane, SegmentIx};
use utsushi::sim::replay::conversation::CLIENT_PORT;
use walk::Walk;

/// Reads, compiles one state, walks, prints.
pub(super) fn run(args: &Trace, session: &Session) -> Result<Exit, Failure> {
    let ready = engine::load(&args.scenario)?;
    let index = names::step(&ready.migration.states, &args.after.step)?;
    let state = &ready.migration.states[index];
    let (from, to) = (
        names::end(&state.network, &args.from)?,
        names::end(&state.network, &args.to)?,
    );
    let service = service(&args.service)?;
    let plane = Plane::compile(std::sync::Arc::clone(&state.network), state.date);
    let packet = packet(&from, &to, &service)?;
    let segment = home(&plane, from.name.as_deref(), &packet).ok_or_else(|| {
        Failure::asked(
            format!("送信元 {} を含むセグメントがこの状態にはない", packet.src),
            format!("no segment of this state holds the sender {}", packet.src),
        )
    })?;
    let report = Report::unasked(&ready.migration);
    let context = session.context(&report, &ready.migration);
    let walk = Walk {
        context: &context,
        session,
        plane: &plane,
    };
    let walked = match args.permit_all {
        true => exchange_past_denials(&plane, segment, packet),
        false => exchange(&plane, segment, packet),
    };
    let conversation = walk.conversation(&from, &to, service);
    let points = match args.permit_all {
        true => points::points(&plane, &walked, conversation.as_ref()),
        false => Vec::new(),
    };
    let text = match args.form.format {
        Plain::Json => json(&Told {
            plane: &plane,
            step: state.step.as_str(),
            permit_all: args.permit_all,
            packet,
            walked: &walked,
            conversation: conversation.as_ref(),
            points: &points,
        })?,
        Plain::Text => {
            let mut text = walk.packet(&walked, index);
            text += &conversation.map_or_else(String::new, |all| walk.legs(&all));
            if args.permit_all {
                text = format!("{}\n{}", text.trim_end(), walk.points(&points));
            }
            format!("{}\n", text.trim_end())
        }
    };
    print(&text);
    // A trace tells and does not judge: whether the packet ought to arrive is for rules to say.
    Ok(Exit::Clean)
}

fn json(told: &Told<'_>) -> Result<String, Failure> {
    serde_json::to_string_pretty(&Document::new(told))
        .map(|text| text + "\n")
        .map_err(|error| Failure::Fault(error.to_string()))
}

/// One service: a packet has one protocol and one destination port.
fn service(text: &str) -> Result<Service, Failure> {
    let service = parsed(text)?;
    let open = service
        .protocol
        .is_none_or(|p| p.has_ports() && service.ports.first != service.ports.last);
    if open {
        return Err(Failure::asked(
            format!("`{text}` では追うパケットが一つに決まらない"),
            format!("`{text}` does not name one packet"),
        )
        .help(
            "`tcp/443` のように宛先ポートを一つ書く",
            "name one destination port, such as `tcp/443`",
        ));
    }
    Ok(service)
}

fn parsed(text: &str) -> Result<Service, Failure> {
    text.parse()
        .map_err(|error: utsushi::model::service::ServiceError| {
            Failure::asked(format!("`{text}` はサービスではない"), error.to_string()).help(
                "`tcp/443`、`udp/53`、`icmp` のように書く",
                "write `tcp/443`, `udp/53` or `icmp`",
            )
        })
}

/// The packet that stands for a service between two ends.
fn packet(from: &End, to: &End, service: &Service) -> Result<Packet, Failure> {
    if from.address.is_ipv4() != to.address.is_ipv4() {
        let (a, b) = (from.address, to.address);
        return Err(Failure::asked(
            format!("{a} と {b} はIPv4とIPv6で異なる"),
            format!("{a} and {b} are not of one address family"),
        )
        .help(
            "同じ種類のアドレスを直接指定する",
            "give addresses of one family",
        ));
    }
    let protocol = service.protocol.unwrap_or(Protocol::TCP);
    let has_ports = protocol.has_ports();
    let source = if service.source_ports.contains(CLIENT_PORT) {
        CLIENT_PORT
    } else {
        service.source_ports.first
    };
    Ok(Packet {
        src: from.address,
        dst: to.address,
        protocol,
        src_port: if has_ports { source } else { 0 },
        dst_port: if has_ports { service.ports.first } else { 0 },
    })
}

/// The segment whose member the sender is: that of what was named, where addresses are used more than once.
fn home(plane: &Plane, name: Option<&str>, packet: &Packet) -> Option<SegmentIx> {
    let network = &plane.network;
    let holds = |at: &usize| {
        let mut members = plane.segments[*at].members.iter();
        members.any(|r| r.contains(packet.src))
    };
    let named = name.and_then(|name| {
        let group = network.groups.get(&Id::new(name)).map(|g| &g.segment);
        let system = network.systems.get(&Id::new(name)).map(|s| &s.segment);
        let node = network.nodes.get(&Id::new(name));
        let relay = node.and_then(|n| n.endpoint.as_ref()).map(|e| &e.segment);
        let segment = network.segments.get(&Id::new(name)).map(|s| &s.id);
        let id = group.or(system).or(relay).or(segment)?;
        plane.segment(id).filter(|at| holds(&at.0))
    });
    named.or_else(|| (0..plane.segments.len()).find(holds).map(SegmentIx))
}
