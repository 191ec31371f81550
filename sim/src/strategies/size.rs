//! How large and how intricate random networks are.

use std::ops::RangeInclusive;

/// What a random network is made of. Counts are per network.
///
/// Start from [`Size::default`] and change what matters:
///
/// ```
/// use utsushi_sim::strategies::Size;
/// let flat = Size { translations: 0, policies: 0, ..Size::default() };
/// assert!(flat.exact);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Size {
    /// Forwarding nodes: routers, layer-3 switches, firewalls and so on.
    pub nodes: RangeInclusive<usize>,
    /// Segments; at most a thousand.
    pub segments: RangeInclusive<usize>,
    /// The most links beside those of the tree that connects the nodes.
    pub links: usize,
    /// The most filters.
    pub filters: usize,
    /// The most rules in all filters together.
    pub rules: usize,
    /// The most address objects, and the most service objects.
    pub objects: usize,
    /// The most static routes.
    pub routes: usize,
    /// The most policy routes.
    pub policies: usize,
    /// The most rules of address translation.
    pub translations: usize,
    /// The most host groups, and the most business systems.
    pub hosts: usize,
    /// Whether some conditions cannot be judged offline (host names, applications, users).
    pub undecided: bool,
    /// Whether translators choose nothing that a filter looks at: source pools hold a single address,
    /// and no rule tells one port above 1023 from another. Then packet sets and the trace of a
    /// single packet say exactly the same; without it the sets hold every choice and the trace makes one.
    pub exact: bool,
}

impl Default for Size {
    /// Two to eight nodes with three to twelve segments, everything decided, exact.
    fn default() -> Self {
        Self {
            nodes: 2..=8,
            segments: 3..=12,
            links: 6,
            filters: 6,
            rules: 24,
            objects: 5,
            routes: 8,
            policies: 4,
            translations: 6,
            hosts: 6,
            undecided: false,
            exact: true,
        }
    }
}

impl Size {
    /// Up to four nodes with up to five segments: small enough to draw.
    #[must_use]
    pub fn small() -> Self {
        Self {
            nodes: 1..=4,
            segments: 2..=5,
            links: 2,
            filters: 3,
            rules: 8,
            objects: 2,
            routes: 3,
            policies: 2,
            translations: 3,
            hosts: 2,
            ..Self::default()
        }
    }

    /// The same with conditions that cannot be judged offline.
    #[must_use]
    pub fn undecided(self) -> Self {
        Self {
            undecided: true,
            ..self
        }
    }

    /// The same with translators that choose: pools of several addresses, rules about single high ports.
    #[must_use]
    pub fn choosing(self) -> Self {
        Self {
            exact: false,
            ..self
        }
    }
}
