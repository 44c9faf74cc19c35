//! Answers as text for people, and as JSON for scripts.

pub(crate) mod certified;
pub(crate) mod checked;
pub(crate) mod explanation;
pub(crate) mod formulas;
pub(crate) mod json;
mod number;
pub(crate) mod steps;
pub(crate) mod text;
