//! The page: hand-written files, part of the program.

/// A file of the page.
///
/// ```
/// let page = hesse_explore::asset("/").unwrap();
/// assert!(page.kind.starts_with("text/html") && page.text.contains("<script"));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Asset {
    /// The media type.
    pub kind: &'static str,
    /// The content.
    pub text: &'static str,
}

const HTML: &str = "text/html; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const PICTURE: &str = "image/svg+xml";

macro_rules! assets {
    ($($path:literal $kind:ident $file:literal)*) => {
        const ASSETS: &[(&str, Asset)] =
            &[$(($path, Asset { kind: $kind, text: include_str!(concat!("../page/", $file)) })),*];
    };
}

assets! {
    "/" HTML "index.html"
    "/page.css" STYLE "page.css"
    "/mark.svg" PICTURE "mark.svg"
    "/main.js" SCRIPT "main.js"
    "/ask.js" SCRIPT "ask.js"
    "/pending.js" SCRIPT "pending.js"
    "/state.js" SCRIPT "state.js"
    "/examples.js" SCRIPT "examples.js"
    "/descents.js" SCRIPT "descents.js"
    "/parameters.js" SCRIPT "parameters.js"
    "/editor.js" SCRIPT "editor.js"
    "/plot.js" SCRIPT "plot.js"
    "/contour.js" SCRIPT "contour.js"
    "/marks.js" SCRIPT "marks.js"
    "/results.js" SCRIPT "results.js"
    "/numbers.js" SCRIPT "numbers.js"
}

/// The file of the page at a path, which begins with a slash; `/` is the page itself.
///
/// ```
/// let page = hesse_explore::asset("/").map(|page| page.kind);
/// assert_eq!(page, Some("text/html; charset=utf-8"));
/// assert_eq!(hesse_explore::asset("/../Cargo.toml"), None);
/// ```
#[must_use]
pub fn asset(path: &str) -> Option<Asset> {
    ASSETS.iter().find(|(known, _)| *known == path).map(|(_, asset)| *asset)
}
