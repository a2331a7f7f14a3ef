//! `[reading."Heading or first words"]`: how a piece of the document is to be read.

use schemars::JsonSchema;
use serde::Deserialize;

/// What is said of one piece, as it is written: the words of a comment in the document, each a key.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct RawReading {
    role: Option<String>,
    skip: bool,
    text: bool,
    output: bool,
    kind: Option<String>,
    effect: Option<String>,
    optional: bool,
    option: Option<String>,
    by_hand: bool,
    place: Option<String>,
    timeout: Option<String>,
    value: Option<String>,
    expect: Option<String>,
}

/// The words of the correction that a table of the file is.
pub(super) fn words(said: &RawReading) -> String {
    let flags = [
        (said.skip, "skip"),
        (said.text, "text"),
        (said.output, "output"),
        (said.optional, "optional"),
        (said.by_hand, "by-hand"),
    ];
    let values = [
        ("role", &said.role),
        ("kind", &said.kind),
        ("effect", &said.effect),
        ("option", &said.option),
        ("place", &said.place),
        ("timeout", &said.timeout),
        ("value", &said.value),
    ];
    let mut words: Vec<String> =
        flags.iter().filter(|(is, _)| *is).map(|(_, word)| (*word).to_owned()).collect();
    words.extend(values.iter().filter_map(|(name, value)| Some(format!("{name}=\"{}\"", value.as_ref()?))));
    // It takes all that stands behind it.
    words.extend(said.expect.iter().map(|expected| format!("expect={expected}")));
    words.join(" ")
}
