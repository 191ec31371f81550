//! What can be bought: lines, licences, machines and addresses in the pieces in which they are sold.
//!
//! Values only. A catalogue is a file of its own, so that a body can put its own offers in; prices are whatever unit it
//! likes, as long as it is one unit. Without prices the least capacity counts as the smallest purchase.

use crate::place::Place;
use crate::policy::Name;
use crate::text::Text;
use crate::units::{BitRate, FilesPerHour, Latency, Seats, Sessions};

/// What one piece gives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Piece {
    /// A line, or one member of a bundle of lines, in both directions.
    Line(BitRate),
    /// One machine of a proxy.
    Proxy(Sessions),
    /// One machine that forwards packets; `None` is no limit that its maker states.
    Appliance {
        /// Bits a second in the inspection mode in use.
        throughput: Option<BitRate>,
        /// Concurrent sessions.
        sessions: Option<Sessions>,
    },
    /// Licences of a screen-transfer relay.
    Seats(Seats),
    /// Bandwidth of a screen-transfer relay.
    Pixels(BitRate),
    /// A global address with so many ports to translate to.
    Address {
        /// Ports.
        ports: u32,
    },
    /// Workers of a sanitiser, each with its time for one file; `None`: that of the present one.
    Workers {
        /// How many.
        count: u32,
        /// Time for one file.
        per_file: Option<Latency>,
    },
    /// Messages an hour of a mail relay.
    Mail(FilesPerHour),
    /// Bits a second through a relay, both directions together.
    Throughput(BitRate),
}

/// Something that is sold.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// What it is called.
    pub label: Text,
    /// What one piece gives.
    pub piece: Piece,
    /// Whether it is added to what is there, as licences and members of a bundle are; otherwise it takes its place.
    pub adds: bool,
    /// Price of one piece.
    pub price: Option<f64>,
    /// Links or nodes for which it is meant, and where they are written; empty: any of the kind.
    pub only: Vec<(Name, Place)>,
    /// At most so many pieces can work together.
    pub most: u32,
    /// Where the figures come from.
    pub source: String,
    /// Where it is written.
    pub place: Place,
}

/// Everything that can be bought.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Catalogue {
    /// What people call it.
    pub title: Text,
    /// The offers, in the order of the file.
    pub offers: Vec<Offer>,
}
