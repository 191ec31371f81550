//! A page of `docs/findings`: title, sections, and the examples that can be carried out.
//!
//! In: Markdown. In its last section every fenced block with `file=PATH` changes that file (`diff`) or is
//! its whole text (any other word); the `text` block behind them says what is raised, one line each. A
//! heading `### …` titles the next example. Out: a [`Page`]. What can go wrong: a heading or a block that
//! is not there.

use crate::change::{Change, Folder};
use crate::outcome::Outcome;

/// Where the expected texts of examples are kept.
pub(crate) const EXPECTED: &str = "tests/findings/expected/";

/// A page.
#[derive(Debug)]
pub(crate) struct Page {
    /// The code it is about.
    pub(crate) code: String,
    /// The title without the code.
    pub(crate) title: String,
    /// The headings of its sections.
    pub(crate) sections: Vec<String>,
    /// Its examples.
    pub(crate) examples: Vec<Example>,
}

/// A breakage and what it raises.
#[derive(Debug, Default)]
pub(crate) struct Example {
    /// Its heading, where it has one.
    pub(crate) title: String,
    /// The line of the page with what is raised.
    pub(crate) line: usize,
    /// What is changed in which file.
    pub(crate) changes: Vec<Change>,
    /// What is raised, line by line.
    pub(crate) expected: Vec<String>,
}

/// A fenced block.
struct Block<'a> {
    info: &'a str,
    line: usize,
    text: String,
}

impl Page {
    /// Reads the page of a code.
    ///
    /// # Errors
    /// What is missing, with the line.
    pub(crate) fn read(code: &str, text: &str) -> Result<Self, String> {
        let told = |line: usize, what: &str| format!("{code}.md:{line}: {what}");
        let title = text.lines().next().and_then(|l| l.strip_prefix("# "));
        let title = title.and_then(|l| l.strip_prefix(code)).map(str::trim);
        let mut page = Self {
            code: code.to_owned(),
            title: title.ok_or_else(|| told(1, "no title"))?.to_owned(),
            sections: Vec::new(),
            examples: Vec::new(),
        };
        let mut next = Example::default();
        let mut lines = text.lines().enumerate().map(|(at, line)| (at + 1, line));
        while let Some((at, line)) = lines.next() {
            if let Some(heading) = line.strip_prefix("## ") {
                page.sections.push(heading.to_owned());
            } else if let Some(heading) = line.strip_prefix("### ") {
                heading.clone_into(&mut next.title);
            } else if let Some(info) = line.strip_prefix("```") {
                let body: Vec<&str> = lines
                    .by_ref()
                    .map(|(_, line)| line)
                    .take_while(|line| !line.starts_with("```"))
                    .collect();
                let block = Block {
                    info,
                    line: at,
                    text: body.iter().flat_map(|line| [line, "\n"]).collect(),
                };
                next = page.take(&block, next).map_err(|what| told(at, &what))?;
            }
        }
        match next.changes.is_empty() {
            true => Ok(page),
            false => Err(told(
                text.lines().count(),
                "a change without what it raises",
            )),
        }
    }

    /// The file with the words of an example, counted from 1: `CODE.txt`, or `CODE-2.txt` where there are many.
    pub(crate) fn expected(&self, number: usize) -> String {
        match self.examples.len() {
            1 => format!("{EXPECTED}{}.txt", self.code),
            _ => format!("{EXPECTED}{}-{number}.txt", self.code),
        }
    }

    /// Adds a block to the example that is being read; the example that comes next.
    fn take(&mut self, block: &Block<'_>, mut open: Example) -> Result<Example, String> {
        match block.info.split_once(" file=") {
            Some(("diff", file)) => open.changes.push(Change::edit(file, &block.text)?),
            Some((_, file)) => open.changes.push(Change::whole(file, &block.text)),
            None if block.info == "text" && !open.changes.is_empty() => {
                open.line = block.line;
                open.expected = block.text.lines().map(str::to_owned).collect();
                self.examples.push(open);
                return Ok(Example::default());
            }
            None => return Err(format!("`{}` is no part of an example", block.info)),
        }
        Ok(open)
    }
}

impl Example {
    /// Changes the files and runs the scenario; of codes about lines of lists, tells what those say
    /// beyond what they said before.
    ///
    /// # Errors
    /// A change does not fit.
    pub(crate) fn carried_out(&self, folder: &Folder, code: &str) -> Result<Outcome, String> {
        if let [Change::Whole { file, text }] = self.changes.as_slice()
            && (file.ends_with(".rules") || file.ends_with(".graph"))
        {
            return Ok(Outcome::of_dump(file, text));
        }
        let (changed, entry) = folder.changed(&self.changes)?;
        Ok(match code.starts_with("HYG-") {
            true => {
                let before = Outcome::of_lists(folder, &entry);
                Outcome::of_lists(&changed, &entry).without(&before)
            }
            false => Outcome::of(&changed, &entry),
        })
    }

    /// Compares what was seen with what the page says.
    ///
    /// # Errors
    /// They differ.
    pub(crate) fn compare(&self, seen: &[&str]) -> Result<(), String> {
        if self.expected == seen {
            return Ok(());
        }
        let (said, seen) = (self.expected.join("\n  "), seen.join("\n  "));
        Err(format!("the page says\n  {said}\nseen\n  {seen}"))
    }

    /// Whether it says that this code is raised.
    pub(crate) fn raises(&self, code: &str) -> bool {
        let bracketed = format!("[{code}]");
        self.expected.iter().all(|line| line.contains(&bracketed)) && !self.expected.is_empty()
    }

    /// How many lines of a scenario it changes, adds or takes away.
    pub(crate) fn lines_changed(&self) -> usize {
        self.changes.iter().map(Change::size).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# ISO-1 a title\n\n## English\n\n## Example / 例\n\n### first\n\n\
        ```diff file=a.ron\n x\n-y\n+z\n```\n\n```text\nerror[ISO-1] a.ron:2:1\n```\n";

    #[test]
    fn a_page_is_read() {
        let page = Page::read("ISO-1", PAGE).unwrap();
        assert_eq!(page.title, "a title");
        assert_eq!(page.sections, ["English", "Example / 例"]);
        let example = &page.examples[0];
        assert_eq!((example.title.as_str(), example.line), ("first", 15));
        assert_eq!(example.expected, ["error[ISO-1] a.ron:2:1"]);
        assert!(example.raises("ISO-1") && !example.raises("ISO-10"));
        assert_eq!(example.lines_changed(), 1);
    }

    #[test]
    fn what_is_missing_is_told() {
        let other = Page::read("ISO-2", PAGE).unwrap_err();
        assert_eq!(other, "ISO-2.md:1: no title");
        let cut = PAGE.split("```text").next().unwrap();
        assert!(Page::read("ISO-1", cut).unwrap_err().contains("without"));
        let strange = PAGE.replace("```text", "```ron");
        assert!(Page::read("ISO-1", &strange).unwrap_err().contains("`ron`"));
    }
}
