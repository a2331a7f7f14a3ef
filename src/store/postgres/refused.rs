//! What the functions of the schema say no with (`schema.sql`).

use serde::Deserialize;

use super::connection::NoAnswer;

/// Why the database refused something.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Refused {
    /// Somebody owns the run.
    Owned(Owned),
    /// Another owner came after, with this number.
    Fenced(u32),
    /// The line of this number is not what may stand there.
    DoesNotFollow(u64),
    /// There is a run of this id.
    Taken,
    /// The run is not over.
    NotOver,
    /// There is no such run.
    NoRun,
    /// The run was not given its environment, or it is being let go.
    NoEnvironment,
}

/// Who owns a run.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub(super) struct Owned {
    login: Option<String>,
    host: Option<String>,
    doing: Option<String>,
    heard_s: Option<f64>,
}

impl Owned {
    pub(super) fn words(&self) -> String {
        let named = |text: &Option<String>| text.clone().unwrap_or_else(|| "somebody".into());
        let doing = self.doing.as_ref().map_or(String::new(), |doing| format!(", {doing}"));
        let heard = self.heard_s.map_or(String::new(), |s| format!(", last heard of {s:.0} s ago"));
        format!("{} on {}{doing}{heard}", named(&self.login), named(&self.host))
    }
}

/// What an answer refuses; nothing where it is no refusal of the schema's.
pub(super) fn of(error: &NoAnswer) -> Option<Refused> {
    let NoAnswer::Refused(error) = error else { return None };
    let detail = error.detail().unwrap_or_default();
    Some(match error.code().code() {
        "GN001" => Refused::Owned(serde_json::from_str(detail).unwrap_or_default()),
        "GN002" => Refused::Fenced(detail.parse().unwrap_or_default()),
        "GN005" => Refused::DoesNotFollow(detail.parse().unwrap_or_default()),
        "GN010" => Refused::NotOver,
        "GN011" => Refused::Taken,
        "GN012" => Refused::NoEnvironment,
        "GN404" => Refused::NoRun,
        _ => return None,
    })
}
