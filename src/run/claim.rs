//! What is claimed of a command's result, what came of it, and what both together make of the command.

use serde::{Deserialize, Serialize};

use super::event::parts::Exit;
use super::verdict::judgement::{Judgement, Verdict};
use crate::runbook::Command;

/// What is noted with an attestation that was given without anybody looking: `--accept-unattested`.
pub const UNSEEN: &str = "accepted unattested";

/// What is noted as the evidence of a tick that was given without anybody looking: `--yes`.
pub const TICKED_UNSEEN: &str = "--yes";

/// What a command's state comes to, in the signs of the screens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the signs of the screens")]
pub enum Standing {
    NotYet,
    Running,
    Passed,
    DoneNothingClaimed,
    Failed,
    NeedsEyes,
    Lost,
    /// It failed, was lost or waited for eyes, and somebody went past it: no later decision makes that a success.
    GonePast,
    Skipped,
}

/// A verdict on one claim, as it is recorded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Derived {
    /// Which claim, from 0: the document's expectations first.
    pub claim: usize,
    /// The words of a claim that is not the document's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
    /// What it came to.
    pub judgement: Judgement,
}

/// What an operator said about a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attestation {
    /// It was met.
    pub met: bool,
    /// Who says so.
    pub by: String,
    /// What they say about it.
    pub note: String,
}

/// One claim about a command's result.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Claim {
    /// Its words, where it is not the document's.
    pub says: Option<String>,
    /// What was derived.
    pub judged: Option<Judgement>,
    /// What was said by somebody who looked.
    pub attested: Option<Attestation>,
}

impl Claim {
    /// Whether it is met; nothing while that is open. A person's word counts more than a derived verdict.
    pub fn met(&self) -> Option<bool> {
        match (&self.attested, self.judged.as_ref().map(|j| j.verdict)) {
            (Some(said), _) => Some(said.met),
            (None, Some(Verdict::Pass)) => Some(true),
            (None, Some(Verdict::Fail)) => Some(false),
            (None, Some(Verdict::NeedsEyes) | None) => None,
        }
    }

    /// Whether saying this of it goes against what was derived: that takes a reason.
    pub fn overrules(&self, met: bool) -> bool {
        let derived = match self.judged.as_ref().map(|j| j.verdict) {
            Some(Verdict::Pass) => Some(true),
            Some(Verdict::Fail) => Some(false),
            // A sign of failure is there only where it was seen.
            Some(Verdict::NeedsEyes) if self.says.is_some() => Some(false),
            _ => None,
        };
        derived.is_some_and(|derived| derived != met)
    }

    /// Whether somebody said of it what goes against what was derived.
    pub fn is_overruled(&self) -> bool {
        self.attested.as_ref().is_some_and(|said| self.overrules(said.met))
    }

    fn judged(&self, test: impl Fn(&Judgement) -> bool) -> bool {
        self.judged.as_ref().is_some_and(test)
    }
}

/// What was seen of a command that tells of a failure whatever the document expects, and that nobody has explained.
pub fn sign_of_failure(claims: &[Claim]) -> Option<&str> {
    let unexplained = claims.iter().find(|c| c.says.is_some() && c.met() != Some(true))?;
    unexplained.judged.as_ref().map(|judged| judged.observed.as_str())
}

/// The claims of a command about which nothing is known yet.
pub fn open(command: Option<&Command>) -> Vec<Claim> {
    vec![Claim::default(); command.map_or(0, |c| c.expects.len())]
}

/// The claim that somebody speaks of who says that something was seen, or was not: the first open one, else the
/// first whose standing that changes.
pub fn spoken_of(claims: &[Claim], met: bool) -> Option<usize> {
    let open = claims.iter().position(|c| c.met().is_none());
    open.or_else(|| claims.iter().position(|c| c.met() != Some(met))).or(claims.len().checked_sub(1))
}

/// Takes verdicts in.
pub fn derive(claims: &mut Vec<Claim>, derived: &[Derived]) {
    for verdict in derived {
        // What is claimed of every command comes behind what the document claims.
        if verdict.claim == claims.len() && verdict.says.is_some() {
            claims.push(Claim { says: verdict.says.clone(), ..Claim::default() });
        }
        if let Some(claim) = claims.get_mut(verdict.claim) {
            claim.judged = Some(verdict.judgement.clone());
        }
    }
}

