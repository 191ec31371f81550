//! Which module of `sim` may use which.
//!
//! ```text
//! run ──▶ states ──▶ verify, comply ──▶ plane ──▶ space
//!  └────▶ attack ──▶ inform ─────────────┘
//! ```
//!
//! In: the Rust files of `sim/src`. Out: a complaint for every path from one top-level
//! module to another that [`MAY_USE`] does not list. `space` knows nothing of networks,
//! and the hop-by-hop trace nothing of `space`: it is the second opinion on the sets.
//! A path `crate::Name` that skips the module is a complaint too, since it
//! would lead round this rule.

use utsushi_tests::rust::{Named, paths};
use utsushi_tests::tree::{File, Tree};

use crate::{assert_caught, assert_kept};

/// For every top-level module of `sim`, the other modules it may use.
const MAY_USE: &[(&str, &[&str])] = &[
    ("space", &[]),
    ("plane", &["space"]),
    ("diff", &["plane", "space"]),
    ("verify", &["plane", "space"]),
    ("inform", &["plane", "space"]),
    ("attack", &["inform", "plane", "space"]),
    ("replay", &["quality", "plane", "space"]),
    ("comply", &["plane", "space"]),
    ("states", &["verify", "comply", "plane", "space"]),
    ("hygiene", &["verify", "replay", "plane", "space"]),
    (
        "run",
        &[
            "states", "hygiene", "diff", "verify", "inform", "attack", "replay", "comply", "plane",
            "space",
        ],
    ),
    ("graph", &[]),
    ("quality", &[]),
    ("sizing", &["quality"]),
    ("whatif", &["replay", "plane"]),
    ("causes", &["replay", "plane"]),
    ("matrix", &["plane", "space"]),
    ("order", &["states", "plane", "space"]),
    ("strategies", &[]),
];

/// The module of `sim` that follows one packet without the sets.
const TRACE: [&str; 2] = ["plane", "trace"];

fn directions(tree: &Tree) -> Vec<String> {
    let sources = tree
        .with_extension("rs")
        .filter(|file| file.path.starts_with("sim/src/"));
    sources
        .flat_map(|file| complaints_about(file).unwrap_or_else(|problem| vec![problem]))
        .collect()
}

fn complaints_about(file: &File) -> Result<Vec<String>, String> {
    let module = module_of(&file.path);
    let Some(top) = module.first() else {
        return Ok(Vec::new()); // `lib.rs` lists the modules and may name them all.
    };
    let (_, may_use) = MAY_USE
        .iter()
        .find(|(name, _)| name == top)
        .ok_or_else(|| {
            format!(
                "{}: module `{top}` is not in the table of the house rules",
                file.path
            )
        })?;
    let found = paths(file.text().unwrap_or_default(), &module)
        .map_err(|problem| format!("{}: {problem}", file.path))?;
    let complaints = found.iter().filter_map(|named| {
        let problem = problem_with(named, &module, may_use)?;
        Some(format!("{}:{}: {problem}", file.path, named.line))
    });
    // A group `crate::replay::{Load, Hour}` is two paths but one complaint.
    let mut complaints: Vec<String> = complaints.collect();
    complaints.dedup();
    Ok(complaints)
}

fn problem_with(named: &Named, module: &[String], may_use: &[&str]) -> Option<String> {
    let own = &module[0];
    if own == "space" && named.contains(&["utsushi_model"]) {
        return Some("`space` must know nothing of networks".to_owned());
    }
    let [first, used, ..] = named.segments.as_slice() else {
        return None;
    };
    if first != "crate" || used == own {
        return None;
    }
    if !MAY_USE.iter().any(|(name, _)| name == used) {
        return Some(format!("`crate::{used}` skips its module"));
    }
    if module.starts_with(&TRACE.map(str::to_owned)) && used == "space" {
        return Some("the trace must share no code with `space`".to_owned());
    }
    (!may_use.contains(&used.as_str())).then(|| format!("`{own}` must not use `{used}`"))
}

/// `sim/src/plane/nat.rs` is the module `plane::nat`; `mod.rs` stands for its folder.
fn module_of(path: &str) -> Vec<String> {
    let inside = path.trim_start_matches("sim/src/").trim_end_matches(".rs");
    let names = inside
        .split('/')
        .filter(|name| !["lib", "main", "mod"].contains(name));
    names.map(str::to_owned).collect()
}

#[test]
fn modules_of_sim_depend_only_in_the_allowed_direction() {
    assert_kept(directions);
}

#[test]
fn the_three_answers_never_import_one_another() {
    for text in [
        "use crate::replay::Load;",
        "use crate::{plane::Plane, replay::{Load, Hour}};",
        "use super::replay::Load;",
        "fn f() -> crate::replay::Load {}",
        "mod inner { use super::super::replay; }",
    ] {
        assert_caught(
            directions,
            &[("sim/src/verify.rs", text)],
            "`verify` must not use `replay`",
        );
    }
    let nested = [(
        "sim/src/verify/deep/er.rs",
        "use super::super::super::comply;",
    )];
    assert_caught(
        directions,
        &nested,
        "er.rs:1: `verify` must not use `comply`",
    );
}

#[test]
fn space_knows_nothing_of_networks() {
    let upwards = [("sim/src/space/set.rs", "use crate::plane::Plane;")];
    assert_caught(directions, &upwards, "`space` must not use `plane`");
    let model = [("sim/src/space.rs", "\nuse utsushi_model::Network;")];
    assert_caught(
        directions,
        &model,
        "space.rs:2: `space` must know nothing of networks",
    );
}

#[test]
fn ways_round_the_rule_are_caught() {
    let re_exported = [("sim/src/verify.rs", "use crate::Load;")];
    assert_caught(directions, &re_exported, "`crate::Load` skips its module");
    let unknown = [("sim/src/shortcut/mod.rs", "//! x")];
    assert_caught(
        directions,
        &unknown,
        "module `shortcut` is not in the table",
    );
    let trace = [("sim/src/plane/trace/hop.rs", "use crate::space::Set;")];
    assert_caught(
        directions,
        &trace,
        "the trace must share no code with `space`",
    );
}

#[test]
fn downwards_and_inwards_is_allowed() {
    let files = [
        ("sim/src/lib.rs", "pub mod verify; pub use crate::run::run;"),
        (
            "sim/src/run.rs",
            "use crate::{comply, plane, replay, space, verify};",
        ),
        (
            "sim/src/verify/rules.rs",
            "use super::witness; use crate::plane::Plane; // crate::replay",
        ),
        (
            "sim/src/plane/trace.rs",
            "use super::filter; use utsushi_model::Network;",
        ),
    ];
    let complaints = directions(&Tree::of(&files));
    assert!(complaints.is_empty(), "{complaints:?}");
}
