//! What goes wrong with files as a whole: their reading, their heads, what does not belong into them.
//!
//! Goes in: names and values. Comes out: what to tell. Nothing can go wrong.

use crate::files::{LARGEST, Unreadable};
use crate::lower::period;
use crate::raw::{self, File, Val};
use crate::read::Reader;
use crate::say::Said;
use utsushi_model::finding::Code;
use utsushi_model::place::Place;
use utsushi_model::rule::Period;
use utsushi_model::text::Text;

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

/// A first file that cannot be read.
pub(super) fn no_scenario(name: &str, why: &Unreadable) -> Said {
    unreadable(name, why).instead(Some(Text::new(
        "`scenario.ron` のあるフォルダか、そのファイル自体を指定する",
        "give a folder with a `scenario.ron`, or that file",
    )))
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
                "付属のルールパックは `name`、自前のファイルは `file` で指す",
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
    if path.starts_with(crate::profiles::SCHEME) {
        return Some((path.to_string(), reader.place(value)));
    }
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
    let mut fields = vec![
        ("title", file.title),
        ("start", file.start),
        ("edr_logs", file.edr_logs),
        ("packs", file.packs.first().copied()),
        ("thresholds", file.thresholds.first().copied()),
        ("days", file.days.first().copied()),
        ("offers", file.offers.first().copied()),
    ];
    if reader.piece.is_written_out() {
        fields.extend([
            ("include", file.include.first().copied()),
            ("matrices", file.matrices.first().copied()),
            ("series", file.series.first().copied()),
        ]);
    }
    strangers(
        reader,
        fields,
        (
            "シナリオの最初のファイルに移す",
            "move it to the first file of the scenario",
        ),
    );
}

/// Notes offers in a scenario: they belong into a catalogue.
pub(super) fn no_offers(reader: &Reader<'_>, file: &File<'_>) {
    strangers(
        reader,
        [("offers", file.offers.first().copied())],
        (
            "`utsushi size --catalogue` で指定するファイルに移す",
            "move it to the file that `utsushi size --catalogue` names",
        ),
    );
}

/// Notes everything in a catalogue that is no offer.
pub(crate) fn only_offers(reader: &Reader<'_>, file: &File<'_>) {
    let mut fields: Vec<_> = lists(file).to_vec();
    fields.retain(|(field, _)| !["offers", "include", "series"].contains(field));
    fields.push(("rules", file.rules.first().copied()));
    fields.extend([("start", file.start), ("edr_logs", file.edr_logs)]);
    strangers(
        reader,
        fields,
        (
            "カタログには `title` と `offers` だけを書く",
            "a catalogue holds `title` and `offers` only",
        ),
    );
}

/// Notes everything in a pack that is no rule.
pub(super) fn only_rules(reader: &Reader<'_>, file: &File<'_>) {
    let heads = [
        ("title", file.title),
        ("start", file.start),
        ("edr_logs", file.edr_logs),
    ];
    strangers(
        reader,
        lists(file).into_iter().chain(heads),
        (
            "ルールパックには `rules` だけを書く",
            "a rule pack holds `rules` only",
        ),
    );
}

/// The first of everything that may be written many times, but for rules.
fn lists<'a>(file: &File<'a>) -> [(&'static str, Option<Val<'a>>); 24] {
    let lists: [(&str, &[Val<'a>]); 24] = [
        ("packs", &file.packs),
        ("include", &file.include),
        ("thresholds", &file.thresholds),
        ("zones", &file.zones),
        ("sites", &file.sites),
        ("segments", &file.segments),
        ("nodes", &file.nodes),
        ("links", &file.links),
        ("groups", &file.groups),
        ("systems", &file.systems),
        ("objects", &file.objects),
        ("services", &file.services),
        ("access", &file.access),
        ("references", &file.references),
        ("exceptions", &file.exceptions),
        ("curves", &file.curves),
        ("applications", &file.applications),
        ("demands", &file.demands),
        ("matrices", &file.matrices),
        ("days", &file.days),
        ("offers", &file.offers),
        ("sources", &file.sources),
        ("steps", &file.steps),
        ("series", &file.series),
    ];
    lists.map(|(field, list)| (field, list.first().copied()))
}

fn strangers<'v>(
    reader: &Reader<'_>,
    fields: impl IntoIterator<Item = (&'static str, Option<Val<'v>>)>,
    help: (&str, &str),
) {
    for (field, value) in fields {
        if let Some(value) = value {
            let said = Said::new(
                Code::Shape,
                format!("項目 `{field}` はここには書けない"),
                format!("field `{field}` does not belong here"),
            );
            reader.note::<()>(value, said.help(help.0, help.1));
        }
    }
}
