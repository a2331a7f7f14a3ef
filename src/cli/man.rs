//! `gonogo man`: the manual, made from the same definitions as the help.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use clap::{Args, Command};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::about::{self, FILES, STATUSES, VARIABLES};
use super::complete;
use super::report::{CommandError, Status, note, say_text};
use crate::figures::counted;

/// Arguments of `man`.
#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// Write all pages into this directory, one a verb, instead of printing gonogo(1)
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

pub(super) fn man(args: &ManArgs) -> Result<Status, CommandError> {
    let pages = pages();
    let Some(directory) = &args.dir else {
        if let Some((_, text)) = pages.first() {
            say_text(text.trim_end())?;
        }
        return Ok(Status::Done);
    };
    write(directory, &pages).map_err(|error| {
        CommandError::new(Status::Failed, format!("could not write to {}: {error}", directory.display()))
    })?;
    note(format!("{} written to {}", counted(pages.len(), "page"), directory.display()));
    Ok(Status::Done)
}

fn write(directory: &Path, pages: &[(String, String)]) -> std::io::Result<()> {
    std::fs::create_dir_all(directory)?;
    pages.iter().try_for_each(|(name, text)| std::fs::write(directory.join(format!("{name}.1")), text))
}

/// All pages by their names, gonogo(1) first.
fn pages() -> Vec<(String, String)> {
    let whole = complete::shown().about(env!("CARGO_PKG_DESCRIPTION")).version(env!("CARGO_PKG_VERSION"));
    let verbs: Vec<Command> = whole.get_subcommands().cloned().collect();
    let of_verb = |verb: Command| {
        let (verb_name, name) = (verb.get_name().to_owned(), format!("gonogo-{}", verb.get_name()));
        (name.clone(), page(verb.display_name(name), &verb_name))
    };
    std::iter::once(("gonogo".to_owned(), page(whole, ""))).chain(verbs.into_iter().map(of_verb)).collect()
}

fn page(command: Command, verb: &str) -> String {
    let bin = if verb.is_empty() { "gonogo".to_owned() } else { format!("gonogo {verb}") };
    let command = command.bin_name(bin).disable_help_subcommand(true);
    let has_verbs = command.get_subcommands().next().is_some();
    let title = command.get_display_name().unwrap_or("gonogo").to_uppercase();
    let man = Man::new(command);
    let mut text = Vec::new();
    // Writing into memory does not fail.
    let written = man
        .render_name_section(&mut text)
        .and_then(|()| man.render_synopsis_section(&mut text))
        .and_then(|()| man.render_description_section(&mut text))
        .and_then(|()| man.render_options_section(&mut text));
    let verbs = if has_verbs { man.render_subcommands_section(&mut text) } else { Ok(()) };
    drop(written.and(verbs));
    let version = concat!("gonogo ", env!("CARGO_PKG_VERSION"));
    let mut head = Roff::default();
    head.control("TH", [title.as_str(), "1", day().as_str(), version, "gonogo"]);
    // What is left of paragraphs without words is no line of its own (mandoc -T lint).
    let body = String::from_utf8_lossy(&text).replace(".br\n\n.br\n", ".sp\n");
    head.to_roff() + &body + &more(verb).to_roff()
}

/// The day the pages are made; of a build that can be repeated the one it names (<https://reproducible-builds.org>).
fn day() -> String {
    let named = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|seconds| seconds.parse().ok());
    let at = named.and_then(|seconds| DateTime::from_timestamp(seconds, 0)).unwrap_or_else(Utc::now);
    at.format("%Y-%m-%d").to_string()
}

/// The sections behind those of the flags.
fn more(verb: &str) -> Roff {
    let mut roff = Roff::default();
    rows(&mut roff, "EXIT STATUS", STATUSES);
    if verb.is_empty() {
        rows(&mut roff, "ENVIRONMENT", VARIABLES);
        rows(&mut roff, "FILES", FILES);
    }
    rows(&mut roff, "EXAMPLES", about::examples(verb));
    if !verb.is_empty() {
        roff.control("SH", ["SEE ALSO"]).text([bold("gonogo"), roman("(1)")]);
    }
    roff
}

fn rows(roff: &mut Roff, heading: &str, rows: &[(&str, &str)]) {
    if rows.is_empty() {
        return;
    }
    roff.control("SH", [heading]);
    for (what, means) in rows {
        roff.control("TP", []).text([bold(*what)]).text([roman(*means)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flag_of_the_help_is_in_its_page() {
        let pages = pages();
        for verb in complete::shown().get_subcommands() {
            let name = format!("gonogo-{}", verb.get_name());
            let page =
                pages.iter().find(|(known, _)| *known == name).map(|(_, text)| text.replace("\\-", "-"));
            let page = page.unwrap_or_default();
            for flag in verb.get_arguments().filter(|a| !a.is_hide_set()).filter_map(clap::Arg::get_long) {
                assert!(page.contains(&format!("--{flag}")), "{name}: --{flag}");
            }
        }
    }
}
