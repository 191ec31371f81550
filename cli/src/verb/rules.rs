//! `utsushi rules`: every rule of the packs, and every row that nothing decides, with the reason.

use crate::args::{ModelName, Rules};
use crate::failure::Failure;
use crate::session::{Exit, Session, print};
use utsushi::catalogue;
use utsushi::model::migration::Model;

/// Prints the catalogue.
pub(super) fn run(args: &Rules, session: &Session) -> Result<Exit, Failure> {
    let model = args.model.map(|name| match name {
        ModelName::Alpha => Model::Alpha,
        ModelName::AlphaPrime => Model::AlphaPrime,
        ModelName::Beta => Model::Beta,
        ModelName::BetaPrime => Model::BetaPrime,
    });
    let entries = catalogue::entries(model);
    print(&catalogue::text(&entries, session.lang));
    Ok(Exit::Clean)
}
