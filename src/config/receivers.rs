//! `[[messages.to]]`: who is told, each in the form that it takes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::variable::variable;
use super::watch::Milestone;

/// What a receiver takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReceiverKind {
    /// The message and its facts as one JSON object.
    #[default]
    Json,
    /// An incoming webhook of Slack, Mattermost or Rocket.Chat.
    Slack,
    /// A workflow of Teams that posts adaptive cards.
    Teams,
    /// A webhook of Discord.
    Discord,
    /// A room of Matrix; the token is an access token.
    Matrix,
    /// Change events of PagerDuty, which page nobody; the token is the integration key.
    PagerdutyChange,
    /// Annotations of Grafana; the token is one of a service account.
    Grafana,
}

/// One receiver as it is written.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawReceiver {
    /// What the record calls it; by default its kind.
    name: Option<String>,
    /// What it takes.
    kind: ReceiverKind,
    /// Its address: of a room for Matrix, of the server for Grafana.
    url: Option<String>,
    /// A variable with that address.
    url_env: Option<String>,
    /// A variable with the token.
    token_env: Option<String>,
    /// Only runs in these environments; all where it is left out.
    environments: Vec<String>,
    /// What for; as `messages.on` where it is left out.
    on: Option<Vec<Milestone>>,
}

/// Somebody who is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Receiver {
    /// What the record calls it.
    pub name: String,
    /// What it takes.
    pub kind: ReceiverKind,
    /// Its address, or why there is none.
    pub address: Result<String, String>,
    /// Its token, or why there is none; nothing where none was asked for.
    pub token: Option<Result<String, String>>,
    /// Only runs in these environments, in lower case; all where there is none.
    pub environments: Vec<String>,
    /// What for; as for everybody where nothing is said.
    pub on: Option<Vec<Milestone>>,
}

impl Default for Receiver {
    /// One that takes JSON, without an address.
    fn default() -> Self {
        Self::of(RawReceiver::default())
    }
}

/// Where PagerDuty takes change events.
const PAGERDUTY: &str = "https://events.pagerduty.com/v2/change/enqueue";

impl Receiver {
    pub(super) fn of(raw: RawReceiver) -> Self {
        let of_variable = |name: &String| variable(name).ok_or_else(|| format!("{name} is not set"));
        let usual = (raw.kind == ReceiverKind::PagerdutyChange).then(|| PAGERDUTY.to_owned());
        let said = raw.url_env.as_ref().map(of_variable).or(raw.url.map(Ok)).or(usual.map(Ok));
        let kind = raw.kind.word().to_owned();
        Self {
            name: raw.name.unwrap_or(kind),
            kind: raw.kind,
            address: said.unwrap_or_else(|| Err("it has neither url nor url_env".to_owned())),
            token: raw.token_env.as_ref().map(of_variable),
            environments: raw.environments.iter().map(|e| e.to_lowercase()).collect(),
            on: raw.on,
        }
    }

    /// Whether it is told of this in that environment, where everybody is told of these.
    pub fn wants(&self, milestone: Milestone, environment: &str, all: &[Milestone]) -> bool {
        let here =
            self.environments.is_empty() || self.environments.contains(&environment.trim().to_lowercase());
        here && self.on.as_deref().unwrap_or(all).contains(&milestone)
    }
}

impl ReceiverKind {
    /// As the settings name it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Slack => "slack",
            Self::Teams => "teams",
            Self::Discord => "discord",
            Self::Matrix => "matrix",
            Self::PagerdutyChange => "pagerduty-change",
            Self::Grafana => "grafana",
        }
    }
}
