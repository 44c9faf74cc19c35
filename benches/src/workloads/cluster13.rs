//! Lennard-Jones clusters: for each atom the pairs with the atoms before it, in lanes. A pair at distance d adds
//! f″ d dᵀ + f′ 1 to the blocks of its atoms on the diagonal and takes it from the block between them.

use num_dual::DualNum;

use crate::by_hand::{ByHand, Written};
use crate::generated::cluster13;
use crate::lanes::Processor;
use crate::numbers::Numbers;
use crate::workload::{Generic, Workload, fixed, fixed_mut, oracle, static_dual};

const ATOMS: usize = 13;
const P: usize = 3 * ATOMS;
/// Lanes: pairs of one atom, in whole vectors.
const WIDTH: usize = 16;

struct Cluster;

/// The workload.
pub fn with(visit: &mut dyn FnMut(&Workload<'_>)) {
    let mut numbers = Numbers::new(8);
    // One atom amid twelve at the corners of an icosahedron, all of them shaken.
    let golden = (1.0 + 5f64.sqrt()) / 2.0;
    let mut point = vec![0.0; 3];
    for (a, b) in [(1.0, golden), (1.0, -golden), (-1.0, golden), (-1.0, -golden)] {
        point.extend([0.0, a, b, a, b, 0.0, b, 0.0, a]);
    }
    point.iter_mut().for_each(|x| *x = 0.57 * *x + numbers.within(0.05));
    let hesse = cluster13::error_function();
    let hand = ByHand(Cluster);
    let dual = |w: &[f64]| static_dual::<P>(&Cluster, w);
    let exact = |w: &[f64], i, j| oracle(&Cluster, w, i, j);
    let mut workload = Workload::dense("cluster13", point, numbers.vector(P, 1.0), &hesse, &hand);
    workload.dual = Some((&dual, 1.0));
    workload.oracle = Some(&exact);
    visit(&workload);
}

impl Generic for Cluster {
    fn error<N: DualNum<Primitive = f64> + Copy>(&self, w: &[N]) -> N {
        let (atoms, _) = w.as_chunks::<3>();
        let mut error = N::from(0.0);
        for (i, a) in atoms.iter().enumerate() {
            for b in &atoms[..i] {
                let squared = (0..3).fold(N::from(0.0), |s, c| s + (a[c] - b[c]).powi(2));
                error += (squared.powi(-6) - squared.powi(-3)) * 4.0;
            }
        }
        error
    }
}

/// Coordinates by axis; lanes beyond the last atom are far away.
#[inline(always)]
fn axes(w: &[f64]) -> [[f64; WIDTH]; 3] {
    let (atoms, _) = fixed::<P>(w).as_chunks::<3>();
    let mut axes = [[0.0; WIDTH]; 3];
    for (j, atom) in atoms.iter().enumerate() {
        for c in 0..3 {
            axes[c][j] = atom[c];
        }
    }
    axes
}

/// Energies 4(r⁻¹² − r⁻⁶) of an atom with those before it, and what derivatives need: distances d, f′/r for the
/// energy f of a pair, and (f″ − f′/r)/r². Zero in other lanes.
struct Pairs {
    energy: [f64; WIDTH],
    d: [[f64; WIDTH]; 3],
    first: [f64; WIDTH],
    second: [f64; WIDTH],
}

#[inline(always)]
fn pairs<F: Processor>(f: F, axes: &[[f64; WIDTH]; 3], i: usize) -> Pairs {
    let zero = [0.0; WIDTH];
    let mut pairs = Pairs { energy: zero, d: [zero; 3], first: zero, second: zero };
    for j in 0..WIDTH {
        let [x, y, z] = [0, 1, 2].map(|c| axes[c][i] - axes[c][j]);
        let squared = f.mul_add(x, x, f.mul_add(y, y, z * z));
        let before = j < i;
        let inverse = 1.0 / if before { squared } else { 1.0 };
        let sixth = if before { inverse * inverse * inverse } else { 0.0 };
        let twelfth = sixth * sixth;
        let close = inverse * inverse;
        pairs.energy[j] = 4.0 * (twelfth - sixth);
        pairs.first[j] = f.mul_add(-48.0, twelfth, 24.0 * sixth) * inverse;
        pairs.second[j] = f.mul_add(672.0, twelfth, -192.0 * sixth) * close;
        (pairs.d[0][j], pairs.d[1][j], pairs.d[2][j]) = (x, y, z);
    }
    pairs
}

#[inline(always)]
fn total(lanes: &[f64; WIDTH]) -> f64 {
    let mut half = [0.0; WIDTH / 2];
    for l in 0..WIDTH / 2 {
        half[l] = lanes[l] + lanes[l + WIDTH / 2];
    }
    let [a, b, c, d, e, f, g, h] = half;
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}

/// (row, column) of the entries of a symmetric block.
const BLOCK: [(usize, usize); 6] = [(0, 0), (1, 0), (1, 1), (2, 0), (2, 1), (2, 2)];

impl Written for Cluster {
    fn parameters(&self) -> usize {
        P
    }

    #[inline(always)]
    fn derivatives<F: Processor, const ORDER: usize>(
        &self,
        f: F,
        w: &[f64],
        gradient: &mut [f64],
        hessian: &mut [f64],
    ) -> f64 {
        let axes = axes(w);
        let zero = [0.0; WIDTH];
        let mut energy = zero;
        // Gradient by axis and diagonal blocks by entry, a lane for each atom.
        let (mut slope, mut diagonal) = ([zero; 3], [zero; 6]);
        for i in 1..ATOMS {
            let pairs = pairs(f, &axes, i);
            for j in 0..WIDTH {
                energy[j] += pairs.energy[j];
            }
            if ORDER > 0 {
                for c in 0..3 {
                    let mut force = zero;
                    for j in 0..WIDTH {
                        force[j] = pairs.first[j] * pairs.d[c][j];
                        slope[c][j] -= force[j];
                    }
                    slope[c][i] += total(&force);
                }
            }
            if ORDER > 1 {
                let mut entries = [zero; 6];
                for (entry, (a, b)) in BLOCK.into_iter().enumerate() {
                    for j in 0..WIDTH {
                        let own = if a == b { pairs.first[j] } else { 0.0 };
                        entries[entry][j] = f.mul_add(pairs.second[j] * pairs.d[a][j], pairs.d[b][j], own);
                        diagonal[entry][j] += entries[entry][j];
                    }
                    diagonal[entry][i] += total(&entries[entry]);
                }
                for a in 0..3 {
                    let row = 3 * i + a;
                    let (beside, _) = hessian[row * (row + 1) / 2..][..3 * i].as_chunks_mut::<3>();
                    let of =
                        |b: usize| &entries[if a >= b { a * (a + 1) / 2 + b } else { b * (b + 1) / 2 + a }];
                    let (x, y, z) = (of(0), of(1), of(2));
                    for (j, beside) in beside.iter_mut().enumerate().take(WIDTH) {
                        *beside = [-x[j], -y[j], -z[j]];
                    }
                }
            }
        }
        if ORDER > 0 {
            let (atoms, _) = fixed_mut::<P>(gradient).as_chunks_mut::<3>();
            for (j, atom) in atoms.iter_mut().enumerate() {
                *atom = [slope[0][j], slope[1][j], slope[2][j]];
            }
        }
        if ORDER > 1 {
            for i in 0..ATOMS {
                for (entry, (a, b)) in BLOCK.into_iter().enumerate() {
                    let row = 3 * i + a;
                    hessian[row * (row + 1) / 2 + 3 * i + b] = diagonal[entry][i];
                }
            }
        }
        total(&energy)
    }

    #[inline(always)]
    fn product<F: Processor>(&self, f: F, w: &[f64], v: &[f64], product: &mut [f64]) {
        let (axes, along) = (axes(w), axes(v));
        let mut sums = [[0.0; WIDTH]; 3];
        for i in 1..ATOMS {
            let pairs = pairs(f, &axes, i);
            let mut change = [[0.0; WIDTH]; 3];
            for j in 0..WIDTH {
                let v = [0, 1, 2].map(|c| along[c][i] - along[c][j]);
                let d = [0, 1, 2].map(|c| pairs.d[c][j]);
                let scale = pairs.second[j] * f.mul_add(d[0], v[0], f.mul_add(d[1], v[1], d[2] * v[2]));
                for c in 0..3 {
                    change[c][j] = f.mul_add(scale, d[c], pairs.first[j] * v[c]);
                    sums[c][j] -= change[c][j];
                }
            }
            for c in 0..3 {
                sums[c][i] += total(&change[c]);
            }
        }
        let (atoms, _) = fixed_mut::<P>(product).as_chunks_mut::<3>();
        for (j, atom) in atoms.iter_mut().enumerate() {
            *atom = [sums[0][j], sums[1][j], sums[2][j]];
        }
    }
}
