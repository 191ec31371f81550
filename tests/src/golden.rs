//! Comparison with a file that holds the expected text.
//!
//! In: the path of the expected file and the text a test produced. Out: nothing when
//! they are equal; the first difference, by line, when they are not. With
//! `UTSUSHI_BLESS=1` (`cargo xtask bless`) the file is written instead of compared.
//! What can go wrong: the file is missing or cannot be written, which is told like a
//! difference, with the way out.

use std::fs;
use std::path::Path;

/// Compares `actual` with the text of the file `expected`, or writes that file when blessing.
///
/// # Panics
/// When the texts differ, naming the first line that does, or when the file cannot be used.
pub fn assert_expected(expected: &Path, actual: &str) {
    let blessing = std::env::var_os("UTSUSHI_BLESS").is_some_and(|value| value == "1");
    let outcome = if blessing {
        write(expected, actual)
    } else {
        compare(expected, actual)
    };
    let problem = outcome.err();
    assert!(problem.is_none(), "{}", problem.unwrap_or_default());
}

/// `Err` with a text for the author of the change when file and text differ.
///
/// # Errors
/// The file cannot be read, or its text differs from `actual`.
pub fn compare(expected: &Path, actual: &str) -> Result<(), String> {
    let advice = "if the new text is right, run `cargo xtask bless` and read the difference";
    let shown = expected.display();
    let wanted =
        fs::read_to_string(expected).map_err(|error| format!("{shown}: {error}\n{advice}"))?;
    match first_difference(&wanted, actual) {
        None => Ok(()),
        Some(difference) => Err(format!("{shown}{difference}\n{advice}")),
    }
}

fn write(expected: &Path, actual: &str) -> Result<(), String> {
    let told = |error: std::io::Error| format!("{}: {error}", expected.display());
    if let Some(folder) = expected.parent() {
        fs::create_dir_all(folder).map_err(told)?;
    }
    fs::write(expected, actual).map_err(told)
}

/// Where two texts begin to differ, as `:LINE: expected …, found …`.
fn first_difference(wanted: &str, actual: &str) -> Option<String> {
    if wanted == actual {
        return None;
    }
    // `split` and not `lines`: a missing last line feed is a difference too.
    let (mut left, mut right) = (wanted.split('\n'), actual.split('\n'));
    let mut number = 0;
    loop {
        number += 1;
        let (expected, found) = (left.next(), right.next());
        if expected != found {
            let show =
                |line: Option<&str>| line.map_or("the end".to_owned(), |line| format!("`{line}`"));
            let (expected, found) = (show(expected), show(found));
            return Some(format!(
                ":{number}:\n  expected {expected}\n  found    {found}"
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_names_its_line() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        let difference = first_difference("a\nb\n", "a\nc\n").unwrap();
        assert_eq!(difference, ":2:\n  expected `b`\n  found    `c`");
        let shorter = first_difference("a\nb", "a").unwrap();
        assert_eq!(shorter, ":2:\n  expected `b`\n  found    the end");
        assert!(first_difference("a\n", "a").is_some());
    }

    #[test]
    fn what_was_blessed_compares_equal_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("expected/check.txt");
        let missing = compare(&file, "one\n").unwrap_err();
        assert!(missing.contains("cargo xtask bless"), "{missing}");
        write(&file, "one\n").unwrap();
        assert_eq!(compare(&file, "one\n"), Ok(()));
        let changed = compare(&file, "two\n").unwrap_err();
        assert!(changed.contains("check.txt:1:"), "{changed}");
    }
}
