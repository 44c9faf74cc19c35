"""Fifty small error functions of five forms: under the attribute, and with derivatives written by hand.

What is written by hand has the functions that the attribute makes, as a person would write them: value, gradient and Hessian
in one pass, the product of the Hessian with a vector, and the type that binds the data."""

# One form: its annotated text, the inputs of its functions, those that are parameters and data, and bodies by hand.
FORMS = {
    "valley": dict(
        annotated="""
#[derive_hessian]
pub fn valley@(w: &[f64; 2]) -> f64 {
    (#C - w[0]).powi(2) + 100.0 * (w[1] - w[0] * w[0]).powi(2)
}
""",
        inputs="w: &[f64; 2]",
        passed="w",
        size=2,
        split="let Some(w) = w.first_chunk::<2>() else { panic!(\"two parameters\") };",
        fields="",
        bound="w",
        value="""
        let (r, d) = (w[1] - w[0] * w[0], #C - w[0]);
        d * d + 100.0 * r * r""",
        gradient="""
        let (r, d) = (w[1] - w[0] * w[0], #C - w[0]);
        *g = [-2.0 * d - 400.0 * r * w[0], 200.0 * r];
        d * d + 100.0 * r * r""",
        hessian="""
        h[0] = 2.0 - 400.0 * w[1] + 1200.0 * w[0] * w[0];
        h[1] = -400.0 * w[0];
        h[2] = 200.0;""",
    ),
    "decay": dict(
        annotated="""
#[derive_hessian]
pub fn decay@(a: f64, b: f64, x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| (y - a * (-b * #C * x).exp()).powi(2)).sum()
}
""",
        inputs="a: f64, b: f64, x: &[f64], y: &[f64]",
        passed="a, b, x, y",
        size=2,
        split="let (a, b) = (w[0], w[1]);",
        fields="x: &'a [f64], y: &'a [f64]",
        bound="a, b, self.x, self.y",
        value="""
        let mut e = 0.0;
        for (x, y) in x.iter().zip(y) {
            let r = y - a * (-b * #C * x).exp();
            e += r * r;
        }
        e""",
        gradient="""
        let mut e = 0.0;
        *g = [0.0; 2];
        for (x, y) in x.iter().zip(y) {
            let s = (-b * #C * x).exp();
            let r = y - a * s;
            e += r * r;
            g[0] -= 2.0 * r * s;
            g[1] += 2.0 * r * a * #C * x * s;
        }
        e""",
        hessian="""
        *h = [0.0; 3];
        for (x, y) in x.iter().zip(y) {
            let c = #C * x;
            let s = (-b * c).exp();
            let m = a * s;
            let r = y - m;
            h[0] += 2.0 * s * s;
            h[1] += 2.0 * c * s * (r - m);
            h[2] += 2.0 * c * c * m * (m - r);
        }""",
    ),
    "logistic": dict(
        annotated="""
#[derive_hessian]
pub fn logistic@(w: &[f64; 3], b: f64, x: &[[f64; 3]], t: &[f64]) -> f64 {
    let mut loss = 0.0;
    for (x, t) in x.iter().zip(t) {
        let mut z = #C * b;
        for j in 0..3 {
            z += w[j] * x[j];
        }
        loss += hesse::math::softplus(z) - t * z;
    }
    loss
}
""",
        inputs="w: &[f64; 3], b: f64, x: &[[f64; 3]], t: &[f64]",
        passed="w, b, x, t",
        size=4,
        split="let (Some(w), b) = (w.first_chunk::<3>(), w[3]) else { panic!(\"four parameters\") };",
        fields="x: &'a [[f64; 3]], t: &'a [f64]",
        bound="w, b, self.x, self.t",
        value="""
        let mut e = 0.0;
        for (x, t) in x.iter().zip(t) {
            let z = #C * b + w[0] * x[0] + w[1] * x[1] + w[2] * x[2];
            e += z.max(0.0) + (-z.abs()).exp().ln_1p() - t * z;
        }
        e""",
        gradient="""
        let mut e = 0.0;
        *g = [0.0; 4];
        for (x, t) in x.iter().zip(t) {
            let z = #C * b + w[0] * x[0] + w[1] * x[1] + w[2] * x[2];
            e += z.max(0.0) + (-z.abs()).exp().ln_1p() - t * z;
            let d = 1.0 / (1.0 + (-z).exp()) - t;
            for j in 0..3 {
                g[j] += d * x[j];
            }
            g[3] += #C * d;
        }
        e""",
        hessian="""
        *h = [0.0; 10];
        for x in x {
            let z = #C * b + w[0] * x[0] + w[1] * x[1] + w[2] * x[2];
            let p = 1.0 / (1.0 + (-z).exp());
            let s = p * (1.0 - p);
            let u = [x[0], x[1], x[2], #C];
            for i in 0..4 {
                for j in 0..=i {
                    h[i * (i + 1) / 2 + j] += s * u[i] * u[j];
                }
            }
        }""",
    ),
    "peak": dict(
        annotated="""
#[derive_hessian]
pub fn peak@(p: &[f64; 3], x: &[f64], y: &[f64]) -> f64 {
    x.iter()
        .zip(y)
        .map(|(x, y)| {
            let u = (x - p[1]) / p[2];
            (y - #C * p[0] * (-0.5 * u * u).exp()).powi(2)
        })
        .sum()
}
""",
        inputs="p: &[f64; 3], x: &[f64], y: &[f64]",
        passed="p, x, y",
        size=3,
        split="let Some(p) = w.first_chunk::<3>() else { panic!(\"three parameters\") };",
        fields="x: &'a [f64], y: &'a [f64]",
        bound="p, self.x, self.y",
        value="""
        let mut e = 0.0;
        for (x, y) in x.iter().zip(y) {
            let u = (x - p[1]) / p[2];
            let r = y - #C * p[0] * (-0.5 * u * u).exp();
            e += r * r;
        }
        e""",
        gradient="""
        let mut e = 0.0;
        *g = [0.0; 3];
        for (x, y) in x.iter().zip(y) {
            let u = (x - p[1]) / p[2];
            let s = #C * (-0.5 * u * u).exp();
            let m = p[0] * s;
            let r = y - m;
            e += r * r;
            g[0] -= 2.0 * r * s;
            g[1] -= 2.0 * r * m * u / p[2];
            g[2] -= 2.0 * r * m * u * u / p[2];
        }
        e""",
        hessian="""
        *h = [0.0; 6];
        let v = 1.0 / p[2];
        for (x, y) in x.iter().zip(y) {
            let u = (x - p[1]) * v;
            let s = #C * (-0.5 * u * u).exp();
            let m = p[0] * s;
            let r = y - m;
            let d = [s, m * u * v, m * u * u * v];
            for i in 0..3 {
                for j in 0..=i {
                    h[i * (i + 1) / 2 + j] += 2.0 * d[i] * d[j];
                }
            }
            h[1] -= 2.0 * r * s * u * v;
            h[2] -= 2.0 * r * m * v * v * (u * u - 1.0);
            h[3] -= 2.0 * r * s * u * u * v;
            h[4] -= 2.0 * r * m * v * v * (u * u * u - 2.0 * u);
            h[5] -= 2.0 * r * m * v * v * (u * u * u * u - 3.0 * u * u);
        }""",
    ),
    "camel": dict(
        annotated="""
#[derive_hessian]
pub fn camel@(x: f64, y: f64) -> f64 {
    (4.0 - 2.1 * x.powi(2) + x.powi(4) / 3.0) * x.powi(2) + #C * x * y + (4.0 * y.powi(2) - 4.0) * y.powi(2)
}
""",
        inputs="x: f64, y: f64",
        passed="x, y",
        size=2,
        split="let (x, y) = (w[0], w[1]);",
        fields="",
        bound="x, y",
        value="""
        let (u, v) = (x * x, y * y);
        (4.0 - 2.1 * u + u * u / 3.0) * u + #C * x * y + (4.0 * v - 4.0) * v""",
        gradient="""
        let (u, v) = (x * x, y * y);
        *g = [8.0 * x - 8.4 * x * u + 2.0 * x * u * u + #C * y, #C * x + 16.0 * y * v - 8.0 * y];
        (4.0 - 2.1 * u + u * u / 3.0) * u + #C * x * y + (4.0 * v - 4.0) * v""",
        hessian="""
        let (u, v) = (x * x, y * y);
        h[0] = 8.0 - 25.2 * u + 10.0 * u * u;
        h[1] = #C;
        h[2] = 48.0 * v - 8.0;""",
    ),
}

