//! A preprocessor of mdBook: equations in chapters become MathML, which browsers typeset without scripts or a network.
//!
//! Chapters have their equations as lines of letters and signs, so that they can be read anywhere: indented by four spaces, or in
//! the column `equation` of a table.

mod chapter;
mod typeset;

use std::io::{self, Read, Write};

use serde_json::Value;

fn main() -> io::Result<()> {
    // mdBook asks first for which of its outputs this is.
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some("supports") {
        let is_html = arguments.next().as_deref() == Some("html");
        std::process::exit(i32::from(!is_html));
    }
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    // What comes is the context and the book; what goes is the book.
    let mut given: Value = serde_json::from_str(&text)?;
    let mut book = given.get_mut(1).map(Value::take).unwrap_or_default();
    rewrite(&mut book);
    io::stdout().write_all(serde_json::to_string(&book)?.as_bytes())
}

/// Rewrites the contents of all chapters in a book, wherever they are.
fn rewrite(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(rewrite),
        Value::Object(fields) => {
            for (name, field) in fields {
                match field {
                    Value::String(content) if name == "content" => *content = chapter::typeset(content),
                    field => rewrite(field),
                }
            }
        }
        _ => {}
    }
}
