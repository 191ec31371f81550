//! The rules of the house as tests over the checkout itself.
//!
//! In: every file of the checkout. Out: a list of complaints, each with path and
//! line; the test fails when the list is not empty. Every rule is a function from a
//! [`Tree`] to complaints, and every module shows with a made-up tree that its rules
//! can complain. What can go wrong: a file cannot be read.
//!
//! | module | rule |
//! |---|---|
//! | [`packages`] | which package may depend on which |
//! | [`modules`] | which module of `sim` may use which |
//! | [`ignorance`] | what a package must not know: files, clock, randomness, output |
//! | [`sources`] | length, opening lines and forbidden words of source files |
//! | [`documents`] | links, decisions, expected files, no path of anybody's machine |
//! | [`findings`] | every finding code has its page and its expected output |

mod documents;
mod findings;
mod ignorance;
mod modules;
mod packages;
mod sources;

use utsushi_tests::tree::Tree;

/// Runs one rule over the checkout and shows its complaints, one a line.
#[expect(
    clippy::unwrap_used,
    reason = "a test that cannot read the checkout has to fail"
)]
fn assert_kept(rule: impl Fn(&Tree) -> Vec<String>) {
    let tree = Tree::read().unwrap();
    // An empty tree keeps every rule: make sure that the checkout was really read.
    assert!(
        tree.get("Cargo.toml").is_some(),
        "the checkout was not found"
    );
    let complaints = rule(&tree);
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

/// Asserts that `rule` complains about the made-up `files` exactly once, with `wanted` in its text.
fn assert_caught(rule: impl Fn(&Tree) -> Vec<String>, files: &[(&str, &str)], wanted: &str) {
    let complaints = rule(&Tree::of(files));
    assert_eq!(complaints.len(), 1, "{complaints:?}");
    assert!(complaints[0].contains(wanted), "{complaints:?}");
}