MODULE = """
/// Derivatives of `@`.
pub mod @ {
    use hesse::ErrorFunction;

    /// E.
    pub fn value(INPUTS) -> f64 {VALUE
    }

    /// E and its gradient, into `g`.
    pub fn value_gradient_into(INPUTS, g: &mut [f64; N]) -> f64 {GRADIENT
    }

    /// E, its gradient and its Hessian as packed lower triangle, into `g` and `h`.
    pub fn value_gradient_hessian_into(INPUTS, g: &mut [f64; N], h: &mut [f64; TRIANGLE]) -> f64 {HESSIAN
        value_gradient_into(PASSED, g)
    }

    /// The product of the Hessian with `direction`, into `product`.
    pub fn hessian_vector_into(INPUTS, direction: &[f64; N], product: &mut [f64; N]) {
        let (mut g, mut h) = ([0.0; N], [0.0; TRIANGLE]);
        value_gradient_hessian_into(PASSED, &mut g, &mut h);
        for i in 0..N {
            product[i] = (0..N).map(|j| h[i.max(j) * (i.max(j) + 1) / 2 + i.min(j)] * direction[j]).sum();
        }
    }

    /// E and its gradient.
    pub fn value_gradient(INPUTS) -> (f64, [f64; N]) {
        let mut g = [0.0; N];
        (value_gradient_into(PASSED, &mut g), g)
    }

    /// The gradient.
    pub fn gradient(INPUTS) -> [f64; N] {
        value_gradient(PASSED).1
    }

    /// E, its gradient and its Hessian.
    pub fn value_gradient_hessian(INPUTS) -> (f64, [f64; N], [[f64; N]; N]) {
        let (mut g, mut packed, mut h) = ([0.0; N], [0.0; TRIANGLE], [[0.0; N]; N]);
        let value = value_gradient_hessian_into(PASSED, &mut g, &mut packed);
        for i in 0..N {
            for j in 0..=i {
                h[i][j] = packed[i * (i + 1) / 2 + j];
                h[j][i] = h[i][j];
            }
        }
        (value, g, h)
    }

    /// The Hessian.
    pub fn hessian(INPUTS) -> [[f64; N]; N] {
        value_gradient_hessian(PASSED).2
    }

    /// The product of the Hessian with `direction`.
    pub fn hessian_vector(INPUTS, direction: &[f64; N]) -> [f64; N] {
        let mut product = [0.0; N];
        hessian_vector_into(PASSED, direction, &mut product);
        product
    }

    /// The error function with its data bound.
    #[derive(Clone, Copy, Debug)]
    pub struct Surface LIFE { FIELDS }

    /// Binds the data.
    pub fn error_function LIFE(FIELDS) -> Surface LIFE {
        Surface { NAMES }
    }

    impl ErrorFunction for Surface UNNAMED {
        fn dimension(&self) -> usize {
            N
        }
        fn value(&self, w: &[f64]) -> f64 {
            SPLIT
            value(BOUND)
        }
        fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
            SPLIT
            let Some(g) = gradient.first_chunk_mut() else { panic!("one entry per parameter") };
            value_gradient_into(BOUND, g)
        }
        fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
            SPLIT
            let Some(g) = gradient.first_chunk_mut() else { panic!("one entry per parameter") };
            let Some(h) = hessian.first_chunk_mut() else { panic!("one entry per pair") };
            value_gradient_hessian_into(BOUND, g, h)
        }
        fn hessian_vector(&self, w: &[f64], direction: &[f64], product: &mut [f64]) {
            SPLIT
            let Some(direction) = direction.first_chunk() else { panic!("one entry per parameter") };
            let Some(product) = product.first_chunk_mut() else { panic!("one entry per parameter") };
            hessian_vector_into(BOUND, direction, product)
        }
    }
}
"""


