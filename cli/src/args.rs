//! The command line as types; help texts in English here, in Japanese in `help`.
//!
//! In: the words of the command line. Out: [`Args`], or clap's error for `usage` to tell.

mod capacity;
mod shared;

pub(crate) use capacity::{Failures, Replay, Size, Table, WhatIf};
pub(crate) use shared::{AfterStep, Failing, Form, OnlyStep, TableForm};

use clap::{ArgAction, FromArgMatches, Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::path::PathBuf;
use utsushi::figures::Figure;
use utsushi::model::text::Lang;

/// digital twin of a local government's network while it moves between the α, β and β' models
#[derive(Debug, Parser)]
#[command(
    name = "utsushi",
    version,
    disable_help_flag = true,
    disable_version_flag = true
)]
#[command(
    disable_help_subcommand = true,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) verb: Verb,
    /// language of messages, reports and charts: ja or en [default: from LC_ALL or LANG]
    #[arg(long, global = true, value_name = "LANG", hide_possible_values = true)]
    pub(crate) lang: Option<Language>,
    /// no progress on the error output
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// print help
    #[arg(long, short, global = true, action = ArgAction::Help)]
    help: Option<bool>,
    /// print the version
    #[arg(long, short = 'V', action = ArgAction::Version)]
    version: Option<bool>,
}

/// What to do; each verb has its file in `verb`.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// write a scenario folder to start from
    New(New),
    /// isolation and capacity at every state of the plan
    Check(Check),
    /// isolation only: verdicts per rule and step, packets that get through, their ways
    Verify(Verify),
    /// one packet and its conversation, hop by hop, with the rule that decides at each
    Trace(Trace),
    /// lines of filters and other lists that could go, or let less pass
    Hygiene(Hygiene),
    /// what an attacker gets hold of by each risk, and which measures are absent on the way
    Attack(Attack),
    /// load on every resource, busiest first
    Replay(Replay),
    /// the smallest purchase that is enough for years, as the table of a specification
    Size(Size),
    /// the same plan with other figures: how full everything is for each of them
    WhatIf(WhatIf),
    /// charts as SVG or PNG, with their figures as CSV
    Chart(Chart),
    /// traffic that two states treat differently, and the change behind each difference
    Diff(Diff),
    /// a safe order of the changes of a step, or why there is none
    Order(Order),
    /// who may talk to whom for a service: groups with equal rights, segments, zones
    Matrix(Matrix),
    /// read the rule set of a real device and write it as a piece of a scenario
    Import(Import),
    /// a state as a lab of Linux network namespaces, to be tried with real connections
    Lab(Lab),
    /// every rule of the packs, and every row that cannot be decided, with the reason
    Rules(Rules),
    /// the page of a finding, problem or rule
    Explain(Explain),
    /// listens and probes inside a lab; its scripts call it
    #[command(hide = true)]
    LabAgent(LabAgent),
}

