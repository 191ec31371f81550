//! What ought to become of a packet in a lab.
//!
//! Goes in: a probe. Comes out: whether it arrives and whether the answer comes home, as the trace of each of
//! its ways tells it. A lab is a machine that takes *one* of several equal ways, and whose nodes do not share
//! what they remember; so the answer to each way is followed with what that way alone has taught. Where
//! the ways end differently, or where Linux is known to treat something otherwise than the model does,
//! the expectation is open, with the reason.

use crate::{Probe, usable};
use utsushi_model::finding::{Decision, HopRecord, Packet};
use utsushi_model::service::Protocol;
use utsushi_sim::plane::step::answer;
use utsushi_sim::plane::trace::{Disposition, Exchange, MOST_WAYS, Path, answers_alone, trace};
use utsushi_sim::plane::{Plane, SegmentIx};

/// Why an expectation is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// A condition on the way cannot be judged offline.
    Undetermined,
    /// Equal ways end differently, and the lab takes one of them.
    Ways,
    /// The answer passes a translator that did not see the request. The model takes it for a new session
    /// and translates it, as it does with UDP; Linux leaves TCP that belongs to nothing as it is.
    StrangerTranslated,
    /// The packet passes one node twice and is translated there; Linux knows one session where the model
    /// sees two packets.
    TwiceTranslated,
    /// A translator gives it an address that Linux takes from nobody (such as 0.0.0.0), and drops it.
    StrangeAddress,
}

impl Reason {
    /// Its word in `probes.csv`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Undetermined => "undetermined",
            Self::Ways => "ways",
            Self::StrangerTranslated => "stranger-translated",
            Self::TwiceTranslated => "twice-translated",
            Self::StrangeAddress => "strange-address",
        }
    }
}

/// What is expected of one question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Expect {
    /// It happens.
    Yes,
    /// It does not.
    No,
    /// Either, for the reason.
    Either(Reason),
}

impl Expect {
    /// Its word in `probes.csv`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Either(_) => "either",
        }
    }
}

/// What ought to become of a packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// Whether it arrives.
    pub arrives: Expect,
    /// Whether the sender gets the answer: for TCP, whether the connection comes about.
    pub answered: Expect,
    /// Where it may arrive, with the header there.
    pub arrivals: Vec<(SegmentIx, Packet)>,
    /// How many ways it has, and how many its answers have.
    pub ways: (usize, usize),
}

impl Expected {
    /// Why an expectation is open; empty where none is.
    #[must_use]
    pub const fn why(&self) -> &'static str {
        match (self.arrives, self.answered) {
            (Expect::Either(reason), _) | (_, Expect::Either(reason)) => reason.word(),
            _ => "",
        }
    }

    /// What ought to become of a probe.
    #[must_use]
    pub fn of(plane: &Plane, probe: &Probe) -> Self {
        let forward = trace(plane, probe.from, probe.packet);
        let answers: Vec<Vec<Path>> = forward.iter().map(|p| answers_alone(plane, p)).collect();
        let all = || forward.iter().chain(answers.iter().flatten());
        let mut arrivals = Vec::new();
        for path in &forward {
            if let Disposition::Delivered(at) = path.disposition
                && !arrivals.contains(&(at, path.packet))
            {
                arrivals.push((at, path.packet));
            }
        }
        let arrived = forward
            .iter()
            .map(|p| matches!(p.disposition, Disposition::Delivered(_)));
        let mut arrives = agreed(arrived);
        let mut answered = agreed(forward.iter().zip(&answers).flat_map(|(there, back)| {
            let home = |path: &Path| home(probe, path);
            match there.disposition {
                Disposition::Delivered(_) => back.iter().map(home).collect(),
                _ => vec![false],
            }
        }));
        let doubtful = |path: &Path| !path.certain;
        if all().any(doubtful) || forward.len() >= MOST_WAYS {
            arrives = Expect::Either(Reason::Undetermined);
            answered = arrives;
        } else if all().flat_map(|path| &path.hops).any(is_strange) {
            arrives = Expect::Either(Reason::StrangeAddress);
            answered = arrives;
        } else if all().any(|path| twice_translated(plane, path)) {
            arrives = Expect::Either(Reason::TwiceTranslated);
            answered = arrives;
        } else if answers.iter().flatten().any(|path| stranger(probe, path)) {
            answered = Expect::Either(Reason::StrangerTranslated);
        }
        Self {
            arrives,
            answered,
            arrivals,
            ways: (forward.len(), answers.iter().map(Vec::len).sum()),
        }
    }
}

/// What all ways agree on.
fn agreed(mut outcomes: impl Iterator<Item = bool>) -> Expect {
    let first = outcomes.next().unwrap_or(false);
    match (first, outcomes.all(|other| other == first)) {
        (_, false) => Expect::Either(Reason::Ways),
        (true, true) => Expect::Yes,
        (false, true) => Expect::No,
    }
}

/// Whether a way of an answer ends at the sender as the answer to what was sent.
fn home(probe: &Probe, path: &Path) -> bool {
    let exchange = Exchange {
        sent: (probe.from, probe.packet),
        forward: Vec::new(),
        answers: Vec::new(),
    };
    exchange.comes_home(path)
}

fn is_strange(hop: &HopRecord) -> bool {
    match &hop.decision {
        Decision::Rewritten(packet) => !usable(packet.src) || !usable(packet.dst),
        _ => false,
    }
}

fn is_new(hop: &HopRecord) -> bool {
    matches!(hop.decision, Decision::Rewritten(_)) && hop.rule.is_some()
}

/// Whether a translator takes hold of an answer as of a new session, in a way that Linux does not: any TCP,
/// and UDP that has the right header all the same in the end.
fn stranger(probe: &Probe, path: &Path) -> bool {
    let right = path.packet == answer(&probe.packet);
    let tcp = probe.packet.protocol == Protocol::TCP;
    path.hops.iter().any(is_new) && (tcp || right)
}

/// Whether a node that is passed twice translates.
fn twice_translated(plane: &Plane, path: &Path) -> bool {
    path.nodes.iter().enumerate().any(|(i, node)| {
        let name = plane.nodes[node.0].id.as_str();
        let again = path.nodes[i + 1..].contains(node);
        let rewritten = |hop: &HopRecord| matches!(hop.decision, Decision::Rewritten(_));
        again
            && path
                .hops
                .iter()
                .any(|hop| hop.node == name && rewritten(hop))
    })
}
