//! Every kind of picture, at several sizes and with hard data: what it must contain, in every form.
//!
//! With `HESSE_GALLERY=DIR` set, the pictures are also written there, to be looked at.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::fs;
use std::path::Path as File;

use hesse_pictures::{
    Arms, Band, Canvas, Convergence, Course, Curve, Densities, Density, Fit, Grid, Ink, Kind, Path, Point,
    Profile, Scene, Section, Solver, Spectrum, Surface,
};

/// Writes the picture where somebody wants to look at it, and checks what holds for every one.
fn check(name: &str, draw: impl Fn(&Canvas) -> Scene) -> String {
    for (size, canvas) in [
        ("small", Canvas::page(320.0, 240.0)),
        ("large", Canvas::page(1280.0, 960.0)),
        ("usual", Canvas::page(720.0, 540.0)),
    ] {
        let scene = draw(&canvas);
        let (svg, png) = (scene.to_svg(), scene.to_png(1.0).unwrap());
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{name}");
        assert!(svg.len() < 500_000, "{name} takes {} bytes", svg.len());
        if size == "small" {
            assert_eq!(svg, draw(&canvas).to_svg(), "{name}");
            assert_eq!(png, draw(&canvas).to_png(1.0).unwrap(), "{name}");
        }
        if let Ok(folder) = std::env::var("HESSE_GALLERY") {
            let file = File::new(&folder).join(format!("{name}-{size}"));
            fs::write(file.with_extension("svg"), &svg).unwrap();
            fs::write(
                file.with_extension("png"),
                scene.to_png(if size == "usual" { 2.0 } else { 1.0 }).unwrap(),
            )
            .unwrap();
        }
        assert!(has_white_border(&png), "{name}, {size}: something is cut at the border");
    }
    for (columns, rows) in [(40, 12), (80, 24), (120, 40)] {
        let scene = draw(&Canvas::terminal(columns, rows));
        for ink in [Ink::None, Ink::Indexed, Ink::True] {
            let text = scene.to_terminal(ink);
            assert_eq!(text.lines().count(), rows, "{name}");
            if ink == Ink::None {
                assert!(text.lines().all(|line| line.chars().count() <= columns), "{name}:\n{text}");
                assert!(!text.contains('\u{1b}'), "{name}");
            }
            if let Ok(folder) = std::env::var("HESSE_GALLERY") {
                fs::write(File::new(&folder).join(format!("{name}-{columns}-{ink:?}.txt")), text).unwrap();
            }
        }
    }
    draw(&Canvas::page(720.0, 540.0)).to_svg()
}

/// Whether nothing touches the border of a picture: what does has lost a part beyond it.
fn has_white_border(png: &[u8]) -> bool {
    let picture = tiny_skia::Pixmap::decode_png(png).unwrap();
    let (width, height) = (picture.width(), picture.height());
    let is_white = |x, y| picture.pixel(x, y).is_some_and(|pixel| pixel.demultiply().red() == 255);
    (0..width).all(|x| is_white(x, 0) && is_white(x, height - 1))
        && (0..height).all(|y| is_white(0, y) && is_white(width - 1, y))
}

fn grid(canvas: &Canvas, x: (f64, f64), y: (f64, f64), f: impl FnMut(f64, f64) -> f64) -> Grid {
    let (columns, rows) = Surface::resolution(canvas);
    Grid::of(columns, rows, x, y, f)
}

fn count(svg: &str, class: &str) -> usize {
    svg.matches(&format!("class=\"{class}\"")).count()
}

