//! Catalogues of what can be bought: a file of its own, or the one that comes with utsushi.
//!
//! Goes in: a RON file with `title` and `offers`. Comes out: a [`LoadedCatalogue`], or every mistake in it with file, line and
//! column. It is read by the same machinery as a scenario; anything else in it is told as a mistake.

use crate::files::{Disk, Files, Memory};
use crate::load::Failed;
use crate::load::reading::Reading;
use crate::load::tell;
use crate::lower::offer;
use crate::source::Sources;
use std::path::Path;
use utsushi_model::catalogue::Catalogue;
use utsushi_model::finding::Code;
use utsushi_model::migration::Migration;
use utsushi_model::place::Place;
use utsushi_model::text::Text;
use utsushi_model::wellformed::offers;

/// The name by which problems of the built-in catalogue would be told.
const STANDARD: &str = "catalogues/standard.ron";

/// A catalogue and the texts it was read from.
#[derive(Debug)]
pub struct LoadedCatalogue {
    /// The catalogue.
    pub catalogue: Catalogue,
    /// The texts.
    pub sources: Sources,
}

impl LoadedCatalogue {
    /// The catalogue, if whatever its offers are meant for is there in some state of a plan.
    ///
    /// # Errors
    /// Every link or node in `only` that no state knows.
    pub fn meant_for(self, migration: &Migration) -> Result<Catalogue, Failed> {
        let problems = offers(&self.catalogue, &migration.states);
        if problems.is_empty() {
            return Ok(self.catalogue);
        }
        let sources = self.sources;
        Err(Failed { problems, sources })
    }
}

/// The catalogue that comes with utsushi: usual sizes, without prices.
///
/// # Errors
/// Never: a test reads it.
pub fn standard() -> Result<LoadedCatalogue, Failed> {
    let files = Memory::new([(STANDARD, include_str!("../catalogues/standard.ron"))]);
    from(&files, STANDARD)
}

/// A catalogue from the disk.
///
/// # Errors
/// Every mistake in it; a file that cannot be read is one of them.
pub fn read(path: impl AsRef<Path>) -> Result<LoadedCatalogue, Failed> {
    from(&Disk, &path.as_ref().to_string_lossy().replace('\\', "/"))
}

/// A catalogue whose file is `entry`.
///
/// # Errors
/// Every mistake in it.
pub fn from(files: &dyn Files, entry: &str) -> Result<LoadedCatalogue, Failed> {
    let reading = Reading::all(files, entry);
    let mut catalogue = Catalogue::default();
    for part in reading.parts() {
        reading.view(part, |reader, file| {
            tell::only_offers(reader, file);
            if let Some(title) = file.title.and_then(|value| reader.text(value)) {
                catalogue.title = title;
            }
            let offers = reader.most(&file.offers, |value| offer::offer(reader, value));
            catalogue.offers.extend(offers);
        });
    }
    let Reading { log, sources, .. } = reading;
    let (mut problems, _) = log.finish();
    if problems.is_empty() {
        return Ok(LoadedCatalogue { catalogue, sources });
    }
    // The catalogue itself, or what it includes: it is no scenario.
    for problem in &mut problems {
        if problem.code == Code::File && problem.place == Place::nowhere() {
            problem.help = Some(Text::new(
                "カタログのファイルのパスを、コマンドを実行するフォルダから数えて書く",
                "give the path of the catalogue's file, from the folder in which the command is run",
            ));
        }
    }
    problems.sort_by(|a, b| a.place.cmp(&b.place));
    Err(Failed { problems, sources })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_catalogue_is_sound() {
        let found = standard();
        let catalogue = found.unwrap_or_else(|failed| panic!("{:#?}", failed.problems));
        assert!(!catalogue.catalogue.offers.is_empty());
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        let text = "(\n  title: \"x\",\n  zones: [],\n  offers: [\n    (name: \"a\", piece: Line(rate: \"fast\"), source: \"[A]\"),\n    (name: \"b\", piece: Cable, source: \"[A]\"),\n  ],\n)\n";
        let files = Memory::new([("c.ron", text)]);
        let problems = match from(&files, "c.ron") {
            Ok(catalogue) => panic!("{catalogue:#?}"),
            Err(failed) => failed.problems,
        };
        let lines: Vec<u32> = problems.iter().map(|p| p.place.line).collect();
        assert_eq!(lines, [5, 6], "{problems:#?}");
    }

    #[test]
    fn a_catalogue_that_is_not_there_is_not_taken_for_a_scenario() {
        let Err(failed) = from(&Memory::new([("other.ron", "()")]), "offers.ron") else {
            panic!("there is none");
        };
        let [problem] = failed.problems.as_slice() else {
            panic!("{:#?}", failed.problems);
        };
        let help = problem.help.as_ref().map(|help| help.en.as_str());
        assert!(problem.message.en.contains("offers.ron"), "{problem:#?}");
        assert!(help.is_some_and(|h| h.contains("catalogue") && !h.contains("scenario")));
    }

    #[test]
    fn what_is_replaced_is_not_added() {
        let with = |piece: &str| {
            let text = format!(
                "(title: \"x\", offers: [(name: \"a\", piece: {piece}, adds: true, source: \"[A]\")])"
            );
            let files = Memory::new([("c.ron", text.as_str())]);
            from(&files, "c.ron")
        };
        assert!(with("Seats(seats: 10)").is_ok_and(|c| c.catalogue.offers[0].adds));
        let problems = match with("Appliance(sessions: 10)") {
            Ok(catalogue) => panic!("{catalogue:#?}"),
            Err(failed) => failed.problems,
        };
        assert_eq!(problems.len(), 1, "{problems:#?}");
        assert!(problems[0].message.en.contains("`adds`"), "{problems:#?}");
    }

    #[test]
    fn a_field_too_many_or_too_few_hides_no_other_mistake() {
        let text = "\u{feff}(offers: [\n\
            (name: \"a\", prise: 3,\n piece: Line(speed: \"1 Gbps\",\n rate: 5),\n price: \"much\",\n most: 0, source: \"[A]\"),\n\
            (label: 3,\n piece: Workers(per_file: \"fast\"),\n only: [7]),\n\
            ])\n";
        let files = Memory::new([("c.ron", text)]);
        let problems = match from(&files, "c.ron") {
            Ok(catalogue) => panic!("{catalogue:#?}"),
            Err(failed) => failed.problems,
        };
        let told: Vec<(u32, &str)> = problems
            .iter()
            .map(|p| (p.place.line, p.message.en.as_str()))
            .collect();
        let wanted = [
            (2, "`prise`"),
            (3, "`speed`"),
            (4, "`5`"),
            (5, "`\"much\"`"),
            (6, "0 "),
            (7, "`source`"),
            (7, "`(` is needed"),
            (8, "`count`"),
            (8, "`fast`"),
            (9, "`7`"),
        ];
        assert_eq!(told.len(), wanted.len(), "{told:#?}");
        for (line, part) in wanted {
            let found = told
                .iter()
                .any(|(l, text)| *l == line && text.contains(part));
            assert!(found, "{line} {part}: {told:#?}");
        }
    }
}
