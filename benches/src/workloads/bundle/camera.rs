//! One observation: its error with first and second derivatives in the nine parameters of the camera and the point.

use crate::lanes::{Processor, sin_cos};

/// What observations by one camera share. With τ = ω·ω, c = cos √τ, s = sin √τ/√τ and l = (1 − c)/τ the rotation is
/// R = c 1 + s [ω]ₓ + l ω ωᵀ; primes are derivatives in τ.
pub(super) struct Camera {
    omega: [f64; 3],
    shift: [f64; 3],
    focal: f64,
    k1: f64,
    k2: f64,
    s: f64,
    l: f64,
    /// c′, s′, l′
    first: [f64; 3],
    /// c″, s″, l″
    second: [f64; 3],
    r: [[f64; 3]; 3],
}

impl Camera {
    #[inline(always)]
    pub(super) fn new<F: Processor>(f: F, w: &[f64]) -> Camera {
        let omega = [w[0], w[1], w[2]];
        let tau = dot(f, omega, omega);
        let angle = tau.sqrt();
        let (sin, c) = sin_cos(f, angle);
        let (s, l) = (sin / angle, (1.0 - c) / tau);
        // From dc/dτ = −s/2, 2τ s′ = c − s and τ l′ = s/2 − l.
        let c1 = -0.5 * s;
        let s1 = (c - s) / (2.0 * tau);
        let l1 = (0.5 * s - l) / tau;
        let second = [-0.5 * s1, (c1 - 3.0 * s1) / (2.0 * tau), (0.5 * s1 - 2.0 * l1) / tau];
        let mut r = [[0.0; 3]; 3];
        for a in 0..3 {
            for b in 0..3 {
                r[a][b] = l * omega[a] * omega[b];
            }
            let (b, d) = ((a + 1) % 3, (a + 2) % 3);
            r[a][a] += c;
            r[a][b] -= s * omega[d];
            r[a][d] += s * omega[b];
        }
        Camera {
            omega,
            shift: [w[3], w[4], w[5]],
            focal: w[6],
            k1: w[7],
            k2: w[8],
            s,
            l,
            first: [c1, s1, l1],
            second,
            r,
        }
    }
}

/// An observation's error and derivatives. Bends of camera and point are lower triangles by rows, `beside` has a row
/// of nine for each coordinate of the point.
pub(super) struct Map {
    pub(super) value: f64,
    pub(super) own_slope: [f64; 9],
    pub(super) point_slope: [f64; 3],
    pub(super) own_bend: [f64; 45],
    pub(super) beside: [f64; 27],
    pub(super) point_bend: [f64; 6],
}

type V3 = [f64; 3];
type M3 = [[f64; 3]; 3];

#[inline(always)]
fn dot<F: Processor>(f: F, a: V3, b: V3) -> f64 {
    f.mul_add(a[0], b[0], f.mul_add(a[1], b[1], a[2] * b[2]))
}

#[inline(always)]
fn cross<F: Processor>(f: F, a: V3, b: V3) -> V3 {
    [
        f.mul_add(a[1], b[2], -a[2] * b[1]),
        f.mul_add(a[2], b[0], -a[0] * b[2]),
        f.mul_add(a[0], b[1], -a[1] * b[0]),
    ]
}

/// Aᵀb
#[inline(always)]
fn transposed<F: Processor>(f: F, a: &M3, b: V3) -> V3 {
    [0, 1, 2].map(|j| dot(f, [a[0][j], a[1][j], a[2][j]], b))
}

/// Ab
#[inline(always)]
fn applied<F: Processor>(f: F, a: &M3, b: V3) -> V3 {
    [dot(f, a[0], b), dot(f, a[1], b), dot(f, a[2], b)]
}

/// AB
#[inline(always)]
fn matrices<F: Processor>(f: F, a: &M3, b: &M3) -> M3 {
    [0, 1, 2].map(|i| transposed(f, b, a[i]))
}

/// AᵀB
#[inline(always)]
fn transposed_matrices<F: Processor>(f: F, a: &M3, b: &M3) -> M3 {
    [0, 1, 2].map(|i| transposed(f, b, [a[0][i], a[1][i], a[2][i]]))
}

/// E as a function of q and of focal length and distortions κ.
struct Lens {
    value: f64,
    /// ∂E/∂q
    eta: V3,
    /// ∂E/∂κ
    kappa: V3,
    /// ∂²E/∂q²
    qq: M3,
    /// ∂²E/∂κ∂q, a row for each κ
    kq: M3,
    /// ∂²E/∂κ², the lower triangle by rows
    kk: [f64; 6],
}

