//! The RON loader: any text is a migration or problems, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use utsushi_scenarios::{Memory, load_from};

fuzz_target!(|text: &str| {
    let _ = load_from(&Memory::new([("scenario.ron", text)]), "scenario.ron");
});
