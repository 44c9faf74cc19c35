//! The chapter on pictures: its commands draw the pictures that are kept beside it, byte by byte.
//!
//! `HESSE_BLESS=1` writes them anew; look at them.

use std::fs;
use std::path::Path;
use std::process::Command;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

#[test]
#[cfg(unix)]
fn the_chapter_shows_what_its_commands_draw() {
    let chapter_path = Path::new(ROOT).join("book/src/pictures.md");
    let chapter = fs::read_to_string(&chapter_path).unwrap();
    let kept = Path::new(ROOT).join("book/src/pictures");
    let folder = std::env::temp_dir().join(format!("hesse-pictures-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let binaries = Path::new(env!("CARGO_BIN_EXE_hesse")).parent().unwrap();
    let path = format!("{}:{}", binaries.display(), std::env::var("PATH").unwrap());
    let bless = std::env::var_os("HESSE_BLESS").is_some();
    let (mut drawn, mut new) = (0, chapter.clone());
    let mut blocks = chapter.split("```").skip(1).step_by(2).peekable();
    while let Some(block) = blocks.next() {
        let Some(command) = block.strip_prefix("sh\n") else { continue };
        // Files go to a folder of the test's own.
        let written = command.trim_end().rsplit_once(" -o ").map(|(_, name)| name.to_owned());
        let target = written.as_ref().map(|name| folder.join(name));
        let run = match (&written, &target) {
            (Some(name), Some(target)) => command.replace(name.as_str(), &target.display().to_string()),
            _ => command.to_owned(),
        };
        let output = Command::new("sh")
            .args(["-e", "-c", &run])
            .current_dir(ROOT)
            .env("PATH", &path)
            .env("NO_COLOR", "1")
            .output()
            .unwrap();
        assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(output.stderr.is_empty(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
        match (written, target) {
            (Some(name), Some(target)) if name.ends_with(".svg") => {
                assert!(chapter.contains(&format!("(pictures/{name})")), "{name} is not shown");
                let picture = fs::read(target).unwrap();
                if bless {
                    fs::write(kept.join(&name), &picture).unwrap();
                }
                assert!(fs::read(kept.join(&name)).is_ok_and(|kept| kept == picture), "{name} has changed");
                drawn += 1;
            }
            (Some(name), Some(target)) => assert!(fs::metadata(target).unwrap().len() > 10_000, "{name}"),
            _ => {
                let printed = String::from_utf8(output.stdout).unwrap();
                let shown = blocks.next().and_then(|block| block.strip_prefix("text\n")).unwrap();
                if bless {
                    new = new.replacen(&format!("```text\n{shown}```"), &format!("```text\n{printed}```"), 1);
                } else {
                    assert_eq!(shown, printed);
                }
            }
        }
    }
    if bless {
        fs::write(chapter_path, new).unwrap();
    }
    let files = fs::read_dir(kept).unwrap().filter(|entry| {
        entry.as_ref().is_ok_and(|entry| entry.path().extension().is_some_and(|extension| extension == "svg"))
    });
    assert_eq!(drawn, files.count(), "no picture is left over");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
#[cfg(unix)]
fn a_browser_shows_the_report() {
    let script = Path::new(ROOT).join("cli/tests/browser/check");
    let output = Command::new(script).arg(env!("CARGO_BIN_EXE_hesse")).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    // Where there is no browser, the script says so.
    eprint!("{told}");
    assert!(output.status.success(), "{}{told}", String::from_utf8_lossy(&output.stdout));
}
