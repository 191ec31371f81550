//! What a scenario raises: problems if it cannot be loaded, findings if it can.
//!
//! In: files and the first file of a scenario. Out: one line for each problem or finding, and the words in
//! which they are told. What can go wrong: packet sets outgrow their arena, which ends the test.

use crate::change::Folder;
use utsushi::render::{self, Paint, Sources};
use utsushi::wording::{self, Context};
use utsushi_model::finding::{Code, Severity};
use utsushi_model::migration::Migration;
use utsushi_model::place::Place;
use utsushi_model::report::Report;
use utsushi_model::text::Lang;
use utsushi_scenarios::import::{Given, iptables};
use utsushi_scenarios::load_from;
use utsushi_scenarios::topology::topology;
use utsushi_sim::run::{TooLarge, hygiene, run};

/// What was seen.
pub(crate) struct Outcome(Vec<Seen>);

/// One problem or finding.
struct Seen {
    line: String,
    /// What it is about, wherever that is written.
    about: String,
    /// As the command prints it.
    words: String,
}

/// The texts of a scenario's files, the packs among them.
struct Texts<'a>(&'a utsushi_scenarios::Sources);

impl Sources for Texts<'_> {
    fn text(&self, file: &str) -> Option<&str> {
        self.0.get(file)
    }
}

impl Outcome {
    /// Loads and runs a scenario.
    pub(crate) fn of(folder: &Folder, entry: &str) -> Self {
        Self::told_by(run, folder, entry)
    }

    /// Loads a scenario and looks at the lines of its lists.
    pub(crate) fn of_lists(folder: &Folder, entry: &str) -> Self {
        Self::told_by(hygiene, folder, entry)
    }

    fn told_by(
        run: impl Fn(&Migration) -> Result<Report, TooLarge>,
        folder: &Folder,
        entry: &str,
    ) -> Self {
        let loaded = match load_from(&folder.memory(), entry) {
            Ok(loaded) => loaded,
            Err(failed) => {
                let texts = Texts(&failed.sources);
                let seen = failed.problems.iter().map(|problem| Seen {
                    line: line(problem.code.severity(), problem.code, &problem.place),
                    about: problem.message.en.clone(),
                    words: in_both(|lang| render::problem(problem, &texts, lang, Paint::Plain)),
                });
                return Self(seen.collect());
            }
        };
        let report = run(&loaded.migration).expect("packet sets fit into their arena");
        let texts = Texts(&loaded.sources);
        let context = |lang| Context {
            report: &report,
            requirements: &loaded.migration.requirements,
            lang,
        };
        let seen = report.findings.iter().map(|finding| {
            let line = line(finding.severity, finding.code, &finding.place);
            let words = |lang| render::finding(finding, &context(lang), &texts, Paint::Plain);
            Seen {
                line: match &finding.rule {
                    Some(rule) => format!("{line} {rule}"),
                    None => line,
                },
                about: format!("{} {}", finding.code, finding.subject.en),
                words: in_both(words),
            }
        });
        Self(seen.collect())
    }

    /// What is not seen in another outcome.
    pub(crate) fn without(mut self, other: &Self) -> Self {
        self.0
            .retain(|s| other.0.iter().all(|o| o.about != s.about));
        self
    }

    /// Imports a dump of `iptables-save`, or a published topology.
    pub(crate) fn of_dump(file: &str, text: &str) -> Self {
        let files: [(&str, &[u8]); 1] = [(file, text.as_bytes())];
        let refused = match file.ends_with(".graph") {
            true => topology(&files).err(),
            false => iptables(&files, &Given::default()).err(),
        };
        let seen = refused.into_iter().flat_map(|refused| {
            let texts = Texts(&refused.sources);
            let seen = refused.problems.iter().map(|problem| Seen {
                line: line(problem.code.severity(), problem.code, &problem.place),
                about: problem.message.en.clone(),
                words: in_both(|lang| render::problem(problem, &texts, lang, Paint::Plain)),
            });
            seen.collect::<Vec<_>>()
        });
        Self(seen.collect())
    }

    /// One line for each: severity, code, place, and the rule behind it.
    pub(crate) fn lines(&self) -> Vec<&str> {
        self.0.iter().map(|seen| seen.line.as_str()).collect()
    }

    /// Everything as the command tells it, English and Japanese.
    pub(crate) fn in_full(&self) -> String {
        self.0.iter().map(|seen| seen.words.as_str()).collect()
    }
}

fn line(severity: Severity, code: Code, place: &Place) -> String {
    format!("{}[{code}] {place}", wording::severity(severity, Lang::En))
}

/// The English words, then the Japanese.
fn in_both(words: impl Fn(Lang) -> String) -> String {
    format!("{}\n{}\n", words(Lang::En), words(Lang::Ja))
}
