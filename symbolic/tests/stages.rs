//! Loops over rows cut into stages mean what they meant before: kernels written by hand, with places no formula
//! has yet, run as they are and in tiles.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "in a test a panic is the report")]

use hesse_symbolic::evaluate::{Bindings, Outputs, Program};
use hesse_symbolic::graph::{
    Affine, Array, Extent, Graph, Index, Number, Range, ReduceKind, Role, Subscript,
};
use hesse_symbolic::schedule::{
    Block, Kernel, Operand, Operation, Place, Request, Slot, Stage, Statement, Table, Tiles, schedule,
    vectorize,
};

/// Rows beyond whole tiles, so that the last tile has lanes without a row.
const ROWS: usize = 100;
/// The number of parameters.
const COUNT: i64 = 5;

/// Parameters w[5] and data x[n]; the row, and indices of loops within it.
struct Parts {
    kernel: Kernel,
    graph: Graph,
    w: Array,
    x: Array,
    row: Index,
    i: Index,
    j: Index,
    k: Index,
}

const T: Table = Table(0);
const U: Table = Table(1);

fn parts(triangular: bool) -> Parts {
    let mut graph = Graph::new();
    let n = Extent::Named(graph.dimension("n"));
    let w = graph.array("w", Role::Parameter, &[Extent::Fixed(COUNT as usize)]);
    let x = graph.array("x", Role::Data, &[n]);
    let row = graph.index(Range::all(n));
    let i = graph.index(up_to(constant(COUNT)));
    let hi = if triangular { plus(i, 1) } else { constant(COUNT) };
    let j = graph.index(up_to(hi));
    let k = graph.index(up_to(constant(COUNT)));
    let zero = graph.number(Number::ZERO);
    let mut kernel = schedule(&mut graph.clone(), zero, Request::GRADIENT);
    kernel.indices = graph.indices().to_vec();
    kernel.tables = vec![vec![constant(COUNT + 1)], vec![constant(COUNT + 1)]];
    Parts { kernel, graph, w, x, row, i, j, k }
}

fn constant(value: i64) -> Affine {
    Affine::constant(value)
}

fn plus(index: Index, offset: i64) -> Affine {
    Affine::index(index).add(&constant(offset))
}

fn up_to(hi: Affine) -> Range {
    Range { lo: constant(0), hi }
}

fn number(value: i64) -> Operand {
    Operand::Number(Number::integer(value))
}

fn slot(number: u32) -> Operand {
    Operand::Slot(Slot(number))
}

fn bind(number: u32, operation: Operation) -> Statement {
    Statement::Let(Slot(number), operation)
}

/// 1 + x[row], which is not zero where there is no row, times the position.
fn own(parts: &Parts, position: Index, first: u32) -> Block {
    vec![
        bind(first, Operation::Load(parts.x, vec![Subscript::index(parts.row)])),
        bind(first + 1, Operation::Add(slot(first), number(1))),
        bind(first + 2, Operation::IndexValue(plus(position, 2))),
        bind(first + 3, Operation::Mul(slot(first + 1), slot(first + 2))),
    ]
}

fn gradient(parts: &Parts, at: Index, value: u32) -> Statement {
    Statement::Gradient(Place { array: parts.w, subscripts: vec![Subscript::index(at)] }, slot(value))
}

impl Parts {
    fn run_for(&self, index: Index, body: Block) -> Statement {
        Statement::Loop(index, self.graph.range(index).clone(), body)
    }

    /// The gradient with and without tiles, and the tiles.
    fn both(self, row_body: Block) -> ([Vec<f64>; 2], Tiles) {
        let body = vec![self.run_for(self.row, row_body)];
        let (gradients, tiled) = self.run(body);
        let tiles = tiled.body.into_iter().find_map(|statement| match statement {
            Statement::Tiles(tiles) => Some(*tiles),
            _ => None,
        });
        (gradients, tiles.expect("rows in tiles"))
    }

