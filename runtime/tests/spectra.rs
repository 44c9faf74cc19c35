//! The spectrum against closed forms, at every scale.

use hesse_runtime::{QuadraticModel, Spectrum, SpectrumError, packed};
use nalgebra::DMatrix;
use std::f64::consts::PI;

/// The second-difference matrix of order n has the eigenvalues 2 − 2cos(kπ/(n+1)).
#[test]
fn the_second_difference_matrix_has_its_closed_form_at_every_scale() {
    for n in [1, 2, 3, 10, 40] {
        for scale in [1e-160, 1.0, 1e300] {
            let matrix = DMatrix::from_fn(n, n, |i, j| match i.abs_diff(j) {
                0 => 2.0 * scale,
                1 => -scale,
                _ => 0.0,
            });
            let spectrum = Spectrum::of_matrix(&matrix).unwrap();
            for (k, value) in spectrum.eigenvalues().iter().enumerate() {
                let exact = 4.0 * (0.5 * PI * (k + 1) as f64 / (n + 1) as f64).sin().powi(2);
                assert!((value / scale / exact - 1.0).abs() < 1e-12, "n = {n}, scale = {scale}, k = {k}");
            }
            let axes = spectrum.eigenvectors();
            assert!((axes.transpose() * axes - DMatrix::identity(n, n)).amax() < 1e-13);
            let rest =
                &matrix / scale * axes - axes * DMatrix::from_diagonal(&(spectrum.eigenvalues() / scale));
            assert!(rest.amax() < 1e-13);
            for axis in axes.column_iter() {
                assert!(axis[axis.iamax()] > 0.0);
            }
        }
    }
}

/// diag(d)·[[2,1],[1,2]]·diag(d) with d = (1, t): the small eigenvalue tends to 3/2·t², which rounding by
/// the norm would lose from t = 1e-8 on.
#[test]
fn graded_matrices_keep_their_small_eigenvalues() {
    for t in [1e-4_f64, 1e-9, 1e-15, 1e-60] {
        let spectrum = Spectrum::of_packed(2, &[2.0, t, 2.0 * t * t]).unwrap();
        let (trace, determinant) = (2.0 + 2.0 * t * t, 3.0 * t * t);
        let large = 0.5 * (trace + (trace * trace - 4.0 * determinant).sqrt());
        assert!((spectrum.eigenvalues()[1] / large - 1.0).abs() < 1e-14);
        assert!((spectrum.eigenvalues()[0] / (determinant / large) - 1.0).abs() < 1e-13, "t = {t}");
    }
}

#[test]
fn bad_matrices_are_refused_by_name() {
    let message = |result: Result<Spectrum, SpectrumError>| result.unwrap_err().to_string();
    assert_eq!(
        message(Spectrum::of_packed(2, &[1.0, 0.0, f64::NEG_INFINITY])),
        "entry (1, 1) of the matrix is -inf, expected a finite number"
    );
    assert_eq!(message(Spectrum::of_packed(2, &[1.0, 0.0])), "the matrix has 2 entries, expected 3");
    assert_eq!(message(Spectrum::of_matrix(&DMatrix::zeros(2, 3))), "the matrix has 6 entries, expected 4");
    assert_eq!(
        message(Spectrum::of_packed(2, &[1e308, 1e308, 1e308])),
        "an eigenvalue overflows; divide the matrix by a constant first"
    );
}

#[test]
fn degenerate_shapes_have_a_spectrum_too() {
    let empty = Spectrum::of_packed(0, &[]).unwrap();
    assert_eq!((empty.eigenvalues().len(), empty.condition_number()), (0, 1.0));
    let zero = Spectrum::of_packed(3, &[0.0; 6]).unwrap();
    assert_eq!(zero.eigenvectors(), &DMatrix::identity(3, 3));
    assert_eq!(zero.condition_number(), f64::INFINITY);
    let ones = Spectrum::of_packed(50, &vec![1.0; packed::length(50)]).unwrap();
    assert!((ones.eigenvalues()[49] - 50.0).abs() < 1e-12);
    assert!(ones.eigenvalues()[48].abs() < 1e-12);
}

/// In its own principal axes the model is E(w*) + ½Σλᵢαᵢ².
#[test]
fn the_model_agrees_with_itself_in_principal_axes() {
    for (a, b, c) in [(2.0, 0.5, 1.0), (-1.0, 3.0, 4.0), (1e-6, 1.0, 1e9)] {
        let model = QuadraticModel::new(&[0.3, -1.0], 7.0, &[1.0, -2.0], &[a, b, c]).unwrap();
        let star = model.stationary_point().unwrap();
        assert!(model.gradient_at(star.as_slice()).amax() < 1e-9 * (a.abs() + c));
        for w in [[0.3, -1.0], [5.0, 2.0], [-1.0, 1.0]] {
            let direct = model.value_at(&w);
            let coordinates = model.coordinates(&w).unwrap();
            let along = model.value_at_coordinates(coordinates.as_slice()).unwrap();
            let scale = model.stationary_value().unwrap().abs() + direct.abs();
            assert!((direct - along).abs() < 1e-10 * scale, "{direct} {along}");
        }
        assert_eq!(model.semi_axes(1.0).is_some(), a * c > b * b && a > 0.0);
    }
    let singular = QuadraticModel::new(&[0.0, 0.0], 0.0, &[1.0, 1.0], &[1.0, 1.0, 1.0]).unwrap();
    assert_eq!(singular.newton_step(), None);
    assert_eq!(singular.contraction_rates(0.5)[1], 0.0);
}
