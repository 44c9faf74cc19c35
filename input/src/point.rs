//! Points: every parameter exactly once.

use crate::InputError;
use crate::assignments::{Assignments, Values};
use hesse_data::{listed, suggestion};

/// The coordinates in the order of `names`, from what follows `flag`: `x=1,w=[1,2]`, where one number for an array is that
/// of all its elements, or a JSON file with an object of those, `-` for standard input.
///
/// # Errors
/// Where a name is no parameter, a parameter is given twice or not at all, or a value is no finite number.
///
/// ```
/// let names = ["b", "w[0]", "w[1]"].map(str::to_owned);
/// assert_eq!(hesse_input::point("--at", Some("w=[1,2],b=0.5"), &names)?, [0.5, 1.0, 2.0]);
/// assert_eq!(hesse_input::point("--at", Some("w=0,b=0.5"), &names)?, [0.5, 0.0, 0.0]);
/// let wrong = hesse_input::point("--at", Some("w=0"), &names).unwrap_err();
/// assert_eq!(wrong.to_string(), "`--at` gives no value for `b`");
/// # Ok::<(), hesse_input::InputError>(())
/// ```
pub fn point(flag: &str, argument: Option<&str>, names: &[String]) -> Result<Vec<f64>, InputError> {
    let Some(argument) = argument else {
        let example: Vec<String> = names.iter().take(3).map(|name| format!("{name}=1")).collect();
        let dots = if names.len() > 3 { ",…" } else { "" };
        return Err(InputError::argument(format!(
            "the point is missing: add `{flag} {}{dots}`",
            example.join(",")
        )));
    };
    coordinates(Assignments::read(flag, argument)?, flag, names)
}

/// The coordinates in the order of `names`, from `x=1,w=[1,2]`, and never from a file: for texts of which nobody here
/// is the author.
///
/// # Errors
/// As those of [`point`].
///
/// ```
/// let names = ["b", "w[0]", "w[1]"].map(str::to_owned);
/// assert_eq!(hesse_input::point_from_text("w=[1,2],b=0.5", &names)?, [0.5, 1.0, 2.0]);
/// let wrong = hesse_input::point_from_text("point.json", &names).unwrap_err();
/// assert!(wrong.to_string().starts_with("`point.json` in `point` has no `=`"));
/// # Ok::<(), hesse_input::InputError>(())
/// ```
pub fn point_from_text(text: &str, names: &[String]) -> Result<Vec<f64>, InputError> {
    coordinates(Assignments::from_text("point", text)?, "point", names)
}

fn coordinates(assignments: Assignments, flag: &str, names: &[String]) -> Result<Vec<f64>, InputError> {
    let mut point: Vec<Option<f64>> = vec![None; names.len()];
    for (name, values) in assignments.0 {
        for (at, value) in places(&name, &values, names, flag)? {
            if point[at].replace(value).is_some() {
                return Err(InputError::argument(format!("`{}` is given twice in `{flag}`", names[at])));
            }
        }
    }
    let missing: Vec<&str> =
        point.iter().zip(names).filter(|(value, _)| value.is_none()).map(|(_, name)| name.as_str()).collect();
    if !missing.is_empty() {
        return Err(InputError::argument(format!("`{flag}` gives no value for {}", listed(missing))));
    }
    Ok(point.into_iter().flatten().collect())
}

/// Which parameters an assignment sets, to what.
fn places(
    name: &str,
    values: &Values,
    names: &[String],
    flag: &str,
) -> Result<Vec<(usize, f64)>, InputError> {
    let plain = |text: &str| text.replace(' ', "");
    if let Some(at) = names.iter().position(|known| *known == plain(name)) {
        return match values.numbers[..] {
            [value] if values.shape.is_empty() => Ok(vec![(at, value)]),
            _ => Err(InputError::argument(format!(
                "`{name}` in `{flag}` is one number, but an array is given"
            ))),
        };
    }
    let elements: Vec<usize> = (0..names.len()).filter(|&at| array(&names[at]) == Some(name)).collect();
    if elements.is_empty() {
        let known = names.iter().map(String::as_str);
        let suggestion = suggestion(name, known.clone().chain(known.clone().filter_map(array)));
        let known = listed(known);
        return Err(InputError::argument(format!(
            "`{name}` in `{flag}` is no parameter{suggestion}\nthe parameters are {known}"
        )));
    }
    if let ([value], []) = (&values.numbers[..], &values.shape[..]) {
        return Ok(elements.into_iter().map(|at| (at, *value)).collect());
    }
    let shape = elements.last().map(|&last| shape(&names[last])).unwrap_or_default();
    if values.shape != shape && values.shape != [elements.len()] {
        return Err(InputError::argument(format!(
            "`{name}` in `{flag}` is an array of shape {shape:?}, but shape {:?} is given: write `{name}=[…]`",
            values.shape
        )));
    }
    Ok(elements.into_iter().zip(values.numbers.iter().copied()).collect())
}

/// The shape of an array, from the name of its last element.
fn shape(last: &str) -> Vec<usize> {
    let subscripts = last.split_once('[').map_or("", |(_, rest)| rest.trim_end_matches(']'));
    subscripts.split(',').filter_map(|at| at.parse::<usize>().ok()).map(|at| at + 1).collect()
}

/// The array that an element belongs to.
fn array(name: &str) -> Option<&str> {
    name.split_once('[').map(|(array, _)| array)
}
