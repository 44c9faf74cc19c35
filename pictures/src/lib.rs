//! Pictures of error surfaces and their sections, spectra, descents and fits.
//!
//! Data becomes a [`Scene`], and a scene becomes SVG, PNG or text for the terminal:
//!
//! | what | file |
//! |---|---|
//! | what a picture shows, and how it is laid out | `surface`, `section`, `spectrum`, `convergence`, `fit` |
//! | stationary points and ways down | `points` |
//! | levels, and the regions above them | `levels`, `contours` |
//! | axes with ticks, legends | `axis`, `panel`, `legend` |
//! | areas, lines, symbols and text at places | `scene` |
//! | a scene as a file or on a screen | `svg`, `png`, `terminal` |
//!
//! Nothing here evaluates or derives anything: numbers come in, pictures go out. The same numbers give the same bytes.
//!
//! ```
//! use hesse_pictures::{Canvas, Spectrum};
//!
//! let spectrum = Spectrum { title: "A saddle".into(), eigenvalues: vec![-2.0, 0.5, 300.0] };
//! let scene = spectrum.draw(&Canvas::page(480.0, 320.0));
//! assert!(scene.to_svg().starts_with("<svg "));
//! assert!(scene.to_png(2.0)?.starts_with(b"\x89PNG"));
//! # Ok::<(), hesse_pictures::PictureError>(())
//! ```

mod axis;
mod canvas;
mod color;
mod contours;
mod convergence;
mod face;
mod fit;
mod legend;
mod levels;
mod panel;
mod png;
mod points;
mod scene;
mod section;
mod spectrum;
mod surface;
mod svg;
mod terminal;

pub use canvas::Canvas;
pub use convergence::{Convergence, Course};
pub use fit::{Band, Curve, Fit};
pub use png::PictureError;
pub use points::{Kind, Path, Point};
pub use scene::Scene;
pub use section::Section;
pub use spectrum::Spectrum;
pub use surface::{Arms, Grid, Surface};
pub use terminal::Ink;
