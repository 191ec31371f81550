//! The changes of a step written back in another order.
//!
//! Goes in: the text of a file, the step in it and the changes in the order wanted. Comes out: the text with
//! these changes in that order, each with its comments and its own way of writing, and `order: InOrder`
//! where the step says otherwise. What can go wrong: a change does not stand in the list of the step (a
//! series or another file wrote it), or one verb stands for changes that are to happen apart.

use crate::files::{Disk, Files, Unreadable};
use crate::scan::{Kind, Token, tokens};
use crate::source::Sources;
use std::ops::Range;
use utsushi_model::migration::Step;
use utsushi_model::place::Place;
use utsushi_model::text::Text;

/// The disk, with another text in the place of one file.
#[derive(Debug, Clone)]
pub struct Instead<'t> {
    path: &'t str,
    text: &'t str,
}

impl<'t> Instead<'t> {
    /// The text in the place of the file at a path, as places name it.
    #[must_use]
    pub fn of(path: &'t str, text: &'t str) -> Self {
        Self { path, text }
    }
}

impl Files for Instead<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        match path == self.path {
            true => Ok(self.text.as_bytes().to_vec()),
            false => Disk.read(path),
        }
    }
}

/// Why the changes of a step cannot be arranged, Japanese and English.
pub type Refusal = Text;

/// The text of the file in which a step stands, with its changes in another order.
///
/// `order` holds the positions of all changes of the step.
///
/// # Errors
/// Why they cannot be arranged.
pub fn arranged(
    text: &str,
    sources: &Sources,
    step: &Step,
    order: &[usize],
) -> Result<String, Refusal> {
    let file = sources.position(&step.place.file);
    let at = |place: &Place| match sources.position(&place.file) == file {
        true => offset(text, place),
        false => None,
    };
    let all: Vec<Token> = tokens(text).collect();
    let id = at(&step.place).and_then(|at| all.iter().position(|t| t.at.start == at));
    let id = id.filter(|id| is_id(&text[all[*id].at.clone()], step.id.as_str()));
    let body = id.and_then(|id| around(&all, id)).ok_or_else(series)?;
    let list = value(&all, text, &body, "changes").ok_or_else(series)?;
    let parts = parts(text, &all, &list);
    let mut wanted: Vec<usize> = Vec::new();
    for change in order {
        let place = &step.changes[*change].place;
        let part = at(place).and_then(|at| parts.iter().position(|p| p.code.contains(&at)));
        let part = part.ok_or_else(|| elsewhere(place))?;
        if wanted.last() == Some(&part) {
            continue;
        }
        if wanted.contains(&part) {
            return Err(torn(place));
        }
        wanted.push(part);
    }
    let mut out = text.to_owned();
    // From the end to the beginning, so that what is to come stays where it was.
    let mut edits = vec![(whole(&parts), joined(text, &parts, &wanted))];
    if let Some(order) = value(&all, text, &body, "order") {
        let bytes = all[order.start].at.start..all[order.end - 1].at.end;
        edits.push((bytes, "InOrder".to_owned()));
    }
    edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    for (range, new) in edits {
        out.replace_range(range, &new);
    }
    Ok(out)
}

fn series() -> Refusal {
    Text::new(
        "このステップは連番や別の部分から展開されたもので、変更の並びがファイルに一つの一覧として書かれていない",
        "the step is written out by a series, so its changes do not stand in one list of a file",
    )
}

fn elsewhere(place: &Place) -> Refusal {
    Text::new(
        format!("{place} の変更は、このステップの `changes` の中に書かれていない"),
        format!("the change at {place} does not stand in the `changes` of the step"),
    )
}

fn torn(place: &Place) -> Refusal {
    Text::new(
        format!(
            "{place} の一つの記述が、離れて行うべき複数の変更を表している。記述を分ければ書き戻せる"
        ),
        format!(
            "what is written at {place} stands for several changes that are to happen apart; write them separately"
        ),
    )
}

/// Where a place is in a text as it stands on the disk.
fn offset(text: &str, place: &Place) -> Option<usize> {
    let text_after_mark = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mark = text.len() - text_after_mark.len();
    let line = usize::try_from(place.line.checked_sub(1)?).ok()?;
    let column = usize::try_from(place.column.checked_sub(1)?).ok()?;
    let start = match line {
        0 => 0,
        _ => text_after_mark.match_indices('\n').nth(line - 1)?.0 + 1,
    };
    let (within, _) = text_after_mark[start..].char_indices().nth(column)?;
    Some(mark + start + within)
}