#[derive(Debug, clap::Args)]
pub(crate) struct New {
    /// folder to write; must not exist or be empty
    #[arg(value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// scenario to start from: alpha, alpha-prime, beta, beta-prime, mie or town [default: alpha]
    #[arg(
        long,
        value_name = "NAME",
        default_value = "alpha",
        hide_default_value = true
    )]
    #[arg(hide_possible_values = true)]
    pub(crate) from: Template,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) scenario: Scenario,
    /// folder for charts, their figures, their index and report.json
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// form of the report: text, json, junit or sarif [default: text]
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "text",
        hide_default_value = true
    )]
    #[arg(hide_possible_values = true)]
    pub(crate) format: Format,
    /// warnings count as errors
    #[arg(long)]
    pub(crate) strict: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    pub(crate) scenario: Scenario,
    #[command(flatten)]
    pub(crate) only: OnlyStep,
    /// only this rule, such as I-MN-02
    #[arg(long, value_name = "ID")]
    pub(crate) rule: Option<String>,
    #[command(flatten)]
    pub(crate) form: Form,
    /// warnings count as errors
    #[arg(long)]
    pub(crate) strict: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Trace {
    #[command(flatten)]
    pub(crate) scenario: Scenario,
    #[command(flatten)]
    pub(crate) after: AfterStep,
    /// sender: host group, system, node, segment or address
    #[arg(long, value_name = "HOST")]
    pub(crate) from: String,
    /// receiver: host group, system, node, segment or address
    #[arg(long, value_name = "HOST")]
    pub(crate) to: String,
    /// what is asked for, such as tcp/443 or icmp
    #[arg(long, value_name = "SERVICE")]
    pub(crate) service: String,
    /// go on past every denial and show each point that would block, there, back and through relays
    #[arg(long)]
    pub(crate) permit_all: bool,
    #[command(flatten)]
    pub(crate) form: Form,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Hygiene {
    #[command(flatten)]
    pub(crate) scenario: Scenario,
    #[command(flatten)]
    pub(crate) only: OnlyStep,
    /// folder for hygiene.csv and hygiene.json
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) form: Form,
    /// warnings count as errors
    #[arg(long)]
    pub(crate) strict: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Attack {
    #[command(flatten)]
    pub(crate) scenario: Scenario,
    #[command(flatten)]
    pub(crate) after: AfterStep,
    /// only this risk, RK-1 to RK-7
    #[arg(long, value_name = "RISK")]
    pub(crate) risk: Option<String>,
    #[command(flatten)]
    pub(crate) form: Form,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Chart {
    #[command(flatten)]
    pub(crate) scenario: Scenario,
    /// folder for the charts
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// only this chart: utilisation, heatmap, headroom, duration, waterfall, pools, gate or picture
    #[arg(long, value_name = "NAME", hide_possible_values = true)]
    pub(crate) figure: Option<Figure>,
    /// every chart of every state, not only those that matter
    #[arg(long, conflicts_with = "figure")]
    pub(crate) all: bool,
    /// form of the charts: svg or png [default: svg]
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "svg",
        hide_default_value = true
    )]
    #[arg(hide_possible_values = true)]
    pub(crate) format: Image,
    #[command(flatten)]
    pub(crate) only: OnlyStep,
    /// one column more in utilisation: the last step so many years on [default: 0, none]
    #[arg(
        long,
        value_name = "N",
        default_value_t = 0,
        value_parser = clap::value_parser!(u32).range(0..=50),
        hide_default_value = true
    )]
    pub(crate) years: u32,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Matrix {
    /// scenario folder or its scenario.ron; or, with --chain, dumps of iptables-save and ip6tables-save
    #[arg(value_name = "SCENARIO|FILE", required = true)]
    pub(crate) inputs: Vec<PathBuf>,
    /// what is asked for, such as tcp/443 or icmp
    #[arg(long, value_name = "SERVICE")]
    pub(crate) service: String,
    #[command(flatten)]
    pub(crate) after: AfterStep,
    /// chain of the dumps: FORWARD, INPUT or OUTPUT
    #[arg(long, value_name = "CHAIN")]
    pub(crate) chain: Option<String>,
    /// interface by which packets come in; without it, rules that ask for one are in doubt
    #[arg(long, value_name = "INTERFACE", requires = "chain")]
    pub(crate) incoming: Option<String>,
    /// interface by which packets go out
    #[arg(long, value_name = "INTERFACE", requires = "chain")]
    pub(crate) outgoing: Option<String>,
    /// unknown match or target to take as undecidable; may be given several times
    #[arg(long, value_name = "NAME", requires = "chain")]
    pub(crate) doubt: Vec<String>,
    /// folder for the matrix as SVG, PNG, CSV and JSON
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// form of the answer: text, json or csv [default: text]
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "text",
        hide_default_value = true
    )]
    #[arg(hide_possible_values = true)]
    pub(crate) format: Sheet,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Import {
    /// kind: iptables (iptables-save, ip6tables-save), or graph (NODES, EDGES, DEMANDS; or node-link JSON)
    #[arg(value_name = "KIND", hide_possible_values = true)]
    pub(crate) kind: Dialect,
    /// dumps of one device, at most one for IPv4 and one for IPv6; or a topology and its demands
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// file to write [default: standard output]; for graph the folder
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// name of the node [default: fw]
    #[arg(
        long,
        value_name = "NODE",
        default_value = "fw",
        hide_default_value = true
    )]
    pub(crate) name: String,
    /// site of the node [default: hq]
    #[arg(
        long,
        value_name = "SITE",
        default_value = "hq",
        hide_default_value = true
    )]
    pub(crate) site: String,
    /// address of an interface for MASQUERADE, such as eth0=203.0.113.1; may be given several times
    #[arg(long, value_name = "INTERFACE=ADDRESS")]
    pub(crate) address: Vec<String>,
    /// unknown match or target to take as undecidable; may be given several times
    #[arg(long, value_name = "NAME")]
    pub(crate) doubt: Vec<String>,
    /// for graph: what edges of JSON carry that do not say it, such as 10Gbps
    #[arg(long, value_name = "RATE")]
    pub(crate) capacity: Option<String>,
    /// for graph: attribute of edges of JSON that is their weight [default: weight, cost or metric]
    #[arg(long, value_name = "NAME")]
    pub(crate) weight: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Diff {
    #[command(flatten)]
    pub(crate) scenario: Scenario,
    /// state to start from: after this step; 0 is today [default: 0]
    #[arg(
        long,
        value_name = "ID",
        default_value = "0",
        hide_default_value = true
    )]
    pub(crate) from_step: String,
    /// state to end at: after this step [default: the last]
    #[arg(long, value_name = "ID")]
    pub(crate) to_step: Option<String>,
    /// folder for diff.csv and diff.json
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) form: Form,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Order {
    #[command(flatten)]
    pub(crate) scenario: Scenario,
    /// step whose changes are put into order
    #[arg(long, value_name = "ID")]
    pub(crate) step: String,
    /// write the order into the scenario file
    #[arg(long)]
    pub(crate) write: bool,
    #[command(flatten)]
    pub(crate) form: Form,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Rules {
    /// only what applies to this model: alpha, alpha-prime, beta or beta-prime
    #[arg(long, value_name = "MODEL", hide_possible_values = true)]
    pub(crate) model: Option<ModelName>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Lab {
    #[command(flatten)]
    pub(crate) scenario: Scenario,
    #[command(flatten)]
    pub(crate) after: AfterStep,
    /// folder for the lab
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// most packets to try [default: 400]
    #[arg(
        long,
        value_name = "N",
        default_value_t = 400,
        hide_default_value = true
    )]
    pub(crate) probes: usize,
}

