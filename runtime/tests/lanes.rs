//! Lane functions against references of high precision, against libm, at special values, and against themselves in groups.

#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a panic is the report")]
#![allow(clippy::inline_always, reason = "lane code is compiled for its caller's processor")]

use hesse_runtime::lanes::{self, Fused, Machine, Plain, Routine, Vectors, groups};

type Scalar = fn(f64) -> f64;
type Slice = fn(&[[f64; 8]], &mut [[f64; 8]]);

/// A function on one machine, in both forms and as [`lanes::dispatch`] runs it.
struct Function {
    name: &'static str,
    scalar: Scalar,
    slice: Slice,
    dispatched: Slice,
    /// The platform-independent implementation of somebody else, good to 1 ulp.
    libm: Scalar,
    /// The documented error, in ulp.
    bound: f64,
    /// Where random sweeps go.
    range: (f64, f64),
}

/// Every function of the module on machine `M`.
macro_rules! table {
    ($($name:ident, $libm:expr, $bound:expr, $low:expr, $high:expr;)*) => {
        fn functions<M: Machine>() -> Vec<Function> {
            $(
                #[allow(non_camel_case_types, reason = "named after the function")]
                struct $name<'a>(&'a [[f64; 8]], &'a mut [[f64; 8]]);

                impl Routine for $name<'_> {
                    type Output = ();

                    #[inline(always)]
                    fn run<M: Machine>(self, _: M) {
                        groups::$name::<M, 8>(self.0, self.1);
                    }
                }
            )*
            vec![$(Function {
                name: stringify!($name),
                scalar: lanes::$name::<M>,
                slice: groups::$name::<M, 8>,
                dispatched: |x, y| lanes::dispatch($name(x, y)),
                libm: $libm,
                bound: $bound,
                range: ($low, $high),
            }),*]
        }
    };
}

table! {
    exp, libm::exp, 1.1, -750.0, 715.0;
    exp2, libm::exp2, 1.1, -1080.0, 1030.0;
    exp_m1, libm::expm1, 1.2, -45.0, 45.0;
    ln, libm::log, 0.9, 0.0, 10.0;
    ln_1p, libm::log1p, 0.9, -1.0, 3.0;
    log2, libm::log2, 0.9, 0.0, 10.0;
    log10, libm::log10, 0.9, 0.0, 10.0;
    tanh, libm::tanh, 1.5, -20.0, 20.0;
    sech, |x| 1.0 / libm::cosh(x), 2.5, -700.0, 700.0;
    sin, libm::sin, 0.9, -2e6, 2e6;
    cos, libm::cos, 0.9, -2e6, 2e6;
    erf, libm::erf, 1.6, -6.5, 6.5;
    erfc, libm::erfc, 4.0, -6.5, 28.0;
}

fn both() -> impl Iterator<Item = (&'static str, Function)> {
    let plain = functions::<Plain>().into_iter().map(|f| ("plain", f));
    plain.chain(functions::<Fused>().into_iter().map(|f| ("fused", f)))
}

/// The points of a function: x, the nearest f64 to f(x), and the rest of f(x) in ulp of it.
fn references(name: &str) -> Vec<(f64, f64, f64)> {
    let bits = |text: &str| f64::from_bits(u64::from_str_radix(text, 16).unwrap());
    include_str!("lanes/reference.txt")
        .lines()
        .skip_while(|line| *line != name)
        .skip(1)
        .map_while(|line| line.split_once(' '))
        .map(|(x, rest)| {
            let (nearest, rest) = rest.split_once(' ').unwrap();
            (bits(x), bits(nearest), rest.parse::<f64>().unwrap() / 1000.0)
        })
        .collect()
}

/// The distance from `x` to the next number away from zero.
fn ulp(x: f64) -> f64 {
    let x = x.abs().min(f64::MAX.next_down());
    x.next_up() - x
}

/// Points spread evenly, by the golden ratio.
fn sweep((low, high): (f64, f64), count: usize) -> impl Iterator<Item = f64> {
    (0..count).map(move |i| low + (high - low) * ((i as f64 + 0.5) * 0.618_033_988_749_894_9).fract())
}

const SPECIAL: [f64; 24] = [
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    0.0,
    -0.0,
    5e-324,
    -5e-324,
    f64::MIN_POSITIVE,
    -f64::MIN_POSITIVE,
    f64::MAX,
    f64::MIN,
    1.0,
    -1.0,
    -1.5,
    1e-20,
    -1e-20,
    0.5,
    -0.5,
    2e6,
    -2e6,
    710.0,
    -746.0,
    1e300,
    -1e300,
];

