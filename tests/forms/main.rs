//! Small functions in many forms: what is generated for each means what the function itself returns.
//!
//! The tables are read by the parser's tests too, which evaluate the graph.

use hesse_testkit::close::assert_close;

/// Functions of two numbers and an array of parameters, two slices of data and one of positions, with their names.
macro_rules! forms {
    ($a:ident $b:ident $w:ident $x:ident $y:ident $k:ident; $($name:ident $body:tt)*) => {
        $(
            #[allow(unused, clippy::all, reason = "forms are written in many ways")]
            #[hesse::derive_hessian(only(value, gradient))]
            fn $name($a: f64, $b: f64, $w: &[f64; 4], $x: &[f64], $y: &[f64], $k: &[usize]) -> f64 $body
        )*

        #[test]
        fn are_what_they_return() {
            $(super::holds(
                stringify!($name),
                |a, b, w| $name(a, b, w, &super::X, &super::Y, &super::K),
                |a, b, w| $name::value(a, b, w, &super::X, &super::Y, &super::K),
                |a, b, w| $name::gradient(a, b, w, &super::X, &super::Y, &super::K),
            );)*
        }
    };
}

mod integers {
    include!("integers.rs");
}
mod iterators {
    include!("iterators.rs");
}
mod loops {
    include!("loops.rs");
}
mod writes {
    include!("writes.rs");
}

/// The same where derivatives would need a workspace: values alone.
macro_rules! forms {
    ($a:ident $b:ident $w:ident $x:ident $y:ident $k:ident; $($name:ident $body:tt)*) => {
        $(
            #[allow(unused, clippy::all, reason = "forms are written in many ways")]
            #[hesse::derive_hessian(only(value))]
            fn $name($a: f64, $b: f64, $w: &[f64; 4], $x: &[f64], $y: &[f64], $k: &[usize]) -> f64 $body
        )*

        #[test]
        fn are_what_they_return() {
            for [a, b, w @ ..] in super::POINTS {
                $(super::assert_close(
                    stringify!($name),
                    &[$name::value(a, b, &w, &super::X, &super::Y, &super::K)],
                    &[$name(a, b, &w, &super::X, &super::Y, &super::K)],
                    1e-12,
                );)*
            }
        }
    };
}

mod lengths {
    include!("lengths.rs");
}

include!("points.rs");

/// Half the distance of the points that a slope is taken from.
const STEP: f64 = 1e-4;

fn holds(
    name: &str,
    own: impl Fn(f64, f64, &[f64; 4]) -> f64,
    value: impl Fn(f64, f64, &[f64; 4]) -> f64,
    gradient: impl Fn(f64, f64, &[f64; 4]) -> [f64; 6],
) {
    let own = |&[a, b, ref w @ ..]: &[f64; 6]| own(a, b, w);
    for point in POINTS {
        let [a, b, w @ ..] = point;
        let expected = own(&point);
        // Sums of some thousands of terms in another order.
        assert_close(name, &[value(a, b, &w)], &[expected], 1e-12);
        let slope = |at: usize| {
            let [mut up, mut down] = [point; 2];
            up[at] += STEP;
            down[at] -= STEP;
            (own(&up) - own(&down)) / (2.0 * STEP)
        };
        let slopes: Vec<f64> = (0..6).map(slope).collect();
        // The third derivative times the square of the step, and rounding over the step.
        let size = slopes.iter().chain([&expected]).fold(1.0f64, |size, s| size.max(s.abs()));
        let scaled = |numbers: &[f64]| numbers.iter().map(|g| g / size + 1.0).collect::<Vec<_>>();
        assert_close(name, &scaled(&gradient(a, b, &w)), &scaled(&slopes), 1e-6);
    }
}
