//! A serial arm. In the frame of joint j the position of the tip turns with velocity Jⱼ = ẑ × p, and with the residual
//! r, H_ij = 2 Jⱼ·(Jᵢ + r × ẑᵢ) for i ≤ j: the vectors of the brackets are carried from frame to frame in lanes,
//! the residual in the last one, so that its products are the gradient.

use num_dual::DualNum;

use crate::by_hand::{ByHand, Written};
use crate::generated::arm7;
use crate::lanes::{Processor, sin_cos};
use crate::numbers::Numbers;
use crate::workload::{Generic, Workload, fixed, oracle, static_dual};

const JOINTS: usize = 7;
const LANES: usize = 8;
const TARGET: [f64; 3] = [0.42, -0.31, 0.65];

/// Denavit–Hartenberg constants; cosine and sine are those of the tilt.
struct Joint {
    d: f64,
    a: f64,
    cos: f64,
    sin: f64,
}

const ARM: [Joint; JOINTS] = [
    Joint { d: 0.34, a: 0.021, cos: 0.05077448493357918, sin: -0.998710143975583 },
    Joint { d: 0.012, a: -0.018, cos: 0.020794827803092428, sin: 0.999783764189357 },
    Joint { d: 0.4, a: 0.015, cos: -0.029199522301288815, sin: 0.9995736030415051 },
    Joint { d: -0.011, a: 0.022, cos: 0.03079145908246612, sin: -0.9995258306054791 },
    Joint { d: 0.39, a: -0.013, cos: -0.03919363177298771, sin: -0.9992316344213905 },
    Joint { d: 0.014, a: 0.081, cos: 0.040785011241591035, sin: 0.999167945271476 },
    Joint { d: 0.126, a: 0.033, cos: 0.9928086358538663, sin: 0.11971220728891936 },
];

struct Arm;