#[test]
fn a_surface_with_everything() {
    let himmelblau = |x: f64, y: f64| (x * x + y - 11.0).powi(2) + (x + y * y - 7.0).powi(2);
    let at = |kind, x: f64, y: f64| Point { kind, at: [x, y], value: himmelblau(x, y) };
    let svg = check("himmelblau", |canvas| {
        let grid = grid(canvas, (-5.0, 5.0), (-5.0, 5.0), himmelblau);
        let path = Path {
            name: "trust-region".into(),
            points: vec![[0.0, 0.0], [1.5, 0.5], [2.8, 1.6], [3.0, 2.0]],
        };
        Surface {
            paths: vec![path],
            points: vec![
                at(Kind::Minimum, 3.0, 2.0),
                at(Kind::Minimum, -2.805118, 3.131313),
                at(Kind::Minimum, -3.77931, -3.283186),
                at(Kind::Minimum, 3.584428, -1.848127),
                at(Kind::Maximum, -0.270845, -0.923039),
                at(Kind::Saddle, 0.0867, 2.88425),
                at(Kind::Saddle, -3.073, -0.08135),
                at(Kind::Degenerate, -4.8, 4.8),
            ],
            undecided: vec![[[4.0, 4.0], [4.5, 4.7]], [[2.0, -4.0], [2.0, -4.0]]],
            arms: vec![
                Arms { at: [3.0, 2.0], axes: vec![([-0.63, 0.78], 25.7), ([0.78, 0.63], 82.3)] },
                Arms { at: [0.0867, 2.88425], axes: vec![([1.0, 0.0], -31.7), ([0.0, 1.0], 75.5)] },
            ],
            ..Surface::new("Himmelblau's function", ["x", "y"], grid)
        }
        .draw(canvas)
    });
    for (class, number) in
        [("minimum", 4), ("maximum", 1), ("saddle", 2), ("degenerate", 1), ("undecided", 2), ("axes", 4)]
    {
        assert_eq!(count(&svg, class), number, "{class}");
    }
    assert!(count(&svg, "band") > 6 && count(&svg, "path") == 1);
    for text in [">x<", ">y<", ">trust-region<", "minimum at x = 3, y = 2: E = 0", "stroke-dasharray"] {
        assert!(svg.contains(text), "{text}");
    }
}

#[test]
fn a_section_with_everything() {
    let well = |x: f64| x.powi(4) - 3.0 * x * x + x;
    let curve = |f: &dyn Fn(f64) -> f64| {
        let x: Vec<f64> = (0..=400).map(|k| -2.0 + f64::from(k) / 100.0).collect();
        Curve { y: x.iter().map(|&x| f(x)).collect(), x, band: None }
    };
    let at = |kind, x: f64| Point { kind, at: [x, well(x)], value: well(x) };
    let svg = check("section", |canvas| {
        let path = Path { name: "newton".into(), points: [-2.0, -1.5, -1.3].map(|x| [x, well(x)]).to_vec() };
        Section {
            paths: vec![path],
            points: vec![at(Kind::Minimum, -1.3008), at(Kind::Maximum, 0.1699), at(Kind::Minimum, 1.1309)],
            undecided: vec![[-1.8, -1.75]],
            model: Some(curve(&|x| -1.0 - (x - 1.0) + 3.0 * (x - 1.0) * (x - 1.0))),
            center: Some([1.0, -1.0]),
            ..Section::new("A double well", "x", curve(&well))
        }
        .draw(canvas)
    });
    for (class, number) in [("minimum", 2), ("maximum", 1), ("section", 1), ("center", 1), ("undecided", 1)] {
        assert_eq!(count(&svg, class), number, "{class}");
    }
    // Neither poles nor what has no value are drawn through.
    let svg = check("pole", |canvas| Section::new("", "x", curve(&|x| 1.0 / x)).draw(canvas));
    assert_eq!((count(&svg, "section"), count(&svg, "undefined")), (2, 1));
    let svg = check("section-nowhere", |canvas| Section::new("", "x", curve(&|_| f64::NAN)).draw(canvas));
    assert_eq!((count(&svg, "section"), count(&svg, "undefined")), (0, 1));
}

#[test]
fn steep_valleys_show_their_bottoms() {
    let svg = check("rosenbrock", |canvas| {
        let grid =
            grid(canvas, (-2.0, 2.0), (-1.0, 3.0), |x, y| (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2));
        Surface::new("Rosenbrock's valley", ["x", "y"], grid).draw(canvas)
    });
    for level in [">1<", ">10<", ">100<", ">1000<"] {
        assert!(svg.contains(level), "{level}");
    }
    check("lennard-jones", |canvas| {
        let grid = grid(canvas, (-2.0, 2.0), (-2.0, 2.0), |x, y| {
            let r = 1.0 / (x * x + y * y).powi(3);
            4.0 * (r * r - r)
        });
        Surface::new("Lennard-Jones", ["x", "y"], grid).draw(canvas)
    });
    check("pit", |canvas| {
        let grid = grid(canvas, (-2.0, 2.0), (-2.0, 2.0), |x, y| -1.0 / (x.hypot(y) + 1e-9) + 0.1 * x);
        Surface::new("A deep pit", ["x", "y"], grid).draw(canvas)
    });
}

