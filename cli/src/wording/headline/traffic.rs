//! Headlines about packets: who reaches whom, or does not, on what.

use super::super::who::place_of;
use super::super::{self as words, Context};
use crate::model::finding::{Code, Decision, Evidence, Finding, HopRecord, Packet};
use crate::model::service::PortRange;

/// The two ends of some traffic and what it asks for, in words.
pub(super) struct Ends {
    src: String,
    dst: String,
    service: String,
    rule: String,
}

impl Ends {
    pub(super) fn of(
        finding: &Finding,
        context: &Context<'_>,
        witness: &Packet,
        from: &str,
        to: &str,
    ) -> Self {
        let network = context.state(finding).map(|s| &s.network);
        let name = |address, segment: &str| match network {
            Some(network) => place_of(context, network, address, segment),
            None => format!("`{segment}`"),
        };
        let port = PortRange::one(witness.dst_port);
        Self {
            src: name(witness.src, from),
            dst: name(witness.dst, to),
            service: if witness.protocol.has_ports() {
                format!("{}/{port}", witness.protocol)
            } else {
                witness.protocol.to_string()
            },
            rule: finding.rule.as_ref().map_or("-", |r| r.as_str()).to_owned(),
        }
    }
}

/// The fact about some traffic.
pub(super) fn traffic(finding: &Finding, context: &Context<'_>, ends: &Ends) -> String {
    let Ends {
        src,
        dst,
        service,
        rule,
    } = ends;
    // A name in backticks keeps a space on either side.
    let there = words::ja(&format!("{} {dst}", words::ja(src, "から")), "");
    match finding.code {
        Code::Bypass => context.pick(
            format!("{there}への {service} が、`{rule}` の経由すべき機器を通らずに届く"),
            format!("{src} reaches {dst} on {service} without passing the waypoint of `{rule}`"),
        ),
        Code::OtherChange => {
            let kind = finding.subject.get(context.lang);
            context.pick(
                format!("`{rule}` が変更を認めていない {there}への {service} が、{kind}"),
                format!(
                    "{service} from {src} to {dst}, which `{rule}` does not let change, is {kind}"
                ),
            )
        }
        Code::Interrupted | Code::BackInterrupted => context.pick(
            format!("`{rule}` が求める {there}への {service} が途絶える"),
            format!("{service} from {src} to {dst}, which `{rule}` requires, is interrupted"),
        ),
        Code::Unreached => context.pick(
            format!("`{rule}` が求める {there}への {service} が成立しない"),
            format!("{src} does not get {service} of {dst}, which `{rule}` requires"),
        ),
        Code::Undetermined => context.pick(
            format!("{there}へ {service} が届くかどうかを机上では判定できない"),
            format!("whether {src} reaches {dst} on {service} cannot be judged offline"),
        ),
        Code::StaleException => {
            let (ja, en) = exception(finding);
            context.pick(
                format!("{ja}が、{there}へ {service} を通すようになる"),
                format!("{en} now lets {src} reach {dst} on {service}"),
            )
        }
        _ => context.pick(
            format!("{there}へ、`{rule}` が禁じる {service} が届く"),
            format!("{src} reaches {dst} on {service}, which `{rule}` forbids"),
        ),
    }
}

/// The rule that lets a stale exception's packet through, by name and node.
fn exception(finding: &Finding) -> (String, String) {
    let hops = match &finding.evidence {
        Evidence::Packets { hops, .. } => hops.as_slice(),
        _ => &[],
    };
    let allowed = |hop: &&HopRecord| hop.decision == Decision::Allowed && hop.rule.is_some();
    match hops.iter().rev().find(allowed) {
        Some(HopRecord {
            node,
            rule: Some(rule),
            ..
        }) => (
            format!("`{node}` のルール `{rule}` "),
            format!("rule `{rule}` of `{node}`"),
        ),
        _ => ("残っている例外".to_owned(), "a stale exception".to_owned()),
    }
}
