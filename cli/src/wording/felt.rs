//! Who feels that a link is too full, in words.
//!
//! In: what people get when all links are shared fairly. Out: a note. Nothing can go wrong.

use super::{Context, Label, Note};
use crate::model::finding::{Felt, FeltAt};
use crate::model::units::grouped;

/// Who gets how much, and where; nothing where everybody gets what is wanted.
pub(super) fn note(felt: &[Felt], context: &Context<'_>) -> Option<Note> {
    let list: Vec<String> = felt.iter().map(|f| line(f, context)).collect();
    let list = list.join(context.pick("、", ", "));
    let text = context.pick(
        format!("帯域を均等配分した場合に、利用中の人が得られる帯域（必要量に対する割合）: {list}"),
        format!("shared fairly, active users get of what they want: {list}"),
    );
    (!felt.is_empty()).then_some(Note {
        label: Label::Fact,
        text,
        place: None,
    })
}

fn line(felt: &Felt, context: &Context<'_>) -> String {
    let (label, gets) = (felt.application.get(context.lang), percent(felt.gets));
    let people = count(felt.people);
    let sites: Vec<String> = felt
        .sites
        .iter()
        .map(|at| site(at, felt, context))
        .collect();
    let mut sites = sites.join(context.pick("、", ", "));
    if felt.more > 0 {
        let more = felt.more;
        sites += &context.pick(format!("、ほか{more}拠点"), format!(", and at {more} more"));
    }
    let at = match sites.is_empty() {
        true => sites,
        false => context.pick(format!("（{sites}）"), format!(" ({sites})")),
    };
    context.pick(
        format!("{label}は{people}人が必要量の {gets} %{at}"),
        format!("{label} {gets} % for {people} people{at}"),
    )
}

/// A site with its people; with its share where that is another than the mean of all.
fn site(at: &FeltAt, felt: &Felt, context: &Context<'_>) -> String {
    let (site, people) = (at.site.get(context.lang), count(at.people));
    let own = percent(at.gets);
    let gets = match own == percent(felt.gets) {
        true => String::new(),
        false => context.pick(format!("が {own} %"), format!(" with {own} %")),
    };
    context.pick(
        format!("{site}の{people}人{gets}"),
        format!("{people} at {site}{gets}"),
    )
}

/// Whole percent; tenths near nothing and near everything, which is not reached.
fn percent(share: f64) -> String {
    match share * 100.0 {
        some if some > 99.0 => format!("{:.1}", (some * 10.0).floor() / 10.0),
        some if some < 1.0 => format!("{some:.1}"),
        some => format!("{some:.0}"),
    }
}

/// People, on the mean: tenths where they are few and not whole.
fn count(people: f64) -> String {
    let whole = (people - people.round()).abs() < 0.05;
    match people < 10.0 && !whole {
        true => format!("{people:.1}"),
        false => grouped(people.round()),
    }
}
