//! Temporary rules carry an end and are gone after it (I-TX-09).

use super::{Seen, cause};
use utsushi_model::finding::Code;
use utsushi_model::migration::State;
use utsushi_model::network::{Node, NodeKind};
use utsushi_model::policy::FilterRule;
use utsushi_model::text::Text;

/// Temporary rules without an end, or still there after it.
pub(super) fn check(state: &State) -> Vec<Seen> {
    let mut out = Vec::new();
    for node in state.network.nodes.iter() {
        for rule in rules(node).filter(|r| r.temporary) {
            let fact = match rule.expires {
                None => cause(
                    format!("`{}` の暫定ルール `{}` に期限がない", node.id, rule.name),
                    format!("temporary rule `{}` of `{}` has no end", rule.name, node.id),
                    &rule.place,
                ),
                Some(end) if end < state.date => cause(
                    format!(
                        "`{}` の暫定ルール `{}` は {end} が期限だが、まだ残っている",
                        node.id, rule.name
                    ),
                    format!(
                        "temporary rule `{}` of `{}` was to end on {end} and is still there",
                        rule.name, node.id
                    ),
                    &rule.place,
                ),
                Some(_) => continue,
            };
            let subject = Text::same(format!("{} / {}", node.id, rule.name));
            out.push(Seen::facts(
                Code::TemporaryRule,
                subject,
                &rule.place,
                vec![fact],
            ));
        }
    }
    out
}

/// All filter rules of a node, a proxy's own among them.
pub(super) fn rules(node: &Node) -> impl Iterator<Item = &FilterRule> {
    let own = match &node.kind {
        NodeKind::Proxy(proxy) => proxy.rules.as_slice(),
        _ => &[],
    };
    node.forwarding
        .filters
        .iter()
        .flat_map(|f| f.all_rules())
        .chain(own)
}
