//! `gonogo plan`: what was read out of a document.

mod layout;
mod page;
mod reading;

use std::path::PathBuf;

use clap::Args;
use clap_complete::ArgValueCompleter;

use super::complete;
use super::document;
use super::report::{CommandError, Status, say_json_by_lines, say_text};
use super::syntax;
use crate::runbook::Runbook;

/// Arguments of `plan`.
#[derive(Debug, Args)]
pub(super) struct PlanArgs {
    /// The runbook
    #[arg(add = ArgValueCompleter::new(complete::runbooks))]
    runbook: PathBuf,
    /// Print JSON (schema: docs/plan.schema.json)
    #[arg(long)]
    json: bool,
    /// Print the JSON Schema of that JSON
    #[arg(long, hide = true)]
    schema: bool,
}

pub(super) fn plan(args: &PlanArgs) -> Result<Status, CommandError> {
    if args.schema {
        say_text(schema())?;
        return Ok(Status::Done);
    }
    let mut document = document::document(&args.runbook)?;
    syntax::add_findings(&mut document.runbook);
    if args.json {
        say_json_by_lines(&document.runbook)?;
    } else {
        page::page(&document.runbook)?;
    }
    Ok(Status::Done)
}

/// The JSON Schema of the plan.
pub(super) fn schema() -> String {
    serde_json::to_string_pretty(&schemars::schema_for!(Runbook)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_the_one_of_the_model() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/plan.schema.json");
        let published = std::fs::read_to_string(path).unwrap_or_default();
        assert_eq!(
            published.trim(),
            super::schema().trim(),
            "run: cargo run -- plan --schema x > docs/plan.schema.json"
        );
    }
}
