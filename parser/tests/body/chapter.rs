//! The chapter on the attribute: every example of its tables does what the table says.

use crate::common::functions::read;

#[test]
fn examples_of_the_chapter() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../book/src/macro.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (mut accepted, mut refused) = (0, 0);
    let mut section = "";
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            section = heading;
        }
        // A bar inside of a cell is escaped.
        let line = line.replace("\\|", "\u{1}");
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [_, example, ..] = cells[..] else { continue };
        let Some(example) = example.strip_prefix('`').and_then(|e| e.strip_suffix('`')) else { continue };
        let body = example.replace('\u{1}', "|");
        let function = format!(
            "fn f(a: f64, b: f64, w: &[f64; 4], x: &[f64], y: &[f64], k: &[usize]) -> f64 {{ {body} }}"
        );
        match (read("", &function), section == "What is refused") {
            (Ok(_), false) => accepted += 1,
            (Err(_), true) => refused += 1,
            (Ok(_), true) => panic!("accepted: {body}"),
            (Err(complaints), false) => panic!("{body}\n{}", complaints.join("\n")),
        }
    }
    assert!(accepted > 40 && refused > 10, "{accepted} accepted, {refused} refused");
}
