//! What somebody puts their name to: it is shown, asked, and signed with their key.

use super::args::SignArgs;
use crate::cli::prompt;
use crate::cli::report::{CommandError, Status, say, say_text};
use crate::config::Settings;
use crate::protocol::ToSign;
use crate::record::allowed::AllowedSigners;
use crate::record::review;
use crate::record::signature::{self, SignError, Signer};
use crate::record::times::Times;
use crate::run::{RunState, SignOff, SignRole, Statement};

/// The key to sign with; nothing where none is wanted or there is none.
pub(super) fn signer(args: &SignArgs, settings: &Settings) -> Result<Option<Signer>, CommandError> {
    if args.claimed {
        return Ok(None);
    }
    let key = args.key.as_deref().or(settings.sign.key.as_deref());
    let agent = signature::agent();
    let found = match signature::find(key, None, agent.as_deref()) {
        Err(SignError::Passphrase(path)) => {
            let passphrase = prompt::hidden(&format!("passphrase of {}: ", path.display()))?;
            let Some(passphrase) = passphrase else {
                return Err(CommandError::new(Status::Usage, SignError::Passphrase(path).to_string())
                    .hint("add the key to ssh-agent, or sign at a terminal"));
            };
            signature::find(key, Some(&passphrase), agent.as_deref())
        }
        found => found,
    };
    found.map_err(|error| {
        let several = matches!(error, SignError::Several(_));
        let told = CommandError::new(Status::Usage, error.to_string());
        let told = if several { told.hint("name one: --key ~/.ssh/id_ed25519.pub") } else { told };
        told.hint("--claimed signs without a key")
    })
}

/// A key that the allowed signers give to somebody else is refused before it is recorded.
pub(super) fn check_allowed(
    settings: &Settings,
    state: &RunState,
    sign_off: &SignOff,
) -> Result<(), CommandError> {
    let (Some(path), Some(key)) = (&settings.sign.allowed_signers, &sign_off.key) else { return Ok(()) };
    let failed = |why: String| CommandError::new(Status::Failed, why);
    let allowed = AllowedSigners::read(path, Times::of(state).zone()).map_err(|e| failed(e.to_string()))?;
    let statement = Statement::read(&sign_off.statement).map_err(|e| failed(e.to_string()))?;
    let signature = sign_off.signature.as_deref().unwrap_or_default();
    let good = signature::verify(&sign_off.statement, signature).map_err(|e| failed(e.to_string()))?;
    allowed.allows(&statement.name, &good.public, statement.time).map(drop).map_err(|why| {
        failed(format!("not signed: {}: {why}", key.fingerprint)).hint(format!("see {}", path.display()))
    })
}

/// Shows what somebody puts their name to, asks, and signs.
pub(super) fn shown_and_signed(
    args: &SignArgs,
    state: &RunState,
    (role, name): (SignRole, &str),
    to_sign: &ToSign,
    signer: Option<&Signer>,
) -> Result<SignOff, CommandError> {
    show(state, to_sign)?;
    let by = signer
        .map_or("without a key: the log will mark the name as claimed".to_owned(), |s| format!("with {s}"));
    say("")?;
    say(format!("{name} signs as {role}, {by}."))?;
    if !args.yes {
        match prompt::line(&format!("Type {name} to sign: "))? {
            Some(typed) if typed == name => {}
            Some(_) => {
                return Err(CommandError::new(
                    Status::Failed,
                    format!("that is not {name}: nothing was signed"),
                ));
            }
            None => {
                return Err(CommandError::new(
                    Status::Usage,
                    "nothing was signed: there is no terminal to ask on",
                )
                .hint("--yes signs without asking"));
            }
        }
    }
    signed(&to_sign.statement, signer)
}

/// A statement with its signature.
fn signed(statement: &str, signer: Option<&Signer>) -> Result<SignOff, CommandError> {
    let mut sign_off = SignOff { statement: statement.to_owned(), signature: None, key: None };
    if let Some(signer) = signer {
        let failed = |e: SignError| CommandError::new(Status::Failed, e.to_string());
        sign_off.signature = Some(signer.sign(statement).map_err(failed)?);
        sign_off.key = Some(signer.key());
    }
    Ok(sign_off)
}

/// What a reviewer has to see, before anything is signed: where the run left the document first, the log last.
fn show(state: &RunState, to_sign: &ToSign) -> Result<(), CommandError> {
    let points = review::points(state);
    if points.is_empty() {
        say(review::NOTHING)?;
    }
    for (about, points) in review::grouped(&points) {
        say(format!("{}:", about.title()))?;
        for point in points {
            let event = point.event.map_or(String::new(), |e| format!("  (event {})", e.0));
            say(format!("  {}{event}", point.words))?;
        }
    }
    say("")?;
    say_text(to_sign.log.trim_end())
}
