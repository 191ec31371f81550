//! The importer of rule sets: any bytes are a device or problems, never a panic; what is written loads.
#![no_main]

use libfuzzer_sys::fuzz_target;
use utsushi_scenarios::import::{Given, iptables};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(imported) = iptables(&[("fuzz.rules", bytes)], &Given::default()) {
        let _ = imported.ron("fw", "hq", &imported.interfaces().iter().map(ToString::to_string).collect::<Vec<_>>());
    }
});
