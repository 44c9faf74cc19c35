//! Requests: JSON objects, read field by field.

use serde_json::{Map, Value};

use crate::MAX_REQUEST;
use crate::refusal::Refusal;

/// A request whose fields are read when they are needed.
#[derive(Debug)]
pub(crate) struct Request(Map<String, Value>);

impl Request {
    pub(crate) fn read(text: &str) -> Result<Request, Refusal> {
        if text.len() > MAX_REQUEST {
            return Err(Refusal::request(format!("the request is longer than {MAX_REQUEST} bytes")));
        }
        match serde_json::from_str(text) {
            Ok(Value::Object(fields)) => Ok(Request(fields)),
            Ok(_) => Err(Refusal::request("the request is no object")),
            Err(error) => Err(Refusal::request(format!("the request is no JSON: {error}"))),
        }
    }

    pub(crate) fn text(&self, field: &str) -> Result<&str, Refusal> {
        self.get(field, "a text", Value::as_str)
    }

    /// The text of a field that may be left out.
    pub(crate) fn text_or_empty(&self, field: &str) -> Result<&str, Refusal> {
        if self.0.contains_key(field) { self.text(field) } else { Ok("") }
    }

    /// A point: `length` finite numbers.
    pub(crate) fn point(&self, field: &str, length: usize) -> Result<Vec<f64>, Refusal> {
        let point = self.get(field, "a list of numbers", numbers)?;
        if point.len() == length {
            return Ok(point);
        }
        Err(Refusal::request(format!("`{field}` has {} numbers, expected {length}", point.len())))
    }

    /// `length` pairs of bounds, the lower first.
    pub(crate) fn pairs(&self, field: &str, length: usize) -> Result<Vec<[f64; 2]>, Refusal> {
        let pair = |value: &Value| match numbers(value)?[..] {
            [lo, hi] if lo < hi && (hi - lo).is_finite() => Some([lo, hi]),
            _ => None,
        };
        let pairs: Vec<[f64; 2]> = self.get(field, "a list of pairs, the lower bound first", |value| {
            value.as_array()?.iter().map(pair).collect()
        })?;
        if pairs.len() == length {
            return Ok(pairs);
        }
        Err(Refusal::request(format!("`{field}` has {} pairs, expected {length}", pairs.len())))
    }

    /// Two whole numbers, each at most `limit`.
    pub(crate) fn two(&self, field: &str, limit: usize) -> Result<[usize; 2], Refusal> {
        let expected = format!("two whole numbers up to {limit}");
        let whole = |value: &Value| {
            let number = usize::try_from(value.as_u64()?).ok()?;
            (number <= limit).then_some(number)
        };
        self.get(field, &expected, |value| match value.as_array()?.as_slice() {
            [a, b] => Some([whole(a)?, whole(b)?]),
            _ => None,
        })
    }

    fn get<'a, T>(
        &'a self,
        field: &str,
        expected: &str,
        read: impl Fn(&'a Value) -> Option<T>,
    ) -> Result<T, Refusal> {
        let value = self.0.get(field).ok_or_else(|| Refusal::request(format!("`{field}` is missing")))?;
        read(value).ok_or_else(|| Refusal::request(format!("`{field}` is not {expected}")))
    }
}

fn numbers(value: &Value) -> Option<Vec<f64>> {
    value.as_array()?.iter().map(|number| number.as_f64().filter(|number| number.is_finite())).collect()
}