#[test]
fn values_are_within_the_documented_error() {
    for (machine, f) in both() {
        let points = references(f.name);
        assert!(points.len() > 100, "{} has {} points", f.name, points.len());
        for (x, nearest, rest) in points {
            let y = (f.scalar)(x);
            if nearest.is_infinite() || nearest == 0.0 {
                assert_eq!(y, nearest, "{machine} {}({x:e})", f.name);
                continue;
            }
            let error = ((y - nearest) / ulp(nearest) - rest).abs();
            assert!(
                error <= f.bound,
                "{machine} {}({x:e}) = {y:e} is {error:.3} ulp off {nearest:e}",
                f.name
            );
        }
    }
}

#[test]
fn values_agree_with_libm_everywhere() {
    for (machine, f) in both() {
        for x in sweep(f.range, 20_000) {
            let (y, other) = ((f.scalar)(x), (f.libm)(x));
            let close = y == other || (y - other).abs() <= (f.bound + 1.0) * ulp(other);
            assert!(close || y.is_nan() && other.is_nan(), "{machine} {}({x:e}): {y:e}, {other:e}", f.name);
        }
    }
}

#[test]
fn groups_give_the_bits_of_single_values() {
    for (machine, f) in both() {
        let mut points: Vec<f64> = references(f.name).iter().map(|point| point.0).collect();
        points.extend(SPECIAL);
        points.extend(sweep(f.range, 999));
        points.resize(points.len().next_multiple_of(8), 1.0);
        // Whole slices take the rare path; groups of their own mostly do not.
        for size in [1, points.len() / 8] {
            for x in points.as_chunks::<8>().0.chunks(size) {
                let mut y = vec![[0.0; 8]; x.len()];
                (f.slice)(x, &mut y);
                for (&x, &y) in x.as_flattened().iter().zip(y.as_flattened()) {
                    assert!(same((f.scalar)(x), y), "{machine} {}({x:e})", f.name);
                }
            }
        }
    }
}

#[test]
fn dispatch_gives_the_bits_of_the_machine_it_says() {
    let functions = if lanes::is_fused() { functions::<Fused>() } else { functions::<Plain>() };
    for f in functions {
        let mut points: Vec<f64> = references(f.name).iter().map(|point| point.0).collect();
        points.extend(sweep(f.range, 5_000));
        for x in points.as_chunks::<8>().0.chunks(40) {
            let mut y = vec![[0.0; 8]; x.len()];
            (f.dispatched)(x, &mut y);
            for (&x, &y) in x.as_flattened().iter().zip(y.as_flattened()) {
                assert!(same((f.scalar)(x), y), "{}({x:e})", f.name);
            }
        }
    }
}

#[test]
fn slices_of_different_lengths_share_the_shorter_one() {
    for (_, f) in both() {
        let mut y = [[7.0; 8]; 2];
        (f.slice)(&[[1.0; 8]], &mut y);
        assert_eq!(y, [[(f.scalar)(1.0); 8], [7.0; 8]]);
        (f.slice)(&[[1.5; 8]; 2], &mut y[..1]);
        assert_eq!(y, [[(f.scalar)(1.5); 8], [7.0; 8]]);
    }
}

