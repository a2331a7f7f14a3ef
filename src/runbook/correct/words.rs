//! The words of a correction: `role=rollback`, `skip`, `kind=follow`, `expect=200 OK`.

use super::super::model::Role;
use super::super::words::duration_s;
use crate::shell::{Effect, Kind};

/// One word of a correction.
#[derive(Clone, Debug, PartialEq)]
pub enum Word {
    /// What a section is for.
    Role(Role),
    /// It is left out.
    Skip,
    /// It is text for the reader.
    Text,
    /// It is what a command shows.
    Output,
    /// How it is run.
    Kind(Kind),
    /// What it does.
    Effect(Effect),
    /// It may be left out.
    Optional,
    /// It is one of several ways, called so.
    Option(String),
    /// A person does it.
    ByHand,
    /// What follows a command that goes elsewhere runs where the run is: it is there already.
    Here,
    /// It is ended after so many seconds.
    Timeout(u64),
    /// What is to be seen.
    Expect(String),
    /// A word of it is a value that the run asks for.
    Value(String),
}

/// The words that there are, as a message lists them.
pub const NAMES: &str = "role=, skip, text, output, kind=, effect=, optional, option=, by-hand, place=here, timeout=, expect=, value=";

/// Roles by their names in corrections.
const ROLES: &[(&str, Role)] = &[
    ("steps", Role::Steps),
    ("step", Role::Steps),
    ("rollback", Role::Rollback),
    ("troubleshooting", Role::Troubleshooting),
    ("problems", Role::Troubleshooting),
    ("restore", Role::Recovery),
    ("recovery", Role::Recovery),
    ("teardown", Role::Teardown),
    ("monitoring", Role::Monitoring),
    ("checklist", Role::Checklist),
    ("success", Role::Success),
    ("targets", Role::Targets),
    ("contacts", Role::Contacts),
    ("references", Role::References),
    ("log", Role::LogTemplate),
    ("overview", Role::Overview),
    ("text", Role::Other),
    ("none", Role::Other),
    ("other", Role::Other),
];

impl Role {
    /// Its name in a correction.
    pub fn name(self) -> &'static str {
        ROLES.iter().find(|(_, role)| *role == self).map_or("other", |(name, _)| name)
    }
}

/// Reads the words of a correction, apart by blanks or commas; what stands behind `expect=` is one text to the end.
///
/// # Errors
/// The word that is not read, with those that are.
pub fn parse(text: &str) -> Result<Vec<Word>, String> {
    let mut words = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        if let Some(expected) = rest.strip_prefix("expect=") {
            let expected = unquoted(expected.trim());
            if expected.is_empty() {
                return Err("expect= needs the expected text".into());
            }
            words.push(Word::Expect(expected.to_owned()));
            break;
        }
        let (token, more) = token(rest);
        words.push(word(token)?);
        rest = more.trim_start_matches([' ', ',', '\t', ';']);
    }
    if words.is_empty() { Err(format!("is empty; use one of {NAMES}")) } else { Ok(words) }
}

/// The first word of a text, a quoted value and all, and the rest.
fn token(text: &str) -> (&str, &str) {
    let mut quoted = false;
    let end = text.char_indices().find(|(_, c)| {
        quoted ^= *c == '"';
        !quoted && (c.is_whitespace() || matches!(c, ',' | ';'))
    });
    text.split_at(end.map_or(text.len(), |(at, _)| at))
}

fn unquoted(text: &str) -> &str {
    let inner = text.strip_prefix('"').and_then(|t| t.strip_suffix('"'));
    inner.unwrap_or(text)
}

fn word(token: &str) -> Result<Word, String> {
    let (name, value) = token.split_once('=').map_or((token, ""), |(n, v)| (n, unquoted(v)));
    let unknown =
        |what: &str, known: &str| Err(format!("{name}={value}: unknown {what}; use one of {known}"));
    Ok(match (name, value) {
        ("skip", "") => Word::Skip,
        ("text", "") => Word::Text,
        ("output", "") => Word::Output,
        ("optional", "") => Word::Optional,
        ("by-hand", "") => Word::ByHand,
        ("place", "here") => Word::Here,
        ("place", _) => return unknown("place", "here"),
        ("role", _) => match ROLES.iter().find(|(known, _)| *known == value) {
            Some((_, role)) => Word::Role(*role),
            None => {
                let known: Vec<&str> = ROLES.iter().map(|(known, _)| *known).collect();
                return unknown("role", &known.join(", "));
            }
        },
        ("kind", _) => Word::Kind(match value {
            "run" => Kind::Run,
            "follow" => Kind::Follow,
            "interactive" | "keyboard" => Kind::Interactive,
            "place" => Kind::Place,
            "by-hand" | "manual" => Kind::Manual,
            _ => return unknown("kind", "run, follow, interactive, place, by-hand"),
        }),
        ("effect", _) => Word::Effect(match value {
            "reads" => Effect::Reads,
            "changes" => Effect::Changes,
            "destroys" | "destructive" => Effect::Destructive,
            _ => return unknown("effect", "reads, changes, destroys"),
        }),
        ("option", name) if !name.is_empty() => Word::Option(name.to_owned()),
        ("value", name) if !name.is_empty() => Word::Value(name.to_owned()),
        ("timeout", time) => match duration_s(time) {
            Some(seconds) if seconds > 0 => Word::Timeout(seconds),
            _ => return Err(format!("timeout={time}: write a time such as 90s or 5m")),
        },
        _ => return Err(format!("{token} is not one of {NAMES}")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_what_is_none() {
        assert_eq!(parse("role=rollback"), Ok(vec![Word::Role(Role::Rollback)]));
        assert_eq!(
            parse("kind=follow, effect=reads timeout=5m expect=200 OK, no less"),
            Ok(vec![
                Word::Kind(Kind::Follow),
                Word::Effect(Effect::Reads),
                Word::Timeout(300),
                Word::Expect("200 OK, no less".into()),
            ])
        );
        assert_eq!(
            parse("option=\"With Docker\" by-hand"),
            Ok(vec![Word::Option("With Docker".into()), Word::ByHand])
        );
        for (text, said) in [
            ("rolle=rollback", "rolle=rollback is not one of role="),
            ("role=undo", "unknown role; use one of steps"),
            ("timeout=soon", "write a time"),
            ("place=there", "use one of here"),
            ("expect=", "needs the expected text"),
            ("", "is empty; use one of"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(said), "{text}: {error}");
        }
    }
}
