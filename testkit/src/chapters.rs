//! The README and the chapters of the book, in blocks of code, for tests that run them.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// A chapter as text.
#[derive(Clone, Debug)]
pub struct Chapter {
    /// Where it is, from the root of the repository.
    pub name: String,
    path: PathBuf,
    text: String,
}

/// A block between two fences.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// What stands behind the first fence: `rust`, `sh`, `console`, …
    pub language: String,
    /// The file whose text it is: the line before ends in its name in backquotes and a colon.
    pub file: Option<String>,
    /// Its lines.
    pub text: String,
    range: Range<usize>,
}

/// The README, and all chapters of the book by name.
///
/// # Panics
/// If one cannot be read.
#[allow(clippy::unwrap_used, reason = "in a test a panic is the report")]
pub fn chapters() -> Vec<Chapter> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (mut found, mut folders) = (vec![PathBuf::from("README.md")], vec![PathBuf::from("book/src")]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root.join(&folder)).unwrap() {
            let name = folder.join(entry.unwrap().file_name());
            if root.join(&name).is_dir() {
                folders.push(name);
            } else if name.extension().is_some_and(|extension| extension == "md") {
                found.push(name);
            }
        }
    }
    found.sort();
    let read = |name: PathBuf| {
        let path = root.join(&name);
        let text = fs::read_to_string(&path).unwrap();
        Chapter { name: name.to_str().unwrap().replace('\\', "/"), path, text }
    };
    found.into_iter().map(read).collect()
}

impl Chapter {
    /// Its blocks, in their order.
    pub fn blocks(&self) -> Vec<Block> {
        let (mut blocks, mut at, mut before) = (Vec::new(), 0, "");
        let mut lines = self.text.split_inclusive('\n');
        while let Some(line) = lines.next() {
            at += line.len();
            if let Some(language) = line.trim_end().strip_prefix("```") {
                let start = at;
                for line in lines.by_ref() {
                    at += line.len();
                    if line.trim_end() == "```" {
                        at -= line.len();
                        break;
                    }
                }
                let name = before.strip_suffix("`:").and_then(|line| line.rsplit('`').next());
                let file = name.filter(|name| is_file(name)).map(str::to_owned);
                let text = self.text[start..at].to_owned();
                blocks.push(Block { language: language.to_owned(), file, text, range: start..at });
                at += "```\n".len();
                before = "";
            } else if !line.trim().is_empty() {
                before = line.trim_end();
            }
        }
        blocks
    }

    /// Goes through the blocks in their order: `see` gets those that are no `console`, `run` the commands of those that are, and
    /// gives back what a command prints, or nothing if it is not to be run. What the chapter says is held to that, or written anew
    /// if `HESSE_BLESS` is set.
    ///
    /// # Panics
    /// If a command prints something else than the chapter says.
    #[allow(clippy::unwrap_used, reason = "in a test a panic is the report")]
    pub fn hold(&self, mut see: impl FnMut(&Block), mut run: impl FnMut(&str) -> Option<String>) {
        let is_blessing = std::env::var_os("HESSE_BLESS").is_some();
        let mut renewed = Vec::new();
        for block in self.blocks() {
            if block.language != "console" {
                see(&block);
                continue;
            }
            let mut anew = String::new();
            for (command, printed) in block.calls() {
                let said = run(&command).unwrap_or_else(|| printed.clone());
                let agrees = is_like(&printed, &said);
                assert!(
                    agrees || is_blessing,
                    "{}: `{command}` prints\n{said}\nand not\n{printed}",
                    self.name
                );
                anew = anew + "$ " + &command + "\n" + if agrees { &printed } else { &said };
            }
            renewed.push((block.range, anew));
        }
        let mut text = self.text.clone();
        for (range, anew) in renewed.into_iter().rev() {
            text.replace_range(range, &anew);
        }
        if text != self.text {
            fs::write(&self.path, text).unwrap();
        }
    }
}

impl Block {
    /// The commands of a `console` block, each with what it prints, in which `…` stands for any text. A command goes on after a
    /// backslash.
    pub fn calls(&self) -> Vec<(String, String)> {
        let mut calls: Vec<(String, String)> = Vec::new();
        let mut goes_on = false;
        for line in self.text.lines() {
            match (line.strip_prefix("$ "), calls.last_mut()) {
                (Some(command), _) if !goes_on => calls.push((command.to_owned(), String::new())),
                (_, Some((command, _))) if goes_on => *command = format!("{command}\n{line}"),
                (_, Some((_, printed))) => *printed = format!("{printed}{line}\n"),
                (_, None) => calls.push((String::new(), format!("{line}\n"))),
            }
            goes_on = line.ends_with('\\') && (goes_on || line.starts_with("$ "));
        }
        calls
    }
}

/// Whether a word in backquotes is the name of a file, and not code.
fn is_file(name: &str) -> bool {
    let has_ending =
        name.rsplit_once('.').is_some_and(|(stem, ending)| !stem.is_empty() && !ending.is_empty());
    has_ending
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "._-/".contains(c))
        && !name.starts_with(['-', '/'])
}

/// Whether text is like a pattern, in which an ellipsis stands for any text. How many spaces there are does not matter, nor do
/// numbers so small that they are what rounding leaves: they differ between processors.
fn is_like(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (in_words(pattern), in_words(text));
    let mut parts = pattern.split('…');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

/// One space between words, and 0 for numbers below 1e-9.
fn in_words(text: &str) -> String {
    let word = |word: &str| {
        let is_small = word.contains("e-") && word.parse::<f64>().is_ok_and(|number| number.abs() < 1e-9);
        if is_small { "0".to_owned() } else { word.to_owned() }
    };
    text.lines().map(|line| line.split_whitespace().map(word).collect::<Vec<_>>().join(" ") + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_have_their_names_and_commands_their_output() {
        let text =
            "Write `a.hes`:\n\n```text\nE = x\n```\n\n```console\n$ one \\\n  two\n1\n\n2\n$ three\n```\n";
        let chapter = Chapter { name: String::new(), path: PathBuf::new(), text: text.to_owned() };
        let blocks = chapter.blocks();
        assert_eq!(blocks[0].file.as_deref(), Some("a.hes"));
        assert_eq!(blocks[0].text, "E = x\n");
        assert_eq!(blocks[1].file, None);
        let calls = [("one \\\n  two", "1\n\n2\n"), ("three", "")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(blocks[1].calls(), calls);
        assert_eq!(&text[blocks[1].range.clone()], blocks[1].text);
    }

    #[test]
    fn an_ellipsis_stands_for_text_and_rounding_for_nothing() {
        assert!(is_like("a\n…\nd\n", "a\nb\nc\nd\n") && is_like("a … d\n", "a b  c d\n"));
        assert!(is_like("a\n…\n", "a\n\n") && is_like("…\n", "a\n"));
        assert!(!is_like("a\n", "a\nb\n") && !is_like("a\n…\nd\n", "a\nb\n"));
        assert!(is_like("norm  1.5e-14\n", "norm 0\n") && !is_like("norm 1.5e-7\n", "norm 0\n"));
    }
}
