//! Options that several verbs have, each with one meaning and one help text.

use super::{Failures, Plain, Table};

/// Of a verb that may look at one state alone.
#[derive(Debug, clap::Args)]
pub(crate) struct OnlyStep {
    /// only the state after this step; 0 is today
    #[arg(long, value_name = "ID")]
    pub(crate) step: Option<String>,
}

/// Of a verb that always looks at one state.
#[derive(Debug, clap::Args)]
pub(crate) struct AfterStep {
    /// state after this step; 0 is today
    #[arg(
        long,
        value_name = "ID",
        default_value = "0",
        hide_default_value = true
    )]
    pub(crate) step: String,
}

/// Of a verb that prints for people or for programs.
#[derive(Debug, clap::Args)]
pub(crate) struct Form {
    /// form of the report: text or json [default: text]
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "text",
        hide_default_value = true
    )]
    #[arg(hide_possible_values = true)]
    pub(crate) format: Plain,
}

/// Of a verb that prints a table.
#[derive(Debug, clap::Args)]
pub(crate) struct TableForm {
    /// form of the table: text, markdown, csv or json [default: text]
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "text",
        hide_default_value = true
    )]
    #[arg(hide_possible_values = true)]
    pub(crate) format: Table,
}

/// Of a verb that looks at failures.
#[derive(Debug, clap::Args)]
pub(crate) struct Failing {
    /// what fails: none, single (one thing at a time) or pairs (two links or nodes at once) [default: none]
    #[arg(
        long,
        value_name = "WHICH",
        default_value = "none",
        hide_default_value = true
    )]
    #[arg(hide_possible_values = true)]
    pub(crate) failures: Failures,
}
