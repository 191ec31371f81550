//! What is wrong, in words: one function per kind of mistake, Japanese and English side by side.
//!
//! Goes in: what was found and what was wanted. Comes out: a code with its message and, where there is one,
//! a way out. Nothing can go wrong.

pub(crate) mod ron;

use utsushi_model::address::AddressError;
use utsushi_model::finding::Code;
use utsushi_model::limits;
use utsushi_model::place::Place;
use utsushi_model::problem::Problem;
use utsushi_model::text::Text;

/// A mistake without its place.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    code: Code,
    message: Text,
    help: Option<Text>,
}

impl Said {
    /// A mistake.
    pub(crate) fn new(code: Code, ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            code,
            message: Text::new(ja, en),
            help: None,
        }
    }

    /// A mistake in words that are there already.
    pub(crate) fn of(code: Code, message: Text) -> Self {
        Self {
            code,
            message,
            help: None,
        }
    }

    /// The same with a way out.
    pub(crate) fn help(mut self, ja: impl Into<String>, en: impl Into<String>) -> Self {
        self.help = Some(Text::new(ja, en));
        self
    }

    /// The same with a way out, if there is none yet and one is known.
    pub(crate) fn or_help(mut self, help: Option<Text>) -> Self {
        self.help = self.help.or(help);
        self
    }

    /// The same with another way out, if one is known.
    pub(crate) fn instead(mut self, help: Option<Text>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// The problem at its place.
    pub(crate) fn at(self, place: &Place) -> Problem {
        let problem = Problem::new(self.code, place, self.message);
        match self.help {
            Some(help) => problem.help(help),
            None => problem,
        }
    }
}

/// What something is called in Japanese and English.
pub(crate) type Noun = (&'static str, &'static str);

/// The longest list of possible words that a way out shows.
const MOST_LISTED: usize = 15;

/// A Japanese noun between other Japanese, with blanks where half-width characters meet it.
pub(crate) fn spaced(noun: &str) -> String {
    let half = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii());
    let before = if half(noun.chars().next()) { " " } else { "" };
    let after = if half(noun.chars().next_back()) {
        " "
    } else {
        ""
    };
    format!("{before}{noun}{after}")
}

/// The name that was probably meant: the nearest by edit distance, if it is near at all.
pub(crate) fn closest<'a>(
    found: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let most = 1 + found.chars().count() / 4;
    let near = names.into_iter().filter_map(|name| {
        let distance = match name.eq_ignore_ascii_case(found) {
            true => 0,
            false => strsim::damerau_levenshtein(&found.to_lowercase(), &name.to_lowercase()),
        };
        (distance <= most).then_some((distance, name))
    });
    near.min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// A way out by the closest name, or by the list of all when it is short enough to read.
pub(crate) fn suggestion(found: &str, names: &[&str]) -> Option<Text> {
    if let Some(name) = closest(found, names.iter().copied()) {
        return Some(Text::new(
            format!("`{name}` の誤りではないか"),
            format!("did you mean `{name}`?"),
        ));
    }
    let listed: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match listed.as_slice() {
        [] => None,
        [only] => Some(Text::new(
            format!("使えるのは {only} のみ"),
            format!("only {only} is possible here"),
        )),
        many if many.len() > MOST_LISTED => Some(Text::new(
            "使えるものの一覧は docs/scenario-format.md にある",
            "docs/scenario-format.md lists what is possible",
        )),
        many => Some(Text::new(
            format!("使えるのは {} のいずれか", many.join("、")),
            format!("possible are {}", many.join(", ")),
        )),
    }
}

/// A word that is none of those possible here.
pub(crate) fn unknown_word(found: &str, noun: Noun, names: &[&str]) -> Said {
    Said::new(
        Code::Shape,
        format!("`{found}` は{}ではない", spaced(noun.0)),
        format!("`{found}` is not {}", noun.1),
    )
    .or_help(suggestion(found, names))
}

/// A field that does not exist.
pub(crate) fn unknown_field(found: &str, fields: &[&str]) -> Said {
    Said::new(
        Code::Shape,
        format!("項目 `{found}` は存在しない"),
        format!("there is no field `{found}` here"),
    )
    .or_help(suggestion(found, fields))
}

/// A field that is given twice.
pub(crate) fn double_field(field: &str) -> Said {
    Said::new(
        Code::Shape,
        format!("項目 `{field}` が二度書かれている"),
        format!("field `{field}` is given twice"),
    )
    .help("どちらか一方を削除する", "remove one of them")
}

/// A field that is missing, in a thing that perhaps says its name.
pub(crate) fn missing_field(field: &str, name: Option<&str>) -> Said {
    let (ja, en) = match name {
        Some(name) => (
            format!("`{name}` に項目 `{field}` がない"),
            format!("`{name}` has no field `{field}`"),
        ),
        None => (
            format!("項目 `{field}` がない"),
            format!("field `{field}` is missing"),
        ),
    };
    Said::new(Code::Shape, ja, en).help(
        format!("`{field}: …` を書き加える"),
        format!("add `{field}: …`"),
    )
}

