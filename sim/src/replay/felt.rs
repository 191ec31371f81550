//! Who feels that a resource is too full, in whichever circumstance that is.
//!
//! Goes in: what a state spends, a resource, an hour and a circumstance. Comes out: who gets less than they want then
//! ([`super::share`]). Nothing can go wrong: of a circumstance that was not looked at nobody feels anything.
//!
//! What a failure does is worked out once more for the failures that findings name, and for no others: of the thousands
//! that are looked at each resource has one that is the worst. What was worked out is kept, since many resources are too
//! small after the same failure.

use super::failures::{Struck, again};
use super::share::{Moment, Shares};
use super::worst::{Base, Others};
use crate::plane::failed::Losing;
use std::collections::BTreeMap;
use utsushi_model::circumstance::{Circumstance, Failure};
use utsushi_model::finding::Felt;

/// Asks who feels what, and remembers what it took to answer.
#[derive(Debug)]
pub(super) struct Feeling<'b, 'a> {
    base: &'b Base<'a>,
    /// Made when the first failure is asked for.
    losing: Option<Losing<'a>>,
    /// What failures do.
    failed: Vec<(Failure, Option<(Struck, Others)>)>,
    /// By day, position of the failure, and hour.
    shared: BTreeMap<(usize, Option<usize>, u8), Shares>,
}

impl<'b, 'a> Feeling<'b, 'a> {
    /// Nothing is asked yet.
    pub(super) fn new(base: &'b Base<'a>) -> Self {
        Self {
            base,
            losing: None,
            failed: Vec::new(),
            shared: BTreeMap::new(),
        }
    }

    /// Who feels that a resource, by position, is too full in an hour; `None`: on the first day with everything up.
    pub(super) fn felt(
        &mut self,
        resource: usize,
        hour: u8,
        under: Option<&Circumstance>,
    ) -> Vec<Felt> {
        let days = &self.base.prepared.days;
        let day = under.map_or(Some(0), |c| days.iter().position(|d| *d == c.day));
        let failure = under.and_then(|c| c.failure.as_ref());
        let failed = failure.map(|failure| self.failure(failure));
        let after = failed.and_then(|at| self.failed[at].1.as_ref());
        let Some(day) = day.filter(|_| failed.is_some() == after.is_some()) else {
            return Vec::new();
        };
        let after = after.map(|(struck, others)| (struck, others));
        let moment = Moment::new(self.base, day, after);
        let whole = usize::from(hour);
        let shares = self.shared.entry((day, failed, hour));
        let shares = shares.or_insert_with(|| Shares::new(&moment, whole));
        shares.felt(&moment, whole, resource)
    }

    /// The position of what a failure does, worked out when it is first asked for.
    fn failure(&mut self, failure: &Failure) -> usize {
        if let Some(known) = self.failed.iter().position(|(f, _)| f == failure) {
            return known;
        }
        let plane = self.base.prepared.plane;
        let losing = self.losing.get_or_insert_with(|| Losing::new(plane));
        let effect = again(plane, failure).map(|struck| {
            let others = self.base.after(losing, &struck).others;
            (struck, others)
        });
        self.failed.push((failure.clone(), effect));
        self.failed.len() - 1
    }
}
