//! Blocks of rows spread over ranks: threads that exchange their parts through channels.

#![allow(clippy::unwrap_used)]

use std::cell::RefCell;
use std::ops::Range;
use std::sync::mpsc::{Receiver, Sender, channel};

use hesse_runtime::blocks::{Blocks, BytesError, Communicator, OverRanks, Partial, Serial, Shard, Shares};
use hesse_runtime::{ErrorFunction, RowErrorFunction, packed};

/// E(w) = Σ ½ (w₀ + w₁ xᵢ − yᵢ)² + w₁² over rows from a formula of i, of which only `held` may be asked for.
#[derive(Clone)]
struct Line {
    rows: usize,
    held: Range<usize>,
}

impl Line {
    fn row(i: usize) -> [f64; 2] {
        let x = ((i * 7919) % 1000) as f64 / 1000.0;
        [x, 1.0 + 3.0 * x + ((i * 104_729) % 997) as f64 / 997.0]
    }
}

impl RowErrorFunction for Line {
    fn rows(&self) -> usize {
        self.rows
    }
    fn value_of_rows(&self, w: &[f64], rows: Range<usize>) -> f64 {
        self.value_gradient_of_rows(w, rows, &mut [0.0; 2])
    }
    fn value_gradient_of_rows(&self, w: &[f64], rows: Range<usize>, gradient: &mut [f64]) -> f64 {
        self.value_gradient_hessian_of_rows(w, rows, gradient, &mut [0.0; 3])
    }
    fn value_gradient_hessian_of_rows(
        &self,
        w: &[f64],
        rows: Range<usize>,
        gradient: &mut [f64],
        hessian: &mut [f64],
    ) -> f64 {
        assert!(rows.is_empty() || self.held.start <= rows.start && rows.end <= self.held.end, "{rows:?}");
        gradient.fill(0.0);
        hessian.fill(0.0);
        let mut value = 0.0;
        if rows.start == 0 {
            value = w[1] * w[1];
            gradient[1] = 2.0 * w[1];
            hessian[2] = 2.0;
        }
        for [x, y] in rows.map(Line::row) {
            let r = w[0] + w[1] * x - y;
            value += 0.5 * r * r;
            for (place, term) in gradient.iter_mut().zip([r, r * x]) {
                *place += term;
            }
            for (place, term) in hessian.iter_mut().zip([1.0, x, x * x]) {
                *place += term;
            }
        }
        value
    }
    fn hessian_vector_of_rows(&self, w: &[f64], rows: Range<usize>, v: &[f64], product: &mut [f64]) {
        let mut hessian = [0.0; 3];
        self.value_gradient_hessian_of_rows(w, rows, product, &mut hessian);
        packed::multiply(&hessian, v, product);
    }
}

impl ErrorFunction for Line {
    fn dimension(&self) -> usize {
        2
    }
    fn value(&self, w: &[f64]) -> f64 {
        self.value_of_rows(w, 0..self.rows)
    }
    fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
        self.value_gradient_of_rows(w, 0..self.rows, gradient)
    }
    fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
        self.value_gradient_hessian_of_rows(w, 0..self.rows, gradient, hessian)
    }
    fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
        self.hessian_vector_of_rows(w, 0..self.rows, v, product);
    }
}

/// One end of channels between all pairs of threads.
struct Ends {
    rank: usize,
    to: Vec<Sender<Vec<f64>>>,
    from: Vec<Receiver<Vec<f64>>>,
    sent: RefCell<usize>,
}

impl Communicator for Ends {
    fn rank(&self) -> usize {
        self.rank
    }
    fn ranks(&self) -> usize {
        self.to.len()
    }
    fn send(&self, to: usize, numbers: &[f64]) {
        *self.sent.borrow_mut() += 1;
        self.to[to].send(numbers.to_vec()).unwrap();
    }
    fn receive(&self, from: usize, numbers: &mut [f64]) {
        numbers.copy_from_slice(&self.from[from].recv().unwrap());
    }
    fn broadcast(&self, numbers: &mut [f64]) {
        match self.rank {
            0 => self.to[1..].iter().for_each(|to| to.send(numbers.to_vec()).unwrap()),
            _ => self.receive(0, numbers),
        }
    }
}

