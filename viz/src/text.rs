//! Breaking text into lines. In: text, a width in points, a font size. Out: lines that fit, in order, losing no character
//! but the blanks at a break. A single character wider than the line stands alone and is the only thing that can overflow.

use crate::font::{self, Weight};

/// Characters that must not begin a line (行頭禁則).
const NOT_FIRST: &str = "、。，．・：；？！）」』】〉》〕］｝ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ々〜～％,.:;?!)]}%’”′'…";
/// Characters that must not end a line (行末禁則).
const NOT_LAST: &str = "（「『【〈《〔［｛([{‘“#＃→";

/// Breaks `text` into lines no wider than `width` points at `size` points.
#[must_use]
pub fn wrap(text: &str, weight: Weight, size: f64, width: f64) -> Vec<String> {
    text.split('\n')
        .flat_map(|paragraph| wrap_paragraph(paragraph, weight, size, width))
        .collect()
}

fn wrap_paragraph(text: &str, weight: Weight, size: f64, width: f64) -> Vec<String> {
    let fits = |line: &str| font::width(line.trim_end(), weight, size) <= width;
    let mut lines = vec![String::new()];
    for word in pieces(text, breaks_around_words) {
        if fits(word) {
            push(&mut lines, word, fits);
        } else {
            // A katakana word longer than the line may be cut by the rules of 禁則, a Latin one anywhere.
            for piece in pieces(word, breaks_inside_words) {
                let cut = if fits(piece) {
                    pieces(piece, |_, _| false)
                } else {
                    pieces(piece, |_, _| true)
                };
                cut.into_iter()
                    .for_each(|part| push(&mut lines, part, fits));
            }
        }
    }
    lines
        .into_iter()
        .map(|line| line.trim_end().to_owned())
        .collect()
}

/// Appends `part` to the last line if it fits there, else begins a line with it.
fn push(lines: &mut Vec<String>, part: &str, fits: impl Fn(&str) -> bool) {
    match lines.last_mut() {
        Some(line) if line.is_empty() => line.push_str(part.trim_start()),
        Some(line) if fits(&format!("{line}{part}")) => line.push_str(part),
        _ => lines.push(part.trim_start().to_owned()),
    }
}

/// Cuts text between two characters wherever `breaks` allows it.
fn pieces(text: &str, breaks: fn(char, char) -> bool) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut previous: Option<char> = None;
    for (at, character) in text.char_indices() {
        if previous.is_some_and(|before| breaks(before, character)) {
            found.push(&text[start..at]);
            start = at;
        }
        previous = Some(character);
    }
    if start < text.len() {
        found.push(&text[start..]);
    }
    found
}

/// After blanks and between Japanese characters, but neither inside a katakana word nor after a hyphen or slash.
fn breaks_around_words(before: char, after: char) -> bool {
    breaks_inside_words(before, after)
        && !(is_katakana(before) && is_katakana(after))
        && !"-/".contains(before)
}

/// After blanks and between Japanese characters unless a rule of 禁則 forbids it.
fn breaks_inside_words(before: char, after: char) -> bool {
    if after == ' ' || NOT_FIRST.contains(after) || NOT_LAST.contains(before) {
        return false;
    }
    before == ' ' || before == '-' || before == '/' || is_wide(before) || is_wide(after)
}

/// Katakana and the long-vowel mark, without the middle dot, which separates words.
fn is_katakana(character: char) -> bool {
    matches!(character, '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}')
}

