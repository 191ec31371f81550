//! The reasons why a change does not apply, in words.

use crate::finding::Code;
use crate::place::Place;
use crate::problem::Problem;
use crate::text::Text;

/// Nothing of that kind bears the name.
pub(super) fn absent(place: &Place, kind: (&str, &str), name: &str) -> Problem {
    Problem::new(
        Code::Change,
        place,
        Text::new(
            format!(
                "変更を適用できない: {} `{name}` はこの時点で存在しない",
                kind.0
            ),
            format!(
                "change does not apply: there is no {} `{name}` at this point",
                kind.1
            ),
        ),
    )
    .help(Text::new(
        "名前の綴りと、先行するステップで削除・改名されていないかを確認する",
        "check the spelling, and whether an earlier step has removed it",
    ))
}

/// Something of that kind bears the name already.
pub(super) fn present(place: &Place, kind: (&str, &str), name: &str, there: &Place) -> Problem {
    Problem::new(
        Code::Change,
        place,
        Text::new(
            format!("変更を適用できない: {} `{name}` は既に存在する", kind.0),
            format!(
                "change does not apply: there is a {} `{name}` already",
                kind.1
            ),
        ),
    )
    .see(there, Text::new("既存の定義", "it is defined here"))
    .help(Text::new(
        "別の名前にするか、`replace` を使う",
        "choose another name, or use `replace`",
    ))
}

/// Something still hangs on what is to be removed.
pub(super) fn in_use(
    place: &Place,
    kind: (&str, &str),
    name: &str,
    user: &Text,
    at: &Place,
) -> Problem {
    Problem::new(
        Code::Change,
        place,
        Text::new(
            format!(
                "変更を適用できない: {} `{name}` は {} がまだ使っている",
                kind.0, user.ja
            ),
            format!(
                "change does not apply: {} `{name}` is still used by {}",
                kind.1, user.en
            ),
        ),
    )
    .see(at, Text::new("使っている側", "used here"))
    .help(Text::new(
        "先に移動または削除する変更を置く",
        "move or remove the user in an earlier change",
    ))
}

/// Anything else, in words.
pub(super) fn other(place: &Place, message: Text, help: Text) -> Problem {
    Problem::new(Code::Change, place, message).help(help)
}
