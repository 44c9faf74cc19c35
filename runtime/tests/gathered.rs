//! Parts in any order: the bits of one thread, and complaints about what is missing or came twice.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::ops::Range;

use hesse_runtime::blocks::{Blocks, GatherError, Gathered, OneThread, Partial};

/// Numbers whose sum depends on the order of additions.
fn leaf(rows: Range<usize>, gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
    let mut value = 0.0;
    for row in rows {
        let x = (row as f64 * 0.7).sin() * 1e3;
        value += x.exp2().ln_1p();
        gradient[0] += x;
        hessian[0] += x * x / 3.0;
    }
    value
}

/// The blocks in some order, by a multiplicative step that shares no factor with their number.
fn shuffled(blocks: Blocks, step: usize) -> Vec<usize> {
    (0..blocks.count()).map(|at| at * step % blocks.count()).collect()
}

fn insert(sum: &mut Gathered, block: usize) -> Result<(), GatherError> {
    let rows = sum.blocks().rows_of(block);
    let (mut gradient, mut hessian) = ([0.0], [0.0]);
    let value = leaf(rows.clone(), &mut gradient, &mut hessian);
    sum.insert(&Partial { rows, value, gradient: &mut gradient, hessian: &mut hessian })
}

#[test]
fn every_order_and_every_split_has_the_bits_of_one_thread() {
    for rows in [0, 1, 8_192, 150_001] {
        let blocks = Blocks::new(rows, 1);
        let (mut gradient, mut hessian) = ([0.0], [0.0]);
        let value = blocks.evaluate::<OneThread>(&mut gradient, &mut hessian, leaf);
        for step in [1, 2, 3, 5, 7] {
            // Three places, each with every third block, joined from the last to the first.
            let mut places = [(); 3].map(|()| Gathered::new(blocks, [1, 1]));
            for block in shuffled(blocks, if blocks.count().is_multiple_of(step) { 1 } else { step }) {
                insert(&mut places[block % 3], block).unwrap();
            }
            let [mut first, mut second, mut third] = places;
            for part in third.parts().chain(second.parts()) {
                first.insert(&part).unwrap();
            }
            let whole = first.whole().unwrap();
            assert_eq!(whole.value.to_bits(), value.to_bits(), "{rows} rows, step {step}");
            assert_eq!((whole.gradient, whole.hessian), (gradient.to_vec(), hessian.to_vec()));
        }
    }
}

#[test]
fn blocks_in_order_leave_few_parts() {
    let blocks = Blocks::new(1_000_000, 1);
    let mut sum = Gathered::new(blocks, [1, 1]);
    for block in 0..blocks.count() {
        insert(&mut sum, block).unwrap();
        assert!(sum.len() <= 3 * (blocks.count().ilog2() as usize + 1));
    }
}

#[test]
fn what_is_missing_or_came_twice_is_said() {
    let blocks = Blocks::new(40_000, 1);
    let mut sum = Gathered::new(blocks, [1, 1]);
    assert!(sum.is_empty());
    for block in [0, 1, 4] {
        insert(&mut sum, block).unwrap();
    }
    assert_eq!(insert(&mut sum, 1), Err(GatherError::Twice { rows: 8_192..16_384 }));
    let mut numbers = [[0.0]; 2];
    let [gradient, hessian] = &mut numbers;
    let odd = Partial { rows: 16_384..20_000, value: 0.0, gradient, hessian };
    assert_eq!(sum.insert(&odd), Err(GatherError::Rows { rows: 16_384..20_000, height: 8_192 }));
    let [gradient, _] = &mut numbers;
    let short = Partial { rows: 16_384..24_576, value: 0.0, gradient, hessian: &mut [] };
    assert_eq!(sum.insert(&short), Err(GatherError::Lengths { found: [1, 0], expected: [1, 1] }));
    let complaint = sum.whole().unwrap_err();
    assert_eq!(
        complaint.to_string(),
        "rows 16384..32768 of 40000 are missing: number the rows from 0, without gaps, and say how many there are"
    );
}
