//! Patterns for the names of parts.

use std::path::{Path, PathBuf};

use crate::DataError;

/// The files whose names fit a pattern with `*`, `?` and `[…]`, in the order of the numbers in their names, or else of
/// the names.
///
/// Where the one `*` of the pattern stands for a number in every name, no number may be left out between the lowest and
/// the highest: a part that was lost is no smaller table.
///
/// # Errors
/// Where no file fits, the pattern is wrong, a folder cannot be read or a part is missing.
///
/// ```
/// use std::path::PathBuf;
///
/// use hesse_data::{DataError, paths};
///
/// // A name without a pattern is that of one file, there or not.
/// assert_eq!(paths("rows.csv"), Ok(vec![PathBuf::from("rows.csv")]));
/// assert!(matches!(paths("no-such-part-*.csv"), Err(DataError::NoFile { .. })));
/// ```
pub fn paths(pattern: &str) -> Result<Vec<PathBuf>, DataError> {
    let of = || pattern.to_owned();
    // A name that is one of a file means that file, whatever characters it has.
    if !pattern.contains(['*', '?', '[']) || Path::new(pattern).exists() {
        return Ok(vec![pattern.into()]);
    }
    let found = glob::glob(pattern)
        .map_err(|error| DataError::Pattern { pattern: of(), reason: error.msg.to_owned() })?
        .collect::<Result<Vec<PathBuf>, _>>()
        .map_err(|error| DataError::File {
            path: error.path().to_owned(),
            reason: error.error().to_string(),
        })?;
    if found.is_empty() {
        return Err(DataError::NoFile { pattern: of() });
    }
    let Some((before, after)) =
        pattern.split_once('*').filter(|(b, a)| !format!("{b}{a}").contains(['*', '?', '[']))
    else {
        return Ok(found);
    };
    let number = |path: &PathBuf| -> Option<u64> {
        let name = path.to_str()?;
        name.strip_prefix(before)?.strip_suffix(after)?.parse().ok()
    };
    let Some(mut numbered) =
        found.iter().map(|path| Some((number(path)?, path.clone()))).collect::<Option<Vec<_>>>()
    else {
        return Ok(found);
    };
    numbered.sort();
    let (first, last) = (numbered[0].0, numbered[numbered.len() - 1].0);
    let gap = numbered.windows(2).find(|pair| pair[1].0 > pair[0].0 + 1).map(|pair| pair[0].0 + 1);
    match gap {
        Some(number) => Err(DataError::MissingPart { pattern: of(), number, first, last }),
        None => Ok(numbered.into_iter().map(|(_, path)| path).collect()),
    }
}