def annotated(count):
    """The text of `count` functions under the attribute."""
    return "use hesse::derive_hessian;\n" + "".join(
        numbered(form["annotated"], k) for k, form in forms(count)
    )


def by_hand(count):
    """The text of the same functions, with modules beside them."""
    text = ""
    for k, (name, form) in enumerate(named(count)):
        function = form["annotated"].replace("#[derive_hessian]\n", "").replace("hesse::math::softplus(z)", "z.max(0.0) + (-z.abs()).exp().ln_1p()")
        life = "<'a>" if form["fields"] else ""
        names = ", ".join(field.split(":")[0] for field in form["fields"].split(", ") if field)
        size = form["size"]
        module = MODULE
        for word, replacement in [
            ("INPUTS", form["inputs"]),
            ("VALUE", form["value"]),
            ("GRADIENT", form["gradient"]),
            ("HESSIAN", form["hessian"]),
            ("PASSED", form["passed"]),
            ("TRIANGLE", str(size * (size + 1) // 2)),
            (" LIFE", life),
            (" UNNAMED", "<'_>" if life else ""),
            ("FIELDS", form["fields"]),
            ("NAMES", names),
            ("SPLIT", form["split"]),
            ("BOUND", form["bound"]),
            ("mod @", f"mod {name}@"),
            ("`@`", f"`{name}@`"),
        ]:
            module = module.replace(word, replacement)
        module = module.replace("; N]", f"; {size}]").replace("0..N", f"0..{size}").replace("            N\n", f"            {size}\n")
        text += numbered(function + module, k)
    return text


def named(count):
    names = list(FORMS)
    return [(names[k % len(names)], FORMS[names[k % len(names)]]) for k in range(count)]


def forms(count):
    return enumerate(form for _, form in named(count))


def numbered(text, k):
    """Its number, and a constant of its own, so that no two functions are the same."""
    return text.replace("@", str(k)).replace("#C", f"{1 + 0.01 * k:.2f}")