#[inline(always)]
fn lens<F: Processor, const ORDER: usize>(f: F, camera: &Camera, q: V3, z: [f64; 2]) -> Lens {
    let inverse = 1.0 / q[2];
    let s = [-q[0] * inverse, -q[1] * inverse];
    let rho = f.mul_add(s[0], s[0], s[1] * s[1]);
    // The distortion 1 + k₁ρ + k₂ρ².
    let d = f.mul_add(rho, f.mul_add(camera.k2, rho, camera.k1), 1.0);
    let zoom = camera.focal * d;
    let e = [f.mul_add(zoom, s[0], -z[0]), f.mul_add(zoom, s[1], -z[1])];
    let h = f.mul_add(e[0], e[0], f.mul_add(e[1], e[1], 1.0)).sqrt();
    let zero = [[0.0; 3]; 3];
    let mut lens = Lens { value: h - 1.0, eta: [0.0; 3], kappa: [0.0; 3], qq: zero, kq: zero, kk: [0.0; 6] };
    if ORDER == 0 {
        return lens;
    }
    // ∂E/∂e = e/h, and what it makes of s.
    let weight = 1.0 / h;
    let a = [e[0] * weight, e[1] * weight];
    let m = f.mul_add(a[0], s[0], a[1] * s[1]);
    let d1 = f.mul_add(2.0 * camera.k2, rho, camera.k1);
    // ∂E/∂s over the focal length.
    let t = [0, 1].map(|j| f.mul_add(2.0 * d1 * m, s[j], d * a[j]));
    let g = [camera.focal * t[0], camera.focal * t[1]];
    let radial = f.mul_add(s[0], g[0], s[1] * g[1]);
    lens.eta = [-inverse * g[0], -inverse * g[1], -inverse * radial];
    let (fr, frr) = (camera.focal * rho, camera.focal * rho * rho);
    lens.kappa = [d * m, fr * m, frr * m];
    if ORDER == 1 {
        return lens;
    }
    // ∂e/∂s = zoom 1 + 2 f d′ s sᵀ, ∂e/∂κ = (d, fρ, fρ²) s; ∂²E/∂e² = (1 − a aᵀ)/h.
    let stretch = 2.0 * camera.focal * d1;
    let j00 = f.mul_add(stretch * s[0], s[0], zoom);
    let j01 = stretch * s[0] * s[1];
    let j11 = f.mul_add(stretch * s[1], s[1], zoom);
    let scale = [d, fr, frr];
    // Twice differentiated e, times a.
    let twice = 8.0 * camera.focal * camera.k2 * m;
    let b00 = f.mul_add(twice * s[0], s[0], f.mul_add(stretch, m, 2.0 * stretch * s[0] * a[0]));
    let b01 = f.mul_add(twice * s[0], s[1], stretch * f.mul_add(s[0], a[1], s[1] * a[0]));
    let b11 = f.mul_add(twice * s[1], s[1], f.mul_add(stretch, m, 2.0 * stretch * s[1] * a[1]));
    let y00 = f.mul_add(weight, f.mul_add(j00, j00, f.mul_add(j01, j01, -g[0] * g[0])), b00);
    let y01 = f.mul_add(weight, f.mul_add(j00, j01, f.mul_add(j01, j11, -g[0] * g[1])), b01);
    let y11 = f.mul_add(weight, f.mul_add(j01, j01, f.mul_add(j11, j11, -g[1] * g[1])), b11);
    let js = [f.mul_add(j00, s[0], j01 * s[1]), f.mul_add(j01, s[0], j11 * s[1])];
    let bent: [[f64; 2]; 3] = [
        t,
        [0, 1].map(|j| camera.focal * f.mul_add(2.0 * m, s[j], rho * a[j])),
        [0, 1].map(|j| fr * f.mul_add(4.0 * m, s[j], rho * a[j])),
    ];
    for k in 0..3 {
        let y =
            [0, 1].map(|j| f.mul_add(weight, f.mul_add(scale[k], js[j], -lens.kappa[k] * g[j]), bent[k][j]));
        let radial = f.mul_add(s[0], y[0], s[1] * y[1]);
        lens.kq[k] = [-inverse * y[0], -inverse * y[1], -inverse * radial];
        for l in 0..=k {
            lens.kk[k * (k + 1) / 2 + l] =
                weight * f.mul_add(scale[k] * scale[l], rho, -lens.kappa[k] * lens.kappa[l]);
        }
    }
    lens.kk[1] += rho * m;
    lens.kk[3] += rho * rho * m;
    // ∂s/∂q = −(1 | s)/q₂, and its own derivatives.
    let square = inverse * inverse;
    let far = [f.mul_add(y00, s[0], y01 * s[1]), f.mul_add(y01, s[0], y11 * s[1])];
    let corner = f.mul_add(s[0], far[0], f.mul_add(s[1], far[1], 2.0 * radial));
    let side = [square * (far[0] + g[0]), square * (far[1] + g[1])];
    lens.qq = [
        [square * y00, square * y01, side[0]],
        [square * y01, square * y11, side[1]],
        [side[0], side[1], square * corner],
    ];
    lens
}

