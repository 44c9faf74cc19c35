// The head of the crate that runs generated code: data in, bits out.

use std::collections::BTreeMap;
use std::fmt::Write;

use hesse_runtime::{SparseErrorFunction, SumOfSquares};

/// What generated code names.
mod private {
    pub use std::vec;

    pub use hesse_runtime::{ErrorFunction, SparseErrorFunction, SumOfSquares, lanes, math, packed, sparse};
}

/// One problem: its point, a direction, its data and sizes, all as bits.
struct Record {
    arrays: BTreeMap<String, Vec<f64>>,
    positions: BTreeMap<String, Vec<usize>>,
}

impl Record {
    fn read(line: &str) -> Record {
        let mut arrays = BTreeMap::new();
        for part in line.split(';') {
            let mut words = part.split_whitespace();
            let name = words.next().unwrap().to_owned();
            let bits = words.map(|word| f64::from_bits(u64::from_str_radix(word, 16).unwrap()));
            arrays.insert(name, bits.collect());
        }
        let whole = |values: &Vec<f64>| values.iter().map(|&at| at as usize).collect();
        let positions = arrays.iter().map(|(name, values)| (name.clone(), whole(values))).collect();
        Record { arrays, positions }
    }

    fn numbers(&self, name: &str) -> &[f64] {
        &self.arrays[name]
    }

    fn positions(&self, name: &str) -> &[usize] {
        &self.positions[name]
    }

    fn size(&self, name: &str) -> usize {
        self.arrays[name][0] as usize
    }

    fn print(&self, surface: &impl SparseErrorFunction, out: &mut String) {
        let (w, direction) = (self.numbers("point"), self.numbers("direction"));
        let n = w.len();
        let (mut gradient, mut again) = (vec![f64::NAN; n], vec![f64::NAN; n]);
        let (mut hessian, mut product) = (vec![f64::NAN; n * (n + 1) / 2], vec![f64::NAN; n]);
        let first = surface.value_gradient(w, &mut gradient);
        let second = surface.value_gradient_hessian(w, &mut again, &mut hessian);
        surface.hessian_vector(w, direction, &mut product);
        let mut sparse = vec![0.0; hessian.len()];
        hesse_runtime::sparse::dense(surface, w, &mut again, &mut sparse);
        for number in [surface.value(w), first, second] {
            write!(out, "{:x} ", number.to_bits()).unwrap();
        }
        for number in [gradient, again, hessian, product, sparse].into_iter().flatten() {
            write!(out, "{:x} ", number.to_bits()).unwrap();
        }
    }

    fn print_squares(&self, surface: &impl SumOfSquares, out: &mut String) {
        let w = self.numbers("point");
        let mut matrix = vec![f64::NAN; w.len() * (w.len() + 1) / 2];
        let sum = surface.gauss_newton(w, &mut matrix);
        for number in [surface.scale(), surface.residual_count() as f64, sum].into_iter().chain(matrix) {
            write!(out, "{:x} ", number.to_bits()).unwrap();
        }
    }
}

fn main() {
    let input = std::fs::read_to_string(std::env::args().nth(1).unwrap()).unwrap();
    let mut records = input.lines().map(Record::read);
    let mut out = String::new();
    run(&mut records, &mut out);
    print!("{out}");
}
