//! How the command behaves towards other programs: pipes, colours, interruption, repetition.
//!
//! In: the command and the shipped scenarios. What can go wrong: a reader that goes away is taken for an error,
//! colours reach a file, an interrupted run leaves something behind, two runs differ.

use std::path::Path;
use std::process::{Command, Stdio};

fn utsushi(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_utsushi"));
    command
        .args(words)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .env("LC_ALL", "C.UTF-8");
    command
}

const MIE: &str = "scenarios/library/mie";

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut child = utsushi(&["check", MIE, "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    // The pipe is closed before anything is written to it.
    drop(child.stdout.take());
    let out = child.wait_with_output().expect("the command ends");
    assert_eq!(String::from_utf8_lossy(&out.stderr), "");
    assert_eq!(out.status.code(), Some(1), "the findings still count");
}

#[test]
fn files_and_pipes_get_no_colours_even_if_forced() {
    let out = utsushi(&["check", MIE])
        .env("CLICOLOR_FORCE", "1")
        .output()
        .expect("the command runs");
    assert!(!out.stdout.contains(&0x1b));
    let wrong = utsushi(&["check"])
        .env("CLICOLOR_FORCE", "1")
        .output()
        .expect("the command runs");
    assert!(!wrong.stderr.contains(&0x1b));
}

#[test]
fn two_runs_print_the_same_bytes() {
    let run = |format: &str, threads: &str| {
        let mut command = utsushi(&["check", MIE, "--format", format]);
        command
            .env("RAYON_NUM_THREADS", threads)
            .output()
            .expect("the command runs")
            .stdout
    };
    for format in ["text", "json", "junit", "sarif"] {
        assert!(run(format, "1") == run(format, "4"), "{format}");
    }
}

#[test]
fn machine_formats_parse_and_agree_on_what_was_found() {
    let run = |format: &str| {
        utsushi(&["check", MIE, "--format", format])
            .output()
            .expect("the command runs")
            .stdout
    };
    let json: serde_json::Value = serde_json::from_slice(&run("json")).expect("the report is JSON");
    let sarif: serde_json::Value = serde_json::from_slice(&run("sarif")).expect("the log is JSON");
    let codes = |list: &serde_json::Value, key: &str| -> Vec<String> {
        let items = list.as_array().expect("a list");
        items
            .iter()
            .map(|item| item[key].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    let found = codes(&json["findings"], "code");
    assert!(!found.is_empty());
    assert_eq!(found, codes(&sarif["runs"][0]["results"], "ruleId"));
    let junit = String::from_utf8(run("junit")).expect("the XML is UTF-8");
    assert!(
        found
            .iter()
            .filter(|code| code.starts_with("CAP"))
            .all(|code| junit.contains(code.as_str()))
    );
}

/// Ctrl-C in the middle of a run: the folder asked for is there at most, and nothing is in it.
#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_no_file() {
    use std::time::{Duration, Instant};
    let scratch = tempfile::tempdir().expect("a folder to write to");
    let folder = scratch.path().join("charts");
    let path = folder.display().to_string();
    let mut child = utsushi(&["chart", MIE, "--out", &path])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the command starts");
    let entries = || std::fs::read_dir(&folder).map(Iterator::count).unwrap_or(0);
    let begun = Instant::now();
    while entries() == 0 && begun.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(5));
    }
    let sent = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .expect("kill runs");
    assert!(sent.success(), "the command was still running");
    let status = child.wait().expect("the command ends");
    assert_eq!(status.code(), Some(130));
    assert_eq!(entries(), 0);
}

/// The order goes into the file and nothing else of it changes; asked again, the file is safe as it is.
#[test]
fn an_order_that_is_written_is_the_one_that_is_read_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("scenario.ron");
    let before = include_str!("../../tests/order/scenario.ron");
    std::fs::write(&path, before).expect("the scenario is written");
    let scenario = path.to_string_lossy();
    let run = |words: &[&str]| {
        let all = [&["order", &*scenario][..], words].concat();
        let out = utsushi(&all).output().expect("the command runs");
        (
            out.status.code(),
            String::from_utf8_lossy(&out.stdout).into_owned(),
        )
    };
    let (code, text) = run(&["--step", "2", "--write"]);
    assert_eq!(code, Some(1), "{text}");
    assert_eq!(std::fs::read_to_string(&path).expect("it is there"), before);
    let (code, text) = run(&["--step", "1", "--write"]);
    assert_eq!(code, Some(0), "{text}");
    let after = std::fs::read_to_string(&path).expect("it is there");
    let first = before
        .find("      Relabel(segments: [\"a\"]")
        .expect("the first change");
    let second = before.find("      // Nobody").expect("the second change");
    let end = second
        + before[second..]
            .find("    ]),")
            .expect("the end of the list");
    let wanted = [
        &before[..first],
        &before[second..end],
        &before[first..second],
        &before[end..],
    ];
    assert_eq!(after, wanted.concat());
    let (code, text) = run(&["--step", "1"]);
    assert!(code == Some(0) && text.contains("as written"), "{text}");
    let names: Vec<_> = std::fs::read_dir(folder.path())
        .expect("the folder")
        .collect();
    assert_eq!(names.len(), 1, "nothing else is left behind");
}

/// Two rules put at the front, one after the other: in the safe order the list would be another one, and it
/// leaks for good. So nothing is written; and `verify` tells the leak in between as `check` does.
#[test]
fn an_order_that_would_make_another_list_is_not_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("scenario.ron");
    let before = include_str!("../../tests/findings/back/scenario.ron");
    let first = before
        .find("        AddRule(node: \"fw\"")
        .expect("the change");
    let end = first + before[first..].find('\n').expect("its end") + 1;
    let changes = "        AddRule(node: \"fw\", at: Forward, position: First, rule: Allow(name: \"mail\", \
                   from: [\"terms\"], to: [\"int\"], service: [\"tcp/22\"])),\n        \
                   AddRule(node: \"fw\", at: Forward, position: First, rule: Deny(name: \"no\", \
                   from: [\"terms\"], to: [\"int\"], service: [\"any\"])),\n";
    let text = [&before[..first], changes, &before[end..]].concat();
    let text = text.replace(
        "RemoveRule(node: \"fw\", at: Forward, name: \"mail\"),",
        "RemoveRule(node: \"fw\", at: Forward, name: \"mail\"), RemoveRule(node: \"fw\", at: Forward, name: \"no\"),",
    );
    std::fs::write(&path, &text).expect("the scenario is written");
    let scenario = path.to_string_lossy();
    let run = |words: &[&str]| {
        let out = utsushi(words).output().expect("the command runs");
        let said = [out.stdout, out.stderr].concat();
        (
            out.status.code(),
            String::from_utf8_lossy(&said).into_owned(),
        )
    };
    let (code, said) = run(&["order", &scenario, "--step", "1", "--write"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("network after the step"), "{said}");
    assert_eq!(std::fs::read_to_string(&path).expect("it is there"), text);
    let (code, said) = run(&["verify", &scenario]);
    assert!(code == Some(1) && said.contains("MIG-204"), "{said}");
}
