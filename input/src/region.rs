//! Boxes, `x=-5..5,y=0..1`, and spans of time, `10s`.

use std::time::Duration;

use hesse_data::{listed, shown, suggestion};
use hesse_runtime::descent::Bounds;
use hesse_runtime::interval::Interval;

use crate::InputError;
use crate::assignments::split;

/// One interval per parameter; an array name, or no name at all, stands for all its elements.
///
/// # Errors
/// Where a parameter has no interval or two, or an interval is empty or has no end.
///
/// ```
/// let names = ["x", "w[0]", "w[1]"].map(str::to_owned);
/// let sides = hesse_input::region("--box", Some("x=-5..5,w=0..1"), &names)?;
/// assert_eq!((sides[0].lo(), sides[2].hi()), (-5.0, 1.0));
/// # Ok::<(), hesse_input::InputError>(())
/// ```
pub fn region(flag: &str, argument: Option<&str>, names: &[String]) -> Result<Vec<Interval>, InputError> {
    let Some(argument) = argument else {
        let example: Vec<String> = names.iter().take(3).map(|name| format!("{name}=-5..5")).collect();
        let dots = if names.len() > 3 { ",…" } else { "" };
        return Err(InputError::argument(format!(
            "the box is missing: add `{flag} {}{dots}`",
            example.join(",")
        )));
    };
    let region = assign(flag, argument, names, "`x=-5..5`", &side)?;
    let sides = region.iter().zip(names);
    let missing: Vec<&str> =
        sides.filter(|(side, _)| side.is_none()).map(|(_, name)| name.as_str()).collect();
    if !missing.is_empty() {
        return Err(InputError::argument(format!("`{flag}` gives no interval for {}", listed(missing))));
    }
    Ok(region.into_iter().flatten().collect())
}

/// Bounds on parameters, of which either end may be left out, `x=0..`; none unless given.
///
/// # Errors
/// As of [`region`], but for parameters without bounds.
///
/// ```
/// let names = ["x", "w[0,1]"].map(str::to_owned);
/// assert!(hesse_input::bounds("--bounds", Some("x=0..,w[0,1]=..2"), &names).is_ok());
/// assert!(hesse_input::bounds("--bounds", Some("x=1..0"), &names).is_err());
/// ```
pub fn bounds(flag: &str, argument: Option<&str>, names: &[String]) -> Result<Bounds, InputError> {
    let Some(argument) = argument else { return Ok(Bounds::none()) };
    let sides = assign(flag, argument, names, "`x=0..1`, `x=0..` or `x=..1`", &open_side)?;
    let free = (f64::NEG_INFINITY, f64::INFINITY);
    let (lower, upper): (Vec<f64>, Vec<f64>) = sides.into_iter().map(|side| side.unwrap_or(free)).unzip();
    Bounds::new(&lower, &upper).map_err(|error| InputError::argument(error.to_string()))
}

/// What is given for each parameter, by its name, by that of its array, or by none.
fn assign<T: Copy>(
    flag: &str,
    argument: &str,
    names: &[String],
    example: &str,
    side: &dyn Fn(&str) -> Option<T>,
) -> Result<Vec<Option<T>>, InputError> {
    let mut region: Vec<Option<T>> = vec![None; names.len()];
    for item in split(argument).into_iter().map(str::trim).filter(|item| !item.is_empty()) {
        let (name, bounds) = match item.split_once('=') {
            Some((name, bounds)) => (Some(name.trim()), bounds),
            None => (None, item),
        };
        let side = side(bounds).ok_or_else(|| {
            InputError::argument(format!(
                "`{}` in `{flag}` is no interval: write {example}, the lower bound first",
                shown(item)
            ))
        })?;
        let is_meant = |known: &String| name.is_none_or(|name| known == name || array(known) == Some(name));
        let places: Vec<usize> = (0..names.len()).filter(|&at| is_meant(&names[at])).collect();
        if places.is_empty() {
            let name = name.unwrap_or_default();
            let known = names.iter().map(String::as_str);
            let suggestion = suggestion(name, known.clone().chain(known.clone().filter_map(|n| array(n))));
            return Err(InputError::argument(format!(
                "`{name}` in `{flag}` is no parameter{suggestion}\nthe parameters are {}",
                listed(known)
            )));
        }
        for at in places {
            if region[at].replace(side).is_some() {
                return Err(InputError::argument(format!("`{}` is given twice in `{flag}`", names[at])));
            }
        }
    }
    Ok(region)
}

fn side(bounds: &str) -> Option<Interval> {
    let (lo, hi) = bounds.split_once("..")?;
    let (lo, hi) = (lo.trim().parse::<f64>().ok()?, hi.trim().parse::<f64>().ok()?);
    (lo.is_finite() && hi.is_finite() && lo < hi).then(|| Interval::new(lo, hi))
}

fn open_side(bounds: &str) -> Option<(f64, f64)> {
    let (lo, hi) = bounds.split_once("..")?;
    let end = |text: &str, open: f64| match text.trim() {
        "" => Some(open),
        text => text.parse::<f64>().ok().filter(|number| !number.is_nan()),
    };
    let (lo, hi) = (end(lo, f64::NEG_INFINITY)?, end(hi, f64::INFINITY)?);
    (lo <= hi).then_some((lo, hi))
}

/// The array that an element belongs to.
fn array(name: &str) -> Option<&str> {
    name.split_once('[').map(|(array, _)| array)
}

/// A time such as `10s`, `500ms` or `2min`; seconds without a unit.
///
/// # Errors
/// Where it is none.
///
/// ```
/// assert_eq!(hesse_input::duration("--budget", "2min")?.as_secs(), 120);
/// # Ok::<(), hesse_input::InputError>(())
/// ```
pub fn duration(flag: &str, text: &str) -> Result<Duration, InputError> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "" | "s" => Some(1.0),
        "ms" => Some(1e-3),
        "min" => Some(60.0),
        _ => None,
    };
    let seconds = unit.and_then(|unit| digits.trim().parse::<f64>().ok().map(|number| number * unit));
    let time = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    time.ok_or_else(|| {
        InputError::argument(format!("`{text}` in `{flag}` is no time: write `10s`, `500ms` or `2min`"))
    })
}
