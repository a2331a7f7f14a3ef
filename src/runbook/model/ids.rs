//! Ids: each is text, and tells of what it names.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The id as a file name: `/` becomes `_`, so that one id is one file.
            pub fn file_name(&self) -> String {
                self.0.replace('/', "_")
            }
        }
    };
}

text_id!(
    /// Names a command: `1.2/3`, `rollback.quick/2`.
    CommandId
);
text_id!(
    /// Names a check item: `check.infrastructure/3`.
    ItemId
);
text_id!(
    /// Names a step or what holds commands like one: `1`, `1.2`, `rollback.quick`.
    StepId
);
