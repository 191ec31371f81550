//! Purchases: what is bought is enough, and one piece less is not.
//!
//! In: the shipped plans and the catalogue that comes with utsushi. Out: nothing but agreement between the purchase and the
//! loads that the same plan shows when everything has been bought.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test tells what failed by panicking"
)]

use std::path::PathBuf;
use std::sync::Arc;
use utsushi_model::catalogue::{Catalogue, Offer, Piece};
use utsushi_model::id::Id;
use utsushi_model::migration::Migration;
use utsushi_model::network::{Network, NodeKind};
use utsushi_model::report::Report;
use utsushi_scenarios::catalogue::standard;
use utsushi_scenarios::load;
use utsushi_sim::replay::Failures;
use utsushi_sim::run::capacity;
use utsushi_sim::sizing::{Item, Purchase, Rules, size};

fn plan(name: &str) -> Migration {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../scenarios/library", name]
        .iter()
        .collect();
    match load(&path) {
        Ok(loaded) => loaded.migration,
        Err(failed) => panic!("{name}: {:#?}", failed.problems),
    }
}

fn offers() -> Catalogue {
    standard().expect("the catalogue is sound")
}

fn years(migration: &Migration, years: u32) -> Vec<Report> {
    let days = &migration.requirements.days;
    (0..=years)
        .map(|year| capacity(migration, Failures::Single, days, year))
        .collect()
}

fn needed(migration: &Migration, until: u32) -> Vec<Purchase> {
    let rules = Rules { degraded: None };
    size(migration, &years(migration, until), &offers(), rules)
}

/// Puts pieces of an offer where an item is.
fn put(network: &mut Network, purchase: &Purchase, offer: &Offer, count: u32) {
    if let Piece::Line(rate) = offer.piece {
        network
            .links
            .edit(&Id::new(purchase.resource.as_str()), |link| {
                (link.rate_ab, link.rate_ba, link.members) = (rate, rate, count);
            });
        return;
    }
    network
        .nodes
        .edit(&Id::new(purchase.resource.as_str()), |node| {
            let times = f64::from(count);
            match (offer.piece, &mut node.kind) {
                (Piece::Proxy(sessions), NodeKind::Proxy(proxy)) => {
                    (proxy.units, proxy.sessions) = (count, sessions);
                }
                (
                    Piece::Appliance {
                        throughput,
                        sessions,
                    },
                    _,
                ) => {
                    node.throughput = throughput.map(|t| t * times);
                    node.sessions = sessions.map(|s| s * times);
                    node.machines.count = count;
                }
                (Piece::Address { .. }, _) => {
                    if let Some(pool) = &mut node.forwarding.nat_ports {
                        pool.addresses = count;
                    }
                }
                (Piece::Seats(seats), NodeKind::ScreenRelay(relay)) => relay.seats = seats * times,
                (Piece::Pixels(rate), NodeKind::ScreenRelay(relay)) => {
                    relay.bandwidth = Some(rate * times);
                }
                (Piece::Workers { count: own, .. }, NodeKind::Sanitiser(cdr)) => {
                    cdr.workers = own * count;
                }
                (Piece::Mail(rate), NodeKind::MailRelay(relay)) => {
                    relay.per_hour = Some(rate * times);
                }
                (piece, kind) => panic!("{piece:?} for {kind:?}"),
            }
        });
}

/// The plan with everything bought in every state, of one item so many pieces less.
fn bought(plan: &Migration, purchases: &[Purchase], less: Option<&str>) -> Migration {
    let catalogue = offers();
    let mut plan = plan.clone();
    for state in &mut plan.states {
        let network = Arc::make_mut(&mut state.network);
        for purchase in purchases {
            let Some(choice) = &purchase.choice else {
                continue;
            };
            let fewer = u32::from(less == Some(purchase.resource.as_str()));
            let offer = &catalogue.offers[choice.offer];
            put(network, purchase, offer, choice.count - fewer);
        }
    }
    plan
}

