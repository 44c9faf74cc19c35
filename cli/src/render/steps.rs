//! Derivatives step by step.

use hesse_parser::Model;
use hesse_symbolic::print::{Step, Steps};
use hesse_symbolic::rules::{Applied, Mode};
use serde_json::json;

use super::number::aligned;

pub(crate) fn text(model: &Model, steps: &Steps) -> String {
    let mut text = String::new();
    if !model.applied.is_empty() {
        let rows: Vec<Vec<String>> = model.applied.iter().map(rewritten).collect();
        text.push_str(&format!(
            "Rewritten first, in mode {}\n{}\n",
            model.mode.name(),
            aligned(&rows, |_| true)
        ));
    }
    text.push_str("From the parameters to E, a rule for each node\n");
    for step in &steps.nodes {
        text.push_str(&format!("  {} = {}\n      {}\n", step.name, step.formula, step.rule));
        for (by, value) in &step.slopes {
            text.push_str(&format!("      d{}/d{by} = {value}\n", step.name));
        }
        for ([a, b], value) in &step.curvatures {
            text.push_str(&format!("      {} = {value}\n", second(step, a, b)));
        }
    }
    text.push_str("\nFrom E to the parameters, by the chain rule\n");
    for (name, adds, value) in &steps.chain {
        text.push_str(&format!("  {name} {} {value}\n", if *adds { "+=" } else { "=" }));
    }
    text.push_str(
        "\nThe Hessian adds up, over all nodes p with operands u and v: dE/dp * d2p/du dv * du/dw * dv/dw'\n",
    );
    text
}

fn second(step: &Step, a: &str, b: &str) -> String {
    if a == b { format!("d2{}/d{a}^2", step.name) } else { format!("d2{}/d{a} d{b}", step.name) }
}

fn rewritten(Applied { rule, count }: &Applied) -> Vec<String> {
    let times = if *count == 1 { String::new() } else { format!("{count} times") };
    let form = format!("{} is {}", rule.written, rule.becomes);
    vec![rule.name.to_owned(), form, times]
}

pub(crate) fn json(model: &Model, mode: Mode, steps: &Steps) -> String {
    let rewritten: Vec<_> = model
        .applied
        .iter()
        .map(|Applied { rule, count }| {
            json!({"rule": rule.name, "written": rule.written, "becomes": rule.becomes, "count": count})
        })
        .collect();
    let nodes: Vec<_> = steps
        .nodes
        .iter()
        .map(|step| {
            let slopes: Vec<_> =
                step.slopes.iter().map(|(by, value)| json!({"by": by, "slope": value})).collect();
            let curvatures: Vec<_> =
                step.curvatures.iter().map(|(by, value)| json!({"by": by, "curvature": value})).collect();
            json!({
                "name": step.name,
                "formula": step.formula,
                "rule": step.rule,
                "slopes": slopes,
                "curvatures": curvatures,
            })
        })
        .collect();
    let chain: Vec<_> = steps
        .chain
        .iter()
        .map(|(name, adds, value)| json!({"name": name, "adds": adds, "formula": value}))
        .collect();
    format!("{:#}\n", json!({"mode": mode.name(), "rewritten": rewritten, "nodes": nodes, "chain": chain}))
}
