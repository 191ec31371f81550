//! A mistake in what was written: code, place, what is wrong, a way out.
//!
//! Problems are collected, all of them; a scenario with problems is not simulated.

use crate::finding::Code;
use crate::place::Place;
use crate::text::Text;
use serde::Serialize;

/// A mistake in a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Which kind of mistake.
    pub code: Code,
    /// Where it stands.
    pub place: Place,
    /// The fact in one line.
    pub message: Text,
    /// A way out, where there is one to offer.
    pub help: Option<Text>,
    /// Another place that explains it, such as the first of two equal names.
    pub related: Vec<(Place, Text)>,
}

impl Problem {
    /// A problem without help or related places.
    #[must_use]
    pub fn new(code: Code, place: &Place, message: Text) -> Self {
        Self {
            code,
            place: place.clone(),
            message,
            help: None,
            related: Vec::new(),
        }
    }

    /// The same with a way out.
    #[must_use]
    pub fn help(mut self, help: Text) -> Self {
        self.help = Some(help);
        self
    }

    /// The same with another place that explains it.
    #[must_use]
    pub fn see(mut self, place: &Place, label: Text) -> Self {
        self.related.push((place.clone(), label));
        self
    }
}