/// The workload.
pub fn with(visit: &mut dyn FnMut(&Workload<'_>)) {
    let mut numbers = Numbers::new(10);
    let hesse = arm7::error_function();
    let hand = ByHand(Arm);
    let dual = |w: &[f64]| static_dual::<JOINTS>(&Arm, w);
    let exact = |w: &[f64], i, j| oracle(&Arm, w, i, j);
    let (point, direction) = (numbers.vector(JOINTS, 1.5), numbers.vector(JOINTS, 1.0));
    let mut workload = Workload::dense("arm7", point, direction, &hesse, &hand);
    workload.dual = Some((&dual, 1.0));
    workload.oracle = Some(&exact);
    visit(&workload);
}

impl Generic for Arm {
    fn error<N: DualNum<Primitive = f64> + Copy>(&self, w: &[N]) -> N {
        let mut p = [N::from(0.0); 3];
        for (joint, &angle) in ARM.iter().zip(w).rev() {
            let (sin, cos) = angle.sin_cos();
            let (x, y) = (p[0] + joint.a, p[1] * joint.cos - p[2] * joint.sin);
            let z = p[1] * joint.sin + p[2] * joint.cos + joint.d;
            p = [cos * x - sin * y, sin * x + cos * y, z];
        }
        p.iter().zip(TARGET).fold(N::from(0.0), |s, (p, t)| s + (*p - t).powi(2))
    }
}

/// Sines and cosines of the angles, and the tip in the frame of each joint.
struct Pose {
    sin: [f64; LANES],
    cos: [f64; LANES],
    tip: [[f64; 3]; JOINTS],
}

#[inline(always)]
fn pose<F: Processor>(f: F, w: &[f64; JOINTS]) -> Pose {
    let mut angles = [0.0; LANES];
    angles[..JOINTS].copy_from_slice(w);
    let (mut sin, mut cos) = ([0.0; LANES], [0.0; LANES]);
    for l in 0..LANES {
        (sin[l], cos[l]) = sin_cos(f, angles[l]);
    }
    let mut tip = [[0.0; 3]; JOINTS];
    let mut p = [0.0; 3];
    for (i, joint) in ARM.iter().enumerate().rev() {
        let (x, y) = (p[0] + joint.a, f.mul_add(joint.cos, p[1], -joint.sin * p[2]));
        let z = f.mul_add(joint.sin, p[1], f.mul_add(joint.cos, p[2], joint.d));
        p = [f.mul_add(cos[i], x, -sin[i] * y), f.mul_add(sin[i], x, cos[i] * y), z];
        tip[i] = p;
    }
    Pose { sin, cos, tip }
}

/// A vector in the frame of joint i, seen from that of the next.
#[inline(always)]
fn next<F: Processor>(f: F, pose: &Pose, i: usize, [x, y, z]: [f64; 3]) -> [f64; 3] {
    let (sin, cos, joint) = (pose.sin[i], pose.cos[i], &ARM[i]);
    let turned = f.mul_add(cos, y, -sin * x);
    [
        f.mul_add(cos, x, sin * y),
        f.mul_add(joint.cos, turned, joint.sin * z),
        f.mul_add(joint.cos, z, -joint.sin * turned),
    ]
}

#[inline(always)]
fn residual(pose: &Pose) -> [f64; 3] {
    let [x, y, z] = pose.tip[0];
    [x - TARGET[0], y - TARGET[1], z - TARGET[2]]
}

impl Written for Arm {
    fn parameters(&self) -> usize {
        JOINTS
    }

    #[inline(always)]
    fn derivatives<F: Processor, const ORDER: usize>(
        &self,
        f: F,
        w: &[f64],
        gradient: &mut [f64],
        hessian: &mut [f64],
    ) -> f64 {
        let pose = pose(f, fixed(w));
        let mut r = residual(&pose);
        let error = f.mul_add(r[0], r[0], f.mul_add(r[1], r[1], r[2] * r[2]));
        if ORDER == 1 {
            for j in 0..JOINTS {
                let [x, y, _] = pose.tip[j];
                gradient[j] = 2.0 * f.mul_add(x, r[1], -y * r[0]);
                r = next(f, &pose, j, r);
            }
        }
        if ORDER == 2 {
            let (mut gx, mut gy, mut gz) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
            (gx[JOINTS], gy[JOINTS], gz[JOINTS]) = (r[0], r[1], r[2]);
            for j in 0..JOINTS {
                let [x, y, _] = pose.tip[j];
                (gx[j], gy[j], gz[j]) = (gy[JOINTS] - y, x - gx[JOINTS], 0.0);
                let mut line = [0.0; LANES];
                for l in 0..LANES {
                    line[l] = 2.0 * f.mul_add(x, gy[l], -y * gx[l]);
                    [gx[l], gy[l], gz[l]] = next(f, &pose, j, [gx[l], gy[l], gz[l]]);
                }
                hessian[j * (j + 1) / 2..][..=j].copy_from_slice(&line[..=j]);
                gradient[j] = line[JOINTS];
            }
        }
        error
    }

    /// The gradient and its change along v, in one pass.
    #[inline(always)]
    fn product<F: Processor>(&self, f: F, w: &[f64], v: &[f64], product: &mut [f64]) {
        let pose = pose(f, fixed(w));
        let v: &[f64; JOINTS] = fixed(v);
        let mut moved = [[0.0; 3]; JOINTS];
        let mut change = [0.0; 3];
        for (i, joint) in ARM.iter().enumerate().rev() {
            let [x, y, z] = change;
            let side = f.mul_add(joint.cos, y, -joint.sin * z);
            let up = f.mul_add(joint.sin, y, joint.cos * z);
            let (sin, cos, [tip_x, tip_y, _]) = (pose.sin[i], pose.cos[i], pose.tip[i]);
            change = [
                f.mul_add(cos, x, f.mul_add(-sin, side, -v[i] * tip_y)),
                f.mul_add(sin, x, f.mul_add(cos, side, v[i] * tip_x)),
                up,
            ];
            moved[i] = change;
        }
        let (mut r, mut r_change) = (residual(&pose), moved[0]);
        for j in 0..JOINTS {
            let ([x, y, _], [x_change, y_change, _]) = (pose.tip[j], moved[j]);
            let from_tip = f.mul_add(x_change, r[1], -y_change * r[0]);
            product[j] = 2.0 * f.mul_add(x, r_change[1], f.mul_add(-y, r_change[0], from_tip));
            // The frame turns as well.
            r_change = [f.mul_add(v[j], r[1], r_change[0]), f.mul_add(-v[j], r[0], r_change[1]), r_change[2]];
            r_change = next(f, &pose, j, r_change);
            r = next(f, &pose, j, r);
        }
    }
}
