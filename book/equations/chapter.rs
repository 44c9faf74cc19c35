//! Where a chapter has equations.

use crate::typeset;

/// The column of tables that has equations.
const COLUMN: &str = "equation";

/// The chapter with its equations as MathML.
pub(crate) fn typeset(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    let (mut is_code, mut column, mut before) = (false, None, "");
    for line in text.lines() {
        is_code ^= line.starts_with("```");
        let equation = line.strip_prefix("    ").filter(|_| !is_code && before.is_empty());
        if !line.starts_with('|') {
            column = None;
        } else if column.is_none() {
            column = cells(line).iter().position(|cell| cell.trim() == COLUMN);
        }
        match (equation, column) {
            (Some(equation), _) => {
                written.push_str("<div class=\"equation\">");
                written.push_str(&typeset::typeset(equation.trim(), true));
                written.push_str("</div>");
            }
            (None, Some(column)) if !is_code => written.push_str(&row(line, column)),
            _ => written.push_str(line),
        }
        written.push('\n');
        before = line;
    }
    written
}

/// A row with the cell of that column typeset, unless it is that of the header or of the line below.
fn row(line: &str, column: usize) -> String {
    let mut cells = cells(line);
    if let Some(cell) = cells.get_mut(column) {
        let equation = cell.trim();
        let is_one = equation != COLUMN && !equation.starts_with("--") && !equation.contains('`');
        if is_one && !equation.is_empty() {
            *cell = format!(" {} ", typeset::typeset(&equation.replace("\\|", "|"), false));
        }
    }
    format!("|{}|", cells.join("|"))
}

/// The cells of a row, between bars that no backslash stands before.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let inner = line.trim_end().trim_start_matches('|');
    let inner = inner.strip_suffix('|').unwrap_or(inner);
    let mut before = ' ';
    for c in inner.chars() {
        match cells.last_mut() {
            Some(cell) if c != '|' || before == '\\' => cell.push(c),
            _ => cells.push(String::new()),
        }
        before = c;
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equations_are_found_and_code_is_left_alone() {
        let text = "Prose.\n\n    a = b\n\n```rust\n\n    let a = b;\n```\n\n| equation | call |\n|---|---|\n| a | `f(a)` |\n\n| other |\n|---|\n| a |\n";
        let written = typeset(text);
        assert_eq!(written.matches("<math").count(), 2, "{written}");
        assert!(written.contains("\n    let a = b;\n") && written.contains("| `f(a)` |\n"));
        assert!(written.contains("<div class=\"equation\"><math display=\"block\">"));
        assert!(written.ends_with("| other |\n|---|\n| a |\n"));
    }

    #[test]
    fn the_chapters_have_equations() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/");
        for (name, least) in [("geometry.md", 13), ("stationary.md", 3), ("fits.md", 8)] {
            let text = std::fs::read_to_string(format!("{folder}{name}")).unwrap_or_default();
            let found = typeset(&text).matches("</math>").count();
            assert!(found >= least, "{name} has {found} equations");
        }
    }
}
