//! Why input cannot be meant.

use hesse_data::DataError;
use hesse_parser::diagnostic::{Diagnostic, render};
use hesse_symbolic::evaluate::{BindError, StreamError};

/// Why input cannot be meant as it is given.
///
/// ```
/// use hesse_input::{InputError, point};
///
/// let refused = point("--at", Some("y=1"), &["x".to_owned()]).unwrap_err();
/// assert!(matches!(refused, InputError::Argument(_)));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// The formula is wrong.
    #[error("{}", self.rendered(false))]
    Formula {
        /// The formula.
        text: String,
        /// Where it comes from: a file, or `formula`.
        origin: String,
        /// What is wrong.
        diagnostics: Vec<Diagnostic>,
    },
    /// The data cannot be read.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The data do not fit the formula.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// The rows cannot be read block by block.
    #[error(transparent)]
    Stream(#[from] StreamError),
    /// There are more data than memory may hold, and they are needed all at once.
    #[error(
        "the data take {needed} bytes and memory may hold {allowed}: {reason}; allow more with `--memory`"
    )]
    Memory {
        /// Bytes that would be held.
        needed: u64,
        /// Bytes that may be held.
        allowed: u64,
        /// Why they are needed at once.
        reason: String,
    },
    /// An argument, such as a point, says something that cannot be meant; the text says what to write.
    #[error("{0}")]
    Argument(String),
}

impl InputError {
    pub(crate) fn argument(message: impl Into<String>) -> InputError {
        InputError::Argument(message.into())
    }

    pub(crate) fn read(error: Box<dyn std::error::Error + Send + Sync>) -> InputError {
        match error.downcast::<DataError>() {
            Ok(error) => InputError::Data(*error),
            Err(error) => match error.downcast::<BindError>() {
                Ok(error) => InputError::Bind(*error),
                Err(error) => InputError::Stream(StreamError::Read(error)),
            },
        }
    }

    /// The message; that of a formula with what is wrong underlined, in color or without.
    #[must_use]
    pub fn rendered(&self, color: bool) -> String {
        match self {
            InputError::Formula { text, origin, diagnostics } => {
                let reports: Vec<String> =
                    diagnostics.iter().map(|diagnostic| render(text, origin, diagnostic, color)).collect();
                reports.join("\n\n")
            }
            other => other.to_string(),
        }
    }
}
