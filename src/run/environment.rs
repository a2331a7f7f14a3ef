//! Which environment of which system a run changes, of each one run at a time; and what counts as production.

use std::fmt;

use crate::runbook::{Environment, Runbook, words};

/// Whether an environment is production: what the settings say of it, else that a word of its name or URL
/// begins with "prod".
pub fn is_production(environment: &Environment, said: Option<bool>) -> bool {
    if let Some(said) = said {
        return said;
    }
    let text = format!("{} {}", environment.name, environment.url.as_deref().unwrap_or(""));
    says_production(&text)
}

/// What the environment of a document without any is called.
pub const NO_ENVIRONMENT: &str = "default";

/// Whether a name says that it is production: a word of it begins with "prod".
pub fn says_production(name: &str) -> bool {
    words::lower_words(name).iter().any(|w| w.starts_with("prod"))
}

/// Whether a host's name speaks of another environment than the one chosen.
///
/// Where the document has none nobody chose: then the host says whether it is production ([`says_production`]).
pub fn contradicts(host: &str, environment: &str, production: bool) -> bool {
    if environment == NO_ENVIRONMENT {
        return false;
    }
    let host = words::lower_words(host);
    let chosen = words::lower_words(environment);
    let says = |w: &str| host.iter().any(|x| x.starts_with(w));
    let meant = |w: &str| chosen.iter().any(|x| x.starts_with(w));
    (says("prod") && !production)
        || (says("stag") && !meant("stag"))
        || (production && (says("test") || says("dev")))
}

/// What a run holds until it has an outcome.
///
/// It is the same for every edit of a document and for every document that gives the environment the same address, so
/// that a line added to the runbook, or a second runbook, starts nothing beside a run that is under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvironmentKey {
    environment: String,
    system: System,
}

/// What tells one system's Production from that of another.
#[derive(Clone, Debug, PartialEq, Eq)]
enum System {
    /// The address that the document gives for the environment.
    Address(String),
    /// The document's title, where it gives no address.
    Title(String),
}

impl EnvironmentKey {
    /// That of an environment of a document.
    pub fn of(runbook: &Runbook, environment: &str) -> Self {
        let row = runbook.environments.iter().find(|e| e.name.eq_ignore_ascii_case(environment));
        let address = row.and_then(|e| e.url.as_deref()).map(bare).filter(|a| !a.is_empty());
        let system = address.map_or_else(|| System::Title(runbook.title.trim().to_owned()), System::Address);
        Self { environment: environment.trim().to_owned(), system }
    }

    /// The environment's name.
    pub fn environment(&self) -> &str {
        &self.environment
    }

    /// One text for all ways to write the same, to be compared and hashed.
    pub fn canonical(&self) -> String {
        let (kind, system) = match &self.system {
            System::Address(address) => ("address", address),
            System::Title(title) => ("title", title),
        };
        let title = system.split_whitespace().collect::<Vec<_>>().join(" ");
        format!("{}\n{kind}\n{}", self.environment.to_lowercase(), title.to_lowercase())
    }
}

impl fmt::Display for EnvironmentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.system {
            System::Address(address) => write!(f, "{} at {address}", self.environment),
            System::Title(title) if self.environment == NO_ENVIRONMENT => write!(f, "\"{title}\""),
            System::Title(title) => write!(f, "{} of \"{title}\"", self.environment),
        }
    }
}

/// An address without what doesn't tell hosts apart: scheme, a trailing slash.
fn bare(address: &str) -> String {
    let address = address.trim();
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.trim_end_matches('/').to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runbook::read;

    #[test]
    fn hosts_that_contradict_the_environment() {
        assert!(contradicts("production-server", "Local", false));
        assert!(contradicts("staging-1", "Production", true));
        assert!(!contradicts("web-1", "Production", true));
        assert!(!contradicts("prod-web", "Production", true));
    }

    fn table(title: &str, address: &str) -> Runbook {
        read(&format!(
            "# {title}\n## Environments\n| Environment | URL |\n|---|---|\n| Production | {address} |\n| Staging | https://s.example.com |\n## Steps\n```bash\nls\n```\n"
        ))
    }

    fn key(runbook: &Runbook) -> String {
        EnvironmentKey::of(runbook, "Production").canonical()
    }

    #[test]
    fn the_address_says_which_system_it_is_and_else_the_title() {
        let one = table("Deploy", "https://a.example.com/");
        assert_eq!(key(&one), key(&table("Migrate", "http://A.example.com")));
        assert_ne!(key(&one), key(&table("Deploy", "https://b.example.com")));
        assert_ne!(key(&one), EnvironmentKey::of(&one, "Staging").canonical());
        assert_eq!(EnvironmentKey::of(&one, "Production").to_string(), "Production at a.example.com");
        let (plain, edited) = (read("# Deploy it\n## Steps\n"), read("# Deploy  it\nMore.\n## Steps\n"));
        assert_eq!(key(&plain), key(&edited));
        assert_ne!(key(&plain), key(&read("# Rotate keys\n## Steps\n")));
    }
}
