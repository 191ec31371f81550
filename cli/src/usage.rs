//! What is wrong with a command line, in the reader's language.
//!
//! In: clap's error. Out: text on the right stream, and exit code 2 (0 for `--help` and `--version`).

use crate::session::{self, Exit};
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};
use utsushi::model::text::Lang;

/// Prints the error, help or version.
pub(crate) fn tell(error: &Error, lang: Lang) -> Exit {
    let styled = error.render();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let text = if session::colours_out() {
                styled.ansi().to_string()
            } else {
                styled.to_string()
            };
            session::print(&text);
            Exit::Clean
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            session::complain(&styled.to_string());
            Exit::Wrong
        }
        _ => {
            session::complain(&message(error, lang));
            Exit::Wrong
        }
    }
}

/// The error in words.
fn message(error: &Error, lang: Lang) -> String {
    match lang {
        Lang::En => error.render().to_string(),
        Lang::Ja => japanese(error),
    }
}

fn japanese(error: &Error) -> String {
    let (arg, value) = (
        context(error, ContextKind::InvalidArg),
        context(error, ContextKind::InvalidValue),
    );
    let fact = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            format!(
                "`{}` という操作はない",
                context(error, ContextKind::InvalidSubcommand)
            )
        }
        ErrorKind::MissingSubcommand => "操作が指定されていない".to_owned(),
        ErrorKind::UnknownArgument => format!("`{arg}` というオプション・引数はない"),
        ErrorKind::MissingRequiredArgument => format!("{arg} が指定されていない"),
        ErrorKind::InvalidValue if value.is_empty() => format!("`{arg}` に値が必要である"),
        ErrorKind::InvalidValue => format!("`{arg}` に `{value}` は指定できない"),
        ErrorKind::ValueValidation => format!("`{arg}` の値 `{value}` が正しくない"),
        ErrorKind::ArgumentConflict => {
            format!("`{arg}` は二度、または他のオプションと同時には指定できない")
        }
        ErrorKind::NoEquals => format!("`{arg}` の値は `=` で区切る"),
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("`{arg}` の値の数が正しくない")
        }
        ErrorKind::InvalidUtf8 => "引数がUTF-8ではない".to_owned(),
        _ => error.to_string(),
    };
    let mut text = format!("エラー: {fact}\n");
    let meant = [
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedArg,
        ContextKind::SuggestedValue,
    ];
    if let Some(meant) = meant
        .iter()
        .map(|kind| context(error, *kind))
        .find(|meant| !meant.is_empty())
    {
        text.push_str(&format!("  対処: `{meant}` の誤りではないか\n"));
    }
    let valid = [ContextKind::ValidValue, ContextKind::ValidSubcommand];
    if let Some(valid) = valid
        .iter()
        .map(|kind| context(error, *kind))
        .find(|valid| !valid.is_empty())
    {
        text.push_str(&format!("  指定できるもの: {valid}\n"));
    }
    text.push_str("\n詳しくは `utsushi --help` または `utsushi 操作 --help`\n");
    text
}

fn context(error: &Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("、"),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::parse;

    fn told(words: &[&str], lang: Lang) -> String {
        let words: Vec<_> = std::iter::once("utsushi")
            .chain(words.iter().copied())
            .map(Into::into)
            .collect();
        message(&parse(&words, lang).unwrap_err(), lang)
    }

    #[test]
    fn mistakes_are_told_in_japanese() {
        for (words, wanted) in [
            (
                &["chek", "x"][..],
                "エラー: `chek` という操作はない\n  対処: `check`",
            ),
            (&["check"], "エラー: <SCENARIO> が指定されていない"),
            (
                &["check", "x", "--formt", "json"],
                "エラー: `--formt` というオプション・引数はない\n  対処: `--format`",
            ),
            (
                &["check", "x", "--format", "xml"],
                "エラー: `--format <FORMAT>` に `xml` は指定できない",
            ),
            (
                &["check", "x", "--format", "xml"],
                "指定できるもの: text、json、junit、sarif",
            ),
            (
                &["replay", "x", "--top", "many"],
                "エラー: `--top <N>` の値 `many` が正しくない",
            ),
            (
                &["check", "x", "--out"],
                "エラー: `--out <DIR>` に値が必要である",
            ),
            (
                &["check", "x", "--lang", "fr"],
                "エラー: `--lang <LANG>` に `fr` は指定できない",
            ),
        ] {
            let text = told(words, Lang::Ja);
            assert!(text.contains(wanted), "{words:?}: {text}");
        }
    }

    #[test]
    fn english_is_told_by_clap() {
        let text = told(&["chek"], Lang::En);
        assert!(
            text.contains("unrecognized subcommand 'chek'") && text.contains("'check'"),
            "{text}"
        );
    }
}
