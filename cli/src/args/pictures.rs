//! Arguments of what people look at.

use std::path::PathBuf;

use clap::Args as Group;

use super::{Estimates, From, Method, Noise};

#[derive(Clone, Debug, Group)]
pub(crate) struct Plot {
    #[command(flatten)]
    pub(crate) from: From,

    /// Point to look at in place of where the descent ends, written like a starting point
    #[arg(long, value_name = "POINT", allow_hyphen_values = true)]
    pub(crate) at: Option<String>,

    /// Axes: two parameters, such as x,w[3], or the ranks of two eigenvalues, such as 1,2; with one of them, E along it as a curve
    #[arg(long, value_name = "AXES")]
    pub(crate) axes: Option<String>,

    /// Part of the surface to draw: `x=-5..5,y=0..1`, or `-5..5` along both axes
    #[arg(long = "box", value_name = "BOX", allow_hyphen_values = true)]
    pub(crate) region: Option<String>,

    /// Boxes to spend on the search for stationary points, 0 for none [default: 20000 for two parameters, fewer for slices]
    #[arg(long, value_name = "COUNT")]
    pub(crate) boxes: Option<usize>,

    /// Further methods whose descents to draw
    #[arg(long, value_name = "METHOD,…", value_enum, value_delimiter = ',', requires = "from")]
    pub(crate) compare: Vec<Method>,

    /// Draw the eigenvalues of the Hessian
    #[arg(long, group = "picture")]
    pub(crate) spectrum: bool,

    /// Draw E and its slope, step by step
    #[arg(long, group = "picture")]
    pub(crate) convergence: bool,

    /// Draw data, fit and residuals
    #[arg(long, group = "picture")]
    pub(crate) fit: bool,

    #[command(flatten)]
    pub(crate) noise: Noise,

    /// Width and height: pixels of a file [default: 720x540, drawn twice as fine in a PNG], characters of a terminal
    #[arg(long, value_name = "WxH")]
    pub(crate) size: Option<String>,

    /// Title, in place of the formula
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,

    /// File to write, *.svg or *.png; the terminal unless given
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Clone, Debug, Group)]
pub(crate) struct Report {
    #[command(flatten)]
    pub(crate) from: From,

    #[command(flatten)]
    pub(crate) estimates: Estimates,

    /// Title, in place of the formula
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,

    /// File to write
    #[arg(short, long, value_name = "FILE.html")]
    pub(crate) output: PathBuf,
}

#[derive(Clone, Debug, Group)]
pub(crate) struct Serve {
    /// Formula to begin with: a file (*.hes), `-` for standard input, or the text itself
    #[arg(allow_hyphen_values = true)]
    pub(crate) formula: Option<String>,

    /// CSV file to begin with
    #[arg(long, value_name = "FILE", requires = "formula")]
    pub(crate) data: Option<PathBuf>,

    /// Port to listen on; a free one unless given
    #[arg(long, value_name = "NUMBER", default_value_t = 0, hide_default_value = true)]
    pub(crate) port: u16,

    /// Time for one answer, after which it holds what was found so far
    #[arg(long, value_name = "TIME", default_value = "5s")]
    pub(crate) budget: String,
}
