//! Sizes of a formula, from `--size` and from data.

use std::collections::BTreeMap;

use hesse_symbolic::graph::Graph;

use super::{listed, suggestion};
use crate::failure::Failure;

/// Sizes by name.
pub(crate) type Sizes = BTreeMap<String, u64>;

/// The sizes that assignments `name=count` and data tell together.
pub(super) fn read(
    assignments: &[String],
    graph: &Graph,
    data: Vec<(String, usize)>,
) -> Result<Sizes, Failure> {
    let mut sizes = Sizes::new();
    for (name, size) in data {
        sizes.entry(name).or_insert(size as u64);
    }
    let known = || graph.dimensions().iter().map(String::as_str);
    let mut given: Vec<&str> = Vec::new();
    for text in assignments {
        let parts = text.split_once('=').map(|(name, count)| (name.trim(), count.trim().parse::<u64>()));
        let Some((name, Ok(count))) = parts else {
            return Err(Failure::input(format!(
                "`{text}` in `--size` is no size: write `--size n=1000,d=20`"
            )));
        };
        if !known().any(|own| own == name) {
            let suggestion = suggestion(name, known());
            let names = match graph.dimensions() {
                [] => "all sizes of the formula are fixed".to_owned(),
                _ => format!("its sizes are {}", listed(known())),
            };
            return Err(Failure::input(format!(
                "`{name}` in `--size` is no size of the formula{suggestion}\n{names}"
            )));
        }
        if given.contains(&name) {
            return Err(Failure::input(format!("`{name}` is given twice in `--size`")));
        }
        given.push(name);
        match sizes.insert(name.to_owned(), count) {
            Some(own) if own != count => {
                return Err(Failure::input(format!(
                    "`{name}` in `--size` is {count}, but the data has {own}"
                )));
            }
            _ => {}
        }
    }
    Ok(sizes)
}
