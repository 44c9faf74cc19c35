//! What the local quadratic model and its limits say, as text and as JSON.

use hesse_runtime::{Analysis, Degeneracy, Kind, Kink, LeadingTerm, Symmetry, SymmetryKind, Verdict};
use serde_json::{Value, json};

use super::json::Object;
use super::number::number;
use super::text::axis;

/// Figures of the model beside the curvatures, each with what it is called.
pub(super) fn figures(analysis: &Analysis) -> Vec<Vec<String>> {
    let model = &analysis.model;
    let mut figures = Vec::new();
    let mut add = |name: &str, value: Option<f64>| {
        figures.extend(value.map(|value| vec![name.to_owned(), number(value, 4)]));
    };
    add("length of the Newton step", model.newton_step().map(|step| step.norm()));
    add("Newton decrement", model.newton_decrement());
    add("largest stable step of gradient descent", model.largest_stable_step());
    add("step of gradient descent that is best for the worst axis", best_step(analysis));
    figures
}

/// The cells of an axis beside its curvature: the semi-axis of a level set, and the rate of gradient descent.
pub(super) fn per_axis(analysis: &Analysis, at: usize) -> [String; 2] {
    let rise = semi_axes(analysis).map(|axes| number(axes[at], 4));
    let rate = rates(analysis).map(|rates| number(rates[at], 4));
    [rise.unwrap_or_default(), rate.unwrap_or_default()]
}

/// The heads of these columns, empty where they are.
pub(super) fn heads(analysis: &Analysis) -> [&'static str; 2] {
    [
        if semi_axes(analysis).is_some() { "semi-axis" } else { "" },
        if rates(analysis).is_some() { "rate" } else { "" },
    ]
}

/// Semi-axes of the ellipsoid ½ above the model's minimum, λ^(−½).
fn semi_axes(analysis: &Analysis) -> Option<Vec<f64>> {
    analysis.model.semi_axes(0.5)
}

/// 2/(λₘᵢₙ + λₘₐₓ), for which the rates at both ends are equal and least.
fn best_step(analysis: &Analysis) -> Option<f64> {
    let curvatures = analysis.spectrum().eigenvalues();
    let (lowest, highest) = (curvatures.iter().next()?, curvatures.iter().next_back()?);
    (*lowest > 0.0).then(|| 2.0 / (lowest + highest))
}

/// 1 − ηλ for the best step, or for half of the largest stable one where there is none.
fn rates(analysis: &Analysis) -> Option<Vec<f64>> {
    let step = rate_step(analysis)?;
    Some(analysis.model.contraction_rates(step))
}

fn rate_step(analysis: &Analysis) -> Option<f64> {
    best_step(analysis).or_else(|| analysis.model.largest_stable_step().map(|step| 0.5 * step))
}

/// What the columns beside the curvatures mean.
pub(super) fn legend(analysis: &Analysis) -> String {
    let mut text = String::new();
    if semi_axes(analysis).is_some() {
        text.push_str(
            "Semi-axes are those of the ellipsoid on which the model lies 1/2 above its minimum.\n",
        );
    }
    if let Some(step) = rate_step(analysis) {
        let step = number(step, 4);
        text.push_str(&format!(
            "Rates are 1 − ηλ, by which a step η = {step} of gradient descent shrinks each axis."
        ));
    }
    if text.is_empty() { text } else { format!("{}\n", text.trim_end()) }
}

/// Sentences about kinks, symmetries and higher derivatives; empty where there is nothing to say.
pub(super) fn remarks(names: &[String], analysis: &Analysis) -> String {
    let mut text = String::new();
    if let Some(kink) = &analysis.kink {
        let what = ["E itself jumps", "the slope of E jumps", "the curvature of E jumps"][kink.order.min(2)];
        let at = kink.at.iter().zip(names).map(|(w, name)| format!("{name} = {}", number(*w, 6)));
        let at: Vec<String> = at.take(SHOWN).collect();
        let dots = if names.len() > SHOWN { ", …" } else { "" };
        let jump = number(kink.jump, 4);
        text.push_str(&if kink.is_here {
            let across = axis(names, &kink.direction);
            format!("E has a kink here: {what} by {jump} across it, along {across}.\n")
        } else {
            let at = at.join(", ");
            format!(
                "A kink is near: {what} by {jump} at {at}{dots}, so the model holds on one side of it alone.\n"
            )
        });
    }
    if let Some(degeneracy) = &analysis.degeneracy {
        for symmetry in &degeneracy.symmetries {
            text.push_str(&symmetric(names, symmetry));
        }
        for term in &degeneracy.leading_terms {
            text.push_str(&leading(names, term));
        }
        let verdict =
            if analysis.kind() == Kind::Kink { sides(degeneracy, names.len()) } else { verdict(degeneracy) };
        text.push_str(&format!("So the point is {verdict}.\n"));
    }
    text
}

const SHOWN: usize = 4;

