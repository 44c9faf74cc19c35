//! Every function of the table: first and second derivatives against hyper-dual numbers, and at the extremes
//! against values worked out to 50 digits.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use hesse_runtime::ErrorFunction;
use hesse_symbolic::evaluate::{Bindings, Surface};
use hesse_symbolic::functions::Function;
use hesse_symbolic::graph::{Graph, Role};
use hesse_testkit::close::assert_close;
use hesse_testkit::oracle::{DualNum, HyperDual64 as Dual, hyper_dual};

/// The function over hyper-dual numbers, written without the engine.
fn truth(function: Function, w: &[Dual]) -> Option<Dual> {
    use Function::*;
    let x = w[0];
    let y = w.get(1).copied().unwrap_or(x);
    // A function from its value and first two derivatives (Fike and Alonso 2011, eq. 20).
    let chain = |f: f64, df: f64, ddf: f64| {
        let mixed = df * x.eps1eps2 + ddf * x.eps1 * x.eps2;
        Dual::new(f, df * x.eps1, df * x.eps2, mixed)
    };
    let gauss = std::f64::consts::FRAC_2_SQRT_PI * (-x.re * x.re).exp();
    Some(match function {
        Exp => x.exp(),
        Exp2 => (x * std::f64::consts::LN_2).exp(),
        ExpM1 => x.exp_m1(),
        Ln => x.ln(),
        Ln1p => x.ln_1p(),
        Log2 => x.log2(),
        Log10 => x.log10(),
        Cbrt => x.cbrt(),
        Sin => x.sin(),
        Cos => x.cos(),
        Tan => x.tan(),
        Asin => x.asin(),
        Acos => x.acos(),
        Atan => x.atan(),
        Sinh => x.sinh(),
        Cosh => x.cosh(),
        Tanh => x.tanh(),
        Sech => x.cosh().recip(),
        Asinh => x.asinh(),
        Acosh => x.acosh(),
        Atanh => x.atanh(),
        Abs => x * x.re.signum(),
        Sign => Dual::from(x.re.signum()),
        Floor => Dual::from(x.re.floor()),
        Ceil => Dual::from(x.re.ceil()),
        Round => Dual::from(x.re.round()),
        Trunc => Dual::from(x.re.trunc()),
        Sigmoid => ((-x).exp() + 1.0).recip(),
        Softplus => (x.exp() + 1.0).ln(),
        Relu => {
            if x.re > 0.0 {
                x
            } else {
                Dual::from(0.0)
            }
        }
        Erf => chain(libm_erf(x.re), gauss, -2.0 * x.re * gauss),
        Erfc => chain(1.0 - libm_erf(x.re), -gauss, 2.0 * x.re * gauss),
        Pow => (y * x.ln()).exp(),
        Atan2 => x.atan2(y),
        Hypot => (x * x + y * y).sqrt(),
        Min => {
            if x.re <= y.re {
                x
            } else {
                y
            }
        }
        Max => {
            if x.re >= y.re {
                x
            } else {
                y
            }
        }
        HypotM1 => (x * x + 1.0).sqrt() - 1.0,
        XLogY => x * y.ln(),
        LnCosh => x.cosh().ln(),
        LogAddExp => (x.exp() + y.exp()).ln(),
        NormalPdf => (x * x * -0.5).exp() * 0.398_942_280_401_432_7,
        OneMinusSquare => -x * x + 1.0,
        Direction => x / (x * x + y * y).sqrt(),
        Quotient => x / y,
        SigmoidSlope => ((-x).exp() + 1.0).recip() * (x.exp() + 1.0).recip(),
        // No dual numbers have them: tables do.
        NormalCdf | LnNormalCdf | NormalHazard | NormalExcess | Gamma | LnGamma | LnBeta | DigammaRise
        | TrigammaFall | LambertRatio | LambertW | Polygamma | BesselJ | SphericalBessel | Outer(..) => {
            return None;
        }
    })
}

/// erf by its Maclaurin series, accurate to rounding for |x| ≤ 2.
fn libm_erf(x: f64) -> f64 {
    let (mut term, mut sum) = (x, x);
    for k in 1..60 {
        term *= -x * x / f64::from(k);
        sum += term / f64::from(2 * k + 1);
    }
    sum * std::f64::consts::FRAC_2_SQRT_PI
}

