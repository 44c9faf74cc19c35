//! One observation: its error with first and second derivatives in the nine parameters of the camera and the point.

use crate::lanes::{Processor, Wide, sin_cos};

/// The array of an expression in `$a` for 0, 1 and 2. Not a closure: closures are functions of their own, compiled
/// for the baseline processor unless they happen to be inlined early enough.
macro_rules! three {
    ($a:ident => $entry:expr) => {
        [
            {
                let $a = 0;
                $entry
            },
            {
                let $a = 1;
                $entry
            },
            {
                let $a = 2;
                $entry
            },
        ]
    };
}

/// The same for 0 and 1.
macro_rules! two {
    ($a:ident => $entry:expr) => {
        [
            {
                let $a = 0;
                $entry
            },
            {
                let $a = 1;
                $entry
            },
        ]
    };
}

/// What observations by one camera share. With τ = ω·ω, c = cos √τ, s = sin √τ/√τ and l = (1 − c)/τ the rotation is
/// R = c 1 + s [ω]ₓ + l ω ωᵀ; primes are derivatives in τ.
pub(super) struct Camera<F: Processor> {
    omega: V3<F>,
    shift: V3<F>,
    focal: Wide<F>,
    k1: Wide<F>,
    k2: Wide<F>,
    s: Wide<F>,
    l: Wide<F>,
    /// c′, s′, l′
    first: V3<F>,
    /// c″, s″, l″
    second: V3<F>,
    r: M3<F>,
}

impl<F: Processor> Camera<F> {
    #[inline(always)]
    pub(super) fn new(f: F, w: &[f64]) -> Camera<F> {
        let omega = [w[0], w[1], w[2]];
        let tau = omega[0] * omega[0] + omega[1] * omega[1] + omega[2] * omega[2];
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
            omega: three!(a => Wide::splat(f, omega[a])),
            shift: [Wide::splat(f, w[3]), Wide::splat(f, w[4]), Wide::splat(f, w[5])],
            focal: Wide::splat(f, w[6]),
            k1: Wide::splat(f, w[7]),
            k2: Wide::splat(f, w[8]),
            s: Wide::splat(f, s),
            l: Wide::splat(f, l),
            first: [Wide::splat(f, c1), Wide::splat(f, s1), Wide::splat(f, l1)],
            second: three!(a => Wide::splat(f, second[a])),
            r: three!(a => three!(b => Wide::splat(f, r[a][b]))),
        }
    }
}

/// An observation's error and derivatives. Bends of camera and point are lower triangles by rows, `beside` has a row
/// of nine for each coordinate of the point.
pub(super) struct Map<F: Processor> {
    pub(super) value: Wide<F>,
    pub(super) own_slope: [Wide<F>; 9],
    pub(super) point_slope: [Wide<F>; 3],
    pub(super) own_bend: [Wide<F>; 45],
    pub(super) beside: [Wide<F>; 27],
    pub(super) point_bend: [Wide<F>; 6],
}

type V3<F> = [Wide<F>; 3];
type M3<F> = [V3<F>; 3];

/// a·b + c
#[inline(always)]
fn fma<F: Processor>(a: Wide<F>, b: Wide<F>, c: Wide<F>) -> Wide<F> {
    a.mul_add(b, c)
}

#[inline(always)]
fn dot<F: Processor>(a: V3<F>, b: V3<F>) -> Wide<F> {
    fma(a[0], b[0], fma(a[1], b[1], a[2] * b[2]))
}

#[inline(always)]
fn cross<F: Processor>(a: V3<F>, b: V3<F>) -> V3<F> {
    [fma(a[1], b[2], -a[2] * b[1]), fma(a[2], b[0], -a[0] * b[2]), fma(a[0], b[1], -a[1] * b[0])]
}

/// Aᵀb
#[inline(always)]
fn transposed<F: Processor>(a: &M3<F>, b: V3<F>) -> V3<F> {
    three!(j => dot([a[0][j], a[1][j], a[2][j]], b))
}

