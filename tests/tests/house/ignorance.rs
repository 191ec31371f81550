//! What a package must not know.
//!
//! In: the Rust files of `model`, `scenarios`, `sim` and `viz`. Out: a complaint for
//! every path that reaches for something the package has to be ignorant of. `model` and
//! `sim` answer the same for the same input on every machine: no files, no
//! clock, no randomness, no environment, nothing printed. A chart cannot ask how a proof was
//! made.

use utsushi_tests::rust::paths;
use utsushi_tests::tree::{File, Tree};

use crate::{assert_caught, assert_kept};

/// Something a package can be ignorant of, and the names that give it away.
struct Secret {
    what: &'static str,
    names: &'static [&'static [&'static str]],
}

const FILES: Secret = Secret {
    what: "files",
    names: &[
        &["std", "fs"],
        &["File", "open"],
        &["File", "create"],
        &["include_dir!"],
    ],
};
const CLOCK: Secret = Secret {
    what: "the clock",
    names: &[
        &["SystemTime"],
        &["Instant"],
        &["Zoned", "now"],
        &["Timestamp", "now"],
    ],
};
const CHANCE: Secret = Secret {
    what: "randomness",
    names: &[&["rand"], &["fastrand"], &["getrandom"], &["RandomState"]],
};
const OUTPUT: Secret = Secret {
    what: "output",
    names: &[
        &["println!"],
        &["print!"],
        &["eprintln!"],
        &["eprint!"],
        &["stdout"],
        &["stderr"],
    ],
};
const ENVIRONMENT: Secret = Secret {
    what: "the environment",
    names: &[&["std", "env"], &["std", "process"]],
};
const PROOFS: Secret = Secret {
    what: "how a proof was made",
    names: &[&["utsushi_sim"], &["utsushi_scenarios"]],
};

/// What the files under each folder must not know.
const MUST_NOT_KNOW: &[(&str, &[Secret])] = &[
    ("model/src/", &[FILES, CLOCK, CHANCE, OUTPUT, ENVIRONMENT]),
    ("scenarios/src/", &[CLOCK, CHANCE, OUTPUT]),
    ("sim/src/", &[FILES, CLOCK, CHANCE, OUTPUT, ENVIRONMENT]),
    ("viz/src/", &[CLOCK, CHANCE, OUTPUT, ENVIRONMENT, PROOFS]),
];

fn ignorance(tree: &Tree) -> Vec<String> {
    let mut complaints = Vec::new();
    for (folder, secrets) in MUST_NOT_KNOW {
        let sources = tree
            .with_extension("rs")
            .filter(|file| file.path.starts_with(folder));
        complaints.extend(sources.flat_map(|file| complaints_about(file, secrets)));
    }
    complaints
}

fn complaints_about(file: &File, secrets: &[Secret]) -> Vec<String> {
    let found = match paths(file.text().unwrap_or_default(), &[]) {
        Ok(found) => found,
        Err(problem) => return vec![format!("{}: {problem}", file.path)],
    };
    let mut complaints = Vec::new();
    for named in &found {
        let known = |secret: &&Secret| secret.names.iter().any(|names| named.contains(names));
        if let Some(secret) = secrets.iter().find(known) {
            let path = named.segments.join("::");
            complaints.push(format!(
                "{}:{}: `{path}`: {} must stay unknown here",
                file.path, named.line, secret.what
            ));
        }
    }
    complaints
}

#[test]
fn packages_stay_ignorant() {
    assert_kept(ignorance);
}

#[test]
fn knowing_too_much_is_caught() {
    for (path, text, wanted) in [
        ("model/src/a.rs", "use std::{fmt, fs};", "files"),
        ("model/src/a.rs", "fn f() { println!(\"x\"); }", "output"),
        (
            "model/src/a.rs",
            "let x = rand::random::<u8>();",
            "randomness",
        ),
        (
            "model/src/a.rs",
            "let x = std::env::var(\"HOME\");",
            "the environment",
        ),
        (
            "sim/src/a.rs",
            "use std::time::{Duration, Instant};",
            "the clock",
        ),
        ("sim/src/a.rs", "let text = std::fs::read(path);", "files"),
        (
            "scenarios/src/a.rs",
            "let now = jiff::Zoned::now();",
            "the clock",
        ),
        (
            "viz/src/a.rs",
            "use utsushi_sim::verify;",
            "how a proof was made",
        ),
    ] {
        assert_caught(
            ignorance,
            &[(path, text)],
            &format!("{wanted} must stay unknown here"),
        );
    }
}

#[test]
fn what_only_looks_alike_is_allowed() {
    let files = [
        (
            "model/src/a.rs",
            "//! Not std::fs.\nuse std::net::Ipv4Addr; // println!\nlet rand_like = 1;",
        ),
        ("scenarios/src/load.rs", "use std::fs;"),
        ("cli/src/main.rs", "use std::time::Instant;"),
    ];
    let complaints = ignorance(&Tree::of(&files));
    assert!(complaints.is_empty(), "{complaints:?}");
}
