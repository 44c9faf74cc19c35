//! `name=value` lists, on the command line or in a JSON file.

use std::fmt;
use std::path::Path;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use crate::InputError;
use crate::file::read_text;
use hesse_data::shown;

/// The longest JSON file that is read, in bytes.
const MAX_SIZE: u64 = 1 << 28;

/// Names with numbers, in the order written; repetitions are kept for the reader of the list to refuse.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Assignments(pub(crate) Vec<(String, Values)>);

/// A number or a row-major array of numbers.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Values {
    pub(crate) shape: Vec<usize>,
    pub(crate) numbers: Vec<f64>,
}

impl Assignments {
    /// Reads what follows `flag`: a list, or the name of a JSON file.
    pub(crate) fn read(flag: &str, argument: &str) -> Result<Assignments, InputError> {
        let path = Path::new(argument);
        if argument == "-" || argument.ends_with(".json") || (!argument.contains('=') && path.is_file()) {
            return Assignments::from_json(path);
        }
        Assignments::from_text(flag, argument)
    }

    /// Reads a list that follows `flag`.
    pub(crate) fn from_text(flag: &str, text: &str) -> Result<Assignments, InputError> {
        let mut list = Vec::new();
        for item in split(text) {
            if item.is_empty() {
                return Err(InputError::argument(format!("`{flag}` has a comma too many: write `x=1,y=2`")));
            }
            let Some((name, value)) = item.split_once('=') else {
                return Err(InputError::argument(format!(
                    "`{}` in `{flag}` has no `=`: write `x=1,y=2`, or name a JSON file",
                    shown(item)
                )));
            };
            let (name, value) = (name.trim(), value.trim());
            list.push((name.to_owned(), Values::parse(name, value, flag)?));
        }
        Ok(Assignments(list))
    }

    fn from_json(path: &Path) -> Result<Assignments, InputError> {
        let text = read_text(path, MAX_SIZE)?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let Object(entries) = serde_json::from_str(text)
            .map_err(|error| InputError::argument(format!("`{}` is no point: {error}", path.display())))?;
        let place = format!("`{}`", path.display());
        entries
            .into_iter()
            .map(|(name, value)| {
                let values = Values::from_json(&name, &value, &place)?;
                Ok((name, values))
            })
            .collect::<Result<_, InputError>>()
            .map(Assignments)
    }
}

impl Values {
    fn parse(name: &str, text: &str, flag: &str) -> Result<Values, InputError> {
        let place = format!("`{flag}`");
        if text.starts_with('[') {
            let value: Value = serde_json::from_str(text).map_err(|error| {
                InputError::argument(format!("`{name}={}` in {place} is no array: {error}", shown(text)))
            })?;
            return Values::from_json(name, &value, &place);
        }
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Values { shape: Vec::new(), numbers: vec![value] }),
            _ if text.is_empty() => {
                Err(InputError::argument(format!("`{name}` in {place} has no value: write `{name}=1`")))
            }
            _ => Err(InputError::argument(format!(
                "`{name}` in {place} is `{}`, expected a finite number",
                shown(text)
            ))),
        }
    }

    fn from_json(name: &str, value: &Value, place: &str) -> Result<Values, InputError> {
        let mut values = Values { shape: Vec::new(), numbers: Vec::new() };
        let mut level = value;
        while let Value::Array(elements) = level {
            values.shape.push(elements.len());
            let Some(first) = elements.first() else { break };
            level = first;
        }
        if values.collect(value, 0) {
            return Ok(values);
        }
        let expected =
            if value.is_array() { "an array of numbers in rows of equal length" } else { "a number" };
        Err(InputError::argument(format!(
            "`{name}` in {place} is `{}`, expected {expected}",
            shown(&value.to_string())
        )))
    }

    /// Appends the numbers of `value` row by row; whether it has the shape expected at this depth.
    fn collect(&mut self, value: &Value, depth: usize) -> bool {
        match (value, self.shape.get(depth)) {
            (Value::Array(elements), Some(&length)) => {
                elements.len() == length && elements.iter().all(|element| self.collect(element, depth + 1))
            }
            (Value::Number(number), None) => match number.as_f64() {
                Some(number) if number.is_finite() => {
                    self.numbers.push(number);
                    true
                }
                _ => false,
            },
            _ => false,
        }
    }
}

/// Splits at commas outside brackets; a comma at the end begins no part.
///
/// ```
/// assert_eq!(hesse_input::split("w[0,1], b,"), ["w[0,1]", "b"]);
/// ```
#[must_use]
pub fn split(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut items) = (0usize, 0, Vec::new());
    for (at, character) in text.char_indices() {
        match character {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                items.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    items.push(text[start..].trim());
    // Nothing at all is no part either.
    if items.last().is_some_and(|item| item.is_empty()) {
        items.pop();
    }
    items
}

/// A JSON object with its keys as written: a map would drop repetitions silently.
struct Object(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Object, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Object;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of parameter names and numbers")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Object(entries))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}
