//! `hesse generate`: the code of an error function, in one file or as a crate.

mod standalone;

use std::fs;
use std::path::{Path, PathBuf};

use hesse_build::{Lanes, Mode, Output, Source, difference, generate_functions};
use hesse_data::write_whole;
use hesse_parser::formula::MAX_SIZE;

use super::Answer;
use crate::args::{Generate, Language, word};
use crate::failure::Failure;
use crate::input::{read_text, reason, rendered, sketch};
use crate::terminal;

/// The longest file that `--check` reads, in bytes.
const LONGEST: u64 = 1 << 28;

/// A file to write; without a path, text to print.
struct File {
    path: Option<PathBuf>,
    text: String,
}

pub(super) fn run(args: &Generate) -> Result<Answer, Failure> {
    let files = files(args)?;
    if args.check.is_some() {
        return check(args, &files);
    }
    let source = fs::canonicalize(&args.source.formula);
    let is_source = |file: &&File| {
        let path = file.path.as_ref().and_then(|path| fs::canonicalize(path).ok());
        path.is_some_and(|path| source.as_ref().is_ok_and(|source| *source == path))
    };
    if files.iter().any(|file| is_source(&file)) {
        return Err(Failure::input(format!(
            "`{}` is what code is made of, and would be overwritten: name another file after `-o`",
            args.source.formula
        )));
    }
    let mut printed = String::new();
    for File { path, text } in files {
        match path {
            Some(path) => write(&path, &text, args.standalone.is_some())?,
            None => printed.push_str(&text),
        }
    }
    Ok(printed.into())
}

fn files(args: &Generate) -> Result<Vec<File>, Failure> {
    let is_rust = Path::new(&args.source.formula).extension().is_some_and(|extension| extension == "rs");
    if is_rust { functions(args) } else { formula(args) }
}

fn formula(args: &Generate) -> Result<Vec<File>, Failure> {
    let (formula, model) = sketch(&args.source)?;
    let name = args.name.as_deref().unwrap_or(&formula.name);
    let origin = formula.origin.rsplit(std::path::MAIN_SEPARATOR).next().unwrap_or(&formula.origin);
    let only = (!args.only.is_empty()).then(|| args.only.iter().copied().collect());
    let outputs = &Output::selection(only, args.sparse, args.parallel);
    hesse_build::check(&model, outputs).map_err(Failure::input)?;
    let source = Source { name, origin, text: &formula.text, outputs };
    let language = language(args)?;
    if language != Language::Rust && args.standalone.is_some() {
        return Err(Failure::input(
            "`--crate` is for Rust: write the code of other languages with `-o FILE`",
        ));
    }
    if language != Language::Rust && args.lanes != Lanes::default() {
        return Err(Failure::input(
            "`--lanes` is for Rust: C leaves it to its compiler, NumPy takes all rows at once",
        ));
    }
    match language {
        Language::Rust => rust(args, name, hesse_build::generate_in(&model, source, args.lanes)),
        Language::C => {
            let Some(path) = target(args) else {
                return Err(Failure::input(
                    "`--language c` writes two files: add `-o FILE.c`, and `FILE.h` stands beside it",
                ));
            };
            let header = path.with_extension("h");
            if header == path {
                return Err(Failure::input(format!(
                    "`{}` would be the code and its header at once: write `-o {}`",
                    path.display(),
                    path.with_extension("c").display()
                )));
            }
            // Unless told otherwise, functions are called like their file.
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            let source = Source { name: args.name.as_deref().unwrap_or(&stem), ..source };
            let c = hesse_build::generate_c(
                &model,
                source,
                &header.file_name().unwrap_or_default().to_string_lossy(),
            )
            .map_err(Failure::input)?;
            let files = [(path.to_owned(), c.source), (header, c.header)];
            Ok(files.into_iter().map(|(path, text)| File { path: Some(path), text }).collect())
        }
        Language::Python => {
            let text = hesse_build::generate_python(&model, source).map_err(Failure::input)?;
            Ok(vec![File { path: target(args).map(Path::to_owned), text }])
        }
    }
}

/// The language that is asked for, by its name or by the ending of a file.
fn language(args: &Generate) -> Result<Language, Failure> {
    let ending = target(args).and_then(Path::extension).map(|ending| ending.to_string_lossy().to_lowercase());
    let by_ending = match ending.as_deref() {
        Some("rs") => Some(Language::Rust),
        Some("c") => Some(Language::C),
        Some("py") => Some(Language::Python),
        _ => None,
    };
    match (args.language, by_ending) {
        (Some(asked), Some(known)) if asked != known => Err(Failure::input(format!(
            "`{}` is no name for what `--language {}` writes: leave `--language` out, or name another file",
            target(args).unwrap_or(Path::new("")).display(),
            word(&asked)
        ))),
        (asked, known) => Ok(asked.or(known).unwrap_or(Language::Rust)),
    }
}

/// The file to write or to check.
fn target(args: &Generate) -> Option<&Path> {
    args.output.as_deref().or(args.check.as_deref())
}

