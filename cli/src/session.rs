//! One run of the command: language, colours, and where text goes.

use crate::progress::Progress;
use std::io::{ErrorKind, IsTerminal, Write};
use utsushi::model::finding::{Finding, Severity};
use utsushi::model::migration::Migration;
use utsushi::model::report::Report;
use utsushi::model::text::Lang;
use utsushi::render::Paint;
use utsushi::wording::{Context, pick};

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Nothing found.
    Clean,
    /// Findings that count.
    Found,
    /// The command line or the scenario is wrong.
    Wrong,
    /// A fault of ours.
    Fault,
}

impl Exit {
    /// The exit code.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Found => 1,
            Self::Wrong => 2,
            Self::Fault => 70,
        }
    }

    /// The end of a run that found these: errors count, and warnings where `strict`.
    pub(crate) fn of<'a>(findings: impl IntoIterator<Item = &'a Finding>, strict: bool) -> Self {
        let limit = if strict {
            Severity::Warning
        } else {
            Severity::Error
        };
        let counts = findings.into_iter().any(|f| f.severity >= limit);
        if counts { Self::Found } else { Self::Clean }
    }
}

/// One run of the command.
#[derive(Debug)]
pub(crate) struct Session {
    /// The reader's language.
    pub(crate) lang: Lang,
    /// Colours of the standard output.
    pub(crate) paint: Paint,
    quiet: bool,
}

impl Session {
    pub(crate) fn new(lang: Lang, quiet: bool) -> Self {
        Self {
            lang,
            paint: paint(colours_out()),
            quiet,
        }
    }

    /// Picks one of two wordings.
    pub(crate) fn pick<T>(&self, ja: T, en: T) -> T {
        pick(self.lang, ja, en)
    }

    /// What words about a report are chosen by.
    pub(crate) fn context<'a>(&self, report: &'a Report, migration: &'a Migration) -> Context<'a> {
        Context {
            report,
            requirements: &migration.requirements,
            lang: self.lang,
        }
    }

    /// Begins to show what is being done, where a person watches.
    pub(crate) fn progress(&self, ja: &'static str, en: &'static str) -> Progress {
        let watched = !self.quiet && std::io::stderr().is_terminal();
        Progress::begin(watched, self.lang, ja, en)
    }
}

fn paint(colours: bool) -> Paint {
    if colours { Paint::Colour } else { Paint::Plain }
}

/// Colours of the error output.
pub(crate) fn paint_err() -> Paint {
    paint(colours(std::io::stderr().is_terminal()))
}

/// Whether the standard output gets colours.
pub(crate) fn colours_out() -> bool {
    colours(std::io::stdout().is_terminal())
}

/// Whether a person watches the standard output.
pub(crate) fn watched() -> bool {
    std::io::stdout().is_terminal()
}

/// Colours only on a terminal, and never when `NO_COLOR` is set to anything or the terminal is dumb.
fn colours(terminal: bool) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
    terminal && !set("NO_COLOR") && !dumb
}

/// Writes to the standard output. A reader that has gone away (`utsushi … | head`) is no error, and
/// anything else that goes wrong there is told on the error output.
pub(crate) fn print(text: &str) {
    let mut out = anstream::AutoStream::new(std::io::stdout(), choice(colours_out()));
    if let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush())
        && error.kind() != ErrorKind::BrokenPipe
    {
        // Output that is lost must not look like success to whoever reads the exit code.
        complain(&format!("error: standard output: {error}\n"));
        std::process::exit(i32::from(Exit::Wrong.code()));
    }
}

/// Writes to the error output. There is nowhere to tell that this failed.
pub(crate) fn complain(text: &str) {
    let colours = paint_err() == Paint::Colour;
    let mut out = anstream::AutoStream::new(std::io::stderr(), choice(colours));
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

fn choice(colours: bool) -> anstream::ColorChoice {
    if colours {
        anstream::ColorChoice::Always
    } else {
        anstream::ColorChoice::Never
    }
}
