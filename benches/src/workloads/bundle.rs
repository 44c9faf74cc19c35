//! Bundle adjustment. An observation is a chain of small maps, parameters → q (the point seen from the camera) → s
//! (its projection) → e (residual) → E, each with its Jacobian and second derivatives written out; observations of
//! a camera share all that depends on the camera alone and are computed in lanes.

use num_dual::DualNum;

use crate::by_hand::{ByHand, Written};
use crate::generated::bundle;
use crate::lanes::Processor;
use crate::numbers::Numbers;
use crate::workload::{Generic, Pattern, Workload, as_rows, oracle};

mod camera;

use camera::{Camera, Map, map};

/// Parameters of a camera: angle-axis, translation, focal length, two distortions.
const OWN: usize = 9;
/// Observations computed together.
const T: usize = 32;

/// Entries of the Hessian for a camera, an observation and a point.
const CAMERA: usize = OWN * (OWN + 1) / 2;
const SEEN: usize = 3 * OWN;
const POINT: usize = 6;

/// Observations, sorted by cameras.
struct Data {
    cameras: usize,
    points: usize,
    /// Where the observations of each camera begin, and the end of the last.
    begin: Vec<usize>,
    view: Vec<usize>,
    seen: Vec<usize>,
    z: Vec<[f64; 2]>,
}

