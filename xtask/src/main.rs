//! `cargo xtask test`: installs what the tests need and runs them all.
//!
//! In: one verb (`test`, `bless`, `help`). Out: the output of every step under
//! its own header, then one line that says what passed. What can go wrong: a
//! tool is missing and cannot be installed, or a step fails; either stops the
//! run at once with the step's name and exit code 1. An unknown verb exits 2.

mod steps;
mod tools;

use std::process::ExitCode;

/// The text of `cargo xtask help`.
const HELP: &str = "\
usage: cargo xtask <verb>

  test            everything that must pass before a commit: formatting, lints,
                  documentation, benches (one pass each), all tests and doctests
  bless [FILTER]  runs the tests with UTSUSHI_BLESS=1, so that those which compare
                  with a file under `expected/` write the file instead; FILTER
                  limits it to tests whose name contains it
  help            this text";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["test"] => test(),
        ["bless"] => bless(None),
        ["bless", filter] => bless(Some(filter)),
        ["help" | "--help" | "-h"] => {
            say(HELP);
            Ok(())
        }
        _ => {
            eprintln!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("\nxtask: FAILED: {problem}");
            ExitCode::FAILURE
        }
    }
}

/// Tools first, then every step in order; the first failure ends the run.
fn test() -> Result<(), String> {
    say("=== tools");
    tools::ensure_all()?;
    let steps = steps::all();
    let mut tests = steps::Tally::default();
    for (number, step) in steps.iter().enumerate() {
        say(&format!(
            "\n=== {}/{} {}: {}",
            number + 1,
            steps.len(),
            step.name,
            step.command_line()
        ));
        tests.add(step.run()?);
    }
    let names: Vec<&str> = steps.iter().map(|step| step.name).collect();
    say(&format!("\nxtask: passed: {} ({tests})", names.join(", ")));
    Ok(())
}

/// Rewrites the expected outputs, then reminds the author to read them.
fn bless(filter: Option<&str>) -> Result<(), String> {
    let step = steps::bless(filter);
    say(&format!("=== {}: {}", step.name, step.command_line()));
    step.run()?;
    say("\nxtask: blessed; read the difference (`git diff`) before you commit it");
    Ok(())
}

/// One line for the person who runs the command.
#[expect(clippy::print_stdout, reason = "a command line tool speaks on stdout")]
fn say(line: &str) {
    println!("{line}");
}
