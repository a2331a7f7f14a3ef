//! `[store]`: where a team keeps its runs, beside the state directory of each machine.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{ConfigError, file, variable};

/// What a file may say of it.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawStore {
    /// `postgres://USER@HOST/DATABASE?schema=NAME`, without a password.
    url: Option<String>,
    /// A variable with the password.
    password_env: Option<String>,
    /// A file whose first line is the password.
    password_file: Option<PathBuf>,
}

/// The store of a team: a schema in a PostgreSQL database. There is no password in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreSettings {
    /// `postgres://USER@HOST/DATABASE`, as libpq takes it, without the schema.
    pub url: String,
    /// The schema.
    pub schema: String,
    /// Where the password comes from; none where the server asks for none.
    pub password: Password,
}

/// Where a password comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Password {
    /// The variable `GONOGO_STORE_PASSWORD`, where it is set.
    #[default]
    Usual,
    /// A variable of this name.
    Variable(String),
    /// The first line of a file.
    File(PathBuf),
}

impl StoreSettings {
    /// What an address says, which may name the schema: `?schema=NAME`.
    ///
    /// # Errors
    /// Where it is no address of PostgreSQL, or holds a password.
    pub fn of(address: &str) -> Result<Self, ConfigError> {
        let (url, parameters) = address.split_once('?').unwrap_or((address, ""));
        let is_schema = |p: &&str| p.starts_with("schema=");
        let schema =
            parameters.split('&').find(is_schema).and_then(|p| p.split_once('=')).map(|(_, name)| name);
        let others: Vec<&str> = parameters.split('&').filter(|p| !p.is_empty() && !is_schema(p)).collect();
        let url = if others.is_empty() { url.to_owned() } else { format!("{url}?{}", others.join("&")) };
        let Some(rest) = ["postgres://", "postgresql://"].iter().find_map(|s| url.strip_prefix(s)) else {
            let why = "its address begins with postgres://";
            return Err(ConfigError::Store { why: why.into() });
        };
        let login = rest.split(['/', '?']).next().unwrap_or_default().rsplit_once('@');
        if login.is_some_and(|(login, _)| login.contains(':'))
            || others.iter().any(|p| p.starts_with("password="))
        {
            let why = "it contains a password: set GONOGO_STORE_PASSWORD, or password_env or password_file under [store]";
            return Err(ConfigError::Store { why: why.into() });
        }
        Ok(Self { url, schema: schema.unwrap_or("gonogo").to_owned(), password: Password::Usual })
    }

    /// The password, where there is one.
    ///
    /// # Errors
    /// Where its file can't be read, or its variable is not set.
    pub fn password(&self) -> Result<Option<String>, ConfigError> {
        match &self.password {
            Password::Usual => Ok(variable::variable("GONOGO_STORE_PASSWORD")),
            Password::Variable(name) => match variable::variable(name) {
                Some(password) => Ok(Some(password)),
                None => {
                    Err(ConfigError::Store { why: format!("its password is in {name}, which is not set") })
                }
            },
            Password::File(path) => {
                let text =
                    file::text(path).map_err(|source| ConfigError::Read { path: path.clone(), source })?;
                Ok(text.lines().next().map(str::to_owned))
            }
        }
    }
}

/// Puts what a file says over what is known.
pub(super) fn merge(known: &mut Option<StoreSettings>, raw: Option<RawStore>) -> Result<(), ConfigError> {
    let Some(raw) = raw else { return Ok(()) };
    if let Some(url) = raw.url {
        *known = Some(StoreSettings::of(&url)?);
    }
    let Some(store) = known else {
        return Err(ConfigError::Store { why: "[store] needs its url".into() });
    };
    match (raw.password_env, raw.password_file) {
        (Some(_), Some(_)) => {
            return Err(ConfigError::Store {
                why: "password_env and password_file exclude each other".into(),
            });
        }
        (Some(name), None) => store.password = Password::Variable(name),
        (None, Some(path)) => store.password = Password::File(path),
        (None, None) => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_its_schema_and_never_a_password() {
        let store =
            StoreSettings::of("postgres://ada@db.example/ops?schema=deploys&connect_timeout=3").unwrap();
        assert_eq!(
            (store.url.as_str(), store.schema.as_str()),
            ("postgres://ada@db.example/ops?connect_timeout=3", "deploys")
        );
        assert_eq!(StoreSettings::of("postgres://ada@db.example/ops").unwrap().schema, "gonogo");
        let refused = StoreSettings::of("postgres://ada:secret@db.example/ops").unwrap_err().to_string();
        assert!(refused.contains("GONOGO_STORE_PASSWORD") && !refused.contains("secret"), "{refused}");
        assert!(StoreSettings::of("postgres://ada@db.example/ops?password=secret").is_err());
        assert!(StoreSettings::of("mysql://db/ops").is_err());
    }
}
