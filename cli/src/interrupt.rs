//! Ctrl-C: a descent leaves the best point so far, a search what it has found, and the prompt stays.

use std::io::{self, IsTerminal, Write};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, Once, PoisonError};

use serde_json::{Map, Value, json};

/// What shells call a program that was interrupted.
pub(crate) const EXIT_CODE: u8 = 130;

/// Signals come to the process, so what they find is its own.
static STATE: Mutex<State> = Mutex::new(State { best: None, is_prompt: false });
static IS_PRESSED: AtomicBool = AtomicBool::new(false);
static HANDLER: Once = Once::new();

struct State {
    best: Option<Best>,
    /// Whether a prompt waits for the end of what is interrupted.
    is_prompt: bool,
}

/// The lowest point that a descent has seen.
#[derive(Clone, Debug)]
pub(crate) struct Best {
    pub(crate) names: Vec<String>,
    pub(crate) w: Vec<f64>,
    pub(crate) value: f64,
    pub(crate) iterations: usize,
    pub(crate) is_json: bool,
}

impl Best {
    /// In the form that `--at` and `--from` read, or for a JSON file that they read.
    fn text(&self) -> String {
        let coordinates = self.names.iter().zip(&self.w);
        if self.is_json {
            let object: Map<String, Value> = coordinates.map(|(name, &w)| (name.clone(), json!(w))).collect();
            return format!("{:#}\n", Value::Object(object));
        }
        let coordinates: Vec<String> = coordinates.map(|(name, w)| format!("{name}={w}")).collect();
        format!("{}\n", coordinates.join(","))
    }
}

fn state() -> std::sync::MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From here on Ctrl-C ends what runs, not the prompt that waits for it.
pub(crate) fn keep_prompt() {
    state().is_prompt = true;
}

/// Watches for Ctrl-C, which then makes [`pressed`] say `Break`.
pub(crate) fn watch() {
    IS_PRESSED.store(false, Ordering::Relaxed);
    HANDLER.call_once(|| {
        // Without a handler Ctrl-C does what it does anyway.
        let _ = ctrlc::set_handler(handle);
    });
}

/// Whether to go on.
pub(crate) fn pressed() -> ControlFlow<()> {
    if IS_PRESSED.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

/// Remembers a point for whoever presses Ctrl-C, if it is lower than the last.
pub(crate) fn remember(point: Best) {
    let mut state = state();
    if state.best.as_ref().is_none_or(|best| point.value < best.value) {
        state.best = Some(point);
    }
}

/// Nothing is left to say about the descent that was watched.
pub(crate) fn forget() {
    state().best = None;
}

fn handle() {
    let is_second = IS_PRESSED.swap(true, Ordering::Relaxed);
    let state = state();
    match &state.best {
        _ if state.is_prompt && !is_second => {}
        // An evaluation may take minutes: nobody who presses Ctrl-C wants to wait for its end.
        Some(best) => {
            let line = if io::stderr().is_terminal() { "\r\x1b[K" } else { "" };
            let _ = io::stdout().write_all(best.text().as_bytes());
            let _ = writeln!(
                io::stderr(),
                "{line}interrupted after {} iterations, where E = {}: the best point so far is printed; go on with `--from`",
                best.iterations,
                best.value
            );
            std::process::exit(i32::from(EXIT_CODE));
        }
        None if is_second => std::process::exit(i32::from(EXIT_CODE)),
        None => {}
    }
}