/// Kana, kanji and full-width forms: scripts written without blanks.
fn is_wide(character: char) -> bool {
    matches!(character, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

/// Wraps a label into at most `max` lines of about equal length, ending the last with … when something had to be left out.
///
/// POSTCONDITION: no line is wider than `width` unless a single character is.
#[must_use]
pub fn wrap_to(text: &str, weight: Weight, size: f64, width: f64, max: usize) -> Vec<String> {
    let mut lines = wrap(text, weight, size, width);
    if lines.len() <= max {
        return balance(text, weight, size, width, lines);
    }
    lines.truncate(max);
    fill_last(text, &mut lines, |line| {
        font::width(line, weight, size) <= width
    });
    if let Some(last) = lines.last_mut() {
        while !last.is_empty() && font::width(&format!("{last}…"), weight, size) > width {
            last.pop();
        }
        last.push('…');
    }
    lines
}

/// Lets the last line run on into what is left out, in the middle of a word if need be: `→…` says less than `→ Secur…`.
fn fill_last(text: &str, lines: &mut [String], fits: impl Fn(&str) -> bool) {
    let Some((last, before)) = lines.split_last_mut() else {
        return;
    };
    let rest = before.iter().fold(text, |rest, line| {
        let rest = rest.trim_start();
        rest.strip_prefix(line.as_str()).unwrap_or(rest)
    });
    let after = rest.trim_start().strip_prefix(last.as_str());
    for character in after.unwrap_or_default().chars() {
        last.push(character);
        if !fits(last) {
            return;
        }
    }
}

/// The narrowest setting with no more lines than `lines`, broken at blanks alone if that is possible, else where the
/// script changes, else between any words; it cuts no word which need not be cut.
fn balance(text: &str, weight: Weight, size: f64, width: f64, lines: Vec<String>) -> Vec<String> {
    let measure = |word: &str| font::width(word.trim_end(), weight, size);
    let rules: [fn(char, char) -> bool; 3] = [
        |before, _| before == ' ',
        breaks_at_seams,
        breaks_around_words,
    ];
    for rule in rules {
        let words = pieces(text, rule);
        let longest = words.iter().map(|word| measure(word)).fold(0.0, f64::max);
        let widths = (10..=20)
            .map(|part| width * f64::from(part) / 20.0)
            .filter(|w| *w >= longest);
        let set = |narrow: f64| {
            let mut setting = vec![String::new()];
            words
                .iter()
                .for_each(|word| push(&mut setting, word, |line| measure(line) <= narrow));
            setting
        };
        if let Some(setting) = widths.map(set).find(|setting| setting.len() <= lines.len()) {
            return setting
                .into_iter()
                .map(|line| line.trim_end().to_owned())
                .collect();
        }
    }
    lines
}

/// Where words of a Japanese label meet: after a blank or dot, and where the script changes, but not before the
/// kana that end a word (okurigana) nor after a number.
fn breaks_at_seams(before: char, after: char) -> bool {
    let okurigana = script(before) == Script::Kanji && script(after) == Script::Hiragana;
    breaks_around_words(before, after)
        && script(before) != script(after)
        && !okurigana
        && script(before) != Script::Digit
}

#[derive(PartialEq, Eq)]
enum Script {
    Latin,
    Digit,
    Hiragana,
    Katakana,
    Kanji,
    Other,
}

fn script(character: char) -> Script {
    match character {
        '0'..='9' | '０'..='９' => Script::Digit,
        'ぁ'..='ゖ' => Script::Hiragana,
        '々' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => {
            Script::Kanji
        }
        c if is_katakana(c) => Script::Katakana,
        c if c.is_alphabetic() => Script::Latin,
        _ => Script::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn widest(lines: &[String], weight: Weight, size: f64) -> f64 {
        lines
            .iter()
            .map(|line| font::width(line, weight, size))
            .fold(0.0, f64::max)
    }

    fn check(text: &str, width: f64, expected: &[&str]) {
        let lines = wrap(text, Weight::Regular, 10.0, width);
        assert_eq!(lines, expected, "{text} in {width}");
        for line in &lines {
            assert!(
                font::width(line, Weight::Regular, 10.0) <= width + 1e-9
                    || line.chars().count() == 1,
                "{line}"
            );
        }
    }

    #[test]
    fn breaks_japanese_anywhere_but_where_forbidden() {
        check(
            "セキュリティクラウド回線",
            90.0,
            &["セキュリティクラウド", "回線"],
        );
        check(
            "セキュリティクラウド回線",
            60.0,
            &["セキュリティ", "クラウド回線"],
        );
        check("内部ファイアウォール", 70.0, &["内部ファイア", "ウォール"]);
        check("画面転送（仮想）", 50.0, &["画面転送", "（仮想）"]);
        check("出典、仮定。", 50.0, &["出典、仮", "定。"]);
    }

    #[test]
    fn keeps_latin_words_whole_unless_too_long() {
        check("LGWAN edge router", 60.0, &["LGWAN", "edge", "router"]);
        check("abcdefghijklmnop", 30.0, &["abcd", "efghi", "jklmn", "op"]);
        check(
            "β'モデルの1,440 Mbit/s",
            60.0,
            &["β'モデルの", "1,440", "Mbit/s"],
        );
    }

    #[test]
    fn loses_no_character() {
        let text = "本庁舎―外部データセンター間 2×10 Gbit/s（冗長化）のうち下り";
        for width in [8.0, 20.0, 33.0, 57.0, 120.0] {
            let joined: String = wrap(text, Weight::Regular, 8.0, width).concat();
            assert_eq!(joined.replace(' ', ""), text.replace(' ', ""), "{width}");
        }
    }

    #[test]
    fn balances_the_lines_of_a_label() {
        let label = |text, width| wrap_to(text, Weight::Regular, 8.0, width, 3);
        assert_eq!(label("画面転送・無害化", 58.0), ["画面転送・", "無害化"]);
        assert_eq!(
            label("内部ファイアウォール", 68.0),
            ["内部", "ファイアウォール"]
        );
        assert_eq!(label("LGWAN接続ルータ", 52.0), ["LGWAN", "接続ルータ"]);
        assert_eq!(label("DMZ・公開Web", 52.0), ["DMZ・", "公開Web"]);
        assert_eq!(
            label("プロキシ 同時セッション", 74.0),
            ["プロキシ", "同時セッション"]
        );
        assert_eq!(
            label("小規模出先回線（最大・出先17）", 74.0),
            ["小規模出先回線", "（最大・出先17）"]
        );
    }

    #[test]
    fn shortens_with_an_ellipsis_inside_the_width() {
        let lines = wrap_to("小規模出先機関アクセス回線", Weight::Regular, 8.0, 40.0, 2);
        assert_eq!(lines.len(), 2);
        assert!(
            lines[1].ends_with('…') && widest(&lines, Weight::Regular, 8.0) <= 40.0,
            "{lines:?}"
        );
    }
}
