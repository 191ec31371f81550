//! Headlines about lines of ordered lists: which line of which list, and what is the matter with it.

use super::super::Context;
use crate::model::finding::{Code, Evidence, Finding, Idle, ListKind};
use crate::model::text::{Lang, Text};

/// What a line of a list is called.
#[must_use]
pub const fn noun(list: ListKind, lang: Lang) -> &'static str {
    match (list, lang) {
        (ListKind::DestinationNat, Lang::Ja) => "宛先NATのルール",
        (ListKind::SourceNat, Lang::Ja) => "送信元NATのルール",
        (ListKind::PolicyRoutes, Lang::Ja) => "ポリシールート",
        (ListKind::ProxyRules, Lang::Ja) => "プロキシのルール",
        (ListKind::IngressFilter, Lang::Ja) => "入力フィルタのルール",
        (ListKind::EgressFilter, Lang::Ja) => "出力フィルタのルール",
        (ListKind::ForwardFilter, Lang::Ja) => "ルール",
        (ListKind::DestinationNat, Lang::En) => "destination NAT rule",
        (ListKind::SourceNat, Lang::En) => "source NAT rule",
        (ListKind::PolicyRoutes, Lang::En) => "policy route",
        (ListKind::ProxyRules, Lang::En) => "proxy rule",
        (ListKind::IngressFilter, Lang::En) => "ingress rule",
        (ListKind::EgressFilter, Lang::En) => "egress rule",
        (ListKind::ForwardFilter, Lang::En) => "rule",
    }
}

/// The fact about a line.
pub(super) fn line(finding: &Finding, context: &Context<'_>) -> String {
    let Evidence::Line {
        node,
        list,
        line,
        idle,
        ..
    } = &finding.evidence
    else {
        return String::new();
    };
    let Text { ja, en } = matter(finding.code, *idle);
    let noun = noun(*list, context.lang);
    let name = &line.name;
    context.pick(
        format!("`{node}` の{noun} `{name}` {ja}"),
        format!("{noun} `{name}` of `{node}` {en}"),
    )
}

/// What is the matter.
fn matter(code: Code, idle: Option<Idle>) -> Text {
    let (ja, en) = match (code, idle) {
        (Code::Shadowed, _) => (
            "は、前のルールに先を越されて一度も効かず、逆の扱いになる通信がある",
            "never decides: lines before it take all its packets, and some are decided otherwise",
        ),
        (Code::Redundant, _) => (
            "は、なくても扱いの変わる通信がない",
            "changes nothing: every packet is decided alike without it",
        ),
        (Code::Dead, Some(Idle::Nothing)) => (
            "は、何も指していない",
            "matches nothing: its names and ranges are empty",
        ),
        (Code::Dead, Some(Idle::TakenBefore)) => (
            "に該当して届く通信は、すべて前のルールが判定する",
            "decides nothing: lines before it take all matching packets that can arrive",
        ),
        (Code::Dead, _) => (
            "に該当する通信は、ここへは届き得ない",
            "decides nothing: no packet that matches it can arrive",
        ),
        (_, _) => (
            "は、ほとんど限定せず、必要な範囲をはるかに超えて許可している",
            "restricts little and lets far more pass than is needed",
        ),
    };
    Text::new(ja, en)
}
