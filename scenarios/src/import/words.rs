//! The words of a line of a dump, as `iptables-restore` splits them.
//!
//! In: the bytes of a line. Out: words with their columns; quotes and escapes are gone, and text in
//! Shift_JIS has become Unicode. What can go wrong: a quote that is not closed.
//!
//! Escapes are taken away from the bytes before they are read as text, because `iptables-save` writes them
//! so: the second byte of 表 in Shift_JIS is a backslash, and stands there twice.

use encoding_rs::SHIFT_JIS;

/// A word of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// Its text.
    pub(super) text: String,
    /// The column of its first byte, from 1.
    pub(super) column: u32,
    /// Whether it stood in quotes, so that it is never an option.
    pub(super) quoted: bool,
}

impl Word {
    /// Whether it is an option such as `-s` or `--dport`, or the `!` before one.
    pub(super) fn is_option(&self) -> bool {
        !self.quoted && (self.text == "!" || (self.text.starts_with('-') && self.text.len() > 1))
    }
}

/// The words of a line.
///
/// # Errors
/// The column of a quote that is not closed.
pub(super) fn split(line: &[u8]) -> Result<Vec<Word>, u32> {
    let mut words = Vec::new();
    let mut at = 0;
    while at < line.len() {
        if line[at].is_ascii_whitespace() {
            at += 1;
            continue;
        }
        let (word, next) = word(line, at)?;
        words.push(word);
        at = next;
    }
    Ok(words)
}

fn column(at: usize) -> u32 {
    u32::try_from(at).map_or(u32::MAX, |at| at.saturating_add(1))
}

/// The word that begins at `start`, and where it ends.
fn word(line: &[u8], start: usize) -> Result<(Word, usize), u32> {
    let mut bytes = Vec::new();
    let (mut quote, mut quoted, mut at) = (None, false, start);
    while let Some(&byte) = line.get(at) {
        match (quote, byte) {
            (None, byte) if byte.is_ascii_whitespace() => break,
            (None, b'"' | b'\'') => (quote, quoted) = (Some((byte, at)), true),
            (Some((open, _)), byte) if byte == open => quote = None,
            (_, b'\\') if line.get(at + 1).is_some() && (quoted || escapes(line[at + 1])) => {
                at += 1;
                bytes.push(line[at]);
            }
            _ => bytes.push(byte),
        }
        at += 1;
    }
    if let Some((_, at)) = quote {
        return Err(column(at));
    }
    let word = Word {
        text: decoded(&bytes),
        column: column(start),
        quoted,
    };
    Ok((word, at))
}

/// What a backslash takes its meaning from outside quotes.
const fn escapes(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'\\')
}

/// UTF-8 where it is that, else Shift_JIS as Windows writes it; bytes that are neither become `�`.
pub(super) fn decoded(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => SHIFT_JIS.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(line: &[u8]) -> Vec<String> {
        let words = split(line).expect("closed quotes");
        words.into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn quotes_and_escapes_are_those_of_iptables_save() {
        let line = br#"-A X -m comment --comment "say \"no\" \\ it's" -j DROP"#;
        assert_eq!(texts(line)[5], r#"say "no" \ it's"#);
        assert_eq!(split(br#"-A X --comment "open"#), Err(16));
        let dash = split(br#"--log-prefix "-x" '!'"#).expect("closed quotes");
        assert_eq!(
            dash.iter().map(Word::is_option).collect::<Vec<_>>(),
            [true, false, false]
        );
    }

    #[test]
    fn comments_in_shift_jis_survive_their_backslashes() {
        let (bytes, _, _) = SHIFT_JIS.encode("一覧表\"ソ");
        let mut line = b"--comment \"".to_vec();
        for byte in bytes.iter() {
            if matches!(byte, b'"' | b'\\') {
                line.push(b'\\');
            }
            line.push(*byte);
        }
        line.push(b'"');
        assert_eq!(texts(&line), ["--comment", "一覧表\"ソ"]);
        assert_eq!(texts("--comment 住基".as_bytes()), ["--comment", "住基"]);
    }
}
