//! `cargo xtask test`: installs what the tests need and runs them all.

fn main() {}
