//! Links, decisions, expected files, and no path of anybody's machine.
//!
//! In: every text file. Out: complaints about a Markdown link that leads to no file, a
//! decision page missing in the index (or the other way round), an expected file too
//! large to be reviewed, and a path that exists only where somebody happened to work.

use utsushi_tests::tree::{File, Tree};

use crate::{assert_caught, assert_kept};

/// An expected file a person can still review, in bytes.
const REVIEWABLE: usize = 20 * 1024;

/// Where people and build machines keep their work; put together so that this file is clean.
const MACHINE_PATHS: [&str; 6] = [
    concat!("/ho", "me/"),
    concat!("/tm", "p/"),
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/Us", "ers/"),
    concat!(":\\Us", "ers\\"),
];

/// Where the decisions are kept.
const DECISIONS: &str = "docs/decisions/";

fn machine_paths(tree: &Tree) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in &tree.files {
        for (number, line) in file.lines() {
            let found = MACHINE_PATHS.iter().filter(|path| names_path(line, path));
            complaints.extend(found.map(|path| format!("{}:{number}: `{path}`", file.path)));
        }
    }
    complaints
}

/// Whether `path` begins an absolute path in `line`; `https://example.org/home/` does not.
fn names_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        path.starts_with(':')
            || !before.is_some_and(|letter| letter.is_alphanumeric() || "._-~$}".contains(letter))
    })
}

fn expected_size(tree: &Tree) -> Vec<String> {
    let expected = tree
        .files
        .iter()
        .filter(|file| file.lies_under("expected") || file.extension() == "snap");
    let large = expected.filter(|file| file.bytes.len() >= REVIEWABLE);
    large
        .map(|file| {
            format!(
                "{}: {} bytes, less than {REVIEWABLE} wanted",
                file.path,
                file.bytes.len()
            )
        })
        .collect()
}

fn links(tree: &Tree) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in tree.with_extension("md") {
        for (number, target) in link_targets(file) {
            let target = target.split('#').next().unwrap_or_default();
            let place = resolve(&file.path, target);
            let prefix = format!("{place}/");
            let exists = tree
                .files
                .iter()
                .any(|file| file.path == place || file.path.starts_with(&prefix));
            if !target.is_empty()
                && !target.contains("://")
                && !target.starts_with("mailto:")
                && !exists
            {
                complaints.push(format!(
                    "{}:{number}: link to `{target}`, which does not exist",
                    file.path
                ));
            }
        }
    }
    complaints
}

/// The targets of `[text](target)` outside fenced blocks and code spans, with their lines.
fn link_targets(file: &File) -> Vec<(usize, &str)> {
    let mut fenced = false;
    let mut targets = Vec::new();
    for (number, line) in file.lines() {
        fenced ^= line.trim_start().starts_with("```");
        if fenced {
            continue;
        }
        // Every second piece between backticks is code.
        for piece in line.split('`').step_by(2) {
            let behind = piece.split("](").skip(1);
            targets.extend(behind.filter_map(|rest| Some((number, rest.split_once(')')?.0))));
        }
    }
    targets
}

/// The path below the root that `target` means in the file `from`.
fn resolve(from: &str, target: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

fn decisions(tree: &Tree) -> Vec<String> {
    let index = tree
        .get(&format!("{DECISIONS}README.md"))
        .and_then(File::text)
        .unwrap_or_default();
    let pages = tree
        .files
        .iter()
        .filter_map(|file| file.path.strip_prefix(DECISIONS));
    let pages: Vec<&str> = pages.filter(|name| *name != "README.md").collect();
    let mut complaints = Vec::new();
    for (position, name) in pages.iter().enumerate() {
        // Numbers are given out before pages are written, so there may be gaps, and no number twice.
        let number = name.split('-').next().unwrap_or_default();
        let mut before = pages[..position].iter();
        if number.len() != 4 || number.parse::<u16>().is_err() {
            complaints.push(format!(
                "{DECISIONS}{name}: a number of four digits expected"
            ));
        } else if before.any(|page| page.starts_with(&format!("{number}-"))) {
            complaints.push(format!("{DECISIONS}{name}: number {number} is given twice"));
        }
        if !index.contains(&format!("]({name})")) {
            complaints.push(format!("{DECISIONS}README.md: `{name}` is not listed"));
        }
        let text = tree
            .get(&format!("{DECISIONS}{name}"))
            .and_then(File::text)
            .unwrap_or_default();
        let missing = ["## Context", "## Decision", "## Consequences"]
            .into_iter()
            .filter(|part| !text.contains(part));
        complaints.extend(missing.map(|part| format!("{DECISIONS}{name}: no `{part}`")));
    }
    complaints
}

#[test]
fn no_path_of_a_machine_is_in_the_tree() {
    assert_kept(machine_paths);
    for path in MACHINE_PATHS {
        assert_caught(
            machine_paths,
            &[("a.md", &format!("see `{path}x`"))],
            "a.md:1",
        );
    }
    let address = format!("https://example.org{}x", MACHINE_PATHS[0]);
    assert!(machine_paths(&Tree::of(&[("a.md", &address)])).is_empty());
}

#[test]
fn every_expected_file_can_be_reviewed() {
    assert_kept(expected_size);
    let large = "x".repeat(REVIEWABLE);
    let path = "scenarios/library/mie/expected/check.txt";
    assert_caught(expected_size, &[(path, &large)], "20480 bytes");
    assert!(expected_size(&Tree::of(&[(path, &large[1..]), ("font.ttf", &large)])).is_empty());
}

#[test]
fn every_link_leads_somewhere() {
    assert_kept(links);
    let text = "[here](b.md) [up](../c.md#part) [web](https://example.org)\n[lost](gone.md)";
    let files = [
        ("docs/a.md", text),
        ("docs/b.md", "[all](../docs)"),
        ("c.md", "`[x](y)` and\n```\n[x](y)\n```"),
    ];
    assert_caught(links, &files, "docs/a.md:2: link to `gone.md`");
}

#[test]
fn every_decision_is_numbered_listed_and_complete() {
    assert_kept(decisions);
    let page = "## Context\n## Decision\n## Consequences\n";
    let index = ("docs/decisions/README.md", "| [one](0001-one.md) |");
    let good = ("docs/decisions/0001-one.md", page);
    assert!(decisions(&Tree::of(&[good, index])).is_empty());
    let unlisted = [good, ("docs/decisions/0002-two.md", page), index];
    assert_caught(decisions, &unlisted, "`0002-two.md` is not listed");
    let both = ("docs/decisions/README.md", "](0001-one.md) ](0001-two.md)");
    let twice = [good, ("docs/decisions/0001-two.md", page), both];
    assert_caught(decisions, &twice, "number 0001 is given twice");
    let listed = ("docs/decisions/README.md", "](one.md)");
    let unnumbered = [("docs/decisions/one.md", page), listed];
    assert_caught(decisions, &unnumbered, "a number of four digits");
    let hasty = [
        ("docs/decisions/0001-one.md", "## Context\n## Decision\n"),
        index,
    ];
    assert_caught(decisions, &hasty, "no `## Consequences`");
}