fn points(function: Function) -> Vec<Vec<f64>> {
    use Function::*;
    let one = |xs: &[f64]| xs.iter().map(|&x| vec![x]).collect::<Vec<_>>();
    match function {
        Ln | Log2 | Log10 => one(&[1e-3, 0.4, 0.99, 1.7, 250.0]),
        Ln1p => one(&[-0.9, -1e-3, 1e-9, 0.5, 30.0]),
        Asin | Acos | Atanh => one(&[-0.95, -0.3, 1e-6, 0.6, 0.99]),
        Acosh => one(&[1.01, 1.5, 20.0]),
        Floor | Ceil | Round | Trunc => one(&[-2.3, -0.4, 0.7, 5.2]),
        Pow | XLogY => vec![vec![0.3, 1.7], vec![2.5, 0.8], vec![4.0, 0.5], vec![1.3, 3.0]],
        Atan2 | Hypot | Direction | Quotient | LogAddExp => {
            vec![vec![0.3, 1.7], vec![-2.5, 0.8], vec![1.5, -0.6], vec![-0.4, -3.0]]
        }
        Min | Max => vec![vec![0.3, 1.7], vec![2.5, -0.8]],
        _ => one(&[-1.9, -0.7, -0.01, 0.02, 0.8, 1.4]),
    }
}

fn surface(function: Function) -> Surface {
    let mut g = Graph::new();
    let args: Vec<_> = ["x", "y"][..function.arity()]
        .iter()
        .map(|name| {
            let array = g.array(name, Role::Parameter, &[]);
            g.leaf(array, &[])
        })
        .collect();
    let error = g.apply(function, &args);
    Surface::new(&g, error, &Bindings::new()).unwrap()
}

#[test]
fn every_function_has_right_derivatives() {
    for &function in Function::ALL {
        if truth(function, &[Dual::from(1.0); 2]).is_none() {
            continue;
        }
        let surface = surface(function);
        for w in points(function) {
            let (value, gradient, hessian) = hyper_dual(|w| truth(function, w).unwrap(), &w);
            let mut g = vec![0.0; w.len()];
            let mut h = vec![0.0; hessian.len()];
            let what = format!("{} at {w:?}", function.name());
            let v = surface.value_gradient_hessian(&w, &mut g, &mut h);
            assert_close(&what, &[v], &[value], 1e-13);
            assert_close(&what, &g, &gradient, 1e-13);
            assert_close(&what, &h, &hessian, 1e-12);
        }
    }
}

#[test]
fn names_are_unique_and_found() {
    for &function in Function::ALL {
        assert_eq!(Function::from_name(function.name()), Some(function));
    }
}

/// `[x, f, f', f'']`, computed with mpmath at 50 digits.
#[test]
fn the_sigmoid_family_is_right_at_the_extremes() {
    let softplus = [
        [37.43, 37.43, 0.999_999_999_999_999_9, 5.550_825_086_253_719e-17],
        [-37.43, 5.550_825_086_253_719_3e-17, 5.550_825_086_253_719e-17, 5.550_825_086_253_719e-17],
        [800.0, 800.0, 1.0, 0.0],
        [-800.0, 0.0, 0.0, 0.0],
    ];
    let surface = surface(Function::Softplus);
    for [x, f, df, ddf] in softplus {
        let (mut g, mut h) = ([0.0], [0.0]);
        let v = surface.value_gradient_hessian(&[x], &mut g, &mut h);
        for (actual, expected) in [(v, f), (g[0], df), (h[0], ddf)] {
            assert!(
                (actual - expected).abs() <= 1e-14 * expected.abs(),
                "at {x}: {actual:e}, not {expected:e}"
            );
        }
    }
    // tanh'(20) = sech²(20), where 1 − tanh² is 0
    let (mut g, mut h) = ([0.0], [0.0]);
    self::surface(Function::Tanh).value_gradient_hessian(&[20.0], &mut g, &mut h);
    assert!((g[0] - 1.699_341_702_116_635_6e-17).abs() <= 1e-14 * g[0], "{:e}", g[0]);
    assert!((h[0] + 3.398_683_404_233_271e-17).abs() <= 1e-14 * -h[0], "{:e}", h[0]);
}
