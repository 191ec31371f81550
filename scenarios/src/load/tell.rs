//! What goes wrong with files as a whole, and how problems are put in order.
//!
//! Goes in: names, values and problems. Comes out: what to tell. Nothing can go wrong.

use crate::files::{LARGEST, Unreadable};
use crate::lower::period;
use crate::raw::{self, File, Val};
use crate::read::{Reader, is_lost};
use crate::say::Said;
use crate::source::Sources;
use std::collections::BTreeMap;
use utsushi_model::finding::Code;
use utsushi_model::place::Place;
use utsushi_model::problem::Problem;
use utsushi_model::rule::Period;
use utsushi_model::text::Text;

/// How many problems are told of one scenario.
const MOST: usize = 1_000;

/// A file that cannot be read.
pub(super) fn unreadable(name: &str, why: &Unreadable) -> Said {
    let said = |ja: String, en: String| Said::new(Code::File, ja, en);
    match why {
        Unreadable::Missing => said(
            format!("ファイル `{name}` が存在しない"),
            format!("there is no file `{name}`"),
        )
        .help(
            "パスは、それを書いたファイルのあるフォルダから数える",
            "paths start at the folder of the file that names them",
        ),
        Unreadable::TooLarge => said(
            format!(
                "ファイル `{name}` が大きすぎる（一つ {} MiB まで、全体で 64 MiB まで）",
                LARGEST >> 20
            ),
            format!(
                "file `{name}` is too large (at most {} MiB each, 64 MiB in all)",
                LARGEST >> 20
            ),
        ),
        Unreadable::Other(why) => said(
            format!("ファイル `{name}` を読めない（{why}）"),
            format!("file `{name}` cannot be read ({why})"),
        ),
    }
}

/// A file in another encoding.
pub(super) fn not_utf8(name: &str, line: usize) -> Said {
    Said::new(
        Code::File,
        format!("ファイル `{name}` の {line} 行目が UTF-8 ではない"),
        format!("line {line} of file `{name}` is not UTF-8"),
    )
    .help(
        "文字コードを UTF-8 にして保存し直す（Shift_JIS は読めない）",
        "save it as UTF-8 (Shift_JIS cannot be read)",
    )
}

/// A file that includes itself by way of others.
pub(super) fn include_cycle(stack: &[String], name: &str) -> Said {
    let from = stack.iter().position(|open| open == name).unwrap_or(0);
    let way: Vec<&str> = stack[from..]
        .iter()
        .map(String::as_str)
        .chain([name])
        .collect();
    let way = way.join(" → ");
    Said::new(
        Code::Cycle,
        format!("`{name}` が自分自身を読み込んでいる（{way}）"),
        format!("`{name}` includes itself: {way}"),
    )
    .help("この `include` を削除する", "remove this `include`")
}

/// More files than can be sensible.
pub(super) fn too_many_files(deepest: usize, most: usize) -> Said {
    Said::new(
        Code::File,
        format!("読み込むファイルが多すぎる（深さ {deepest}、{most} 個まで）"),
        format!("too many files are included (at most {most}, {deepest} deep)"),
    )
}

/// A field of the first file that is missing.
pub(super) fn head_missing(field: &str) -> Said {
    let example = match field {
        "title" => "title: (ja: \"…\", en: \"…\")",
        _ => "start: (model: Alpha, date: \"2023-04-01\")",
    };
    Said::new(
        Code::Shape,
        format!("シナリオに項目 `{field}` がない"),
        format!("the scenario has no field `{field}`"),
    )
    .help(
        format!("`{example}` を書き加える"),
        format!("add `{example}`"),
    )
}

/// A scenario that gives nothing although nothing was told.
pub(super) fn nothing_left() -> Said {
    Said::new(
        Code::File,
        "シナリオとして読める内容がない",
        "there is nothing that could be a scenario",
    )
}

/// Where a pack comes from.
pub(super) enum From {
    /// It comes with utsushi.
    Shipped(String),
    /// A file of the scenario.
    Own(String),
}

/// A pack that the scenario asks for.
pub(super) struct Pack {
    pub(super) from: From,
    pub(super) period: Period,
    pub(super) place: Place,
}

