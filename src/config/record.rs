//! What the settings say about the record: who signs it, and where logs are kept.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whether a sign-off needs a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Keys {
    /// A name without one is taken, and told as claimed.
    #[default]
    Wanted,
    /// Nobody signs without one.
    Required,
}

/// Who signs first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// The engineer, then the reviewer.
    #[default]
    EngineerFirst,
    /// Whoever comes.
    Any,
}

/// Who has to sign a run, and how. A run keeps the one that it was started with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SignPolicy {
    /// Whether a key is needed.
    pub keys: Keys,
    /// Who signs first.
    pub order: Order,
    /// A reviewer has to sign too.
    pub reviewer: bool,
    /// Who may sign as engineer; everybody where nobody is named.
    pub engineers: Vec<String>,
    /// Who may sign as reviewer; everybody where nobody is named.
    pub reviewers: Vec<String>,
}

impl Default for SignPolicy {
    fn default() -> Self {
        Self {
            keys: Keys::Wanted,
            order: Order::EngineerFirst,
            reviewer: true,
            engineers: vec![],
            reviewers: vec![],
        }
    }
}

impl SignPolicy {
    /// What a run keeps of it: nothing where it is the usual one.
    pub fn kept(&self) -> Option<Box<Self>> {
        (*self != Self::default()).then(|| Box::new(self.clone()))
    }

    /// Whether the reviewer may be first.
    pub fn any_order(&self) -> bool {
        self.order == Order::Any
    }
}

/// `[sign]` as it is written.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawSign {
    /// The operator's key: a private key's file, or the public one of a key that ssh-agent holds.
    key: Option<PathBuf>,
    /// A file of who has which keys, as ssh-keygen(1) has it.
    allowed_signers: Option<PathBuf>,
    /// Whether a sign-off needs a key.
    keys: Option<Keys>,
    /// Who signs first.
    order: Option<Order>,
    /// A reviewer has to sign too.
    reviewer: Option<bool>,
    /// Who may sign as engineer.
    engineers: Option<Vec<String>>,
    /// Who may sign as reviewer.
    reviewers: Option<Vec<String>>,
}

/// `[record]` as it is written.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawRecord {
    /// Where `gonogo log --keep` puts finished logs.
    dir: Option<PathBuf>,
}

/// How sign-offs are made and checked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SignSettings {
    /// The operator's key: a private key's file, or the public one of a key that ssh-agent holds.
    pub key: Option<PathBuf>,
    /// A file of who has which keys, in the format of ssh-keygen(1) ("ALLOWED SIGNERS").
    pub allowed_signers: Option<PathBuf>,
    /// Who has to sign, and how.
    pub policy: SignPolicy,
}

impl SignSettings {
    /// Puts what a file says over what is known; its paths are those of the file's directory, `~` is the home's.
    pub(super) fn merge(&mut self, raw: RawSign, file: &std::path::Path) {
        self.key = raw.key.map(|p| absolute(p, file)).or(self.key.take());
        self.allowed_signers = raw.allowed_signers.map(|p| absolute(p, file)).or(self.allowed_signers.take());
        let policy = &mut self.policy;
        policy.keys = raw.keys.unwrap_or(policy.keys);
        policy.order = raw.order.unwrap_or(policy.order);
        policy.reviewer = raw.reviewer.unwrap_or(policy.reviewer);
        policy.engineers = raw.engineers.unwrap_or(std::mem::take(&mut policy.engineers));
        policy.reviewers = raw.reviewers.unwrap_or(std::mem::take(&mut policy.reviewers));
    }
}

/// Where finished logs are kept, by what a file says.
pub(super) fn directory(raw: RawRecord, file: &std::path::Path) -> Option<PathBuf> {
    raw.dir.map(|p| absolute(p, file))
}

fn absolute(path: PathBuf, file: &std::path::Path) -> PathBuf {
    if let (Ok(rest), Some(home)) = (path.strip_prefix("~"), std::env::var_os("HOME")) {
        return PathBuf::from(home).join(rest);
    }
    file.parent().map_or(path.clone(), |directory| directory.join(path))
}
