//! The sessions shown in the READMEs are what the command prints.
//!
//! In: every ```` ```console ```` block. A line `$ utsushi …` is run in the root of the checkout, in the
//! language of the page, and what follows up to the next `$` must be its standard output; other commands
//! are shown without output and not run. `UTSUSHI_BLESS=1` writes the outputs instead.

#![expect(clippy::expect_used, reason = "a test tells what failed by panicking")]

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// What the command prints for one line of a session, with a folder of its own for what it writes.
fn output(line: &str, locale: &str, scratch: &Path) -> String {
    let arguments = line.split_whitespace().skip(2).map(|word| {
        if word.starts_with("out/") {
            scratch.join(word).display().to_string()
        } else {
            word.to_owned()
        }
    });
    let out = Command::new(env!("CARGO_BIN_EXE_utsushi"))
        .args(arguments)
        .current_dir(root())
        .env("LC_ALL", locale)
        .env("NO_COLOR", "1")
        .output()
        .expect("the command starts");
    assert!(
        matches!(out.status.code(), Some(0 | 1)),
        "`{line}` ends with {:?}: {}",
        out.status.code(),
        String::from_utf8_lossy(&out.stderr)
    );
    String::from_utf8(out.stdout)
        .expect("output is UTF-8")
        .replace(&format!("{}/", scratch.display()), "")
}

/// The page with every output as the command prints it now.
fn renewed(page: &str, locale: &str, scratch: &Path) -> String {
    let mut out = String::new();
    let mut in_session = false;
    let mut skipping = false;
    for line in page.lines() {
        if line.starts_with("```") {
            in_session = line == "```console";
            skipping = false;
        }
        let command = in_session && line.starts_with("$ ");
        if command {
            skipping = false;
        }
        if !skipping {
            out.push_str(line);
            out.push('\n');
        }
        if command && line.starts_with("$ utsushi ") {
            out.push_str(&output(line, locale, scratch));
            skipping = true;
        }
    }
    out
}

fn session(page: &str, locale: &str) {
    let path = root().join(page);
    let text = std::fs::read_to_string(&path).expect("the page is there");
    assert!(text.contains("$ utsushi "), "{page} shows a session");
    let scratch = tempfile::tempdir().expect("a folder to write to");
    let now = renewed(&text, locale, scratch.path());
    if std::env::var_os("UTSUSHI_BLESS").is_some_and(|v| v == "1") {
        std::fs::write(&path, &now).expect("the page can be written");
        return;
    }
    for (number, (shown, printed)) in text.lines().zip(now.lines()).enumerate() {
        assert_eq!(shown, printed, "{page}:{}", number + 1);
    }
    assert_eq!(text, now, "{page}");
}

#[test]
fn the_english_readme_shows_what_is_printed() {
    session("README.md", "C.UTF-8");
}

#[test]
fn the_japanese_readme_shows_what_is_printed() {
    session("README.ja.md", "ja_JP.UTF-8");
}
