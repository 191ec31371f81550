//! Access tables: which way a client takes to a destination.
//!
//! What a PAC file, a published desktop or a mail route does in real life. A client (host group or
//! relay node) asks its table; the first entry that matches decides; no entry means direct. An entry may name
//! several relays in order, as PAC files do (`PROXY a; PROXY b`; decision 0015).

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
    /// To the first of these proxies, screen-transfer relays, sanitisers or mail relays that answers the client; it
    /// carries on by its own table. There is at least one, and each stands there once.
    Via(Vec<NodeId>),
    /// Not at all: the client does not even try.
    Refused,
}

impl Way {
    /// The relays it names, in the order in which they are tried; none where it names none.
    #[must_use]
    pub fn relays(&self) -> &[NodeId] {
        match self {
            Self::Via(relays) => relays,
            Self::Direct | Self::Refused => &[],
        }
    }
}