#[test]
fn where_a_surface_is_not_finite_it_says_so() {
    let svg = check("disk", |canvas| {
        let grid = grid(canvas, (-1.5, 1.5), (-1.2, 1.2), |x, y| -(1.0 - x * x - y * y).ln() + x);
        Surface::new("−ln(1 − x² − y²) + x", ["x", "y"], grid).draw(canvas)
    });
    assert!(count(&svg, "undefined") == 1 && svg.contains(">not finite<"));
    let svg = check("half", |canvas| {
        let grid = grid(canvas, (-1e-3, 5e-3), (1e6, 2e6), |x, y| x.ln() * x + (y * 1e-6).sin());
        Surface::new("One-sided", ["a_parameter_with_quite_a_long_name", "another[12,345]"], grid)
            .draw(canvas)
    });
    assert!(svg.contains("10⁶"));
    for (name, value) in [("nowhere", f64::NAN), ("flat", 3.0), ("endless", f64::INFINITY)] {
        let svg = check(name, |canvas| {
            Surface::new(name, ["x", "y"], grid(canvas, (0.0, 1.0), (0.0, 1.0), |_, _| value)).draw(canvas)
        });
        assert_eq!(svg.contains(">E = 3<"), value == 3.0, "{name}");
    }
}

#[test]
fn many_stationary_points_and_many_paths() {
    let egg = |x: f64, y: f64| x.sin() * y.sin();
    let svg = check("eggs", |canvas| {
        let mut points = Vec::new();
        let mut arms = Vec::new();
        for i in -5..=5_i32 {
            for j in -5..=5_i32 {
                let at = [f64::from(i), f64::from(j)].map(|k| std::f64::consts::FRAC_PI_2 * k);
                let kind = match (i.rem_euclid(2), j.rem_euclid(2)) {
                    (1, 1) if egg(at[0], at[1]) < 0.0 => Kind::Minimum,
                    (1, 1) => Kind::Maximum,
                    (0, 0) => Kind::Saddle,
                    _ => continue,
                };
                points.push(Point { kind, at, value: egg(at[0], at[1]) });
                arms.push(Arms { at, axes: vec![([1.0, 0.0], 1.0), ([0.0, 1.0], 1.0)] });
            }
        }
        let paths = (0..7).map(|k| {
            let points =
                (0..30).map(|s| [-8.0 + f64::from(s) * 0.5, f64::from(k) - 3.0 + (f64::from(s) * 0.3).sin()]);
            Path { name: format!("method number {k} of seven"), points: points.collect() }
        });
        let (paths, grid) = (paths.collect(), grid(canvas, (-8.0, 8.0), (-8.0, 8.0), egg));
        Surface { paths, points, arms, ..Surface::new("sin x sin y", ["x", "y"], grid) }.draw(canvas)
    });
    assert_eq!((count(&svg, "path"), count(&svg, "axes")), (7, 0));
}

#[test]
fn spectra_of_few_and_of_many() {
    let svg = check("spectrum", |canvas| {
        let eigenvalues = vec![-31.7, -1e-9, 0.0, 1e-12, 3e-4, 0.7, 75.5, 2e5];
        Spectrum { title: "Eigenvalues at a saddle".into(), eigenvalues }.draw(canvas)
    });
    for (class, number) in [("negative", 2), ("zero", 1), ("positive", 5)] {
        assert_eq!(count(&svg, class), number, "{class}");
    }
    let svg = check("spectrum-many", |canvas| {
        let eigenvalues = (0..325).map(|k| f64::from(k - 20).powi(3) * 1e-4).collect();
        Spectrum { title: "325 weights".into(), eigenvalues }.draw(canvas)
    });
    assert_eq!(count(&svg, "positive") + count(&svg, "negative") + count(&svg, "zero"), 325);
    check("spectrum-one", |canvas| Spectrum { title: String::new(), eigenvalues: vec![2.0] }.draw(canvas));
    check("spectrum-none", |canvas| Spectrum { title: String::new(), eigenvalues: Vec::new() }.draw(canvas));
}

#[test]
fn convergence_of_several() {
    let svg = check("convergence", |canvas| {
        let slow = Course {
            name: "gradient-descent".into(),
            values: (0..400).map(|k| 24.0 * 0.97_f64.powi(k) + 1e-9).collect(),
            slopes: (0..400).map(|k| 200.0 * 0.985_f64.powi(k)).collect(),
        };
        let fast = Course {
            name: "trust-region".into(),
            values: vec![24.2, 4.7, 4.0, 1.9, 0.6, 0.1, 3e-3, 2e-7, 1e-16, 0.0],
            slopes: vec![232.0, 4.0, 12.0, 3.0, 2.0, 0.8, 0.1, 1e-3, 1e-8, 0.0],
        };
        let lost = Course {
            name: "momentum".into(),
            values: vec![24.2, 1e9, f64::NAN],
            slopes: vec![1.0, 1e12, f64::INFINITY],
        };
        Convergence { title: "Three ways down".into(), courses: vec![slow, fast, lost] }.draw(canvas)
    });
    assert!(svg.contains(">accepted step, logarithmic<") && svg.contains("stroke-dasharray"));
    check("convergence-none", |canvas| {
        Convergence { title: String::new(), courses: Vec::new() }.draw(canvas)
    });
}

