//! Footnotes: where the figures of a chart come from, what was assumed, what was looked at.
//!
//! In: a report and the applications that appear in a chart. Out: notes short enough for half a page; the index of the
//! charts has the sources in full. Nothing can go wrong: an application whose source is nothing but assumptions counts as assumed.

use crate::model::demand::{Application, Concurrency};
use crate::model::report::LoadRow;
use crate::model::text::Text;
use crate::model::units::{self, Utilisation};
use crate::viz::data::{Note, NoteKind};
use crate::wording::{self, Context};

/// The mark of an assumption in the text of a source.
const ASSUMED: &str = "A";

/// The mark of a figure computed from others.
const COMPUTED: &str = "C";

/// So many groups of applications with the same marks are named in a footnote.
const NAMED: usize = 4;

/// So many marks are spelt out in a footnote; the index and the scenario have all.
const SPELT: usize = 2;

/// The limits in force, if there is any load to judge.
pub(super) fn limits(context: &Context<'_>) -> Option<Note> {
    let row = context.report.loads.first()?;
    let limits = limits_of(context, row.warn, row.full);
    Some(remark(context.pick(
        format!("{limits}。平日の1時間平均"),
        format!("{limits}; means of an hour of an ordinary day"),
    )))
}

/// The same of figures that may be of any kind of day.
pub(super) fn limits_of_any_day(context: &Context<'_>) -> Option<Note> {
    let row = context.report.loads.first()?;
    Some(any_day(context, (row.warn, row.full)))
}

fn any_day(context: &Context<'_>, (warn, full): (Utilisation, Utilisation)) -> Note {
    let limits = limits_of(context, warn, full);
    remark(context.pick(
        format!("{limits}。1時間平均"),
        format!("{limits}; means of an hour"),
    ))
}

fn limits_of(context: &Context<'_>, warn: Utilisation, full: Utilisation) -> String {
    let [warn, full] = [warn, full].map(|limit| wording::per_cent(limit, &[]));
    context.pick(
        format!("しきい値は容量の{}、上限は{}", tight(&warn), tight(&full)),
        format!("planning limit {warn} of capacity, hard limit {full}"),
    )
}

/// A percentage as it stands within Japanese text.
fn tight(percent: &str) -> String {
    percent.replace(' ', "")
}

/// A footnote that is neither source nor assumption.
pub(super) fn remark(text: impl Into<String>) -> Note {
    Note {
        kind: NoteKind::Remark,
        text: text.into(),
    }
}

/// What was broken to find the worst case; nothing if nothing was.
pub(super) fn failures(context: &Context<'_>) -> Option<Note> {
    let count = context.report.failures;
    let days = !context.requirements.days.is_empty();
    let (days_ja, days_en) = match days {
        true => ("と特別な日", " and special days"),
        false => ("", ""),
    };
    // The number is that of all states.
    let all = super::told_of(context).len() == context.report.states.len();
    let number = grouped_number(count);
    let (ja, en) = match all {
        true => (
            format!("（全状態で延べ{number}件）"),
            format!("{number} single failures (all states)"),
        ),
        false => (String::new(), "all single failures".to_owned()),
    };
    (count > 0).then(|| {
        remark(context.pick(
            format!("縮退時は、回線・機器（束の1本、複数台中の1台を含む）、同時に被災する設備、拠点の単一故障{ja}{days_ja}のうち最悪の場合"),
            format!("degraded: the worst of {en} of links, nodes, one of their members or machines, shared risks and sites{days_en}"),
        ))
    })
}

/// A number with its thousands set apart.
fn grouped_number(count: usize) -> String {
    u32::try_from(count).map_or_else(
        |_| count.to_string(),
        |count| units::grouped(f64::from(count)),
    )
}

/// Where the loads of some rows come from: one note for what has a source, one for what is assumed.
pub(super) fn of<'a>(
    context: &Context<'_>,
    rows: impl IntoIterator<Item = &'a LoadRow>,
) -> Vec<Note> {
    notes(context, &labels(rows), SPELT)
}

/// The same with no mark spelt out.
pub(super) fn marked<'a>(
    context: &Context<'_>,
    rows: impl IntoIterator<Item = &'a LoadRow>,
) -> Vec<Note> {
    notes(context, &labels(rows), 0)
}

