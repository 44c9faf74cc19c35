//! libFuzzer over the targets of the testkit; the variable `HESSE_TARGET` names the one to run.
#![no_main]

use std::sync::OnceLock;

use hesse_testkit::hostile::{TARGETS, Target};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    static TARGET: OnceLock<Target> = OnceLock::new();
    let (_, run) = TARGET.get_or_init(|| {
        let name = std::env::var("HESSE_TARGET").unwrap_or_default();
        let known = || TARGETS.map(|target| target.0).join(", ");
        *TARGETS
            .iter()
            .find(|target| target.0 == name)
            .unwrap_or_else(|| panic!("HESSE_TARGET is `{name}`, expected one of {}", known()))
    });
    run(bytes);
});
