//! Who may sign a run, and what may be signed.

use super::{SignOff, SignRole, Statement};
use crate::config::{Keys, SignPolicy};
use crate::run::event::Event;
use crate::run::refusal::Refusal;
use crate::run::state::RunState;
use crate::visible::is_unseen;

/// Which role is to sign next by the policy; nothing where everybody has.
pub fn wanted(state: &RunState) -> Option<SignRole> {
    SignRole::ALL.into_iter().find(|role| {
        let needed = *role == SignRole::Engineer || policy(state).reviewer;
        needed && state.signed(*role).is_none()
    })
}

/// The policy that the run was started under.
pub fn policy(state: &RunState) -> SignPolicy {
    state.start().and_then(|(start, _)| start.sign.as_deref().cloned()).unwrap_or_default()
}

/// Why nobody of that name may sign as this now, before there is a statement.
pub fn may_sign(state: &RunState, role: SignRole, name: &str) -> Result<(), Refusal> {
    let name = name.trim();
    if state.outcome().is_none() {
        return Err(Refusal::NotOver);
    }
    if state.is_unconfirmed() {
        return Err(Refusal::NotConfirmed);
    }
    if name.is_empty() {
        return Err(Refusal::NameNeeded);
    }
    if name.contains(is_unseen) {
        return Err(Refusal::NoName(name.escape_debug().to_string()));
    }
    let policy = policy(state);
    let listed = match role {
        SignRole::Engineer => &policy.engineers,
        SignRole::Reviewer => &policy.reviewers,
    };
    if !listed.is_empty() && !listed.iter().any(|l| same_name(l, name)) {
        return Err(Refusal::NotListed(name.to_owned(), role));
    }
    // Whoever ran it is no reviewer of it, also where somebody else signs as engineer.
    let ran = state.start().map(|(start, _)| start.operator.as_str()).filter(|_| role == SignRole::Reviewer);
    let named =
        state.person("engineer").map(|(name, _)| name.as_str()).filter(|_| role == SignRole::Reviewer);
    let others = state.signatures().iter().filter(|s| s.statement.role == role.other());
    let others = others.map(|s| s.statement.name.as_str()).chain(ran).chain(named);
    if others.into_iter().any(|other| same_name(other, name)) {
        return Err(Refusal::SamePerson);
    }
    if role == SignRole::Reviewer && !policy.any_order() && state.signed(SignRole::Engineer).is_none() {
        return Err(Refusal::EngineerFirst);
    }
    Ok(())
}

/// Decides on a sign-off whose signature, head and log were found to be good.
pub fn sign(state: &RunState, sign_off: &SignOff) -> Result<Vec<Event>, Refusal> {
    let wrong = |why: &str| Refusal::WrongStatement(why.to_owned());
    let statement = Statement::read(&sign_off.statement).map_err(|e| wrong(&e.to_string()))?;
    may_sign(state, statement.role, &statement.name)?;
    if &statement.run != state.id() {
        return Err(wrong(&format!("it is for {}", statement.run)));
    }
    let document = state.start().map(|(start, _)| &start.sha256);
    if document != Some(&statement.document) || statement.events > state.seq() {
        return Err(wrong("it is for another document, or for events that do not exist"));
    }
    let last = state.signatures().last().map(|s| s.as_given.hash());
    if statement.previous != last {
        return Err(wrong("somebody has signed since it was made: read the log again, then sign"));
    }
    match &sign_off.key {
        None if policy(state).keys == Keys::Required => return Err(Refusal::KeyNeeded(statement.role)),
        None => {}
        Some(key) => {
            let others = state.signatures().iter().filter(|s| s.statement.role == statement.role.other());
            if others.filter_map(|s| s.as_given.key.as_ref()).any(|o| o.fingerprint == key.fingerprint) {
                return Err(Refusal::SameKey);
            }
        }
    }
    Ok(vec![Event::Signed(Box::new(sign_off.clone()))])
}

/// Whether two spellings name one person, as far as they look the same.
pub fn same_name(a: &str, b: &str) -> bool {
    let plain = |name: &str| {
        let seen: String = name.chars().filter(|c| !is_unseen(*c)).collect();
        let words: Vec<String> = seen.split_whitespace().map(str::to_lowercase).collect();
        words.join(" ").trim_end_matches('.').to_owned()
    };
    plain(a) == plain(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_the_same_are_one() {
        for (a, b) in
            [("ada", "Ada"), ("ada", " ada "), ("ada", "a\u{200b}da"), ("Ada L.", "ada  L"), ("ada.", "ada")]
        {
            assert!(same_name(a, b), "{a:?} {b:?}");
        }
        assert!(!same_name("ada", "adam"));
    }
}
