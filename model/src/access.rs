//! Access tables: which way a client takes to a destination.
//!
//! What a PAC file, a published desktop or a mail route does in real life. A client (host group or
//! relay node) asks its table; the first entry that matches decides; no entry means direct.

use crate::id::{Id, Named};
use crate::network::NodeId;
use crate::place::Place;
use crate::policy::{Addresses, Services};

/// The name of an access table.
pub type AccessId = Id<AccessTable>;

/// An ordered list of entries; the first that matches a destination decides.
#[derive(Debug, Clone)]
pub struct AccessTable {
    /// Its name.
    pub id: AccessId,
    /// The entries in order.
    pub entries: Vec<AccessEntry>,
    /// Where it is written.
    pub place: Place,
}

impl Named for AccessTable {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

/// One entry of an access table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessEntry {
    /// Destinations it is for.
    pub to: Addresses,
    /// Services it is for.
    pub service: Services,
    /// The way it sends the client.
    pub way: Way,
    /// Where it is written.
    pub place: Place,
}

/// The way a client takes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Way {
    /// Straight to the destination.
    Direct,
    /// To this proxy, screen-transfer relay, sanitiser or mail relay, which carries on by its own table.
    Via(NodeId),
    /// Not at all: the client does not even try.
    Refused,
}
