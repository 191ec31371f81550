//! The pages of finding codes, as `utsushi explain` prints them.
//!
//! In: a code and a language. Out: the title line and the part of the page in that language. The pages are
//! those of `docs/findings` when utsushi was built, so that an installed `utsushi` has them. What can go
//! wrong: a code without a page, which gives `None`.
//!
//! A page opens with `# CODE title`. Its sections (`## …`) come in English first, then in Japanese.

use crate::model::finding::Code;
use crate::model::text::Lang;
use include_dir::{Dir, include_dir};

static PAGES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../docs/findings");

/// The page of a code in one language, ending with a line feed.
#[must_use]
pub fn page(code: Code, lang: Lang) -> Option<String> {
    let text = PAGES.get_file(format!("{code}.md"))?.contents_utf8()?;
    Some(part(text, lang))
}

/// The codes nearest to a text that is none, best first: what was probably meant.
#[must_use]
pub fn closest(text: &str) -> Vec<Code> {
    let wanted = text.to_ascii_uppercase();
    let mut near: Vec<_> = Code::ALL
        .iter()
        .map(|c| (strsim::damerau_levenshtein(&wanted, c.as_str()), *c))
        .collect();
    near.sort_by_key(|(distance, _)| *distance);
    near.into_iter()
        .filter(|(distance, _)| *distance <= 3)
        .take(3)
        .map(|(_, code)| code)
        .collect()
}

/// The title and the sections of one language; the whole page if it does not come in both.
fn part(text: &str, lang: Lang) -> String {
    let (title, body) = text.split_once('\n').unwrap_or((text, ""));
    let Some(split) = japanese(body) else {
        return text.to_owned();
    };
    let (en, ja) = body.split_at(split);
    let own = match lang {
        Lang::Ja => ja,
        Lang::En => en,
    };
    format!("{title}\n\n{}\n", own.trim())
}

/// Where the Japanese sections begin: the first heading with a Japanese character.
fn japanese(body: &str) -> Option<usize> {
    let mut at = 0;
    let mut fenced = false;
    for line in body.split_inclusive('\n') {
        fenced ^= line.trim_start().starts_with("```");
        if !fenced && line.starts_with("## ") && !line.is_ascii() {
            return Some(at);
        }
        at += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# ISO-101 forbidden 禁止\n\n## Seen\n\nA packet.\n\n```text\n## 見出しではない\n```\n\n## 何が起きたか\n\n通信。\n";

    #[test]
    fn a_page_is_cut_at_its_first_japanese_heading() {
        assert_eq!(
            part(PAGE, Lang::En),
            "# ISO-101 forbidden 禁止\n\n## Seen\n\nA packet.\n\n```text\n## 見出しではない\n```\n"
        );
        assert_eq!(
            part(PAGE, Lang::Ja),
            "# ISO-101 forbidden 禁止\n\n## 何が起きたか\n\n通信。\n"
        );
        assert_eq!(part("# X\n\nonly\n", Lang::Ja), "# X\n\nonly\n");
    }

    #[test]
    fn near_misses_find_their_code() {
        assert_eq!(
            closest("iso-113").first().map(|c| c.as_str()),
            Some("ISO-103")
        );
        assert!(closest("CAP201").contains(&Code::LinkLoad));
        assert!(closest("nonsense").is_empty());
    }
}
