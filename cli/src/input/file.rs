//! Files as text, up to a size.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::failure::Failure;

/// Reads a file, or standard input for `-`.
pub(crate) fn read_text(path: &Path, limit: u64) -> Result<String, Failure> {
    let bytes = read_bytes(path, limit)?;
    if let [0xff, 0xfe, ..] | [0xfe, 0xff, ..] = bytes[..] {
        let path = path.display();
        return Err(Failure::input(format!("`{path}` is UTF-16 text: save it as UTF-8")));
    }
    String::from_utf8(bytes).map_err(|error| {
        let path = path.display();
        let position = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..position].iter().filter(|byte| **byte == b'\n').count() + 1;
        Failure::input(format!(
            "`{path}` is not UTF-8 text: line {line} has a byte that is no part of it; save the file as UTF-8"
        ))
    })
}

fn read_bytes(path: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    // One byte past the limit tells that there is more.
    let read = if path == Path::new("-") {
        io::stdin().lock().take(limit + 1).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(limit + 1).read_to_end(&mut bytes))
    };
    match read {
        Err(error) => Err(Failure::input(format!("cannot read `{}`: {}", path.display(), reason(&error)))),
        Ok(size) if size as u64 > limit => {
            Err(Failure::input(format!("`{}` is longer than {limit} bytes", path.display())))
        }
        Ok(_) => Ok(bytes),
    }
}

/// The reason without the number that systems append to it.
pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "it is a directory".to_owned(),
        _ => error.to_string(),
    }
}
