//! `gonogo sign`: puts somebody's name to a run, here or in an archive.

pub(super) mod archive;
mod args;
mod shown;

use std::path::Path;
use std::sync::Arc;

use super::notes::Notes;
use super::report::{CommandError, Status, note, say_text};
use super::runtime::runtime;
use super::{accepted, document, store};
use crate::client::{self, Host, Session, Who};
use crate::config::{self, Settings};
use crate::exec::spawn::own_program;
use crate::protocol::{Part, ToSign};
use crate::record::signature;
use crate::run::sign;
use crate::run::{Request, RunState, SignOff, SignRole, Statement};
use crate::run_files::RunFiles;
use crate::store::Store;

pub(super) use args::SignArgs;
use shown::{check_allowed, shown_and_signed, signer};

pub(super) fn sign(args: &SignArgs, operator: Option<String>) -> Result<Status, CommandError> {
    if let Some(path) = args.run.as_deref().map(Path::new).filter(|p| p.is_file()) {
        let settings = document::settings(None, operator)?;
        return archive::sign(args, path, &settings);
    }
    let settings = document::settings(None, operator.clone())?;
    let (store, run) = store::find(&settings, args.run.as_deref())?;
    // What is said beside the document counts for its runs, wherever this is called.
    let mut settings = document::settings(store.document_path(run.id()).as_deref(), operator)?;
    accepted::for_record(&mut settings, Some(args.accept_commands))?;
    let known = store.state_of(run.id())?;
    let role = args.role.or_else(|| sign::wanted(&known)).ok_or_else(|| {
        CommandError::new(
            Status::Usage,
            format!("{} is signed off: name with --as who signs again", run.id()),
        )
    });
    if let Some(path) = &args.take {
        let sign_offs = taken(path, &*store, &run, role)?;
        return give(&settings, &store, &run, sign_offs);
    }
    let role = role?;
    let name = args.name.clone().unwrap_or_else(|| settings.operator.clone());
    sign::may_sign(&known, role, &name).map_err(|e| CommandError::new(Status::Failed, e.to_string()))?;
    let signer = if args.challenge { None } else { signer(args, &settings)? };
    let keyed = args.challenge || signer.is_some();
    runtime()?.block_on(async {
        let mut session = join(&settings, &store, &run).await?;
        let to_sign = session.prepare_sign_off((role, &name), keyed, &mut Notes).await??;
        let to_sign = to_sign.map_err(|e| CommandError::new(Status::Failed, e.to_string()))?;
        if args.challenge {
            session.leave().await;
            return challenge(&run, role, &to_sign);
        }
        let given = shown_and_signed(args, session.state(), (role, &name), &to_sign, signer.as_ref());
        let sign_off = match given {
            Ok(sign_off) => sign_off,
            Err(error) => {
                session.leave().await;
                return Err(error);
            }
        };
        check_allowed(&settings, session.state(), &sign_off)?;
        record(&mut session, sign_off).await?;
        let by = signer.map_or("claimed, no key".to_owned(), |s| s.to_string());
        note(format!("{} is signed as {role} by {name} ({by})", run.id()));
        told_next(&session.leave().await);
        Ok(Status::Done)
    })
}

async fn join(settings: &Settings, store: &Arc<dyn Store>, run: &RunFiles) -> Result<Session, CommandError> {
    let who = Who { operator: settings.operator.clone(), part: Part::Unattended };
    let (host, home) = (Host::Processes(own_program()), client::home_of(&**store, run.id()));
    Ok(Session::join(&host, store, run, who, home).await?)
}

/// Has a sign-off recorded.
async fn record(session: &mut Session, sign_off: SignOff) -> Result<(), CommandError> {
    session.insist(Request::Sign(Box::new(sign_off)), &mut Notes).await
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
fn challenge(run: &RunFiles, role: SignRole, to_sign: &ToSign) -> Result<Status, CommandError> {
    run.keep(&pending(role), to_sign.statement.as_bytes())?;
    say_text(to_sign.statement.trim_end())?;
    note(format!(
        "sign exactly these lines: ssh-keygen -Y sign -n {} -f ~/.ssh/id_ed25519 FILE",
        sign::NAMESPACE
    ));
    note(format!("then: gonogo sign {} --as {role} --take FILE.sig", run.id()));
    Ok(Status::Done)
}

/// Sign-offs that were made elsewhere.
fn taken(
    path: &Path,
    store: &dyn Store,
    run: &RunFiles,
    role: Result<SignRole, CommandError>,
) -> Result<Vec<SignOff>, CommandError> {
    let failed = |why: String| CommandError::new(Status::Failed, why);
    let bytes = if path == Path::new("-") {
        use std::io::Read;
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes)?;
        bytes
    } else {
        config::file::read(path, config::file::LARGEST)
            .map_err(|e| failed(format!("could not read {}: {e}", path.display())))?
    };
    let Ok(text) = String::from_utf8(bytes) else { return archive::sign_offs(path, store, run.id()) };
    let role = role?;
    let kept = run.path().join(pending(role));
    let statement = std::fs::read_to_string(&kept).map_err(|_| {
        failed(format!("no statement was issued for {role}"))
            .hint(format!("gonogo sign {} --as {role} --name NAME --challenge", run.id()))
    })?;
    let good = signature::verify(&statement, &text).map_err(|e| failed(e.to_string()))?;
    let signature = text.trim().to_owned() + "\n";
    Ok(vec![SignOff { statement, signature: Some(signature), key: Some(good.key) }])
}

/// Has sign-offs that were made elsewhere recorded.
fn give(
    settings: &Settings,
    store: &Arc<dyn Store>,
    run: &RunFiles,
    sign_offs: Vec<SignOff>,
) -> Result<Status, CommandError> {
    runtime()?.block_on(async {
        let mut session = join(settings, store, run).await?;
        for sign_off in sign_offs {
            let statement = Statement::read(&sign_off.statement)
                .map_err(|e| CommandError::new(Status::Failed, e.to_string()))?;
            let who = sign_off.key.as_ref().map_or("claimed, no key".to_owned(), |k| k.fingerprint.clone());
            check_allowed(settings, session.state(), &sign_off)?;
            record(&mut session, sign_off).await?;
            note(format!("{} is signed as {} by {} ({who})", run.id(), statement.role, statement.name));
        }
        told_next(&session.leave().await);
        Ok(Status::Done)
    })
}
