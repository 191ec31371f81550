//! One finding: headline with code, source excerpt, evidence, way out.

use super::excerpt::{Mark, excerpts};
use super::{Paint, Sources};
use crate::model::finding::{Finding, Severity};
use crate::model::text::Lang;
use crate::wording::{self, Context, Note};
use annotate_snippets::{Element, Level};

/// One finding as the compiler of this file's language would print it.
#[must_use]
pub fn finding(
    finding: &Finding,
    context: &Context<'_>,
    sources: &dyn Sources,
    paint: Paint,
) -> String {
    let words = wording::of(finding, context);
    let title = level(finding.severity, context.lang).primary_title(&words.headline);
    let mark = Mark {
        place: &finding.place,
        label: &words.marker,
    };
    let place = excerpts(sources, &[mark]);
    let notes = words.notes.iter().map(|note| message(note, context));
    let group = title
        .id(finding.code.as_str())
        .elements(place.into_iter().chain(notes));
    format!("{}\n", paint.renderer().render(&[group]))
}

/// The level of a severity, named in the reader's language.
pub(super) fn level(severity: Severity, lang: Lang) -> Level<'static> {
    let level = match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    level.with_name(wording::severity(severity, lang))
}

fn message<'a>(note: &Note, context: &Context<'_>) -> Element<'a> {
    let mut text = note.text.clone();
    if let Some(place) = &note.place {
        let at = format!("{}:{}", place.file, place.line);
        text.push_str(&context.pick(format!("（{at}）"), format!(" ({at})")));
    }
    Level::NOTE
        .with_name(note.label.word(context.lang))
        .message(text)
        .into()
}
