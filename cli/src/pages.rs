//! The pages of finding codes, as `utsushi explain` prints them.
//!
//! In: a code and a language. Out: the title line and the part of the page in that language. The pages are
//! those of `docs/findings` when utsushi was built, so that an installed `utsushi` has them. What can go
//! wrong: a code without a page, which gives `None`.
//!
//! A page opens with `# CODE english title / 日本語の題`. Its sections `## English` and `## 日本語` are for one
//! language each; all others, such as the example, are for both.

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

/// The title and the sections for a reader of one language.
fn part(text: &str, lang: Lang) -> String {
    let mut sections = sections(text).into_iter();
    let mut out = title(sections.next().unwrap_or_default(), lang);
    for section in sections {
        let (heading, body) = section.split_once('\n').unwrap_or((section, ""));
        match (heading.trim_start_matches('#').trim(), lang) {
            ("English", Lang::En) | ("日本語", Lang::Ja) => {
                out.push_str(&format!("{}\n\n", body.trim()));
            }
            ("English", Lang::Ja) | ("日本語", Lang::En) => {}
            (_, _) => out.push_str(&format!("{}\n\n", section.trim())),
        }
    }
    format!("{}\n", out.trim_end())
}

/// The head of a page with the title in one language.
fn title(head: &str, lang: Lang) -> String {
    let (line, rest) = head.split_once('\n').unwrap_or((head, ""));
    let own = match (line.split_once(" / "), lang) {
        (Some((en, _)), Lang::En) => en.to_owned(),
        (Some((en, ja)), Lang::Ja) => {
            let code: Vec<_> = en.split(' ').take(2).collect();
            format!("{} {ja}", code.join(" "))
        }
        (None, _) => line.to_owned(),
    };
    format!("{}\n\n", format!("{own}\n{rest}").trim_end())
}

/// The pieces of a page: its head, then every section with its heading. Fenced blocks are not looked into.
fn sections(text: &str) -> Vec<&str> {
    let mut cuts = vec![0];
    let mut at = 0;
    let mut fenced = false;
    for line in text.split_inclusive('\n') {
        fenced ^= line.trim_start().starts_with("```");
        if !fenced && line.starts_with("## ") {
            cuts.push(at);
        }
        at += line.len();
    }
    cuts.push(at);
    cuts.windows(2).map(|cut| &text[cut[0]..cut[1]]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# ISO-101 forbidden / 禁止\n\n## English\n\nA packet.\n\n## 日本語\n\n通信。\n\n## Example / 例\n\n```text\n## no heading\n```\n";

    #[test]
    fn a_page_shows_one_language_and_what_is_for_both() {
        let example = "## Example / 例\n\n```text\n## no heading\n```\n";
        assert_eq!(
            part(PAGE, Lang::En),
            format!("# ISO-101 forbidden\n\nA packet.\n\n{example}")
        );
        assert_eq!(
            part(PAGE, Lang::Ja),
            format!("# ISO-101 禁止\n\n通信。\n\n{example}")
        );
        assert_eq!(part("# X\n\nonly\n", Lang::Ja), "# X\n\nonly\n");
    }

    #[test]
    fn every_code_has_a_page_in_both_languages() {
        for code in Code::ALL {
            let (en, ja) = (page(*code, Lang::En), page(*code, Lang::Ja));
            assert!(
                en.is_some_and(|text| text.starts_with(&format!("# {code} "))),
                "{code}"
            );
            assert!(
                ja.is_some_and(|text| text.lines().nth(2).is_some_and(|line| !line.is_ascii())),
                "{code}"
            );
        }
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
