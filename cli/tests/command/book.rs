//! The commands of the book's chapters on generated code and on the command line, in their order, on their files.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

const GENERATE: &str = include_str!("../../../book/src/generate.md");
const COMMAND_LINE: &str = include_str!("../../../book/src/command-line.md");

/// A block of the chapter: its language, the file it is the text of (named in the line before), its lines.
struct Block {
    language: String,
    file: Option<String>,
    text: String,
}

fn blocks(chapter: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut before = "";
    let mut lines = chapter.lines();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let text = lines
                .by_ref()
                .take_while(|line| *line != "```")
                .fold(String::new(), |text, line| text + line + "\n");
            let file = before.strip_suffix("`:").and_then(|line| line.rsplit('`').next()).map(str::to_owned);
            blocks.push(Block { language: language.to_owned(), file, text });
            before = "";
        } else if !line.is_empty() {
            before = line;
        }
    }
    blocks
}

fn exists(program: &str, arguments: &[&str]) -> bool {
    let status = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

#[test]
#[cfg(unix)]
fn the_commands_of_generated_code_run() {
    let has_numpy = exists("python3", &["-c", "import numpy"]);
    let has_c = exists("cc", &["--version"]);
    assert_eq!(run("generate", GENERATE), if has_c { 9 } else { 7 } - usize::from(!has_numpy));
}

#[test]
#[cfg(unix)]
fn the_commands_of_the_command_line_run() {
    assert_eq!(run("command-line", COMMAND_LINE), 13);
}

/// Runs the commands of a chapter, holds what they print to what it shows, and counts them.
#[cfg(unix)]
fn run(name: &str, chapter: &str) -> usize {
    let folder = std::env::temp_dir().join(format!("hesse-book-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let binaries = Path::new(env!("CARGO_BIN_EXE_hesse")).parent().unwrap();
    let path = format!("{}:{}", binaries.display(), std::env::var("PATH").unwrap());
    let has_c = exists("cc", &["--version"]);
    let has_numpy = exists("python3", &["-c", "import numpy"]);
    let (mut printed, mut commands) = (None, 0);
    for Block { language, file, text } in blocks(chapter) {
        match (language.as_str(), file) {
            ("rust,no_run", _) => {}
            (_, Some(name)) => fs::write(folder.join(name), text).unwrap(),
            ("sh", None) => {
                let needs = |program: &str| text.lines().any(|line| line.starts_with(program));
                if (needs("cc") && !has_c) || (needs("python3") && !has_numpy) {
                    eprintln!("skipped: {text}");
                    printed = None;
                    continue;
                }
                let mut shell = Command::new("sh");
                let output =
                    shell.args(["-e", "-c", &text]).current_dir(&folder).env("PATH", &path).output().unwrap();
                assert!(output.status.success(), "{text}: {}", String::from_utf8_lossy(&output.stderr));
                printed = Some(String::from_utf8(output.stdout).unwrap()).filter(|text| !text.is_empty());
                commands += text.lines().count();
            }
            ("text", None) => {
                if let Some(printed) = printed.take() {
                    assert_eq!(printed, text);
                }
            }
            _ => {}
        }
    }
    assert_eq!(printed, None, "what a command prints is shown");
    fs::remove_dir_all(folder).unwrap();
    commands
}
