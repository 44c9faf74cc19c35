//! Sizes of a formula, from `--size` and from data.

use std::collections::BTreeMap;

use hesse_data::{listed, suggestion};
use hesse_symbolic::graph::Graph;

use crate::{InputError, Offer};

/// Sizes by name.
pub type Sizes = BTreeMap<String, u64>;

/// The sizes that assignments `name=count` and data tell together.
///
/// # Errors
/// Where something is no size of the formula, is given twice, or differs from that of the data.
///
/// ```
/// use hesse_input::{Formula, Offer, sizes};
///
/// let offer = Offer::new(None, &[], &[])?;
/// let model = Formula::read("param w[d]\nE = sum(k, w[k]^2)")?.parse(&offer.columns(), Default::default())?;
/// assert_eq!(sizes(&["d=20".to_owned()], &model.graph, &offer)?["d"], 20);
/// # Ok::<(), hesse_input::InputError>(())
/// ```
pub fn sizes(assignments: &[String], graph: &Graph, offer: &Offer) -> Result<Sizes, InputError> {
    let mut sizes = Sizes::new();
    for (name, size) in offer.sizes(graph) {
        sizes.entry(name).or_insert(size as u64);
    }
    let known = || graph.dimensions().iter().map(String::as_str);
    let mut given: Vec<&str> = Vec::new();
    for text in assignments {
        let parts = text.split_once('=').map(|(name, count)| (name.trim(), count.trim().parse::<u64>()));
        let Some((name, Ok(count))) = parts else {
            return Err(InputError::argument(format!(
                "`{text}` in `--size` is no size: write `--size n=1000,d=20`"
            )));
        };
        if !known().any(|own| own == name) {
            let suggestion = suggestion(name, known());
            let names = match graph.dimensions() {
                [] => "all sizes of the formula are fixed".to_owned(),
                _ => format!("its sizes are {}", listed(known())),
            };
            return Err(InputError::argument(format!(
                "`{name}` in `--size` is no size of the formula{suggestion}\n{names}"
            )));
        }
        if given.contains(&name) {
            return Err(InputError::argument(format!("`{name}` is given twice in `--size`")));
        }
        given.push(name);
        match sizes.insert(name.to_owned(), count) {
            Some(own) if own != count => {
                return Err(InputError::argument(format!(
                    "`{name}` in `--size` is {count}, but the data has {own}"
                )));
            }
            _ => {}
        }
    }
    Ok(sizes)
}

/// A number of bytes such as `512MB`, `2GB` or `64kB`; bytes without a unit, and powers of 1024 with `i`, as in `1GiB`.
///
/// # Errors
/// Where it is none.
///
/// ```
/// assert_eq!(hesse_input::memory("--memory", "512MB")?, 512_000_000);
/// assert_eq!(hesse_input::memory("--memory", "1GiB")?, 1 << 30);
/// assert!(hesse_input::memory("--memory", "lots").is_err());
/// # Ok::<(), hesse_input::InputError>(())
/// ```
pub fn memory(flag: &str, text: &str) -> Result<u64, InputError> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match text[digits.len()..].to_ascii_lowercase().as_str() {
        "" | "b" => Some(1u64),
        "kb" | "k" => Some(1000),
        "mb" | "m" => Some(1_000_000),
        "gb" | "g" => Some(1_000_000_000),
        "kib" => Some(1 << 10),
        "mib" => Some(1 << 20),
        "gib" => Some(1 << 30),
        _ => None,
    };
    let bytes = unit.and_then(|unit| Some(digits.trim().parse::<f64>().ok()? * unit as f64));
    match bytes {
        Some(bytes) if (1.0..1e18).contains(&bytes) => Ok(bytes as u64),
        _ => Err(InputError::argument(format!(
            "`{text}` in `{flag}` is no number of bytes: write `512MB` or `2GB`"
        ))),
    }
}
