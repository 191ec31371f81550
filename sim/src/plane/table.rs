//! A forwarding table, made or not: what it answers for one destination, and all of its routes.
//!
//! Goes in: routes, or routes as they were with ways found again since. Comes out: the route for a destination
//! ([`Table::lookup`]), or every route ([`Table::fib`]). Nothing can go wrong.
//!
//! When something fails, most tables change in a few prefixes and are asked for one or two. So a table whose computed routes
//! alone have changed is not made anew: it looks up as before and asks where that prefix leads now.

use super::paths::Ways;
use super::routes::{Fib, Origin, Route, Spoken, finish};
use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;
use utsushi_model::address::AddressRange;
use utsushi_model::place::Place;

/// A forwarding table.
#[derive(Debug, Clone)]
pub struct Table(Kind);

#[derive(Debug, Clone)]
enum Kind {
    Made(Arc<Fib>),
    Detoured(Detoured),
}

/// A table whose computed routes lead elsewhere, or are gone.
#[derive(Debug, Clone)]
struct Detoured {
    before: Arc<Fib>,
    at: usize,
    now: Arc<Spoken>,
}

/// The route for a destination.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit<'t> {
    /// How it came about.
    pub origin: Origin,
    /// The interfaces it sends by, evenly; empty drops the packet.
    pub via: &'t Ways,
    /// Where it is written, for routes set by hand.
    pub place: Option<&'t Place>,
}

impl Table {
    /// A table of these routes.
    #[must_use]
    pub fn new(fib: Fib) -> Self {
        Self(Kind::Made(Arc::new(fib)))
    }

    /// Table number `at` once other ways are found towards what is announced. No prefix is announced that was not
    /// before, and none is reached that was not.
    pub(super) fn detoured(&self, at: usize, now: &Arc<Spoken>) -> Self {
        let before = match &self.0 {
            Kind::Made(fib) => Arc::clone(fib),
            Kind::Detoured(detoured) => Arc::clone(&detoured.before),
        };
        let now = Arc::clone(now);
        Self(Kind::Detoured(Detoured { before, at, now }))
    }

    /// The route for a destination, by longest prefix.
    #[must_use]
    pub fn lookup(&self, destination: IpAddr) -> Option<Hit<'_>> {
        match &self.0 {
            Kind::Made(fib) => fib.lookup(destination).map(|at| hit(&fib.routes[at])),
            Kind::Detoured(detoured) => detoured.lookup(destination),
        }
    }

    /// All of its routes.
    #[must_use]
    pub fn fib(&self) -> Cow<'_, Fib> {
        match &self.0 {
            Kind::Made(fib) => Cow::Borrowed(fib),
            Kind::Detoured(detoured) => Cow::Owned(detoured.fib()),
        }
    }
}

fn hit(route: &Route) -> Hit<'_> {
    Hit {
        origin: route.origin,
        via: &route.via,
        place: route.place.as_ref(),
    }
}

impl Detoured {
    /// What a route is now; `None` if it is gone.
    fn now<'t>(&'t self, route: &'t Route) -> Option<Hit<'t>> {
        let was = hit(route);
        if route.origin != Origin::Computed {
            return Some(was);
        }
        let via = self.now.ways(route.prefix, self.at);
        let via = via.filter(|via| !via.is_empty())?;
        Some(Hit { via, ..was })
    }

    fn lookup(&self, destination: IpAddr) -> Option<Hit<'_>> {
        let longest = self.before.lookup(destination)?;
        let holds = |of: AddressRange, prefix: AddressRange| {
            of.first() <= prefix.first() && prefix.last() <= of.last()
        };
        // CORRECTNESS: routes are sorted by first address, of equals the longer range first, so what holds a prefix stands
        // before it, and of those the longest prefix last.
        let routes = self.before.routes[..=longest].iter().rev();
        let prefix = self.before.routes[longest].prefix;
        routes
            .filter(|route| holds(route.prefix, prefix))
            .find_map(|route| self.now(route))
    }

    fn fib(&self) -> Fib {
        let routes = self.before.routes.iter().filter_map(|route| {
            let via = Arc::clone(self.now(route)?.via);
            let route = route.clone();
            Some(Route { via, ..route })
        });
        finish(routes.collect())
    }
}