fn rust(args: &Generate, name: &str, text: String) -> Result<Vec<File>, Failure> {
    let (kind, own, files) = match &args.standalone {
        Some(folder) => {
            ("crate", standalone::crate_name(name), standalone::files(folder, name, &text, args.force)?)
        }
        None => {
            let module =
                text.lines().find_map(|line| line.strip_prefix("pub mod ")?.split_whitespace().next());
            let module = module.unwrap_or(name).to_owned();
            ("module", module, vec![File { path: target(args).map(Path::to_owned), text }])
        }
    };
    if let Some(asked) = args.name.as_ref().filter(|asked| **asked != own) {
        terminal::note(&format!("`{asked}` is no name for a {kind} in Rust: it is called `{own}`"));
    }
    Ok(files)
}

/// A Rust file with annotated functions.
fn functions(args: &Generate) -> Result<Vec<File>, Failure> {
    let path = Path::new(&args.source.formula);
    let lanes = format!("lanes = {}", args.lanes.count());
    let options = [
        ("--only", "only(…)", !args.only.is_empty()),
        ("--sparse", "sparse", args.sparse),
        ("--parallel", "parallel", args.parallel),
        ("--mode", args.source.mode.name(), args.source.mode != Mode::default()),
        ("--lanes", lanes.as_str(), args.lanes != Lanes::default()),
    ];
    let source = &args.source;
    let of_data = [
        ("--data", source.data.is_some()),
        ("--delimiter", source.delimiter.is_some()),
        ("--matrix", !source.matrix.is_empty()),
        ("--set", !source.set.is_empty()),
    ];
    if let Some((option, _)) = of_data.into_iter().find(|(_, given)| *given) {
        return Err(Failure::input(format!(
            "`{option}` is for formulas: functions in Rust take their data as arguments"
        )));
    }
    if args.name.is_some() && args.standalone.is_none() {
        return Err(Failure::input(
            "`--name` is for formulas and crates: modules are called like their functions",
        ));
    }
    if let Some((option, attribute, _)) = options.into_iter().find(|(.., given)| *given) {
        return Err(Failure::input(format!(
            "`{option}` is for formulas: write `#[derive_hessian({attribute})]` above the function"
        )));
    }
    if language(args)? != Language::Rust {
        return Err(Failure::input(
            "functions in Rust become Rust alone: write a formula for other languages",
        ));
    }
    let text = read_text(path, MAX_SIZE as u64)?;
    let origin = path.file_name().unwrap_or_default().to_string_lossy();
    let code = generate_functions(&text, &origin)
        .map_err(|diagnostics| Failure::Formula(rendered(&text, &args.source.formula, &diagnostics)))?;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    rust(args, args.name.as_deref().unwrap_or(&stem), code)
}

fn check(args: &Generate, files: &[File]) -> Result<Answer, Failure> {
    let mut failure = None;
    for File { path, text } in files {
        let Some(path) = path else { continue };
        let found = read_text(path, LONGEST)?;
        if found != *text && failure.is_none() {
            let (path, difference) = (path.display(), difference(&found, text));
            let command = command(args);
            failure = Some(Failure::computation(format!(
                "`{path}` is stale: it {difference}; write it again with `{command}`"
            )));
        }
    }
    Ok(Answer { text: String::new(), failure })
}

/// The command that writes what `--check` compares.
fn command(args: &Generate) -> String {
    let quoted = |text: &str| match text.chars().all(|c| c.is_ascii_alphanumeric() || "./_-=:,".contains(c)) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    };
    let mut words = vec!["hesse generate".to_owned(), quoted(&args.source.formula)];
    let mut option = |name: &str, value: &str| words.extend([name.to_owned(), quoted(value)]);
    if let Some(data) = &args.source.data {
        option("--data", &data.display().to_string());
    }
    if let Some(delimiter) = &args.source.delimiter {
        option("--delimiter", &word(delimiter));
    }
    args.source.matrix.iter().for_each(|matrix| option("--matrix", matrix));
    args.source.set.iter().for_each(|value| option("--set", value));
    if args.source.mode != Mode::default() {
        option("--mode", args.source.mode.name());
    }
    if args.lanes != Lanes::default() {
        option("--lanes", &args.lanes.count().to_string());
    }
    if let Some(language) = &args.language {
        option("--language", &word(language));
    }
    if let Some(name) = &args.name {
        option("--name", name);
    }
    if !args.only.is_empty() {
        let names: Vec<&str> = args.only.iter().map(|output| output.name()).collect();
        option("--only", &names.join(","));
    }
    if args.sparse {
        words.push("--sparse".to_owned());
    }
    if args.parallel {
        words.push("--parallel".to_owned());
    }
    if let Some(path) = &args.check {
        words.extend(["-o".to_owned(), quoted(&path.display().to_string())]);
    }
    words.join(" ")
}

/// Writes a file of the user's choice, or one of a crate in folders that may not be there yet.
fn write(path: &Path, text: &str, makes_folders: bool) -> Result<(), Failure> {
    let failure = |action: &str, path: &Path, error| {
        Failure::input(format!("cannot {action} `{}`: {}", path.display(), reason(&error)))
    };
    if let Some(folder) = path.parent().filter(|_| makes_folders) {
        fs::create_dir_all(folder).map_err(|error| failure("make", folder, error))?;
    }
    write_whole(path, text.as_bytes()).map_err(|error| failure("write", path, error))
}
