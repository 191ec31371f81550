//! The order as a list, or the conflicts one by one with the packet that shows each.

use super::Answer;
use crate::model::finding::Evidence;
use crate::model::rule::RuleId;
use crate::render::Paint;
use crate::sim::order::step::{Conflict, Found};
use crate::wording::packet;

/// Changes listed on one side of a conflict.
const MOST_CHANGES: usize = 12;

impl Answer<'_> {
    /// The whole answer.
    #[must_use]
    pub fn text(&self, paint: Paint) -> String {
        let title = self.migration.title.get(self.lang);
        let (id, label) = (&self.step.id, self.step.label.get(self.lang));
        let head = self.pick(
            format!(" · ステップ{id}：{label}"),
            format!(" · step {id}: {label}"),
        );
        let mut out = format!("{}{head}\n\n", paint.strong(title));
        match &self.ordered.found {
            Found::Ordered {
                order,
                interrupted,
                broken,
                shortest,
                ..
            } => {
                out += &self.list(order);
                out += &self.safe(*interrupted, broken, *shortest, paint);
            }
            Found::Impossible(conflicts) => {
                for conflict in conflicts {
                    out += &self.entry(conflict, paint);
                }
                out += &self.none(conflicts, paint);
            }
        }
        out + &self.footer()
    }

    fn list(&self, order: &[usize]) -> String {
        let wide = order.len().to_string().len();
        let line = |(number, at): (usize, &usize)| {
            format!("  {:>wide$}  {}\n", number + 1, self.placed(*at))
        };
        order.iter().enumerate().map(line).collect::<String>() + "\n"
    }

    fn safe(&self, states: usize, broken: &[RuleId], shortest: bool, paint: Paint) -> String {
        let all = self.ordered.units + 1;
        let head = match self.ordered.as_written {
            _ if states > 0 && shortest => {
                self.pick("違反の最も短い順序", "the order that breaks least")
            }
            _ if states > 0 => self.pick("違反の短い順序", "an order that breaks little"),
            true => self.pick("記述どおりの順序が安全", "the order as written is safe"),
            false => self.pick("安全な順序", "a safe order"),
        };
        let mut out = format!("{}: ", paint.good(head));
        if states == 0 {
            return out
                + &self.pick(
                    format!("途中を含む {all} 状態の全てでルールが成り立つ\n"),
                    format!("the rules hold in all {all} states on the way\n"),
                );
        }
        let rules: Vec<String> = broken.iter().map(|r| format!("`{r}`")).collect();
        let rules = rules.join(self.pick("、", ", "));
        out += &self.pick(
            format!("途中を含む {all} 状態のうち {states} 状態で {rules} が成り立たない"),
            format!("the rules hold in all {all} states on the way but {states}, in which {rules} is broken"),
        );
        if states == all {
            return out
                + self.pick(
                    "。ステップの前にも後にも成り立たないので、順序では直らない\n",
                    "; so it is before the step and after it, and no order mends that\n",
                );
        }
        out + match shortest {
            true => self.pick("（これより短い順序はない）\n", " (no order has fewer)\n"),
            false => self.pick("（最短とは限らない）\n", " (perhaps not the fewest)\n"),
        }
    }

    fn entry(&self, conflict: &Conflict, paint: Paint) -> String {
        let mut out = String::new();
        let sides = [
            (self.pick("済み：", "done:"), &conflict.done),
            (self.pick("未了：", "open:"), &conflict.open),
        ];
        for (word, changes) in sides {
            for at in changes.iter().take(MOST_CHANGES) {
                out += &format!("  {word} {}\n", self.placed(*at));
            }
            let more = changes.len().saturating_sub(MOST_CHANGES);
            if more > 0 {
                out += &self.pick(
                    format!("  {word} ほか {more} 件\n"),
                    format!("  {word} and {more} more\n"),
                );
            }
        }
        out += &format!("    {}\n", paint.bad(&self.conflict(conflict)));
        let shown = conflict.shown.as_ref().map(|f| &f.evidence);
        if let Some(Evidence::Packets { witness, hops, .. }) = shown {
            let way: Vec<&str> = hops.iter().map(|h| h.node.as_str()).collect();
            let mut way = way;
            way.dedup();
            out += &format!(
                "    {} {}\n    {} {}\n",
                self.pick("パケット：", "packet:"),
                packet(witness, false),
                self.pick("経路：", "way:"),
                way.join(" → ")
            );
        }
        out + "\n"
    }

    fn none(&self, conflicts: &[Conflict], paint: Paint) -> String {
        let mut changes: Vec<usize> = conflicts
            .iter()
            .flat_map(|c| c.done.iter().chain(&c.open))
            .copied()
            .collect();
        changes.sort_unstable();
        changes.dedup();
        let (all, few, why) = (self.step.changes.len(), changes.len(), conflicts.len());
        let head = paint.bad(self.pick("安全な順序はない", "no order is safe"));
        if self.ordered.units < 2 {
            return self.pick(
                format!("{head}: 変更はすべて同時に行われ（`Together`）、並べるものがない。その後にルールが成り立たない\n"),
                format!("{head}: all changes happen at once (`Together`), so there is nothing to order; the rule is broken after them\n"),
            );
        }
        self.pick(
            format!("{head}: {all} 変更のうち {few} 変更が互いに順序を許さない（上の {why} 件が揃うと両立しない）\n"),
            format!(
                "{head}: of {all} changes these {few} allow none (the {why} above cannot be kept together, and none of them can be left out)\n"
            ),
        )
    }

    fn footer(&self) -> String {
        let (units, clauses) = (self.ordered.units, self.ordered.clauses);
        let mut out = self.pick(
            format!("順序の単位 {units}、通ってはならない部分状態 {clauses}"),
            format!("units {units}, partial states not to be passed through {clauses}"),
        );
        let open = self.ordered.undetermined;
        if open > 0 {
            out += &self.pick(
                format!("、机上で判定できない部分状態 {open}（順序では考慮しない）"),
                format!(", partial states that cannot be judged offline {open} (not looked at)"),
            );
        }
        if let Some((file, changed)) = self.written {
            out += &match changed {
                true => self.pick(
                    format!("。{file} に書き込んだ"),
                    format!("; written to {file}"),
                ),
                false => self.pick(
                    format!("。{file} は既にこの順序で、書き換えていない"),
                    format!("; {file} is in this order already and was left as it is"),
                ),
            };
        }
        out + "\n"
    }
}
