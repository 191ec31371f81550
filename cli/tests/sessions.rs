//! Sessions with the command: what it prints, on which stream, and how it ends.
//!
//! In: the files of `sessions`. In each, a line `$ utsushi …` is run in the root of the checkout; what follows
//! up to the next `$` is what it prints: its standard output as it is, its error output behind `2> `, and
//! `[exit N]` where N is not 0. Lines `#: …` say what is shown. Paths below `out/` lie in a folder that each
//! session has to itself; `$ ls out/…` lists one. `UTSUSHI_BLESS=1` writes what is printed into the file.

#![expect(clippy::expect_used, reason = "a test tells what failed by panicking")]

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sessions")
}

/// The command, in the root of the checkout, in English unless it is told otherwise.
fn utsushi(words: &[String]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_utsushi"))
        .args(words)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .env("LC_ALL", "C.UTF-8")
        .env_remove("NO_COLOR")
        .env_remove("RUST_BACKTRACE")
        .output()
        .expect("the command starts")
}

/// What one line of a session prints.
fn answer(line: &str, scratch: &Path) -> String {
    let own = |word: &str| match word.starts_with("out/") {
        true => scratch.join(word).display().to_string(),
        false => word.to_owned(),
    };
    let words: Vec<String> = line.split_whitespace().skip(2).map(own).collect();
    if line.starts_with("$ ls ") {
        return listing(Path::new(&words[0]));
    }
    let out = utsushi(&words);
    let mut text = String::from_utf8(out.stdout).expect("the output is UTF-8");
    for line in String::from_utf8(out.stderr)
        .expect("the error output is UTF-8")
        .lines()
    {
        let _ = writeln!(text, "{}", format!("2> {line}").trim_end());
    }
    match out.status.code() {
        Some(0) => {}
        Some(code) => text += &format!("[exit {code}]\n"),
        None => text += "[killed]\n",
    }
    text.replace(&format!("{}/", scratch.display()), "")
}

/// The names in a folder, one a line, hidden ones too.
fn listing(folder: &Path) -> String {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let name = |entry: std::io::Result<fs::DirEntry>| {
        entry.map(|entry| entry.file_name().to_string_lossy().into_owned())
    };
    let mut names: Vec<String> = entries
        .map(name)
        .collect::<Result<_, _>>()
        .expect("the folder can be read");
    names.sort();
    names.iter().map(|name| format!("{name}\n")).collect()
}

/// The session with every answer as it is now.
fn renewed(session: &str, scratch: &Path) -> String {
    let mut now = String::new();
    for line in session.lines() {
        if line.starts_with("#: ") && !now.is_empty() {
            now.push('\n');
        }
        if line.starts_with("#: ") || line.starts_with("$ ") {
            now.push_str(line);
            now.push('\n');
        }
        if line.starts_with("$ ") {
            now.push_str(&answer(line, scratch));
        }
    }
    now
}

fn session(name: &str) {
    let path = here().join(format!("{name}.txt"));
    let shown = fs::read_to_string(&path).expect("the session is there");
    let scratch = tempfile::tempdir().expect("a folder to write to");
    let now = renewed(&shown, scratch.path());
    if std::env::var_os("UTSUSHI_BLESS").is_some_and(|value| value == "1") {
        fs::write(&path, &now).expect("the session can be written");
        return;
    }
    for (number, (shown, printed)) in shown.lines().zip(now.lines()).enumerate() {
        assert_eq!(shown, printed, "{name}.txt:{}", number + 1);
    }
    assert_eq!(shown, now, "{name}.txt");
}

macro_rules! sessions {
    ($($name:ident)*) => {
        $(#[test] fn $name() { session(stringify!($name)); })*

        #[test]
        fn every_session_is_run() {
            let mut known = vec![$(concat!(stringify!($name), ".txt"),)*];
            known.sort_unstable();
            assert_eq!(listing(&here()).lines().collect::<Vec<_>>(), known);
        }
    };
}

sessions!(
    attack chart check diff explain formats graph help hygiene lab matrix mistakes new nodelink order replay rules size trace usage verify what_if
);
