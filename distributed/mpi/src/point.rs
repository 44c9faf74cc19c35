//! Points: a number for every parameter.

use serde_json::Value;

/// The coordinates in the order of `names`, from `a=1,w=[1,2]`; one number for an array is that of all its elements.
pub fn read(text: &str, names: &[String]) -> Result<Vec<f64>, String> {
    let mut point: Vec<Option<f64>> = vec![None; names.len()];
    for item in items(text) {
        let Some((name, value)) = item.split_once('=') else {
            return Err(format!("error: `{item}` has no `=`: write `a=1,b=2`"));
        };
        let (name, value) = (name.trim(), value.trim());
        let is_element =
            |own: &str| own == name || own.split_once('[').is_some_and(|(array, _)| array == name);
        let places: Vec<usize> = (0..names.len()).filter(|&at| is_element(&names[at])).collect();
        let numbers = numbers(value, places.len());
        if places.is_empty() {
            return Err(format!("error: `{name}` is no parameter; the parameters are {}", names.join(", ")));
        }
        let Some(numbers) = numbers else {
            return Err(format!(
                "error: `{name}` is `{value}`, expected a finite number or {} of them in brackets",
                places.len()
            ));
        };
        for (at, number) in places.into_iter().zip(numbers) {
            if point[at].replace(number).is_some() {
                return Err(format!("error: `{}` is given twice", names[at]));
            }
        }
    }
    let missing = names.iter().zip(&point).find(|(_, value)| value.is_none());
    match missing {
        Some((name, _)) => Err(format!("error: the point gives no value for `{name}`")),
        None => Ok(point.into_iter().flatten().collect()),
    }
}

/// So many finite numbers.
fn numbers(text: &str, count: usize) -> Option<Vec<f64>> {
    let numbers = match serde_json::from_str(text).ok()? {
        Value::Array(elements) => elements.iter().map(Value::as_f64).collect::<Option<Vec<f64>>>()?,
        number => vec![number.as_f64()?; count],
    };
    (numbers.len() == count && numbers.iter().all(|number| number.is_finite())).then_some(numbers)
}

/// The parts between commas outside brackets.
fn items(text: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0i32;
    text.split(move |c| {
        depth += i32::from(c == '[') - i32::from(c == ']');
        c == ',' && depth == 0
    })
    .map(str::trim)
    .filter(|item| !item.is_empty())
}
