//! The options of the verbs about capacity.

use super::{Failing, Form, OnlyStep, Scenario, TableForm};
use clap::ValueEnum;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Replay {
    #[command(flatten)]
    pub(crate) scenario: Scenario,
    #[command(flatten)]
    pub(crate) only: OnlyStep,
    /// resources shown for each step [default: 10]
    #[arg(
        long,
        value_name = "N",
        default_value_t = 10,
        hide_default_value = true
    )]
    pub(crate) top: usize,
    #[command(flatten)]
    pub(crate) form: Form,
    #[command(flatten)]
    pub(crate) failing: Failing,
    /// so many years of growth after the date of each state [default: 0]
    #[arg(
        long,
        value_name = "N",
        default_value_t = 0,
        value_parser = clap::value_parser!(u32).range(0..=50),
        hide_default_value = true
    )]
    pub(crate) years: u32,
    /// warnings count as errors
    #[arg(long)]
    pub(crate) strict: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Size {
    #[command(flatten)]
    pub(crate) scenario: Scenario,
    /// years of growth to be looked at [default: 5]
    #[arg(
        long,
        value_name = "N",
        default_value_t = 5,
        value_parser = clap::value_parser!(u32).range(0..=20),
        hide_default_value = true
    )]
    pub(crate) years: u32,
    /// file of offers [default: usual sizes without prices]
    #[arg(long, value_name = "FILE")]
    pub(crate) catalogue: Option<PathBuf>,
    /// limit in per cent when something has failed [default: the planning limit]
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub(crate) degraded: Option<f64>,
    /// folder for the table as CSV, Markdown and JSON
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// also what is enough as it is
    #[arg(long)]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) form: TableForm,
}

#[derive(Debug, clap::Args)]
pub(crate) struct WhatIf {
    #[command(flatten)]
    pub(crate) scenario: Scenario,
    /// what is otherwise, such as terminals=8000,23000 or link.NAME.rate=2Gbps; several give every combination
    #[arg(long = "set", value_name = "KEY=VALUE,…", required = true)]
    pub(crate) set: Vec<String>,
    /// folder for the table as CSV and JSON and the chart as SVG, PNG and CSV
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) form: TableForm,
    #[command(flatten)]
    pub(crate) failing: Failing,
    #[command(flatten)]
    pub(crate) only: OnlyStep,
    /// resources shown [default: 5]
    #[arg(long, value_name = "N", default_value_t = 5, hide_default_value = true)]
    pub(crate) top: usize,
}

/// A ratio from per cent: `100`, `80 %`.
fn percent(text: &str) -> Result<f64, String> {
    let number = text.trim().trim_end_matches('%').trim().parse::<f64>();
    match number {
        Ok(n) if (1.0..=200.0).contains(&n) => Ok(n / 100.0),
        _ => Err(format!("`{text}` is not a percentage between 1 and 200")),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Failures {
    None,
    Single,
    Pairs,
}

impl From<Failures> for utsushi::sim::replay::Failures {
    fn from(which: Failures) -> Self {
        match which {
            Failures::None => Self::None,
            Failures::Single => Self::Single,
            Failures::Pairs => Self::Pairs,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Table {
    Text,
    Markdown,
    Csv,
    Json,
}
