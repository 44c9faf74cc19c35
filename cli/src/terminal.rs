//! What the command says beside its answer, on the error stream: notes, progress, and whether in color.

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anstream::{AutoStream, ColorChoice};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

/// Nobody wants to see a bar for less.
const PATIENCE: Duration = Duration::from_secs(1);

/// One process speaks to one terminal, so this is its own.
static QUIET: AtomicBool = AtomicBool::new(false);

/// Says nothing but errors from here on.
pub(crate) fn be_quiet() {
    QUIET.store(true, Ordering::Relaxed);
}

fn is_quiet() -> bool {
    QUIET.load(Ordering::Relaxed)
}

/// Whether errors are written in color: on a terminal, unless `NO_COLOR` or `CLICOLOR=0` say otherwise, and wherever
/// `CLICOLOR_FORCE` asks for it.
pub(crate) fn is_colored() -> bool {
    !matches!(AutoStream::choice(&io::stderr()), ColorChoice::Never)
}

/// A remark for whoever reads along.
pub(crate) fn note(text: &str) {
    if !is_quiet() {
        // Whoever has closed the stream does not want to know.
        let _ = writeln!(io::stderr(), "note: {text}");
    }
}

/// An error, its first word in color where people read it.
pub(crate) fn complain(text: &str) {
    let text = text.trim_end();
    if text.is_empty() {
        return;
    }
    let _ = match text.strip_prefix("error:").filter(|_| is_colored()) {
        Some(rest) => writeln!(io::stderr(), "\x1b[1;31merror\x1b[0m\x1b[1m:\x1b[0m{rest}"),
        None => writeln!(io::stderr(), "{text}"),
    };
}

/// A line on the terminal that says how far something has come, how fast it is and how long it will take; it appears
/// after a second, and never in a pipe.
pub(crate) struct Meter {
    bar: ProgressBar,
    started: Instant,
    is_wanted: bool,
    /// Held by the thread that may begin a new pass.
    pass: Mutex<()>,
}

impl Meter {
    /// Bytes of files that are gone through once; 0 where their number is unknown.
    pub(crate) fn bytes(total: u64) -> Meter {
        Meter::new(total, "reading {bar:30} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left")
    }

    /// Rows that are gone through at every evaluation.
    pub(crate) fn rows(total: u64) -> Meter {
        Meter::new(total, "rows {bar:30} {human_pos}/{human_len}, {rate}, {eta} left {msg}")
    }

    /// Boxes of a search of which nobody knows how many there will be.
    pub(crate) fn boxes() -> Meter {
        Meter::new(0, "{spinner} {human_pos} boxes, {rate}, {msg}, {elapsed}")
    }

    /// Steps of which nobody knows how many there will be.
    pub(crate) fn steps() -> Meter {
        Meter::new(0, "{spinner} {msg}, {rate}, {elapsed}")
    }

    /// A part of the whole that is done.
    pub(crate) fn share(unit: &str) -> Meter {
        Meter::new(1_000_000, &format!("{{bar:30}} {{percent}} %, {{msg}}{unit}, {{elapsed}}, {{eta}} left"))
    }

    fn new(total: u64, template: &str) -> Meter {
        let bar = ProgressBar::with_draw_target((total > 0).then_some(total), ProgressDrawTarget::hidden());
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style.with_key("rate", rate).progress_chars("=> "));
        let is_wanted = io::stderr().is_terminal() && !is_quiet();
        Meter { bar, started: Instant::now(), is_wanted, pass: Mutex::new(()) }
    }

    /// So much more is done; a new pass begins where the last is complete.
    pub(crate) fn add(&self, more: u64) {
        if !self.is_wanted {
            return;
        }
        let Ok(_one) = self.pass.lock() else { return };
        if self.bar.length().is_some_and(|length| self.bar.position() >= length) {
            self.bar.reset();
        }
        // What is done before the bar appears counts for its rate.
        self.bar.inc(more);
        self.appear();
    }

    /// So much is done in all, and what there is to say about it.
    pub(crate) fn set(&self, position: u64, message: String) {
        if self.is_wanted {
            self.bar.set_message(message);
            self.bar.set_position(position);
            self.appear();
        }
    }

    fn appear(&self) {
        if self.bar.is_hidden() && self.started.elapsed() >= PATIENCE {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// So much per second, without digits that nobody reads.
fn rate(state: &ProgressState, text: &mut dyn fmt::Write) {
    // A line that cannot be written is not shown.
    let _ = write!(text, "{:.0}/s", state.per_sec());
}
