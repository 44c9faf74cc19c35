//! The page of `hesse serve`, and the answers it asks for.
//!
//! A request and its answer are JSON texts; [`answer`] makes the one of the other. It knows no threads, clocks, files
//! or sockets, so that the same page can have its answers from a server or from a module in the browser: whoever
//! calls it says through `go_on` when time has run out.
//!
//! | `ask` | answer | file |
//! |---|---|---|
//! | `derive` | E, gradient and Hessian as MathML; what E offers | `formulas` |
//! | `contour` | values of E on a grid in the plane of two parameters | `contour` |
//! | `point` | the quadratic model at a point, its axes and the kind of point | `point` |
//! | `descend` | the path of a method, what it cost and why it ended | `descent` |
//! | `stationary` | certified stationary points in a box, and what stayed undecided | `stationary` |
//! | `generate` | generated Rust | `code` |

mod code;
mod contour;
mod counted;
mod descent;
mod formulas;
mod page;
mod point;
mod problem;
mod refusal;
mod request;
mod stationary;
mod table;

pub use page::{Asset, asset};

use problem::Problem;
use refusal::Refusal;
use request::Request;
use serde_json::Value;

/// The longest request that is answered, in bytes.
pub const MAX_REQUEST: usize = 4 << 20;

/// The answer to a request.
///
/// A request is an object: `ask` names what is wanted (see the table above), `formula` is the text of the error
/// function, `data` a CSV table of columns it may use. `point` asks for `at`, `descend` for `from` and `method`, a
/// point being one number per parameter in the order of `parameters` in the answer to `derive`. `point` and `contour`
/// ask for `axes` too (two parameters by position, with one parameter twice that one), `contour` besides for `window`
/// (two pairs of bounds) and `size` (columns and rows); `stationary` for `box`, a pair of bounds per parameter.
///
/// What cannot be answered is refused: an object with `refused`, which names the part at fault (`request`, `formula`,
/// `data` or `computation`), and `complaints`, each with a `message` and, in formulas, with `start` and `end` in
/// UTF-16 units, `help` and a `fix`. Numbers that are not finite are null.
///
/// `go_on` is asked between pieces of work; after it has said no, the answer holds what there is and says so (`cut`).
///
/// ```
/// let request = r#"{"ask": "point", "formula": "x^2 - 3*y^2", "at": [0, 0], "axes": [0, 1]}"#;
/// let answer = hesse_explore::answer(request, &mut || true);
/// assert!(answer.contains(r#""kind":"saddle""#) && answer.contains(r#""eigenvalues":[-6.0,2.0]"#));
///
/// let request = r#"{"ask": "derive", "formula": "sqr(x)"}"#;
/// let answer = hesse_explore::answer(request, &mut || true);
/// assert!(answer.starts_with(r#"{"refused":"formula","complaints":[{"message":"unknown function `sqr`""#));
/// ```
#[must_use]
pub fn answer(request: &str, go_on: &mut dyn FnMut() -> bool) -> String {
    answered(request, go_on).unwrap_or_else(|refusal| refusal.json()).to_string()
}

fn answered(request: &str, go_on: &mut dyn FnMut() -> bool) -> Result<Value, Refusal> {
    let request = Request::read(request)?;
    let problem = Problem::read(&request)?;
    match request.text("ask")? {
        "derive" => Ok(formulas::answer(&problem)),
        "contour" => contour::answer(&problem, &request, go_on),
        "point" => point::answer(&problem, &request),
        "descend" => descent::answer(&problem, &request, go_on),
        "stationary" => stationary::answer(&problem, &request, go_on),
        "generate" => Ok(code::answer(&problem)),
        other => Err(Refusal::request(format!("there is nothing to ask called `{other}`"))),
    }
}
