//! Where a picture goes, how large it is, and in which colors.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use hesse_data::write_whole;
use hesse_pictures::{Canvas, Ink, Scene};

use crate::args::Plot;
use crate::failure::Failure;
use crate::input::reason;

/// Pixels of PNG per pixel of CSS where no size is asked for: enough for print and for screens of high density.
const DENSITY: f64 = 2.0;

/// Fewer pixels of a file have no room for axes.
const LEAST_PAGE: (usize, usize) = (160, 160);
/// Fewer characters of a terminal have none.
const LEAST_TERMINAL: (usize, usize) = (40, 12);

/// A file, or the terminal.
pub(crate) struct Output {
    target: Target,
    pub(crate) canvas: Canvas,
    /// Pixels of PNG per unit of the canvas.
    density: f64,
}

enum Target {
    Terminal,
    Svg(PathBuf),
    Png(PathBuf),
}

impl Output {
    /// What the arguments ask for; a file says by its name what it is.
    pub(super) fn of(args: &Plot) -> Result<Output, Failure> {
        let least = if args.output.is_some() { LEAST_PAGE } else { LEAST_TERMINAL };
        let size = args.size.as_deref().map(|text| size(text, least)).transpose()?;
        let Some(path) = &args.output else {
            let (columns, rows) = size.unwrap_or_else(terminal);
            let canvas = Canvas::terminal(columns, rows);
            return Ok(Output { target: Target::Terminal, canvas, density: 1.0 });
        };
        let (width, height) = size.unwrap_or((720, 540));
        let canvas = Canvas::page(width as f64, height as f64);
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
        let target = match extension.as_deref() {
            Some("svg") => Target::Svg(path.clone()),
            Some("png") => Target::Png(path.clone()),
            _ => {
                return Err(Failure::input(format!(
                    "`{}` is no name for a picture: end it with `.svg` or `.png`",
                    path.display()
                )));
            }
        };
        // Who says the size means the pixels of the file.
        let density = if size.is_some() { 1.0 } else { DENSITY };
        Ok(Output { target, canvas, density })
    }

    /// Writes the picture; what is to be printed.
    pub(super) fn write(&self, scene: &Scene) -> Result<String, Failure> {
        match &self.target {
            Target::Terminal => return Ok(scene.to_terminal(ink())),
            Target::Svg(path) => write(path, scene.to_svg().as_bytes())?,
            Target::Png(path) => write(path, &scene.to_png(self.density).map_err(Failure::input)?)?,
        }
        Ok(String::new())
    }
}

pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    write_whole(path, bytes)
        .map_err(|error| Failure::input(format!("cannot write `{}`: {}", path.display(), reason(&error))))
}

fn size(text: &str, least: (usize, usize)) -> Result<(usize, usize), Failure> {
    let sides =
        text.split_once(['x', '×']).map(|(width, height)| (width.trim().parse(), height.trim().parse()));
    match sides {
        Some((Ok(width), Ok(height))) if (1..=8192).contains(&width) && (1..=8192).contains(&height) => {
            if width < least.0 || height < least.1 {
                return Err(Failure::input(format!(
                    "`{text}` in `--size` is too small for a picture: write `--size {}x{}` or more",
                    least.0, least.1
                )));
            }
            Ok((width, height))
        }
        _ => Err(Failure::input(format!(
            "`{text}` in `--size` is no size: write `--size 720x540` for pixels, or `--size 100x30` for characters of the terminal, 8192 at most"
        ))),
    }
}

/// Columns and rows of the terminal, as the shell says them.
fn terminal() -> (usize, usize) {
    let side = |name: &str, usual: usize| {
        std::env::var(name).ok().and_then(|text| text.parse().ok()).filter(|side| *side > 0).unwrap_or(usual)
    };
    // One line less, so that the prompt does not push the title out.
    (side("COLUMNS", 80), side("LINES", 25).saturating_sub(1))
}

/// Colors where people see them, unless they said otherwise.
fn ink() -> Ink {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_forced =
        is_set("CLICOLOR_FORCE") && std::env::var_os("CLICOLOR_FORCE").is_some_and(|value| value != "0");
    if is_set("NO_COLOR") || !(is_forced || io::stdout().is_terminal()) {
        return Ink::None;
    }
    match std::env::var("COLORTERM").as_deref() {
        Ok("truecolor" | "24bit") => Ink::True,
        _ => Ink::Indexed,
    }
}
