//! Colours, where the reader's terminal wants them.

use annotate_snippets::Renderer;
use annotate_snippets::renderer::{AnsiColor, Effects, Style};

/// Where no terminal wraps lines, source lines are shown whole up to this width, in cells.
const WIDE: usize = 400;

/// Whether to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// Text only: pipes, files, `NO_COLOR`.
    Plain,
    /// ANSI colours: a terminal.
    Colour,
}

impl Paint {
    fn with(self, style: Style, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Colour => format!("{style}{text}{style:#}"),
        }
    }

    /// Something that is as it should be.
    #[must_use]
    pub fn good(self, text: &str) -> String {
        self.with(AnsiColor::Green.on_default(), text)
    }
    /// Something to be decided by a person.
    #[must_use]
    pub fn doubtful(self, text: &str) -> String {
        self.with(AnsiColor::Yellow.on_default(), text)
    }
    /// Something that must be mended.
    #[must_use]
    pub fn bad(self, text: &str) -> String {
        self.with(
            AnsiColor::BrightRed.on_default().effects(Effects::BOLD),
            text,
        )
    }
    /// A heading.
    #[must_use]
    pub fn strong(self, text: &str) -> String {
        self.with(Style::new().effects(Effects::BOLD), text)
    }
    /// Something beside the point.
    #[must_use]
    pub fn faint(self, text: &str) -> String {
        self.with(Style::new().effects(Effects::DIMMED), text)
    }

    /// The renderer of source excerpts in the same colours.
    pub(super) const fn renderer(self) -> Renderer {
        match self {
            Self::Plain => Renderer::plain().term_width(WIDE),
            Self::Colour => Renderer::styled(),
        }
    }
}
