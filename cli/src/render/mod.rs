//! Answers as text for people, and as JSON for scripts.

pub(crate) mod certified;
pub(crate) mod checked;
pub(crate) mod csv;
pub(crate) mod explanation;
pub(crate) mod formulas;
mod geometry;
pub(crate) mod html;
pub(crate) mod json;
pub(crate) mod number;
pub(crate) mod statistics;
pub(crate) mod steps;
pub(crate) mod text;