/// Whether a token is the id of the step, as a string or a bare number.
fn is_id(token: &str, id: &str) -> bool {
    token.trim_matches('"') == id
}

/// The tokens inside the brackets around a token.
fn around(all: &[Token], token: usize) -> Option<Range<usize>> {
    let mut depth = 0usize;
    let open = all[..token].iter().rposition(|t| match t.kind {
        Kind::Close => {
            depth += 1;
            false
        }
        Kind::Open if depth > 0 => {
            depth -= 1;
            false
        }
        Kind::Open => true,
        _ => false,
    })?;
    Some(open + 1..closing(all, open)?)
}

/// The token that closes the bracket opened at a token.
fn closing(all: &[Token], open: usize) -> Option<usize> {
    let mut depth = 0usize;
    (open..all.len()).find(|at| {
        match all[*at].kind {
            Kind::Open => depth += 1,
            Kind::Close => depth -= 1,
            _ => {}
        }
        depth == 0
    })
}

/// The tokens of the value of a field of a struct.
fn value(all: &[Token], text: &str, body: &Range<usize>, field: &str) -> Option<Range<usize>> {
    let mut at = body.start;
    while at < body.end {
        let named = text[all[at].at.clone()] == *field;
        let colon = all.get(at + 1).is_some_and(|t| t.kind == Kind::Colon);
        let end = item_end(all, at, body.end)?;
        if named && colon {
            return Some(at + 2..end);
        }
        at = end + 1;
    }
    None
}

/// The comma or end at which the item that begins at a token ends.
fn item_end(all: &[Token], from: usize, end: usize) -> Option<usize> {
    let mut at = from;
    while at < end && all[at].kind != Kind::Comma {
        at = match all[at].kind {
            Kind::Open => closing(all, at)? + 1,
            _ => at + 1,
        };
    }
    Some(at)
}

/// One change of a list.
struct Part {
    /// The change itself, without its comma.
    code: Range<usize>,
    /// From behind what belongs to the part before it, with the comments above it, the comma if it has one, and the
    /// comment behind it on its line.
    all: Range<usize>,
    /// Whether it has a comma.
    comma: bool,
}

/// The items of the list whose tokens these are, brackets included.
fn parts(text: &str, all: &[Token], list: &Range<usize>) -> Vec<Part> {
    let (mut at, end) = (list.start + 1, list.end - 1);
    let mut from = line_end(text, all[list.start].at.end);
    let mut out = Vec::new();
    while at < end {
        let Some(next) = item_end(all, at, end) else {
            break;
        };
        let code = all[at].at.start..all[next - 1].at.end;
        let comma = next < end;
        let until = line_end(text, if comma { all[next].at.end } else { code.end });
        out.push(Part {
            code,
            all: from..until,
            comma,
        });
        from = until;
        at = next + 1;
    }
    out
}

/// The end of the line if nothing but blanks and a comment follows, else where we are.
fn line_end(text: &str, at: usize) -> usize {
    let line = text[at..].find('\n').map_or(text.len(), |end| at + end);
    let rest = text[at..line].trim();
    match rest.is_empty() || rest.starts_with("//") {
        true => line,
        false => at,
    }
}

fn whole(parts: &[Part]) -> Range<usize> {
    let from = parts.first().map_or(0, |p| p.all.start);
    from..parts.last().map_or(from, |p| p.all.end)
}

/// The parts in the order wanted; each but the last ends with a comma.
fn joined(text: &str, parts: &[Part], wanted: &[usize]) -> String {
    let one_line = !text[whole(parts)].contains('\n');
    let mut out = String::new();
    for (i, part) in wanted.iter().map(|w| &parts[*w]).enumerate() {
        let mut own = text[part.all.clone()].to_owned();
        if !part.comma {
            own.insert(part.code.end - part.all.start, ',');
        }
        if one_line {
            own = format!("{}{}", if i == 0 { "" } else { " " }, own.trim());
        }
        out.push_str(&own);
    }
    let last_had_comma = parts.last().is_none_or(|p| p.comma);
    match (last_had_comma, out.strip_suffix(',')) {
        (false, Some(without)) => without.to_owned(),
        _ => out,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Memory, load_from};

    const BEFORE: &str = r#"(title: "t", start: (model: Alpha, date: "2026-01-01"),
  zones: [(name: "z", label: "z", role: Internet)],
  steps: [
    // The step.
    (id: "1", model: Alpha, date: "2026-02-01", order: Any, changes: [ // the changes
      AddZone((name: "a", label: "[a, b]", role: Saas)), // why a
      // Above b,
      // in two lines.
      AddZone((
        name: "b", label: "b", role: Saas, /* inside ] */
      )),
      AddZone((name: "c", label: "c", role: Saas))
      // The end.
    ]),
    (id: "2", model: Alpha, date: "2026-03-01", changes: [AddZone((name: "d", label: "d", role: Saas)), AddZone((name: "e", label: "e", role: Saas))]),
  ])
