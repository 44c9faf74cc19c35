//! `hesse serve`: the page of `hesse-explore`, on this machine alone.
//!
//! One thread per connection, few connections, each closed after its answer. Whatever a request holds, it gets an
//! answer within the budget and leaves the server as it was.

mod message;

use std::io::{self, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use hesse_explore::{Asset, MAX_REQUEST, answer, asset};

use super::Answer;
use crate::args::Serve;
use crate::failure::Failure;
use crate::input::{duration, read_text};
use message::{Refused, Request, Response};

/// The most connections at a time; a page asks for a handful of things at once.
const MAX_CONNECTIONS: usize = 16;
/// As much as a main thread has, so that depth of nesting means the same here.
const STACK: usize = 8 << 20;

pub(super) fn run(args: &Serve) -> Result<Answer, Failure> {
    let budget = duration("--budget", &args.budget)?;
    let fragment = fragment(args)?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, args.port)).map_err(|error| {
        Failure::computation(format!(
            "cannot listen on port {}: {error}; choose another with `--port`, or leave it out",
            args.port
        ))
    })?;
    let port = listener.local_addr().map_err(Failure::computation)?.port();
    // Whoever started the server without a terminal does not read this.
    let _ = writeln!(io::stdout(), "http://127.0.0.1:{port}/{fragment}\n(Ctrl-C ends it)");
    let _ = io::stdout().flush();
    let open = Arc::new(AtomicUsize::new(0));
    for stream in listener.incoming() {
        let Ok(stream) = stream else {
            // Out of file descriptors, most likely: give others time to close theirs.
            thread::sleep(Duration::from_millis(20));
            continue;
        };
        // More connections wait in the queue of the system.
        while open.load(Ordering::Acquire) >= MAX_CONNECTIONS {
            thread::sleep(Duration::from_millis(5));
        }
        open.fetch_add(1, Ordering::AcqRel);
        let ticket = Ticket(Arc::clone(&open));
        let work = move || {
            let _ticket = ticket;
            // A connection that breaks concerns nobody else.
            let _ = converse(&stream, port, budget);
        };
        // Without a thread the connection is closed, and its ticket given back.
        let _ = thread::Builder::new().stack_size(STACK).spawn(work);
    }
    Ok(String::new().into())
}

/// One connection among those that are open.
struct Ticket(Arc<AtomicUsize>);

impl Drop for Ticket {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

fn converse(stream: &TcpStream, port: u16, budget: Duration) -> io::Result<()> {
    let request = match Request::read(stream, MAX_REQUEST)? {
        Ok(request) => request,
        Err(refused) => return Response::refusal(&refused).write(stream, true),
    };
    let response = respond(&request, stream, port, budget);
    response.unwrap_or_else(|refused| Response::refusal(&refused)).write(stream, request.method != "HEAD")
}

fn respond(request: &Request, stream: &TcpStream, port: u16, budget: Duration) -> Result<Response, Refused> {
    admit(request, port)?;
    match (request.method.as_str(), request.path.as_str()) {
        ("POST", "/answer") => {
            // Forms of other pages cannot send this type without asking first.
            if request.kind.as_deref() != Some("application/json") {
                return Err(Refused::new(415, "expected `Content-Type: application/json`"));
            }
            let text = std::str::from_utf8(&request.body)
                .map_err(|_| Refused::new(400, "the request is not UTF-8 text"))?;
            let start = Instant::now();
            let mut go_on = || start.elapsed() < budget && is_waiting(stream);
            let answer = catch_unwind(AssertUnwindSafe(|| answer(text, &mut go_on)))
                .map_err(|_| Refused::new(500, "this request hit a mistake in Hesse: please report it"))?;
            Ok(Response::json(answer))
        }
        ("GET" | "HEAD", path) => {
            let path = path.split_once('?').map_or(path, |(path, _)| path);
            let Asset { kind, text } =
                asset(path).ok_or_else(|| Refused::new(404, "there is no such page"))?;
            Ok(Response::of(kind, text.to_owned()))
        }
        (_, "/answer") => Err(Refused::new(405, "ask with POST")),
        _ => Err(Refused::new(405, "read with GET")),
    }
}

/// Only the page itself may ask: another name for this machine, or another page, is a stranger's.
fn admit(request: &Request, port: u16) -> Result<(), Refused> {
    let own = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
    let host = request.host.as_deref().unwrap_or_default();
    if !own.iter().any(|own| own.eq_ignore_ascii_case(host)) {
        return Err(Refused::new(421, "this server answers to 127.0.0.1 and localhost alone"));
    }
    let is_own = |origin: &String| {
        origin.strip_prefix("http://").is_some_and(|origin| origin.eq_ignore_ascii_case(host))
    };
    let is_stranger = request.origin.as_ref().is_some_and(|origin| !is_own(origin))
        || (request.method == "POST" && request.site.as_deref().is_some_and(|site| site != "same-origin"));
    if is_stranger {
        return Err(Refused::new(403, "this server answers its own page alone"));
    }
    Ok(())
}

/// Whether somebody still waits for the answer.
fn is_waiting(stream: &TcpStream) -> bool {
    if stream.set_nonblocking(true).is_err() {
        return true;
    }
    let is_closed = matches!(stream.peek(&mut [0]), Ok(0));
    let _ = stream.set_nonblocking(false);
    !is_closed
}

/// The state of the page that shows the given formula and data.
fn fragment(args: &Serve) -> Result<String, Failure> {
    let Some(formula) = &args.formula else { return Ok(String::new()) };
    let path = Path::new(formula);
    let is_file = formula == "-" || path.is_file() || formula.ends_with(".hes");
    let text = if is_file { read_text(path, MAX_REQUEST as u64)? } else { formula.clone() };
    let mut fragment = format!("#f={}", encoded(&text));
    if let Some(data) = &args.data {
        fragment.push_str(&format!("&d={}", encoded(&read_text(data, MAX_REQUEST as u64)?)));
    }
    Ok(fragment)
}

/// Percent-encoded for a fragment.
fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'_' | b'.' | b'~' | b'(' | b')' | b'*' => {
                encoded.push(char::from(byte));
            }
            byte => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}
