//! Points as texts.

/// The text that [`hesse_input::point_from_text`] reads as this point, to the last bit.
///
/// ```
/// let names = ["w[0]", "w[1]", "b"].map(String::from);
/// let text = hesse_fits::write_point(&names, &[0.5, 0.25, 0.1]);
/// assert_eq!(text, "w=[0.5,0.25],b=0.1");
/// assert_eq!(hesse_input::point_from_text(&text, &names)?, [0.5, 0.25, 0.1]);
/// # Ok::<(), hesse_input::InputError>(())
/// ```
#[must_use]
pub fn write(names: &[String], point: &[f64]) -> String {
    let array = |name: &'_ str| name.split_once('[').map(|(array, _)| array.to_owned());
    let mut items = Vec::new();
    let mut at = 0;
    while at < names.len() {
        let own = array(&names[at]);
        let length = match &own {
            Some(_) => names[at..].iter().take_while(|name| array(name) == own).count(),
            None => 1,
        };
        let numbers: Vec<String> = point[at..at + length].iter().map(|x| format!("{x:?}")).collect();
        let numbers = numbers.join(",");
        items
            .push(own.map_or_else(|| format!("{}={numbers}", names[at]), |own| format!("{own}=[{numbers}]")));
        at += length;
    }
    items.join(",")
}
