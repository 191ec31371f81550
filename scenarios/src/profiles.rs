//! The profiles that come with utsushi: cited figures of what people use, to be included.
//!
//! Comes out: the text of `profiles/NAME.ron` as it was when utsushi was built. A scenario includes one as
//! `include: ["utsushi:profiles/office.ron"]`. Nothing can go wrong.

include!(concat!(env!("OUT_DIR"), "/profiles.rs"));

/// What the path of an included file begins with that comes with utsushi.
pub const SCHEME: &str = "utsushi:";

/// The text of a file that comes with utsushi, by its path.
#[must_use]
pub fn shipped(path: &str) -> Option<&'static str> {
    let name = path.strip_prefix(SCHEME)?.strip_prefix("profiles/")?;
    let name = name.strip_suffix(".ron").unwrap_or(name);
    let known = PROFILES.iter().find(|(known, _)| *known == name);
    known.map(|(_, text)| *text)
}

/// The paths of all profiles, in alphabetical order.
pub fn paths() -> impl Iterator<Item = String> {
    let name = |(name, _): &(&str, &str)| format!("{SCHEME}profiles/{name}.ron");
    PROFILES.iter().map(name)
}
