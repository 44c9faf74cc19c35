//! The commands of README and book, in their order. Each chapter has a folder of its own, with the files that the chapter shows
//! and with the examples.
//!
//! Blocks of `sh` must succeed. Blocks of `console` must print what the chapter says: `HESSE_BLESS=1` writes it anew.
//! `sh,no_run` is for what needs a screen, a network or hours; C and Python are files that commands use. Rust is run by the
//! doctests of `hesse` and `hesse-book`.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a panic is the report")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use hesse_testkit::chapters::{Block, Chapter, chapters};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
/// How the repository calls the command before it is installed.
const FROM_SOURCE: &str = "cargo run --release -p hesse-cli --";
/// What a computer may lack, and how to see whether it does.
const OPTIONAL: [(&str, &[&str]); 2] =
    [("cc", &["cc", "--version"]), ("python3", &["python3", "-c", "import numpy"])];

#[test]
fn commands_do_what_the_chapters_say() {
    let absent: Vec<&str> =
        OPTIONAL.iter().filter(|(_, probe)| !succeeds(probe)).map(|(name, _)| *name).collect();
    let chapters = chapters();
    assert!(chapters.len() > 5);
    for chapter in chapters {
        Session::new(&chapter, &absent).run(&chapter);
    }
}

#[test]
fn every_block_says_what_it_is() {
    for chapter in chapters() {
        for Block { language, file, text, .. } in chapter.blocks() {
            let is_code = ["c", "python"].contains(&language.as_str());
            assert!(!language.is_empty(), "{}: a block without a language\n{text}", chapter.name);
            assert!(!is_code || file.is_some(), "{}: name the file of\n{text}", chapter.name);
            assert!(language != "console" || text.starts_with("$ "), "{}: no command\n{text}", chapter.name);
        }
    }
}

/// A folder in which the commands of a chapter run.
struct Session<'a> {
    folder: PathBuf,
    path: String,
    absent: &'a [&'a str],
}

impl<'a> Session<'a> {
    fn new(chapter: &Chapter, absent: &'a [&'a str]) -> Session<'a> {
        let name = chapter.name.replace(['/', '.'], "-");
        let folder = std::env::temp_dir().join(format!("hesse-{name}-{}", std::process::id()));
        copy(&Path::new(ROOT).join("examples"), &folder.join("examples"));
        let binaries = Path::new(env!("CARGO_BIN_EXE_hesse")).parent().unwrap();
        let path = format!("{}:{}", binaries.display(), std::env::var("PATH").unwrap());
        Session { folder, path, absent }
    }

    fn run(self, chapter: &Chapter) {
        chapter.hold(|block| self.see(chapter, block), |command| self.answer(command));
        fs::remove_dir_all(&self.folder).unwrap();
    }

    /// Writes a file, looks whether an example is shown as it is, or runs commands that say nothing worth showing.
    fn see(&self, chapter: &Chapter, block: &Block) {
        if block.language == "sh" {
            if !self.lacks(&block.text) {
                let (succeeds, printed) = self.shell(&format!("set -e\n{}", block.text));
                assert!(succeeds, "{}: {}\n{printed}", chapter.name, block.text);
            }
        } else if let Some(file) = &block.file {
            let path = self.folder.join(file);
            if file.starts_with("examples/") {
                let whole = fs::read_to_string(path).unwrap();
                assert!(whole.contains(&block.text), "{}: `{file}` says something else", chapter.name);
            } else {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, &block.text).unwrap();
            }
        }
    }

    /// What a command prints; nothing for crates among the examples, which tests of their own build and run.
    fn answer(&self, command: &str) -> Option<String> {
        let is_crate = command.starts_with("cargo ") && !command.starts_with(FROM_SOURCE);
        (!is_crate && !self.lacks(command)).then(|| self.shell(command).1)
    }

    fn lacks(&self, commands: &str) -> bool {
        let calls = |program: &str| commands.lines().any(|line| line.split(' ').next() == Some(program));
        let lacks = self.absent.iter().any(|program| calls(program)) || self.was_not_built(commands);
        if lacks {
            eprintln!("skipped: {commands}");
        }
        lacks
    }

    /// A program that an earlier command should have made, had there been a compiler.
    fn was_not_built(&self, commands: &str) -> bool {
        let program = commands.split_whitespace().next().and_then(|word| word.strip_prefix("./"));
        self.absent.contains(&"cc") && program.is_some_and(|program| !self.folder.join(program).exists())
    }

    /// What a terminal would show, without its colors.
    fn shell(&self, commands: &str) -> (bool, String) {
        let output = Command::new("sh")
            .args(["-c", &format!("exec 2>&1\n{}", commands.replace(FROM_SOURCE, "hesse"))])
            .current_dir(&self.folder)
            .env("PATH", &self.path)
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            .env_remove("COLUMNS")
            .env_remove("RUSTFLAGS")
            .env_remove("RUST_BACKTRACE")
            .env_remove("CLICOLOR_FORCE")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        (
            output.status.success(),
            if printed.is_empty() || printed.ends_with('\n') { printed } else { printed + "\n" },
        )
    }
}

fn succeeds(command: &[&str]) -> bool {
    let mut command_of = Command::new(command[0]);
    let status = command_of.args(&command[1..]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// Copies a folder, but for what was built in it.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_file() {
            fs::copy(entry.path(), to).unwrap();
        } else if entry.file_name() != "target" {
            copy(&entry.path(), &to);
        }
    }
}
