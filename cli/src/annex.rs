//! The index of a folder of charts: each chart with its caption, what to see in it, its files; then every source and
//! assumption in full.
//!
//! In: a report and what was drawn. Out: one page as Markdown and as HTML, without scripts and without a date: the same
//! input gives the same bytes. Nothing can go wrong.

mod html;
mod markdown;
#[cfg(test)]
mod tests;

pub use html::html;
pub use markdown::markdown;
pub(crate) use markdown::plain;

use crate::figures::Figure;
use crate::model::demand::Application;
use crate::viz::data::{Caption, NoteKind};
use crate::wording::Context;

/// One chart of the index.
pub struct Entry {
    /// Its kind.
    pub figure: Figure,
    /// Base name of its files.
    pub name: String,
    /// Title, subtitle, footnotes.
    pub caption: Caption,
    /// What to see in it, in one sentence.
    pub sees: String,
}

/// The charts of one kind, under their letter.
struct Section<'a> {
    /// Such as `(a)`.
    letter: String,
    title: &'static str,
    entries: Vec<&'a Entry>,
}

/// The charts by kind, in the order of the annex; kinds without a chart have no letter.
fn sections<'a>(context: &Context<'_>, entries: &'a [Entry]) -> Vec<Section<'a>> {
    let mut out: Vec<Section<'a>> = Vec::new();
    for figure in Figure::ALL {
        let of: Vec<&Entry> = entries.iter().filter(|e| e.figure == *figure).collect();
        if !of.is_empty() {
            let letter = ('a'..='z').nth(out.len()).unwrap_or('z');
            out.push(Section {
                letter: format!("({letter})"),
                title: heading(context, *figure),
                entries: of,
            });
        }
    }
    out
}

fn heading(context: &Context<'_>, figure: Figure) -> &'static str {
    let (ja, en) = match figure {
        Figure::Utilisation => ("ステップ別の資源使用率", "Utilisation by step"),
        Figure::Heatmap => ("回線の時間帯別使用率", "Links by hour"),
        Figure::Headroom => ("通常時と縮退時の余裕", "Room left, normal and degraded"),
        Figure::Duration => ("使用率の超過時間", "How long peaks last"),
        Figure::Waterfall => ("需要の増減と要因", "What changes the demand"),
        Figure::Pools => (
            "セッション・席・ポートの過不足",
            "Sessions, seats and ports",
        ),
        Figure::Gate => ("Web会議の可否", "Web meetings"),
        Figure::Picture => ("ネットワーク構成", "The network"),
    };
    context.pick(ja, en)
}

/// The title of the page.
fn title(context: &Context<'_>) -> String {
    let scenario = context.report.title.get(context.lang);
    context.pick(
        format!("容量検討資料：{scenario}"),
        format!("Capacity annex: {scenario}"),
    )
}

/// What the reader must know before the first chart.
fn preface(context: &Context<'_>) -> &'static str {
    context.pick(
        "シナリオに書かれた需要と容量から計算した値であり、実測値ではない。図はそれぞれSVG・PNGと、同じ数値のCSVがある。全数値は report.json にある。",
        "All figures are computed from the demands and capacities written in the scenario; nothing was measured. Each chart is there as SVG and PNG, with the same figures as CSV. report.json holds every figure.",
    )
}

/// One line of the list of sources: an application, and where its figures come from.
fn source<'a>(context: &Context<'a>, application: &'a Application) -> (&'a str, &'a str) {
    let source = application.source.trim();
    let text = match source.is_empty() {
        true => context.pick(
            "出典の記載なし（仮定として扱う）",
            "no source stated (taken as assumed)",
        ),
        false => source,
    };
    (application.label.get(context.lang), text)
}

/// How the sources are to be read, and what stands behind no source at all.
fn legend(context: &Context<'_>) -> Vec<String> {
    let failures = context.report.failures;
    let mut lines = vec![
        context.pick(
            "[A] は仮定、[C] は計算、その他の記号はシナリオの作成者が挙げた出典。記号のない値は出典の記載がない。",
            "[A] is assumed, [C] computed; other marks are sources given by the authors of the scenario. What bears no mark has no source.",
        ).to_owned(),
        context.pick(
            "回線・機器の容量は、シナリオのファイルに書かれた値。契約値か仮定かは、同じ行の注記による。",
            "Capacities of lines and devices are those written in the scenario; whether they are contracted or assumed is noted there.",
        ).to_owned(),
        context.pick(
            "負荷は1時間平均であり、1時間より短い変動は含まない。",
            "Loads are means of an hour; what is shorter does not show.",
        ).to_owned(),
    ];
    let applications = context.requirements.applications.iter();
    let known = crate::figures::spelt_out(context, applications);
    let known = known.iter().map(|(mark, text)| {
        context.pick(
            format!("[{mark}] は{text}。"),
            format!("[{mark}] is {text}."),
        )
    });
    lines.splice(1..1, known);
    lines.push(match failures {
        0 => context.pick("故障は検討していない。", "No failure was looked at.").to_owned(),
        _ => context.pick(
            format!("縮退時（N-1）は、回線、回線の1本、機器、機器の1台、共有リスク、拠点が一つずつ故障した場合をすべて計算した（全状態で延べ{failures}件）。同時に二つ以上の故障は含まない。"),
            format!("Degraded (N-1): each link, member of a link, node, machine, shared risk and site fails on its own, {failures} failures in all states together; no two at once."),
        ),
    });
    lines
}

/// The word in front of a footnote.
fn word(context: &Context<'_>, kind: NoteKind) -> &'static str {
    crate::viz::words::note(kind, context.lang)
}

/// The title of a chart with the state it is of; the scenario is in the title of the page.
fn full_title(context: &Context<'_>, entry: &Entry) -> String {
    let caption = &entry.caption;
    let scenario = context.report.title.get(context.lang);
    let state = caption.subtitle.strip_prefix(scenario);
    let state = state.map_or("", |rest| rest.trim_start_matches(" · "));
    match state {
        "" => caption.title.clone(),
        _ => context.pick(
            format!("{}（{state}）", caption.title),
            format!("{} ({state})", caption.title),
        ),
    }
}
