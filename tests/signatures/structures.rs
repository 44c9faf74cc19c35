//! Structures of parameters, and functions that others call.

use hesse::{ErrorFunction, Parameters, derive_hessian, differentiable};
use hesse_testkit::close::assert_close;
use hesse_testkit::oracle::{DualNum, HyperDual64 as Dual, hyper_dual};

mod parts {
    use hesse::{Parameters, differentiable};
    use nalgebra::{Matrix2x3, Vector3};

    #[derive(Parameters, Clone, PartialEq, Debug)]
    pub(crate) struct Inner {
        pub(crate) k: f64,
        pub(crate) v: Vector3<f64>,
    }

    #[derive(Parameters, Clone, PartialEq, Debug)]
    pub(crate) struct Model {
        pub(crate) a: f64,
        pub(crate) w: [f64; 3],
        pub(crate) inner: Inner,
        pub(crate) m: Matrix2x3<f64>,
    }

    #[differentiable]
    pub(crate) fn square(x: f64) -> f64 {
        x * x
    }

    /// Uses another function, and has a local name that means something else where it is called.
    #[differentiable(uses(square))]
    pub(crate) fn curve(inner: &Inner, x: f64) -> f64 {
        let a = square(x) + 1.0;
        (inner.k * a).sin() + inner.v.x * inner.v[1] * inner.v.z
    }
}

use parts::{Inner, Model};

#[derive_hessian(uses(Model, parts::curve, self::twice))]
fn error(p: &Model, x: &[f64]) -> f64 {
    let mut total = 0.0;
    for i in 0..x.len() {
        let r = p.a * x[i] + p.w[0] + parts::curve(&p.inner, x[i]) * p.w[1] - self::twice([p.w[2], x[i]]);
        total += r * r;
    }
    let inner = &p.inner;
    total + inner.k * p.a + p.m[(0, 2)].exp() * p.m[(1, 0)]
}

/// A pattern as its argument.
#[differentiable]
fn twice([a, b]: [f64; 2]) -> f64 {
    2.0 * a * b
}

fn truth(x: &[f64]) -> impl Fn(&[Dual]) -> Dual + '_ {
    move |p| {
        let mut total = Dual::from(0.0);
        for &x in x {
            let curve = (p[4] * (x * x + 1.0)).sin() + p[5] * p[6] * p[7];
            let r = p[0] * x + p[1] + curve * p[2] - p[3] * 2.0 * x;
            total += r * r;
        }
        total + p[4] * p[0] + p[12].exp() * p[9]
    }
}

#[test]
fn gradients_are_structures() {
    let x = [0.3, -0.7, 1.1];
    let all: [f64; 14] = std::array::from_fn(|i| 0.15 * i as f64 - 0.6);
    let model = Model::from_array(&all);
    assert_eq!((Model::COUNT, Inner::COUNT, model.to_array()), (14, 4, all));
    let (value, gradient, hessian) = hyper_dual(truth(&x), &all);
    let (v, g, h): (f64, Model, [[f64; 14]; 14]) = error::value_gradient_hessian(&model, &x);
    assert_close("value", &[v, error(&model, &x)], &[value; 2], 1e-14);
    assert_close("gradient", &g.to_array::<14>(), &gradient, 1e-13);
    let packed: Vec<f64> = (0..14).flat_map(|i| h[i][..=i].to_vec()).collect();
    assert_close("Hessian", &packed, &hessian, 1e-13);
    let product: Model = error::hessian_vector(&model, &x, &g);
    let expected: Vec<f64> = h.iter().map(|h| h.iter().zip(&gradient).map(|(h, g)| h * g).sum()).collect();
    assert_close("product", &product.to_array::<14>(), &expected, 1e-12);
    let surface = error::error_function(&x);
    let names: Vec<String> = (0..14)
        .map(|at| {
            let mut name = String::new();
            surface.parameter_name(at, &mut name).unwrap();
            name
        })
        .collect();
    assert_eq!(
        names,
        [
            "a",
            "w[0]",
            "w[1]",
            "w[2]",
            "inner.k",
            "inner.v[0]",
            "inner.v[1]",
            "inner.v[2]",
            "m[0,0]",
            "m[1,0]",
            "m[0,1]",
            "m[1,1]",
            "m[0,2]",
            "m[1,2]"
        ]
    );
    assert_close("bound", &[surface.value(&all)], &[value], 1e-14);
}

/// The same structure as data, its fields taken by value.
#[derive_hessian(wrt(s), uses(Inner))]
fn held(s: f64, inner: Inner) -> f64 {
    (s * inner.k).exp() + inner.v.y * s * s
}

#[test]
fn structures_as_data() {
    let inner = Inner { k: 0.5, v: nalgebra::Vector3::new(1.0, 2.0, 3.0) };
    let (value, gradient, hessian) = hyper_dual(|s| (s[0] * 0.5).exp() + s[0] * s[0] * 2.0, &[0.3]);
    assert_close("value", &[held(0.3, inner.clone())], &[value], 1e-15);
    assert_close("gradient", &held::gradient(0.3, inner.clone()), &gradient, 1e-15);
    assert_close("Hessian", &held::hessian(0.3, inner.clone())[0], &hessian, 1e-15);
    assert_close("bound", &[held::error_function(inner).value(&[0.3])], &[value], 1e-15);
}

/// Expressions that a macro passes on stay together, through all hands.
macro_rules! scaled {
    ($inner:ident, $outer:ident, $value:expr) => {
        #[differentiable]
        fn $inner(x: f64) -> f64 {
            $value * x
        }

        #[derive_hessian(uses($inner))]
        fn $outer(x: f64) -> f64 {
            $inner(x) + $value * x
        }
    };
}

scaled!(inner_scaled, scaled_twice, 1.0 + 2.0);

#[test]
fn expressions_of_macros_stay_together() {
    assert_eq!(scaled_twice(0.5), 3.0);
    assert_eq!(scaled_twice::value(0.5), 3.0);
    assert_eq!(scaled_twice::gradient(0.5), [6.0]);
}