/// The workload with so many cameras and points, each point seen by `each` different cameras.
pub fn with(cameras: usize, points: usize, each: usize, visit: &mut dyn FnMut(&Workload<'_>)) {
    let mut numbers = Numbers::new(12);
    let mut point = Vec::new();
    for _ in 0..cameras {
        // Small turns, clear of zero; the scene is some five units in front, along the negative third axis.
        point.extend([0.1 + numbers.within(0.05), numbers.within(0.1), numbers.within(0.1)]);
        point.extend([numbers.within(0.3), numbers.within(0.3), -5.0 + numbers.within(0.3)]);
        point.extend([20.0 + numbers.within(1.0), numbers.within(0.02), numbers.within(0.002)]);
    }
    point.extend(numbers.vector(3 * points, 1.0));
    let mut pairs = Vec::new();
    for p in 0..points {
        let mut order: Vec<usize> = (0..cameras).collect();
        for k in 0..each.min(cameras) {
            let other = k + numbers.below(cameras - k);
            order.swap(k, other);
            pairs.push((order[k], p));
        }
    }
    pairs.sort_unstable();
    let view: Vec<usize> = pairs.iter().map(|pair| pair.0).collect();
    let mut data = Data {
        cameras,
        points,
        begin: (0..=cameras).map(|c| view.partition_point(|&view| view < c)).collect(),
        seen: pairs.iter().map(|pair| pair.1).collect(),
        z: vec![[0.0; 2]; view.len()],
        view,
    };
    for k in 0..data.z.len() {
        data.z[k] = data.residual(&point, k).map(|e| e + 0.7 * numbers.normal());
    }
    let n = point.len();
    let small = n <= 200;
    let pattern = Pattern::Sparse(data.pattern());
    let hesse = bundle::error_function(&data.view, &data.seen, &data.z, cameras, points);
    let exact = |w: &[f64], i, j| oracle(&data, w, i, j);
    let hand = ByHand(&data);
    let mut workload = Workload::dense("bundle", point, numbers.vector(n, 0.1), &hesse, &hand);
    workload.rows = Some(data.z.len());
    workload.hand_pattern = pattern;
    workload.hesse_pattern = small.then_some(Pattern::Packed);
    workload.oracle = small.then_some(&exact);
    visit(&workload);
}

impl Data {
    /// The projection of observation k less its data.
    fn residual<N: DualNum<Primitive = f64> + Copy>(&self, w: &[N], k: usize) -> [N; 2] {
        let camera = &w[OWN * self.view[k]..][..OWN];
        let x = &w[OWN * self.cameras + 3 * self.seen[k]..][..3];
        let turn = &camera[..3];
        let dot = |a: &[N], b: &[N]| a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
        let squared = dot(turn, turn);
        let angle = squared.sqrt();
        let (sin, cos) = angle.sin_cos();
        let lean = (-cos + 1.0) / squared * dot(turn, x);
        let q: [N; 3] = std::array::from_fn(|a| {
            let (b, c) = ((a + 1) % 3, (a + 2) % 3);
            cos * x[a] + sin / angle * (turn[b] * x[c] - turn[c] * x[b]) + lean * turn[a] + camera[3 + a]
        });
        let s = [-q[0] / q[2], -q[1] / q[2]];
        let squared = s[0] * s[0] + s[1] * s[1];
        let zoom = camera[6] * (camera[7] * squared + camera[8] * squared * squared + 1.0);
        [zoom * s[0] - self.z[k][0], zoom * s[1] - self.z[k][1]]
    }

    /// Triangles of the cameras, blocks of (point, camera) for the observations, triangles of the points.
    fn pattern(&self) -> Vec<(u32, u32)> {
        let triangle =
            |base: usize, n: usize| (0..n).flat_map(move |a| (0..=a).map(move |b| (base + a, base + b)));
        let mut entries: Vec<(usize, usize)> = Vec::new();
        (0..self.cameras).for_each(|c| entries.extend(triangle(OWN * c, OWN)));
        let first = OWN * self.cameras;
        for (view, seen) in self.view.iter().zip(&self.seen) {
            let (below, left) = (first + 3 * seen, OWN * view);
            entries.extend((0..3).flat_map(|a| (0..OWN).map(move |b| (below + a, left + b))));
        }
        (0..self.points).for_each(|p| entries.extend(triangle(first + 3 * p, 3)));
        entries.into_iter().map(|(i, j)| (i as u32, j as u32)).collect()
    }

    /// The coordinates of up to T points and the data of their observations, in lanes; the last is repeated.
    #[inline(always)]
    fn gather(&self, points: &[[f64; 3]], k: usize, end: usize) -> ([[f64; T]; 3], [[f64; T]; 2]) {
        let (mut x, mut z) = ([[0.0; T]; 3], [[0.0; T]; 2]);
        for l in 0..T {
            let k = (k + l).min(end - 1);
            let (point, data) = (&points[self.seen[k]], &self.z[k]);
            (x[0][l], x[1][l], x[2][l]) = (point[0], point[1], point[2]);
            (z[0][l], z[1][l]) = (data[0], data[1]);
        }
        (x, z)
    }
}

impl Generic for Data {
    fn error<N: DualNum<Primitive = f64> + Copy>(&self, w: &[N]) -> N {
        (0..self.z.len()).fold(N::from(0.0), |error, k| {
            let e = self.residual(w, k);
            error + (e[0] * e[0] + e[1] * e[1] + 1.0).sqrt() - 1.0
        })
    }
}

impl Written for &Data {
    fn parameters(&self) -> usize {
        OWN * self.cameras + 3 * self.points
    }

    #[inline(always)]
    fn derivatives<F: Processor, const ORDER: usize>(
        &self,
        f: F,
        w: &[f64],
        gradient: &mut [f64],
        hessian: &mut [f64],
    ) -> f64 {
        let (cameras, points) = w.split_at(OWN * self.cameras);
        let points = as_rows::<3>(points);
        gradient.fill(0.0);
        let (own_gradient, point_gradient) = gradient.split_at_mut(if ORDER > 0 { cameras.len() } else { 0 });
        let point_gradient = point_gradient.as_chunks_mut::<3>().0;
        let (own, rest) = hessian.split_at_mut(if ORDER > 1 { CAMERA * self.cameras } else { 0 });
        let (seen, triangles) = rest.split_at_mut(if ORDER > 1 { SEEN * self.z.len() } else { 0 });
        let (seen, triangles) = (seen.as_chunks_mut::<SEEN>().0, triangles.as_chunks_mut::<POINT>().0);
        triangles.fill([0.0; POINT]);
        let mut error = 0.0;
        for (c, parameters) in cameras.chunks(OWN).enumerate() {
            let camera = Camera::new(f, parameters);
            let (mut first, mut second) = ([[0.0; T]; OWN], [[0.0; T]; CAMERA]);
            let mut total = [0.0; T];
            let (begin, end) = (self.begin[c], self.begin[c + 1]);
            for k in (begin..end).step_by(T) {
                let (x, z) = self.gather(points, k, end);
                let live = (end - k).min(T);
                let (mut slope, mut beside) = ([[0.0; T]; 3], [[0.0; T]; SEEN]);
                let mut bent = [[0.0; T]; POINT];
                for l in 0..T {
                    let weight = if l < live { 1.0 } else { 0.0 };
                    let Map { value, own_slope, point_slope, own_bend, beside: mixed, point_bend } =
                        map::<F, ORDER>(f, &camera, [x[0][l], x[1][l], x[2][l]], [z[0][l], z[1][l]]);
                    total[l] = f.mul_add(weight, value, total[l]);
                    if ORDER > 0 {
                        for a in 0..OWN {
                            first[a][l] = f.mul_add(weight, own_slope[a], first[a][l]);
                        }
                        for a in 0..3 {
                            slope[a][l] = point_slope[a];
                        }
                    }
                    if ORDER > 1 {
                        for a in 0..CAMERA {
                            second[a][l] = f.mul_add(weight, own_bend[a], second[a][l]);
                        }
                        for a in 0..SEEN {
                            beside[a][l] = mixed[a];
                        }
                        for a in 0..POINT {
                            bent[a][l] = point_bend[a];
                        }
                    }
                }
                for l in 0..live {
                    let p = self.seen[k + l];
                    if ORDER > 0 {
                        for a in 0..3 {
                            point_gradient[p][a] += slope[a][l];
                        }
                    }
                    if ORDER > 1 {
                        for a in 0..SEEN {
                            seen[k + l][a] = beside[a][l];
                        }
                        for a in 0..POINT {
                            triangles[p][a] += bent[a][l];
                        }
                    }
                }
            }
            error += total.iter().sum::<f64>();
            if ORDER > 0 {
                for (to, lanes) in own_gradient[OWN * c..].iter_mut().zip(&first) {
                    *to = lanes.iter().sum();
                }
            }
            if ORDER > 1 {
                for (to, lanes) in own[CAMERA * c..].iter_mut().zip(&second) {
                    *to = lanes.iter().sum();
                }
            }
        }
        error
    }

    #[inline(always)]
    fn product<F: Processor>(&self, f: F, w: &[f64], v: &[f64], product: &mut [f64]) {
        let split = OWN * self.cameras;
        let (points, moves) = (as_rows::<3>(&w[split..]), as_rows::<3>(&v[split..]));
        product.fill(0.0);
        let (own, point) = product.split_at_mut(split);
        let point = point.as_chunks_mut::<3>().0;
        for c in 0..self.cameras {
            let camera = Camera::new(f, &w[OWN * c..][..OWN]);
            let along: [f64; OWN] = std::array::from_fn(|a| v[OWN * c + a]);
            let mut first = [[0.0; T]; OWN];
            let (begin, end) = (self.begin[c], self.begin[c + 1]);
            for k in (begin..end).step_by(T) {
                let (x, z) = self.gather(points, k, end);
                let (dx, _) = self.gather(moves, k, end);
                let live = (end - k).min(T);
                let mut slope = [[0.0; T]; 3];
                for l in 0..T {
                    let weight = if l < live { 1.0 } else { 0.0 };
                    let (x, z) = ([x[0][l], x[1][l], x[2][l]], [z[0][l], z[1][l]]);
                    let dx = [dx[0][l], dx[1][l], dx[2][l]];
                    let (own, point) = camera::product(f, &camera, x, z, &along, dx);
                    for a in 0..OWN {
                        first[a][l] = f.mul_add(weight, own[a], first[a][l]);
                    }
                    for a in 0..3 {
                        slope[a][l] = point[a];
                    }
                }
                for l in 0..live {
                    for a in 0..3 {
                        point[self.seen[k + l]][a] += slope[a][l];
                    }
                }
            }
            for (to, lanes) in own[OWN * c..].iter_mut().zip(&first) {
                *to = lanes.iter().sum();
            }
        }
    }
}
