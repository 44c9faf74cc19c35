//! Data for a kernel: values and sizes by name.

use std::collections::BTreeMap;
use std::ops::Range;

use thiserror::Error;

use crate::graph::{Declaration, Extent, Role};
use crate::schedule::Kernel;

/// Named data arrays with their shapes, and sizes no data array tells.
///
/// ```
/// let mut data = hesse_symbolic::evaluate::Bindings::new();
/// data.insert("x", &[2, 3], vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0])?;
/// # Ok::<(), hesse_symbolic::evaluate::BindError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bindings {
    arrays: BTreeMap<String, Values>,
    dimensions: BTreeMap<String, usize>,
}

/// The values of an array, row-major, or some rows of them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Values {
    /// Of the whole array.
    pub(super) shape: Vec<usize>,
    /// How many values precede those held.
    pub(super) skipped: usize,
    /// Those held.
    pub(super) held: Vec<f64>,
}

impl Values {
    /// Whether some are left out.
    pub(super) fn are_partial(&self) -> bool {
        self.held.len() < self.shape.iter().product()
    }
}

/// Why data does not fit.
///
/// ```
/// use hesse_symbolic::evaluate::{BindError, Bindings};
///
/// let mut data = Bindings::new();
/// let found = data.insert("x", &[3], vec![1.0, 2.0]);
/// assert!(matches!(found, Err(BindError::Length { .. })));
/// assert_eq!(found.unwrap_err().to_string(), "`x` has 2 values where its shape asks for 3");
/// ```
#[derive(Clone, Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum BindError {
    /// A declared data array got no values.
    #[error("no data for `{name}`: a column or matrix of that name was expected")]
    Missing {
        /// The array.
        name: String,
    },
    /// The number of values is not the product of the shape.
    #[error("`{name}` has {found} values where its shape asks for {expected}")]
    Length {
        /// The array.
        name: String,
        /// The product of the shape.
        expected: usize,
        /// How many came.
        found: usize,
    },
    /// The number of axes differs from the declaration.
    #[error("`{name}` is declared with {expected} axes, but its data has {found}")]
    Axes {
        /// The array.
        name: String,
        /// As declared.
        expected: usize,
        /// As given.
        found: usize,
    },
    /// An extent differs from the declaration or from another array.
    #[error("axis {axis} of `{name}` has {found} positions, but {expected} were expected ({reason})")]
    Extent {
        /// The array.
        name: String,
        /// The axis, from 0.
        axis: usize,
        /// As declared or as another array has it.
        expected: usize,
        /// As given.
        found: usize,
        /// Where the expectation comes from.
        reason: String,
    },
    /// No data tells the size of a dimension.
    #[error("the size of dimension `{name}` is not known: no data array has it")]
    Dimension {
        /// The dimension.
        name: String,
    },
    /// A value is not finite.
    #[error("value {position} of `{name}` is {value}: data must be finite")]
    NotFinite {
        /// The array.
        name: String,
        /// The position in row-major order, from 0.
        position: usize,
        /// What it is.
        value: f64,
    },
    /// A look-up points outside the axis it subscripts.
    #[error(
        "value {position} of `{name}` is {value}, which is no position among the {extent} of the axis it selects"
    )]
    Lookup {
        /// The look-up array.
        name: String,
        /// The position in row-major order, from 0.
        position: usize,
        /// What it is.
        value: f64,
        /// The size of the axis.
        extent: usize,
    },
    /// Some rows alone do not do.
    #[error("all rows of `{name}` are needed: {reason}")]
    Partial {
        /// The array.
        name: String,
        /// Why.
        reason: String,
    },
    /// The parameters, or the local arrays of a kernel, are more than this machine can hold.
    #[error(
        "the parameters, their Hessian or what is kept meanwhile are too many to hold: use smaller sizes"
    )]
    TooLarge,
    /// The loops are longer than anybody waits for.
    #[error(
        "one evaluation takes about {steps} steps, and at most {limit} are run: use shorter ranges or less data"
    )]
    TooLong {
        /// As many as the longest loops take.
        steps: u64,
        /// The most that are run.
        limit: u64,
    },
}

impl Bindings {
    /// No data.
    pub fn new() -> Bindings {
        Bindings::default()
    }

    /// Gives the values of an array, row-major.
    ///
    /// # Errors
    /// [`BindError::Length`] and [`BindError::NotFinite`].
    pub fn insert(&mut self, name: &str, shape: &[usize], values: Vec<f64>) -> Result<(), BindError> {
        let expected = shape.iter().try_fold(1usize, |product, &size| product.checked_mul(size));
        if expected != Some(values.len()) {
            let expected = expected.unwrap_or(usize::MAX);
            return Err(BindError::Length { name: name.to_owned(), expected, found: values.len() });
        }
        self.hold(name, shape, 0, values)
    }

