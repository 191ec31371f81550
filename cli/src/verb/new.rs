//! `utsushi new`: a scenario folder to start from.

use crate::args::New;
use crate::engine;
use crate::failure::Failure;
use crate::session::{Exit, Session, print};

/// Writes the folder and says what to do next.
pub(super) fn run(args: &New, session: &Session) -> Result<Exit, Failure> {
    engine::write(args.from, &args.dir)?;
    let dir = args.dir.display();
    print(&session.pick(
        format!("`{dir}` を作成した。次は `utsushi check {dir}`\n"),
        format!("wrote `{dir}`; next: `utsushi check {dir}`\n"),
    ));
    Ok(Exit::Clean)
}
