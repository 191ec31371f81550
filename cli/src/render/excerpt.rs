//! Source lines with markers: places in files as elements of a rendered message.

use super::Sources;
use crate::model::place::Place;
use annotate_snippets::{AnnotationKind, Element, Origin, Snippet};
use std::ops::Range;

/// A place and what is written under its marker.
#[derive(Clone, Copy)]
pub(super) struct Mark<'a> {
    /// Where.
    pub(super) place: &'a Place,
    /// What it has to do with the message; may be empty.
    pub(super) label: &'a str,
}

/// Places as elements, the first being what the message is about: one excerpt for each file, or the bare
/// name of a place whose line is not at hand.
pub(super) fn excerpts<'a>(sources: &'a dyn Sources, marks: &[Mark<'a>]) -> Vec<Element<'a>> {
    let mut files: Vec<&'a str> = marks.iter().map(|mark| &*mark.place.file).collect();
    let mut seen = Vec::new();
    files.retain(|file| {
        let new = !file.is_empty() && !seen.contains(file);
        seen.push(*file);
        new
    });
    let primary = marks.first().map(|mark| mark.place);
    files
        .into_iter()
        .flat_map(|file| in_file(sources, file, marks, primary))
        .collect()
}

fn in_file<'a>(
    sources: &'a dyn Sources,
    file: &'a str,
    marks: &[Mark<'a>],
    primary: Option<&Place>,
) -> Vec<Element<'a>> {
    let marks: Vec<_> = marks
        .iter()
        .filter(|mark| *mark.place.file == *file)
        .collect();
    let text = sources.text(file).unwrap_or_default();
    let places: Vec<_> = marks
        .iter()
        .map(|mark| (mark, span(text, mark.place)))
        .collect();
    let mut elements = Vec::new();
    let mut snippet = Snippet::source(text).path(file);
    let mut shown = false;
    for (mark, span) in places {
        let Some(span) = span else {
            elements.push(bare(file, mark.place));
            continue;
        };
        let is_primary = primary.is_some_and(|place| std::ptr::eq(place, mark.place));
        let kind = if is_primary {
            AnnotationKind::Primary
        } else {
            AnnotationKind::Context
        };
        let label = (!mark.label.is_empty()).then_some(mark.label);
        snippet = snippet.annotation(kind.span(span).label(label));
        shown = true;
    }
    if shown {
        elements.insert(0, snippet.into());
    }
    elements
}

/// A place without its line.
fn bare<'a>(file: &'a str, place: &Place) -> Element<'a> {
    let origin = Origin::path(file);
    if place.is_somewhere() {
        origin
            .line(place.line as usize)
            .char_column(place.column as usize)
            .into()
    } else {
        origin.into()
    }
}

/// The bytes of a text that a place means, or `None` if the text has no such line. Columns count
/// characters; what is meant ends with its line at the latest.
fn span(text: &str, place: &Place) -> Option<Range<usize>> {
    let line = text.lines().nth((place.line as usize).checked_sub(1)?)?;
    let base = line.as_ptr() as usize - text.as_ptr() as usize;
    let at = |chars: usize| {
        line.char_indices()
            .nth(chars)
            .map_or(line.len(), |(byte, _)| byte)
    };
    let column = (place.column as usize).saturating_sub(1);
    let start = at(column);
    Some(base + start..base + at(column + (place.length as usize).max(1)).max(start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::place;

    #[test]
    fn spans_count_characters_and_end_with_the_line() {
        let text = "# 一行目\n名前: \"税務\"\n";
        let found = |column, length| span(text, &place("a", 2, column, length)).map(|at| &text[at]);
        assert_eq!(found(6, 2), Some("税務"));
        assert_eq!(found(6, 99), Some("税務\""));
        assert_eq!(found(40, 2), Some(""));
        assert_eq!(span(text, &place("a", 9, 1, 1)), None);
        assert_eq!(span(text, &place("a", 0, 0, 0)), None);
    }
}
