//! Signing: which key, what exactly is signed, and the name typed under it.

use std::time::Instant;

use crossterm::event::KeyEvent;

use super::super::app::{App, Field, Overlay, Purpose, Signing, ToBeSigned};
use super::super::msg::Effect;
use super::super::views;
use super::super::widgets::editor::Editor;
use super::common::{is_char, open_field, scrolled, send, takes};
use crate::protocol::{ToRunner, ToSign};
use crate::record::signature::{SignError, Signer};
use crate::run::{Refusal, Request, SignOff, SignRole, sign};

/// The key that signs: whoever ran it as engineer, anybody else as reviewer.
pub(super) fn open(app: &mut App) -> Vec<Effect> {
    let Some(run) = &app.run else { return vec![] };
    if app.session.read_only {
        let words = app.session.looks_on_because();
        app.say(words);
        return vec![];
    }
    if !run.is_over() {
        let refusal = if run.is_unconfirmed() { Refusal::NotConfirmed } else { Refusal::NotOver };
        app.say(refusal.to_string());
        return vec![];
    }
    let me = app.settings.operator.clone();
    let engineer = run.person("engineer").map_or("", |(name, _)| name.as_str());
    if me.eq_ignore_ascii_case(engineer) {
        if run.signed(SignRole::Engineer).is_none() {
            return begin(app, SignRole::Engineer, me);
        }
        let known = vec![
            "The engineer has signed. The reviewer signs here without a key, as claimed,".to_owned(),
            format!("or with a key as themselves: gonogo attach {}, or gonogo sign.", run.id()),
        ];
        let named = run.person("reviewer").map_or(String::new(), |(name, _)| name.clone());
        open_field(app, Field::new("Who signs as reviewer", Purpose::SignAs).knowing(known).with(&named));
        return vec![];
    }
    begin(app, SignRole::Reviewer, me)
}

/// Begins to sign: looks for the key first. Whoever signs under another name than the operator's has none here.
pub(super) fn begin(app: &mut App, role: SignRole, name: String) -> Vec<Effect> {
    let Some(run) = &app.run else { return vec![] };
    if let Err(refusal) = sign::may_sign(run, role, &name) {
        app.say(refusal.to_string());
        return vec![];
    }
    let own = name == app.settings.operator;
    app.questions.signing = Some(Signing { role, name, signer: None });
    if own { vec![Effect::FindKey(None)] } else { prepare(app) }
}

fn prepare(app: &App) -> Vec<Effect> {
    let Some(signing) = &app.questions.signing else { return vec![] };
    let (role, name, keyed) = (signing.role, signing.name.clone(), signing.signer.is_some());
    vec![Effect::Send(ToRunner::PrepareSignOff { role, name, keyed })]
}

/// It was looked for the key.
pub(super) fn key_found(app: &mut App, found: Result<Option<Signer>, SignError>) -> Vec<Effect> {
    match found {
        Ok(signer) => {
            if let Some(signing) = &mut app.questions.signing {
                signing.signer = signer.map(Box::new);
            }
            prepare(app)
        }
        Err(error @ (SignError::Passphrase(_) | SignError::WrongPassphrase(_))) => {
            let lines = vec![error.to_string()];
            let field = Field::new("Passphrase of your key", Purpose::Passphrase).knowing(lines);
            open_field(app, Field { editor: Editor::line("", true), ..field });
            vec![]
        }
        Err(error) => {
            app.questions.signing = None;
            app.say(format!("not signed: {error}; gonogo sign --claimed signs without a key"));
            vec![]
        }
    }
}

/// The runner says what is to be signed.
pub(super) fn prepared(app: &mut App, to_sign: Result<ToSign, Refusal>) -> Vec<Effect> {
    match (to_sign, app.questions.signing.take()) {
        (Ok(text), Some(signing)) => {
            app.overlays.push(Overlay::Sign(Box::new(ToBeSigned { signing, text, row: 0 })));
        }
        (Err(refusal), _) => app.say(refusal.to_string()),
        (Ok(_), None) => {}
    }
    vec![]
}

/// Keys while what is signed is shown: all of it has to be seen first.
pub(super) fn in_box(app: &mut App, mut signing: ToBeSigned, key: KeyEvent, at: Instant) -> Vec<Effect> {
    let rest = views::sign::rest(app, &signing);
    if is_char(key, 'y') && rest == 0 {
        if takes(app, Overlay::Sign(Box::new(signing.clone())), at) {
            let (role, name) = (signing.signing.role, signing.signing.name.clone());
            let title = format!("Type {name} to sign as {role}");
            open_field(app, Field::new(title, Purpose::SignName(Box::new(signing))));
        }
        return vec![];
    }
    signing.row = scrolled(signing.row, rest, key);
    app.overlays.push(Overlay::Sign(Box::new(signing)));
    vec![]
}

/// The name was typed.
pub(super) fn confirmed(app: &mut App, signing: ToBeSigned) -> Vec<Effect> {
    let statement = signing.text.statement;
    match signing.signing.signer {
        Some(signer) => vec![Effect::Sign { signer, statement }],
        None => {
            let sign_off = SignOff { statement, signature: None, key: None };
            send(app, Request::Sign(Box::new(sign_off)))
        }
    }
}

/// The key has signed, or has not.
pub(super) fn signed(app: &mut App, signed: Result<SignOff, SignError>) -> Vec<Effect> {
    match signed {
        Ok(sign_off) => send(app, Request::Sign(Box::new(sign_off))),
        Err(error) => {
            app.say(format!("not signed: {error}"));
            vec![]
        }
    }
}
