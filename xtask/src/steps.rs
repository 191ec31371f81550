//! The steps of `cargo xtask test`: what is run, in which order, and how its outcome is read.
//!
//! In: nothing but the checkout. Out: for every step the output of cargo as it
//! comes, and a [`Tally`] of the tests that ran. What can go wrong: cargo cannot be
//! started, or ends with an exit code other than 0; both name the step.
//!
//! The order is chosen for the waiting person and for the build cache: the
//! fastest check first, then lints and documentation (both only need metadata of
//! the dependencies), then what needs real code. The tests come last, so that the run
//! closes with cargo's own summary lines. All steps share one target directory and the
//! `dev` profile, so every dependency is compiled once.

use std::fmt;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

/// The variable that makes a comparison with an expected file write that file.
const BLESS: &str = "UTSUSHI_BLESS";

/// One call of cargo.
pub struct Step {
    /// What a person calls it.
    pub name: &'static str,
    arguments: Vec<String>,
    /// Variables set for this step only.
    environment: Vec<(&'static str, &'static str)>,
}

/// The steps of `cargo xtask test`, in order.
pub fn all() -> Vec<Step> {
    vec![
        step("formatting", "fmt --all --check"),
        step(
            "lints",
            "clippy --workspace --all-targets -- --deny warnings",
        ),
        Step {
            environment: vec![("RUSTDOCFLAGS", "--deny warnings")],
            ..step("documentation", "doc --workspace --no-deps")
        },
        // Criterion runs every bench exactly once when cargo calls it as a test.
        step("benches", "test --package utsushi-benches --benches"),
        // One run tells of every failing test, not only of those in the first package.
        step("tests", "test --workspace --no-fail-fast"),
    ]
}

/// The step of `cargo xtask bless`; `filter` limits it to tests whose name contains it.
pub fn bless(filter: Option<&str>) -> Step {
    let mut blessing = step("bless", "test --workspace --tests");
    blessing.arguments.extend(filter.map(str::to_owned));
    blessing.environment.push((BLESS, "1"));
    blessing
}

fn step(name: &'static str, arguments: &str) -> Step {
    Step {
        name,
        arguments: arguments.split(' ').map(str::to_owned).collect(),
        environment: Vec::new(),
    }
}

impl Step {
    /// The step as a person would type it.
    pub fn command_line(&self) -> String {
        let variables = self
            .environment
            .iter()
            .map(|(name, value)| format!("{name}='{value}' "));
        format!(
            "{}cargo {}",
            variables.collect::<String>(),
            self.arguments.join(" ")
        )
    }

    /// Runs cargo, passes its output on and counts the tests in it.
    ///
    /// # Errors
    /// Names the step when cargo cannot be started or does not succeed.
    pub fn run(&self) -> Result<Tally, String> {
        let failed = |why: &dyn fmt::Display| format!("{}: {why}", self.name);
        let mut cargo = self
            .command()
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| failed(&error))?;
        let mut tally = Tally::default();
        if let Some(output) = cargo.stdout.take() {
            for line in BufReader::new(output).split(b'\n') {
                let line = line.map_err(|error| failed(&error))?;
                let line = String::from_utf8_lossy(&line);
                tally.read(&line);
                crate::say(&line);
            }
        }
        let status = cargo.wait().map_err(|error| failed(&error))?;
        if status.success() {
            Ok(tally)
        } else {
            Err(failed(&status))
        }
    }

    fn command(&self) -> Command {
        // Cargo tells its children which cargo it is; the fallback serves a binary run by hand.
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        // A variable left over in the caller's shell must not turn a comparison into a rewrite.
        command.env_remove(BLESS).stdin(Stdio::null());
        command.args(&self.arguments);
        command.envs(self.environment.iter().copied());
        command
    }
}

/// How many tests ran, from the lines `test result: ok. 12 passed; 0 failed; 0 ignored; …`.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tally {
    passed: usize,
    ignored: usize,
}

impl Tally {
    /// Adds the numbers of another run.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a tally is counted once and then given away"
    )]
    pub fn add(&mut self, other: Tally) {
        self.passed += other.passed;
        self.ignored += other.ignored;
    }

    /// Counts `line` if it is a summary line of the test harness.
    fn read(&mut self, line: &str) {
        let Some(summary) = line.strip_prefix("test result: ") else {
            return;
        };
        let words: Vec<&str> = summary.split([' ', ';']).collect();
        for pair in words.windows(2) {
            let Ok(count) = pair[0].parse::<usize>() else {
                continue;
            };
            match pair[1] {
                "passed" => self.passed += count,
                "ignored" => self.ignored += count,
                _ => {}
            }
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{} tests passed, {} ignored",
            self.passed, self.ignored
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tally_reads_only_summary_lines() {
        let mut tally = Tally::default();
        tally.read("test space::tests::union ... ok");
        tally.read("test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out");
        tally.add(Tally {
            passed: 5,
            ignored: 0,
        });
        assert_eq!(
            tally,
            Tally {
                passed: 17,
                ignored: 1
            }
        );
        assert_eq!(tally.to_string(), "17 tests passed, 1 ignored");
    }

    #[test]
    fn the_tests_come_last_and_only_blessing_blesses() {
        let steps = all();
        assert_eq!(steps.last().map(|step| step.name), Some("tests"));
        assert!(
            steps
                .iter()
                .all(|step| !step.command_line().contains(BLESS))
        );
        let blessing = bless(Some("transcript"));
        assert_eq!(
            blessing.command_line(),
            "UTSUSHI_BLESS='1' cargo test --workspace --tests transcript"
        );
    }

    #[test]
    fn a_step_that_fails_says_which_one_it_was() {
        let problem = step("nonsense", "no-such-subcommand")
            .run()
            .expect_err("cargo has no such subcommand");
        assert!(problem.starts_with("nonsense: exit status"), "{problem}");
    }
}
