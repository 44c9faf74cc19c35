//! Files as text, up to a size.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use hesse_data::{DataError, reason};

use crate::InputError;

/// Reads a file, or standard input for `-`.
///
/// # Errors
/// Where it cannot be read, is longer than `limit` bytes or is no UTF-8 text.
///
/// ```
/// let wrong = hesse_input::read_text("none.hes".as_ref(), 100).unwrap_err();
/// assert_eq!(wrong.to_string(), "cannot read `none.hes`: no such file");
/// ```
pub fn read_text(path: &Path, limit: u64) -> Result<String, InputError> {
    let bytes = read_bytes(path, limit)?;
    if let [0xff, 0xfe, ..] | [0xfe, 0xff, ..] = bytes[..] {
        return Err(DataError::Utf16 { path: path.to_owned() }.into());
    }
    String::from_utf8(bytes).map_err(|error| {
        let path = path.display();
        let position = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..position].iter().filter(|byte| **byte == b'\n').count() + 1;
        InputError::argument(format!(
            "`{path}` is not UTF-8 text: line {line} has a byte that is no part of it; save the file as UTF-8"
        ))
    })
}

fn read_bytes(path: &Path, limit: u64) -> Result<Vec<u8>, InputError> {
    let mut bytes = Vec::new();
    // One byte past the limit tells that there is more.
    let read = if path == Path::new("-") {
        io::stdin().lock().take(limit + 1).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(limit + 1).read_to_end(&mut bytes))
    };
    match read {
        Err(error) => Err(DataError::File { path: path.to_owned(), reason: reason(&error) }.into()),
        Ok(size) if size as u64 > limit => {
            Err(InputError::argument(format!("`{}` is longer than {limit} bytes", path.display())))
        }
        Ok(_) => Ok(bytes),
    }
}
