//! Signing: which key, what exactly is signed, and the name typed under it.

use std::time::Instant;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::protocol::{ToRunner, ToSign};
use crate::record::review;
use crate::record::signature::{SignError, Signer};
use crate::run::{Refusal, Request, SignOff, SignRole, sign};
use crate::tui::app::App;
use crate::tui::dialogs::overlay::{Field, Overlay, Purpose, Signing, ToBeSigned};
use crate::tui::msg::Effect;
use crate::tui::update::common::{is_char, open_field, scrolled, send, takes};
use crate::tui::widgets::boxed::boxed;
use crate::tui::widgets::editor::Editor;
use crate::tui::widgets::text::wrap_words;

/// The key that signs: whoever ran it as engineer, anybody else as reviewer.
pub(in crate::tui) fn open(app: &mut App) -> Vec<Effect> {
    let Some(run) = &app.run else { return vec![] };
    if app.session.read_only {
        let words = app.looks_on_because();
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
            "The engineer has signed. The reviewer can sign here without a key, as a claim,".to_owned(),
            format!("or with a key of their own: gonogo attach {}, or gonogo sign.", run.id()),
        ];
        let named = run.person("reviewer").map_or(String::new(), |(name, _)| name.clone());
        open_field(app, Field::new("Who signs as reviewer", Purpose::SignAs).knowing(known).with(&named));
        return vec![];
    }
    begin(app, SignRole::Reviewer, me)
}

/// Begins to sign: looks for the key first. Whoever signs under another name than the operator's has none here.
pub(in crate::tui) fn begin(app: &mut App, role: SignRole, name: String) -> Vec<Effect> {
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
pub(in crate::tui) fn key_found(app: &mut App, found: Result<Option<Signer>, SignError>) -> Vec<Effect> {
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
pub(in crate::tui) fn prepared(app: &mut App, to_sign: Result<ToSign, Refusal>) -> Vec<Effect> {
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
pub(in crate::tui) fn pressed(
    app: &mut App,
    mut signing: ToBeSigned,
    key: KeyEvent,
    at: Instant,
) -> Vec<Effect> {
    let rest = rest(app, &signing);
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
pub(in crate::tui) fn confirmed(app: &mut App, signing: ToBeSigned) -> Vec<Effect> {
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
pub(in crate::tui) fn signed(app: &mut App, signed: Result<SignOff, SignError>) -> Vec<Effect> {
    match signed {
        Ok(sign_off) => send(app, Request::Sign(Box::new(sign_off))),
        Err(error) => {
            app.say(format!("not signed: {error}"));
            vec![]
        }
    }
}

/// Rows that are shown at once.
pub(in crate::tui) fn height(rows: u16) -> usize {
    usize::from(rows).saturating_sub(7)
}

/// Rows that don't fit under the one scrolled to: the last has to be seen before a name can be put under it.
pub(crate) fn rest(app: &App, signing: &ToBeSigned) -> usize {
    rows(app, signing, app.size.0).len().saturating_sub(signing.row + height(app.size.1))
}

/// All rows.
pub(in crate::tui) fn rows(app: &App, signing: &ToBeSigned, columns: u16) -> Vec<Line<'static>> {
    let width = usize::from(columns).saturating_sub(12).min(100);
    let Some(run) = &app.run else { return vec![] };
    let mut lines: Vec<Line<'static>> = Vec::new();
    let mut put = |text: String, style| {
        lines.extend(wrap_words(&text, width).into_iter().map(|l| Line::from(Span::styled(l, style))));
    };
    let plain = ratatui::style::Style::new();
    let by = signing.signing.signer.as_ref();
    let by =
        by.map_or("without a key: the log will mark the name as claimed".to_owned(), |s| format!("with {s}"));
    put(format!("{} signs as {}, {by}.", signing.signing.name, signing.signing.role), app.theme.strong());
    let points = review::points(run);
    if points.is_empty() {
        put(review::NOTHING.into(), plain);
    }
    for (about, points) in review::grouped(&points) {
        put(format!("{}:", about.title()), app.theme.wants());
        for point in points {
            put(format!("  {}", point.words), plain);
        }
    }
    put(" ".into(), plain);
    for line in signing.text.log.lines() {
        put(if line.is_empty() { " ".into() } else { line.to_owned() }, plain);
    }
    put(" ".into(), plain);
    for line in signing.text.statement.lines() {
        put(line.to_owned(), app.theme.dim());
    }
    lines
}

pub(in crate::tui) fn draw(app: &App, signing: &ToBeSigned, frame: &mut Frame<'_>, area: Rect) {
    let rest = rest(app, signing);
    let rows = rows(app, signing, area.width).into_iter();
    let mut lines: Vec<Line<'_>> = rows.skip(signing.row).take(height(area.height)).collect();
    lines.push(Line::from(""));
    lines.push(if rest > 0 {
        let words = format!("j shows {rest} rows more; read them first");
        Line::from(Span::styled(words, app.theme.wants()))
    } else {
        Line::from(vec![
            Span::styled("y", app.theme.strong()),
            Span::raw(" sign it   "),
            Span::styled("Esc", app.theme.strong()),
            Span::raw(" go back"),
        ])
    });
    boxed(app.theme, &format!("Sign as {}", signing.signing.role), lines, frame, area);
}
