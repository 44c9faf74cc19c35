//! `hesse completions` and `hesse man`: what the arguments say about themselves.

use std::fs;
use std::path::Path;

use clap::CommandFactory as _;
use clap_mangen::Man as Page;
use hesse_data::{reason, suggestion, write_whole};

use super::Answer;
use crate::args::{Args, Completions, Man};
use crate::failure::Failure;

pub(super) fn completions(args: &Completions) -> Answer {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "hesse", &mut script);
    String::from_utf8_lossy(&script).into_owned().into()
}

pub(super) fn man(args: &Man) -> Result<Answer, Failure> {
    let mut command = Args::command();
    command.build();
    let Some(folder) = &args.output else {
        return Ok(page(named(&command, args.page.as_deref())?)?.into());
    };
    let failed = |path: &Path, error: &std::io::Error| {
        Failure::input(format!("cannot write `{}`: {}", path.display(), reason(error)))
    };
    fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
    let own =
        std::iter::once(&command).chain(command.get_subcommands().filter(|own| own.get_name() != "help"));
    for own in own {
        let name = own.get_display_name().unwrap_or(own.get_name());
        let path = folder.join(format!("{name}.1"));
        write_whole(&path, page(own)?.as_bytes()).map_err(|error| failed(&path, &error))?;
    }
    Ok(String::new().into())
}

/// The command of that name, or the whole.
fn named<'a>(command: &'a clap::Command, name: Option<&str>) -> Result<&'a clap::Command, Failure> {
    let Some(name) = name.filter(|name| *name != "hesse") else { return Ok(command) };
    let plain = name.strip_prefix("hesse-").unwrap_or(name);
    command.find_subcommand(plain).ok_or_else(|| {
        let known: Vec<&str> =
            command.get_subcommands().map(clap::Command::get_name).filter(|own| *own != "help").collect();
        Failure::input(format!(
            "there is no page `{name}`{}: write `hesse man` and one of {}",
            suggestion(plain, known.iter().copied()),
            known.join(", ")
        ))
    })
}

fn page(command: &clap::Command) -> Result<String, Failure> {
    let mut text = Vec::new();
    Page::new(command.clone()).render(&mut text).map_err(Failure::computation)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}
