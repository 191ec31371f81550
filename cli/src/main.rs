//! The command `utsushi`.
//!
//! In: a command line (see `args`). Out: text on the standard output, progress and problems on the error
//! output, files where asked for, and an exit code: 0 nothing found, 1 findings of severity error (with
//! `--strict` warnings too), 2 the command line or the scenario is wrong, 70 a fault of ours.

mod args;
mod engine;
mod failure;
mod fault;
mod files;
mod help;
mod language;
mod names;
mod progress;
mod session;
mod usage;
mod verb;

use session::{Exit, Session};
use std::process::ExitCode;

/// Proofs and replays take and give back many small pieces of memory on every thread: a tenth of the time with the
/// system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args_os().collect();
    let lang = language::choose(&words, |name| std::env::var(name).ok());
    let exit = fault::guard(lang, || run(&words, lang));
    ExitCode::from(exit.code())
}

/// Reads the command line, runs its verb, tells what went wrong.
fn run(words: &[std::ffi::OsString], lang: utsushi::model::text::Lang) -> Exit {
    let args = match args::parse(words, lang) {
        Ok(args) => args,
        Err(error) => return usage::tell(&error, lang),
    };
    let session = Session::new(lang, args.quiet);
    match verb::run(&args.verb, &session) {
        Ok(exit) => exit,
        Err(failure) => failure.tell(&session),
    }
}
