//! Everything that crosses a line in an hour, as a queue sees it.
//!
//! Goes in: applications with what of them crosses a line. Comes out: a [`Hop`]: talk as the class in question, everything else
//! as traffic at random or in bursts. Nothing can go wrong: bursts that make no sense count as traffic at random.

use crate::quality::bursts::Bursts;
use crate::quality::hop::{Class, Cross, Hop};
use crate::replay::amount::What;
use crate::replay::conversation::Information;
use utsushi_model::demand::{Application, Packets};
use utsushi_model::network::Link;

/// What a queue holds, as time at the line's rate, s. An assumption: 50 ms, between 50 and 500 packets.
pub const BUFFER: f64 = 0.050;

/// A line is looked at as at most so many times too full.
const MOST: f64 = 99.0;

/// A rate so many deviations above its mean never comes about.
const RARE: f64 = 6.0;

/// Traffic on a line, gathered.
#[derive(Debug, Default)]
pub(super) struct Mix {
    /// Talk: bit/s, and packets a second.
    talk: (f64, f64),
    /// Everything else that comes at random, bit/s.
    smooth: f64,
    bursts: Vec<Bursts>,
    /// Of everything but talk: bit/s, packets a second, and packets × size².
    cross: (f64, f64, f64),
}

impl Mix {
    /// The same kinds of traffic, less of all; without bursts, which do not matter where all but a hundredth is lost.
    fn times(&self, part: f64) -> Self {
        Self {
            talk: (self.talk.0 * part, self.talk.1 * part),
            smooth: self.cross.0 * part,
            bursts: Vec::new(),
            cross: (
                self.cross.0 * part,
                self.cross.1 * part,
                self.cross.2 * part,
            ),
        }
    }

    /// Adds what of an application crosses the line, bit/s.
    pub(super) fn add(
        &mut self,
        application: &Application,
        (information, what): (Information, What),
        (priority, load): (bool, f64),
    ) {
        let packets: Packets = application.nature.packets.unwrap_or_default();
        let bits = packets.bytes * 8.0;
        // Talk that devices treat otherwise stands beside it, as everything else does.
        let talk = application
            .nature
            .realtime
            .is_some_and(|r| r.priority == priority);
        if talk && information == Information::Raw {
            self.talk.0 += load;
            self.talk.1 += load / bits;
            return;
        }
        self.cross.0 += load;
        self.cross.1 += load / bits;
        self.cross.2 += load * bits * (1.0 + packets.variation);
        let towards = what == What::Down && information == Information::Raw;
        match bursts(application, load).filter(|_| towards) {
            Some(bursts) => self.bursts.push(bursts),
            None => self.smooth += load,
        }
    }

    /// The line with what was added.
    pub(super) fn hop(&self, link: &Link, rate: f64, priority: bool) -> Hop {
        // What is a hundred times too much loses all there is: formulas go no further.
        let most = MOST * rate / (self.talk.0 + self.cross.0).max(f64::MIN_POSITIVE);
        if most < 1.0 {
            return self.times(most).hop(link, rate, priority);
        }
        let mean = |(bits, packets): (f64, f64)| {
            if packets > 0.0 {
                bits / packets
            } else {
                Packets::default().bytes * 8.0
            }
        };
        let class = mean(self.talk);
        let cross = mean((self.cross.0, self.cross.1));
        let variation = if self.cross.1 > 0.0 {
            (self.cross.2 / self.cross.1 / (cross * cross) - 1.0).clamp(0.0, 100.0)
        } else {
            0.0
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 50 and 500"
        )]
        let places = (BUFFER * rate / cross.max(class)).clamp(50.0, 500.0) as u32;
        let bursts = match &self.bursts[..] {
            [] => None,
            [one] => Some(*one),
            several => Bursts::blended(several).ok(),
        };
        let all = self.talk.0 + self.cross.0;
        // Bursts that never fill what is left of the line wait as packets at random do.
        let left = rate - self.talk.0 - self.smooth;
        let high = |b: &Bursts| b.peak().min(b.mean() + RARE * b.variance().sqrt());
        let bursts = bursts.filter(|b| high(b) > left);
        let smooth = match bursts {
            Some(_) => self.smooth,
            None => self.cross.0,
        };
        Hop {
            line: rate,
            propagation: link.delay.get(),
            line_loss: link.loss.get(),
            // An endless queue says the same where nothing overflows, and says it faster.
            places: (bursts.is_some() || all > 0.95 * rate).then_some(places),
            class: Class {
                rate: self.talk.0,
                packet: class,
                streams: None,
            },
            cross: Cross {
                smooth,
                bursts,
                packet: cross,
                variation,
            },
            priority,
        }
    }
}

/// The users of a bursty application whose traffic is a load; `None` where it says nothing of bursts, or where they
/// are no bursts.
fn bursts(application: &Application, load: f64) -> Option<Bursts> {
    let said = application.nature.bursts?;
    let used = application
        .direct
        .as_ref()
        .or(application.screen.as_ref())?;
    let (mean, peak) = (used.down.get(), said.peak.get());
    let activity = mean / peak;
    let sources = (load / mean).round().clamp(1.0, 1e6);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 1 and 10⁶"
    )]
    let bursts = Bursts {
        sources: sources as u32,
        // A whole number of users carries the same load.
        peak: load / sources / activity,
        on: said.on.get(),
        activity,
    };
    let makes_sense = mean > 0.0 && activity > 0.0 && activity < 1.0 && said.on.get() > 0.0;
    makes_sense.then_some(bursts)
}

/// Everything that tells two lines in two hours apart.
pub(super) fn bits(hop: &Hop) -> Vec<u64> {
    let bursts = hop.cross.bursts;
    let of = |b: Bursts| [f64::from(b.sources), b.peak, b.on, b.activity];
    let numbers = [
        hop.line,
        hop.propagation,
        hop.line_loss,
        hop.places.map_or(-1.0, f64::from),
        hop.class.rate,
        hop.class.packet,
        hop.cross.smooth,
        hop.cross.packet,
        hop.cross.variation,
        f64::from(u8::from(hop.priority)),
    ];
    let bursts = bursts.map_or([-1.0; 4], of);
    numbers.iter().chain(&bursts).map(|n| n.to_bits()).collect()
}
