//! What functions cost, in additions.

use super::Function;

/// What a division or a square root costs, in additions.
pub const DIVISION: u32 = 8;

impl Function {
    /// What one call costs, in additions: times of the numeric core (`cargo bench -p hesse-runtime --bench lanes`)
    /// rounded to powers of two. It is a scale for comparing kernels, not a forecast of times.
    ///
    /// ```
    /// use hesse_symbolic::functions::Function;
    ///
    /// assert_eq!(Function::Exp.cost(), 16);
    /// assert_eq!(Function::Abs.cost(), 1);
    /// ```
    pub fn cost(self) -> u32 {
        use Function::{Abs, Ceil, Floor, Max, Min, Relu, Round, Sign, Trunc};
        use Function::{Cos, Exp, Exp2, ExpM1, Hypot, Ln, Ln1p, Log2, Log10, Sech, Sin, Tanh};
        use Function::{NormalCdf, NormalExcess, NormalHazard, NormalPdf, Quotient};
        match self {
            Quotient => DIVISION,
            // A few instructions without a branch.
            Abs | Ceil | Floor | Max | Min | Relu | Round | Sign | Trunc => 1,
            Exp | Exp2 | ExpM1 | Hypot | Ln | Ln1p | NormalPdf => 16,
            Cos | Log2 | Log10 | NormalCdf | NormalExcess | NormalHazard | Sech | Sin | Tanh => 32,
            // The long ones, and calls into libm.
            _ => 64,
        }
    }
}
