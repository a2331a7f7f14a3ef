//! `gonogo sign`: puts somebody's name to a run, here or in an archive.

mod archive;
mod console;

use std::path::{Path, PathBuf};

use clap::Args;

use super::open;
use super::report::{CommandError, Status, note, say};
use crate::client::{self, Attached, Host, Who};
use crate::config::Settings;
use crate::exec::spawn::own_program;
use crate::protocol::{Part, ToClient, ToRunner, ToSign};
use crate::record::allowed::AllowedSigners;
use crate::record::review;
use crate::record::signature::{self, SignError, Signer};
use crate::record::times::Times;
use crate::run::sign;
use crate::run::{Request, RunState, SignOff, SignRole, Statement};
use crate::store::{RunDirectory, StateDirectory};

/// Arguments of `sign`.
#[derive(Debug, Args)]
pub(super) struct SignArgs {
    /// The run, or an archive that `gonogo export` made; by default the active run, else the last
    run: Option<String>,
    /// As what: engineer or reviewer
    #[arg(long = "as", value_name = "ROLE")]
    role: Option<SignRole>,
    /// Who signs; by default the operator
    #[arg(long)]
    name: Option<String>,
    /// The key: a private key's file, or the public one of a key in ssh-agent
    #[arg(long, value_name = "FILE", conflicts_with = "claimed")]
    key: Option<PathBuf>,
    /// Sign without a key: the log says that the name is claimed
    #[arg(long)]
    claimed: bool,
    /// Nothing is asked
    #[arg(long)]
    yes: bool,
    /// Print what is to be signed elsewhere with ssh-keygen
    #[arg(long, conflicts_with_all = ["key", "claimed", "take"])]
    challenge: bool,
    /// Take a signature that was made elsewhere: over the challenge (a file, or - for standard input), or in an archive
    #[arg(long, value_name = "FILE", conflicts_with_all = ["key", "claimed"])]
    take: Option<PathBuf>,
}

pub(super) fn sign(args: &SignArgs, operator: Option<String>) -> Result<Status, CommandError> {
    if let Some(path) = args.run.as_deref().map(Path::new).filter(|p| p.is_file()) {
        let settings = open::settings(None, operator)?;
        return archive::sign(args, path, &settings);
    }
    let settings = open::settings(None, operator.clone())?;
    let state = StateDirectory::open(&settings.state_dir)?;
    let run = state.find(args.run.as_deref())?;
    // What is said beside the document counts for its runs, wherever this is called.
    let settings = open::settings(run.document_path().as_deref(), operator)?;
    let known = run.read_state()?;
    let role = args.role.or_else(|| sign::wanted(&known)).ok_or_else(|| {
        CommandError::new(Status::Usage, format!("{} is signed off: --as says who signs once more", run.id()))
    });
    if let Some(path) = &args.take {
        let sign_offs = taken(path, &run, role)?;
        return give(&settings, &state, &run, sign_offs);
    }
    let role = role?;
    let name = args.name.clone().unwrap_or_else(|| settings.operator.clone());
    sign::may_sign(&known, role, &name).map_err(|e| CommandError::new(Status::Failed, e.to_string()))?;
    let signer = if args.challenge { None } else { signer(args, &settings)? };
    let keyed = args.challenge || signer.is_some();
    super::runtime()?.block_on(async {
        let mut attached = attach(&settings, &state, &run).await?;
        let to_sign = prepare(&mut attached, (role, &name), keyed).await?;
        if args.challenge {
            attached.connection.leave().await;
            return challenge(&run, role, &to_sign);
        }
        let sign_off = match shown_and_signed(args, &attached.state, (role, &name), &to_sign, signer.as_ref())
        {
            Ok(sign_off) => sign_off,
            Err(error) => {
                attached.connection.leave().await;
                return Err(error);
            }
        };
        check_allowed(&settings, &attached.state, &sign_off)?;
        ask(&mut attached, sign_off).await?;
        let by = signer.map_or("claimed, no key".to_owned(), |s| s.to_string());
        note(format!("{} is signed as {role} by {name} ({by})", run.id()));
        told_next(&attached.state);
        attached.connection.leave().await;
        Ok(Status::Done)
    })
}

