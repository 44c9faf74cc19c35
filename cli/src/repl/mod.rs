//! `hesse repl`: a prompt at which an error function grows, and every command is at hand.

mod editor;
mod session;

use std::io::{self, BufRead, IsTerminal, Write};

use crate::args::Repl;
use crate::command::Answer;
use crate::failure::Failure;
use crate::interrupt;
use crate::terminal;
use editor::{Editor, Line};
use session::{Reply, Session};

pub(crate) fn run(args: &Repl) -> Result<Answer, Failure> {
    let mut session = Session::new(args.formula.as_deref(), args.options())?;
    interrupt::keep_prompt();
    let failure = if io::stdin().is_terminal() && io::stdout().is_terminal() {
        talk(&mut session)?;
        None
    } else {
        listen(&mut session)?
    };
    Ok(Answer { text: String::new(), failure })
}

/// With a person at a terminal.
fn talk(session: &mut Session) -> Result<(), Failure> {
    let mut editor = Editor::new()?;
    terminal::note("`help` says what can be written here, Ctrl-D ends it");
    loop {
        editor.know(session.names());
        match editor.line()? {
            Line::Text(line) => {
                if reply(session, &line).0 {
                    return Ok(());
                }
            }
            Line::Nothing => {}
            Line::End => return Ok(()),
        }
    }
}

/// With lines from a pipe; the last that failed decides how the command ends.
fn listen(session: &mut Session) -> Result<Option<Failure>, Failure> {
    let (mut pending, mut last) = (String::new(), None);
    let mut lines = io::stdin().lock().lines();
    loop {
        let line = lines
            .next()
            .transpose()
            .map_err(|error| Failure::input(format!("cannot read standard input: {error}")))?;
        let is_end = line.is_none();
        pending.push_str(&line.unwrap_or_default());
        if !is_end && session::goes_on(&pending) {
            unfold(&mut pending);
            continue;
        }
        let (is_over, failure) = reply(session, &std::mem::take(&mut pending));
        last = failure.map_or(last, |code| Some(Failure::Told(code)));
        if is_over || is_end {
            return Ok(last);
        }
    }
}

/// Makes room for the next line of a text that goes on.
fn unfold(text: &mut String) {
    if text.ends_with('\\') {
        text.pop();
    }
    text.push('\n');
}

/// Answers a text, and the command that ended it where it was unfinished.
fn reply(session: &mut Session, text: &str) -> (bool, Option<u8>) {
    let (text, command) = session::parted(text);
    let (is_over, failure) = say(session, text);
    match command {
        Some(command) if !is_over => {
            let (is_over, last) = say(session, command);
            (is_over, last.or(failure))
        }
        _ => (is_over, failure),
    }
}

/// Prints what a line leads to; whether it is the last one, and the exit code of its failure.
fn say(session: &mut Session, line: &str) -> (bool, Option<u8>) {
    let (text, failure) = match session.answer(line) {
        Ok(Reply::Quit) => return (true, None),
        Ok(Reply::Text(text, failure)) => (text, failure),
        Err(failure) => (String::new(), Some(failure)),
    };
    // A reader that has seen enough ends the talk.
    let is_over = io::stdout().write_all(text.as_bytes()).and_then(|()| io::stdout().flush()).is_err();
    if let Some(failure) = &failure {
        terminal::complain(&failure.to_string());
    }
    (is_over, failure.map(|failure| failure.exit_code()))
}