#[test]
fn fits_with_a_band_and_without_a_curve() {
    let x: Vec<f64> = (0..14).map(|k| 77.0 + 50.0 * f64::from(k)).collect();
    let model = |x: f64| 239.0 * (1.0 - (-5.5e-4 * x).exp());
    let residuals: Vec<f64> = (0..14).map(|k| 0.1 * f64::from(k * 7 % 5 - 2)).collect();
    let observed: Vec<f64> = x.iter().zip(&residuals).map(|(x, r)| model(*x) + r).collect();
    let svg = check("fit", |canvas| {
        let fine: Vec<f64> = (0..200).map(|k| 50.0 + 4.0 * f64::from(k)).collect();
        let curve = Curve {
            y: fine.iter().map(|x| model(*x)).collect(),
            band: Some(Band {
                name: "95 % confidence".into(),
                half_widths: fine.iter().map(|x| 1.0 + 1e-5 * (x - 400.0).powi(2)).collect(),
            }),
            x: fine,
        };
        let (at, observed, residuals) = (x.clone(), observed.clone(), residuals.clone());
        let labels = ["x", "y"].map(str::to_owned);
        Fit { title: "misra1a".into(), labels, at, observed, residuals, curve: Some(curve) }.draw(canvas)
    });
    for (class, number) in [("observation", 14), ("residual", 14), ("curve", 1)] {
        assert_eq!(count(&svg, class), number, "{class}");
    }
    let svg = check("fit-fitted", |canvas| {
        let (at, observed, residuals) =
            (x.iter().map(|x| model(*x)).collect(), observed.clone(), residuals.clone());
        let labels = ["fitted y", "y"].map(str::to_owned);
        Fit { title: "misra1a".into(), labels, at, observed, residuals, curve: None }.draw(canvas)
    });
    assert!(svg.contains(">observed = fitted<"));
    check("fit-many", |canvas| {
        let at: Vec<f64> = (0..3000).map(f64::from).collect();
        let residuals: Vec<f64> = at.iter().map(|x| (x * 0.7).sin()).collect();
        let labels = ["a column with a very long name that goes on and on", "y"].map(str::to_owned);
        Fit { title: "Many".into(), labels, at, observed: residuals.clone(), residuals, curve: None }
            .draw(canvas)
    });
}

#[test]
fn densities_beside_their_spectra() {
    let row = |name: &str, eigenvalues: Vec<f64>| {
        let weights = vec![1.0 / eigenvalues.len().max(1) as f64; eigenvalues.len()];
        Density { name: name.into(), nodes: eigenvalues.clone(), eigenvalues, weights }
    };
    let bowl: Vec<f64> = (0..325).map(|k| 10f64.powf(f64::from(k * 37 % 325) / 80.0 - 2.0)).collect();
    let saddle: Vec<f64> = (0..67).map(|k| (f64::from(k) - 20.5) * 0.3).collect();
    let rows = [row("wide", bowl), row("narrow", saddle)];
    let svg = check("densities", |canvas| {
        Densities { title: "Two networks".into(), rows: rows.to_vec() }.draw(canvas)
    });
    assert!(svg.contains(">wide: 325 curvatures from 0.01 to ") && svg.contains(">negative ones<"));
    assert_eq!((count(&svg, "density"), count(&svg, "exact")), (3, 3));
    for (name, eigenvalues) in [
        ("densities-none", vec![]),
        ("densities-one", vec![2.0]),
        ("densities-hard", vec![0.0, f64::NAN, f64::INFINITY, -1e-300, 1e300, f64::MIN_POSITIVE]),
        ("densities-zero", vec![0.0, 0.0]),
    ] {
        let rows = vec![row(name, eigenvalues)];
        check(name, |canvas| Densities { title: String::new(), rows: rows.clone() }.draw(canvas));
    }
}

