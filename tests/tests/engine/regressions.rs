//! What random networks once found, as small as it gets. Each was told differently by sets and trace, or
//! wrongly by both.

use super::compare::{answers, forward, one_choice_among_all, point, reach};
use super::doubt::bounds;
use super::hand::{Hand, only, packet, perhaps, range, segment};
use utsushi_model::finding::Packet;
use utsushi_model::policy::{Addresses, Translation};
use utsushi_sim::plane::condition::Bound;
use utsushi_sim::plane::sessions::sessions;
use utsushi_sim::plane::sets::Sets;
use utsushi_sim::plane::trace::exchange;
use utsushi_sim::plane::{Plane, SegmentIx};
use utsushi_sim::space::Set;

/// Both engines agree on a packet, and its session comes about (or does not).
fn agreed(plane: &Plane, from: SegmentIx, packet: Packet, answered: bool) {
    forward(plane, from, &[packet]).expect("agreement on the way there");
    answers(plane, from, &[packet]).expect("agreement on the way back");
    assert_eq!(exchange(plane, from, packet).answered(), answered);
}

/// `one ── a ── b ── two`: the last address of IPv6 lies in `::/0` and in `ffff::/16`. It once stood in
/// the pieces of both routes, and the sets took the wrong one.
#[test]
fn the_last_address_of_ipv6_has_one_route() {
    let plane = Hand::routers(&["a", "b"])
        .link("a", "b")
        .segment("one", &["2001:db8:1::/64"], &["a"])
        .segment("two", &["ffff::/16"], &["b"])
        .route("a", "::/0", None)
        .compile();
    let last = packet("2001:db8:1::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
    agreed(&plane, segment(&plane, "one"), last, true);
    for table in &plane.tables {
        let fib = table.fib();
        let ends = fib.pieces.windows(2);
        assert!(ends.into_iter().all(|w| w[0].0.last() < w[1].0.first()));
    }
}

/// ```text
///  one ── a ── b ── two      answers take the way over c
///          └── c ──┘
/// ```
/// `c` never saw the packet and translates destinations of IPv4. Answers of IPv6 pass it unharmed; they
/// once counted as lost in the sets.
#[test]
fn a_translator_of_the_other_family_spoils_no_answer() {
    let plane = triangle(Translation::Destination(range("10.9.9.9"), None)).compile();
    let sent = packet("2001:db8:1::1", "2001:db8:2::1");
    agreed(&plane, segment(&plane, "one"), sent, true);
    let sent = packet("10.0.1.1", "10.0.2.1");
    agreed(&plane, segment(&plane, "one"), sent, false);
}

/// The same where what `c` sets is what stands there already: the answer is still one.
#[test]
fn a_translation_that_changes_nothing_spoils_no_answer() {
    let plane = triangle(Translation::Destination(range("10.0.1.1"), None)).compile();
    let one = segment(&plane, "one");
    agreed(&plane, one, packet("10.0.1.1", "10.0.2.1"), true);
    agreed(&plane, one, packet("10.0.1.2", "10.0.2.1"), false);
    let plane = triangle(Translation::Source(vec![range("10.0.2.1")])).compile();
    let one = segment(&plane, "one");
    let from_high_port = |sent: Packet| Packet {
        dst_port: 8443,
        ..sent
    };
    let sent = packet("10.0.1.1", "10.0.2.1");
    agreed(&plane, one, from_high_port(sent), true);
    agreed(&plane, one, sent, false);
}

fn triangle(at_c: Translation) -> Hand {
    let two = ["10.0.2.0/24", "2001:db8:2::/64"];
    let hand = Hand::routers(&["a", "b", "c"])
        .link("a", "b")
        .link("b", "c")
        .link("c", "a")
        .segment("one", &["10.0.1.0/24", "2001:db8:1::/64"], &["a"])
        .segment("two", &two, &["b"]);
    hand.route("b", "10.0.1.0/24", Some("c"))
        .route("b", "2001:db8:1::/64", Some("c"))
        .translates("c", (Addresses::any(), Addresses::any()), at_c)
}

/// ```text
///        ┌── a ──┐
///  one ──┤       ├── c ── two     `a` turns every destination into 10.0.2.1, `b` does not
///        └── b ──┘
/// ```
/// A packet to 10.0.2.1 looks the same on both ways, but the sets know it by two views. The answer may
/// come by either; a stateful filter lets it pass only if the node knows the session by what it shows.
#[test]
fn a_session_is_known_by_its_header_not_by_its_history() {
    let real = Translation::Destination(range("10.0.2.1"), None);
    let plane = Hand::routers(&["a", "b", "c"])
        .link("a", "c")
        .link("b", "c")
        .segment("one", &["10.0.1.0/24"], &["a", "b"])
        .segment("two", &["10.0.2.0/24"], &["c"])
        .translates("a", (Addresses::any(), Addresses::any()), real)
        .answers_only("a", "c")
        .answers_only("b", "c")
        .compile();
    let one = segment(&plane, "one");
    agreed(&plane, one, packet("10.0.1.1", "10.0.2.1"), true);
    agreed(&plane, one, packet("10.0.1.1", "10.0.2.2"), true);
}

/// The same where `c` translates as well, so that on one way it sees the shown address and on the other
/// the real one: both sessions leave it alike, and an answer may belong to either.
#[test]
fn one_answer_can_belong_to_two_sessions() {
    let real = || Translation::Destination(range("10.0.2.1"), None);
    let plane = Hand::routers(&["a", "b", "c"])
        .link("a", "c")
        .link("b", "c")
        .segment("one", &["10.0.1.0/24"], &["a", "b"])
        .segment("two", &["10.0.2.0/24"], &["c"])
        .announces("c", "198.51.100.1/32")
        .translates("a", (Addresses::any(), only("198.51.100.1")), real())
        .translates("c", (Addresses::any(), only("198.51.100.1")), real())
        .compile();
    let one = segment(&plane, "one");
    agreed(&plane, one, packet("10.0.1.1", "198.51.100.1"), true);
}

/// `one ── a ── two`: whether `a` translates hangs on a host name, but it can only translate IPv4. Of
/// IPv6 everything is certain; the lower bound once lost it.
#[test]
fn doubt_about_a_translation_that_cannot_be_is_no_doubt() {
    let pool = Translation::Source(vec![range("203.0.113.1")]);
    let both = |n| [format!("10.0.{n}.0/24"), format!("2001:db8:{n}::/64")];
    let (one, two) = (both(1), both(2));
    let plane = Hand::routers(&["a"])
        .segment("one", &[&one[0], &one[1]], &["a"])
        .segment("two", &[&two[0], &two[1]], &["a"])
        .announces("a", "203.0.113.1/32")
        .translates("a", (perhaps(), Addresses::any()), pool)
        .compile();
    let from = segment(&plane, "one");
    let sent = packet("2001:db8:1::1", "2001:db8:2::1");
    bounds(&plane, from, &[sent]).expect("bounds");
    let mut must = Sets::new(&plane, Bound::Must);
    let least = reach(&mut must, from);
    let there = |d: &utsushi_sim::plane::flow::Delivery| must.space.contains(d.set, &point(&sent));
    assert!(least.delivered.iter().any(there));
    assert!(!must.space.contains(least.dropped.0, &point(&sent)));
}

/// `one ── a ── two`: `a` drops what comes from a host name. Under the lower bound such a packet is neither
/// certainly dropped nor certainly delivered; it once was in neither set and looked safe.
#[test]
fn what_is_perhaps_dropped_is_not_safe() {
    let plane = Hand::routers(&["a"])
        .segment("one", &["10.0.1.0/24"], &["a"])
        .segment("two", &["10.0.2.0/24"], &["a"])
        .discards("a", perhaps())
        .compile();
    let from = segment(&plane, "one");
    let sent = packet("10.0.1.1", "10.0.2.1");
    bounds(&plane, from, &[sent]).expect("bounds");
    let mut must = Sets::new(&plane, Bound::Must);
    let least = reach(&mut must, from);
    assert!(must.space.contains(least.dropped.0, &point(&sent)));
}

/// `one ── a ── b ── two`: `a` hides sources behind four addresses, which it announces. Every answer finds
/// its way back whichever was chosen; all of them once counted as lost as well, for want of a route.
#[test]
fn answers_to_a_pool_of_several_addresses_come_home() {
    let pool = Translation::Source(vec![range("203.0.113.0/30")]);
    let plane = Hand::routers(&["a", "b"])
        .link("a", "b")
        .segment("one", &["10.0.1.0/24"], &["a"])
        .segment("two", &["10.0.2.0/24"], &["b"])
        .announces("a", "203.0.113.0/30")
        .translates("a", (only("10.0.1.0/24"), Addresses::any()), pool)
        .compile();
    let from = segment(&plane, "one");
    let sent = packet("10.0.1.1", "10.0.2.1");
    one_choice_among_all(&plane, from, &[sent]).expect("one choice among all");
    let mut sets = Sets::new(&plane, Bound::Must);
    let reach = reach(&mut sets, from);
    let all = sessions(&mut sets, &[from], &reach, Set::FULL).expect("room");
    assert!(sets.space.contains(all.answered, &point(&sent)));
    assert!(!sets.space.contains(all.unanswered, &point(&sent)));
}

/// The same where only half of the pool is announced: on some choice the answer is lost.
#[test]
fn a_pool_that_is_half_announced_loses_answers() {
    let pool = Translation::Source(vec![range("203.0.113.0/30")]);
    let plane = Hand::routers(&["a", "b"])
        .link("a", "b")
        .segment("one", &["10.0.1.0/24"], &["a"])
        .segment("two", &["10.0.2.0/24"], &["b"])
        .announces("a", "203.0.113.0/31")
        .translates("a", (only("10.0.1.0/24"), Addresses::any()), pool)
        .compile();
    let from = segment(&plane, "one");
    let sent = packet("10.0.1.1", "10.0.2.1");
    one_choice_among_all(&plane, from, &[sent]).expect("one choice among all");
    let mut sets = Sets::new(&plane, Bound::Must);
    let reach = reach(&mut sets, from);
    let all = sessions(&mut sets, &[from], &reach, Set::FULL).expect("room");
    assert!(sets.space.contains(all.answered, &point(&sent)));
    assert!(sets.space.contains(all.unanswered, &point(&sent)));
}
