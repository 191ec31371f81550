//! What a filter lets pass, as exact sets: ordered rules that ask chains.
//!
//! Goes in: a compiled filter, which of its rules are asked, and which way doubt is resolved. Comes out:
//! the headers that pass. What can go wrong: the arena is full.

use super::FilterPlane;
use super::condition::{Act, Bound, RuleStep};
use super::sets::Sets;
use crate::space::{Decision, Decisions, Set, SpaceFull};

/// One evaluation of a filter: chains are evaluated once each, however often they are asked.
struct Lists<'e, 's, 'p> {
    sets: &'e mut Sets<'s>,
    filter: &'p FilterPlane,
    /// What counts as passing: [`Act::Allow`], or [`Act::Deny`] for the lower bound.
    passing: Act,
    asked: &'e dyn Fn(&RuleStep) -> bool,
    within: Set,
    chains: Vec<Option<Decisions>>,
}

impl Sets<'_> {
    /// The headers on the wire that a filter lets pass by the rules that are `asked`, under a bound. Right
    /// for headers `within` a set; what is said of others means nothing.
    ///
    /// # Errors
    /// The arena is full.
    pub fn passes(
        &mut self,
        filter: &FilterPlane,
        bound: Bound,
        asked: &dyn Fn(&RuleStep) -> bool,
        within: Set,
    ) -> Result<Set, SpaceFull> {
        if filter.chains.is_empty() && filter.rules.iter().all(|r| r.act != Act::Return) {
            return self.plain(filter, bound, asked, within);
        }
        let passing = match bound {
            Bound::May => Act::Allow,
            Bound::Must => Act::Deny,
        };
        let mut lists = Lists {
            sets: self,
            filter,
            passing,
            asked,
            within,
            chains: vec![None; filter.chains.len()],
        };
        let decisions = lists.list(&filter.rules)?;
        let mut passed = self.space.settle(decisions)?;
        if filter.default_allow == (passing == Act::Allow) {
            let open = self.space.undecided(decisions)?;
            passed = self.space.union(passed, open)?;
        }
        match bound {
            Bound::May => Ok(passed),
            Bound::Must => self.space.complement(passed),
        }
    }

    /// A list of rules that only pass or stop.
    fn plain(
        &mut self,
        filter: &FilterPlane,
        bound: Bound,
        asked: &dyn Fn(&RuleStep) -> bool,
        within: Set,
    ) -> Result<Set, SpaceFull> {
        let other = match bound {
            Bound::May => Bound::Must,
            Bound::Must => Bound::May,
        };
        let mut rules = Vec::with_capacity(filter.rules.len() + 1);
        for rule in filter.rules.iter().filter(|r| asked(r)) {
            let allow = rule.act == Act::Allow;
            let bound = if allow { bound } else { other };
            let set = self.condition(&rule.condition, bound)?;
            let set = self.space.intersection(set, within)?;
            if set != Set::EMPTY {
                rules.push((set, allow));
            }
        }
        rules.push((Set::FULL, filter.default_allow));
        self.space.first_match(&rules)
    }
}

impl Lists<'_, '_, '_> {
    fn list(&mut self, rules: &[RuleStep]) -> Result<Decisions, SpaceFull> {
        let mut decided = Vec::with_capacity(rules.len());
        for rule in rules {
            if (self.asked)(rule) {
                self.rule(rule, &mut decided)?;
            }
        }
        self.sets.space.decide_in_turn(&decided)
    }

    /// Appends what a rule decides: first where it certainly matches, then where it perhaps does.
    fn rule(&mut self, rule: &RuleStep, decided: &mut Vec<Decisions>) -> Result<(), SpaceFull> {
        let may = self.sets.condition(&rule.condition, Bound::May)?;
        let may = self.sets.space.intersection(may, self.within)?;
        if may == Set::EMPTY {
            return Ok(());
        }
        let must = match rule.condition.is_certain() {
            true => may,
            false => {
                let must = self.sets.condition(&rule.condition, Bound::Must)?;
                self.sets.space.intersection(must, self.within)?
            }
        };
        let doubt = may != must;
        match rule.act {
            Act::Allow | Act::Deny => {
                let (on, decision) = match rule.act == self.passing {
                    true => (may, Decision::Pass),
                    false => (must, Decision::Stop),
                };
                decided.push(self.sets.space.decide(on, decision)?);
            }
            Act::Return => {
                decided.push(self.sets.space.decide(must, Decision::Return)?);
                if doubt {
                    decided.push(self.sets.space.decide(may, Decision::PerhapsReturn)?);
                }
            }
            Act::Jump(chain) => {
                let list = self.chain(chain)?;
                decided.push(self.sets.space.jump(list, must)?);
                if doubt {
                    let perhaps = self.sets.space.difference(may, must)?;
                    decided.push(self.sets.space.perhaps_jump(list, perhaps)?);
                }
            }
            Act::Goto(chain) => {
                let list = self.chain(chain)?;
                decided.push(self.sets.space.goto(list, must)?);
                if doubt {
                    let perhaps = self.sets.space.difference(may, must)?;
                    decided.push(self.sets.space.perhaps_goto(list, perhaps)?);
                }
            }
        }
        Ok(())
    }

    /// What a chain decides.
    ///
    /// PRECONDITION: chains do not ask one another in a circle, see `utsushi_model::wellformed`.
    fn chain(&mut self, chain: usize) -> Result<Decisions, SpaceFull> {
        if let Some(known) = self.chains[chain] {
            return Ok(known);
        }
        // A circle, which the precondition rules out, finds the chain empty rather than running on.
        self.chains[chain] = Some(Decisions::NONE);
        let filter = self.filter;
        let decisions = self.list(&filter.chains[chain])?;
        self.chains[chain] = Some(decisions);
        Ok(decisions)
    }
}
