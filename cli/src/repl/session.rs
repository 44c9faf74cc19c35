//! What the prompt knows: a formula that grows line by line, the data it is about, and what is asked of them.

use std::path::Path;

use clap::{CommandFactory as _, Parser as _};
use hesse_data::suggestion;
use hesse_input::{Formula, InputError, Offer};
use hesse_parser::formula::{Columns, check, parse_in};

use crate::args::{Args, Command, Source};
use crate::command;
use crate::failure::Failure;
use crate::input;

pub(super) const HELP: &str = "\
A line is a part of the error function:
  (1 - x)^2 + 100*(y - x^2)^2        E alone
  param w[2], b                      declarations and definitions, one or more
  a[i] = b + sum(k, w[k]*x[i,k])     (a name that is defined again takes the new meaning)
  E = sum(i, softplus(a[i]) - t[i]*a[i])
or a command about it, with the options of the command line:
  derive, eval --at x=1,y=2, analyze, minimize --from x=0,y=0, fit, stationary --box=-2..2, generate, …
or one of
  use --data rows.csv --set c=0.1    data for all commands from here on; `use` alone forgets them
  show, clear, help, quit
A line goes on where brackets are open or an operator or a backslash is its end, until an empty line or a line that
begins with a command and its options. Tab completes names.";

/// Words that are commands of the prompt alone.
pub(super) const WORDS: [&str; 6] = ["use", "show", "clear", "help", "quit", "exit"];

/// What a line leads to.
pub(super) enum Reply {
    /// Text to print, and why it is not all.
    Text(String, Option<Failure>),
    /// The end.
    Quit,
}

/// A formula and its data between two lines.
pub(super) struct Session {
    /// Statements of the formula, in order.
    statements: Vec<String>,
    /// Options about data, as they were given.
    options: Vec<String>,
    offer: Offer,
}

impl Session {
    pub(super) fn new(formula: Option<&str>, options: Vec<String>) -> Result<Session, Failure> {
        let mut session =
            Session { statements: Vec::new(), options: Vec::new(), offer: Offer::new(None, &[], &[])? };
        session.use_data(options)?;
        if let Some(argument) = formula {
            let text = Formula::read(argument)?.text;
            session.check(&text)?;
            session.statements =
                text.lines().map(str::to_owned).filter(|line| !line.trim().is_empty()).collect();
        }
        Ok(session)
    }

    /// Does what a line says.
    pub(super) fn answer(&mut self, line: &str) -> Result<Reply, Failure> {
        let line = line.trim();
        let text = |text: &str| Ok(Reply::Text(text.to_owned(), None));
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        if line.is_empty() || line.starts_with('#') {
            return text("");
        }
        // `show = 3` defines a name that is called like a command.
        let is_definition = rest.trim_start().starts_with('=');
        match word {
            "quit" | "exit" | "quit()" | "exit()" if rest.is_empty() => Ok(Reply::Quit),
            "help" if commands().iter().any(|name| name == rest) => self.command(rest, "--help"),
            _ if line.starts_with("--") => Err(Failure::input(format!(
                "`{word}` is an option: write it behind a command, such as `eval {line}`, or behind `use` for data"
            ))),
            "help" if rest.is_empty() => text(&format!("{HELP}\n")),
            "show" if rest.is_empty() => text(&self.shown()),
            "clear" if rest.is_empty() => {
                self.statements.clear();
                text("")
            }
            "use" if !is_definition => {
                self.use_data(words(rest)?)?;
                text("")
            }
            _ if !is_definition && commands().iter().any(|name| name == word) => self.command(word, rest),
            "E" if rest.is_empty() && !self.statements.is_empty() => text(&self.shown()),
            _ if self.is_strange(line) => {
                let commands = commands();
                let known: Vec<&str> = commands.iter().map(String::as_str).chain(WORDS).collect();
                Err(Failure::input(format!(
                    "`{line}` is no command, and no name of the formula or the data{}\nwrite `E = {line}` if it is the error function; commands are {}",
                    suggestion(line, known.iter().copied()),
                    known.join(", ")
                )))
            }
            _ => {
                self.define(line)?;
                text("")
            }
        }
    }

