//! How large arrays may be whose size is written.

use super::Resolver;
use super::term::Extent;
use crate::diagnostic::{Diagnostic, Problem};
use crate::formula::{MAX_EXTENT, MAX_PARAMETERS};
use crate::syntax::Role;

impl Resolver<'_> {
    /// Complains about arrays with more elements than generated code can name or count.
    pub(super) fn check_sizes(&mut self) {
        for array in &self.arrays {
            let limit = if array.role == Role::Parameter { MAX_PARAMETERS } else { MAX_EXTENT };
            let sizes = array.shape.iter().map(|extent| match extent {
                Some(Extent::Fixed(size)) => *size,
                _ => 1,
            });
            let elements = sizes.fold(1usize, usize::saturating_mul);
            if elements > limit {
                let problem = Problem::TooManyElements { name: array.name.to_string(), limit };
                self.diagnostics.push(Diagnostic::new(problem, array.first));
            }
        }
    }
}
