//! Mistakes in what was written: each with its source line, other places that explain it, and a way out.

use super::excerpt::{Mark, excerpts};
use super::finding::level;
use super::header::plural;
use super::{Paint, Sources};
use crate::model::problem::Problem;
use crate::model::text::Lang;
use crate::wording::pick;
use annotate_snippets::{Element, Level};

/// One mistake.
#[must_use]
pub fn problem(problem: &Problem, sources: &dyn Sources, lang: Lang, paint: Paint) -> String {
    let title = level(problem.code.severity(), lang).primary_title(problem.message.get(lang));
    let mut marks = vec![Mark {
        place: &problem.place,
        label: "",
    }];
    marks.extend(problem.related.iter().map(|(place, label)| Mark {
        place,
        label: label.get(lang),
    }));
    let help = problem.help.iter().map(|help| -> Element<'_> {
        Level::HELP
            .with_name(pick(lang, "対処", "help"))
            .message(help.get(lang))
            .into()
    });
    let elements = excerpts(sources, &marks).into_iter().chain(help);
    let group = title.id(problem.code.as_str()).elements(elements);
    format!("{}\n", paint.renderer().render(&[group]))
}

/// Every mistake, and how many they are.
#[must_use]
pub fn problems(all: &[Problem], sources: &dyn Sources, lang: Lang, paint: Paint) -> String {
    let mut out = String::new();
    for item in all {
        out.push_str(&problem(item, sources, lang, paint));
        out.push('\n');
    }
    let count = all.len();
    out.push_str(&pick(
        lang,
        format!("誤りが{count}件あるため、検査は行っていない\n"),
        format!(
            "{count} problem{} in the scenario; nothing was checked\n",
            plural(count)
        ),
    ));
    out
}