"#;

    fn again(text: &str, step: usize, order: &[usize]) -> String {
        let files = Memory::new([("scenario.ron", text)]);
        let loaded = load_from(&files, "scenario.ron").unwrap_or_else(|e| panic!("{e:?}"));
        let step = &loaded.migration.steps[step];
        arranged(text, &loaded.sources, step, order).unwrap()
    }

    #[test]
    fn changes_move_with_their_comments_and_nothing_else_does() {
        let after = again(BEFORE, 0, &[2, 1, 0]);
        let wanted = r#"order: InOrder, changes: [ // the changes
      AddZone((name: "c", label: "c", role: Saas)),
      // Above b,
      // in two lines.
      AddZone((
        name: "b", label: "b", role: Saas, /* inside ] */
      )),
      AddZone((name: "a", label: "[a, b]", role: Saas)), // why a
      // The end.
    ]),"#;
        assert!(after.contains(wanted), "{after}");
        let back = again(&after, 0, &[2, 1, 0]);
        assert_eq!(
            back.replace("InOrder", "Any")
                .replacen("c\", role: Saas)),", "c\", role: Saas))", 1),
            BEFORE
        );
    }

    #[test]
    fn a_list_on_one_line_stays_on_one_line() {
        let after = again(BEFORE, 1, &[1, 0]);
        let wanted = r#"changes: [AddZone((name: "e", label: "e", role: Saas)), AddZone((name: "d", label: "d", role: Saas))]"#;
        assert!(after.contains(wanted), "{after}");
    }

    #[test]
    fn line_ends_of_another_system_stay() {
        let before = BEFORE.replace('\n', "\r\n");
        let after = again(&before, 0, &[1, 0, 2]);
        assert_eq!(
            after.matches("\r\n").count(),
            before.matches("\r\n").count()
        );
        // A list over several lines ends with a comma afterwards, whether it did before or not.
        assert_eq!(
            again(&after, 0, &[1, 0, 2])
                .replace("InOrder", "Any")
                .replacen("c\", role: Saas)),", "c\", role: Saas))", 1),
            before
        );
    }

    #[test]
    fn what_stands_for_several_changes_is_not_torn_apart() {
        let text = r#"(title: "t", start: (model: Alpha, date: "2026-01-01"),
  zones: [(name: "z", label: "z", role: Internet)],
  sites: [(name: "hall", label: "hall", kind: Headquarters)],
  segments: [
    (name: "s", zone: "z", site: "hall", prefixes: ["10.0.0.0/24"]),
    (name: "t", zone: "z", site: "hall", prefixes: ["10.0.1.0/24"]),
  ],
  steps: [(id: "1", model: Alpha, date: "2026-02-01", changes: [
    AddZone((name: "a", label: "a", role: Saas)), Relabel(segments: ["s", "t"], zone: "a"),
    AddZone((name: "b", label: "b", role: Saas)),
  ])])
"#;
        let files = Memory::new([("scenario.ron", text)]);
        let loaded = load_from(&files, "scenario.ron").unwrap();
        let step = &loaded.migration.steps[0];
        let refusal = arranged(text, &loaded.sources, step, &[0, 1, 3, 2]).unwrap_err();
        assert!(refusal.en.contains("several changes"), "{refusal:?}");
        let fine = arranged(text, &loaded.sources, step, &[3, 0, 1, 2]).unwrap();
        let wanted = "changes: [\n    AddZone((name: \"b\"";
        assert!(fine.contains(wanted), "{fine}");
    }

    #[test]
    fn a_step_that_a_series_wrote_is_left_alone() {
        let text = r#"(title: "t", start: (model: Alpha, date: "2026-01-01"),
  series: [(var: "n", from: 1, to: 2, of: (steps: [(id: "{n}", model: Alpha, date: "2026-02-0{n}", changes: [
    AddZone((name: "a{n}", label: "a", role: Saas)), AddZone((name: "b{n}", label: "b", role: Saas))])]))])
"#;
        let loaded = load_from(&Memory::new([("scenario.ron", text)]), "scenario.ron").unwrap();
        let step = &loaded.migration.steps[0];
        let refusal = arranged(text, &loaded.sources, step, &[1, 0]).unwrap_err();
        assert!(refusal.en.contains("series"), "{refusal:?}");
    }
}
