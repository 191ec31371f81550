//! The index as Markdown. In: what was drawn. Out: a page. Nothing can go wrong.

use super::{Entry, full_title, legend, preface, sections, source, title, word};
use crate::wording::Context;
use std::fmt::Write as _;

/// The page.
#[must_use]
pub fn markdown(context: &Context<'_>, entries: &[Entry]) -> String {
    let mut out = format!("# {}\n\n{}\n", plain(&title(context)), preface(context));
    for section in sections(context, entries) {
        let _ = write!(out, "\n## {} {}\n", section.letter, section.title);
        for entry in section.entries {
            out.push_str(&chart(context, entry));
        }
    }
    out + &sources(context)
}

fn chart(context: &Context<'_>, entry: &Entry) -> String {
    let (name, title) = (&entry.name, plain(&full_title(context, entry)));
    let mut out = format!(
        "\n### {title}\n\n{}\n\n![{title}]({name}.png)\n\n",
        plain(&entry.sees)
    );
    let files = context.pick("ファイル", "files");
    let _ = writeln!(
        out,
        "{files}: [SVG]({name}.svg) · [PNG]({name}.png) · [CSV]({name}.csv)"
    );
    if !entry.caption.notes.is_empty() {
        out.push('\n');
    }
    for note in &entry.caption.notes {
        let _ = writeln!(out, "- {}{}", word(context, note.kind), plain(&note.text));
    }
    out
}

fn sources(context: &Context<'_>) -> String {
    let heading = context.pick("出典と仮定", "Sources and assumptions");
    let mut out = format!("\n## {heading}\n\n");
    for line in legend(context) {
        let _ = writeln!(out, "- {line}");
    }
    let (what, from) = context.pick(("アプリケーション", "出典"), ("application", "source"));
    let _ = write!(out, "\n| {what} | {from} |\n|---|---|\n");
    for application in context.requirements.applications.iter() {
        let (label, text) = source(context, application);
        let _ = writeln!(out, "| {} | {} |", plain(label), plain(text));
    }
    out
}

/// Text that Markdown leaves as it is.
pub(crate) fn plain(text: &str) -> String {
    // A bracket alone is a bracket; with a parenthesis right behind it, it would be a link.
    let text = text.replace("](", "] (");
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '<' | '>' | '|' | '#' => {
                out.push('\\');
                out.push(c);
            }
            '\n' | '\r' => out.push(' '),
            _ => out.push(c),
        }
    }
    out
}