/// Reads an entry of `packs`.
pub(super) fn pack<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Pack> {
    let raw: raw::Pack<'_> = reader.fields(value)?;
    let period = period(reader, raw.from, raw.until);
    let (from, place) = match (raw.name, raw.file) {
        (Some(name), None) => {
            let found = reader.name(name)?;
            (From::Shipped(found.to_string()), reader.place(name))
        }
        (None, Some(file)) => {
            let (path, place) = relative_path(reader, file)?;
            (From::Own(path), place)
        }
        _ => {
            let said = Said::new(
                Code::Shape,
                "`name` か `file` のどちらか一方が必要",
                "either `name` or `file` is needed",
            )
            .help(
                "付属の規則パックは `name`、自前のファイルは `file` で指す",
                "`name` is for packs that come with utsushi, `file` for your own",
            );
            return reader.note(value, said);
        }
    };
    Some(Pack {
        from,
        period: period?,
        place,
    })
}

/// A path inside the scenario's surroundings, with its place.
pub(super) fn relative_path<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<(String, Place)> {
    let path = reader.name(value)?;
    let absolute = path.starts_with('/') || path.contains('\\') || path.contains(':');
    if absolute {
        let said = Said::new(
            Code::File,
            format!("`{path}` は相対パスではない"),
            format!("`{path}` is not a relative path"),
        )
        .help(
            "このファイルのあるフォルダから `/` 区切りで書く",
            "write it from the folder of this file, with `/`",
        );
        return reader.note(value, said);
    }
    Some((path.to_string(), reader.place(value)))
}

/// Notes fields that only make sense in the first file of a scenario.
pub(super) fn only_sections(reader: &Reader<'_>, file: &File<'_>) {
    let mut fields = vec![("title", file.title), ("start", file.start)];
    fields.push(("packs", file.packs.first().copied()));
    fields.push(("thresholds", file.thresholds.first().copied()));
    if reader.piece.is_written_out() {
        fields.push(("include", file.include.first().copied()));
        fields.push(("matrices", file.matrices.first().copied()));
        fields.push(("series", file.series.first().copied()));
    }
    for (field, value) in fields {
        if let Some(value) = value {
            let said = Said::new(
                Code::Shape,
                format!("項目 `{field}` はここには書けない"),
                format!("field `{field}` does not belong here"),
            )
            .help(
                "シナリオの最初のファイルに移す",
                "move it to the first file of the scenario",
            );
            reader.note::<()>(value, said);
        }
    }
}

/// Whether a problem of the whole only follows from text that could not be read.
pub(super) fn follows(problem: &Problem, lost: &[String], incomplete: bool) -> bool {
    let by_name = matches!(
        problem.code,
        Code::UnknownName | Code::Change | Code::Topology | Code::Empty
    );
    let mut words = problem.message.en.split('`').skip(1).step_by(2);
    by_name && (incomplete || words.any(|word| is_lost(word, lost)))
}

/// Problems in the order of files and lines; what differs in numbers only is told once.
pub(super) fn ordered(problems: Vec<Problem>, sources: &Sources) -> Vec<Problem> {
    let mut keyed: Vec<_> = problems
        .into_iter()
        .map(|problem| {
            let file = sources.position(&problem.place.file);
            ((file, problem.place.line, problem.place.column), problem)
        })
        .collect();
    keyed.sort_by(|(left, _), (right, _)| left.cmp(right));
    let mut seen: BTreeMap<(Code, Place, String), usize> = BTreeMap::new();
    let mut kept: Vec<(Problem, usize)> = Vec::new();
    for (_, problem) in keyed {
        let key = (
            problem.code,
            problem.place.clone(),
            masked(&problem.message.en),
        );
        match seen.get(&key) {
            Some(at) if kept[*at].0.message != problem.message => kept[*at].1 += 1,
            Some(_) => {}
            None => {
                seen.insert(key, kept.len());
                kept.push((problem, 0));
            }
        }
    }
    let more = kept.len().saturating_sub(MOST);
    kept.truncate(MOST);
    let mut out: Vec<Problem> = kept.into_iter().map(counted).collect();
    if more > 0 {
        let said = Said::new(
            Code::File,
            format!("問題がほかに {more} 件ある"),
            format!("there are {more} more problems"),
        );
        out.push(said.at(&Place::nowhere()));
    }
    out
}

/// A problem that stands for others like it says so.
fn counted((problem, others): (Problem, usize)) -> Problem {
    if others == 0 {
        return problem;
    }
    let place = problem.place.clone();
    problem.see(
        &place,
        Text::new(
            format!("番号だけが違う同じ問題がほかに {others} 件ある"),
            format!("and {others} more that differ in numbers only"),
        ),
    )
}

/// The message with every run of digits made alike.
fn masked(message: &str) -> String {
    let mut out = String::with_capacity(message.len());
    for letter in message.chars() {
        if !letter.is_ascii_digit() {
            out.push(letter);
        } else if !out.ends_with('#') {
            out.push('#');
        }
    }
    out
}
