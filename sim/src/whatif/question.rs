//! A question: keys, each with its values, and every combination of them.
//!
//! Goes in: texts such as `terminals=8000,23000`. Comes out: a [`Question`] with what could be read, and all that
//! could not as [`Mistake`]s. More than [`MOST`] combinations are a mistake too.

use super::key::{self, Key, did_you_mean};
use super::setting::{self, Setting};
use utsushi_model::circumstance::DayType;
use utsushi_model::migration::Migration;
use utsushi_model::network::{HostClass, Network};
use utsushi_model::text::Text;

/// The most combinations of one question.
pub const MOST: usize = 200;

/// The longest list of possible words that a way out shows.
const MOST_LISTED: usize = 20;

/// Keys with their values.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Question {
    /// In the order in which they were given.
    pub sweeps: Vec<Sweep>,
}

/// A key with its values.
#[derive(Debug, Clone, PartialEq)]
pub struct Sweep {
    /// What is varied.
    pub key: Key,
    /// The key as typed.
    pub name: String,
    /// The values in order.
    pub values: Vec<Value>,
}

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// As typed.
    pub text: String,
    /// What it means.
    pub setting: Setting,
}

/// Something that means nothing in the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The fact in one line.
    pub fact: Text,
    /// A way out, where there is one to offer.
    pub help: Option<Text>,
}

impl Question {
    /// Every combination, as positions of values; the last key varies fastest.
    #[must_use]
    pub fn choices(&self) -> Vec<Vec<usize>> {
        let mut out = vec![Vec::new()];
        for sweep in &self.sweeps {
            let with = |choice: &Vec<usize>| {
                let values = 0..sweep.values.len();
                let longer = values.map(|value| [choice.as_slice(), &[value]].concat());
                longer.collect::<Vec<_>>()
            };
            out = out.iter().flat_map(with).collect();
        }
        out
    }

    /// The values of a combination, in the order of the keys.
    pub fn values<'q>(&'q self, choice: &'q [usize]) -> impl Iterator<Item = &'q Value> {
        let each = self.sweeps.iter().zip(choice);
        each.map(|(sweep, value)| &sweep.values[*value])
    }

    /// What they mean.
    pub(super) fn settings<'q>(&'q self, choice: &'q [usize]) -> impl Iterator<Item = &'q Setting> {
        self.values(choice).map(|value| &value.setting)
    }

    /// The same question without one of its keys.
    pub(super) fn without(&self, key: usize) -> Self {
        let mut sweeps = self.sweeps.clone();
        sweeps.remove(key);
        Self { sweeps }
    }

    /// How many combinations there are, as far as a machine counts.
    fn count(&self) -> usize {
        let lengths = self.sweeps.iter().map(|s| s.values.len());
        lengths.fold(1, usize::saturating_mul)
    }
}

/// What could be read, and what could not.
pub(super) fn read(migration: &Migration, texts: &[impl AsRef<str>]) -> (Question, Vec<Mistake>) {
    let mut question = Question::default();
    let mut mistakes = Vec::new();
    for text in texts {
        if let Some(sweep) = sweep(migration, text.as_ref(), &mut mistakes) {
            if question.sweeps.iter().any(|s| s.key == sweep.key) {
                mistakes.push(twice(&sweep.name));
            } else {
                question.sweeps.push(sweep);
            }
        }
    }
    let count = question.count();
    if count > MOST {
        mistakes.push(too_many(count));
    }
    (question, mistakes)
}

fn sweep(migration: &Migration, text: &str, mistakes: &mut Vec<Mistake>) -> Option<Sweep> {
    let Some((name, values)) = text.split_once('=') else {
        mistakes.push(no_value(text));
        return None;
    };
    let name = name.trim();
    let key = match key::read(migration, name) {
        Ok(key) => key,
        Err(mistake) => {
            mistakes.push(mistake);
            return None;
        }
    };
    if let Some(mistake) = pointless(migration, &key) {
        mistakes.push(mistake);
        return None;
    }
    let mut out = Sweep {
        name: name.to_owned(),
        values: Vec::new(),
        key,
    };
    for text in values.split(',').map(str::trim) {
        match setting::read(&out.key, text) {
            Ok(setting) if out.values.iter().any(|v| v.setting == setting) => {
                mistakes.push(value_twice(&out.name, text));
            }
            Ok(setting) => out.values.push(Value {
                text: text.to_owned(),
                setting,
            }),
            Err(expected) => mistakes.push(no_such_value(&out, text, expected)),
        }
    }
    Some(out)
}

/// General business terminals of a network.
pub(super) fn terminals(network: &Network) -> u64 {
    let groups = network.groups.iter();
    groups
        .filter(|g| g.class == HostClass::General)
        .map(|g| u64::from(g.count))
        .sum()
}

