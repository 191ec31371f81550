//! The mirror of the files: which fields each thing has, and nothing about what they mean.
//!
//! Goes in: RON text. Comes out: structs whose fields are [`Val`]s, raw text that is looked at one by one
//! while lowering, so that one mistake does not hide the next. What can go wrong: a field that is
//! missing, unknown or given twice, and text that is not RON; told by ron with the place.
//!
//! Each struct is written as `Name { [compulsory] [optional] [lists] }`.

use crate::scan;
use ron::extensions::Extensions;
use ron::value::RawValue;
use serde::{Deserialize, Deserializer};

/// A value as written, from its first token on; borrowed from the text that is parsed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Val<'a>(pub(crate) &'a str);

impl<'a> Val<'a> {
    /// The same without white space and comments before its first token.
    pub(crate) fn new(text: &'a str) -> Self {
        Self(&text[scan::first(text).start..])
    }

    /// Its first token: the word, number, string or bracket that a message points at.
    pub(crate) fn head(self) -> &'a str {
        &self.0[scan::first(self.0)]
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Val<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&'de RawValue>::deserialize(deserializer).map(|raw| Self::new(raw.get_ron()))
    }
}

/// The fields of a struct of the mirror, as Rust writes them (`r#in`).
pub(crate) trait Mirror {
    /// Those that must be there.
    const MUST: &'static [&'static str];
    /// The others.
    const MAY: &'static [&'static str];
}

/// How every text is parsed: `vlan: 10` rather than `vlan: Some(10)`.
pub(crate) fn parse<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, ron::error::SpannedError> {
    ron::Options::default()
        .with_default_extension(Extensions::IMPLICIT_SOME)
        .with_default_extension(Extensions::UNWRAP_NEWTYPES)
        .from_str(text)
}

macro_rules! mirror {
    ($( $(#[$doc:meta])* $name:ident { [$($must:ident),*] [$($may:ident),*] [$($list:ident),*] } )*) => { $(
        $(#[$doc])*
        #[derive(Debug, serde::Deserialize)]
        #[serde(deny_unknown_fields, bound(deserialize = "'de: 'a"))]
        pub(crate) struct $name<'a> {
            $( pub(crate) $must: $crate::raw::Val<'a>, )*
            $( #[serde(default)] pub(crate) $may: Option<$crate::raw::Val<'a>>, )*
            $( #[serde(default)] pub(crate) $list: Vec<$crate::raw::Val<'a>>, )*
        }

        impl $crate::raw::Mirror for $name<'_> {
            const MUST: &'static [&'static str] = &[$(stringify!($must)),*];
            const MAY: &'static [&'static str] = &[$(stringify!($may),)* $(stringify!($list)),*];
        }
    )* };
}

pub(crate) mod demand;
pub(crate) mod network;
pub(crate) mod offer;
pub(crate) mod plan;
pub(crate) mod policy;
pub(crate) mod rules;

mirror! {
    /// A file: every section may be left out, and may stand in any file.
    File {
        []
        [title, start, edr_logs]
        [
            packs, include, thresholds, zones, sites, segments, nodes, links, groups, systems, objects,
            services, access, references, rules, undecided, exceptions, checks, curves, applications, demands, matrices, days, offers,
            sources, steps, series
        ]
    }
    /// A text in two languages.
    Text { [ja, en] [] [] }
    /// Today.
    Start { [date, model] [label] [] }
    /// A rule pack that the scenario applies.
    Pack { [] [name, file, from, until] [] }
    /// Parts of a file once for each value of a variable.
    Series { [var, from, to, of] [] [skip] }
}