    /// The gradient before and after `vectorize`, and the kernel after it.
    fn run(mut self, body: Block) -> ([Vec<f64>; 2], Kernel) {
        self.kernel.body = body;
        self.kernel.slots = 40;
        let tiled = vectorize(&self.kernel);
        let gradients = [&self.kernel, &tiled].map(|kernel| {
            let mut data = Bindings::new();
            let x = (0..ROWS).map(|row| (row as f64).sin()).collect();
            data.insert("x", &[ROWS], x).unwrap();
            let (mut value, mut gradient) = (0.0, vec![0.0; COUNT as usize]);
            let mut outputs = Outputs { value: &mut value, gradient: &mut gradient, hessian: &mut [] };
            Program::new(kernel, &data).unwrap().run(&[0.0; COUNT as usize], &[], &mut outputs);
            gradient
        });
        (gradients, tiled)
    }
}

/// Equal to rounding: sums over rows are added up in a different order.
fn assert_same([plain, tiled]: &[Vec<f64>; 2]) {
    let near = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-12 * a.abs();
    assert!(plain.iter().zip(tiled).all(near), "{plain:?} in plain loops, {tiled:?} in tiles");
    assert!(plain.iter().any(|entry| *entry != 0.0));
}

/// The number of loops on the outermost level of a tile.
fn loops(tiles: &Tiles) -> usize {
    tiles.stages.iter().filter(|stage| matches!(stage, Stage::Loop(..))).count()
}

#[test]
fn sums_wait_for_the_positions_of_their_own_and_of_earlier_iterations() {
    // T[i] = …; w[j] += T[j]·T[i] for j ≤ i.
    let parts = parts(true);
    let mut body = own(&parts, parts.i, 0);
    body.push(Statement::Store(T, vec![plus(parts.i, 0)], slot(3)));
    let sum = vec![
        bind(4, Operation::Read(T, vec![plus(parts.j, 0)])),
        bind(5, Operation::Read(T, vec![plus(parts.i, 0)])),
        bind(6, Operation::Mul(slot(4), slot(5))),
        gradient(&parts, parts.j, 6),
    ];
    body.push(parts.run_for(parts.j, sum));
    let body = vec![Statement::Clear(T), parts.run_for(parts.i, body)];
    let (gradients, tiles) = parts.both(body);
    assert_same(&gradients);
    // One that sets to zero, one that prepares, one of sums.
    assert_eq!(loops(&tiles), 3);
}

#[test]
fn sums_do_not_wait_where_later_iterations_write_what_they_read() {
    // T[i] = …; w[j] += T[j] for all j, whether written yet or not.
    let parts = parts(false);
    let mut body = own(&parts, parts.i, 0);
    body.push(Statement::Store(T, vec![plus(parts.i, 0)], slot(3)));
    let sum = vec![bind(4, Operation::Read(T, vec![plus(parts.j, 0)])), gradient(&parts, parts.j, 4)];
    body.push(parts.run_for(parts.j, sum));
    let body = vec![Statement::Clear(T), parts.run_for(parts.i, body)];
    let (gradients, _) = parts.both(body);
    assert_same(&gradients);
}

#[test]
fn sums_do_not_wait_where_later_iterations_add_to_what_they_read() {
    // T[i] += …, T[i+1] += …; w[j] += T[j] for j ≤ i, and w[k] += T[i+1].
    for reads_next in [false, true] {
        let parts = parts(true);
        let mut body = own(&parts, parts.i, 0);
        body.push(Statement::Add(T, vec![plus(parts.i, 0)], slot(3)));
        body.push(Statement::Add(T, vec![plus(parts.i, 1)], slot(3)));
        let (position, to) =
            if reads_next { (plus(parts.i, 1), parts.k) } else { (plus(parts.j, 0), parts.j) };
        let sum = vec![bind(4, Operation::Read(T, vec![position])), gradient(&parts, to, 4)];
        body.push(parts.run_for(to, sum));
        let body = vec![Statement::Clear(T), parts.run_for(parts.i, body)];
        let (gradients, _) = parts.both(body);
        assert_same(&gradients);
    }
}

#[test]
fn what_adds_up_from_iteration_to_iteration_keeps_one_place() {
    // s += …; w[j] += s for all j.
    let parts = parts(false);
    let mut body = own(&parts, parts.i, 0);
    body.push(Statement::Combine(Slot(9), ReduceKind::Sum, slot(3)));
    body.push(parts.run_for(parts.j, vec![gradient(&parts, parts.j, 9)]));
    let body = vec![Statement::Start(Slot(9), ReduceKind::Sum), parts.run_for(parts.i, body)];
    let (gradients, _) = parts.both(body);
    assert_same(&gradients);
}

