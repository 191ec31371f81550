//! The agent that the kernel test runs inside its labs: `utsushi lab-agent` without the rest of the command.
//!
//! In: the words that a lab's scripts give to `utsushi`. Out: the agent's lines on the standard output. What can
//! go wrong is told on the error output, with exit code 2; probes that went otherwise than expected end with 1.

use std::process::ExitCode;
use utsushi_lab::agent::{Outcome, run};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(2).collect();
    match run(&words, &mut std::io::stdout()) {
        Ok(Outcome::Judged(judgement)) if !judgement.differences.is_empty() => ExitCode::from(1),
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("lab-agent: {error}");
            ExitCode::from(2)
        }
    }
}
