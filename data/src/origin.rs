//! Where the bytes of a part are: in a file, or where what came through a pipe is kept.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::{NamedTempFile, TempPath};

use crate::DataError;

/// What comes through a pipe is kept in memory up to so many bytes.
const SHORT: u64 = 1 << 20;

/// A file, or what was read from standard input.
///
/// ```
/// use hesse_data::{Origin, Part};
///
/// let held = Origin::hold("standard input", b"x\n1\n2\n".as_slice())?;
/// assert_eq!(Part::scan_from(held, None, &mut |_| ())?.rows(), 2);
/// # Ok::<(), hesse_data::DataError>(())
/// ```
#[derive(Clone, Debug)]
pub enum Origin {
    /// A file, which is opened whenever rows are wanted.
    File(PathBuf),
    /// Bytes that cannot be had twice, and what messages call them.
    Held(PathBuf, Arc<[u8]>),
    /// More of them, in a temporary file that goes with the last clone.
    Spilled(PathBuf, Arc<TempPath>),
}

/// Bytes that can be gone through from anywhere.
pub(crate) trait Bytes: Read + Seek + Send {}

impl<B: Read + Seek + Send> Bytes for B {}

impl Origin {
    /// Reads a stream to its end, such as standard input; what is longer than a megabyte waits in the folder for temporary
    /// files.
    ///
    /// # Errors
    /// Where the stream fails, or the temporary file does.
    ///
    /// ```
    /// use hesse_data::{Origin, Part};
    ///
    /// let part = Part::scan_from(Origin::hold("-", b"x,y\n1,2\n".as_slice())?, None, &mut |_| ())?;
    /// assert_eq!((part.columns(), part.rows()), (&["x".to_owned(), "y".to_owned()][..], 1));
    /// # Ok::<(), hesse_data::DataError>(())
    /// ```
    pub fn hold(name: &str, mut stream: impl Read) -> Result<Origin, DataError> {
        let path = PathBuf::from(name);
        let mut bytes = Vec::new();
        // One byte past the limit tells that there is more.
        let length = (&mut stream).take(SHORT + 1).read_to_end(&mut bytes);
        if length.map_err(|error| unreadable(&path, &error))? as u64 <= SHORT {
            return Ok(Origin::Held(path, bytes.into()));
        }
        let spilled = NamedTempFile::new().and_then(|mut file| {
            file.write_all(&bytes)?;
            io::copy(&mut stream, &mut file)?;
            Ok(file.into_temp_path())
        });
        match spilled {
            Ok(file) => Ok(Origin::Spilled(path, Arc::new(file))),
            Err(error) => {
                let folder = std::env::temp_dir();
                let reason = format!("keeping it in `{}` failed: {}", folder.display(), reason(&error));
                Err(DataError::File { path, reason })
            }
        }
    }

    /// What messages call it.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Origin::File(path) | Origin::Held(path, _) | Origin::Spilled(path, _) => path,
        }
    }

    pub(crate) fn open(&self) -> Result<Box<dyn Bytes>, DataError> {
        Ok(match self.bytes()? {
            Ok(file) => Box::new(file),
            Err(bytes) => Box::new(Cursor::new(bytes)),
        })
    }

    /// The file they are in, or the bytes themselves.
    pub(crate) fn bytes(&self) -> Result<Result<File, Arc<[u8]>>, DataError> {
        let file = match self {
            Origin::File(path) => File::open(path),
            Origin::Spilled(_, path) => File::open(path.as_ref()),
            Origin::Held(_, bytes) => return Ok(Err(bytes.clone())),
        };
        file.map(Ok).map_err(|error| unreadable(self.path(), &error))
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