/// Ab
#[inline(always)]
fn applied<F: Processor>(a: &M3<F>, b: V3<F>) -> V3<F> {
    [dot(a[0], b), dot(a[1], b), dot(a[2], b)]
}

/// AB
#[inline(always)]
fn matrices<F: Processor>(a: &M3<F>, b: &M3<F>) -> M3<F> {
    three!(i => transposed(b, a[i]))
}

/// AᵀB
#[inline(always)]
fn transposed_matrices<F: Processor>(a: &M3<F>, b: &M3<F>) -> M3<F> {
    three!(i => transposed(b, [a[0][i], a[1][i], a[2][i]]))
}

/// E as a function of q and of focal length and distortions κ.
struct Lens<F: Processor> {
    value: Wide<F>,
    /// ∂E/∂q
    eta: V3<F>,
    /// ∂E/∂κ
    kappa: V3<F>,
    /// ∂²E/∂q²
    qq: M3<F>,
    /// ∂²E/∂κ∂q, a row for each κ
    kq: M3<F>,
    /// ∂²E/∂κ², the lower triangle by rows
    kk: [Wide<F>; 6],
}

#[inline(always)]
fn lens<F: Processor, const ORDER: usize>(f: F, camera: &Camera<F>, q: V3<F>, z: [Wide<F>; 2]) -> Lens<F> {
    let (zero, one) = (Wide::splat(f, 0.0), Wide::splat(f, 1.0));
    let inverse = one / q[2];
    let s = [-q[0] * inverse, -q[1] * inverse];
    let rho = fma(s[0], s[0], s[1] * s[1]);
    // The distortion 1 + k₁ρ + k₂ρ².
    let d = fma(rho, fma(camera.k2, rho, camera.k1), one);
    let zoom = camera.focal * d;
    let e = [fma(zoom, s[0], -z[0]), fma(zoom, s[1], -z[1])];
    let h = fma(e[0], e[0], fma(e[1], e[1], one)).sqrt();
    let mut lens = Lens {
        value: h - one,
        eta: [zero; 3],
        kappa: [zero; 3],
        qq: [[zero; 3]; 3],
        kq: [[zero; 3]; 3],
        kk: [zero; 6],
    };
    if ORDER == 0 {
        return lens;
    }
    // ∂E/∂e = e/h, and what it makes of s.
    let weight = one / h;
    let a = [e[0] * weight, e[1] * weight];
    let m = fma(a[0], s[0], a[1] * s[1]);
    let d1 = fma(2.0 * camera.k2, rho, camera.k1);
    // ∂E/∂s over the focal length.
    let t = two!(j => fma(2.0 * d1 * m, s[j], d * a[j]));
    let g = [camera.focal * t[0], camera.focal * t[1]];
    let radial = fma(s[0], g[0], s[1] * g[1]);
    lens.eta = [-inverse * g[0], -inverse * g[1], -inverse * radial];
    let (fr, frr) = (camera.focal * rho, camera.focal * rho * rho);
    lens.kappa = [d * m, fr * m, frr * m];
    if ORDER == 1 {
        return lens;
    }
    // ∂e/∂s = zoom 1 + 2 f d′ s sᵀ, ∂e/∂κ = (d, fρ, fρ²) s; ∂²E/∂e² = (1 − a aᵀ)/h.
    let stretch = 2.0 * camera.focal * d1;
    let j00 = fma(stretch * s[0], s[0], zoom);
    let j01 = stretch * s[0] * s[1];
    let j11 = fma(stretch * s[1], s[1], zoom);
    let scale = [d, fr, frr];
    // Twice differentiated e, times a.
    let twice = 8.0 * camera.focal * camera.k2 * m;
    let b00 = fma(twice * s[0], s[0], fma(stretch, m, 2.0 * stretch * s[0] * a[0]));
    let b01 = fma(twice * s[0], s[1], stretch * fma(s[0], a[1], s[1] * a[0]));
    let b11 = fma(twice * s[1], s[1], fma(stretch, m, 2.0 * stretch * s[1] * a[1]));
    let y00 = fma(weight, fma(j00, j00, fma(j01, j01, -g[0] * g[0])), b00);
    let y01 = fma(weight, fma(j00, j01, fma(j01, j11, -g[0] * g[1])), b01);
    let y11 = fma(weight, fma(j01, j01, fma(j11, j11, -g[1] * g[1])), b11);
    let js = [fma(j00, s[0], j01 * s[1]), fma(j01, s[0], j11 * s[1])];
    let bent: [[Wide<F>; 2]; 3] = [
        t,
        two!(j => camera.focal * fma(2.0 * m, s[j], rho * a[j])),
        two!(j => fr * fma(4.0 * m, s[j], rho * a[j])),
    ];
    for k in 0..3 {
        let y = two!(j => fma(weight, fma(scale[k], js[j], -lens.kappa[k] * g[j]), bent[k][j]));
        let radial = fma(s[0], y[0], s[1] * y[1]);
        lens.kq[k] = [-inverse * y[0], -inverse * y[1], -inverse * radial];
        for l in 0..=k {
            lens.kk[k * (k + 1) / 2 + l] =
                weight * fma(scale[k] * scale[l], rho, -lens.kappa[k] * lens.kappa[l]);
        }
    }
    lens.kk[1] = lens.kk[1] + rho * m;
    lens.kk[3] = lens.kk[3] + rho * rho * m;
    // ∂s/∂q = −(1 | s)/q₂, and its own derivatives.
    let square = inverse * inverse;
    let far = [fma(y00, s[0], y01 * s[1]), fma(y01, s[0], y11 * s[1])];
    let corner = fma(s[0], far[0], fma(s[1], far[1], 2.0 * radial));
    let side = [square * (far[0] + g[0]), square * (far[1] + g[1])];
    lens.qq = [
        [square * y00, square * y01, side[0]],
        [square * y01, square * y11, side[1]],
        [side[0], side[1], square * corner],
    ];
    lens
}

