//! The errors of the RON parser in Japanese and English: one table.
//!
//! Goes in: the error as ron's enum tells it. Comes out: a code, a message and a way out. Nothing can go
//! wrong: an error that a later ron invents falls through to its own English words.

use super::{Said, double_field, missing_field, suggestion, unknown_field};
use ron::error::Error;
use utsushi_model::finding::Code;

/// The mistake behind an error of the parser.
pub(crate) fn said(error: &Error) -> Said {
    shape(error).unwrap_or_else(|| {
        let (ja, en) = syntax(error);
        let said = Said::new(Code::Syntax, ja, en);
        match way_out(error) {
            Some((ja, en)) => said.help(ja, en),
            None => said,
        }
    })
}

/// Errors about fields and variants.
fn shape(error: &Error) -> Option<Said> {
    let said = |ja: String, en: String| Said::new(Code::Shape, ja, en);
    Some(match error {
        Error::NoSuchStructField {
            expected, found, ..
        } => unknown_field(found, expected),
        Error::NoSuchEnumVariant {
            expected, found, ..
        } => said(
            format!("`{found}` はここでは使えない"),
            format!("`{found}` is not possible here"),
        )
        .or_help(suggestion(found, expected)),
        Error::MissingStructField { field, .. } => missing_field(field, None),
        Error::DuplicateStructField { field, .. } => double_field(field),
        Error::ExpectedDifferentLength { found, .. } => said(
            format!("値の数が合わない（{found} 個ある）"),
            format!("the number of values is wrong, found {found}"),
        ),
        Error::ExpectedDifferentStructName { found, .. } => said(
            format!("名前 `{found}` はここには書けない"),
            format!("the name `{found}` does not belong here"),
        )
        .help(
            "名前を付けずに `( … )` とだけ書く",
            "write `( … )` without a name",
        ),
        _ => return None,
    })
}

/// Errors about the text itself.
fn syntax(error: &Error) -> (String, String) {
    let fixed = |ja: &str, en: &str| (ja.to_owned(), en.to_owned());
    match error {
        Error::Eof => fixed("ファイルが途中で終わっている", "the file ends too early"),
        Error::ExpectedArray => fixed("`[` で始まる並びが必要", "a list in `[ ]` is needed here"),
        Error::ExpectedArrayEnd => fixed("`]` が必要", "`]` is needed here"),
        Error::ExpectedBoolean => fixed(
            "`true` か `false` が必要",
            "`true` or `false` is needed here",
        ),
        Error::ExpectedComma => fixed("`,` が必要", "`,` is needed here"),
        Error::ExpectedInteger => fixed("整数が必要", "a whole number is needed here"),
        Error::ExpectedFloat => fixed("数が必要", "a number is needed here"),
        Error::FloatUnderscore | Error::UnderscoreAtBeginning => fixed(
            "数の中の `_` の位置が正しくない",
            "`_` stands in the wrong place of a number",
        ),
        Error::ExpectedMap => fixed("`{` が必要", "`{` is needed here"),
        Error::ExpectedMapColon => fixed("`:` が必要", "`:` is needed here"),
        Error::ExpectedMapEnd => fixed("`}` が必要", "`}` is needed here"),
        Error::ExpectedStructLike | Error::ExpectedNamedStructLike(_) => {
            fixed("`(` が必要", "`(` is needed here")
        }
        Error::ExpectedStructLikeEnd | Error::ExpectedOptionEnd => {
            fixed("`)` が必要", "`)` is needed here")
        }
        Error::ExpectedString => fixed(
            "`\"` で囲んだ文字列が必要",
            "a text in quotes is needed here",
        ),
        Error::ExpectedStringEnd => fixed(
            "文字列が `\"` で閉じられていない",
            "the text is not closed by `\"`",
        ),
        Error::ExpectedChar | Error::ExpectedByteLiteral | Error::ExpectedByteString => fixed(
            "文字の書き方が正しくない",
            "the character is not written properly",
        ),
        Error::ExpectedIdentifier
        | Error::InvalidIdentifier(_)
        | Error::SuggestRawIdentifier(_) => fixed(
            "項目名か種別の名前が必要",
            "the name of a field or kind is needed here",
        ),
        Error::InvalidEscape(_) => fixed(
            "`\\` の後の文字が正しくない",
            "the character behind `\\` is not possible",
        ),
        Error::IntegerOutOfBounds => fixed("数が大きすぎる", "the number is too large"),
        Error::InvalidIntegerDigit { digit, .. } => (
            format!("`{digit}` は数字として使えない"),
            format!("`{digit}` is no digit here"),
        ),
        Error::UnclosedBlockComment | Error::UnclosedLineComment => {
            fixed("コメントが閉じられていない", "the comment is not closed")
        }
        Error::UnexpectedChar(found) => (
            format!("`{found}` はここには書けない"),
            format!("`{found}` is not possible here"),
        ),
        Error::TrailingCharacters => fixed(
            "閉じ括弧の後に余分な文字がある",
            "there is text behind the closing bracket",
        ),
        Error::ExceededRecursionLimit => fixed(
            "括弧の入れ子が深すぎる",
            "the brackets are nested too deeply",
        ),
        Error::ExpectedAttribute | Error::ExpectedAttributeEnd | Error::NoSuchExtension(_) => {
            fixed(
                "`#![…]` の書き方が正しくない",
                "the line `#![…]` is not written properly",
            )
        }
        Error::InvalidValueForType { expected, found } => (
            format!("ここに `{found}` は書けない（必要なのは {expected}）"),
            format!("{found} is not possible here, {expected} is needed"),
        ),
        other => (
            format!("RON として読めない（{other}）"),
            format!("this is not RON ({other})"),
        ),
    }
}

/// The way out of the commonest mistakes of writing.
fn way_out(error: &Error) -> Option<(&'static str, &'static str)> {
    Some(match error {
        Error::ExpectedComma => (
            "前の値の後に `,` を置く。閉じ括弧の過不足も確かめる",
            "put `,` behind the value before, or look for a bracket too many or too few",
        ),
        Error::ExpectedStringEnd => (
            "文字列の終わりに `\"` を置く",
            "put `\"` at the end of the text",
        ),
        Error::Eof => (
            "閉じられていない括弧か引用符を探す",
            "look for a bracket or quote that is never closed",
        ),
        Error::InvalidEscape(_) => (
            "`\\` そのものは `\\\\` と書く",
            "write `\\\\` for a `\\` itself",
        ),
        Error::TrailingCharacters => (
            "ファイル全体を一組の `( … )` にする",
            "let one pair of `( … )` hold the whole file",
        ),
        Error::ExpectedMapColon => (
            "項目は `名前: 値` の形で書く",
            "write a field as `name: value`",
        ),
        _ => return None,
    })
}
