//! The reader's language: `--lang`, or what the environment says.

use std::ffi::OsString;
use utsushi::model::text::Lang;

/// The language asked for by `--lang ja`, `--lang=en`, or by the locale (`LC_ALL`, then `LC_MESSAGES`,
/// then `LANG`); English where none of them speaks of Japanese. It has to be known before the command
/// line is parsed, because its errors and help are in it too; an unknown language is refused there.
pub(crate) fn choose(words: &[OsString], variable: impl Fn(&str) -> Option<String>) -> Lang {
    let words: Vec<_> = words
        .iter()
        .map_while(|word| word.to_str().filter(|word| *word != "--"))
        .collect();
    let asked = words
        .iter()
        .enumerate()
        .find_map(|(at, word)| match word.strip_prefix("--lang") {
            Some("") => words.get(at + 1).copied(),
            Some(rest) => rest.strip_prefix('='),
            None => None,
        });
    match asked {
        Some("ja") => Lang::Ja,
        Some("en") => Lang::En,
        _ => locale(variable),
    }
}

fn locale(variable: impl Fn(&str) -> Option<String>) -> Lang {
    let set = |name: &&str| variable(name).filter(|value| !value.is_empty());
    let value = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(set)
        .unwrap_or_default();
    if value.starts_with("ja") {
        Lang::Ja
    } else {
        Lang::En
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(words: &[&str], variables: &[(&str, &str)]) -> Lang {
        let words: Vec<OsString> = words.iter().map(OsString::from).collect();
        choose(&words, |name| {
            variables
                .iter()
                .find(|(n, _)| *n == name)
                .map(|(_, v)| (*v).to_owned())
        })
    }

    #[test]
    fn the_command_line_wins_over_the_locale() {
        let ja = [("LANG", "ja_JP.UTF-8")];
        assert_eq!(chosen(&["utsushi", "check", "x"], &ja), Lang::Ja);
        assert_eq!(
            chosen(&["utsushi", "check", "x", "--lang", "en"], &ja),
            Lang::En
        );
        assert_eq!(chosen(&["utsushi", "--lang=ja", "check"], &[]), Lang::Ja);
        assert_eq!(
            chosen(&["utsushi", "check", "--", "--lang=ja"], &[]),
            Lang::En
        );
    }

    #[test]
    fn the_first_variable_that_is_set_decides() {
        assert_eq!(
            chosen(&[], &[("LC_ALL", "C"), ("LANG", "ja_JP.UTF-8")]),
            Lang::En
        );
        assert_eq!(
            chosen(&[], &[("LC_ALL", ""), ("LANG", "ja_JP.UTF-8")]),
            Lang::Ja
        );
        assert_eq!(chosen(&[], &[]), Lang::En);
    }
}
