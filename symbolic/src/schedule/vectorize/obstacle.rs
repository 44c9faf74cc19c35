//! Why a loop stays plain.

/// What keeps a loop from running in tiles.
///
/// ```
/// use hesse_symbolic::schedule::{Obstacle, Request, schedule, vectorize};
///
/// let text = "param w[3]; E = prod(i, w[i]^2 + 1)";
/// let mut model = hesse_parser::formula::parse(text, &Default::default()).unwrap();
/// let kernel = vectorize(&schedule(&mut model.graph, model.error, Request::VALUE));
/// assert_eq!(kernel.obstacles, [Obstacle::Short]);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
#[non_exhaustive]
pub enum Obstacle {
    /// The range is known to be too short.
    Short,
    /// It adds to more places that move with the row than its arithmetic is worth.
    Scatter,
    /// The range of an inner loop depends on the row.
    InnerRange,
    /// A subscript of an array mixes the row, or a look-up, with inner indices.
    MixedSubscript,
    /// A product or a maximum over the rows leaves the loop.
    Reduction,
    /// A local array that outlives a row is both written and read, or its place there depends on the row.
    LocalArray,
    /// What the stages hand on would not fit the stack.
    Stack,
    /// It has a statement that stages do not know.
    Statement,
}

impl Obstacle {
    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Obstacle::Short => "short",
            Obstacle::Scatter => "scatter",
            Obstacle::InnerRange => "inner_range",
            Obstacle::MixedSubscript => "mixed_subscript",
            Obstacle::Reduction => "reduction",
            Obstacle::LocalArray => "local_array",
            Obstacle::Stack => "stack",
            Obstacle::Statement => "statement",
        }
    }
}
