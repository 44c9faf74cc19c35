//! The scaling that takes the parameters' units out of a symmetric matrix.

use crate::packed;

/// Factors d such that |hᵢⱼ| ≤ dᵢdⱼ for all entries, so that D⁻¹HD⁻¹ has entries within [−1, 1].
///
/// For a positive definite H they are √hᵢᵢ, which gives a unit diagonal. A row without a diagonal entry takes its factor
/// from its neighbors, after Bunch, "Equilibration of symmetric matrices in the max-norm", J. ACM 18 (1971); where a
/// diagonal is too small for its row, both rows of the entry give way. Changing the unit of a parameter changes its factor
/// by the same ratio and leaves D⁻¹HD⁻¹ as it is, and so does another order of the parameters. A row of zeros gets the
/// factor 0. O(n²) where the diagonal is full.
pub(crate) fn equilibrate(n: usize, matrix: &[f64]) -> Vec<f64> {
    let entry = |i, j| f64::abs(matrix[packed::position(i, j)]);
    let factors = own_scales(n, matrix);
    let excess = |i: usize| {
        let ratios = (0..n).filter(|&j| factors[i] > 0.0 && factors[j] > 0.0);
        ratios.map(|j| entry(i, j) / factors[i] / factors[j]).fold(1.0, f64::max)
    };
    (0..n).map(|i| factors[i] * excess(i).sqrt()).collect()
}

/// The same where later rows alone give way to those before them. Regions of trust are measured in these: of an indefinite
/// H all factors but one of an entry stay those of its diagonal.
pub(crate) fn scales_in_order(n: usize, matrix: &[f64]) -> Vec<f64> {
    let entry = |i, j| f64::abs(matrix[packed::position(i, j)]);
    let mut factors: Vec<f64> = (0..n).map(|i| entry(i, i).sqrt()).collect();
    for i in 0..n {
        for j in 0..i {
            if factors[j] > 0.0 {
                factors[i] = factors[i].max(entry(i, j) / factors[j]);
            }
        }
    }
    with_neighbors(n, matrix, factors)
}

/// √|hᵢᵢ| for every row, and for rows without a diagonal entry what their neighbors leave.
fn own_scales(n: usize, matrix: &[f64]) -> Vec<f64> {
    let diagonal = (0..n).map(|i| matrix[packed::position(i, i)].abs().sqrt()).collect();
    with_neighbors(n, matrix, diagonal)
}

/// The factors, with those that are zero taken from their neighbors.
fn with_neighbors(n: usize, matrix: &[f64], mut factors: Vec<f64>) -> Vec<f64> {
    let entry = |i, j| f64::abs(matrix[packed::position(i, j)]);
    while factors.contains(&0.0) {
        let neighbors = |i: usize| {
            (0..n).filter(|&j| factors[j] > 0.0).map(|j| entry(i, j) / factors[j]).fold(0.0, f64::max)
        };
        let found: Vec<(usize, f64)> = (0..n)
            .filter(|&i| factors[i] == 0.0)
            .map(|i| (i, neighbors(i)))
            .filter(|own| own.1 > 0.0)
            .collect();
        if found.is_empty() {
            // Nothing but entries off the diagonal: one row of them begins.
            let largest = |i: usize| (0..n).map(|j| entry(i, j)).fold(0.0, f64::max);
            let Some(first) = (0..n).find(|&i| factors[i] == 0.0 && largest(i) > 0.0) else { break };
            factors[first] = largest(first).sqrt();
        }
        for (i, factor) in found {
            factors[i] = factor;
        }
    }
    factors
}

/// D⁻¹HD⁻¹, packed; a factor of zero counts as one.
pub(crate) fn scaled(n: usize, matrix: &[f64], factors: &[f64]) -> Vec<f64> {
    let factor = |i: usize| if factors[i] > 0.0 { factors[i] } else { 1.0 };
    let mut scaled = Vec::with_capacity(matrix.len());
    for i in 0..n {
        // Two divisions, because the product of two factors may overflow where the quotient does not.
        scaled.extend((0..=i).map(|j| matrix[packed::position(i, j)] / factor(i) / factor(j)));
    }
    scaled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_definite_matrix_gets_a_unit_diagonal_whatever_the_units() {
        for unit in [1e-9, 1.0, 1e12] {
            let matrix = [4.0, unit, unit * unit];
            let factors = equilibrate(2, &matrix);
            let unitless = scaled(2, &matrix, &factors);
            assert!((unitless[0] - 1.0).abs() < 1e-15 && (unitless[2] - 1.0).abs() < 1e-15);
            assert!((unitless[1] - 0.5).abs() < 1e-15);
        }
    }

    #[test]
    fn zero_diagonals_are_scaled_by_their_rows() {
        assert_eq!(equilibrate(2, &[0.0, 9.0, 0.0]), [3.0, 3.0]);
        assert_eq!(equilibrate(2, &[0.0, 0.0, 4.0]), [0.0, 2.0]);
        assert_eq!(equilibrate(2, &[0.0, 6.0, 4.0]), [3.0, 2.0]);
        assert_eq!(equilibrate(3, &[0.0; 6]), [0.0; 3]);
        let indefinite = [0.0, 5.0, 0.0, 1e6, 2.0, 0.0];
        let factors = equilibrate(3, &indefinite);
        assert!(scaled(3, &indefinite, &factors).iter().all(|entry| entry.abs() <= 1.0 + 1e-15));
    }
}
