//! The little of HTTP that a page on this machine needs: one request, one response, bounded in size and time.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

/// The longest head of a request, in bytes.
const MAX_HEAD: usize = 16 << 10;
const MAX_HEADERS: usize = 64;
/// How long a request may take to come in, and a response to go out.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long, and up to how many bytes, what a refused request still sends is read, so that it sees the refusal.
const LINGER: (Duration, usize) = (Duration::from_secs(1), 16 << 20);

/// A request, with the headers that matter.
#[derive(Debug, Default)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) host: Option<String>,
    pub(super) origin: Option<String>,
    /// `Sec-Fetch-Site`: how the page that asks is related to this server.
    pub(super) site: Option<String>,
    /// The media type of the body, without parameters.
    pub(super) kind: Option<String>,
    pub(super) body: Vec<u8>,
}

/// Why a request is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Refused {
    status: u16,
    reason: &'static str,
}

impl Refused {
    pub(super) fn new(status: u16, reason: &'static str) -> Refused {
        Refused { status, reason }
    }
}

impl Request {
    /// Reads a request with a body of at most `limit` bytes.
    pub(super) fn read(stream: &TcpStream, limit: usize) -> io::Result<Result<Request, Refused>> {
        let mut source = Source { stream, deadline: Instant::now() + PATIENCE };
        let mut bytes = Vec::new();
        let (mut request, length, head) = loop {
            if source.read(&mut bytes, MAX_HEAD)? == 0 {
                return Ok(Err(Refused::new(400, "the request has no end")));
            }
            match Request::head(&bytes, limit) {
                Err(refused) => return Ok(Err(refused)),
                Ok(Some(parts)) => break parts,
                Ok(None) if bytes.len() >= MAX_HEAD => {
                    return Ok(Err(Refused::new(431, "the headers are too long")));
                }
                Ok(None) => {}
            }
        };
        bytes.drain(..head);
        while bytes.len() < length {
            let missing = length - bytes.len();
            if source.read(&mut bytes, missing)? == 0 {
                return Ok(Err(Refused::new(400, "the body is shorter than its length")));
            }
        }
        bytes.truncate(length);
        request.body = bytes;
        Ok(Ok(request))
    }

    /// The head, the length of the body and that of the head; nothing while the head is incomplete.
    fn head(bytes: &[u8], limit: usize) -> Result<Option<(Request, usize, usize)>, Refused> {
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut parsed = httparse::Request::new(&mut headers);
        let end = match parsed.parse(bytes) {
            Ok(httparse::Status::Complete(end)) => end,
            Ok(httparse::Status::Partial) => return Ok(None),
            Err(httparse::Error::TooManyHeaders) => {
                return Err(Refused::new(431, "there are too many headers"));
            }
            Err(_) => return Err(Refused::new(400, "this is no request of HTTP")),
        };
        let mut request = Request {
            method: parsed.method.unwrap_or_default().to_owned(),
            path: parsed.path.unwrap_or_default().to_owned(),
            ..Request::default()
        };
        let mut length = None;
        for header in parsed.headers.iter() {
            let value = std::str::from_utf8(header.value)
                .map_err(|_| Refused::new(400, "a header is not UTF-8 text"))?
                .trim();
            let place = match header.name.to_ascii_lowercase().as_str() {
                "host" => &mut request.host,
                "origin" => &mut request.origin,
                "sec-fetch-site" => &mut request.site,
                "content-type" => &mut request.kind,
                "content-length" => &mut length,
                "transfer-encoding" => return Err(Refused::new(411, "send the length of the body")),
                _ => continue,
            };
            if place.replace(value.to_owned()).is_some() {
                return Err(Refused::new(400, "a header is given twice"));
            }
        }
        let plain = |kind: String| kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        request.kind = request.kind.map(plain);
        let length = match length {
            None if request.method == "POST" => return Err(Refused::new(411, "send the length of the body")),
            None => 0,
            Some(digits) if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                return Err(Refused::new(400, "the length of the body is no number"));
            }
            Some(digits) => match digits.parse::<usize>() {
                Ok(length) if length <= limit => length,
                _ => return Err(Refused::new(413, "the request is too long")),
            },
        };
        Ok(Some((request, length, end)))
    }
}

/// A stream that must have sent everything by a deadline.
struct Source<'a> {
    stream: &'a TcpStream,
    deadline: Instant,
}

impl Source<'_> {
    /// Appends what has come in, at most `limit` bytes; 0 at the end.
    fn read(&mut self, bytes: &mut Vec<u8>, limit: usize) -> io::Result<usize> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.stream.set_read_timeout(Some(left))?;
        let mut buffer = [0; 1 << 13];
        let end = buffer.len().min(limit.max(1));
        let count = self.stream.read(&mut buffer[..end])?;
        bytes.extend_from_slice(&buffer[..count]);
        Ok(count)
    }
}

/// A response.
#[derive(Debug)]
pub(super) struct Response {
    status: u16,
    kind: &'static str,
    body: String,
}

impl Response {
    pub(super) fn of(kind: &'static str, body: String) -> Response {
        Response { status: 200, kind, body }
    }

    pub(super) fn json(body: String) -> Response {
        Response::of("application/json", body)
    }

    pub(super) fn refusal(refused: &Refused) -> Response {
        let body = serde_json::json!({ "refused": "request", "complaints": [{ "message": refused.reason }] });
        Response { status: refused.status, kind: "application/json", body: body.to_string() }
    }

    /// Writes the response, its body only where `has_body`, and closes the connection.
    pub(super) fn write(&self, mut stream: &TcpStream, has_body: bool) -> io::Result<()> {
        let head = format!(
            "HTTP/1.1 {} {}\r\n\
             Content-Type: {}\r\n\
             Content-Length: {}\r\n\
             Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; \
             connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n\
             Cross-Origin-Opener-Policy: same-origin\r\n\
             Cross-Origin-Resource-Policy: same-origin\r\n\
             X-Content-Type-Options: nosniff\r\n\
             Referrer-Policy: no-referrer\r\n\
             Cache-Control: no-store\r\n\
             Connection: close\r\n\r\n",
            self.status,
            phrase(self.status),
            self.kind,
            self.body.len()
        );
        stream.set_write_timeout(Some(PATIENCE))?;
        stream.write_all(head.as_bytes())?;
        if has_body {
            stream.write_all(self.body.as_bytes())?;
        }
        stream.flush()?;
        stream.shutdown(Shutdown::Write)?;
        if self.status != 200 {
            linger(stream);
        }
        Ok(())
    }
}

/// Reads on for a while: a connection closed on unread bytes is reset, and the response with it.
fn linger(stream: &TcpStream) {
    let (time, limit) = LINGER;
    let mut source = Source { stream, deadline: Instant::now() + time };
    let mut rest = Vec::new();
    let mut total = 0;
    while total < limit {
        rest.clear();
        match source.read(&mut rest, usize::MAX) {
            Ok(count) if count > 0 => total += count,
            _ => return,
        }
    }
}

fn phrase(status: u16) -> &'static str {
    match status {
        200 => "OK",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        411 => "Length Required",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        421 => "Misdirected Request",
        431 => "Request Header Fields Too Large",
        _ => "Internal Server Error",
    }
}