/// Everything that is beyond its planning limit, with everything up or with something failed.
fn beyond(report: &Report) -> Vec<String> {
    let mut out = Vec::new();
    for row in &report.loads {
        let limit = row.warn.get() + 1e-9;
        if row.busiest().1.get() > limit {
            out.push(format!("{} {:?}", row.resource, row.kind));
        }
        for case in row.worst.iter().filter(|c| c.utilisation().get() > limit) {
            let under = case.circumstance.failure.as_ref().map(|f| f.key());
            out.push(format!("{} {:?} {under:?}", row.resource, row.kind));
        }
    }
    out
}

#[test]
fn what_is_bought_is_enough_and_one_piece_less_is_not() {
    for name in ["town-b", "town-b-lbo"] {
        let plan = plan(name);
        let purchases: Vec<Purchase> = needed(&plan, 0);
        let open = purchases.iter().find(|p| !p.enough && p.choice.is_none());
        assert!(open.is_none(), "{name}: {open:#?}");
        let whole = bought(&plan, &purchases, None);
        for report in years(&whole, 0) {
            let left = beyond(&report);
            assert!(left.is_empty(), "{name}: {left:#?}");
        }
        let several = purchases
            .iter()
            .filter(|p| p.choice.as_ref().is_some_and(|c| c.count > p.pieces.max(1)));
        for purchase in several {
            let less = bought(&plan, &purchases, Some(&purchase.resource));
            let found = years(&less, 0).iter().any(|r| {
                beyond(r)
                    .iter()
                    .any(|line| line.starts_with(&purchase.resource))
            });
            assert!(
                found,
                "{name}: one piece less of {} is enough",
                purchase.resource
            );
        }
    }
}

/// Fixture table D1.5: 224,000 sessions, with one machine down, below 80 %: eight of 40,000; 224,000 ports on addresses of 60,000
/// below 80 %: five; 1,440 Mbit/s below 80 % with one of several lines gone: three of 1 Gbit/s.
#[test]
fn the_prefecture_needs_what_the_table_says() {
    let purchases = needed(&plan("mie"), 0);
    let catalogue = offers();
    let of = |resource: &str, item: Item| {
        let found = purchases
            .iter()
            .find(|p| p.resource == resource && p.item == item);
        let purchase = found.unwrap_or_else(|| panic!("{resource} is not sized"));
        let choice = purchase.choice.as_ref().expect("something is bought");
        (choice.count, catalogue.offers[choice.offer].piece)
    };
    let (count, piece) = of("proxy", Item::Proxy);
    assert!(matches!(piece, Piece::Proxy(s) if s.get() * f64::from(count - 1) * 0.8 >= 224_000.0));
    let (count, _) = of("fw-int", Item::Addresses);
    assert_eq!(count, 5);
    let (count, piece) = of("sc-line", Item::Line);
    assert!(
        matches!(piece, Piece::Line(r) if r.as_mbps() == 1_000.0),
        "{piece:?}"
    );
    assert_eq!(count, 3);
}

/// Growth makes a purchase larger, and the last year decides.
#[test]
fn growth_decides_in_the_last_year() {
    let mut grown = plan("town-b");
    let ids: Vec<_> = grown.requirements.applications.ids().cloned().collect();
    for id in ids {
        grown
            .requirements
            .applications
            .edit(&id, |a| a.nature.growth = 0.2);
    }
    let line = |purchases: Vec<Purchase>| {
        let found = purchases.into_iter().find(|p| p.resource == "sc-line");
        found.expect("the line is sized")
    };
    let now = line(needed(&grown, 0));
    let later = line(needed(&grown, 5));
    assert_eq!(later.binding.case.circumstance.years, 5);
    let ratio = later.binding.case.offered / now.binding.case.offered;
    assert!((ratio - 1.2f64.powi(5)).abs() < 1e-9, "{ratio}");
}
