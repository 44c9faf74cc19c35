//! Patterns for the names of parts, and their order.

use std::cmp::Ordering;
use std::path::{Path, PathBuf};

use crate::DataError;

/// The files whose names fit a pattern with `*`, `?` and `[…]`, in the [order of parts](part_order).
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
    let mut found = glob::glob(pattern)
        .map_err(|error| DataError::Pattern { pattern: of(), reason: error.msg.to_owned() })?
        .collect::<Result<Vec<PathBuf>, _>>()
        .map_err(|error| DataError::File {
            path: error.path().to_owned(),
            reason: error.error().to_string(),
        })?;
    if found.is_empty() {
        return Err(DataError::NoFile { pattern: of() });
    }
    found.sort_by(|a, b| part_order(&a.to_string_lossy(), &b.to_string_lossy()));
    let Some((before, after)) =
        pattern.split_once('*').filter(|(b, a)| !format!("{b}{a}").contains(['*', '?', '[']))
    else {
        return Ok(found);
    };
    let number = |path: &PathBuf| -> Option<u64> {
        let name = path.to_str()?;
        name.strip_prefix(before)?.strip_suffix(after)?.parse().ok()
    };
    let Some(numbers) = found.iter().map(number).collect::<Option<Vec<u64>>>() else {
        return Ok(found);
    };
    let (first, last) = (numbers[0], numbers[numbers.len() - 1]);
    match numbers.windows(2).find(|pair| pair[1] > pair[0] + 1) {
        Some(pair) => Err(DataError::MissingPart { pattern: of(), number: pair[0] + 1, first, last }),
        None => Ok(found),
    }
}

/// The order of parts by their names: letter by letter, but numbers by what they are worth.
///
/// ```
/// let mut parts = ["part-10.csv", "part-9.csv", "part-010.csv", "old-2.csv"];
/// parts.sort_by(|a, b| hesse_data::part_order(a, b));
/// assert_eq!(parts, ["old-2.csv", "part-9.csv", "part-010.csv", "part-10.csv"]);
/// ```
pub fn part_order(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    loop {
        let (ours, theirs) = (leading(&mut left), leading(&mut right));
        let digits = |piece: &str| piece.starts_with(|c: char| c.is_ascii_digit());
        let order = if digits(ours) && digits(theirs) {
            let [ours, theirs] = [ours, theirs].map(|piece| piece.trim_start_matches('0'));
            // Of two numbers without zeros in front the longer one is greater.
            ours.len().cmp(&theirs.len()).then_with(|| ours.cmp(theirs))
        } else {
            ours.cmp(theirs)
        };
        // Names that differ in zeros alone still have an order.
        match order {
            Ordering::Equal if ours.is_empty() && theirs.is_empty() => return a.cmp(b),
            Ordering::Equal => {}
            other => return other,
        }
    }
}

/// Takes a number or one other letter off the front.
fn leading<'a>(text: &mut &'a str) -> &'a str {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let length = if digits > 0 { digits } else { text.chars().next().map_or(0, char::len_utf8) };
    let (piece, rest) = text.split_at(length);
    *text = rest;
    piece
}
