//! What kernels look like: loops kept, passes fused, entries below the diagonal, the same bytes every time.

use hesse_symbolic::emit::{Argument, Module, Output};
use hesse_symbolic::functions::Function;
use hesse_symbolic::graph::{Expr, Extent, Graph, Index, Number, Range, ReduceKind, Role, Subscript};
use hesse_symbolic::schedule::{Block, Kernel, Request, Statement, Tiles, schedule, vectorize};

fn at(index: Index) -> Subscript {
    Subscript::index(index)
}

/// Σᵢ softplus(aᵢ) − tᵢ aᵢ with aᵢ = Σⱼ wⱼ xᵢⱼ, or ln Σᵢ exp aᵢ; `order` changes the order of construction.
fn model(columns: usize, log_sum_exp: bool, order: bool) -> (Graph, Expr) {
    let mut g = Graph::new();
    let n = Extent::Named(g.dimension("n"));
    let d = Extent::Fixed(columns);
    let w = g.array("w", Role::Parameter, &[d]);
    let x = g.array("x", Role::Data, &[n, d]);
    let t = g.array("t", Role::Data, &[n]);
    let (i, j) = if order {
        (g.index(Range::all(n)), g.index(Range::all(d)))
    } else {
        let j = g.index(Range::all(d));
        (g.index(Range::all(n)), j)
    };
    let (wj, xij) = if order {
        let xij = g.leaf(x, &[at(i), at(j)]);
        (g.leaf(w, &[at(j)]), xij)
    } else {
        (g.leaf(w, &[at(j)]), g.leaf(x, &[at(i), at(j)]))
    };
    let product = if order { g.mul(xij, wj) } else { g.mul(wj, xij) };
    let a = g.reduce(ReduceKind::Sum, j, product);
    let error = if log_sum_exp {
        g.reduce(ReduceKind::LogSumExp, i, a)
    } else {
        let ti = g.leaf(t, &[at(i)]);
        let (soft, ta) = (g.apply(Function::Softplus, &[a]), g.mul(a, ti));
        let row =
            if order { g.sum(&[(Number::MINUS_ONE, ta), (Number::ONE, soft)]) } else { g.sub(soft, ta) };
        g.reduce(ReduceKind::Sum, i, row)
    };
    (g, error)
}

fn kernel(model: &(Graph, Expr), request: Request) -> Kernel {
    schedule(&mut model.0.clone(), model.1, request)
}

/// The loops of a block as nested text: `n(10 10(outer))`.
fn loops(block: &Block, kernel: &Kernel) -> String {
    let mut texts = Vec::new();
    for statement in block {
        if let Statement::Loop(_, range, body) = statement {
            let hi = match (range.hi.as_constant(), range.indices().next()) {
                (Some(size), _) => size.to_string(),
                (None, Some(_)) => "outer".to_owned(),
                (None, None) => kernel.dimensions[0].clone(),
            };
            let inner = loops(body, kernel);
            texts.push(if inner.is_empty() { hi } else { format!("{hi}({inner})") });
        }
    }
    texts.join(" ")
}

fn statements(block: &Block) -> usize {
    block.iter().map(|s| if let Statement::Loop(_, _, body) = s { 1 + statements(body) } else { 1 }).sum()
}

#[test]
fn one_pass_over_the_data_serves_value_gradient_and_hessian() {
    let model = model(10, false, false);
    let kernel = kernel(&model, Request::VALUE_GRADIENT_HESSIAN);
    assert_eq!(loops(&kernel.body, &kernel), "n(10 10(outer))");
}

#[test]
fn nothing_is_unrolled() {
    for request in
        [Request::VALUE, Request::VALUE_GRADIENT, Request::VALUE_GRADIENT_HESSIAN, Request::HESSIAN_VECTOR]
    {
        let small = kernel(&model(3, false, false), request);
        let large = kernel(&model(3000, false, false), request);
        assert_eq!(statements(&small.body), statements(&large.body));
    }
}

