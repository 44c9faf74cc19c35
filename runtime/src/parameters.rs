//! Structures of parameters.

/// A value made of a fixed number of parameters: a number, an array, a vector of nalgebra, or a structure of these.
///
/// `#[derive(Parameters)]` of the crate `hesse` implements it for structures with named fields: the numbers of the first
/// field come first, arrays row by row, matrices of nalgebra column by column. The slices have
/// [`COUNT`](Self::COUNT) entries.
///
/// ```
/// use hesse_runtime::Parameters;
///
/// type Lines = [[f64; 2]; 3];
/// assert_eq!(Lines::COUNT, 6);
/// assert_eq!([[1.0, 2.0], [3.0, 4.0]].to_array(), [1.0, 2.0, 3.0, 4.0]);
/// assert_eq!(<[f64; 2]>::from_array(&[5.0, 6.0]), [5.0, 6.0]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not made of parameters",
    label = "neither numbers, arrays of them, nor such a structure",
    note = "write `#[derive(hesse::Parameters)]` above the structure"
)]
pub trait Parameters: Sized {
    /// The number of parameters.
    const COUNT: usize;

    /// Writes the parameters in order.
    ///
    /// # Panics
    /// Where there is no room for all of them.
    fn write_to(&self, parameters: &mut [f64]);

    /// The value with these parameters.
    ///
    /// # Panics
    /// Where there are fewer than [`COUNT`](Self::COUNT).
    #[must_use]
    fn read_from(parameters: &[f64]) -> Self;

    /// The parameters in order.
    ///
    /// # Panics
    /// Where `P` is less than [`COUNT`](Self::COUNT).
    #[must_use]
    fn to_array<const P: usize>(&self) -> [f64; P] {
        let mut parameters = [0.0; P];
        self.write_to(&mut parameters);
        parameters
    }

    /// The value with these parameters.
    ///
    /// # Panics
    /// Where `P` is less than [`COUNT`](Self::COUNT).
    #[must_use]
    fn from_array<const P: usize>(parameters: &[f64; P]) -> Self {
        Self::read_from(parameters)
    }
}

impl Parameters for f64 {
    const COUNT: usize = 1;

    fn write_to(&self, parameters: &mut [f64]) {
        parameters[0] = *self;
    }

    fn read_from(parameters: &[f64]) -> f64 {
        parameters[0]
    }
}

impl Parameters for f32 {
    const COUNT: usize = 1;

    fn write_to(&self, parameters: &mut [f64]) {
        parameters[0] = f64::from(*self);
    }

    fn read_from(parameters: &[f64]) -> f32 {
        parameters[0] as f32
    }
}

impl<T: Parameters, const N: usize> Parameters for [T; N] {
    const COUNT: usize = N * T::COUNT;

    fn write_to(&self, parameters: &mut [f64]) {
        for (at, own) in self.iter().enumerate() {
            own.write_to(&mut parameters[at * T::COUNT..]);
        }
    }

    fn read_from(parameters: &[f64]) -> [T; N] {
        core::array::from_fn(|at| T::read_from(&parameters[at * T::COUNT..]))
    }
}

#[cfg(feature = "analysis")]
impl<T: Parameters + nalgebra::Scalar, const R: usize, const C: usize> Parameters
    for nalgebra::SMatrix<T, R, C>
{
    const COUNT: usize = R * C * T::COUNT;

    fn write_to(&self, parameters: &mut [f64]) {
        self.data.0.write_to(parameters);
    }

    fn read_from(parameters: &[f64]) -> nalgebra::SMatrix<T, R, C> {
        nalgebra::SMatrix::from(<[[T; R]; C]>::read_from(parameters))
    }
}
