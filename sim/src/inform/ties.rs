//! Which parties can have a leg between them at all.
//!
//! Goes in: for each party where the packets come from that arrive at it ([`Legs::ties`](super::legs::Legs::ties)).
//! Comes out: for each party the few that it has to do with. Most pairs of parties have nothing to do with
//! each other; who knows that need not ask for their legs. Nothing can go wrong.

/// The pairs of parties between which a leg may come about.
#[derive(Debug, Clone)]
pub struct Ties {
    /// For every party in turn: whether it may open a leg to each.
    opens: Vec<Vec<bool>>,
    /// For every party those that it may open a leg to or that may open one to it, in order.
    near: Vec<Vec<usize>>,
}

impl Ties {
    /// Ties from who may open a leg to whom.
    #[must_use]
    pub fn new(opens: Vec<Vec<bool>>) -> Self {
        let tied = |a: usize, b: usize| a != b && (opens[a][b] || opens[b][a]);
        let of = |a: usize| (0..opens.len()).filter(|b| tied(a, *b)).collect();
        Self {
            near: (0..opens.len()).map(of).collect(),
            opens,
        }
    }

    /// Whether one may open a leg to another.
    #[must_use]
    pub fn opens(&self, from: usize, to: usize) -> bool {
        self.opens[from][to]
    }

    /// Those that one may have a leg to or from, in order; never itself.
    #[must_use]
    pub fn near(&self, party: usize) -> &[usize] {
        &self.near[party]
    }
}
