//! How messages list names, propose others and show what stands in a cell.

/// `; did you mean …?` where a candidate is close to `name`, nothing elsewhere.
///
/// ```
/// assert_eq!(hesse_data::suggestion("widht", ["width", "height"]), "; did you mean `width`?");
/// assert_eq!(hesse_data::suggestion("z", ["width", "height"]), "");
/// ```
pub fn suggestion<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    let closest = candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, candidate)| {
            *distance <= 1 + candidate.chars().count() / 4 && *distance < candidate.chars().count()
        })
        .min();
    closest.map_or_else(String::new, |(_, candidate)| format!("; did you mean `{candidate}`?"))
}

/// The names in backquotes, the first twenty where there are more.
///
/// ```
/// assert_eq!(hesse_data::listed(["x", "y"]), "`x`, `y`");
/// ```
pub fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    const SHOWN: usize = 20;
    let mut names = names.into_iter();
    let mut text: Vec<String> = names.by_ref().take(SHOWN).map(|name| format!("`{name}`")).collect();
    let rest = names.count();
    if rest > 0 {
        text.push(format!("and {rest} more"));
    }
    text.join(", ")
}

/// What was given, as messages show it: its beginning, where it is long.
///
/// ```
/// assert_eq!(hesse_data::shown("1\t2"), "1\\t2");
/// ```
pub fn shown(text: &str) -> String {
    const LENGTH: usize = 40;
    let escaped: String = text.chars().take(LENGTH).flat_map(char::escape_debug).collect();
    if text.chars().count() > LENGTH { format!("{escaped}…") } else { escaped }
}

/// Cells of a row.
pub(crate) fn count(cells: usize) -> String {
    if cells == 1 { "1 cell".to_owned() } else { format!("{cells} cells") }
}

/// What to write in the place of a cell that is no number, where that can be told.
pub(crate) fn advice(text: &str) -> &'static str {
    let is_number = |text: &str| text.trim().parse::<f64>().is_ok();
    let is_number_with = |from: &str, to: &str| text.contains(from) && is_number(&text.replacen(from, to, 1));
    match text.to_lowercase().as_str() {
        "" | "na" | "n/a" | "null" | "none" | "nan" | "-" | "." | "?" => "; leave out rows without a value",
        _ if is_number_with(",", ".") => "; write decimals with a point",
        _ if !is_number(text) && is_number(&text.replace([',', '_', '\'', ' '], "")) => {
            "; write numbers without separators"
        }
        _ if is_number_with("%", "") => "; write percentages as parts of 1",
        _ => "",
    }
}
