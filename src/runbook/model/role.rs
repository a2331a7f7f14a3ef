//! What a section of the document is for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a section is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is its own explanation")]
pub enum Role {
    #[default]
    Other,
    Overview,
    Environments,
    Checklist,
    Steps,
    Monitoring,
    Rollback,
    Troubleshooting,
    Recovery,
    Teardown,
    Success,
    Targets,
    Contacts,
    References,
    LogTemplate,
}

impl Role {
    /// The role in the middle of a sentence.
    pub fn says(self) -> &'static str {
        match self {
            Role::Other => "text",
            Role::Overview => "an overview",
            Role::Environments => "the environments",
            Role::Checklist => "a checklist",
            Role::Steps => "steps",
            Role::Monitoring => "monitoring",
            Role::Rollback => "the rollback",
            Role::Troubleshooting => "known problems",
            Role::Recovery => "a restore",
            Role::Teardown => "a teardown",
            Role::Success => "criteria of success",
            Role::Targets => "targets",
            Role::Contacts => "contacts",
            Role::References => "references",
            Role::LogTemplate => "the log template",
        }
    }
}