#[inline(always)]
fn seen<F: Processor>(f: F, camera: &Camera, x: V3) -> V3 {
    let turned = applied(f, &camera.r, x);
    [0, 1, 2].map(|a| turned[a] + camera.shift[a])
}

/// ∂q/∂ω = 2 (c′X + s′ ω×X + l′(ω·X) ω) ωᵀ − s [X]ₓ + l ((ω·X) 1 + ω Xᵀ)
#[inline(always)]
fn turning<F: Processor>(f: F, camera: &Camera, x: V3) -> M3 {
    let Camera { omega, s, l, first: [c1, s1, l1], .. } = *camera;
    let along = dot(f, omega, x);
    let swept = cross(f, omega, x);
    let pull = [0, 1, 2].map(|a| 2.0 * f.mul_add(c1, x[a], f.mul_add(s1, swept[a], l1 * along * omega[a])));
    let mut w = [0, 1, 2].map(|a| [0, 1, 2].map(|b| f.mul_add(pull[a], omega[b], l * omega[a] * x[b])));
    for a in 0..3 {
        let (b, c) = ((a + 1) % 3, (a + 2) % 3);
        w[a][a] += l * along;
        w[a][b] = f.mul_add(s, x[c], w[a][b]);
        w[a][c] = f.mul_add(-s, x[b], w[a][c]);
    }
    w
}

/// Second derivatives of η·q with η held: in ω twice, and a row for each coordinate of X with columns ω.
#[inline(always)]
fn turning_twice<F: Processor>(f: F, camera: &Camera, x: V3, eta: V3) -> (M3, M3) {
    let Camera { omega, s, l, first: [c1, s1, l1], second: [c2, s2, l2], .. } = *camera;
    let (near, tilt, along) = (dot(f, eta, x), dot(f, eta, omega), dot(f, omega, x));
    let side = cross(f, x, eta);
    let swept = dot(f, omega, side);
    let product = tilt * along;
    let first = 2.0 * f.mul_add(c1, near, f.mul_add(s1, swept, l1 * product));
    let second = 4.0 * f.mul_add(c2, near, f.mul_add(s2, swept, l2 * product));
    let lean = [0, 1, 2].map(|a| f.mul_add(along, eta[a], tilt * x[a]));
    // ω rᵀ + r ωᵀ with r = 2s′ X×η + 2l′(…) + half of the term in ωωᵀ.
    let r = [0, 1, 2]
        .map(|a| f.mul_add(2.0 * s1, side[a], f.mul_add(2.0 * l1, lean[a], 0.5 * second * omega[a])));
    let mut twice = [0, 1, 2].map(|a| {
        [0, 1, 2].map(|b| {
            let pair = f.mul_add(omega[a], r[b], r[a] * omega[b]);
            f.mul_add(l, f.mul_add(eta[a], x[b], x[a] * eta[b]), pair)
        })
    });
    let twist = cross(f, eta, omega);
    let pull = [0, 1, 2].map(|a| 2.0 * f.mul_add(c1, eta[a], f.mul_add(s1, twist[a], l1 * tilt * omega[a])));
    let mut mixed = [0, 1, 2].map(|a| [0, 1, 2].map(|b| f.mul_add(pull[a], omega[b], l * omega[a] * eta[b])));
    for a in 0..3 {
        let (b, c) = ((a + 1) % 3, (a + 2) % 3);
        twice[a][a] += first;
        mixed[a][a] += l * tilt;
        mixed[a][b] = f.mul_add(-s, eta[c], mixed[a][b]);
        mixed[a][c] = f.mul_add(s, eta[b], mixed[a][c]);
    }
    (twice, mixed)
}

