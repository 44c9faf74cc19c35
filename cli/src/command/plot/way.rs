//! A descent with all that it went through.

use std::ops::ControlFlow;

use hesse_runtime::descent::{Descent, Observer, Progress};

use crate::args::{From, Method, word};
use crate::command::{fitted::Target, minimize};
use crate::failure::Failure;
use crate::input::Problem;

/// A descent and its iterates, the start first and the end last; of several starts, those of the first.
pub(crate) struct Way {
    pub(crate) name: String,
    pub(crate) points: Vec<Vec<f64>>,
    pub(crate) values: Vec<f64>,
    pub(crate) slopes: Vec<f64>,
    pub(crate) descent: Descent,
}

/// Descends; a descent that did not get anywhere is drawn all the same.
pub(crate) fn descend(args: &From, problem: &Problem, default: Method) -> Result<Way, Failure> {
    Way::of(args, default, |observer| minimize::descend(args, problem, default, observer))
}

/// The way down of a fit.
pub(crate) fn fit(args: &From, target: &Target) -> Result<Way, Failure> {
    Way::of(args, target.method(), |observer| target.descend(args, observer))
}

impl Way {
    fn of(
        args: &From,
        default: Method,
        descend: impl FnOnce(&mut dyn Observer) -> Result<Descent, Failure>,
    ) -> Result<Way, Failure> {
        let (mut points, mut values, mut slopes) = (Vec::new(), Vec::new(), Vec::new());
        let mut starts = 0;
        let mut note = |progress: &Progress<'_>| {
            starts += usize::from(progress.iteration == 0);
            if starts == 1 && points.last().is_none_or(|last: &Vec<f64>| last != progress.w) {
                points.push(progress.w.to_vec());
                values.push(progress.value);
                slopes.push(norm(progress.gradient));
            }
            ControlFlow::Continue(())
        };
        let descent = descend(&mut note)?;
        if starts == 1 && points.last() != Some(&descent.minimizer) {
            points.push(descent.minimizer.clone());
            values.push(descent.value);
            slopes.push(norm(&descent.gradient));
        }
        let name = word(&args.method.unwrap_or(default));
        Ok(Way { name, points, values, slopes, descent })
    }
}

fn norm(gradient: &[f64]) -> f64 {
    gradient.iter().fold(0.0, |norm, slope| f64::hypot(norm, *slope))
}
