//! Headlines about demands: who cannot use what, because of which device.

use super::super::Context;
use super::{deciding, plain};
use crate::model::finding::{Code, Decision, Evidence, Finding, HopRecord};
use crate::model::units::grouped;

/// The fact about a demand that does not come through.
pub(super) fn demand(finding: &Finding, context: &Context<'_>) -> String {
    let Evidence::Demand {
        group,
        application,
        leg,
        users,
        hops,
        ..
    } = &finding.evidence
    else {
        return plain(finding, context);
    };
    let application = application.get(context.lang);
    let users = grouped(f64::from(*users));
    let (ja, en) = failure(finding.code, *leg, deciding(hops));
    context.pick(
        format!("`{group}` の{users}人が「{application}」を使えない：{ja}"),
        format!("{users} users of `{group}` cannot use {application}: {en}"),
    )
}

/// Where and why a leg fails.
fn failure(code: Code, leg: usize, hop: Option<&HopRecord>) -> (String, String) {
    let node = hop.map_or("", |hop| hop.node.as_str());
    let table = hop.and_then(|hop| hop.rule.as_deref()).unwrap_or(node);
    match (code, hop.map(|hop| &hop.decision)) {
        (Code::NoAnswer, None) => (
            format!("区間{leg}の戻りが届かない"),
            format!("answers on leg {leg} do not return"),
        ),
        (Code::NoAnswer, Some(_)) => (
            format!("区間{leg}の戻りが `{node}` で止まる"),
            format!("answers on leg {leg} stop at `{node}`"),
        ),
        (Code::Blocked, Some(_)) => (
            format!("`{node}` が区間{leg}を拒否"),
            format!("`{node}` denies leg {leg}"),
        ),
        (Code::Blocked, None) => (
            format!("区間{leg}が拒否される"),
            format!("leg {leg} is denied"),
        ),
        (_, Some(Decision::Denied)) => (
            format!("アクセス表 `{table}` が区間{leg}を認めない"),
            format!("access table `{table}` refuses leg {leg}"),
        ),
        (_, Some(Decision::Loop)) => (
            format!("区間{leg}が `{node}` で堂々巡りになる"),
            format!("leg {leg} goes round in circles at `{node}`"),
        ),
        (_, Some(Decision::Discarded)) => (
            format!("`{node}` が区間{leg}を破棄"),
            format!("`{node}` discards leg {leg}"),
        ),
        (_, Some(Decision::NoRoute)) => (
            format!("`{node}` に区間{leg}の経路がない"),
            format!("`{node}` has no route for leg {leg}"),
        ),
        (_, _) => (
            format!("区間{leg}の経路がない"),
            format!("leg {leg} has no way"),
        ),
    }
}
