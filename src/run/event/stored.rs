//! How events are stored: as they are, and what is not known word for word.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::kinds::Event;
use super::newer::Newer;

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Newer(newer) => newer.content.serialize(serializer),
            known => Self::serialize(known, serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let content = Value::deserialize(deserializer)?;
        Self::deserialize(&content).or_else(|error| {
            // serde tells of an enum's word that it has no variant for in these words only.
            let kind = content.get("kind").and_then(Value::as_str).map(str::to_owned);
            match kind.filter(|_| error.to_string().starts_with("unknown variant")) {
                Some(kind) => Ok(Self::Newer(Newer { kind, content })),
                None => Err(serde::de::Error::custom(error)),
            }
        })
    }
}
