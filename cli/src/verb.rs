//! The verbs, one file each: what a verb reads, asks of the parts, and prints.

mod attack;
mod chart;
mod check;
mod diff;
mod explain;
mod hygiene;
mod import;
mod lab;
mod lab_agent;
mod matrix;
mod new;
mod order;
mod published;
mod replay;
mod rules;
mod size;
mod trace;
mod verify;
mod what_if;

use crate::args::Verb;
use crate::failure::Failure;
use crate::session::{Exit, Session};

/// Runs a verb.
pub(crate) fn run(verb: &Verb, session: &Session) -> Result<Exit, Failure> {
    match verb {
        Verb::New(args) => new::run(args, session),
        Verb::Check(args) => check::run(args, session),
        Verb::Verify(args) => verify::run(args, session),
        Verb::Trace(args) => trace::run(args, session),
        Verb::Hygiene(args) => hygiene::run(args, session),
        Verb::Attack(args) => attack::run(args, session),
        Verb::Replay(args) => replay::run(args, session),
        Verb::Size(args) => size::run(args, session),
        Verb::WhatIf(args) => what_if::run(args, session),
        Verb::Chart(args) => chart::run(args, session),
        Verb::Diff(args) => diff::run(args, session),
        Verb::Order(args) => order::run(args, session),
        Verb::Rules(args) => rules::run(args, session),
        Verb::Matrix(args) => matrix::run(args, session),
        Verb::Import(args) => import::run(args, session),
        Verb::Lab(args) => lab::run(args, session),
        Verb::LabAgent(args) => lab_agent::run(args, session),
        Verb::Explain(args) => explain::run(args, session),
    }
}
