//! Files that are whole or as they were.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// Writes a file so that its place has the old text or the new one, never half of it; pipes and devices are written as they
/// are.
///
/// # Errors
/// Where the file, or one beside it, cannot be written.
///
/// ```
/// let path = std::env::temp_dir().join(format!("hesse-write-{}", std::process::id()));
/// hesse_data::write_whole(&path, b"1")?;
/// hesse_data::write_whole(&path, b"2")?;
/// assert_eq!(std::fs::read(&path)?, b"2");
/// std::fs::remove_file(&path)?;
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A link stays one, and a file keeps who may read it.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let before = fs::metadata(&target).ok();
    if before.as_ref().is_some_and(|before| !before.is_file()) {
        return fs::write(&target, bytes);
    }
    let new = beside(&target);
    let written = fs::write(&new, bytes).and_then(|()| {
        if let Some(before) = before {
            fs::set_permissions(&new, before.permissions())?;
        }
        fs::File::open(&new)?.sync_all()?;
        fs::rename(&new, &target)
    });
    if written.is_err() {
        // What the error says is more than that this failed too.
        let _ = fs::remove_file(&new);
    }
    written
}

/// Whether [`write_whole`] may write such a file, as far as that can be told without touching what is there: for programs
/// that work for hours before they write.
///
/// # Errors
/// Where no file can be written beside it, or its place is that of a folder.
///
/// ```
/// let folder = std::env::temp_dir();
/// assert!(hesse_data::can_write(&folder.join("fit.json")).is_ok());
/// assert!(hesse_data::can_write(&folder).is_err());
/// assert!(hesse_data::can_write(&folder.join("no-such-folder/fit.json")).is_err());
/// ```
pub fn can_write(path: &Path) -> io::Result<()> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    match fs::metadata(&target) {
        Ok(there) if there.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        // A pipe would wait for its reader.
        Ok(there) if !there.is_file() => return Ok(()),
        _ => {}
    }
    let new = beside(&target);
    fs::File::create(&new)?;
    fs::remove_file(&new)
}

/// A name that nobody else has in mind.
fn beside(target: &Path) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    target.with_file_name(name)
}
