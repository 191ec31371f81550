//! What is wrong with a dump, in words.
//!
//! In: where, and what. Out: problems in both languages, each with a way out.

use utsushi_model::finding::Code;
use utsushi_model::place::Place;
use utsushi_model::problem::Problem;
use utsushi_model::text::Text;

fn problem(place: &Place, fact: (String, String), help: (String, String)) -> Problem {
    Problem::new(Code::Dump, place, Text::new(fact.0, fact.1)).help(Text::new(help.0, help.1))
}

/// A line that is not one of `iptables-save`.
pub(super) fn line(place: &Place) -> Problem {
    problem(
        place,
        (
            "`iptables-save` の行ではない".to_owned(),
            "not a line of `iptables-save`".to_owned(),
        ),
        (
            "`*filter`、`:FORWARD DROP [0:0]`、`-A FORWARD …`、`COMMIT`、`#` で始まる行だけが書ける".to_owned(),
            "lines begin with `*filter`, `:FORWARD DROP [0:0]`, `-A FORWARD …`, `COMMIT` or `#`".to_owned(),
        ),
    )
}

/// Something is missing behind or before a word.
pub(super) fn missing(place: &Place, ja: &str, en: &str) -> Problem {
    problem(
        place,
        (format!("{ja}がない"), format!("{en} is missing")),
        (
            "ファイルが途中で切れていないか確かめ、`iptables-save` で取り直す".to_owned(),
            "see whether the file is cut short, and take it anew with `iptables-save`".to_owned(),
        ),
    )
}

/// A value that is not what the option takes.
pub(super) fn value(place: &Place, option: &str, value: &str) -> Problem {
    problem(
        place,
        (
            format!("`{option}` の値 `{value}` を読み取れない"),
            format!("`{value}` is no value of `{option}`"),
        ),
        (
            "`iptables-save` が出力する数値の形で書く".to_owned(),
            "write it in numbers, as `iptables-save` does".to_owned(),
        ),
    )
}

/// A match or option that is not known.
pub(super) fn unknown(place: &Place, ja: &str, en: &str, name: &str) -> Problem {
    problem(
        place,
        (
            format!("未知の{ja} `{name}`"),
            format!("unknown {en} `{name}`"),
        ),
        (
            format!("判定できない条件として扱うなら `--doubt {name}` を付ける"),
            format!("`--doubt {name}` takes it as a condition that cannot be decided"),
        ),
    )
}

/// A target that is not known.
pub(super) fn target(place: &Place, name: &str) -> Problem {
    problem(
        place,
        (
            format!("`{name}` というチェーンもターゲットもない"),
            format!("`{name}` is neither a chain of the table nor a known target"),
        ),
        (
            format!(
                "`:{name} - [0:0]` と宣言するか、名前を直す。何をするか分からないターゲットなら `--doubt {name}` を付ける"
            ),
            format!(
                "declare it with `:{name} - [0:0]` or correct the name; `--doubt {name}` takes it as a target that may do anything"
            ),
        ),
    )
}

/// A chain that asks itself.
pub(super) fn circle(place: &Place, name: &str) -> Problem {
    problem(
        place,
        (
            format!("チェーン `{name}` が自分自身に戻る、または深すぎる"),
            format!("the chain `{name}` leads back to itself, or is nested too deep"),
        ),
        (
            "どこか一つの `-j` を外す".to_owned(),
            "take one of the `-j` away".to_owned(),
        ),
    )
}

/// Something that the model has no words for.
pub(super) fn beyond(place: &Place, ja: &str, en: &str, help: (&str, &str)) -> Problem {
    problem(
        place,
        (ja.to_owned(), en.to_owned()),
        (help.0.to_owned(), help.1.to_owned()),
    )
}
