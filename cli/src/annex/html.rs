//! The index as HTML: one file, its style inside, no scripts; it prints on A4. In: what was drawn. Out: a page. Nothing
//! can go wrong.

use super::{Entry, full_title, legend, preface, sections, source, title, word};
use crate::model::text::Lang;
use crate::wording::Context;
use std::fmt::Write as _;

const STYLE: &str = "body{font-family:sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;line-height:1.6;color:#111}\
img{max-width:100%;border:1px solid #ccc}figure{margin:0 0 2rem;break-inside:avoid}\
figcaption{font-size:.9rem}table{border-collapse:collapse}td,th{border:1px solid #999;padding:.2rem .5rem;text-align:left}\
.notes{color:#444;font-size:.85rem}";

/// The page.
#[must_use]
pub fn html(context: &Context<'_>, entries: &[Entry]) -> String {
    let lang = match context.lang {
        Lang::Ja => "ja",
        Lang::En => "en",
    };
    let title = safe(&title(context));
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n<p>{}</p>\n",
        safe(preface(context))
    );
    for section in sections(context, entries) {
        let _ = writeln!(out, "<h2>{} {}</h2>", section.letter, safe(section.title));
        for entry in section.entries {
            out.push_str(&chart(context, entry));
        }
    }
    out + &sources(context) + "</body>\n</html>\n"
}

fn chart(context: &Context<'_>, entry: &Entry) -> String {
    let (name, title) = (safe(&entry.name), safe(&full_title(context, entry)));
    let mut out = format!(
        "<h3>{title}</h3>\n<figure>\n<p>{}</p>\n<img src=\"{name}.svg\" alt=\"{title}\">\n<figcaption><a href=\"{name}.svg\">SVG</a> · <a href=\"{name}.png\">PNG</a> · <a href=\"{name}.csv\">CSV</a></figcaption>\n",
        safe(&entry.sees)
    );
    if !entry.caption.notes.is_empty() {
        out.push_str("<ul class=\"notes\">\n");
        for note in &entry.caption.notes {
            let _ = writeln!(
                out,
                "<li>{}{}</li>",
                word(context, note.kind),
                safe(&note.text)
            );
        }
        out.push_str("</ul>\n");
    }
    out + "</figure>\n"
}

fn sources(context: &Context<'_>) -> String {
    let heading = context.pick("出典と仮定", "Sources and assumptions");
    let mut out = format!("<h2>{heading}</h2>\n<ul>\n");
    for line in legend(context) {
        let _ = writeln!(out, "<li>{}</li>", safe(&line));
    }
    let (what, from) = context.pick(("アプリケーション", "出典"), ("application", "source"));
    let _ = writeln!(
        out,
        "</ul>\n<table>\n<tr><th>{what}</th><th>{from}</th></tr>"
    );
    for application in context.requirements.applications.iter() {
        let (label, text) = source(context, application);
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td>{}</td></tr>",
            safe(label),
            safe(text)
        );
    }
    out + "</table>\n"
}

/// Text that HTML leaves as it is.
fn safe(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
