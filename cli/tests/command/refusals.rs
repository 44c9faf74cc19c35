//! Bad input: exit code and message to the letter, kept in `data/refusals.txt`.
//!
//! Each case is a line `$ argument | argument | …` (with `\n` for a line break), perhaps lines `< file name:
//! content` for files it needs, then what it prints. `HESSE_BLESS=1` writes the file anew.

use std::fs;

use crate::run::hesse;

#[test]
fn bad_input_is_refused_to_the_letter() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/refusals.txt");
    let expected = fs::read_to_string(path).unwrap();
    let folder = std::env::temp_dir().join(format!("hesse-refusals-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let place = folder.to_str().unwrap();
    let mut actual = String::new();
    let mut cases = 0;
    for case in expected.split("\n\n$ ").map(|case| case.trim_start_matches("$ ")) {
        let mut lines = case.lines();
        let command = lines.next().unwrap();
        actual.push_str(&format!("$ {command}\n"));
        for line in lines {
            let Some((name, content)) = line.strip_prefix("< ").and_then(|line| line.split_once(": ")) else {
                break;
            };
            actual.push_str(&format!("{line}\n"));
            let content = content.replace("\\n", "\n").replace("\\t", "\t").replace("\\0", "\0");
            fs::write(folder.join(name), content).unwrap();
        }
        let args: Vec<String> = command
            .split(" | ")
            .map(|arg| arg.replace("\\n", "\n").replace("@/", &format!("{place}/")))
            .collect();
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let run = hesse(&args, "");
        assert!(!run.stderr.contains("panicked"), "{command}: {}", run.stderr);
        assert_ne!(run.code, 0, "{command} was accepted");
        let stderr = run.stderr.replace(&format!("{place}/"), "@/");
        actual.push_str(&format!("exit code {}\n{}\n\n", run.code, stderr.trim_end()));
        cases += 1;
    }
    fs::remove_dir_all(&folder).unwrap();
    let actual = format!("{}\n", actual.trim_end());
    assert!(cases >= 30, "only {cases} cases");
    if std::env::var_os("HESSE_BLESS").is_some() {
        fs::write(path, actual).unwrap();
    } else {
        assert_eq!(actual, expected, "set HESSE_BLESS=1 to accept");
    }
}

#[test]
fn a_closed_pipe_is_no_failure() {
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_hesse"))
        .args(["generate", "param w[40]\nE = sum(i, sin(w[i])*exp(w[i])*w[0])"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty());
}
