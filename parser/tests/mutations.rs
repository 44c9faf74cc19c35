//! Functions whose tokens were changed at random are read or refused, and what is read is written out as code: nothing
//! panics, whatever they say.
//!
//! `HESSE_MUTATIONS=1000000 cargo test -p hesse-parser --test mutations` makes a million of them; a failure prints the
//! function it failed at.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::str::FromStr;

use hesse_parser::rust::{Function, outline, parse_with};
use proc_macro2::{Group, Literal, TokenStream, TokenTree};

/// Functions in an ordinary run.
const COUNT: usize = 3000;
/// Beyond this many bytes a function is not changed further.
const LONGEST: usize = 4000;

#[test]
fn changed_functions_are_refused_or_become_code() {
    let count = std::env::var("HESSE_MUTATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(COUNT);
    // The parser of syn needs the stack of a compiler.
    let thread = std::thread::Builder::new().stack_size(64 << 20).spawn(move || mutate(count)).unwrap();
    thread.join().unwrap();
}

fn mutate(count: usize) {
    let corpus = corpus();
    assert!(corpus.len() > 150, "{}", corpus.len());
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut accepted = 0;
    for _ in 0..count {
        let (options, source) = &corpus[random.below(corpus.len())];
        let (_, donor) = &corpus[random.below(corpus.len())];
        let mut options = options.clone();
        let mut tokens = source.clone();
        let donated = flat(donor);
        if random.below(6) == 0 {
            options = changed(options, &donated, &mut random);
        }
        // What syn refuses never comes as far as the attribute.
        for _ in 0..=random.below(20) {
            let next = changed(tokens.clone(), &donated, &mut random);
            if syn::parse2::<syn::ItemFn>(next.clone()).is_ok() {
                tokens = next;
            }
        }
        let item = syn::parse2::<syn::ItemFn>(tokens.clone()).unwrap();
        let read = || match parse_with(options.clone(), &item, &[]) {
            Ok(function) => {
                emit(&function, &item);
                true
            }
            Err(complaints) => {
                assert!(!complaints.is_empty());
                if let Some(function) = outline(options.clone(), &item, &[]) {
                    emit(&function, &item);
                }
                false
            }
        };
        match catch_unwind(AssertUnwindSafe(read)) {
            Ok(is_accepted) => accepted += usize::from(is_accepted),
            Err(_) => panic!("#[derive_hessian({options})]\n{tokens}"),
        }
    }
    assert!(accepted > count / 20 && accepted < count / 2, "{accepted} of {count} accepted");
}

/// Writes the module of a function, which is Rust whatever the function says.
fn emit(function: &Function, item: &syn::ItemFn) {
    let module = function.module(item).bordered(&function.border, &function.settings(item, None));
    assert!(syn::parse2::<syn::ItemMod>(module.clone()).is_ok(), "no module: {module}");
}

/// The functions of the tests on complaints and of the chapter, with their options.
fn corpus() -> Vec<(TokenStream, TokenStream)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = |path: &str| std::fs::read_to_string(root.join(path)).unwrap();
    let mut corpus = Vec::new();
    let mut add = |options: &str, function: &str| {
        let (options, function) = (TokenStream::from_str(options), TokenStream::from_str(function));
        if let (Ok(options), Ok(function)) = (options, function)
            && syn::parse2::<syn::ItemFn>(function.clone()).is_ok()
        {
            corpus.push((options, function));
        }
    };
    for file in ["tests/data/rust.txt", "tests/data/signature.txt"] {
        for line in text(file).lines() {
            let case = line.strip_prefix('(').and_then(|line| line.split_once(") "));
            if let Some((options, function)) = case {
                add(options, function);
            }
        }
    }
    for line in text("../book/src/macro.md").lines() {
        let line = line.replace("\\|", "\u{1}");
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let example = cells.get(1).and_then(|cell| cell.strip_prefix('`')?.strip_suffix('`'));
        let Some(example) = example.map(|example| example.replace('\u{1}', "|")) else { continue };
        let head = "fn f(a: f64, b: f64, w: &[f64; 4], x: &[f64], y: &[f64], k: &[usize]) -> f64";
        match example.starts_with("fn f") {
            true => add("", &example),
            false => add("", &format!("{head} {{ {example} }}")),
        }
    }
    corpus
}

/// The trees of a stream, also those inside of groups.
fn flat(tokens: &TokenStream) -> Vec<TokenTree> {
    let mut all = Vec::new();
    for tree in tokens.clone() {
        all.push(tree.clone());
        if let TokenTree::Group(group) = tree {
            all.extend(flat(&group.stream()));
        }
    }
    all
}

/// The stream with one change somewhere.
fn changed(tokens: TokenStream, donated: &[TokenTree], random: &mut Random) -> TokenStream {
    let mut trees: Vec<TokenTree> = tokens.into_iter().collect();
    let groups: Vec<usize> = trees
        .iter()
        .enumerate()
        .filter(|(_, tree)| matches!(tree, TokenTree::Group(_)))
        .map(|g| g.0)
        .collect();
    // Bodies are groups in groups, so that most changes should go deeper.
    if !groups.is_empty() && random.below(8) > 0 {
        let at = groups[random.below(groups.len())];
        if let TokenTree::Group(group) = &trees[at] {
            let inside = changed(group.stream(), donated, random);
            trees[at] = TokenTree::Group(Group::new(group.delimiter(), inside));
        }
        return trees.into_iter().collect();
    }
    let length = trees.len();
    let (at, other) = (random.below(length.max(1)), random.below(length.max(1)));
    let foreign = || donated[0].clone();
    match random.below(8) {
        _ if length == 0 => trees.push(foreign()),
        0 => drop(trees.remove(at)),
        1 => trees.swap(at, other),
        2 if trees.iter().map(|tree| tree.to_string().len()).sum::<usize>() < LONGEST => {
            trees.insert(at, trees[other].clone());
        }
        3 => trees[at] = trees[other].clone(),
        4 => trees[at] = number(random),
        5 | 6 => trees[at] = donated[random.below(donated.len())].clone(),
        _ => trees.insert(at, donated[random.below(donated.len())].clone()),
    }
    trees.into_iter().collect()
}

/// A number that is hard on arithmetic.
fn number(random: &mut Random) -> TokenTree {
    let numbers = [
        Literal::i64_unsuffixed(i64::MAX),
        Literal::u64_unsuffixed(u64::MAX),
        Literal::u8_unsuffixed(0),
        Literal::u8_unsuffixed(1),
        Literal::u32_unsuffixed(127),
        Literal::u32_unsuffixed(129),
        Literal::u64_unsuffixed(1 << 53),
        Literal::f64_unsuffixed(0.0),
        Literal::f64_unsuffixed(0.5),
        Literal::f64_unsuffixed(f64::MIN_POSITIVE),
        Literal::f64_unsuffixed(f64::MAX),
        Literal::f32_suffixed(1.5),
        Literal::usize_suffixed(3),
    ];
    numbers[random.below(numbers.len())].clone().into()
}

/// SplitMix64: Steele, Lea & Flood (2014), figure 16.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % limit.max(1) as u64) as usize
    }
}
