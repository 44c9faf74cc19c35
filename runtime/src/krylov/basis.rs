//! An orthonormal basis that grows by Hessian-vector products.

use super::{KrylovError, Products};
use crate::random::Random;
use crate::{Spectrum, SpectrumError, packed};

/// Below this share of a product's length, what is left of it after orthogonalization is rounding.
const INVARIANT: f64 = 1e-14;

/// Orthonormal vectors V with VᵀHV, and the direction in which HV leaves their span.
pub(super) struct Basis {
    vectors: Vec<Vec<f64>>,
    /// VᵀHV, packed lower triangle by rows: a new vector appends a row.
    quotient: Vec<f64>,
    /// The unit vector that comes next, orthogonal to all others.
    next: Vec<f64>,
    /// The length of what `next` was made from; zero where the span is invariant under H.
    leaving: f64,
}

impl Basis {
    pub(super) fn new(mut start: Vec<f64>) -> Self {
        normalize(&mut start);
        Self { vectors: Vec::new(), quotient: Vec::new(), next: start, leaving: 1.0 }
    }

    pub(super) fn len(&self) -> usize {
        self.vectors.len()
    }

    pub(super) fn leaving(&self) -> f64 {
        self.leaving
    }

    pub(super) fn spectrum(&self) -> Result<Spectrum, SpectrumError> {
        Spectrum::of_packed(self.len(), &self.quotient)
    }

    /// Takes the next vector in, at the price of one product.
    ///
    /// Every vector is orthogonalized against all others, twice: "twice is enough" (Parlett, "The symmetric
    /// eigenvalue problem", §6.9), and without it Lanczos finds the same eigenvalue again and again.
    pub(super) fn expand(
        &mut self,
        products: &mut Products<'_>,
        random: &mut Random,
    ) -> Result<(), KrylovError> {
        let mut product = vec![0.0; self.next.len()];
        products.apply(&self.next, &mut product)?;
        let length = norm(&product);
        self.vectors.push(std::mem::take(&mut self.next));
        let mut row = vec![0.0; self.len()];
        for _ in 0..2 {
            for (entry, vector) in row.iter_mut().zip(&self.vectors) {
                *entry += take_out(vector, &mut product);
            }
        }
        self.quotient.extend(row);
        self.leaving = norm(&product);
        if self.leaving <= INVARIANT * length {
            self.leaving = 0.0;
            self.draw(&mut product, random);
        }
        normalize(&mut product);
        self.next = product;
        Ok(())
    }

    /// Keeps these Ritz vectors alone (thick restart, Wu and Simon, SIAM J. Matrix Anal. Appl. 22 (2000)).
    pub(super) fn restart(&mut self, spectrum: &Spectrum, kept: &[usize]) {
        let combinations = spectrum.eigenvectors();
        let mut coordinates = vec![0.0; self.len()];
        for at in 0..self.next.len() {
            for (coordinate, vector) in coordinates.iter_mut().zip(&self.vectors) {
                *coordinate = vector[at];
            }
            for (slot, &ritz) in kept.iter().enumerate() {
                let column = combinations.column(ritz);
                self.vectors[slot][at] = column.iter().zip(&coordinates).map(|(c, v)| c * v).sum();
            }
        }
        self.vectors.truncate(kept.len());
        self.quotient = vec![0.0; packed::length(kept.len())];
        for (slot, &ritz) in kept.iter().enumerate() {
            self.quotient[packed::position(slot, slot)] = spectrum.eigenvalues()[ritz];
        }
    }

    /// The Ritz vector of this combination.
    pub(super) fn combine(&self, combination: impl Iterator<Item = f64>) -> Vec<f64> {
        let mut sum = vec![0.0; self.next.len()];
        for (factor, vector) in combination.zip(&self.vectors) {
            for (sum, v) in sum.iter_mut().zip(vector) {
                *sum += factor * v;
            }
        }
        sum
    }

    /// Overwrites `vector` by one drawn at random, orthogonal to all others; zero if they span everything.
    fn draw(&self, vector: &mut [f64], random: &mut Random) {
        vector.fill_with(|| 2.0 * random.unit() - 1.0);
        let length = norm(vector);
        for _ in 0..2 {
            for other in &self.vectors {
                take_out(other, vector);
            }
        }
        if norm(vector) <= INVARIANT * length {
            vector.fill(0.0);
        }
    }
}

/// Removes the part along the unit vector `axis`; its coordinate.
fn take_out(axis: &[f64], vector: &mut [f64]) -> f64 {
    let along: f64 = axis.iter().zip(vector.iter()).map(|(a, v)| a * v).sum();
    for (v, a) in vector.iter_mut().zip(axis) {
        *v -= along * a;
    }
    along
}

fn norm(vector: &[f64]) -> f64 {
    vector.iter().map(|v| v * v).sum::<f64>().sqrt()
}

fn normalize(vector: &mut [f64]) {
    let length = norm(vector);
    if length > 0.0 {
        vector.iter_mut().for_each(|v| *v /= length);
    }
}