/// A name that nothing bears.
pub(crate) fn unknown_name(found: &str, noun: Noun, names: &[&str]) -> Said {
    Said::new(
        Code::UnknownName,
        format!("{} `{found}` は存在しない", noun.0),
        format!("there is no {} `{found}`", noun.1),
    )
    .or_help(suggestion(found, names))
}

/// A value of another type than the one wanted here.
pub(crate) fn wrong_type(found: &str, noun: Noun) -> Said {
    let said = Said::new(
        Code::Syntax,
        format!("{}が必要だが `{found}` がある", spaced(noun.0).trim_start()),
        format!("{} is needed here, found `{found}`", noun.1),
    );
    said.or_help(full_width(found))
}

/// Two things of one kind with one name.
pub(crate) fn duplicate(noun: Noun, name: &str) -> Said {
    Said::new(
        Code::DuplicateName,
        format!("{} `{name}` が二度定義されている", noun.0),
        format!("{} `{name}` is defined twice", noun.1),
    )
    .help(
        "どちらか一方の名前を変えるか削除する",
        "rename or remove one of them",
    )
}

/// Not an address, prefix or range.
pub(crate) fn address(error: &AddressError) -> Said {
    match error {
        AddressError::Syntax(text) => Said::new(
            Code::Address,
            format!("`{text}` はアドレス、プレフィックス、範囲のいずれでもない"),
            error.to_string(),
        )
        .or_help(full_width(text))
        .or_help(Some(Text::new(
            "`10.1.2.3`、`10.1.0.0/16`、`10.1.2.3-10.1.2.9` のように書く",
            "write `10.1.2.3`, `10.1.0.0/16` or `10.1.2.3-10.1.2.9`",
        ))),
        AddressError::HostBits(text, meant) => Said::new(
            Code::HostBits,
            format!("`{text}` はホスト部のビットが立っている"),
            format!("`{text}` has host bits set"),
        )
        .help(
            format!("ネットワークなら `{meant}`、一台のアドレスなら `/` 以下を取る"),
            format!("write `{meant}` for the network, or leave out the length for one address"),
        ),
        AddressError::Backwards(text) => Said::new(
            Code::Address,
            format!("範囲 `{text}` は逆順か、IPv4 と IPv6 が混ざっている"),
            error.to_string(),
        )
        .help(
            "小さいアドレスから大きいアドレスへ、同じ種類で書く",
            "write the lower address first, and both of one family",
        ),
    }
}

/// A quantity without its unit or out of its range.
pub(crate) fn quantity(found: &str, wanted: Noun) -> Said {
    Said::new(
        Code::Quantity,
        format!("`{found}` は{}ではない", spaced(wanted.0)),
        format!("`{found}` is not {}", wanted.1),
    )
    .or_help(full_width(found))
}

/// A number that is finite, but larger than anything that is meant here.
pub(crate) fn too_much(found: &str, most: &str) -> Said {
    Said::of(Code::Quantity, limits::too_much(found, most))
        .help("桁と単位を確かめる", "check its digits and its unit")
}

/// Something that cannot be written out: a series, a pattern.
pub(crate) fn series(ja: impl Into<String>, en: impl Into<String>) -> Said {
    Said::new(Code::Series, ja, en)
}

/// A help text if the text holds a full-width character that looks like one that was meant.
pub(crate) fn full_width(text: &str) -> Option<Text> {
    let (wide, narrow) = text.chars().find_map(|c| half_width(c).map(|n| (c, n)))?;
    let narrow = match narrow {
        ' ' => "半角スペース".to_owned(),
        _ => format!("`{narrow}`"),
    };
    let english = if narrow.starts_with('`') {
        narrow.clone()
    } else {
        "a space".to_owned()
    };
    Some(Text::new(
        format!("`{wide}` は全角文字なので、半角の {narrow} にする"),
        format!("`{wide}` is a full-width character, write {english} instead"),
    ))
}

/// Whether the character is a full-width one that looks like an ASCII one.
pub(crate) fn is_full_width(letter: char) -> bool {
    half_width(letter).is_some()
}

/// The ASCII character that a full-width one looks like.
fn half_width(wide: char) -> Option<char> {
    match wide {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(wide) - 0xfee0),
        '\u{3000}' => Some(' '),
        '、' => Some(','),
        '。' => Some('.'),
        '「' | '」' | '“' | '”' | '〝' | '〟' => Some('"'),
        '−' | '‐' | '–' | '—' | 'ー' => Some('-'),
        '〜' => Some('-'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_name_is_near_or_none() {
        let names = ["name", "label", "zone", "vlan"];
        assert_eq!(closest("vlna", names), Some("vlan"));
        assert_eq!(closest("Zone", names), Some("zone"));
        assert_eq!(closest("throughput", names), None);
    }

    #[test]
    fn full_width_characters_are_named() {
        let help = full_width("tcp/４４３").unwrap();
        assert_eq!(help.en, "`４` is a full-width character, write `4` instead");
        assert_eq!(full_width("tcp/443"), None);
    }
}