#[test]
fn a_function_of_a_sum_over_data_has_no_double_loop_over_data() {
    let model = model(4, true, false);
    let kernel = kernel(&model, Request::VALUE_GRADIENT_HESSIAN);
    fn depth(block: &Block) -> usize {
        let inner = block.iter().map(|s| match s {
            Statement::Loop(_, range, body) => {
                depth(body)
                    + usize::from(range.hi.as_constant().is_none() && range.indices().next().is_none())
            }
            _ => 0,
        });
        inner.max().unwrap_or(0)
    }
    assert_eq!(depth(&kernel.body), 1, "{}", loops(&kernel.body, &kernel));
}

#[test]
fn the_order_of_construction_leaves_no_trace() {
    for log_sum_exp in [false, true] {
        let code = [false, true].map(|order| {
            let (graph, error) = model(5, log_sum_exp, order);
            let module = Module {
                name: proc_macro2::Ident::new("m", proc_macro2::Span::call_site()),
                head: Default::default(),
                arguments: Argument::plain(&graph),
                graph: &graph,
                error,
                private: quote::quote!(::hesse::__private),
                title: "E".to_owned(),
                applied: &[],
                outputs: Output::usual(),
            };
            (module.tokens().to_string(), module.tokens().to_string())
        });
        assert_eq!(code[0].0, code[0].1);
        assert_eq!(code[0].0, code[1].0);
    }
}

#[test]
fn generated_code_calls_no_power_function_for_integer_and_half_integer_powers() {
    let mut g = Graph::new();
    let x = g.array("x", Role::Parameter, &[]);
    let x = g.leaf(x, &[]);
    let powers: Vec<_> =
        [3, 7, -2, -5].iter().map(|&k| (Number::ONE, g.power(x, Number::integer(k)))).collect();
    let half = g.power(x, Number::rational(5, 2));
    let root = g.power(x, Number::rational(-3, 2));
    let mut terms = powers;
    terms.extend([(Number::ONE, half), (Number::ONE, root)]);
    let error = g.sum(&terms);
    let kernel = schedule(&mut g, error, Request::VALUE_GRADIENT_HESSIAN);
    let text = format!("{:?}", kernel.body);
    assert!(!text.contains("Pow"), "{text}");
    assert!(text.contains("Sqrt"));
    assert_eq!(text.matches("Div(").count(), 1, "one reciprocal serves all negative powers");
}

#[test]
fn deep_expressions_need_no_stack() {
    // sin(sin(… x …)) and 1 + x(1 + x(…)), a hundred thousand deep
    let mut g = Graph::new();
    let x = g.array("x", Role::Parameter, &[]);
    let x = g.leaf(x, &[]);
    let one = g.one();
    let (mut sine, mut horner) = (x, x);
    for _ in 0..100_000 {
        sine = g.apply(Function::Sin, &[sine]);
        let product = g.mul(x, horner);
        horner = g.add(one, product);
    }
    for error in [sine, horner] {
        let kernel = schedule(&mut g.clone(), error, Request::VALUE_GRADIENT);
        assert!(statements(&kernel.body) >= 200_000);
        let formula = hesse_symbolic::print::print(&g, &[x], hesse_symbolic::print::Notation::Text, &[]);
        assert_eq!(formula.texts, ["x"]);
    }
}

/// The loops over rows in tiles.
fn tiles(kernel: &Kernel) -> Vec<&Tiles> {
    kernel
        .body
        .iter()
        .filter_map(|statement| match statement {
            Statement::Tiles(tiles) => Some(&**tiles),
            _ => None,
        })
        .collect()
}

#[test]
fn panels_fit_the_stack_or_rows_stay_a_plain_loop() {
    for (columns, rows) in [(10, Some(64)), (700, Some(32)), (3_000, Some(8)), (5_000, None), (1 << 40, None)]
    {
        let kernel = vectorize(&kernel(&model(columns, false, false), Request::VALUE_GRADIENT_HESSIAN));
        assert_eq!(tiles(&kernel).first().map(|tiles| tiles.rows), rows, "{columns} columns");
    }
}