fn ends(ranks: usize) -> Vec<Ends> {
    let mut to: Vec<Vec<Sender<Vec<f64>>>> = (0..ranks).map(|_| Vec::new()).collect();
    let mut from: Vec<Vec<Receiver<Vec<f64>>>> = (0..ranks).map(|_| Vec::new()).collect();
    for sender in &mut to {
        for receiver in &mut from {
            let (out, into) = channel();
            sender.push(out);
            receiver.push(into);
        }
    }
    let pairs = to.into_iter().zip(from).enumerate();
    pairs.map(|(rank, (to, from))| Ends { rank, to, from, sent: RefCell::new(0) }).collect()
}

/// All that an error function gives at one point, as bits.
fn bits(error: &impl ErrorFunction) -> Vec<u64> {
    let (w, v) = ([0.3, 2.0], [1.0, -0.5]);
    let (mut gradient, mut hessian, mut product) = ([0.0; 2], [0.0; 3], [0.0; 2]);
    let values = [
        error.value(&w),
        error.value_gradient(&w, &mut gradient),
        error.value_gradient_hessian(&w, &mut gradient, &mut hessian),
    ];
    error.hessian_vector(&w, &v, &mut product);
    values.iter().chain(&gradient).chain(&hessian).chain(&product).map(|x| x.to_bits()).collect()
}

#[test]
fn any_number_of_ranks_gives_the_bits_of_one() {
    for rows in [0, 1, 8_000, 8_192, 8_193, 40_000, 100_000] {
        let whole = Line { rows, held: 0..rows };
        let expected = bits(&Serial::new(whole));
        for ranks in [1, 2, 3, 4, 5, 8, 13] {
            let shares = Shares::new(Blocks::new(rows, 2), ranks);
            std::thread::scope(|scope| {
                let threads: Vec<_> = ends(ranks)
                    .into_iter()
                    .map(|end| {
                        let held = shares.rows_of(end.rank);
                        scope.spawn(move || {
                            let error = OverRanks::new(Line { rows, held }, end);
                            bits(&error)
                        })
                    })
                    .collect();
                for thread in threads {
                    assert_eq!(thread.join().unwrap(), expected, "{rows} rows on {ranks} ranks");
                }
            });
        }
    }
}

#[test]
fn shares_follow_each_other_and_are_even() {
    for rows in [0, 1, 100, 8_193, 1_000_000] {
        for ranks in 1..20 {
            let blocks = Blocks::new(rows, 2);
            let shares = Shares::new(blocks, ranks);
            let mut next = 0;
            for rank in 0..ranks {
                let own = shares.rows_of(rank);
                assert_eq!(own.start, next);
                let even = rows.div_ceil(ranks);
                assert!(
                    own.len() <= even + (1 + ranks.ilog2() as usize) * blocks.height(),
                    "{own:?} of {rows}"
                );
                next = own.end;
            }
            assert_eq!(next, rows);
            assert!(shares.rows_of(ranks).is_empty());
        }
    }
}

#[test]
fn a_power_of_two_sends_one_message_per_rank() {
    let (rows, ranks) = (100_000, 4);
    let shares = Shares::new(Blocks::new(rows, 2), ranks);
    std::thread::scope(|scope| {
        for end in ends(ranks) {
            let held = shares.rows_of(end.rank);
            scope.spawn(move || {
                let error = OverRanks::new(Line { rows, held }, &end);
                error.value(&[0.0, 0.0]);
                assert_eq!(*end.sent.borrow(), usize::from(end.rank > 0));
            });
        }
    });
}

