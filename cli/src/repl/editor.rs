//! The line at the prompt: history, completion, lines that go on.

use std::path::PathBuf;

use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::FileHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{CompletionType, Config, Context};

use super::session::{WORDS, commands, goes_on, options};
use crate::failure::Failure;

const PROMPT: &str = "hesse> ";

/// What comes from the prompt.
pub(super) enum Line {
    /// A line, or several that belong together.
    Text(String),
    /// A line that was given up with Ctrl-C.
    Nothing,
    /// Ctrl-D.
    End,
}

/// An editor with the history of earlier talks.
pub(super) struct Editor {
    editor: rustyline::Editor<Names, FileHistory>,
    history: Option<PathBuf>,
}

impl Editor {
    pub(super) fn new() -> Result<Editor, Failure> {
        let config = Config::builder().completion_type(CompletionType::List).auto_add_history(true).build();
        let mut editor = rustyline::Editor::with_config(config).map_err(broken)?;
        editor.set_helper(Some(Names { names: Vec::new(), commands: commands() }));
        let history = history();
        if let Some(path) = &history {
            // The first talk has none.
            let _ = editor.load_history(path);
        }
        Ok(Editor { editor, history })
    }

    /// The names that Tab completes from here on.
    pub(super) fn know(&mut self, names: Vec<String>) {
        if let Some(known) = self.editor.helper_mut() {
            known.names = names;
        }
    }

    pub(super) fn line(&mut self) -> Result<Line, Failure> {
        match self.editor.readline(PROMPT) {
            Ok(line) => Ok(Line::Text(line.replace("\\\n", "\n"))),
            Err(ReadlineError::Interrupted) => Ok(Line::Nothing),
            Err(ReadlineError::Eof) => Ok(Line::End),
            Err(error) => Err(broken(error)),
        }
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        if let Some(path) = &self.history {
            if let Some(folder) = path.parent() {
                let _ = std::fs::create_dir_all(folder);
            }
            // Without a history the next talk is one without a history.
            let _ = self.editor.save_history(path);
        }
    }
}

fn broken(error: ReadlineError) -> Failure {
    Failure::input(format!("cannot read from the terminal: {error}"))
}

/// `$HESSE_HISTORY`, or the place for such files; none where the variable is empty.
fn history() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("HESSE_HISTORY") {
        return (!path.is_empty()).then(|| path.into());
    }
    let state = std::env::var_os("XDG_STATE_HOME").filter(|path| !path.is_empty()).map(PathBuf::from);
    let state = state.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".local/state")))?;
    Some(state.join("hesse/history"))
}

/// What Tab knows.
struct Names {
    names: Vec<String>,
    commands: Vec<String>,
}

impl Completer for Names {
    type Candidate = String;

    fn complete(&self, line: &str, at: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<String>)> {
        let before = &line[..at];
        let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
        let mut start = before.len()
            - before.chars().rev().take_while(|&c| is_part(c)).map(char::len_utf8).sum::<usize>();
        let command = before.split_whitespace().next().unwrap_or_default();
        let known: Vec<String> = if before[start..].starts_with("--") {
            options(command)
        } else {
            // A minus belongs to an option or is none of a name.
            start += before[start..].rfind('-').map_or(0, |minus| minus + 1);
            let words = WORDS.iter().map(|&word| word.to_owned()).chain(self.commands.iter().cloned());
            let words = words.filter(|_| before[..start].trim().is_empty());
            words.chain(self.names.iter().cloned()).collect()
        };
        let mut fitting: Vec<String> = known
            .into_iter()
            .filter(|name| !before[start..].is_empty() && name.starts_with(&before[start..]))
            .collect();
        fitting.sort();
        fitting.dedup();
        Ok((start, fitting))
    }
}

impl Validator for Names {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let goes_on = goes_on(context.input());
        Ok(if goes_on { ValidationResult::Incomplete } else { ValidationResult::Valid(None) })
    }
}

impl Hinter for Names {
    type Hint = String;
}

impl Highlighter for Names {}

impl rustyline::Helper for Names {}
