//! What information a leg lets over, and what is left of it at the end of a chain of legs.
//!
//! A packet is delivered or not; information is *reduced*. A screen-transfer relay turns whatever a user
//! sends into keystrokes and whatever is shown into pixels, a sanitiser turns a file into one without
//! danger, a mail sanitiser turns mail into plain text. What has been reduced once never becomes more
//! again, so the reductions of a chain add up:
//!
//! ```text
//!            Raw                     nothing reduced yet: whatever the sender likes (web is raw)
//!      ┌──────┼────────┬─────┐
//!   Pixels  Keystrokes File  …       one reduction
//!      └──────┼────────┴─────┘
//!   Pixels ∧ Keystrokes ∧ …          all of them, one after the other
//! ```
//!
//! That is the lattice of the sets of reductions, the larger set being the less information: a chain of
//! legs carries the meet of what its legs carry ([`Carried::then`]), and it carries *nothing but* one of
//! some classes if at least one of them is among its reductions ([`Carried::is_within`]).

use serde::{Serialize, Serializer};

/// Classes of information (words: `docs/glossary.md`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Information {
    /// Whatever the sender likes: files, web, anything an application sends. The top of the lattice.
    Raw,
    /// Pixels of a screen (画面転送, towards the user).
    Pixels,
    /// Keys and pointer (画面転送, from the user).
    Keystrokes,
    /// Files that passed a sanitiser (無害化).
    SanitisedFile,
    /// Mail turned into plain text, attachments dropped (メール無害化).
    PlainTextMail,
    /// Accounts and groups of a directory (ID連携).
    IdentitySync,
    /// Records sent to a collector (ログ).
    Log,
}

impl Information {
    /// Every class, in the order of the list.
    pub const ALL: [Self; 7] = [
        Self::Raw,
        Self::Pixels,
        Self::Keystrokes,
        Self::SanitisedFile,
        Self::PlainTextMail,
        Self::IdentitySync,
        Self::Log,
    ];

    const fn bit(self) -> u8 {
        match self {
            Self::Raw => 0,
            Self::Pixels => 1,
            Self::Keystrokes => 2,
            Self::SanitisedFile => 4,
            Self::PlainTextMail => 8,
            Self::IdentitySync => 16,
            Self::Log => 32,
        }
    }
}

/// What is left of information: the set of reductions it went through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Carried(u8);

impl Carried {
    /// Nothing reduced.
    pub const RAW: Self = Self(0);

    /// What one leg of this class lets over.
    #[must_use]
    pub const fn only(class: Information) -> Self {
        Self(class.bit())
    }

    /// What is left after both: the meet.
    #[must_use]
    pub const fn then(self, next: Self) -> Self {
        Self(self.0 | next.0)
    }

    /// Whether it is nothing but information of these classes: one of them is among its reductions, or
    /// `Raw` is.
    #[must_use]
    pub fn is_within(self, classes: &[Information]) -> bool {
        classes
            .iter()
            .any(|c| *c == Information::Raw || self.0 & c.bit() != 0)
    }

    /// Its reductions; `Raw` alone where there is none.
    #[must_use]
    pub fn classes(self) -> Vec<Information> {
        let some = Information::ALL.into_iter();
        let some: Vec<Information> = some.filter(|c| self.0 & c.bit() != 0).collect();
        if some.is_empty() {
            vec![Information::Raw]
        } else {
            some
        }
    }
}

impl From<Information> for Carried {
    fn from(class: Information) -> Self {
        Self::only(class)
    }
}

impl Serialize for Carried {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.classes().serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> impl Iterator<Item = Carried> {
        (0..64).map(Carried)
    }

    #[test]
    fn reductions_form_a_lattice_with_raw_on_top() {
        for a in all() {
            assert_eq!(a.then(a), a);
            assert_eq!(a.then(Carried::RAW), a);
            for b in all() {
                assert_eq!(a.then(b), b.then(a));
                assert!(all().all(|c| a.then(b).then(c) == a.then(b.then(c))));
            }
        }
    }

    #[test]
    fn what_was_reduced_never_becomes_more() {
        for a in all() {
            for b in all() {
                for class in Information::ALL {
                    assert!(!a.is_within(&[class]) || a.then(b).is_within(&[class]));
                }
            }
        }
    }

    #[test]
    fn raw_is_within_raw_only() {
        assert!(Carried::RAW.is_within(&[Information::Raw]));
        assert!(!Carried::RAW.is_within(&Information::ALL[1..]));
        assert_eq!(Carried::RAW.classes(), [Information::Raw]);
    }
}