/// What a command that ended comes to.
///
/// 1. A failed claim is a failure, whatever the exit status.
/// 2. A failing exit status is a failure, unless it is what the document expects; where what is expected was
///    seen all the same, it is for eyes.
/// 3. A claim that nobody judged needs eyes.
/// 4. With no claims it is done, which is not a pass.
pub fn standing(exit: Exit, claims: &[Claim]) -> Standing {
    if claims.iter().any(|c| c.met() == Some(false)) {
        return Standing::Failed;
    }
    let expected = claims.iter().any(|c| c.judged(|j| j.exit_expected));
    let seen = !claims.is_empty() && claims.iter().all(|c| c.judged(|j| j.matched));
    if !exit.is_success() && !expected && !seen {
        return Standing::Failed;
    }
    if claims.iter().any(|c| c.met().is_none()) {
        Standing::NeedsEyes
    } else if claims.iter().all(|c| c.says.is_some()) {
        // What was explained is no pass: the document claims nothing.
        Standing::DoneNothingClaimed
    } else {
        Standing::Passed
    }
}

/// Whether a run of a command that is waited for counts: it succeeded, and all that can be checked of it holds.
pub fn holds(command: &Command, exit: Exit, derived: &[Derived]) -> bool {
    let mut claims = open(Some(command));
    derive(&mut claims, derived);
    let checked = |at: usize| command.expects.get(at).is_none_or(|e| e.check.is_some());
    let expected = claims.iter().any(|c| c.judged(|j| j.exit_expected));
    let all = claims.iter().enumerate().filter(|(at, _)| checked(*at)).all(|(_, c)| c.met() == Some(true));
    (exit.is_success() || expected) && all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(verdict: Verdict) -> Claim {
        let judgement = Judgement { verdict, ..Judgement::eyes("") };
        Claim { judged: Some(judgement), ..Claim::default() }
    }

    fn said(claim: Claim, met: bool) -> Claim {
        Claim { attested: Some(Attestation { met, by: "ada".into(), note: String::new() }), ..claim }
    }

    #[test]
    fn what_a_command_comes_to() {
        let (ok, bad) = (Exit::Status(0), Exit::Status(3));
        assert_eq!(standing(ok, &[]), Standing::DoneNothingClaimed);
        assert_eq!(standing(bad, &[]), Standing::Failed);
        assert_eq!(standing(ok, &[judged(Verdict::Pass)]), Standing::Passed);
        assert_eq!(standing(ok, &[judged(Verdict::Pass), judged(Verdict::NeedsEyes)]), Standing::NeedsEyes);
        assert_eq!(standing(ok, &[judged(Verdict::NeedsEyes), judged(Verdict::Fail)]), Standing::Failed);
        assert_eq!(standing(ok, &[said(judged(Verdict::Fail), true)]), Standing::Passed);
        assert_eq!(standing(ok, &[said(judged(Verdict::Pass), false)]), Standing::Failed);
        assert_eq!(standing(bad, &[judged(Verdict::NeedsEyes)]), Standing::Failed, "nothing was matched");
        let mut matched = judged(Verdict::NeedsEyes);
        matched.judged.as_mut().unwrap().matched = true;
        assert_eq!(standing(bad, &[matched.clone()]), Standing::NeedsEyes);
        assert_eq!(standing(bad, &[said(matched, true)]), Standing::Passed);
        let mut expected = judged(Verdict::Pass);
        expected.judged.as_mut().unwrap().exit_expected = true;
        assert_eq!(standing(bad, &[expected]), Standing::Passed);
        let sign = Claim { says: Some("every part succeeded".into()), ..judged(Verdict::NeedsEyes) };
        assert_eq!(standing(ok, std::slice::from_ref(&sign)), Standing::NeedsEyes);
        assert!(sign.overrules(true) && !sign.overrules(false), "whoever explains it says how");
        assert_eq!(standing(ok, &[said(sign, true)]), Standing::DoneNothingClaimed);
    }
}
