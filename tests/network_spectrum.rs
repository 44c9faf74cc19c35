//! The example of two networks prints what its chapter says.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use hesse_testkit::chapters::chapters;

#[path = "../examples/network_spectrum.rs"]
#[allow(dead_code, reason = "its `main` has no use here")]
mod example;

#[test]
fn the_chapter_says_what_the_example_prints() {
    let mut chapters = chapters().into_iter();
    let page = chapters.find(|chapter| chapter.name.ends_with("examples/network_spectrum.md")).unwrap();
    let mut runs = 0;
    page.hold(
        |_| {},
        |command| {
            command.contains("--example network_spectrum").then(|| {
                runs += 1;
                let mut printed = Vec::new();
                example::report(&mut printed, None).unwrap();
                String::from_utf8(printed).unwrap()
            })
        },
    );
    assert_eq!(runs, 1);
}
