//! `hesse serve` under friendly and hostile requests.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

/// A server that ends with the test.
struct Server {
    child: Child,
    port: String,
    fragment: String,
}

impl Server {
    fn start(args: &[&str]) -> Server {
        let mut child = Command::new(env!("CARGO_BIN_EXE_hesse"))
            .arg("serve")
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let (port, fragment) =
            line.trim_end().strip_prefix("http://127.0.0.1:").unwrap().split_once('/').unwrap();
        Server { child, port: port.to_owned(), fragment: fragment.to_owned() }
    }

    /// Status and text of what the server sends back.
    fn send(&self, bytes: &[u8]) -> (u16, String) {
        let mut stream = TcpStream::connect(format!("127.0.0.1:{}", self.port)).unwrap();
        // A server that refuses early may close before everything is written.
        let _ = stream.write_all(bytes);
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let status = text.split(' ').nth(1).map_or(0, |status| status.parse().unwrap());
        (status, text)
    }

    fn request(&self, line: &str, headers: &[&str], body: &[u8]) -> (u16, String) {
        let mut bytes = format!("{line} HTTP/1.1\r\n").into_bytes();
        for header in headers {
            bytes.extend(format!("{}\r\n", header.replace("PORT", &self.port)).bytes());
        }
        bytes.extend(b"\r\n");
        bytes.extend(body);
        self.send(&bytes)
    }

    /// A question of the page itself.
    fn ask(&self, request: &Value) -> Value {
        let body = request.to_string();
        let length = format!("Content-Length: {}", body.len());
        let headers = [
            "Host: localhost:PORT",
            "Origin: http://localhost:PORT",
            "Content-Type: application/json",
            &length,
        ];
        let (status, text) = self.request("POST /answer", &headers, body.as_bytes());
        assert_eq!(status, 200, "{text}");
        serde_json::from_str(text.split_once("\r\n\r\n").unwrap().1).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const HOST: &str = "Host: 127.0.0.1:PORT";
const KIND: &str = "Content-Type: application/json";

#[test]
fn serves_the_page_and_its_answers() {
    let server = Server::start(&["x^2 + 1", "--port", "0"]);
    assert_eq!(server.fragment, "#f=x%5E2%20%2B%201");
    let (status, text) = server.request("GET /", &[HOST], b"");
    assert_eq!(status, 200);
    assert!(text.contains("Content-Security-Policy: default-src 'none'") && text.contains("<!doctype html>"));
    let (status, text) = server.request("HEAD /main.js?1", &[HOST], b"");
    assert!(status == 200 && text.ends_with("\r\n\r\n"), "{text}");
    let found = server.ask(&json!({"ask": "point", "formula": "x^2 - y^2", "at": [0, 0], "axes": [0, 1]}));
    assert_eq!(found["kind"], "saddle");
}

#[test]
fn strangers_are_refused() {
    let server = Server::start(&[]);
    let post = |headers: &[&str]| {
        let mut all = vec![KIND, "Content-Length: 2"];
        all.extend(headers);
        server.request("POST /answer", &all, b"{}").0
    };
    assert_eq!(post(&[HOST]), 200);
    assert_eq!(post(&[HOST, "Origin: http://127.0.0.1:PORT", "Sec-Fetch-Site: same-origin"]), 200);
    // Another name that leads here, as after rebinding in the DNS.
    assert_eq!(post(&["Host: example.com:PORT"]), 421);
    assert_eq!(post(&["Host: 127.0.0.1"]), 421);
    assert_eq!(post(&[]), 421);
    assert_eq!(post(&[HOST, "Origin: http://example.com"]), 403);
    assert_eq!(post(&[HOST, "Origin: null"]), 403);
    assert_eq!(post(&[HOST, "Origin: http://127.0.0.1:1"]), 403);
    assert_eq!(post(&[HOST, "Origin: https://127.0.0.1:PORT"]), 403);
    assert_eq!(post(&[HOST, "Sec-Fetch-Site: cross-site"]), 403);
    assert_eq!(post(&[HOST, HOST]), 400);
    let (status, _) = server.request("GET /", &["Host: example.com"], b"");
    assert_eq!(status, 421);
    let form = [HOST, "Content-Type: text/plain", "Content-Length: 2"];
    assert_eq!(server.request("POST /answer", &form, b"{}").0, 415);
}

#[test]
fn nothing_that_is_sent_ends_the_server() {
    let server = Server::start(&[]);
    assert_eq!(server.send(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n").0, 400);
    assert_eq!(server.request("GET /../../etc/passwd", &[HOST], b"").0, 404);
    assert_eq!(server.request("DELETE /", &[HOST], b"").0, 405);
    assert_eq!(server.request("GET /answer", &[HOST], b"").0, 404);
    assert_eq!(server.request("POST /answer", &[HOST, KIND], b"").0, 411);
    assert_eq!(
        server.request("POST /answer", &[HOST, KIND, "Transfer-Encoding: chunked"], b"0\r\n\r\n").0,
        411
    );
    assert_eq!(
        server.request("POST /answer", &[HOST, KIND, "Content-Length: 99999999999999999999"], b"").0,
        413
    );
    assert_eq!(
        server.request("POST /answer", &[HOST, KIND, "Content-Length: 5000000"], &[b' '; 5_000_000]).0,
        413
    );
    assert_eq!(server.request("POST /answer", &[HOST, KIND, "Content-Length: -1"], b"").0, 400);
    assert_eq!(server.request("POST /answer", &[HOST, KIND, "Content-Length: 2"], b"\xff\xff").0, 400);
    let long = format!("X: {}", "x".repeat(40_000));
    assert_eq!(server.request("GET /", &[HOST, &long], b"").0, 431);
    let many = vec!["X: 1"; 100];
    assert_eq!(server.request("GET /", &many, b"").0, 431);
    // A body that does not come, from somebody who goes away.
    let mut stream = TcpStream::connect(format!("127.0.0.1:{}", server.port)).unwrap();
    stream.write_all(format!("POST /answer HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n", server.port).as_bytes()).unwrap();
    drop(stream);
    for formula in ["((((", "sum(i in 0..1000000000, x)", "x/0", "1e999*x", "param w[99999999]\nw[0]"] {
        for ask in ["derive", "point", "generate"] {
            let _ = server.ask(&json!({"ask": ask, "formula": formula, "at": [0], "axes": [0, 0]}));
        }
    }
    assert_eq!(
        server.ask(&json!({"ask": "point", "formula": "x^2", "at": [0], "axes": [0, 0]}))["kind"],
        "minimum"
    );
}

#[test]
fn a_search_beyond_the_budget_is_cut_and_says_so() {
    // Every point of a circle is stationary: no time is enough.
    let server = Server::start(&["--budget", "50ms"]);
    let found =
        server.ask(&json!({"ask": "stationary", "formula": "(x^2 + y^2 - 1)^2", "box": [[-2, 2], [-2, 2]]}));
    assert_eq!(found["cut"], true);
    let decided = found["decided"].as_f64().unwrap();
    assert!((0.0..1.0).contains(&decided), "{decided}");
}
