//! The rule packs that come with utsushi.
//!
//! Comes out: the text of `packs/NAME.ron` as it was when utsushi was built. Nothing can go wrong.

include!(concat!(env!("OUT_DIR"), "/packs.rs"));

/// The text of a pack, by name.
#[must_use]
pub fn pack(name: &str) -> Option<&'static str> {
    PACKS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, text)| *text)
}

/// The names of all packs, in alphabetical order.
pub fn names() -> impl Iterator<Item = &'static str> {
    PACKS.iter().map(|(name, _)| *name)
}