    /// Gives some rows of an array, those of `rows`; `shape` is that of the whole array, whose first axis has the rows.
    ///
    /// Only a [surface by rows](super::Surface::by_rows) can be evaluated then, and only for rows that are held in all
    /// arrays; the others read NaN.
    ///
    /// # Errors
    /// [`BindError::Length`] where the values are not those of so many rows, or the array has no such rows;
    /// [`BindError::NotFinite`].
    ///
    /// ```
    /// use hesse_symbolic::evaluate::Bindings;
    ///
    /// let mut data = Bindings::new();
    /// data.insert_rows("x", &[1_000_000, 2], 500..502, vec![1.0, 2.0, 3.0, 4.0])?;
    /// # Ok::<(), hesse_symbolic::evaluate::BindError>(())
    /// ```
    pub fn insert_rows(
        &mut self,
        name: &str,
        shape: &[usize],
        rows: Range<usize>,
        values: Vec<f64>,
    ) -> Result<(), BindError> {
        let row = shape.iter().skip(1).try_fold(1usize, |product, &size| product.checked_mul(size));
        let has_rows = rows.start <= rows.end && rows.end <= shape.first().copied().unwrap_or(0);
        let expected = row.and_then(|row| row.checked_mul(rows.len())).filter(|_| has_rows);
        // The whole array has an address for each of its values, even where few are held.
        let [Some(row), Some(expected), Some(_)] =
            [row, expected, row.and_then(|row| row.checked_mul(rows.end))]
        else {
            return Err(BindError::Length {
                name: name.to_owned(),
                expected: usize::MAX,
                found: values.len(),
            });
        };
        if expected != values.len() {
            return Err(BindError::Length { name: name.to_owned(), expected, found: values.len() });
        }
        self.hold(name, shape, row * rows.start, values)
    }

    fn hold(&mut self, name: &str, shape: &[usize], skipped: usize, held: Vec<f64>) -> Result<(), BindError> {
        if let Some(position) = held.iter().position(|v| !v.is_finite()) {
            let (name, value) = (name.to_owned(), held[position]);
            return Err(BindError::NotFinite { name, position: skipped + position, value });
        }
        self.arrays.insert(name.to_owned(), Values { shape: shape.to_vec(), skipped, held });
        Ok(())
    }

    /// Gives the size of a dimension that no data array has.
    pub fn set_dimension(&mut self, name: &str, size: usize) {
        self.dimensions.insert(name.to_owned(), size);
    }

    /// The shape and the values of an array all of whose values are held.
    pub(super) fn whole(&self, name: &str) -> Option<(&[usize], &[f64])> {
        let values = self.arrays.get(name).filter(|values| !values.are_partial())?;
        Some((&values.shape, &values.held))
    }

    /// The sizes of the kernel's dimensions, in their order, but for the bounds of its rows.
    pub(super) fn dimensions(&self, kernel: &Kernel) -> Result<Vec<usize>, BindError> {
        let mut sizes: Vec<Option<(usize, String)>> = kernel
            .dimensions
            .iter()
            .take(kernel.sizes())
            .map(|name| self.dimensions.get(name).map(|&size| (size, "given".to_owned())))
            .collect();
        for declaration in kernel.arrays.iter().filter(|d| matches!(d.role, Role::Data | Role::Lookup)) {
            let shape = &self.array(declaration)?.shape;
            if shape.len() != declaration.shape.len() {
                let (expected, found) = (declaration.shape.len(), shape.len());
                return Err(BindError::Axes { name: declaration.name.clone(), expected, found });
            }
            for (axis, (&found, extent)) in shape.iter().zip(&declaration.shape).enumerate() {
                let (expected, reason) = match extent {
                    Extent::Fixed(size) => (*size, "as declared".to_owned()),
                    Extent::Named(dimension) => match &mut sizes[dimension.0 as usize] {
                        Some((size, from)) => (*size, from.clone()),
                        unknown => {
                            let name = &kernel.dimensions[dimension.0 as usize];
                            *unknown = Some((found, format!("`{name}` of `{}`", declaration.name)));
                            continue;
                        }
                    },
                };
                if expected != found {
                    return Err(BindError::Extent {
                        name: declaration.name.clone(),
                        axis,
                        expected,
                        found,
                        reason,
                    });
                }
            }
        }
        let named = sizes.into_iter().zip(&kernel.dimensions);
        named
            .map(|(size, name)| size.map(|s| s.0).ok_or_else(|| BindError::Dimension { name: name.clone() }))
            .collect()
    }

    /// The values of that name.
    pub(super) fn values(&self, name: &str) -> Option<&Values> {
        self.arrays.get(name)
    }

    /// The values of a declared array.
    pub(super) fn array(&self, declaration: &Declaration) -> Result<&Values, BindError> {
        let missing = || BindError::Missing { name: declaration.name.clone() };
        self.arrays.get(&declaration.name).ok_or_else(missing)
    }
}
