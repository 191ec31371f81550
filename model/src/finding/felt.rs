//! Who feels that links are too full: how many users, which part of what they want they get, and where.
//!
//! Values only; how they are worked out is `sim`'s (`replay::share`).

use crate::text::Text;
use serde::Serialize;

/// What people get of links that are too full, when everybody's share grows alike.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Felt {
    /// The application's label.
    pub application: Text,
    /// Users that are active in that hour and get less than they want: a mean, not always a whole number.
    pub people: f64,
    /// Which part of what they want they get, on the mean.
    pub gets: f64,
    /// Which part those get who get least.
    pub least: f64,
    /// Where they are: the sites that get least, of equals those with more people first; at most [`Self::SITES`].
    pub sites: Vec<FeltAt>,
    /// At how many sites more they are.
    pub more: usize,
}

impl Felt {
    /// So many sites are named.
    pub const SITES: usize = 3;
}

/// What people at one site get of links that are too full.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FeltAt {
    /// The site's label.
    pub site: Text,
    /// Those of [`Felt::people`] who are there.
    pub people: f64,
    /// Which part of what they want they get, on the mean.
    pub gets: f64,
}
