//! Points: every parameter exactly once.

use super::assignments::{Assignments, Values};
use super::{listed, suggestion};
use crate::failure::Failure;

/// The coordinates in the order of `names`, from what follows `flag`.
pub(super) fn read(flag: &str, argument: Option<&str>, names: &[String]) -> Result<Vec<f64>, Failure> {
    let Some(argument) = argument else {
        let example: Vec<String> = names.iter().take(3).map(|name| format!("{name}=1")).collect();
        let dots = if names.len() > 3 { ",…" } else { "" };
        return Err(Failure::input(format!(
            "the point is missing: add `{flag} {}{dots}`",
            example.join(",")
        )));
    };
    let mut point: Vec<Option<f64>> = vec![None; names.len()];
    for (name, values) in Assignments::read(flag, argument)?.0 {
        for (at, value) in places(&name, &values, names, flag)? {
            if point[at].replace(value).is_some() {
                return Err(Failure::input(format!("`{}` is given twice in `{flag}`", names[at])));
            }
        }
    }
    let missing: Vec<&str> =
        point.iter().zip(names).filter(|(value, _)| value.is_none()).map(|(_, name)| name.as_str()).collect();
    if !missing.is_empty() {
        return Err(Failure::input(format!("`{flag}` gives no value for {}", listed(missing))));
    }
    Ok(point.into_iter().flatten().collect())
}

/// Which parameters an assignment sets, to what.
fn places(name: &str, values: &Values, names: &[String], flag: &str) -> Result<Vec<(usize, f64)>, Failure> {
    let plain = |text: &str| text.replace(' ', "");
    if let Some(at) = names.iter().position(|known| *known == plain(name)) {
        return match values.numbers[..] {
            [value] if values.shape.is_empty() => Ok(vec![(at, value)]),
            _ => Err(Failure::input(format!("`{name}` in `{flag}` is one number, but an array is given"))),
        };
    }
    let elements: Vec<usize> = (0..names.len()).filter(|&at| array(&names[at]) == Some(name)).collect();
    if elements.is_empty() {
        let known = names.iter().map(String::as_str);
        let suggestion = suggestion(name, known.clone().chain(known.clone().filter_map(array)));
        let known = listed(known);
        return Err(Failure::input(format!(
            "`{name}` in `{flag}` is no parameter{suggestion}\nthe parameters are {known}"
        )));
    }
    let shape = elements.last().map(|&last| shape(&names[last])).unwrap_or_default();
    if values.shape != shape && values.shape != [elements.len()] {
        let given = if values.shape.is_empty() {
            "one number".to_owned()
        } else {
            format!("shape {:?}", values.shape)
        };
        return Err(Failure::input(format!(
            "`{name}` in `{flag}` is an array of shape {shape:?}, but {given} is given: write `{name}=[…]`"
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