#[test]
fn bytes_that_were_changed_are_refused() {
    let part =
        Partial { rows: 5..9, value: -0.0, gradient: &mut [1.5, f64::NAN], hessian: &mut [1.0, 2.0, 3.0] };
    let bytes = part.to_bytes();
    let read = |bytes: &[u8]| Partial::from_bytes(bytes, &mut [0.0; 2], &mut [0.0; 3]).map(|part| part.rows);
    assert_eq!(read(&bytes), Ok(5..9));
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 4;
        assert!(read(&changed).is_err(), "byte {at}");
        let cut = read(&bytes[..at]);
        assert!(matches!(cut, Err(BytesError::Length { found, .. }) if found == at), "{cut:?}");
    }
    assert_eq!(read(&[&*bytes, &[0]].concat()), Err(BytesError::Length { expected: 92, found: 93 }));
    let mut later = bytes.clone();
    later[7] = 2;
    assert_eq!(read(&later), Err(BytesError::Head));
    let slices = Partial::from_bytes(&bytes, &mut [0.0; 2], &mut []).unwrap_err();
    assert_eq!(slices, BytesError::Slices { found: [2, 3], expected: [2, 0] });
    assert_eq!(
        slices.to_string(),
        "the part has 2 numbers of a gradient and 3 of a Hessian, but 2 and 0 were expected: all parts have to be of \
         one error function and have the same outputs"
    );
}

/// The same error function as a line, of points it holds.
struct Points(Vec<[f64; 2]>);

impl RowErrorFunction for Points {
    fn rows(&self) -> usize {
        self.0.len()
    }
    fn value_of_rows(&self, w: &[f64], rows: Range<usize>) -> f64 {
        let first = if rows.start == 0 { w[1] * w[1] } else { 0.0 };
        self.0[rows].iter().fold(first, |sum, [x, y]| sum + 0.5 * (w[0] + w[1] * x - y).powi(2))
    }
    fn value_gradient_of_rows(&self, _: &[f64], _: Range<usize>, _: &mut [f64]) -> f64 {
        unreachable!()
    }
    fn value_gradient_hessian_of_rows(
        &self,
        _: &[f64],
        _: Range<usize>,
        _: &mut [f64],
        _: &mut [f64],
    ) -> f64 {
        unreachable!()
    }
    fn hessian_vector_of_rows(&self, _: &[f64], _: Range<usize>, _: &[f64], _: &mut [f64]) {
        unreachable!()
    }
}

impl ErrorFunction for Points {
    fn dimension(&self) -> usize {
        2
    }
    fn value(&self, w: &[f64]) -> f64 {
        self.value_of_rows(w, 0..self.0.len())
    }
    fn value_gradient(&self, _: &[f64], _: &mut [f64]) -> f64 {
        unreachable!()
    }
    fn value_gradient_hessian(&self, _: &[f64], _: &mut [f64], _: &mut [f64]) -> f64 {
        unreachable!()
    }
    fn hessian_vector(&self, _: &[f64], _: &[f64], _: &mut [f64]) {
        unreachable!()
    }
}

#[test]
fn shards_count_their_rows_as_the_table_does() {
    let points = |rows: Range<usize>| Points(rows.map(Line::row).collect());
    let (w, all) = ([0.3, 2.0], points(0..1000));
    let first = Shard::new(points(0..400), 1000, 0..400);
    let second = Shard::new(points(399..1000), 1000, 400..1000);
    assert_eq!((first.rows(), second.rows()), (1000, 1000));
    for rows in [0..400, 0..100, 300..400] {
        assert_eq!(first.value_of_rows(&w, rows.clone()), all.value_of_rows(&w, rows));
    }
    for rows in [400..1000, 500..501, 999..1000] {
        assert_eq!(second.value_of_rows(&w, rows.clone()), all.value_of_rows(&w, rows));
    }
}
