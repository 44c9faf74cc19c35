//! The formula argument: a file, standard input, or the text itself.

use std::path::{MAIN_SEPARATOR, Path};

use hesse_parser::Model;
use hesse_parser::formula::{Columns, MAX_SIZE, parse_in};
use hesse_symbolic::rules::Mode;

use crate::InputError;
use crate::file::read_text;

/// Formula text and where it comes from.
///
/// ```
/// use hesse_input::Formula;
///
/// let formula = Formula::read("(1 - x)^2")?;
/// assert_eq!(formula.name, "formula");
/// # Ok::<(), hesse_input::InputError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Formula {
    /// The text.
    pub text: String,
    /// What messages and banners call it.
    pub origin: String,
    /// What a module made of it is called.
    pub name: String,
}

impl Formula {
    /// Reads the file of that name, standard input for `-`, or takes the argument as the text.
    ///
    /// # Errors
    /// Where there is such a file, or the name ends in `.hes`, and it cannot be read as text.
    ///
    /// ```
    /// let formula = hesse_input::Formula::read("(1 - x)^2")?;
    /// assert_eq!((formula.text.as_str(), formula.origin.as_str()), ("(1 - x)^2", "formula"));
    /// assert!(hesse_input::Formula::read("none.hes").is_err());
    /// # Ok::<(), hesse_input::InputError>(())
    /// ```
    pub fn read(argument: &str) -> Result<Formula, InputError> {
        let path = Path::new(argument);
        let named = |text: String, origin: &str, name: &str| Formula {
            text,
            origin: origin.to_owned(),
            name: name.to_owned(),
        };
        if argument == "-" {
            return Ok(named(read_text(path, MAX_SIZE as u64)?, "standard input", "formula"));
        }
        let is_file = path.exists() && !path.is_dir();
        // A directory that shares its name with a formula as short as `x` is not meant.
        let is_directory = path.is_dir() && argument.contains(MAIN_SEPARATOR);
        if path.extension().is_some_and(|extension| extension == "rs") && is_file {
            return Err(InputError::argument(format!(
                "`{argument}` is Rust, and here stands a formula: write it as text or in a file `*.hes`; `hesse generate {argument}` is for functions in Rust"
            )));
        }
        if is_file || is_directory || argument.ends_with(".hes") {
            let stem = path.file_stem().map_or("formula".into(), |stem| stem.to_string_lossy());
            return Ok(named(read_text(path, MAX_SIZE as u64)?, argument, &stem));
        }
        Ok(named(argument.to_owned(), "formula", "formula"))
    }

    /// The model; undeclared names that are `columns` are data.
    ///
    /// # Errors
    /// Where something is wrong with the formula.
    ///
    /// ```
    /// use hesse_input::Formula;
    /// use hesse_parser::formula::Columns;
    /// use hesse_symbolic::rules::Mode;
    ///
    /// let model = Formula::read("ln(1 + exp(x))")?.parse(&Columns::none(), Mode::default())?;
    /// assert_eq!(model.applied.len(), 1);
    /// let wrong = Formula::read("x + sqr(y)")?.parse(&Columns::none(), Mode::default()).unwrap_err();
    /// assert!(wrong.to_string().contains("help: write `sqrt`"));
    /// # Ok::<(), hesse_input::InputError>(())
    /// ```
    pub fn parse(&self, columns: &Columns, mode: Mode) -> Result<Model, InputError> {
        parse_in(&self.text, columns, mode).map_err(|diagnostics| InputError::Formula {
            text: self.text.clone(),
            origin: self.origin.clone(),
            diagnostics,
        })
    }
}