/// A key that nothing in the plan answers to.
fn pointless(migration: &Migration, key: &Key) -> Option<Mistake> {
    match key {
        Key::Terminals => {
            let today = migration.states.first();
            let none = today.is_none_or(|s| terminals(&s.network) == 0);
            none.then(|| Mistake {
                fact: Text::new(
                    "現状に一般事務用端末（`class: General`）がないため、`terminals` は使えない",
                    "`terminals` means nothing here: today has no general business terminals (`class: General`)",
                ),
                help: None,
            })
        }
        Key::Nearby => {
            let mut demands = migration.requirements.demands.iter();
            let none = demands.all(|d| d.nearby.is_none());
            none.then(|| Mistake {
                fact: Text::new(
                    "庁内で折り返す需要（`nearby`）がないため、`nearby` は使えない",
                    "`nearby` means nothing here: no demand of the plan has a part that stays in the house",
                ),
                help: Some(Text::new(
                    "需要に `nearby: (to: \"…\", share: \"30 %\")` を書く",
                    "write `nearby: (to: \"…\", share: \"30 %\")` on a demand",
                )),
            })
        }
        _ => None,
    }
}

/// A plan in which nothing breaks out.
pub(super) fn no_breakout() -> Mistake {
    Mistake {
        fact: Text::new(
            "直接インターネットへ出る利用がどの状態にもないため、`breakout` は使えない",
            "`breakout` means nothing here: in no state does anything leave directly that a later entry of its access table would send to a relay",
        ),
        help: Some(Text::new(
            "アクセス表の `Via(…)` の行より前に、直接出す宛先の `Direct` の行を書く",
            "write an entry with `Direct` for what breaks out before the one with `Via(…)`",
        )),
    }
}

fn no_value(text: &str) -> Mistake {
    Mistake {
        fact: Text::new(
            format!("`{text}` に値がない"),
            format!("`{text}` has no value"),
        ),
        help: Some(Text::new(
            "`--set terminals=8000,23000` のように書く",
            "write `--set terminals=8000,23000`",
        )),
    }
}

fn no_such_value(sweep: &Sweep, text: &str, expected: Text) -> Mistake {
    let name = &sweep.name;
    let days = DayType::ALL.iter().map(|d| d.word());
    let meant = near(text, days).filter(|_| sweep.key == Key::Day);
    Mistake {
        fact: Text::new(
            format!("`{text}` は `{name}` の値ではない"),
            format!("`{text}` is no value of `{name}`"),
        ),
        help: Some(meant.map_or(expected, |word| did_you_mean(&word))),
    }
}

fn twice(name: &str) -> Mistake {
    Mistake {
        fact: Text::new(
            format!("`{name}` が二度指定されている"),
            format!("`{name}` is given twice"),
        ),
        help: Some(Text::new(
            format!("`--set {name}=…,…` のように、値をコンマで並べる"),
            format!("write all values in one `--set {name}=…,…`"),
        )),
    }
}

fn value_twice(name: &str, text: &str) -> Mistake {
    Mistake {
        fact: Text::new(
            format!("`{name}` の値 `{text}` が二度指定されている"),
            format!("the value `{text}` of `{name}` is given twice"),
        ),
        help: None,
    }
}

fn too_many(count: usize) -> Mistake {
    Mistake {
        fact: Text::new(
            format!("値の組合せが {count} 通りあり、上限の {MOST} 通りを超える"),
            format!("the values make {count} combinations, more than {MOST}, the limit"),
        ),
        help: Some(Text::new(
            "値を減らすか、何回かに分けて実行する",
            "leave values out, or ask in several runs",
        )),
    }
}

/// The name that was probably meant: the nearest by edit distance, if it is near at all.
pub(super) fn near<'k>(text: &str, known: impl Iterator<Item = &'k str>) -> Option<String> {
    let most = 1 + text.chars().count() / 4;
    let far = |name: &str| strsim::damerau_levenshtein(&text.to_lowercase(), &name.to_lowercase());
    let found = known
        .map(|name| (far(name), name))
        .filter(|(distance, _)| *distance <= most);
    found
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name.to_owned())
}

/// What would have been possible.
pub(super) fn listed(names: impl ExactSizeIterator<Item = Text>) -> Text {
    let more = names.len().saturating_sub(MOST_LISTED);
    let shown: Vec<Text> = names.take(MOST_LISTED).collect();
    let joined = |word: fn(&Text) -> &str, between: &str| {
        let words: Vec<&str> = shown.iter().map(word).collect();
        words.join(between)
    };
    let (mut ja, mut en) = (
        format!("指定できるのは {}", joined(|t| &t.ja, "、")),
        format!("possible are {}", joined(|t| &t.en, ", ")),
    );
    if more > 0 {
        ja += &format!("、他{more}件");
        en += &format!(" and {more} more");
    }
    Text::new(ja, en)
}
