//! Files in memory and what an example changes in them.
//!
//! In: the scenario files of the checkout and changes. Out: the same files, changed, and the first file of
//! the scenario concerned. What can go wrong: text to be changed that stands nowhere or more than once.

use std::collections::BTreeMap;
use utsushi_scenarios::Memory;
use utsushi_tests::tree::Tree;

/// A change of one file.
#[derive(Debug)]
pub(crate) enum Change {
    /// A run of lines becomes another.
    Edit {
        /// Path below the root.
        file: String,
        /// The lines before, each with its line feed.
        before: String,
        /// The lines after.
        after: String,
        /// Lines that are taken away or added; one that becomes another counts once.
        size: usize,
    },
    /// The whole text of a file that is new.
    Whole {
        /// Path below the root.
        file: String,
        /// The text.
        text: String,
    },
}

impl Change {
    /// Reads a `diff` block: lines that begin with a space stay, `-` go, `+` come.
    ///
    /// # Errors
    /// A line that begins with something else.
    pub(crate) fn edit(file: &str, block: &str) -> Result<Self, String> {
        let (mut before, mut after) = (String::new(), String::new());
        let (mut gone, mut come) = (0, 0);
        for line in block.split_inclusive('\n') {
            match line.split_at_checked(1) {
                Some((" ", line)) => {
                    before.push_str(line);
                    after.push_str(line);
                }
                Some(("-", line)) => {
                    before.push_str(line);
                    gone += 1;
                }
                Some(("+", line)) => {
                    after.push_str(line);
                    come += 1;
                }
                _ => {
                    return Err(format!(
                        "`{}` begins with neither ` `, `-` nor `+`",
                        line.trim_end()
                    ));
                }
            }
        }
        Ok(Self::Edit {
            file: file.to_owned(),
            before,
            after,
            size: gone.max(come),
        })
    }

    /// A new file.
    pub(crate) fn whole(file: &str, text: &str) -> Self {
        Self::Whole {
            file: file.to_owned(),
            text: text.to_owned(),
        }
    }

    /// How many lines it changes, adds or takes away.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Edit { size, .. } => *size,
            Self::Whole { text, .. } => text.lines().count(),
        }
    }

    fn file(&self) -> &str {
        match self {
            Self::Edit { file, .. } | Self::Whole { file, .. } => file,
        }
    }
}

/// Scenario files by path below the root.
#[derive(Debug, Clone)]
pub(crate) struct Folder(BTreeMap<String, String>);

impl Folder {
    /// Every scenario file of the checkout.
    pub(crate) fn of(tree: &Tree) -> Self {
        let wanted = |path: &str| path.ends_with(".ron") || path.ends_with(".csv");
        let files = tree.files.iter().filter(|file| wanted(&file.path));
        let texts = files.filter_map(|f| Some((f.path.clone(), f.text()?.to_owned())));
        Self(texts.collect())
    }

    /// The files as the loader takes them.
    pub(crate) fn memory(&self) -> Memory {
        Memory::new(
            self.0
                .iter()
                .map(|(path, text)| (path.as_str(), text.as_str())),
        )
    }

    /// The text of a file.
    pub(crate) fn text(&self, file: &str) -> Option<&str> {
        self.0.get(file).map(String::as_str)
    }

    /// The files after some changes, and the first file of the scenario that the first change is in.
    ///
    /// # Errors
    /// A change that does not fit, or a file that is part of no scenario.
    pub(crate) fn changed(&self, changes: &[Change]) -> Result<(Self, String), String> {
        let mut out = self.clone();
        for change in changes {
            out.apply(change)?;
        }
        let first = changes.first().map(Change::file).unwrap_or_default();
        let folder = first.rsplit_once('/').map_or("", |(folder, _)| folder);
        let entry = format!("{folder}/scenario.ron");
        match out.0.contains_key(&entry) {
            true => Ok((out, entry)),
            false => Err(format!("`{first}` is part of no scenario")),
        }
    }

    fn apply(&mut self, change: &Change) -> Result<(), String> {
        match change {
            Change::Whole { file, text } => match self.0.insert(file.clone(), text.clone()) {
                None => Ok(()),
                Some(_) => Err(format!("`{file}` is there already")),
            },
            Change::Edit {
                file,
                before,
                after,
                ..
            } => {
                let text = self
                    .0
                    .get_mut(file)
                    .ok_or(format!("there is no `{file}`"))?;
                let lined = format!("\n{text}");
                let (old, new) = (format!("\n{before}"), format!("\n{after}"));
                match lined.matches(&old).count() {
                    1 => {
                        *text = lined.replacen(&old, &new, 1).split_off(1);
                        Ok(())
                    }
                    0 => Err(format!("`{file}` does not hold\n{before}")),
                    count => Err(format!("`{file}` holds {count} times\n{before}")),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> Folder {
        Folder::of(&Tree::of(&[
            ("a/scenario.ron", "one\ntwo\none\nthree\n"),
            ("a/x.md", ""),
        ]))
    }

    fn after(block: &str) -> Result<String, String> {
        let change = Change::edit("a/scenario.ron", block)?;
        let (folder, entry) = folder().changed(&[change])?;
        Ok(folder.text(&entry).unwrap_or_default().to_owned())
    }

    #[test]
    fn lines_are_changed_where_they_stand_once() {
        assert_eq!(
            after(" two\n-one\n+ONE\n").unwrap(),
            "one\ntwo\nONE\nthree\n"
        );
        assert_eq!(after("-two\n").unwrap(), "one\none\nthree\n");
        assert_eq!(
            after(" three\n+four\n").unwrap(),
            "one\ntwo\none\nthree\nfour\n"
        );
    }

    #[test]
    fn what_does_not_fit_is_told() {
        assert!(after("-one\n").unwrap_err().contains("2 times"));
        assert!(after("-wo\n").unwrap_err().contains("does not hold"));
        assert!(after("two\n").unwrap_err().contains("neither"));
        let whole = [Change::whole("a/scenario.ron", "")];
        assert!(folder().changed(&whole).unwrap_err().contains("already"));
        let lost = [Change::whole("b/x.csv", "")];
        assert!(folder().changed(&lost).unwrap_err().contains("no scenario"));
    }

    #[test]
    fn sizes_count_lines() {
        let size = |block: &str| Change::edit("", block).unwrap().size();
        assert_eq!(
            (size(" a\n-b\n+c\n"), size("-a\n-b\n+c\n"), size("+a\n")),
            (1, 2, 1)
        );
    }
}