/// An observation up to the given order.
#[inline(always)]
pub(super) fn map<F: Processor, const ORDER: usize>(f: F, camera: &Camera, x: V3, z: [f64; 2]) -> Map {
    let lens = lens::<F, ORDER>(f, camera, seen(f, camera, x), z);
    let mut map = Map {
        value: lens.value,
        own_slope: [0.0; 9],
        point_slope: [0.0; 3],
        own_bend: [0.0; 45],
        beside: [0.0; 27],
        point_bend: [0.0; 6],
    };
    if ORDER == 0 {
        return map;
    }
    let w = turning(f, camera, x);
    let turned = transposed(f, &w, lens.eta);
    map.point_slope = transposed(f, &camera.r, lens.eta);
    for a in 0..3 {
        map.own_slope[a] = turned[a];
        map.own_slope[3 + a] = lens.eta[a];
        map.own_slope[6 + a] = lens.kappa[a];
    }
    if ORDER == 1 {
        return map;
    }
    let (twice, mixed) = turning_twice(f, camera, x, lens.eta);
    let qw = matrices(f, &lens.qq, &w);
    let kw = matrices(f, &lens.kq, &w);
    let ww = transposed_matrices(f, &w, &qw);
    let qr = matrices(f, &lens.qq, &camera.r);
    let kr = matrices(f, &lens.kq, &camera.r);
    let rw = transposed_matrices(f, &camera.r, &qw);
    let rr = transposed_matrices(f, &camera.r, &qr);
    for a in 0..3 {
        let (turn, shift, zoom) = (a * (a + 1) / 2, (3 + a) * (4 + a) / 2, (6 + a) * (7 + a) / 2);
        for b in 0..3 {
            map.own_bend[shift + b] = qw[a][b];
            map.own_bend[zoom + b] = kw[a][b];
            map.own_bend[zoom + 3 + b] = lens.kq[a][b];
            map.beside[9 * a + b] = rw[a][b] + mixed[a][b];
            map.beside[9 * a + 3 + b] = qr[b][a];
            map.beside[9 * a + 6 + b] = kr[b][a];
        }
        for b in 0..=a {
            map.own_bend[turn + b] = ww[a][b] + twice[a][b];
            map.own_bend[shift + 3 + b] = lens.qq[a][b];
            map.own_bend[zoom + 6 + b] = lens.kk[turn + b];
            map.point_bend[turn + b] = rr[a][b];
        }
    }
    map
}

/// The Hessian of an observation times a change of the camera's parameters and of the point.
#[inline(always)]
pub(super) fn product<F: Processor>(
    f: F,
    camera: &Camera,
    x: V3,
    z: [f64; 2],
    v: &[f64; 9],
    dx: V3,
) -> ([f64; 9], V3) {
    let lens = lens::<F, 2>(f, camera, seen(f, camera, x), z);
    let w = turning(f, camera, x);
    let (twice, mixed) = turning_twice(f, camera, x, lens.eta);
    let (turn, shift, zoom) = ([v[0], v[1], v[2]], [v[3], v[4], v[5]], [v[6], v[7], v[8]]);
    let (by_turn, by_point) = (applied(f, &w, turn), applied(f, &camera.r, dx));
    let q = [0, 1, 2].map(|a| by_turn[a] + by_point[a] + shift[a]);
    let (near, far) = (applied(f, &lens.qq, q), transposed(f, &lens.kq, zoom));
    let eta = [0, 1, 2].map(|a| near[a] + far[a]);
    let kappa = applied(f, &lens.kq, q);
    let [k0, k1, k2, k3, k4, k5] = lens.kk;
    let own = applied(f, &[[k0, k1, k3], [k1, k2, k4], [k3, k4, k5]], zoom);
    let (back, bent, across) = (transposed(f, &w, eta), applied(f, &twice, turn), transposed(f, &mixed, dx));
    let (point, from_turn) = (transposed(f, &camera.r, eta), applied(f, &mixed, turn));
    let mut result = [0.0; 9];
    for a in 0..3 {
        result[a] = back[a] + bent[a] + across[a];
        result[3 + a] = eta[a];
        result[6 + a] = kappa[a] + own[a];
    }
    (result, [0, 1, 2].map(|a| point[a] + from_turn[a]))
}
