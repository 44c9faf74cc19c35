// The head of the crate that runs generated code: data in, bits out.

use std::collections::BTreeMap;
use std::fmt::Write;

use hesse::SparseErrorFunction;

use outputs::Outputs;

/// What generated code names.
mod private {
    pub use std::vec;

    pub use hesse::{ErrorFunction, SparseErrorFunction, SumOfSquares, lanes, math, packed, sparse};
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

    fn outputs(&self, surface: &impl SparseErrorFunction) -> Outputs {
        Outputs::of(surface, self.numbers("point"), self.numbers("direction"))
    }
}

fn main() {
    let input = std::fs::read_to_string(std::env::args().nth(1).unwrap()).unwrap();
    let mut records = input.lines().map(Record::read);
    let mut out = String::new();
    run(&mut records, &mut out);
    print!("{out}");
}
