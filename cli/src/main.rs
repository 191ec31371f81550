//! The command `utsushi`.

fn main() {}
