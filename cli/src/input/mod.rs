//! What the command reads: formulas, data and points.

mod assignments;
mod columns;
mod file;
mod formula;
mod model;
mod point;
mod region;
mod sizes;
mod table;

pub(crate) use file::{read_text, reason};
pub(crate) use formula::rendered;
pub(crate) use model::{Problem, problem, sized, sketch};
pub(crate) use region::duration;
pub(crate) use sizes::Sizes;

/// ` (did you mean `name`?)` where a candidate is close to `name`.
fn suggestion<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    let closest = candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, candidate)| {
            *distance <= 1 + candidate.chars().count() / 4 && *distance < candidate.chars().count()
        })
        .min();
    closest.map_or_else(String::new, |(_, candidate)| format!("; did you mean `{candidate}`?"))
}

/// The names in backquotes, the first few where there are many.
fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
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
fn shown(text: &str) -> String {
    const LENGTH: usize = 40;
    let escaped: String = text.chars().take(LENGTH).flat_map(char::escape_debug).collect();
    if text.chars().count() > LENGTH { format!("{escaped}…") } else { escaped }
}
