//! Lane functions against the platform's: nanoseconds per number, medians of interleaved runs.
//!
//! `cargo bench -p hesse-runtime --bench lanes`, and again with `RUSTFLAGS="-C target-cpu=native"`.

#![allow(clippy::inline_always, reason = "lane code is compiled for its caller's processor")]

use hesse_runtime::lanes::{self, Machine, Plain, Routine, groups};
use std::hint::black_box;
use std::time::Instant;

const GROUPS: usize = 128;
const RUNS: usize = 401;

type Block = [[f64; 8]; GROUPS];

macro_rules! functions {
    ($($name:ident: $low:expr, $high:expr, $platform:expr;)*) => {
        $(
            #[allow(non_camel_case_types, reason = "named after the function")]
            struct $name<'a>(&'a Block, &'a mut Block);

            impl Routine for $name<'_> {
                type Output = ();

                #[inline(always)]
                fn run<M: Machine>(self, _: M) {
                    groups::$name::<M, 8>(self.0, self.1);
                }
            }
        )*

        fn main() {
            println!("fused multiply-add: {}", lanes::is_fused());
            println!("{:>8} {:>10} {:>10} {:>10} {:>7} {:>7}", "", "platform", "baseline", "dispatch", "ratio", "ratio");
            $(
                let x = points($low, $high);
                let mut y = [[0.0; 8]; GROUPS];
                let platform: fn(f64) -> f64 = $platform;
                let [platform, plain, dispatched] = compare([
                    &mut |y: &mut Block| {
                        for (y, &x) in y.as_flattened_mut().iter_mut().zip(x.as_flattened()) {
                            *y = platform(x);
                        }
                    },
                    &mut |y: &mut Block| $name(&x, y).run(Plain),
                    &mut |y: &mut Block| lanes::dispatch($name(&x, y)),
                ], &mut y);
                println!(
                    "{:>8} {platform:>10.2} {plain:>10.2} {dispatched:>10.2} {:>6.1}x {:>6.1}x",
                    stringify!($name), platform / plain, platform / dispatched,
                );
            )*
        }
    };
}

functions! {
    exp: -20.0, 0.0, f64::exp;
    exp2: -20.0, 20.0, f64::exp2;
    exp_m1: -2.0, 2.0, f64::exp_m1;
    ln: 0.0, 100.0, f64::ln;
    ln_1p: 0.0, 1.0, f64::ln_1p;
    log2: 0.0, 100.0, f64::log2;
    log10: 0.0, 100.0, f64::log10;
    tanh: -5.0, 5.0, f64::tanh;
    sech: -5.0, 5.0, |x| x.cosh().recip();
    sin: -10.0, 10.0, f64::sin;
    cos: -10.0, 10.0, f64::cos;
    erf: -3.0, 3.0, hesse_runtime::math::erf;
    erfc: -3.0, 3.0, hesse_runtime::math::erfc;
}

/// Numbers between two bounds in an order no branch predictor learns.
fn points(low: f64, high: f64) -> Block {
    let mut x = [[0.0; 8]; GROUPS];
    let mut state = 0.5;
    for x in x.as_flattened_mut() {
        state = (state + 0.618_033_988_749_894_9) % 1.0;
        *x = low + (high - low) * ((state * 7919.0) % 1.0);
    }
    x
}

/// The median time of each, in nanoseconds per number.
fn compare<const N: usize>(mut candidates: [&mut dyn FnMut(&mut Block); N], y: &mut Block) -> [f64; N] {
    let mut times = [const { Vec::new() }; N];
    for _ in 0..RUNS {
        for (candidate, times) in candidates.iter_mut().zip(&mut times) {
            let start = Instant::now();
            for _ in 0..4 {
                candidate(black_box(y));
            }
            times.push(start.elapsed().as_secs_f64() * 1e9 / (4 * 8 * GROUPS) as f64);
        }
    }
    times.map(|mut times| {
        times.sort_by(f64::total_cmp);
        times[RUNS / 2]
    })
}