/// The key to sign with; nothing where none is wanted or there is none.
fn signer(args: &SignArgs, settings: &Settings) -> Result<Option<Signer>, CommandError> {
    if args.claimed {
        return Ok(None);
    }
    let key = args.key.as_deref().or(settings.sign.key.as_deref());
    let agent = signature::agent();
    let found = match signature::find(key, None, agent.as_deref()) {
        Err(SignError::Passphrase(path)) => {
            let passphrase = console::hidden(&format!("passphrase of {}: ", path.display()))?;
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
fn check_allowed(settings: &Settings, state: &RunState, sign_off: &SignOff) -> Result<(), CommandError> {
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
fn shown_and_signed(
    args: &SignArgs,
    state: &RunState,
    (role, name): (SignRole, &str),
    to_sign: &ToSign,
    signer: Option<&Signer>,
) -> Result<SignOff, CommandError> {
    show(state, to_sign)?;
    let by = signer
        .map_or("without a key: the log says that the name is claimed".to_owned(), |s| format!("with {s}"));
    say(format!("\n{name} signs as {role}, {by}."))?;
    if !args.yes {
        match console::line(&format!("Type {name} to sign: "))? {
            Some(typed) if typed == name => {}
            Some(_) => {
                return Err(CommandError::new(
                    Status::Failed,
                    format!("that is not {name}: nothing was signed"),
                ));
            }
            None => {
                return Err(CommandError::new(Status::Usage, "nothing was signed: there is nobody to ask")
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
    say(format!("\n{}", to_sign.log.trim_end()))
}

async fn attach(
    settings: &Settings,
    state: &StateDirectory,
    run: &RunDirectory,
) -> Result<Attached, CommandError> {
    let who = Who { operator: settings.operator.clone(), part: Part::Unattended };
    let host = Host::Processes(own_program());
    Ok(client::join(&host, state, run, &who, &std::env::temp_dir()).await?)
}

async fn prepare(
    attached: &mut Attached,
    (role, name): (SignRole, &str),
    keyed: bool,
) -> Result<ToSign, CommandError> {
    attached.connection.send(ToRunner::PrepareSignOff { role, name: name.to_owned(), keyed });
    loop {
        match attached.connection.next().await {
            Some(ToClient::ToSign(to_sign)) => {
                return (*to_sign).map_err(|e| CommandError::new(Status::Failed, e.to_string()));
            }
            Some(ToClient::Recorded(record)) => attached.state.advance(&record),
            Some(_) => {}
            None => return Err(CommandError::new(Status::Failed, "the runner has ended")),
        }
    }
}

/// Has a sign-off recorded.
async fn ask(attached: &mut Attached, sign_off: SignOff) -> Result<(), CommandError> {
    attached.connection.send(ToRunner::Ask { number: 1, request: Request::Sign(Box::new(sign_off)) });
    loop {
        match attached.connection.next().await {
            Some(ToClient::Answered { number: 1, refused: None }) => return Ok(()),
            Some(ToClient::Answered { number: 1, refused: Some(refusal) }) => {
                return Err(CommandError::new(Status::Failed, refusal.to_string()));
            }
            Some(ToClient::Recorded(record)) => attached.state.advance(&record),
            Some(ToClient::Trouble(text)) => note(text),
            Some(_) => {}
            None => return Err(CommandError::new(Status::Failed, "the runner has ended")),
        }
    }
}

fn told_next(state: &RunState) {
    if let Some(role) = sign::wanted(state) {
        note(format!("next: {role} signs: gonogo sign {} --as {role} --name NAME", state.id()));
    }
}

fn pending(role: SignRole) -> String {
    format!("signatures/{role}.pending.txt")
}

/// Prints the statement, and how it is signed elsewhere; it is kept, because the signature has to fit it.
fn challenge(run: &RunDirectory, role: SignRole, to_sign: &ToSign) -> Result<Status, CommandError> {
    run.keep(&pending(role), to_sign.statement.as_bytes())?;
    say(to_sign.statement.trim_end())?;
    note(format!(
        "sign these lines as they are: ssh-keygen -Y sign -n {} -f ~/.ssh/id_ed25519 FILE",
        sign::NAMESPACE
    ));
    note(format!("then here: gonogo sign {} --as {role} --take FILE.sig", run.id()));
    Ok(Status::Done)
}

/// Sign-offs that were made elsewhere.
fn taken(
    path: &Path,
    run: &RunDirectory,
    role: Result<SignRole, CommandError>,
) -> Result<Vec<SignOff>, CommandError> {
    let failed = |why: String| CommandError::new(Status::Failed, why);
    let bytes = if path == Path::new("-") {
        use std::io::Read;
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes)?;
        bytes
    } else {
        std::fs::read(path).map_err(|e| failed(format!("could not read {}: {e}", path.display())))?
    };
    let Ok(text) = String::from_utf8(bytes) else { return archive::sign_offs(path, run) };
    let role = role?;
    let kept = run.path().join(pending(role));
    let statement = std::fs::read_to_string(&kept).map_err(|_| {
        failed(format!("nothing was given out to be signed as {role}"))
            .hint(format!("gonogo sign {} --as {role} --name NAME --challenge", run.id()))
    })?;
    let good = signature::verify(&statement, &text).map_err(|e| failed(e.to_string()))?;
    let signature = text.trim().to_owned() + "\n";
    Ok(vec![SignOff { statement, signature: Some(signature), key: Some(good.key) }])
}

/// Has sign-offs that were made elsewhere recorded.
fn give(
    settings: &Settings,
    state: &StateDirectory,
    run: &RunDirectory,
    sign_offs: Vec<SignOff>,
) -> Result<Status, CommandError> {
    super::runtime()?.block_on(async {
        let mut attached = attach(settings, state, run).await?;
        for sign_off in sign_offs {
            let statement = Statement::read(&sign_off.statement)
                .map_err(|e| CommandError::new(Status::Failed, e.to_string()))?;
            let who = sign_off.key.as_ref().map_or("claimed, no key".to_owned(), |k| k.fingerprint.clone());
            check_allowed(settings, &attached.state, &sign_off)?;
            ask(&mut attached, sign_off).await?;
            note(format!("{} is signed as {} by {} ({who})", run.id(), statement.role, statement.name));
        }
        told_next(&attached.state);
        attached.connection.leave().await;
        Ok(Status::Done)
    })
}
