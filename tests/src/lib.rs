//! What the tests of the whole house share.
//!
//! In reading order: [`tree`] is the checkout as a list of files, on disk or made up in
//! a test; [`rust`] reads the paths a Rust file names; [`golden`] compares a text with
//! the file that holds the expected one, or writes that file when blessing.
//! Nothing here knows what a network is.

pub mod golden;
pub mod rust;
pub mod tree;
