//! Rows that add to neighboring places, and to sums, in one pass: the same as one row after another, at every length.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "in a test a panic is the report")]

use hesse_symbolic::evaluate::{Bindings, Outputs, Program};
use hesse_symbolic::graph::{
    Affine, Array, Extent, Graph, Index, Number, Range, ReduceKind, Role, Subscript,
};
use hesse_symbolic::schedule::{
    Block, Kernel, Operand, Operation, Place, Request, Slot, Stage, Statement, Stream, schedule, vectorize,
};

/// Lengths around none, one and several tiles.
const LENGTHS: [usize; 12] = [0, 1, 2, 3, 4, 5, 63, 66, 67, 68, 131, 200];

/// Parameters w[n], v[n] and m[2, n].
struct Parts {
    kernel: Kernel,
    w: Array,
    v: Array,
    m: Array,
    rows: [Index; 2],
    range: Range,
}

/// Rows `lo` to n − `short`, twice.
fn parts(lo: i64, short: i64) -> Parts {
    let mut graph = Graph::new();
    let n = Extent::Named(graph.dimension("n"));
    let w = graph.array("w", Role::Parameter, &[n]);
    let v = graph.array("v", Role::Parameter, &[n]);
    let m = graph.array("m", Role::Parameter, &[Extent::Fixed(2), n]);
    let range = Range { lo: Affine::constant(lo), hi: Affine::extent(n).sub(&Affine::constant(short)) };
    let rows = [(); 2].map(|()| graph.index(range.clone()));
    let zero = graph.number(Number::ZERO);
    let mut kernel = schedule(&mut graph.clone(), zero, Request::VALUE_GRADIENT);
    kernel.indices = graph.indices().to_vec();
    kernel.slots = 40;
    Parts { kernel, w, v, m, rows, range }
}

impl Parts {
    /// Binds w[row], −w[row] and their neighbors' product from `first` on.
    fn inputs(&self, row: Index, first: u32) -> Block {
        let load = |offset| Operation::Load(self.w, vec![at(row, offset)]);
        vec![
            bind(first, load(0)),
            bind(first + 1, Operation::Neg(slot(first))),
            bind(first + 2, load(1)),
            bind(first + 3, Operation::Mul(slot(first), slot(first + 2))),
        ]
    }

    fn over(&self, row: Index, body: Block) -> Statement {
        Statement::Loop(row, self.range.clone(), body)
    }

    /// The same in plain loops and in passes at every length; gives back the kernel with passes.
    fn assert_same(mut self, body: Block) -> Kernel {
        self.kernel.body = body;
        let tiled = vectorize(&self.kernel);
        for n in LENGTHS {
            let point: Vec<f64> = (0..4 * n).map(|i| (i as f64).sin()).collect();
            let [plain, passes] = [&self.kernel, &tiled].map(|kernel| {
                let mut data = Bindings::new();
                data.set_dimension("n", n);
                let (mut value, mut gradient) = (0.0, vec![0.0; 4 * n]);
                let mut outputs = Outputs { value: &mut value, gradient: &mut gradient, hessian: &mut [] };
                Program::new(kernel, &data).unwrap().run(&point, &[], &mut outputs);
                gradient.push(value);
                gradient
            });
            let near = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-14 * (1.0 + a.abs()) * (1 + n) as f64;
            assert!(plain.iter().zip(&passes).all(near), "{n} rows: {plain:?}\nand in passes {passes:?}");
        }
        tiled
    }
}

fn at(row: Index, offset: i64) -> Subscript {
    Subscript::Affine(Affine::index(row).add(&Affine::constant(offset)))
}

fn bind(number: u32, operation: Operation) -> Statement {
    Statement::Let(Slot(number), operation)
}

fn slot(number: u32) -> Operand {
    Operand::Slot(Slot(number))
}

fn add(array: Array, subscripts: Vec<Subscript>, value: u32) -> Statement {
    Statement::Gradient(Place { array, subscripts }, slot(value))
}

fn streams(kernel: &Kernel) -> Vec<&Stream> {
    let mut found = Vec::new();
    for statement in &kernel.body {
        let Statement::Tiles(tiles) = statement else { continue };
        found.extend(tiles.stages.iter().filter_map(|stage| match stage {
            Stage::Stream(stream) => Some(stream),
            _ => None,
        }));
    }
    found
}

#[test]
fn neighbors_travel_from_row_to_row() {
    let parts = parts(1, 2);
    let row = parts.rows[0];
    let mut body = parts.inputs(row, 0);
    body.extend([add(parts.w, vec![at(row, 2)], 0), add(parts.w, vec![at(row, -1)], 1)]);
    body.extend([add(parts.w, vec![at(row, 2)], 3), add(parts.v, vec![at(row, 1)], 3)]);
    let body = vec![parts.over(row, body)];
    let kernel = parts.assert_same(body);
    let [stream] = streams(&kernel)[..] else { panic!("one pass in {kernel:?}") };
    let shapes: Vec<Vec<usize>> =
        stream.outgoing.iter().map(|o| o.values.iter().map(Vec::len).collect()).collect();
    assert_eq!(shapes, [vec![1, 0, 0, 2], vec![1]]);
    assert!(stream.outgoing.iter().all(|outgoing| outgoing.is_first));
}

#[test]
fn only_the_first_to_touch_an_array_writes_it() {
    let parts = parts(0, 1);
    let [first, second] = parts.rows;
    let (mut a, mut b) = (parts.inputs(first, 0), parts.inputs(second, 10));
    a.extend([add(parts.w, vec![at(first, 0)], 3), add(parts.w, vec![at(first, 1)], 1)]);
    b.extend([add(parts.w, vec![at(second, 1)], 13), add(parts.v, vec![at(second, 0)], 11)]);
    let body = vec![parts.over(first, a), parts.over(second, b)];
    let kernel = parts.assert_same(body);
    let firsts: Vec<bool> =
        streams(&kernel).iter().flat_map(|s| &s.outgoing).map(|outgoing| outgoing.is_first).collect();
    assert_eq!(firsts, [true, false, true]);
}

#[test]
fn sums_stay_in_lanes() {
    let parts = parts(0, 1);
    let row = parts.rows[0];
    let mut body = parts.inputs(row, 0);
    body.extend([
        bind(4, Operation::Mul(slot(3), slot(1))),
        Statement::Combine(Slot(20), ReduceKind::Sum, slot(4)),
        add(parts.v, vec![at(row, 1)], 3),
    ]);
    let body =
        vec![Statement::Start(Slot(20), ReduceKind::Sum), parts.over(row, body), Statement::Value(slot(20))];
    let kernel = parts.assert_same(body);
    assert_eq!(streams(&kernel).iter().map(|stream| stream.sums.len()).collect::<Vec<_>>(), [1]);
}

#[test]
fn lines_of_a_matrix_and_far_places_wait_for_a_stage_of_their_own() {
    let parts = parts(0, 20);
    let row = parts.rows[0];
    let mut body = parts.inputs(row, 0);
    let line = |line: i64| vec![Subscript::constant(line), at(row, 0)];
    body.extend([add(parts.m, line(0), 0), add(parts.m, line(1), 3)]);
    body.extend([add(parts.w, vec![at(row, 0)], 0), add(parts.w, vec![at(row, 19)], 3)]);
    let body = vec![parts.over(row, body)];
    let kernel = parts.assert_same(body);
    assert!(streams(&kernel).is_empty());
}
