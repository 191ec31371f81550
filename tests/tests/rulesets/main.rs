//! Imported rule sets against a plain interpreter, and service matrices against brute force.
//!
//! In: random dumps. What is asserted: for every packet the exact sets of the lowered filter say what an
//! independent interpreter of iptables says, under both bounds; what is written for scenarios says the same;
//! groups of a service matrix are exactly the classes of addresses with equal rights.

#![expect(clippy::expect_used, reason = "a test tells what failed by panicking")]

mod interpreter;
mod random;

use interpreter::passes;
use proptest::prelude::*;
use random::{Dice, dump, packet};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use utsushi_model::address::AddressRange;
use utsushi_model::date::Date;
use utsushi_model::network::Network;
use utsushi_model::policy::{Filter, FilterRule, Interfaces, pattern};
use utsushi_model::service::Service;
use utsushi_scenarios::import::{Given, chain, read};
use utsushi_sim::matrix::{Right, Wires, of_filter};
use utsushi_sim::plane::condition::Bound;
use utsushi_sim::plane::sets::Sets;
use utsushi_sim::plane::{FilterPlane, Plane};
use utsushi_sim::space::{Point, Set, address};

fn day() -> Date {
    Date::new(2024, 4, 1).expect("a day")
}

/// The filter for packets between two interfaces: rules that ask for others are switched off.
fn between(filter: &Filter, incoming: &str, outgoing: &str) -> Filter {
    let fits = |asked: &Interfaces, name: &str| {
        asked.names.is_empty()
            || asked.names.iter().any(|n| match pattern(n) {
                Some(start) => name.starts_with(start),
                None => **n == *name,
            }) != asked.negated
    };
    let rule = |rule: &mut FilterRule| {
        rule.enabled = fits(&rule.incoming, incoming) && fits(&rule.outgoing, outgoing);
    };
    let mut out = filter.clone();
    out.rules.iter_mut().for_each(rule);
    out.chains
        .iter_mut()
        .flat_map(|c| &mut c.rules)
        .for_each(rule);
    out
}

fn point(p: &interpreter::Packet) -> Point {
    Point {
        dst: address(p.dst),
        src: address(p.src),
        protocol: p.protocol,
        dst_port: p.dst_port,
        src_port: p.src_port,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Sets of the lowered filter against the interpreter, both bounds, first packets and answers.
    #[test]
    fn lowered_rules_say_what_an_interpreter_says(seed in any::<u64>(), doubtful in any::<bool>()) {
        let mut dice = Dice::new(seed);
        let rules = 4 + dice.below(30);
        let text = dump(&mut dice, rules, doubtful);
        let files = [("random.rules", text.as_bytes())];
        let dumps = read(&files, &Given::default()).map_err(|r| TestCaseError::fail(format!("{:?}\n{text}", r.problems)))?;
        let (filter, _) = chain(&files, &Given::default(), "FORWARD").expect("what was read lowers");
        let table = dumps[0].table("filter").expect("the table");
        let plane = Plane::compile(Arc::new(Network::default()), day());
        let mut known: BTreeMap<(String, String, bool), _> = BTreeMap::new();
        let mut sets = Sets::new(&plane, Bound::May);
        for _ in 0..150 {
            let p = packet(&mut dice);
            let key = (p.incoming.clone(), p.outgoing.clone(), p.known);
            let (may, must) = *known.entry(key).or_insert_with(|| {
                let compiled = FilterPlane::alone(&between(&filter, &p.incoming, &p.outgoing), &plane.network, day());
                let asked = |r: &utsushi_sim::plane::condition::RuleStep| r.session.holds(p.known);
                let may = sets.passes(&compiled, Bound::May, &asked, Set::FULL).expect("room");
                (may, sets.passes(&compiled, Bound::Must, &asked, Set::FULL).expect("room"))
            });
            let engine = (sets.space.contains(may, &point(&p)), sets.space.contains(must, &point(&p)));
            prop_assert_eq!(engine, passes(table, "FORWARD", &p), "{:?}\n{}", p, text);
        }
    }

    /// Groups are the classes of addresses with equal rights: two addresses of one group are never told
    /// apart, and any two groups are; rights between groups are those of their addresses.
    #[test]
    fn groups_are_the_classes_of_equal_rights(seed in any::<u64>(), doubtful in any::<bool>()) {
        let mut dice = Dice::new(seed);
        let rules = 3 + dice.below(12);
        let text = dump(&mut dice, rules, doubtful);
        let files = [("random.rules", text.as_bytes())];
        let dumps = read(&files, &Given::default()).map_err(|r| TestCaseError::fail(format!("{:?}\n{text}", r.problems)))?;
        let (filter, _) = chain(&files, &Given::default(), "FORWARD").expect("what was read lowers");
        let table = dumps[0].table("filter").expect("the table");
        let wires = Wires { incoming: Some("eth0".into()), outgoing: Some("docker0".into()) };
        // One packet for each pair of addresses, so that rights are yes, no or unknown.
        let service: Service = "tcp/443 from 1024".parse().expect("a service");
        let found = of_filter(&filter, service, &wires, &[AddressRange::V4], day()).expect("room");
        let right = |src: IpAddr, dst: IpAddr| {
            let p = interpreter::Packet {
                incoming: "eth0".to_owned(), outgoing: "docker0".to_owned(), src, dst,
                protocol: 6, src_port: 1024, dst_port: 443, known: false,
            };
            match passes(table, "FORWARD", &p) {
                (false, _) => Right::None,
                (true, true) => Right::All,
                (true, false) => Right::Undetermined,
            }
        };
        // Every corner of the dump, from either side: no other address can have rights of its own.
        let mut corners: Vec<IpAddr> = Vec::new();
        for group in &found.groups {
            for range in &group.ranges {
                corners.extend([range.first_address(), range.last_address()]);
            }
        }
        for text in ["10.0.0.0", "10.1.2.3", "10.1.2.2", "10.1.2.4", "10.1.2.8", "10.128.0.0", "192.0.2.128", "10.7.2.3", "10.1.3.1", "128.0.0.0"] {
            corners.push(text.parse().expect("an address"));
        }
        corners.sort();
        corners.dedup();
        corners.truncate(80);
        let rows: Vec<(Vec<Right>, Vec<Right>)> = corners.iter().map(|a| {
            (corners.iter().map(|b| right(*a, *b)).collect(), corners.iter().map(|b| right(*b, *a)).collect())
        }).collect();
        let group: Vec<usize> = corners.iter().map(|a| found.group_of(*a).expect("every address has a group")).collect();
        for (i, a) in corners.iter().enumerate() {
            for (j, b) in corners.iter().enumerate() {
                prop_assert_eq!(found.right(group[i], group[j]), right(*a, *b), "{} to {}\n{}", a, b, text);
                prop_assert_eq!(found.rights_to(group[j])[group[i]], right(*a, *b), "{} to {}\n{}", a, b, text);
                if group[i] == group[j] {
                    prop_assert_eq!(&rows[i], &rows[j], "{} and {} are one group\n{}", a, b, text);
                }
            }
        }
        // Smallest: every two groups differ in what some group may ask of them or they of it.
        let count = found.groups.len();
        let column: Vec<Vec<Right>> = (0..count).map(|to| found.rights_to(to)).collect();
        for a in 0..count {
            for b in 0..a {
                let same = (0..count).all(|x| column[x][a] == column[x][b] && column[a][x] == column[b][x]);
                prop_assert!(!same, "groups {} and {} have the same rights\n{}", a, b, text);
            }
        }
    }
}
