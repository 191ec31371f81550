//! How many are active at once, by chance.
//!
//! Goes in: what talks spend on one resource, on the mean. Comes out: the sum, in which users of an application with
//! [`utsushi_model::demand::Concurrency::Binomial`] count as many as are exceeded only in the rest of that share of all moments.
//! Nothing can go wrong: where the quantile is below the mean (few users, seldom active) the mean counts.
//!
//! Users of one application on one way are active with the same probability, whatever group they are of, so those whose
//! traffic a resource carries are one crowd: 32 on the line of an office, 3,200 on that of the head office, whose peaks do not
//! fall together. With n of them, of whom m are active on the mean, the law is Bin(n, m/n); everything that they spend
//! is taken quantile/m times. Of a part of a user (a way shared among several) the whole user counts towards n. Crowds of
//! several applications add up as if their peaks fell together: that is on the safe side.

use super::amount::{Crowd, Hours, Spending};
use super::prepared::Talk;
use super::worst::Part;
use crate::quality::concurrency::binomial_quantile;
use std::collections::BTreeMap;

/// A sum of what talks spend on one resource.
#[derive(Debug, Default)]
pub(super) struct Sum {
    /// Of those whose mean counts.
    mean: Hours,
    /// By application, and whether a screen-transfer relay is on the way.
    crowds: BTreeMap<(usize, bool), Gathered>,
}

/// A crowd on one resource.
#[derive(Debug)]
struct Gathered {
    law: Crowd,
    spent: Hours,
    people: f64,
    /// The talk that was added last, and its people.
    last: (u32, f64),
}

impl Sum {
    /// Adds a part that a talk spends. PRECONDITION: parts of one talk follow one another.
    pub(super) fn add(&mut self, (at, part): &Part, talk: &Talk<'_>, spending: &Spending) {
        let amount = spending.amount(part.information, part.what);
        let Some(law) = spending.crowd else {
            self.mean.add(amount, part.share);
            return;
        };
        let key = (talk.application, talk.conversation.has_screen());
        let crowd = self.crowds.entry(key).or_insert(Gathered {
            law,
            spent: Hours::default(),
            people: 0.0,
            last: (*at, 0.0),
        });
        crowd.spent.add(amount, part.share);
        // Up and down, or two legs, of one talk are the same people.
        let people = f64::from(talk.about.members) * part.share;
        if crowd.last.0 != *at {
            crowd.last = (*at, 0.0);
        }
        let more = (people - crowd.last.1).max(0.0);
        crowd.people += more;
        crowd.last.1 += more;
    }

    /// The sum of all.
    pub(super) fn total(self) -> Hours {
        let mut out = self.mean;
        for crowd in self.crowds.values() {
            let factor = crowd.law.factor(crowd.people);
            for (hour, sum) in out.0.iter_mut().enumerate() {
                *sum += crowd.spent.0[hour] * factor.0[hour];
            }
        }
        out
    }
}

impl Crowd {
    /// By how much more are active than on the mean, at least once, of so many people.
    fn factor(&self, people: f64) -> Hours {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "members of groups are whole numbers of 32 bits; what is more is cut off"
        )]
        let whole = people.ceil().max(1.0) as u32;
        Hours::from_fn(|hour| {
            let mean = people * self.active.0[hour];
            if mean <= 0.0 {
                return 1.0;
            }
            let chance = (mean / f64::from(whole)).min(1.0);
            let most = binomial_quantile(whole, chance, self.level).map_or(0.0, f64::from);
            (most / mean).max(1.0)
        })
    }
}