#[inline(always)]
fn seen<F: Processor>(camera: &Camera<F>, x: V3<F>) -> V3<F> {
    let turned = applied(&camera.r, x);
    three!(a => turned[a] + camera.shift[a])
}

/// ∂q/∂ω = 2 (c′X + s′ ω×X + l′(ω·X) ω) ωᵀ − s [X]ₓ + l ((ω·X) 1 + ω Xᵀ)
#[inline(always)]
fn turning<F: Processor>(camera: &Camera<F>, x: V3<F>) -> M3<F> {
    let Camera { omega, s, l, first: [c1, s1, l1], .. } = *camera;
    let along = dot(omega, x);
    let swept = cross(omega, x);
    let pull = three!(a => 2.0 * fma(c1, x[a], fma(s1, swept[a], l1 * along * omega[a])));
    let mut w = three!(a => three!(b => fma(pull[a], omega[b], l * omega[a] * x[b])));
    for a in 0..3 {
        let (b, c) = ((a + 1) % 3, (a + 2) % 3);
        w[a][a] = w[a][a] + l * along;
        w[a][b] = fma(s, x[c], w[a][b]);
        w[a][c] = fma(-s, x[b], w[a][c]);
    }
    w
}

/// Second derivatives of η·q with η held: in ω twice, and a row for each coordinate of X with columns ω.
#[inline(always)]
fn turning_twice<F: Processor>(camera: &Camera<F>, x: V3<F>, eta: V3<F>) -> (M3<F>, M3<F>) {
    let Camera { omega, s, l, first: [c1, s1, l1], second: [c2, s2, l2], .. } = *camera;
    let (near, tilt, along) = (dot(eta, x), dot(eta, omega), dot(omega, x));
    let side = cross(x, eta);
    let swept = dot(omega, side);
    let product = tilt * along;
    let first = 2.0 * fma(c1, near, fma(s1, swept, l1 * product));
    let second = 4.0 * fma(c2, near, fma(s2, swept, l2 * product));
    let lean = three!(a => fma(along, eta[a], tilt * x[a]));
    // ω rᵀ + r ωᵀ with r = 2s′ X×η + 2l′(…) + half of the term in ωωᵀ.
    let r = three!(a => fma(2.0 * s1, side[a], fma(2.0 * l1, lean[a], 0.5 * second * omega[a])));
    let mut twice = three!(a => {
        three!(b => {
            let pair = fma(omega[a], r[b], r[a] * omega[b]);
            fma(l, fma(eta[a], x[b], x[a] * eta[b]), pair)
        })
    });
    let twist = cross(eta, omega);
    let pull = three!(a => 2.0 * fma(c1, eta[a], fma(s1, twist[a], l1 * tilt * omega[a])));
    let mut mixed = three!(a => three!(b => fma(pull[a], omega[b], l * omega[a] * eta[b])));
    for a in 0..3 {
        let (b, c) = ((a + 1) % 3, (a + 2) % 3);
        twice[a][a] = twice[a][a] + first;
        mixed[a][a] = mixed[a][a] + l * tilt;
        mixed[a][b] = fma(-s, eta[c], mixed[a][b]);
        mixed[a][c] = fma(s, eta[b], mixed[a][c]);
    }
    (twice, mixed)
}