    /// Whether a line is a lonely name that nobody knows: a mistyped command rather than an error function.
    fn is_strange(&self, line: &str) -> bool {
        let is_name = line.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-')
            && line.starts_with(char::is_alphabetic);
        let text = self.formula();
        let is_known = |name: &str| name == line;
        let mut own = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        is_name && !own.any(is_known) && !self.offer.names().any(is_known)
    }

    /// Names that may be meant: of the formula, of the data, of functions.
    pub(super) fn names(&self) -> Vec<String> {
        let text = self.formula();
        let own = text
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .filter(|word| word.chars().next().is_some_and(char::is_alphabetic));
        let mut names: Vec<String> = own.chain(self.offer.names()).map(str::to_owned).collect();
        names.extend(hesse_parser::builtins::names().map(str::to_owned));
        names.sort();
        names.dedup();
        names
    }

    fn formula(&self) -> String {
        self.statements.join("\n")
    }

    fn shown(&self) -> String {
        let mut text = self.formula();
        if !text.is_empty() {
            text.push('\n');
        }
        if !self.options.is_empty() {
            text.push_str(&format!("# use {}\n", self.options.join(" ")));
        }
        text
    }

    fn command(&self, name: &str, rest: &str) -> Result<Reply, Failure> {
        if self.statements.is_empty() && rest != "--help" {
            return Err(Failure::input("there is no error function yet: write one, such as `x^2 + y^2`"));
        }
        let formula = self.formula();
        let own = words(rest)?;
        let given = ["hesse", name].map(str::to_owned).into_iter();
        // Options of a command stand before those in use, so that a value given twice is refused in its name.
        let all = given.chain(own).chain(self.options.iter().cloned()).chain(["--".to_owned(), formula]);
        let args = Args::try_parse_from(all).map_err(|error| Failure::Formula(error.render().to_string()))?;
        let answer = command::run(&args)?;
        Ok(Reply::Text(answer.text, answer.failure))
    }

    fn use_data(&mut self, options: Vec<String>) -> Result<(), Failure> {
        // Any command reads them in the same way.
        let all = ["hesse", "eval", "x"].map(str::to_owned).into_iter().chain(options.iter().cloned());
        let args = Args::try_parse_from(all).map_err(|error| Failure::Formula(error.render().to_string()))?;
        let Command::Eval(at) = args.command else { return Ok(()) };
        let source: Source = at.source;
        if source.data.as_deref() == Some(Path::new("-")) {
            return Err(Failure::input(
                "standard input is where lines come from: name a file after `--data`",
            ));
        }
        self.offer = input::offer(&source)?;
        self.options = options;
        Ok(())
    }

    /// Adds a statement in the place of those it replaces; what is refused is not kept.
    fn define(&mut self, text: &str) -> Result<(), Failure> {
        let subject = Subject::of(text);
        let mut statements: Vec<String> =
            self.statements.iter().filter(|own| !subject.replaces(&Subject::of(own))).cloned().collect();
        let text = match &subject {
            Subject::Error if !text.contains('\n') && defined(text).is_none() => format!("E = {text}"),
            _ => text.to_owned(),
        };
        self.grammar(&text)?;
        statements.push(text);
        let whole = statements.join("\n");
        if statements.iter().any(|own| matches!(Subject::of(own), Subject::Error)) {
            self.check(&whole)?;
        }
        self.statements = statements;
        Ok(())
    }

    /// Complaints about the grammar of a text that may be no whole formula.
    fn grammar(&self, text: &str) -> Result<(), Failure> {
        // With an error function behind it, for a definition alone is none.
        let whole = if matches!(Subject::of(text), Subject::Error) {
            text.to_owned()
        } else {
            format!("{text}\nE = 0")
        };
        check(&whole).map_err(|diagnostics| complaint(text, diagnostics))
    }

    fn check(&self, text: &str) -> Result<(), Failure> {
        let columns: Columns = self.offer.columns();
        parse_in(text, &columns, hesse_build::Mode::default())
            .map(|_| ())
            .map_err(|diagnostics| complaint(text, diagnostics))
    }
}

fn complaint(text: &str, diagnostics: Vec<hesse_parser::diagnostic::Diagnostic>) -> Failure {
    let (text, origin) = (text.to_owned(), "formula".to_owned());
    InputError::Formula { text, origin, diagnostics }.into()
}

