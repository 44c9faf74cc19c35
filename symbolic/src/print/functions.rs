//! How functions look in mathematics: one row for each that is not its name before brackets.

use crate::functions::Function;

/// The look of a call.
pub(super) enum Form {
    /// A name before brackets.
    Named(&'static [Part]),
    /// A name of which the first argument is a subscript.
    Below(&'static str),
    /// A name of which the first argument, in brackets, is a superscript; below three it is written as primes.
    Above(&'static str),
    /// A number to the power of the argument.
    Exponential(&'static str),
    /// The first argument to the power of the second.
    Power,
    /// The first argument over the second.
    Quotient,
    /// A root of this degree.
    Root(u32),
    /// Between two brackets of their own: in LaTeX, and as characters.
    Between([&'static str; 2], [&'static str; 2]),
}

/// A part of a name.
pub(super) enum Part {
    /// Upright letters.
    Word(&'static str),
    /// A letter that has a command in LaTeX.
    Letter(&'static str),
    /// A subscript of what comes before.
    Base(&'static str),
}

pub(super) fn form(function: Function) -> Form {
    use Form::{Above, Below, Between, Exponential, Named, Power, Quotient, Root};
    use Part::{Base, Letter, Word};
    match function {
        Function::Exp => Exponential("e"),
        Function::Exp2 => Exponential("2"),
        Function::Pow => Power,
        Function::Cbrt => Root(3),
        Function::Quotient => Quotient,
        Function::Abs => Between([r"\left|", r"\right|"], ["|", "|"]),
        Function::Floor => Between([r"\left\lfloor ", r" \right\rfloor"], ["⌊", "⌋"]),
        Function::Ceil => Between([r"\left\lceil ", r" \right\rceil"], ["⌈", "⌉"]),
        Function::Log2 => Named(&[Word("log"), Base("2")]),
        Function::Log10 => Named(&[Word("log"), Base("10")]),
        Function::Asin => Named(&[Word("arcsin")]),
        Function::Acos => Named(&[Word("arccos")]),
        Function::Atan => Named(&[Word("arctan")]),
        Function::Asinh => Named(&[Word("arsinh")]),
        Function::Acosh => Named(&[Word("arcosh")]),
        Function::Atanh => Named(&[Word("artanh")]),
        Function::Sign => Named(&[Word("sgn")]),
        Function::Sigmoid => Named(&[Letter("σ")]),
        Function::NormalPdf => Named(&[Letter("φ")]),
        Function::NormalCdf => Named(&[Letter("Φ")]),
        Function::Gamma => Named(&[Letter("Γ")]),
        Function::LnBeta => Named(&[Word("ln"), Word("B")]),
        Function::LambertW => Named(&[Word("W")]),
        Function::Polygamma => Above("ψ"),
        Function::BesselJ => Below("J"),
        Function::SphericalBessel => Below("j"),
        // The rest stands under its own name.
        _ => Named(&[]),
    }
}
