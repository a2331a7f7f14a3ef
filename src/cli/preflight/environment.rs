//! The environment that a verb is about.

use crate::cli::report::{CommandError, Status};
use crate::run::environment::NO_ENVIRONMENT;
use crate::runbook::{Environment, Runbook};

/// The environment to run in; a document without environments has one, named `default`.
pub(in crate::cli) fn environment(
    runbook: &Runbook,
    name: Option<&str>,
) -> Result<Environment, CommandError> {
    let names: Vec<&str> = runbook.environments.iter().map(|e| e.name.as_str()).collect();
    if names.is_empty() {
        return match name {
            None | Some(NO_ENVIRONMENT) => {
                Ok(Environment { name: NO_ENVIRONMENT.into(), ..Environment::default() })
            }
            Some(name) => Err(CommandError::new(
                Status::Usage,
                format!("--env {name}: the document has no environments; its one is called default"),
            )),
        };
    }
    let usage = |message: String| {
        CommandError::new(Status::Usage, message).hint(format!("the document has: {}", names.join(", ")))
    };
    let name = name.ok_or_else(|| usage("--env is missing".into()))?;
    runbook
        .environment(name)
        .cloned()
        .ok_or_else(|| usage(format!("--env {name}: the document has no such environment")))
}
