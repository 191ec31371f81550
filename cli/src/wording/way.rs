//! A packet and its way: one line for a report, single stations for a trace.

use super::{Context, pick};
use crate::model::finding::{Decision, HopRecord, Packet, PacketBox, Stage};
use crate::model::service::{PortRange, Protocol};
use crate::model::text::Lang;
use std::fmt::Write;

/// A packet header, such as `tcp 10.72.3.10:* → 10.16.240.5:1521`. `any_source` prints the source port
/// as `*`: every source port does the same.
#[must_use]
pub fn packet(packet: &Packet, any_source: bool) -> String {
    let end = |address: std::net::IpAddr, port: &str| match (packet.protocol.has_ports(), address) {
        (false, address) => address.to_string(),
        (true, std::net::IpAddr::V4(v4)) => format!("{v4}:{port}"),
        (true, std::net::IpAddr::V6(v6)) => format!("[{v6}]:{port}"),
    };
    let source = if any_source {
        "*".to_owned()
    } else {
        packet.src_port.to_string()
    };
    let target = packet.dst_port.to_string();
    format!(
        "{} {} → {}",
        packet.protocol,
        end(packet.src, &source),
        end(packet.dst, &target)
    )
}

/// Whether every source port does what this packet does.
pub(super) fn any_source(packet: &Packet, boxes: &[PacketBox]) -> bool {
    boxes.iter().any(|b| {
        b.src.iter().any(|r| r.contains(packet.src))
            && b.dst.iter().any(|r| r.contains(packet.dst))
            && b.dst_ports.iter().any(|r| r.contains(packet.dst_port))
            && b.src_ports.contains(&PortRange::ALL)
    })
}

/// One box of packets, such as `10.72.3.10 → 10.16.240.5 tcp/1521`.
#[must_use]
pub fn extent(b: &PacketBox) -> String {
    fn list<T: ToString>(items: &[T]) -> String {
        items
            .iter()
            .map(T::to_string)
            .collect::<Vec<_>>()
            .join(", ")
    }
    let ports = list(&b.dst_ports);
    let with_ports = b
        .protocol
        .iter()
        .all(|p| p.first == p.last && Protocol(p.first).has_ports());
    let service = if with_ports {
        format!("{}/{ports}", list(&b.protocol))
    } else {
        list(&b.protocol)
    };
    format!("{} → {} {service}", list(&b.src), list(&b.dst))
}

/// The way as one line of stations: `payroll → sw-core → fw-mn（ルール7）→ tax-db`.
/// `ends` are the names of the hosts at both ends, where they are known.
#[must_use]
pub fn stations(
    context: &Context<'_>,
    hops: &[HopRecord],
    ends: (Option<&str>, Option<&str>),
) -> String {
    let mut line = String::new();
    let mut last = "";
    for hop in hops {
        let name = match (hop.stage, &hop.decision) {
            (Stage::Start, _) => ends.0,
            (Stage::Arrival, Decision::Delivered(_)) => ends.1,
            _ => None,
        };
        let name = name.unwrap_or(&hop.node);
        if name != last {
            if !line.is_empty() {
                line.push_str(" → ");
            }
            line.push_str(name);
            last = name;
        }
        if let Some(words) = remark(context.lang, hop) {
            // Writing to a string cannot fail.
            let _ = write!(
                line,
                "{}",
                context.pick(format!("（{words}）"), format!(" ({words})"))
            );
        }
    }
    line
}

/// What is worth saying of a station in one line: rules that decided and addresses that changed.
fn remark(lang: Lang, hop: &HopRecord) -> Option<String> {
    let rule = hop.rule.as_deref();
    match (&hop.decision, rule) {
        (Decision::Allowed, Some(rule)) => {
            Some(pick(lang, format!("ルール {rule}"), format!("rule {rule}")))
        }
        (Decision::Denied, Some(rule)) => Some(pick(
            lang,
            format!("{rule} が拒否"),
            format!("denied by {rule}"),
        )),
        (Decision::Denied, None) => Some(pick(
            lang,
            "既定動作で拒否".into(),
            "denied by default".into(),
        )),
        (Decision::Undecided, rule) => {
            let rule = rule.unwrap_or("-");
            Some(pick(
                lang,
                format!("{rule} は判定不能"),
                format!("{rule} undecided"),
            ))
        }
        (Decision::Rewritten(to), _) => Some(pick(
            lang,
            format!("変換後 {}", packet(to, false)),
            format!("becomes {}", packet(to, false)),
        )),
        (Decision::NoRoute | Decision::Discarded | Decision::Loop, _) => {
            Some(decision(&hop.decision, lang))
        }
        (Decision::Allowed | Decision::Answer | Decision::Sent(_) | Decision::Delivered(_), _) => {
            None
        }
    }
}

/// The word for a stage.
#[must_use]
pub const fn stage(stage: Stage, lang: Lang) -> &'static str {
    let (ja, en) = match stage {
        Stage::Start => ("出発", "start"),
        Stage::IngressFilter => ("入力フィルタ", "ingress filter"),
        Stage::DestinationNat => ("宛先NAT", "destination NAT"),
        Stage::Route => ("経路選択", "route"),
        Stage::ForwardFilter => ("転送ポリシー", "forward policy"),
        Stage::SourceNat => ("送信元NAT", "source NAT"),
        Stage::EgressFilter => ("出力フィルタ", "egress filter"),
        Stage::Arrival => ("到着", "arrival"),
    };
    match lang {
        Lang::Ja => ja,
        Lang::En => en,
    }
}

/// What was decided at a station.
#[must_use]
pub fn decision(decision: &Decision, lang: Lang) -> String {
    match decision {
        Decision::Allowed => pick(lang, "許可", "allowed").to_owned(),
        Decision::Denied => pick(lang, "拒否", "denied").to_owned(),
        Decision::Undecided => {
            pick(lang, "机上では判定不能", "cannot be judged offline").to_owned()
        }
        Decision::Answer => pick(
            lang,
            "既存セッションの応答として許可",
            "allowed as an answer",
        )
        .to_owned(),
        Decision::Sent(to) => pick(lang, format!("{to} へ"), format!("to {to}")),
        Decision::Rewritten(to) => pick(
            lang,
            format!("変換後 {}", packet(to, false)),
            format!("becomes {}", packet(to, false)),
        ),
        Decision::NoRoute => pick(lang, "経路なし", "no route").to_owned(),
        Decision::Discarded => pick(lang, "経路設定により破棄", "discarded by a route").to_owned(),
        Decision::Loop => pick(lang, "ループ", "loop").to_owned(),
        Decision::Delivered(to) => pick(lang, format!("{to} に到達"), format!("delivered to {to}")),
    }
}
