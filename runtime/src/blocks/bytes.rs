//! Parts as bytes, for whoever carries them from one process to another.

use core::fmt;
use std::vec::Vec;

use super::Partial;

/// What every part begins with; the last byte is the version of the layout.
const HEAD: [u8; 8] = *b"HESSE/p\x01";
/// Head, rows from and to, lengths of gradient and Hessian, value; the checksum follows the numbers.
const FIXED: usize = 6 * 8;
const CHECKSUM: usize = 4;

/// Why bytes are no part.
///
/// ```
/// use hesse_runtime::blocks::{BytesError, Partial};
///
/// let bytes = Partial { rows: 0..64, value: 3.0, gradient: &mut [1.0], hessian: &mut [] }.to_bytes();
/// assert_eq!(Partial::lengths(&bytes), Ok([1, 0]));
/// assert_eq!(Partial::lengths(b"something else, and long enough to have a head"), Err(BytesError::Head));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum BytesError {
    /// They do not begin as the parts of this version do.
    Head,
    /// They end too early, or go on after the end.
    Length {
        /// As many as there should be, as far as that is known.
        expected: usize,
        /// As many as there are.
        found: usize,
    },
    /// They were changed on the way.
    Checksum,
    /// The gradient or the Hessian has another length than the slice for it.
    Slices {
        /// Numbers of gradient and Hessian among the bytes.
        found: [usize; 2],
        /// Those of the slices.
        expected: [usize; 2],
    },
}

impl fmt::Display for BytesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BytesError::Head => f.write_str(
                "the bytes are no part of a sum over rows, or of another version: let all processes run one program",
            ),
            BytesError::Length { expected, found } => {
                write!(f, "the part has {found} bytes where {expected} were expected: it was cut or joined on its way")
            }
            BytesError::Checksum => f.write_str("the bytes of the part do not fit their checksum: send it again"),
            BytesError::Slices { found, expected } => write!(
                f,
                "the part has {} numbers of a gradient and {} of a Hessian, but {} and {} were expected: all parts have \
                 to be of one error function and have the same outputs",
                found[0], found[1], expected[0], expected[1]
            ),
        }
    }
}

impl core::error::Error for BytesError {}

impl<'a> Partial<'a> {
    /// The part as bytes, the same on every machine: 8 that say what follows and in which version; from here all
    /// little-endian: the rows, from and to, the lengths of gradient and Hessian, each in 8; the value, the gradient,
    /// the Hessian, 8 per number; a checksum (CRC-32 of ISO 3309) in 4.
    ///
    /// ```
    /// use hesse_runtime::blocks::Partial;
    ///
    /// let part = Partial { rows: 0..64, value: 3.0, gradient: &mut [1.0, 2.0], hessian: &mut [] };
    /// let bytes = part.to_bytes();
    /// let [parameters, entries] = Partial::lengths(&bytes)?;
    /// let (mut gradient, mut hessian) = (vec![0.0; parameters], vec![0.0; entries]);
    /// assert_eq!(Partial::from_bytes(&bytes, &mut gradient, &mut hessian)?, part);
    /// # Ok::<(), hesse_runtime::blocks::BytesError>(())
    /// ```
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let numbers = 1 + self.gradient.len() + self.hessian.len();
        let mut bytes = Vec::with_capacity(FIXED + 8 * (numbers - 1) + CHECKSUM);
        bytes.extend(HEAD);
        for count in [self.rows.start, self.rows.end, self.gradient.len(), self.hessian.len()] {
            bytes.extend((count as u64).to_le_bytes());
        }
        for number in [&[self.value], &*self.gradient, &*self.hessian].into_iter().flatten() {
            bytes.extend(number.to_le_bytes());
        }
        bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
        bytes
    }

    /// How many numbers the gradient and the Hessian of a part have, from its bytes.
    ///
    /// # Errors
    /// As for [`from_bytes`](Self::from_bytes), but for the slices and the checksum.
    pub fn lengths(bytes: &[u8]) -> Result<[usize; 2], BytesError> {
        let found = bytes.len();
        let head = bytes.get(..HEAD.len()).ok_or(BytesError::Length { expected: FIXED + CHECKSUM, found })?;
        if head != HEAD {
            return Err(BytesError::Head);
        }
        if found < FIXED + CHECKSUM {
            return Err(BytesError::Length { expected: FIXED + CHECKSUM, found });
        }
        let lengths = [3, 4].map(|at| count(bytes, at));
        let numbers = lengths[0].saturating_add(lengths[1]);
        let expected = numbers.saturating_mul(8).saturating_add(FIXED + CHECKSUM);
        if expected == found { Ok(lengths) } else { Err(BytesError::Length { expected, found }) }
    }

    /// The part that [`to_bytes`](Self::to_bytes) wrote, its numbers in the slices; they are untouched on errors.
    ///
    /// # Errors
    /// Where the bytes are no part of this version, were cut or changed, or the slices differ in length.
    pub fn from_bytes(
        bytes: &[u8],
        gradient: &'a mut [f64],
        hessian: &'a mut [f64],
    ) -> Result<Partial<'a>, BytesError> {
        let found = Partial::lengths(bytes)?;
        let (content, checksum) = bytes.split_at(bytes.len() - CHECKSUM);
        if crc32fast::hash(content).to_le_bytes() != checksum {
            return Err(BytesError::Checksum);
        }
        let expected = [gradient.len(), hessian.len()];
        if found != expected {
            return Err(BytesError::Slices { found, expected });
        }
        let number = |at: usize| f64::from_bits(word(bytes, at));
        let value = number(5);
        for (place, at) in gradient.iter_mut().chain(&mut *hessian).zip(6..) {
            *place = number(at);
        }
        Ok(Partial { rows: count(bytes, 1)..count(bytes, 2), value, gradient, hessian })
    }
}

/// The word that so many words precede.
fn word(bytes: &[u8], at: usize) -> u64 {
    let word = bytes.get(8 * at..).and_then(|rest| rest.first_chunk());
    word.map_or(0, |word| u64::from_le_bytes(*word))
}

fn count(bytes: &[u8], at: usize) -> usize {
    usize::try_from(word(bytes, at)).unwrap_or(usize::MAX)
}