/// What a statement is about.
#[derive(PartialEq, Eq)]
enum Subject {
    /// The error function.
    Error,
    /// A definition of this name.
    Name(String),
    /// Declarations of these names.
    Declared(Vec<String>),
}

impl Subject {
    fn of(statement: &str) -> Subject {
        let statement = statement.trim();
        for word in ["param", "data"] {
            if let Some(rest) =
                statement.strip_prefix(word).filter(|rest| rest.starts_with(char::is_whitespace))
            {
                let mut depth = 0usize;
                let names = rest.split(|c: char| {
                    depth = (depth + usize::from(c == '[')).saturating_sub(usize::from(c == ']'));
                    c == ',' && depth == 0
                });
                let name = |text: &str| text.split('[').next().unwrap_or_default().trim().to_owned();
                return Subject::Declared(names.map(name).collect());
            }
        }
        match defined(statement) {
            None | Some("E") => Subject::Error,
            Some(name) => Subject::Name(name.to_owned()),
        }
    }

    /// Whether nothing of the other is left beside this one.
    fn replaces(&self, other: &Subject) -> bool {
        match (self, other) {
            (Subject::Declared(own), Subject::Declared(others)) => {
                others.iter().all(|name| own.contains(name))
            }
            _ => self == other,
        }
    }
}

/// The name that a statement defines, as in `a = …`, `a[i] = …` and `a(x) = …`.
fn defined(statement: &str) -> Option<&str> {
    let at = statement.match_indices('=').find(|(at, _)| {
        let before = statement[..*at].chars().next_back();
        !matches!(before, Some('<' | '>' | '!' | '=')) && !statement[at + 1..].starts_with('=')
    })?;
    let head = statement[..at.0].trim();
    let name = head.split(['[', '(']).next().unwrap_or_default().trim();
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '\'');
    (is_name && !name.starts_with(char::is_numeric)).then_some(name)
}

/// Commands about a formula.
pub(super) fn commands() -> Vec<String> {
    let all = Args::command();
    let of_formulas = all.get_subcommands().filter(|command| {
        command.get_name() != "repl"
            && command.get_positionals().any(|argument| argument.get_id() == "formula")
    });
    of_formulas.map(|command| command.get_name().to_owned()).collect()
}

/// The options of a command, as they are written.
pub(super) fn options(name: &str) -> Vec<String> {
    let name = if name == "use" { "eval" } else { name };
    let all = Args::command();
    let command = all.find_subcommand(name);
    let options = command.into_iter().flat_map(clap::Command::get_arguments).filter_map(clap::Arg::get_long);
    options.map(|name| format!("--{name}")).collect()
}

fn words(text: &str) -> Result<Vec<String>, Failure> {
    shlex::split(text).ok_or_else(|| Failure::input(format!("a quote is open in `{text}`: close it")))
}

/// A text that a command ended in its middle, and this command.
pub(super) fn parted(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once('\n') {
        Some((before, last)) if is_command(last) => (before, Some(last)),
        _ => (text, None),
    }
}

/// Whether a line can only be a command: its word alone, or with options.
fn is_command(line: &str) -> bool {
    let (word, rest) = line.trim().split_once(char::is_whitespace).unwrap_or((line.trim(), ""));
    let rest = rest.trim_start();
    let has_options = ["--", "-o ", "-q"].iter().any(|option| rest.starts_with(option));
    (rest.is_empty() || has_options) && (WORDS.contains(&word) || commands().iter().any(|name| name == word))
}

/// Whether a line goes on: brackets are open, or its end is an operator or a backslash. An empty line or a command ends it
/// all the same, so that what is unfinished takes nothing of what follows.
pub(super) fn goes_on(text: &str) -> bool {
    let is_ended = text.rsplit_once('\n').is_some_and(|(_, last)| last.trim().is_empty() || is_command(last));
    if is_ended {
        return false;
    }
    let text = text.trim_end();
    if text.trim_start().starts_with('#') {
        return false;
    }
    let depth = text.chars().fold(0i64, |depth, c| match c {
        '(' | '[' => depth + 1,
        ')' | ']' => depth - 1,
        _ => depth,
    });
    depth > 0 || text.ends_with(['+', '-', '*', '/', '^', '=', ',', '\\'])
}