/// An observation up to the given order.
#[inline(always)]
pub(super) fn map<F: Processor, const ORDER: usize>(
    f: F,
    camera: &Camera<F>,
    x: V3<F>,
    z: [Wide<F>; 2],
) -> Map<F> {
    let lens = lens::<F, ORDER>(f, camera, seen(camera, x), z);
    let zero = Wide::splat(f, 0.0);
    let mut map = Map {
        value: lens.value,
        own_slope: [zero; 9],
        point_slope: [zero; 3],
        own_bend: [zero; 45],
        beside: [zero; 27],
        point_bend: [zero; 6],
    };
    if ORDER == 0 {
        return map;
    }
    let w = turning(camera, x);
    let turned = transposed(&w, lens.eta);
    map.point_slope = transposed(&camera.r, lens.eta);
    for a in 0..3 {
        map.own_slope[a] = turned[a];
        map.own_slope[3 + a] = lens.eta[a];
        map.own_slope[6 + a] = lens.kappa[a];
    }
    if ORDER == 1 {
        return map;
    }
    let (twice, mixed) = turning_twice(camera, x, lens.eta);
    let qw = matrices(&lens.qq, &w);
    let kw = matrices(&lens.kq, &w);
    let ww = transposed_matrices(&w, &qw);
    let qr = matrices(&lens.qq, &camera.r);
    let kr = matrices(&lens.kq, &camera.r);
    let rw = transposed_matrices(&camera.r, &qw);
    let rr = transposed_matrices(&camera.r, &qr);
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
    camera: &Camera<F>,
    x: V3<F>,
    z: [Wide<F>; 2],
    v: &[Wide<F>; 9],
    dx: V3<F>,
) -> ([Wide<F>; 9], V3<F>) {
    let lens = lens::<F, 2>(f, camera, seen(camera, x), z);
    let w = turning(camera, x);
    let (twice, mixed) = turning_twice(camera, x, lens.eta);
    let (turn, shift, zoom) = ([v[0], v[1], v[2]], [v[3], v[4], v[5]], [v[6], v[7], v[8]]);
    let (by_turn, by_point) = (applied(&w, turn), applied(&camera.r, dx));
    let q = three!(a => by_turn[a] + by_point[a] + shift[a]);
    let (near, far) = (applied(&lens.qq, q), transposed(&lens.kq, zoom));
    let eta = three!(a => near[a] + far[a]);
    let kappa = applied(&lens.kq, q);
    let [k0, k1, k2, k3, k4, k5] = lens.kk;
    let own = applied(&[[k0, k1, k3], [k1, k2, k4], [k3, k4, k5]], zoom);
    let (back, bent, across) = (transposed(&w, eta), applied(&twice, turn), transposed(&mixed, dx));
    let (point, from_turn) = (transposed(&camera.r, eta), applied(&mixed, turn));
    let mut result = [Wide::splat(f, 0.0); 9];
    for a in 0..3 {
        result[a] = back[a] + bent[a] + across[a];
        result[3 + a] = eta[a];
        result[6 + a] = kappa[a] + own[a];
    }
    (result, three!(a => point[a] + from_turn[a]))
}
