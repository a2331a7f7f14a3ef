//! What commands touch, and whether two of these are the same.

use std::collections::BTreeSet;

/// Something that a command touches. Where both know a name, only the same one is the same thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Thing {
    /// A file, a link, a directory with all that is in it.
    File(String),
    /// A service or container; without a name all of them, or one that is not named.
    Service(Option<String>),
    /// A database, or one that is not named, with the tables of it.
    Data(Option<String>, Tables),
    /// A working tree.
    Checkout(String),
    /// Objects of a namespace; without a name whatever a file or a chart says.
    Cluster(Option<String>, BTreeSet<String>),
    /// What a program is given, without what it is asked to do.
    Named(String, BTreeSet<String>),
    /// Something that was saved is put back.
    PutBack,
}

/// The tables of a database that a command touches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tables {
    /// All of them.
    All,
    /// A file, a migration or a dump says which.
    Unsaid,
    /// These.
    These(BTreeSet<String>),
}

impl Thing {
    /// Whether what touches this may take back what touched `changed`.
    pub fn meets(&self, changed: &Thing) -> bool {
        let both = |a: &Option<String>, b: &Option<String>| match (a, b) {
            (Some(a), Some(b)) => a == b,
            _ => true,
        };
        match (self, changed) {
            (Self::File(own), Self::File(other)) => within(own, other) || within(other, own),
            (Self::File(own), Self::Data(Some(other), _)) | (Self::Data(Some(own), _), Self::File(other)) => {
                own == other
            }
            (Self::Service(own), Self::Service(other)) => both(own, other),
            (Self::Data(own, tables), Self::Data(other, changed)) => {
                both(own, other) && tables.may_be(changed)
            }
            (Self::PutBack, Self::Data(None, _)) => true,
            (Self::Checkout(own), Self::Checkout(other)) => own == other,
            (Self::Cluster(namespace, own), Self::Cluster(other, names)) => {
                let of = |called: &Option<String>, all: &BTreeSet<String>| {
                    called.as_ref().is_some_and(|n| all.contains(n))
                };
                let same = own.is_empty() || names.is_empty() || !own.is_disjoint(names);
                // Without a namespace it is the one that the context says.
                both(namespace, other) && (same || of(namespace, names) || of(other, own))
            }
            (Self::Named(own, given), Self::Named(other, names)) => {
                own == other && (given.is_empty() || names.is_empty() || !given.is_disjoint(names))
            }
            _ => false,
        }
    }
}

impl Tables {
    fn may_be(&self, changed: &Self) -> bool {
        match (self, changed) {
            (Self::These(own), Self::These(other)) => !own.is_disjoint(other),
            // What lost all of it is not undone by a part.
            (Self::These(_), Self::All) => false,
            _ => true,
        }
    }
}

/// Whether a path is another one, or lies below it.
fn within(path: &str, other: &str) -> bool {
    let rest = path.strip_prefix(other.trim_end_matches('/'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || other.is_empty())
}
