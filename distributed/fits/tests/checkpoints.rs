//! Checkpoints that cannot be written for a while, or any more.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};

use hesse_fits::{Answer, Fit};
use hesse_runtime::ErrorFunction;

/// (a − 3)⁴, whose folder of checkpoints is away between two of its evaluations with a Hessian.
struct Away {
    folder: PathBuf,
    at: [usize; 2],
    evaluations: Cell<usize>,
}

impl ErrorFunction for Away {
    fn dimension(&self) -> usize {
        1
    }

    fn value(&self, w: &[f64]) -> f64 {
        (w[0] - 3.0).powi(4)
    }

    fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
        gradient[0] = 4.0 * (w[0] - 3.0).powi(3);
        self.value(w)
    }

    fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
        let count = self.evaluations.get();
        self.evaluations.set(count + 1);
        if count == self.at[0] {
            fs::rename(&self.folder, self.folder.with_extension("away")).unwrap();
        }
        if count == self.at[1] {
            fs::rename(self.folder.with_extension("away"), &self.folder).unwrap();
        }
        hessian[0] = 12.0 * (w[0] - 3.0).powi(2);
        self.value_gradient(w, gradient)
    }

    fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
        product[0] = 12.0 * (w[0] - 3.0).powi(2) * v[0];
    }
}

/// What the fit says, and the checkpoint that it left.
fn fit(name: &str, at: [usize; 2]) -> (Answer, PathBuf) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    for old in [folder.clone(), folder.with_extension("away")] {
        let _ = fs::remove_dir_all(old);
    }
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("fit.json");
    let names = ["a".to_owned()];
    let fit = Fit {
        formula: "(a - 3)^4",
        names: &names,
        start: &[0.0],
        max_iterations: Some(12),
        checkpoint: Some(&path),
    };
    let error = Away { folder, at, evaluations: Cell::new(0) };
    let answer = fit.run(&error, |_| None, |written| written).unwrap();
    assert!(error.evaluations.get() > 8);
    (answer, path)
}

#[test]
fn a_checkpoint_is_tried_again_after_every_step() {
    let (answer, path) = fit("again", [2, 5]);
    // Steps are too few for (a − 3)⁴, which is no fault of the checkpoint.
    assert!(answer.failure.unwrap().starts_with("error: not converged after 12 iterations"));
    let read = |text: &str| -> serde_json::Value { serde_json::from_str(text).unwrap() };
    let checkpoint = read(&fs::read_to_string(path).unwrap());
    assert_eq!(checkpoint["parameters"], read(&answer.text)["parameters"]);
}

#[test]
fn a_checkpoint_that_is_not_there_in_the_end_is_an_error() {
    let (answer, _) = fit("never", [2, usize::MAX]);
    let failure = answer.failure.unwrap();
    assert!(failure.starts_with("error: cannot write the checkpoint `"), "{failure}");
    assert!(failure.ends_with("fit.json`: no such file"), "{failure}");
}