fn symmetric(names: &[String], symmetry: &Symmetry) -> String {
    let along = axis(names, &symmetry.direction);
    let why = match &symmetry.kind {
        SymmetryKind::Shift => "E does not change when the parameters are shifted along it".to_owned(),
        SymmetryKind::Scale { exponents } => format!(
            "E does not change when the logarithms of the parameters move along {}",
            axis(names, exponents)
        ),
        SymmetryKind::Permutation { pairs } => {
            let pair = |&(a, b): &(usize, usize)| format!("{} and {}", names[a], names[b]);
            let mut pairs: Vec<String> = pairs.iter().map(pair).collect();
            pairs.truncate(SHOWN);
            format!(
                "{} can change places and are equal here, so one may gain what the other loses",
                pairs.join(", ")
            )
        }
        _ => "E does not change under a group of linear maps, such as rotations".to_owned(),
    };
    format!("The curvature along {along} is zero by a symmetry: {why}.\n")
}

fn leading(names: &[String], term: &LeadingTerm) -> String {
    let along = axis(names, &term.direction);
    match term.order {
        Some(order) => format!(
            "Leaving along {along} on the curve where E is stationary across, its first derivative that does not \
             vanish is of order {order}: {}.\n",
            number(term.derivative, 4)
        ),
        None => {
            format!("Leaving along {along} on the curve where E is stationary across, E stays constant.\n")
        }
    }
}

/// What one-sided derivatives say of a point on a kink.
fn sides(degeneracy: &Degeneracy, parameters: usize) -> &'static str {
    match (degeneracy.verdict, parameters) {
        (Verdict::Minimum, 1) => "a minimum: E rises on both sides",
        (Verdict::Minimum, _) => "a minimum: E rises in every direction that was tried",
        (Verdict::Maximum, 1) => "a maximum: E falls on both sides",
        (Verdict::Maximum, _) => "a maximum: E falls in every direction that was tried",
        (Verdict::Saddle, _) => "no extremum: E both rises and falls",
        _ => "still undecided: E neither rises nor falls with a slope in every direction",
    }
}

fn verdict(degeneracy: &Degeneracy) -> &'static str {
    match degeneracy.verdict {
        Verdict::Minimum => "a minimum, though a flat one",
        Verdict::Maximum => "a maximum, though a flat one",
        Verdict::Saddle => "no extremum: E both rises and falls",
        Verdict::Valley => "on the floor of a valley: a minimum that is not alone",
        Verdict::Ridge => "on the crest of a ridge: a maximum that is not alone",
        Verdict::Plain => "on a plain: E is constant around it",
        _ => "still undecided",
    }
}

/// Adds to the object of an analysis what this file knows.
pub(super) fn insert(object: &mut Object, analysis: &Analysis) {
    let model = &analysis.model;
    let step = model.newton_step().map(|step| step.as_slice().to_vec());
    object.insert("newton_step".into(), json!(step));
    object.insert("newton_decrement".into(), json!(model.newton_decrement()));
    object.insert("semi_axes".into(), json!(semi_axes(analysis)));
    object.insert("largest_stable_step".into(), json!(model.largest_stable_step()));
    object.insert("step".into(), json!(rate_step(analysis)));
    object.insert("rates".into(), json!(rates(analysis)));
    object.insert("scaled_curvatures".into(), json!(analysis.class.curvatures));
    object.insert("curvature_tolerances".into(), json!(analysis.class.tolerances));
    object.insert("kink".into(), analysis.kink.as_ref().map_or(Value::Null, kink));
    object.insert("degeneracy".into(), analysis.degeneracy.as_ref().map_or(Value::Null, degeneracy));
}

fn kink(kink: &Kink) -> Value {
    json!({
        "order": kink.order,
        "at": kink.at,
        "is_here": kink.is_here,
        "direction": kink.direction,
        "jump": kink.jump,
    })
}

fn degeneracy(degeneracy: &Degeneracy) -> Value {
    let symmetry = |symmetry: &Symmetry| match &symmetry.kind {
        SymmetryKind::Shift => json!({ "kind": "shift", "direction": symmetry.direction }),
        SymmetryKind::Scale { exponents } => {
            json!({ "kind": "scale", "direction": symmetry.direction, "exponents": exponents })
        }
        SymmetryKind::Permutation { pairs } => {
            json!({ "kind": "permutation", "direction": symmetry.direction, "pairs": pairs })
        }
        _ => json!({ "kind": "gauge", "direction": symmetry.direction }),
    };
    let term = |term: &LeadingTerm| json!({ "direction": term.direction, "order": term.order, "derivative": term.derivative });
    json!({
        "verdict": degeneracy.verdict.as_str(),
        "symmetries": degeneracy.symmetries.iter().map(symmetry).collect::<Vec<_>>(),
        "leading_terms": degeneracy.leading_terms.iter().map(term).collect::<Vec<_>>(),
    })
}