#[test]
fn short_and_long_descents_share_an_axis() {
    let course = |name: &str, steps: i32, rate: f64| Course {
        name: name.into(),
        values: (0..=steps).map(|k| 24.0 * rate.powi(k)).collect(),
        slopes: (0..=steps).map(|k| 200.0 * rate.powi(k)).collect(),
    };
    let svg_of = |name: &str, steps: i32| {
        check(name, |canvas| {
            let courses = vec![course("newton", 12, 0.1), course("gradient-descent", steps, 0.998)];
            Convergence { title: "Two ways down".into(), courses }.draw(canvas)
        })
    };
    let svg = svg_of("convergence-long", 10_000);
    for text in [">accepted step, logarithmic<", ">0<", ">1<", ">10<", ">10000<"] {
        assert!(svg.contains(text), "{text}");
    }
    // Half of the width is for the first hundred steps: those of the fast one are apart.
    let places: Vec<f64> = (svg.split("cx=\"").skip(1))
        .filter_map(|rest| rest.split('"').next()?.parse().ok())
        .take(13)
        .collect();
    assert!(places.len() == 13 && places[12] - places[0] > 100.0, "{places:?}");
    assert!(svg_of("convergence-alike", 200).contains(">accepted step<"));
}

#[test]
fn a_path_of_many_steps_takes_what_can_be_seen_of_it() {
    // To and fro across a valley, ever closer to its middle line, as gradient descent does.
    let valley = |steps: i32| {
        let place = |k: i32| {
            let part = f64::from(k) / f64::from(steps);
            let side = if k % 2 == 0 { 0.3 } else { -0.3 };
            [-1.8 + 3.6 * part, (0.7 - part * part) + side * (1.0 - part)]
        };
        Path { name: "gradient-descent".into(), points: (0..=steps).map(place).collect() }
    };
    let draw = |steps: i32, canvas: &Canvas| {
        let grid = grid(canvas, (-2.0, 2.0), (-1.5, 1.5), |x, y| x * x + 50.0 * y * y);
        Surface { paths: vec![valley(steps)], ..Surface::new("A valley", ["x", "y"], grid) }.draw(canvas)
    };
    let canvas = Canvas::page(720.0, 540.0);
    let bare = {
        let grid = grid(&canvas, (-2.0, 2.0), (-1.5, 1.5), |x, y| x * x + 50.0 * y * y);
        Surface::new("A valley", ["x", "y"], grid).draw(&canvas).to_svg().len()
    };
    let svg = check("path-long", |canvas| draw(10_000, canvas));
    assert!(svg.len() - bare < 150_000, "the path takes {} bytes", svg.len() - bare);
    for note in ["start", "step 10000"] {
        assert!(svg.contains(note), "{note}");
    }
    // A short path is drawn step by step.
    assert_eq!(count(&draw(30, &canvas).to_svg(), "step"), 31);
}

#[test]
fn profiles_of_solvers() {
    let solver = |name: &str, factor: f64| {
        let cost = |k: i32| if k % 7 == 3 { f64::INFINITY } else { 10.0 + factor * f64::from(k * 13 % 29) };
        let costs: Vec<f64> = (0..60).map(cost).collect();
        Solver { name: name.into(), costs: vec![costs.clone(), costs] }
    };
    let measures = ["evaluations", "iterations"].map(str::to_owned).to_vec();
    let solvers: Vec<Solver> = (1..7).map(|k| solver(&format!("solver {k}"), f64::from(k))).collect();
    let svg = check("profiles", |canvas| {
        let title = "Sixty problems".to_owned();
        Profile { title, measures: measures.clone(), solvers: solvers.clone() }.draw(canvas)
    });
    assert_eq!(count(&svg, "profile"), 12);
    let odd = vec![
        Solver { name: "none".into(), costs: vec![] },
        Solver { name: "odd".into(), costs: vec![vec![0.0, f64::NAN, -1.0, f64::INFINITY]] },
    ];
    for solvers in [vec![], odd] {
        check("profiles-odd", |canvas| {
            Profile { title: String::new(), measures: measures.clone(), solvers: solvers.clone() }
                .draw(canvas)
        });
    }
}

#[test]
fn the_labels_of_both_axes_of_a_terminal_stay_apart() {
    for [columns, rows] in [[40, 10], [60, 15], [80, 24]] {
        let saddle = Grid::of(40, 20, (-1.0, 1.0), (-1.0, 1.0), |x, y| x * x - y * y);
        let scene = Surface::new("", ["x", "y"], saddle).draw(&Canvas::terminal(columns, rows));
        let text = scene.to_terminal(Ink::None);
        // The lowest of y, and the leftmost of x in the line below.
        let lines = text.lines().filter(|line| line.trim_start().starts_with("−1")).count();
        assert_eq!(lines, 2, "{text}");
    }
}
