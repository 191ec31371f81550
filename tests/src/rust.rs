//! The paths a Rust file names: what it uses from where.
//!
//! In: the text of a `.rs` file. Out: every path in it with its line, groups spelled
//! out (`use std::{fs, io::Read}` is `std::fs` and `std::io::Read`), macro calls with
//! their `!`, comments and strings left out, `super::` resolved as far as the
//! file's place in its package allows. What can go wrong: text that is not Rust.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A path as written, for example `["crate", "space", "Set"]` or `["println!"]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The names between the `::`, in order.
    pub segments: Vec<String>,
    /// The line of its first name, counted from one.
    pub line: usize,
}

impl Named {
    /// Whether these names follow one another somewhere in the path.
    pub fn contains(&self, names: &[&str]) -> bool {
        self.segments
            .windows(names.len())
            .any(|window| window == names)
    }
}

/// Every path in `text`, which lies in the module `module` of its package
/// (`["plane", "filter"]` for `src/plane/filter.rs`, nothing for `src/lib.rs`).
/// Paths through `super` and `self` come out as paths from `crate`.
///
/// # Errors
/// When `text` cannot be split into Rust tokens.
pub fn paths(text: &str, module: &[String]) -> Result<Vec<Named>, String> {
    let tokens: TokenStream = text.parse().map_err(|error| format!("not Rust: {error}"))?;
    let mut reader = Reader {
        module: module.to_vec(),
        found: Vec::new(),
    };
    reader.walk(tokens);
    Ok(reader.found)
}

struct Reader {
    /// The module the reader is in; grows inside `mod name { … }`.
    module: Vec<String>,
    found: Vec<Named>,
}

impl Reader {
    fn walk(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            at = match &tokens[at] {
                TokenTree::Ident(_) => self.path(&tokens, at, &[]),
                TokenTree::Group(group) => {
                    let inner = module_name(&tokens, at);
                    let depth = self.module.len();
                    self.module.extend(inner);
                    self.walk(group.stream());
                    self.module.truncate(depth);
                    at + 1
                }
                _ => at + 1,
            };
        }
    }

    /// Reads the path that begins at `at` behind `prefix`; answers where it ends.
    fn path(&mut self, tokens: &[TokenTree], mut at: usize, prefix: &[String]) -> usize {
        let line = tokens[at].span().start().line;
        let mut segments = prefix.to_vec();
        while let Some(TokenTree::Ident(name)) = tokens.get(at) {
            segments.push(name.to_string());
            at += 1;
            if !is_colons(tokens, at) {
                break;
            }
            at += 2;
            if let Some(TokenTree::Group(group)) = tokens.get(at)
                && group.delimiter() == Delimiter::Brace
            {
                self.group(group.stream(), &segments);
                return at + 1;
            }
        }
        if is_punct(tokens, at, '!')
            && !is_punct(tokens, at + 1, '=')
            && let Some(last) = segments.last_mut()
        {
            last.push('!');
        }
        let segments = self.resolved(segments);
        self.found.push(Named { segments, line });
        at
    }

    /// Reads the members of `prefix::{ … }`.
    fn group(&mut self, tokens: TokenStream, prefix: &[String]) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            at = match &tokens[at] {
                TokenTree::Ident(name) if name == "as" => at + 2,
                TokenTree::Ident(_) => self.path(&tokens, at, prefix),
                _ => at + 1,
            };
        }
    }

    /// Rewrites leading `self` and `super` to the path from `crate` they stand for.
    fn resolved(&self, segments: Vec<String>) -> Vec<String> {
        let ups = segments.iter().take_while(|name| *name == "super").count();
        let here = segments.len() > 1 && segments[0] == "self";
        if ups == 0 && !here {
            return segments;
        }
        let kept = self.module.len().saturating_sub(ups);
        let rest = segments.into_iter().skip(ups.max(usize::from(here)));
        let start = std::iter::once("crate".to_owned());
        start
            .chain(self.module[..kept].iter().cloned())
            .chain(rest)
            .collect()
    }
}

/// The name of the inline module whose body is the group at `at`.
fn module_name(tokens: &[TokenTree], at: usize) -> Option<String> {
    let before = tokens.get(at.checked_sub(2)?..at)?;
    match before {
        [TokenTree::Ident(word), TokenTree::Ident(name)] if word == "mod" => Some(name.to_string()),
        _ => None,
    }
}

fn is_colons(tokens: &[TokenTree], at: usize) -> bool {
    is_punct(tokens, at, ':') && is_punct(tokens, at + 1, ':')
}

fn is_punct(tokens: &[TokenTree], at: usize, wanted: char) -> bool {
    matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, module: &[&str]) -> Vec<String> {
        let module: Vec<String> = module.iter().map(|name| (*name).to_owned()).collect();
        let found = paths(text, &module).unwrap();
        found
            .iter()
            .map(|named| named.segments.join("::"))
            .collect()
    }

    #[test]
    fn groups_are_spelled_out() {
        let found = read("use std::{fs, io::{self, Read as R}, net};", &[]);
        assert_eq!(
            found,
            [
                "use",
                "std::fs",
                "std::io::self",
                "std::io::Read",
                "std::net"
            ]
        );
    }

    #[test]
    fn comments_and_strings_name_nothing() {
        let found = read("// crate::a\n/* crate::b */ let x = \"crate::c\"; 'd'", &[]);
        assert_eq!(found, ["let", "x"]);
    }

    #[test]
    fn super_is_counted_from_the_file_and_its_inline_modules() {
        let text = "use super::x; mod inner { use super::super::y; use self::z; }";
        let found = read(text, &["plane", "nat"]);
        let wanted = [
            "crate::plane::x",
            "crate::plane::y",
            "crate::plane::nat::inner::z",
        ];
        assert!(
            wanted
                .iter()
                .all(|path| found.contains(&(*path).to_owned())),
            "{found:?}"
        );
    }

    #[test]
    fn macros_keep_their_mark_and_comparisons_do_not_get_one() {
        let found = read("println!(\"\"); a != b", &[]);
        assert_eq!(found, ["println!", "a", "b"]);
    }

    #[test]
    fn lines_are_counted_from_one() {
        let found = paths("\n\nuse crate::space;", &[]).unwrap();
        assert_eq!(found[1].line, 3);
        assert!(found[1].contains(&["crate", "space"]));
    }
}
