//! What the settings say of messages: as written, then who is told of what.

use schemars::JsonSchema;
use serde::Deserialize;

use super::receivers::{RawReceiver, Receiver};
use super::variable::variable;
use super::watch::Milestone;

/// Messages as they are written.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawMessages {
    /// An address that takes a JSON body by POST.
    webhook: Option<String>,
    /// A variable with that address.
    webhook_env: Option<String>,
    /// A command that gets the same on standard input.
    command: Option<String>,
    /// The terminal rings for an alert.
    bell: Option<bool>,
    /// What for; everything where it is left out.
    on: Option<Vec<Milestone>>,
    /// Who else is told, each in the form that it takes.
    to: Vec<RawReceiver>,
}

/// Where messages go.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MessageSettings {
    /// An address that takes a JSON body by POST.
    pub webhook: Option<String>,
    /// A command that gets the same on standard input.
    pub command: Option<String>,
    /// The terminal rings for an alert.
    pub bell: bool,
    /// What for; everything where nothing is said.
    pub on: Vec<Milestone>,
    /// Who else is told, each in the form that it takes.
    pub to: Vec<Receiver>,
}

impl MessageSettings {
    /// All that take a message by an address, the webhook among them.
    pub fn receivers(&self) -> Vec<Receiver> {
        let webhook = self.webhook.clone().map(|address| Receiver {
            name: "webhook".to_owned(),
            address: Ok(address),
            ..Receiver::default()
        });
        webhook.into_iter().chain(self.to.iter().cloned()).collect()
    }
}

/// Puts what is written about messages over what is known.
pub(super) fn merge(settings: &mut MessageSettings, raw: RawMessages) {
    let from_environment = raw.webhook_env.and_then(|name| variable(&name));
    settings.webhook = from_environment.or(raw.webhook).or(settings.webhook.take());
    settings.command = raw.command.or(settings.command.take());
    settings.bell = raw.bell.unwrap_or(settings.bell);
    if let Some(on) = raw.on {
        settings.on = on;
    }
    settings.to.extend(raw.to.into_iter().map(Receiver::of));
}
