//! Points: a number for every parameter.

use serde_json::Value;

/// The coordinates in the order of `names`, from `a=1,w=[1,2]`; one number for an array is that of all its elements.
///
/// # Errors
/// Where a name is unknown, twice or missing, or a value is no finite number.
///
/// ```
/// use hesse_fits::{read_point, write_point};
///
/// let names = ["w[0]", "w[1]", "b"].map(String::from);
/// let point = read_point("w=0.5,b=0.1", &names)?;
/// assert_eq!(point, [0.5, 0.5, 0.1]);
/// assert_eq!(write_point(&names, &point), "w=[0.5,0.5],b=0.1");
/// # Ok::<(), String>(())
/// ```
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

/// The text that [`read`] reads as this point, to the last bit.
pub fn write(names: &[String], point: &[f64]) -> String {
    let array = |name: &'_ str| name.split_once('[').map(|(array, _)| array.to_owned());
    let mut text = String::new();
    let (mut at, comma) = (0, |text: &str| if text.is_empty() { "" } else { "," });
    while at < names.len() {
        let own = array(&names[at]);
        let length = match &own {
            Some(_) => names[at..].iter().take_while(|name| array(name) == own).count(),
            None => 1,
        };
        let numbers: Vec<String> = point[at..at + length].iter().map(|x| format!("{x:?}")).collect();
        let numbers = numbers.join(",");
        let item = own.map_or_else(|| format!("{}={numbers}", names[at]), |own| format!("{own}=[{numbers}]"));
        text = format!("{text}{}{item}", comma(&text));
        at += length;
    }
    text
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
