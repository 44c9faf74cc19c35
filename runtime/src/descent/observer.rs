//! Watching a descent, and ending it early.

use std::ops::ControlFlow;

/// The state of a descent before its next step.
///
/// ```
/// use std::ops::ControlFlow;
///
/// use hesse_runtime::descent::{Method, Progress, TrustRegion};
/// # mod surface {
/// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/bowl.rs"));
/// # }
/// # use surface::*;
///
/// let mut values = Vec::new();
/// TrustRegion::default().minimize_observed(&Bowl, &[3.0, 1.0], &mut |progress: &Progress<'_>| {
///     values.push(progress.value);
///     ControlFlow::Continue(())
/// })?;
/// assert!(values[0] == 13.0 && values.is_sorted_by(|before, after| before >= after));
/// # Ok::<(), hesse_runtime::descent::DescentError>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Progress<'a> {
    /// The number of steps tried so far.
    pub iteration: usize,
    /// The iterate.
    pub w: &'a [f64],
    /// E there.
    pub value: f64,
    /// ∇E there.
    pub gradient: &'a [f64],
    /// The trust region's radius in scaled parameters, or the length of the last step of a line search.
    pub radius: f64,
}

/// Is told of every iterate, the start included; every `FnMut(&Progress) -> ControlFlow<()>` is one, and
/// `()` is the one that looks away.
///
/// ```
/// use std::ops::ControlFlow;
///
/// use hesse_runtime::descent::{Observer, Progress};
///
/// /// Ends a descent that has come low enough.
/// struct Below(f64);
///
/// impl Observer for Below {
///     fn observe(&mut self, progress: &Progress<'_>) -> ControlFlow<()> {
///         if progress.value < self.0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
///     }
/// }
/// ```
pub trait Observer {
    /// Looks at an iterate; `Break` ends the descent with [`Status::Stopped`](super::Status::Stopped).
    fn observe(&mut self, progress: &Progress<'_>) -> ControlFlow<()>;
}

impl Observer for () {
    fn observe(&mut self, _progress: &Progress<'_>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

impl<F: FnMut(&Progress<'_>) -> ControlFlow<()>> Observer for F {
    fn observe(&mut self, progress: &Progress<'_>) -> ControlFlow<()> {
        self(progress)
    }
}
