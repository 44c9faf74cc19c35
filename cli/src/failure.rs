//! Why the command fails, and with which exit code.

use std::fmt::Display;

/// A failure with its message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    /// The input is wrong: exit code 2.
    #[error("error: {0}")]
    Input(String),
    /// A formula is wrong; the text holds the underlined excerpts: exit code 2.
    #[error("{0}")]
    Formula(String),
    /// The input is well formed, but the computation failed: exit code 1.
    #[error("error: {0}")]
    Computation(String),
    /// Somebody pressed Ctrl-C: exit code 130.
    #[error("{0}")]
    Interrupted(String),
    /// What failed has been said; this is its exit code.
    #[error("")]
    Told(u8),
}

impl Failure {
    pub(crate) fn input(message: impl Display) -> Failure {
        Failure::Input(message.to_string())
    }

    pub(crate) fn computation(message: impl Display) -> Failure {
        Failure::Computation(message.to_string())
    }

    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Failure::Input(_) | Failure::Formula(_) => 2,
            Failure::Computation(_) => 1,
            Failure::Interrupted(_) => crate::interrupt::EXIT_CODE,
            Failure::Told(code) => *code,
        }
    }
}