/// The labels of the applications that load some rows.
fn labels<'a>(rows: impl IntoIterator<Item = &'a LoadRow>) -> Vec<&'a Text> {
    each_once(rows.into_iter().flat_map(LoadRow::applications))
}

/// Labels in the order of their first appearance.
fn each_once<'a>(labels: impl IntoIterator<Item = &'a Text>) -> Vec<&'a Text> {
    let mut found: Vec<&Text> = Vec::new();
    for label in labels {
        if !found.contains(&label) {
            found.push(label);
        }
    }
    found
}

/// These limits, of figures that may be of any day, and where the loads of some applications come from, by their labels.
pub(crate) fn footnotes<'a>(
    context: &Context<'_>,
    limits: (Utilisation, Utilisation),
    labels: impl IntoIterator<Item = &'a Text>,
) -> Vec<Note> {
    let sources = of_applications(context, labels);
    std::iter::once(any_day(context, limits))
        .chain(sources)
        .collect()
}

/// Where the figures of applications come from, by their labels.
pub(super) fn of_applications<'a>(
    context: &Context<'_>,
    labels: impl IntoIterator<Item = &'a Text>,
) -> Vec<Note> {
    notes(context, &each_once(labels), SPELT)
}

/// Where the loads of applications come from, by their labels, with so many marks spelt out.
fn notes(context: &Context<'_>, labels: &[&Text], spelt: usize) -> Vec<Note> {
    let known = context.requirements.applications.iter();
    let shown = known.filter(|a| labels.contains(&&a.label));
    let by_chance: Vec<&Application> = shown.clone().filter(|a| level(a).is_some()).collect();
    let (sourced, assumed): (Vec<_>, Vec<_>) = shown.partition(|a| has_source(a));
    let mut notes = Vec::new();
    notes.extend(chance(context, &by_chance));
    if !sourced.is_empty() {
        notes.push(Note {
            kind: NoteKind::Source,
            text: grouped(context, &sourced)
                + &meaning(context, &sourced)
                + &key(context, &sourced, spelt),
        });
    }
    if !assumed.is_empty() {
        let names = assumed.iter().map(|a| a.label.get(context.lang));
        let names = listed(context, names);
        notes.push(Note {
            kind: NoteKind::Assumption,
            text: context.pick(
                format!("{names}（出典のない値）"),
                format!("{names} (no source)"),
            ),
        });
    }
    notes
}

/// Whether of some part of a load as many are active as are exceeded by chance only: a quantile, no mean.
pub(super) fn by_chance(context: &Context<'_>, row: &LoadRow) -> bool {
    let mut known = context.requirements.applications.iter();
    let part = |a: &Application| {
        let mut parts = row.parts.iter();
        parts.any(|p| p.offered > 0.0 && p.application == a.label)
    };
    known.any(|a| level(a).is_some() && part(a))
}

/// In which share of all moments no more are active than are taken.
fn level(application: &Application) -> Option<f64> {
    match application.nature.concurrency {
        Concurrency::Mean => None,
        Concurrency::Binomial(level) => Some(level.get() * 100.0),
    }
}

/// Whose users are active by chance, where some are.
fn chance(context: &Context<'_>, applications: &[&Application]) -> Option<Note> {
    let names = applications.iter().filter_map(|a| {
        let percent = level(a)?;
        Some(format!("{} {percent} %", a.label.get(context.lang)))
    });
    let names: Vec<String> = names.collect();
    let listed = listed(context, names.iter().map(String::as_str));
    (!names.is_empty()).then(|| Note {
        kind: NoteKind::Assumption,
        text: context.pick(
            format!("同時利用は、全時間の次の割合で超えない人数（二項分布）：{listed}"),
            format!("users at once: as many as are not exceeded in this share of all moments (binomial): {listed}"),
        ),
    })
}

/// What the marks of our own mean that occur.
fn meaning(context: &Context<'_>, applications: &[&Application]) -> String {
    let occurs = |mark: &str| {
        applications
            .iter()
            .any(|a| marks(&a.source).contains(&mark))
    };
    let words = [
        (ASSUMED, context.pick("[A]は仮定", "[A] assumed")),
        (COMPUTED, context.pick("[C]は計算", "[C] computed")),
    ];
    let shown: Vec<&str> = words
        .iter()
        .filter(|(mark, _)| occurs(mark))
        .map(|(_, words)| *words)
        .collect();
    match shown.is_empty() {
        true => String::new(),
        false => context.pick(
            format!("（{}）", shown.join("、")),
            format!(" ({})", shown.join(", ")),
        ),
    }
}