#[test]
fn special_values_are_right_to_the_bit() {
    let (inf, nan) = (f64::INFINITY, f64::NAN);
    let table: [(&str, &[(f64, f64)]); 13] = [
        ("exp", &[(inf, inf), (-inf, 0.0), (0.0, 1.0), (-0.0, 1.0), (nan, nan), (1e300, inf), (-1e300, 0.0)]),
        (
            "exp2",
            &[(inf, inf), (-inf, 0.0), (0.0, 1.0), (-0.0, 1.0), (nan, nan), (1024.0, inf), (-1076.0, 0.0)],
        ),
        (
            "exp_m1",
            &[(inf, inf), (-inf, -1.0), (0.0, 0.0), (-0.0, -0.0), (nan, nan), (1e300, inf), (-1e300, -1.0)],
        ),
        ("ln", &[(inf, inf), (-inf, nan), (0.0, -inf), (-0.0, -inf), (nan, nan), (1.0, 0.0), (-5e-324, nan)]),
        (
            "ln_1p",
            &[
                (inf, inf),
                (-inf, nan),
                (0.0, 0.0),
                (-0.0, -0.0),
                (nan, nan),
                (-1.0, -inf),
                (-1.0 - 3e-16, nan),
            ],
        ),
        ("log2", &[(inf, inf), (-inf, nan), (0.0, -inf), (-0.0, -inf), (nan, nan), (1.0, 0.0), (-1.0, nan)]),
        ("log10", &[(inf, inf), (-inf, nan), (0.0, -inf), (-0.0, -inf), (nan, nan), (1.0, 0.0), (-1.0, nan)]),
        (
            "tanh",
            &[(inf, 1.0), (-inf, -1.0), (0.0, 0.0), (-0.0, -0.0), (nan, nan), (1e300, 1.0), (-1e300, -1.0)],
        ),
        (
            "sech",
            &[(inf, 0.0), (-inf, 0.0), (0.0, 1.0), (-0.0, 1.0), (nan, nan), (1e300, 0.0), (5e-324, 1.0)],
        ),
        ("sin", &[(inf, nan), (-inf, nan), (0.0, 0.0), (-0.0, -0.0), (nan, nan), (5e-324, 5e-324)]),
        ("cos", &[(inf, nan), (-inf, nan), (0.0, 1.0), (-0.0, 1.0), (nan, nan), (5e-324, 1.0)]),
        (
            "erf",
            &[(inf, 1.0), (-inf, -1.0), (0.0, 0.0), (-0.0, -0.0), (nan, nan), (1e300, 1.0), (-1e300, -1.0)],
        ),
        (
            "erfc",
            &[(inf, 0.0), (-inf, 2.0), (0.0, 1.0), (-0.0, 1.0), (nan, nan), (1e300, 0.0), (-1e300, 2.0)],
        ),
    ];
    for (machine, f) in both() {
        let (_, values) = table.iter().find(|(name, _)| *name == f.name).unwrap();
        for &(x, expected) in *values {
            let y = (f.scalar)(x);
            assert!(same(y, expected), "{machine} {}({x:e}) = {y:e}, not {expected:e}", f.name);
        }
    }
}

#[test]
fn powers_of_the_base_are_exact() {
    for (machine, f) in both() {
        for n in -1074..1024 {
            let power = libm::ldexp(1.0, n);
            match f.name {
                "exp2" => assert_eq!((f.scalar)(f64::from(n)), power, "{machine} n = {n}"),
                "log2" => assert_eq!((f.scalar)(power), f64::from(n), "{machine} n = {n}"),
                "log10" if (0..23).contains(&n) => {
                    assert_eq!(
                        (f.scalar)((0..n).fold(1.0, |power, _| power * 10.0)),
                        f64::from(n),
                        "{machine} n = {n}"
                    );
                }
                _ => {}
            }
        }
    }
}

#[test]
fn odd_functions_are_odd_and_even_ones_even() {
    for (machine, f) in both() {
        let sign = match f.name {
            "tanh" | "sin" | "erf" => -1.0,
            "cos" | "sech" => 1.0,
            _ => continue,
        };
        for x in sweep((-30.0, 30.0), 2_000) {
            assert_eq!((f.scalar)(-x), sign * (f.scalar)(x), "{machine} {}({x:e})", f.name);
        }
    }
}

#[test]
fn results_stay_in_range_and_in_order_at_thresholds() {
    for (machine, f) in both() {
        let edges: &[f64] = match f.name {
            "exp" => &[709.782_712_893_384, -708.396_418_532_264_1, -745.133_219_101_941_1, 0.0],
            "exp_m1" => &[709.782_712_893_384, -37.429_947_750_237_04, -50.0, 1e-16],
            "exp2" => &[1024.0, -1022.0, -1075.0],
            "ln" => &[f64::MIN_POSITIVE, 1.0],
            "ln_1p" => &[1.0, 9e15, 1e-16],
            "tanh" => &[19.061_547_465_398_498, 19.1],
            "erf" => &[5.9, 6.0],
            "erfc" => &[27.226, -5.9],
            _ => continue,
        };
        let sign = if f.name == "erfc" { -1.0 } else { 1.0 };
        for &edge in edges {
            // Steps that move the result by several ulp where it is not saturated.
            let steps = (-40..40).map(|i| edge + f64::from(i) * 16.0 * ulp(edge));
            let values: Vec<f64> = steps.map(|x| sign * (f.scalar)(x)).collect();
            assert!(
                values.is_sorted_by(|a, b| a <= b || a - b <= 2.0 * ulp(*a)),
                "{machine} {} at {edge:e}: {values:?}",
                f.name
            );
            if matches!(f.name, "tanh" | "erf") {
                assert!(values.iter().all(|y| y.abs() <= 1.0), "{machine} {} at {edge:e}", f.name);
            }
        }
    }
}

fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()
}

/// What machines do with some rows at a time, in numbers that tell the order of operations by their last bits.
struct Arithmetic<'a, const L: usize>(&'a [[f64; L]; 8]);

macro_rules! arithmetic {
    ($($lanes:literal, $name:ident;)*) => {$(
        impl Routine for Arithmetic<'_, $lanes> {
            type Output = Vec<f64>;

            #[inline(always)]
            fn run<M: Vectors<$lanes>>(self, machine: M) -> Vec<f64> {
                let mut lanes = [machine.splat(0.0); 8];
                for (lanes, x) in lanes.iter_mut().zip(self.0) {
                    *lanes = machine.load(x);
                }
                let [a, b, c, d, ..] = lanes;
                let results = [
                    machine.plus(a, b),
                    machine.minus(c),
                    machine.sum_of_products(a, b, c),
                    machine.sum_of_products(machine.minus(a), d, machine.splat(0.1)),
                ];
                let square = *lanes.first_chunk::<$lanes>().unwrap();
                let mut numbers = Vec::new();
                for x in results.into_iter().chain(machine.transpose(square)) {
                    let mut stored = [0.0; $lanes];
                    machine.store(x, &mut stored);
                    numbers.extend(stored);
                }
                numbers.extend(lanes.map(|x| machine.total(x)));
                numbers.extend(machine.totals([a, b, c, d]));
                let mut sums = [0.1; 7];
                lanes::add_totals(machine, &self.0[..7], &mut sums);
                numbers.extend(sums);
                numbers
            }
        }

        #[test]
        fn $name() {
            let x: [[f64; $lanes]; 8] = std::array::from_fn(|i| {
                std::array::from_fn(|j| (0.1 + 1.7 * i as f64 - 0.3 * j as f64).exp().sin())
            });
            let arrays = if lanes::is_fused() { Arithmetic(&x).run(Fused) } else { Arithmetic(&x).run(Plain) };
            let here = lanes::dispatch(Arithmetic(&x));
            assert_eq!(here.len(), arrays.len());
            for (at, (a, b)) in here.iter().zip(&arrays).enumerate() {
                assert_eq!(a.to_bits(), b.to_bits(), "number {at}: {a:e} and {b:e}");
            }
            let turned = &here[4 * $lanes..][..$lanes * $lanes];
            assert!((0..$lanes * $lanes).all(|at| turned[at] == x[at % $lanes][at / $lanes]));
        }
    )*};
}

arithmetic! {
    2, two_lanes_of_this_processor_have_the_bits_of_arrays;
    4, four_lanes_of_this_processor_have_the_bits_of_arrays;
    8, eight_lanes_of_this_processor_have_the_bits_of_arrays;
}

/// Rows turned into panels, a block of `L` columns at a time.
struct Columns<'a, const L: usize, const D: usize>(&'a [[f64; D]]);

macro_rules! columns {
    ($($lanes:literal)*) => {$(
        impl<const D: usize> Routine for Columns<'_, $lanes, D> {
            type Output = Vec<[f64; 16]>;

            #[inline(always)]
            fn run<M: Vectors<$lanes>>(self, machine: M) -> Vec<[f64; 16]> {
                let mut panels = [[7.0; 16]; D];
                lanes::columns(machine, self.0, &mut panels);
                panels.to_vec()
            }
        }
    )*};
}

columns!(2 4 8);

#[test]
fn rows_of_any_width_and_number_become_columns() {
    fn check<const D: usize>() {
        for count in [0, 1, 9, 16, 19] {
            let rows: Vec<[f64; D]> =
                (0..count).map(|i| std::array::from_fn(|j| (100 * i + j) as f64 + 0.5)).collect();
            let two = lanes::dispatch(Columns::<2, D>(&rows));
            let four = lanes::dispatch(Columns::<4, D>(&rows));
            let eight = lanes::dispatch(Columns::<8, D>(&rows));
            for (j, panel) in [two, four, eight].iter().flat_map(|panels| panels.iter().enumerate()) {
                for (i, &x) in panel.iter().enumerate() {
                    assert_eq!(x, rows.get(i).map_or(0.0, |row| row[j]), "{count} rows of {D}, at {i}, {j}");
                }
            }
        }
    }
    check::<1>();
    check::<7>();
    check::<8>();
    check::<10>();
    check::<20>();
    check::<24>();
}
