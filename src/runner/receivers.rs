//! A message in the form that each kind of receiver takes.

use chrono::{DateTime, Utc};
use reqwest::Method;
use serde_json::{Value, json};

use crate::config::{Milestone, Receiver, ReceiverKind};

/// What there is to tell.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) milestone: Milestone,
    pub(super) text: String,
    pub(super) run: String,
    pub(super) environment: String,
    pub(super) production: bool,
    pub(super) at: DateTime<Utc>,
    pub(super) event: u64,
    /// Truncation of the journal shows against this.
    pub(super) head: String,
    /// Since when it was down, where this tells that it is up again.
    pub(super) down_since: Option<DateTime<Utc>>,
}

/// What is asked of a receiver.
#[derive(Debug, PartialEq)]
pub(super) struct Asked {
    pub(super) method: Method,
    pub(super) address: String,
    pub(super) authorization: Option<String>,
    pub(super) body: Value,
}

/// So long a message of Discord may be, and a summary of PagerDuty's, in characters.
const DISCORD: usize = 2000;
const PAGERDUTY: usize = 1024;

impl Told {
    /// The message and its facts, for programs.
    pub(super) fn json(&self) -> Value {
        json!({
            // Slack and what takes the same payload show this.
            "text": self.text,
            "milestone": self.milestone,
            "run": self.run,
            "environment": self.environment,
            "production": self.production,
            "at": self.at.to_rfc3339(),
            "event": self.event,
            "head": self.head,
        })
    }
}

/// What a receiver is asked, or why it can't be.
pub(super) fn asked(receiver: &Receiver, told: &Told) -> Result<Asked, String> {
    let address = receiver.address.clone()?;
    let token = receiver.token.clone().transpose()?;
    let needed = || token.clone().ok_or_else(|| "it needs token_env".to_owned());
    let bearer = |token: String| format!("Bearer {token}");
    let post = |body: Value| Asked {
        method: Method::POST,
        address: address.clone(),
        authorization: token.clone().map(bearer),
        body,
    };
    Ok(match receiver.kind {
        ReceiverKind::Json => post(told.json()),
        ReceiverKind::Slack => post(json!({ "text": told.text })),
        ReceiverKind::Teams => post(card(told)),
        ReceiverKind::Discord => post(json!({
            "content": first(&told.text, DISCORD),
            // Nobody is called by a name that stands in a document.
            "allowed_mentions": { "parse": [] },
        })),
        ReceiverKind::Matrix => Asked {
            method: Method::PUT,
            // The same message that is sent again has the same id, and is shown once.
            address: format!(
                "{}/send/m.room.message/{}-{}",
                address.trim_end_matches('/'),
                told.run,
                told.event
            ),
            authorization: Some(bearer(needed()?)),
            body: json!({ "msgtype": "m.notice", "body": told.text }),
        },
        ReceiverKind::PagerdutyChange => Asked {
            authorization: None,
            ..post(json!({
                "routing_key": needed()?,
                "payload": {
                    "summary": first(&told.text, PAGERDUTY),
                    "timestamp": told.at.to_rfc3339(),
                    "source": "gonogo",
                    "custom_details": told.json(),
                },
            }))
        },
        ReceiverKind::Grafana => Asked {
            method: Method::POST,
            address: format!("{}/api/annotations", address.trim_end_matches('/')),
            authorization: Some(bearer(needed()?)),
            body: annotation(told),
        },
    })
}

/// An adaptive card, as workflows of Teams take it.
fn card(told: &Told) -> Value {
    let fact = |title: &str, value: &str| json!({ "title": title, "value": value });
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": "1.4",
                "body": [
                    { "type": "TextBlock", "text": told.text, "wrap": true },
                    { "type": "FactSet", "facts": [
                        fact("Environment", &told.environment),
                        fact("Run", &told.run),
                        fact("Event", &told.event.to_string()),
                    ]},
                ],
            },
        }],
    })
}

/// A mark in Grafana's charts: of an outage that is over its whole length.
fn annotation(told: &Told) -> Value {
    let tags = ["gonogo", told.environment.as_str(), told.milestone.word()];
    let mut mark = json!({ "time": told.at.timestamp_millis(), "tags": tags, "text": told.text });
    if let (Some(since), Some(mark)) = (told.down_since, mark.as_object_mut()) {
        mark.insert("time".to_owned(), json!(since.timestamp_millis()));
        mark.insert("timeEnd".to_owned(), json!(told.at.timestamp_millis()));
    }
    mark
}

/// The beginning of a text that may have so many characters.
fn first(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(std::iter::once('…')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told() -> Told {
        Told {
            milestone: Milestone::Up,
            text: "shop-1 in Production: the service is up since 23:50, it was down for 4 min".into(),
            run: "shop-1".into(),
            environment: "Production".into(),
            production: true,
            at: DateTime::from_timestamp(1_764_546_600, 0).unwrap(),
            event: 42,
            head: "ab".into(),
            down_since: DateTime::from_timestamp(1_764_546_360, 0),
        }
    }

    fn of(kind: ReceiverKind) -> Receiver {
        let address = Ok("https://r.example/x/".to_owned());
        Receiver { name: "r".into(), kind, address, token: Some(Ok("t0ken".into())), ..Receiver::default() }
    }

    #[test]
    fn each_kind_gets_what_it_takes() {
        let kinds = [
            ReceiverKind::Json,
            ReceiverKind::Slack,
            ReceiverKind::Teams,
            ReceiverKind::Discord,
            ReceiverKind::Matrix,
            ReceiverKind::PagerdutyChange,
            ReceiverKind::Grafana,
        ];
        let all: Vec<String> = kinds
            .into_iter()
            .map(|kind| {
                let asked = asked(&of(kind), &told()).unwrap();
                let body = serde_json::to_string_pretty(&asked.body).unwrap();
                let who = asked.authorization.unwrap_or_else(|| "nobody".into());
                format!("{}: {} {} as {who}\n{body}", kind.word(), asked.method, asked.address)
            })
            .collect();
        insta::assert_snapshot!(all.join("\n\n"));
    }

    #[test]
    fn what_is_missing_is_said_and_long_texts_fit() {
        let without = Receiver { token: None, ..of(ReceiverKind::Matrix) };
        assert_eq!(asked(&without, &told()).unwrap_err(), "it needs token_env");
        let unset = Receiver { address: Err("HOOK is not set".into()), ..of(ReceiverKind::Slack) };
        assert_eq!(asked(&unset, &told()).unwrap_err(), "HOOK is not set");
        let long = Told { text: "ä".repeat(5000), ..told() };
        let body = asked(&of(ReceiverKind::Discord), &long).unwrap().body;
        assert_eq!(body["content"].as_str().unwrap().chars().count(), DISCORD);
    }
}