/// What the other marks stand for that occur, as far as the scenario says so.
fn key(context: &Context<'_>, applications: &[&Application], spelt: usize) -> String {
    let words = spelt_out(context, applications.iter().copied());
    let told = words.iter().take(spelt).map(|(mark, text)| {
        context.pick(format!("。[{mark}] {text}"), format!("; [{mark}] {text}"))
    });
    let more = words.len().saturating_sub(spelt);
    let rest = (more > 0).then(|| match spelt {
        0 => context
            .pick(
                "。出典は索引とシナリオにある",
                "; marks: see the index or the scenario",
            )
            .to_owned(),
        _ => context.pick(
            format!("。ほかの出典{more}件は索引とシナリオにある"),
            format!("; {more} more: see the index or the scenario"),
        ),
    });
    told.chain(rest).collect()
}

/// The marks in the sources of some applications, each with what it stands for, in the order of the scenario; marks of
/// which it says nothing are left out.
pub(crate) fn spelt_out<'a>(
    context: &Context<'a>,
    applications: impl Iterator<Item = &'a Application>,
) -> Vec<(&'a str, &'a str)> {
    let occurring: Vec<&str> = applications.flat_map(|a| marks(&a.source)).collect();
    let known = context.requirements.sources.iter();
    known
        .filter(|source| occurring.contains(&source.id.as_str()))
        .map(|source| (source.id.as_str(), source.text.get(context.lang)))
        .collect()
}

/// Whether anything but an assumption stands behind an application's figures.
fn has_source(application: &Application) -> bool {
    !told(&application.source).is_empty()
}

/// What a source says on a chart: its marks, where it has any beside those of our own; else its parts without such a mark,
/// and the mark of an assumption where other parts are one. Nothing where all of it is assumed or computed.
fn told(source: &str) -> String {
    let marks = marks(source);
    let own = |mark: &&str| [ASSUMED, COMPUTED].contains(mark);
    if marks.iter().any(|mark| !own(mark)) {
        return format!("[{}]", marks.join(", "));
    }
    let parts = source.split([';', '；']).map(str::trim);
    let parts = parts.filter(|part| !part.is_empty());
    let (mut assumed, mut plain) = (false, Vec::new());
    for part in parts {
        match self::marks(part).is_empty() {
            true => plain.push(part),
            false => assumed = true,
        }
    }
    match (plain.is_empty(), assumed) {
        (true, _) => String::new(),
        (false, true) => format!("({}) [{ASSUMED}]", plain.join("; ")),
        (false, false) => format!("({})", plain.join("; ")),
    }
}

/// Applications with their marks, those with the same marks together.
fn grouped(context: &Context<'_>, applications: &[&Application]) -> String {
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for application in applications {
        let marks = told(&application.source);
        let name = application.label.get(context.lang);
        match groups.iter_mut().find(|(known, _)| *known == marks) {
            Some((_, names)) => names.push(name),
            None => groups.push((marks, vec![name])),
        }
    }
    let texts: Vec<String> = groups
        .iter()
        .map(|(marks, names)| format!("{} {marks}", names.join(context.pick("・", ", "))))
        .collect();
    listed(context, texts.iter().map(String::as_str))
}

/// The first of some words, and how many more there are.
fn listed<'a>(context: &Context<'_>, words: impl Iterator<Item = &'a str> + Clone) -> String {
    let more = words.clone().count().saturating_sub(NAMED);
    let first: Vec<&str> = words.take(NAMED).collect();
    let text = first.join(context.pick("、", "; "));
    match more {
        0 => text,
        _ => context.pick(
            format!("{text}ほか{more}件"),
            format!("{text} and {more} more"),
        ),
    }
}

/// The marks in the text of a source: `P-15` and `A` of `sessions [P-15]; rates [A]`, each once.
#[must_use]
pub fn marks(source: &str) -> Vec<&str> {
    let mut out: Vec<&str> = Vec::new();
    let inside = source.split('[').skip(1);
    for group in inside.filter_map(|rest| rest.split_once(']')) {
        for mark in group.0.split(',').map(str::trim) {
            if !mark.is_empty() && !out.contains(&mark) {
                out.push(mark);
            }
        }
    }
    // What is assumed comes last, whatever came first in the text.
    out.sort_by_key(|mark| *mark == ASSUMED);
    out
}
