//! Why a verb could not do its work: the user's mistakes, and ours.

use crate::session::{Exit, Session, complain, paint_err};
use std::path::Path;
use utsushi::model::finding::Severity;
use utsushi::model::problem::Problem;
use utsushi::model::text::Text;
use utsushi::render::{Paint, problems};
use utsushi::scenarios::Sources;
use utsushi::sim::whatif::Mistake;
use utsushi::wording;

/// A mistake on the command line: the fact, and a way out if there is one to offer.
fn mistake(fact: &Text, help: Option<&Text>, session: &Session) -> String {
    let (lang, paint): (_, Paint) = (session.lang, paint_err());
    let level = paint.bad(wording::severity(Severity::Error, lang));
    let mut text = format!("{level}: {}\n", fact.get(lang));
    if let Some(help) = help {
        let word = session.pick("対処", "help");
        text.push_str(&format!("  = {word}: {}\n", help.get(lang)));
    }
    text
}

/// Why a verb stopped.
pub(crate) enum Failure {
    /// The scenario holds mistakes.
    Scenario {
        /// All of them.
        problems: Vec<Problem>,
        /// The files they stand in.
        sources: Box<Sources>,
    },
    /// The command line asks for something that is not there or cannot be done.
    Asked {
        /// What is wrong.
        fact: Text,
        /// A way out, if there is one to offer.
        help: Option<Text>,
    },
    /// The command line asks for several such things.
    Several(Vec<Mistake>),
    /// A fault of ours.
    Fault(String),
}

impl Failure {
    /// A mistake on the command line.
    pub(crate) fn asked(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Asked {
            fact: Text::new(ja, en),
            help: None,
        }
    }

    /// The same with a way out.
    pub(crate) fn help(self, ja: impl Into<String>, en: impl Into<String>) -> Self {
        match self {
            Self::Asked { fact, .. } => Self::Asked {
                fact,
                help: Some(Text::new(ja, en)),
            },
            other => other,
        }
    }

    /// Two results that are both needed, or why one of them is missing; mistakes in the files of both are told together.
    pub(crate) fn both<A, B>(one: Result<A, Self>, other: Result<B, Self>) -> Result<(A, B), Self> {
        match (one, other) {
            (Ok(one), Ok(other)) => Ok((one, other)),
            (
                Err(Self::Scenario {
                    mut problems,
                    sources,
                }),
                Err(Self::Scenario {
                    problems: more,
                    sources: others,
                }),
            ) => {
                problems.extend(more);
                let sources = Box::new(sources.with(*others));
                Err(Self::Scenario { problems, sources })
            }
            (Err(failure), _) | (_, Err(failure)) => Err(failure),
        }
    }

    /// A file or folder that cannot be used as asked.
    pub(crate) fn file(path: &Path, error: &std::io::Error) -> Self {
        let path = path.display();
        Self::asked(
            format!("`{path}` に書き込めない：{error}"),
            format!("cannot write `{path}`: {error}"),
        )
    }

    /// Tells it on the error output; the exit code says whose mistake it was.
    pub(crate) fn tell(&self, session: &Session) -> Exit {
        let lang = session.lang;
        match self {
            Self::Scenario {
                problems: all,
                sources,
            } => {
                complain(&problems(all, sources.as_ref(), lang, paint_err()));
                Exit::Wrong
            }
            Self::Asked { fact, help } => {
                complain(&mistake(fact, help.as_ref(), session));
                Exit::Wrong
            }
            Self::Several(mistakes) => {
                for Mistake { fact, help } in mistakes {
                    complain(&mistake(fact, help.as_ref(), session));
                }
                Exit::Wrong
            }
            Self::Fault(what) => {
                crate::fault::tell(lang, what);
                Exit::Fault
            }
        }
    }
}
