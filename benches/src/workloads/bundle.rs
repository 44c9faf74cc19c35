//! Bundle adjustment. An observation is a chain of small maps, parameters → q (the point seen from the camera) → s
//! (its projection) → e (residual) → E, each with its Jacobian and second derivatives written out; observations of
//! a camera share all that depends on the camera alone and are computed in lanes.

use num_dual::DualNum;

use crate::by_hand::{ByHand, Written};
use crate::generated::bundle;
use crate::lanes::{LANES, Processor, Wide};
use crate::numbers::Numbers;
use crate::sparse::Sparse;
use crate::workload::{Array, Generic, Pattern, Workload, as_rows, oracle};

mod camera;

use camera::{Camera, map};

/// Parameters of a camera: angle-axis, translation, focal length, two distortions.
const OWN: usize = 9;
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
    let hesse = Sparse(bundle::error_function(&data.view, &data.seen, &data.z, cameras, points));
    let exact = |w: &[f64], i, j| oracle(&data, w, i, j);
    let hand = ByHand(&data);
    let mut workload = Workload::dense("bundle", point, numbers.vector(n, 0.1), &hesse, &hand);
    workload.rows = Some(data.z.len());
    workload.hand_pattern = pattern;
    workload.hesse_pattern = hesse.pattern();
    workload.oracle = small.then_some(&exact);
    workload.data = vec![
        Array::Positions("view", &data.view),
        Array::Positions("seen", &data.seen),
        Array::Numbers("z", 2, data.z.as_flattened()),
    ];
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

    /// The coordinates of the points of some observations, in lanes; the last is repeated.
    #[inline(always)]
    fn gather<F: Processor>(&self, f: F, points: &[[f64; 3]], seen: &[usize]) -> [Wide<F>; 3] {
        let mut x = [[0.0; LANES]; 3];
        for l in 0..LANES {
            let point = &points[seen[l.min(seen.len() - 1)]];
            (x[0][l], x[1][l], x[2][l]) = (point[0], point[1], point[2]);
        }
        [Wide::load(f, &x[0]), Wide::load(f, &x[1]), Wide::load(f, &x[2])]
    }

    #[inline(always)]
    fn targets<F: Processor>(&self, f: F, z: &[[f64; 2]]) -> [Wide<F>; 2] {
        let mut lanes = [[0.0; LANES]; 2];
        for l in 0..LANES {
            let z = &z[l.min(z.len() - 1)];
            (lanes[0][l], lanes[1][l]) = (z[0], z[1]);
        }
        [Wide::load(f, &lanes[0]), Wide::load(f, &lanes[1])]
    }
}

/// 1 for a lane with an observation, 0 for one that repeats the last.
#[inline(always)]
fn presence<F: Processor>(f: F, count: usize) -> Wide<F> {
    let mut presence = [0.0; LANES];
    presence[..count].fill(1.0);
    Wide::load(f, &presence)
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
            let zero = Wide::splat(f, 0.0);
            let (mut total, mut first, mut second) = (zero, [zero; OWN], [zero; CAMERA]);
            let (begin, end) = (self.begin[c], self.begin[c + 1]);
            for k in (begin..end).step_by(F::F64_LANES) {
                let live = F::F64_LANES.min(end - k);
                let places = &self.seen[k..k + live];
                let (x, z) = (self.gather(f, points, places), self.targets(f, &self.z[k..k + live]));
                let map = map::<F, ORDER>(f, &camera, x, z);
                let present = presence(f, live);
                total = present.mul_add(map.value, total);
                if ORDER > 0 {
                    for a in 0..OWN {
                        first[a] = present.mul_add(map.own_slope[a], first[a]);
                    }
                    let mut slope = [[0.0; LANES]; 3];
                    for a in 0..3 {
                        map.point_slope[a].store(&mut slope[a]);
                    }
                    for (l, &p) in places.iter().enumerate() {
                        for a in 0..3 {
                            point_gradient[p][a] += slope[a][l];
                        }
                    }
                }
                if ORDER > 1 {
                    for a in 0..CAMERA {
                        second[a] = present.mul_add(map.own_bend[a], second[a]);
                    }
                    let (mut beside, mut bent) = ([[0.0; LANES]; SEEN], [[0.0; LANES]; POINT]);
                    for a in 0..SEEN {
                        map.beside[a].store(&mut beside[a]);
                    }
                    for a in 0..POINT {
                        map.point_bend[a].store(&mut bent[a]);
                    }
                    for (l, &p) in places.iter().enumerate() {
                        for a in 0..SEEN {
                            seen[k + l][a] = beside[a][l];
                        }
                        for a in 0..POINT {
                            triangles[p][a] += bent[a][l];
                        }
                    }
                }
            }
            error += total.total();
            if ORDER > 0 {
                for a in 0..OWN {
                    own_gradient[OWN * c + a] = first[a].total();
                }
            }
            if ORDER > 1 {
                for a in 0..CAMERA {
                    own[CAMERA * c + a] = second[a].total();
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
            let mut along = [Wide::splat(f, 0.0); OWN];
            for a in 0..OWN {
                along[a] = Wide::splat(f, v[OWN * c + a]);
            }
            let mut first = [Wide::splat(f, 0.0); OWN];
            let (begin, end) = (self.begin[c], self.begin[c + 1]);
            for k in (begin..end).step_by(F::F64_LANES) {
                let live = F::F64_LANES.min(end - k);
                let places = &self.seen[k..k + live];
                let (x, dx) = (self.gather(f, points, places), self.gather(f, moves, places));
                let z = self.targets(f, &self.z[k..k + live]);
                let (by_camera, by_point) = camera::product(f, &camera, x, z, &along, dx);
                let present = presence(f, live);
                for a in 0..OWN {
                    first[a] = present.mul_add(by_camera[a], first[a]);
                }
                let mut slope = [[0.0; LANES]; 3];
                for a in 0..3 {
                    by_point[a].store(&mut slope[a]);
                }
                for (l, &p) in places.iter().enumerate() {
                    for a in 0..3 {
                        point[p][a] += slope[a][l];
                    }
                }
            }
            for a in 0..OWN {
                own[OWN * c + a] = first[a].total();
            }
        }
    }
}
