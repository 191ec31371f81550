//! Exact sets of packets against the trace of single packets, on random networks.
//!
//! Two engines answer every question about reachability: sets, which are fast and exact, and the trace,
//! which is slow and obvious. They share tables and nothing else; here one is held against the other.
//!
//! The ordinary run looks at a few networks. The long one is
//! `UTSUSHI_PACKETS=100000 UTSUSHI_NETWORKS=200 cargo test --release -p utsushi-tests --test engine`;
//! `UTSUSHI_SEED` (a number) looks at other networks.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test tells what failed by panicking"
)]

mod causes;
mod compare;
mod differences;
mod doubt;
mod fib;
mod hand;
mod header;
mod hygiene;
mod inform;
mod kept;
mod live;
mod load;
mod plans;
mod regressions;
mod run;
mod states;
mod together;
mod written;

use compare::{answers, forward, one_choice_among_all};
use run::on_networks;
use utsushi_sim::plane::SegmentIx;
use utsushi_sim::strategies::Size;

/// What arrives where, with which header, and what is dropped.
#[test]
fn sets_and_trace_agree_on_the_way_there() {
    on_networks(Size::default(), |case| case.each_segment(forward));
}

/// Many translators and parallel links, few rules.
#[test]
fn sets_and_trace_agree_behind_translators() {
    let size = Size {
        nodes: 2..=4,
        segments: 2..=5,
        translations: 12,
        ..Size::default()
    };
    on_networks(size, |case| {
        case.each_segment(forward)?;
        case.each_segment(answers)
    });
}

/// Which sessions come about.
#[test]
fn sets_and_trace_agree_on_the_way_back() {
    on_networks(Size::default(), |case| case.each_segment(answers));
}

/// Which legs come about, and in which direction they carry.
#[test]
fn legs_and_trace_agree() {
    on_networks(Size::default(), |case| {
        case.each_segment(inform::legs_are_sessions)
    });
}

/// The search for chains of legs against all chains one by one, on small networks with relays.
#[test]
fn the_search_finds_what_enumeration_finds() {
    on_networks(Size::small(), |case| {
        (0..7).try_for_each(|n| inform::search_is_all_chains(case, n * 11 + n))
    });
}

/// Following all segments at once is following each of them.
#[test]
fn segments_followed_together_are_followed_alike() {
    let translating = Size {
        translations: 12,
        ..Size::default()
    };
    for size in [Size::default(), translating, Size::default().choosing()] {
        on_networks(size, |case| together::rounds_are_sums(&case.plane));
    }
}

/// Re-proving after an edit is proving anew.
#[test]
fn a_proof_kept_up_to_date_is_a_new_proof() {
    run::on_migrations(Size::small(), live::stays_right);
    run::on_migrations(Size::small().undecided(), live::stays_right);
}

/// Destination classes are what look-ups say.
#[test]
fn classes_are_what_look_ups_say() {
    on_networks(Size::default(), |case| {
        live::classes_are_look_ups(&case.plane)
    });
}

/// Pools of several addresses, ports that translators choose and rules that look at them.
#[test]
fn what_the_trace_sees_the_sets_hold() {
    let size = Size {
        translations: 10,
        ..Size::default().choosing()
    };
    on_networks(size, |case| case.each_segment(one_choice_among_all));
}

/// Host names, applications, conditions on people.
#[test]
fn doubt_lies_between_its_bounds() {
    on_networks(Size::default().undecided(), |case| {
        case.each_segment(doubt::bounds)
    });
}

/// The same with every doubt settled in several ways.
#[test]
fn doubt_settled_lies_between_the_bounds() {
    on_networks(Size::default().undecided(), |case| {
        for choice in 0..3 {
            let clear = doubt::settle(&case.plane.network, choice);
            for from in (0..case.plane.segments.len()).map(SegmentIx) {
                doubt::settled(&case.plane, &clear, from)?;
            }
        }
        Ok(())
    });
}

/// Longest prefix and shortest path, by trying everything.
#[test]
fn routes_are_those_found_by_trying_everything() {
    on_networks(Size::default(), fib::routes);
}

/// Loads divide as the ways of the packets do.
#[test]
fn shares_add_up() {
    on_networks(Size::default(), |case| case.each_segment(load::shares));
}

/// The same where doubt makes several ways of one: no more arrives than was sent, and all of it is known of.
#[test]
fn doubt_makes_no_load() {
    on_networks(Size::default().undecided(), |case| {
        case.each_segment(load::no_more_than_sent)
    });
}

/// Migrations whose every step applies, and what the whole run says about them.
#[test]
fn findings_about_random_plans_are_borne_out_by_the_trace() {
    run::on_migrations(Size::small().undecided(), plans::borne_out);
}

/// What two states let through differently, packet by packet.
#[test]
fn differences_between_states_are_those_that_the_trace_sees() {
    run::on_plans(Size::default(), differences::exact);
}

/// The cause of a difference is a change after which it is there and before which it is not.
#[test]
fn causes_are_changes_that_make_the_difference() {
    run::on_plans(Size::small(), differences::causes);
}

/// Rules that say what may change tell every other difference, and none that may be.
#[test]
fn only_what_may_change_is_not_told() {
    run::on_plans(Size::small(), |plan, _| kept::only_what_may(plan));
}

/// What is told of the way back is what its states show one by one.
#[test]
fn the_way_back_is_its_states() {
    for dice in 0..3 {
        run::on_migrations(Size::small(), |plan| {
            kept::the_way_back_is_its_states(plan, dice)
        });
    }
}

/// Networks that are alike let the same through.
#[test]
fn networks_that_are_alike_treat_traffic_alike() {
    run::on_plans(Size::small(), |plan, _| kept::alike_is_treated_alike(plan));
}

/// Filters, translations and policy routes are compiled as they are written.
#[test]
fn compiled_rules_say_what_is_written() {
    on_networks(Size::default(), written::rules);
    on_networks(Size::default().undecided(), written::rules);
}

/// Lines that are said to do nothing are not missed, and decide nothing.
#[test]
fn useless_lines_are_not_missed() {
    let told = std::cell::Cell::new(0);
    on_networks(Size::default(), |case| hygiene::borne_out(case, &told));
    on_networks(Size::default().undecided(), |case| {
        hygiene::borne_out(case, &told)
    });
    assert!(told.get() > 100, "claims about {} lines only", told.get());
}

/// Every state within a step at once, and one by one.
#[test]
fn states_at_once_are_the_states_one_by_one() {
    run::on_migrations(Size::small(), states::agree);
}

/// The same with host names, applications, conditions on people.
#[test]
fn states_at_once_are_the_states_one_by_one_under_doubt() {
    run::on_migrations(Size::small().undecided(), states::agree);
}
