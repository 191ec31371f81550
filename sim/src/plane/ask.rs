//! What a filter decides on one packet, rule by rule, with chains walked as a device walks them.
//!
//! Goes in: a compiled filter and how its rules judge the packet. Comes out: every decision that is
//! possible, the certain one among them if there is one. Nothing can go wrong. Shares nothing with the
//! exact sets, which are held against it.

use super::FilterPlane;
use super::condition::{Act, Match, RuleStep};
use std::collections::HashSet;

/// A decision of a filter.
#[derive(Debug, Clone, Copy)]
pub(super) struct Decided<'f> {
    /// Whether the packet passes.
    pub(super) allow: bool,
    /// Whether no condition on the way to it was in doubt.
    pub(super) certain: bool,
    /// The rule that decides; `None` is the filter's default.
    pub(super) rule: Option<&'f RuleStep>,
}

/// The place in a list where the walk goes on: the chain, `None` for the filter's own list, and the rule.
type Frame = (Option<usize>, usize);

/// A walk: the lists that asked one another, innermost last, and whether nothing was in doubt so far.
#[derive(Clone)]
struct Walk {
    frames: Vec<Frame>,
    certain: bool,
}

/// Every decision that is possible, in the order in which the device would come to it.
pub(super) fn decisions<'f>(
    filter: &'f FilterPlane,
    judge: impl Fn(&RuleStep) -> Match,
) -> Vec<Decided<'f>> {
    let mut out = Vec::new();
    let mut been: HashSet<Vec<Frame>> = HashSet::new();
    let mut open = vec![Walk {
        frames: vec![(None, 0)],
        certain: true,
    }];
    while let Some(mut walk) = open.pop() {
        let decided = loop {
            let Some(frame) = walk.frames.last_mut() else {
                break Some((filter.default_allow, None));
            };
            let Some(rule) = list(filter, frame.0).get(frame.1) else {
                walk.frames.pop();
                // Doubtful walks that meet at one place come to the same decisions from there.
                if !walk.certain && !been.insert(walk.frames.clone()) {
                    break None;
                }
                continue;
            };
            frame.1 += 1;
            match judge(rule) {
                Match::No => continue,
                Match::Yes => {}
                Match::Perhaps => {
                    walk.certain = false;
                    if been.insert(walk.frames.clone()) {
                        open.push(walk.clone());
                    }
                }
            }
            if let Some(allow) = follow(&mut walk, rule.act) {
                break Some((allow, Some(rule)));
            }
        };
        if let Some((allow, rule)) = decided {
            out.push(Decided {
                allow,
                certain: walk.certain,
                rule,
            });
        }
    }
    out
}

fn list(filter: &FilterPlane, chain: Option<usize>) -> &[RuleStep] {
    match chain {
        None => &filter.rules,
        Some(chain) => &filter.chains[chain],
    }
}

/// Does what a rule says: moves on, or tells whether the packet passes.
fn follow(walk: &mut Walk, act: Act) -> Option<bool> {
    match act {
        Act::Allow => return Some(true),
        Act::Deny => return Some(false),
        Act::Jump(chain) => walk.frames.push((Some(chain), 0)),
        Act::Goto(chain) => {
            walk.frames.pop();
            walk.frames.push((Some(chain), 0));
        }
        Act::Return => {
            walk.frames.pop();
        }
    }
    None
}
