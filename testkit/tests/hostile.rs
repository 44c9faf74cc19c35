//! The targets of the fuzzers, over what fuzzers found and over random changes of it.
//!
//! `HESSE_HOSTILE` is the number of changed texts per target; a failure prints the text it failed at.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use std::panic::catch_unwind;
use std::path::Path;

use hesse_testkit::hostile::{TARGETS, Target};
use hesse_testkit::random::Numbers;

/// Changed texts per target in an ordinary run.
const COUNT: usize = 300;

fn corpus() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
    let mut files: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let corpus: Vec<_> = files.into_iter().map(|file| std::fs::read(file).unwrap()).collect();
    assert!(corpus.len() > 250, "{}", corpus.len());
    corpus
}

fn run((name, target): Target, text: &[u8]) {
    if catch_unwind(|| target(text)).is_err() {
        panic!("`{name}` fails at {:?}", String::from_utf8_lossy(text));
    }
}

#[test]
fn what_fuzzers_found_holds() {
    for text in corpus() {
        for target in TARGETS {
            run(target, &text);
        }
    }
}

#[test]
fn changed_texts_hold() {
    let count = std::env::var("HESSE_HOSTILE").ok().and_then(|n| n.parse().ok()).unwrap_or(COUNT);
    let corpus = corpus();
    let mut numbers = Numbers::new(20);
    for _ in 0..count {
        let text = changed(&corpus, &mut numbers);
        for target in TARGETS {
            run(target, &text);
        }
    }
}

/// A text of the corpus with pieces moved, doubled, lost, or taken from another.
fn changed(corpus: &[Vec<u8>], numbers: &mut Numbers) -> Vec<u8> {
    let mut text = corpus[numbers.below(corpus.len())].clone();
    let other = &corpus[numbers.below(corpus.len())];
    for _ in 0..=numbers.below(4) {
        let piece = |numbers: &mut Numbers, from: &[u8]| {
            let start = numbers.below(from.len() + 1);
            let end = (start + numbers.below(12)).min(from.len());
            from[start..end].to_vec()
        };
        let at = numbers.below(text.len() + 1);
        let end = (at + numbers.below(6)).min(text.len());
        let new = match numbers.below(3) {
            0 => Vec::new(),
            1 => piece(numbers, &text),
            _ => piece(numbers, other),
        };
        text.splice(at..end, new);
    }
    text
}
