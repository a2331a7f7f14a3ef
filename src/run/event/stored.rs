//! How events are stored: as they are, and what is not known word for word.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

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
    /// Events are JSON wherever they come from. Their text is read a second time only where it is not known.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Box::<RawValue>::deserialize(deserializer)?;
        let known = &mut serde_json::Deserializer::from_str(text.get());
        Self::deserialize(known).or_else(|error| {
            let content: Value = serde_json::from_str(text.get()).map_err(serde::de::Error::custom)?;
            // serde tells of an enum's word that it has no variant for in these words only.
            let kind = content.get("kind").and_then(Value::as_str).map(str::to_owned);
            match kind.filter(|_| error.to_string().starts_with("unknown variant")) {
                Some(kind) => Ok(Self::Newer(Newer { kind, content })),
                None => Err(serde::de::Error::custom(error)),
            }
        })
    }
}
