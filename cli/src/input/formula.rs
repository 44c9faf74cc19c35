//! The formula argument: a file, standard input, or the text itself.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use hesse_build::Mode;
use hesse_parser::Model;
use hesse_parser::diagnostic::{Diagnostic, render};
use hesse_parser::formula::{Columns, MAX_SIZE, parse_in};
use hesse_symbolic::rules::Applied;

use super::file::read_text;
use crate::failure::Failure;

/// Formula text and where it comes from.
#[derive(Clone, Debug)]
pub(crate) struct Formula {
    pub(crate) text: String,
    /// What messages and banners call it.
    pub(crate) origin: String,
    /// What a module made of it is called.
    pub(crate) name: String,
}

impl Formula {
    pub(super) fn read(argument: &str) -> Result<Formula, Failure> {
        let path = Path::new(argument);
        if argument == "-" {
            let text = read_text(path, MAX_SIZE as u64)?;
            return Ok(Formula { text, origin: "standard input".to_owned(), name: "formula".to_owned() });
        }
        let is_file = path.exists() && !path.is_dir();
        // A directory that shares its name with a formula as short as `x` is not meant.
        let is_directory = path.is_dir() && argument.contains(std::path::MAIN_SEPARATOR);
        if is_file || is_directory || argument.ends_with(".hes") {
            let text = read_text(path, MAX_SIZE as u64)?;
            let part = |part: Option<&std::ffi::OsStr>| {
                part.map_or_else(|| "formula".to_owned(), |name| name.to_string_lossy().into_owned())
            };
            return Ok(Formula { text, origin: argument.to_owned(), name: part(path.file_stem()) });
        }
        Ok(Formula { text: argument.to_owned(), origin: "formula".to_owned(), name: "formula".to_owned() })
    }

    /// The model; says on the error stream where its domain is larger than written.
    pub(super) fn parse(&self, columns: &Columns, mode: Mode) -> Result<Model, Failure> {
        let model = parse_in(&self.text, columns, mode)
            .map_err(|diagnostics| Failure::Formula(rendered(&self.text, &self.origin, &diagnostics)))?;
        for remark in model.applied.iter().filter_map(Applied::remark) {
            // Whoever has closed the stream does not want to know.
            let _ = writeln!(io::stderr(), "note: {remark}");
        }
        Ok(model)
    }
}

/// Complaints with their excerpts, in color where people read them.
pub(crate) fn rendered(text: &str, origin: &str, diagnostics: &[Diagnostic]) -> String {
    let color = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let reports: Vec<String> = diagnostics.iter().map(|d| render(text, origin, d, color)).collect();
    reports.join("\n\n")
}
