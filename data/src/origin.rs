//! Where the bytes of a part are: in a file, or in memory where they came through a pipe.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::DataError;

/// A file, or what was read from standard input.
///
/// ```
/// use hesse_data::{Origin, Part};
///
/// let held = Origin::hold("standard input", b"x\n1\n2\n".as_slice(), 100)?;
/// assert_eq!(Part::scan_from(held, None, &mut |_| ())?.rows(), 2);
/// # Ok::<(), hesse_data::DataError>(())
/// ```
#[derive(Clone, Debug)]
pub enum Origin {
    /// A file, which is opened whenever rows are wanted.
    File(PathBuf),
    /// Bytes that cannot be had twice, and what messages call them.
    Held(PathBuf, Arc<[u8]>),
}

/// Bytes that can be gone through from anywhere.
pub(crate) trait Bytes: Read + Seek + Send {}

impl<B: Read + Seek + Send> Bytes for B {}

impl Origin {
    /// Reads a stream to its end, such as standard input, up to a number of bytes.
    ///
    /// # Errors
    /// Where the stream fails or is longer.
    ///
    /// ```
    /// use hesse_data::{Origin, Part};
    ///
    /// let part = Part::scan_from(Origin::hold("-", b"x,y\n1,2\n".as_slice(), 1 << 20)?, None, &mut |_| ())?;
    /// assert_eq!((part.columns(), part.rows()), (&["x".to_owned(), "y".to_owned()][..], 1));
    /// assert!(Origin::hold("-", b"x,y\n1,2\n".as_slice(), 4).is_err());
    /// # Ok::<(), hesse_data::DataError>(())
    /// ```
    pub fn hold(name: &str, stream: impl Read, limit: u64) -> Result<Origin, DataError> {
        let path = PathBuf::from(name);
        let mut bytes = Vec::new();
        // One byte past the limit tells that there is more.
        match stream.take(limit.saturating_add(1)).read_to_end(&mut bytes) {
            Err(error) => Err(unreadable(&path, &error)),
            Ok(length) if length as u64 > limit => {
                let help = "write it to a file first, or allow more memory";
                Err(DataError::TooLong { path, limit, help })
            }
            Ok(_) => Ok(Origin::Held(path, bytes.into())),
        }
    }

    /// What messages call it.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Origin::File(path) | Origin::Held(path, _) => path,
        }
    }

    pub(crate) fn open(&self) -> Result<Box<dyn Bytes>, DataError> {
        match self {
            Origin::File(path) => {
                let file = File::open(path).map_err(|error| unreadable(path, &error))?;
                Ok(Box::new(file))
            }
            Origin::Held(_, bytes) => Ok(Box::new(Cursor::new(bytes.clone()))),
        }
    }

    /// The first bytes, as many as there are.
    pub(crate) fn beginning(&self) -> Result<[u8; 6], DataError> {
        let (mut bytes, mut stream, mut length) = ([0; 6], self.open()?, 0);
        while length < bytes.len() {
            match stream.read(&mut bytes[length..]) {
                Ok(0) => break,
                Ok(more) => length += more,
                Err(error) => return Err(unreadable(self.path(), &error)),
            }
        }
        Ok(bytes)
    }
}

pub(crate) fn unreadable(path: &Path, error: &io::Error) -> DataError {
    DataError::File { path: path.to_owned(), reason: reason(error) }
}

/// What the system says, without the number that it appends.
///
/// ```
/// let error = std::fs::read("none").unwrap_err();
/// assert_eq!(hesse_data::reason(&error), "no such file");
/// ```
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "it is a directory".to_owned(),
        _ => error.to_string(),
    }
}
