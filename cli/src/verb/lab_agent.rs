//! `utsushi lab-agent`: what the scripts of a lab call. Not for people, so help does not list it.

use crate::args::LabAgent;
use crate::failure::Failure;
use crate::session::{Exit, Session, print};
use utsushi::lab::agent::{self, Outcome};
use utsushi::wording;

/// Runs an agent; a judgement is told.
pub(super) fn run(args: &LabAgent, session: &Session) -> Result<Exit, Failure> {
    let outcome = agent::run(&args.words, &mut std::io::stdout())
        .map_err(|error| Failure::asked(error.to_string(), error.to_string()))?;
    let Outcome::Judged(judgement) = outcome else {
        return Ok(Exit::Clean);
    };
    print(&wording::lab::judgement(&judgement, session.lang));
    Ok(if judgement.differences.is_empty() {
        Exit::Clean
    } else {
        Exit::Found
    })
}