#[derive(Debug, clap::Args)]
pub(crate) struct LabAgent {
    /// what to do: listen FILE READY, probe PROBES NAME, or judge DIR
    #[arg(value_name = "WORDS", trailing_var_arg = true)]
    pub(crate) words: Vec<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Explain {
    /// code of a finding or problem, such as ISO-101, or a rule, such as I-MN-12
    #[arg(value_name = "CODE")]
    pub(crate) code: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Scenario {
    /// scenario folder, or its scenario.ron
    #[arg(value_name = "SCENARIO")]
    pub(crate) scenario: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Template {
    Alpha,
    AlphaPrime,
    Beta,
    BetaPrime,
    Mie,
    Town,
}

/// Models by name, or by their Greek letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ModelName {
    #[value(alias = "α")]
    Alpha,
    #[value(alias = "α'")]
    AlphaPrime,
    #[value(alias = "β")]
    Beta,
    #[value(alias = "β'")]
    BetaPrime,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    Ja,
    En,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
    Junit,
    Sarif,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Plain {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Image {
    Svg,
    Png,
}

/// Reads a command line; its help is in the reader's language.
pub(crate) fn parse(words: &[OsString], lang: Lang) -> Result<Args, clap::Error> {
    let matches = crate::help::command(lang).try_get_matches_from(words)?;
    Args::from_arg_matches(&matches)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sheet {
    Text,
    Json,
    Csv,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Dialect {
    Iptables,
    Graph,
}
