//! The formulas that `book/render/run` shows to real renderers are those that `hesse derive` prints.
//!
//! `HESSE_BLESS=1` writes them anew; then run that script, and look at its pictures.

use std::fs;
use std::path::Path;

use super::run::hesse;

#[test]
fn rendered_formulas_are_those_that_are_printed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../book/render");
    let formulas = fs::read_to_string(folder.join("formulas.txt")).unwrap();
    let mut wrong = Vec::new();
    for (at, line) in formulas.lines().enumerate() {
        let text = line.replace("\\n", "\n");
        for (format, ending) in [("latex", "tex"), ("mathml", "mml")] {
            let run = hesse(&["derive", &text, "--format", format], "");
            assert_eq!(run.code, 0, "{text}: {}", run.stderr);
            let printed = run.stdout;
            let file = folder.join("golden").join(format!("{:02}.{ending}", at + 1));
            if std::env::var_os("HESSE_BLESS").is_some() {
                fs::write(&file, printed).unwrap();
            } else if fs::read_to_string(&file).ok().as_ref() != Some(&printed) {
                wrong.push(format!("{}: {text}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