#[test]
fn a_panel_used_in_two_sibling_loops_lives_through_both() {
    // T[i] = … in one loop; U[k] = T[k] in the next, whose panel must be another; w[j] += T[j]·U[j] in the last.
    let parts = parts(false);
    let mut first = own(&parts, parts.i, 0);
    first.push(Statement::Store(T, vec![plus(parts.i, 0)], slot(3)));
    let mut second = own(&parts, parts.k, 10);
    second.extend([
        bind(14, Operation::Read(T, vec![constant(COUNT - 1).sub(&Affine::index(parts.k))])),
        bind(15, Operation::Mul(slot(14), slot(13))),
        Statement::Store(U, vec![plus(parts.k, 0)], slot(15)),
    ]);
    let sum = vec![
        bind(20, Operation::Read(T, vec![plus(parts.j, 0)])),
        bind(21, Operation::Read(U, vec![plus(parts.j, 0)])),
        bind(22, Operation::Mul(slot(20), slot(21))),
        gradient(&parts, parts.j, 22),
    ];
    let body =
        vec![parts.run_for(parts.i, first), parts.run_for(parts.k, second), parts.run_for(parts.j, sum)];
    let (gradients, _) = parts.both(body);
    assert_same(&gradients);
}

#[test]
fn a_panel_written_at_several_places_is_zero_at_all_of_them_where_there_is_no_row() {
    // T[0] = 1 + x, T[1] = …, …; w[j] += T[j].
    let parts = parts(false);
    let mut body = own(&parts, parts.row, 0);
    body.extend((0..COUNT).map(|place| Statement::Store(T, vec![constant(place)], slot(1))));
    let sum = vec![bind(4, Operation::Read(T, vec![plus(parts.j, 0)])), gradient(&parts, parts.j, 4)];
    body.push(parts.run_for(parts.j, sum));
    let (gradients, _) = parts.both(body);
    assert_same(&gradients);
}

#[test]
fn an_empty_loop_is_no_block_of_sums() {
    // An empty loop beside what prepares: there is nothing to distribute.
    let parts = parts(false);
    let mut body = own(&parts, parts.i, 0);
    body.push(Statement::Store(T, vec![plus(parts.i, 0)], slot(3)));
    body.push(parts.run_for(parts.k, Vec::new()));
    let sum = vec![bind(4, Operation::Read(T, vec![plus(parts.j, 0)])), gradient(&parts, parts.j, 4)];
    let body = vec![parts.run_for(parts.i, body), parts.run_for(parts.j, sum)];
    let (gradients, tiles) = parts.both(body);
    assert_same(&gradients);
    assert_eq!(loops(&tiles), 2);
    let kept = tiles.stages.iter().any(|stage| match stage {
        Stage::Loop(_, _, inner) => {
            inner.iter().any(|stage| matches!(stage, Stage::Loop(_, _, empty) if empty.is_empty()))
        }
        _ => false,
    });
    assert!(kept, "the empty loop stands where it stood");
}

#[test]
fn plain_loops_add_up_in_local_arrays_what_no_position_has_to_itself() {
    // w[j] += (k + 2)(j + 3) for all k, and j ≤ i: known before the loop over k, but not before that over i.
    for outer_is_k in [true, false] {
        let parts = parts(true);
        let (k, i, j) = (parts.k, parts.i, parts.j);
        let product = vec![
            bind(1, Operation::IndexValue(plus(k, 2))),
            bind(2, Operation::IndexValue(plus(j, 3))),
            bind(3, Operation::Mul(slot(1), slot(2))),
            gradient(&parts, j, 3),
        ];
        let inner = parts.run_for(j, product);
        let body = if outer_is_k {
            vec![parts.run_for(i, vec![parts.run_for(k, vec![inner])])]
        } else {
            vec![parts.run_for(k, vec![parts.run_for(i, vec![inner])])]
        };
        let (gradients, kernel) = parts.run(body);
        assert_same(&gradients);
        let Statement::Loop(_, _, body) = &kernel.body[0] else { panic!("{:?}", kernel.body) };
        let clears = |block: &Block| block.iter().any(|s| matches!(s, Statement::Clear(_)));
        assert_eq!((clears(&kernel.body), clears(body)), (false, outer_is_k));
    }
}
