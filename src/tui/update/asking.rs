//! Opens the fields that several screens ask with, and adds commands.

use super::super::app::{App, Field, Purpose};
use super::super::msg::Effect;
use super::super::widgets::editor::Editor;
use super::common::open_field;
use crate::runbook::CommandId;
use crate::text as words;

/// Opens a field for a note.
pub(super) fn note(app: &mut App, about: String) -> Vec<Effect> {
    open_field(app, Field::new(format!("Note about {about}"), Purpose::Note(about)));
    vec![]
}

/// Opens a field for a value that a command waits for: a placeholder, a secret that nobody knows any
/// more, a variable that has none.
pub(super) fn answer(app: &mut App, id: &CommandId) -> Vec<Effect> {
    let Some(run) = &app.run else { return vec![] };
    let Some(command) = run.find(id) else { return vec![] };
    let Some(name) = run.wanted_value(command).map(str::to_owned) else {
        app.say(format!("{id} needs no value"));
        return vec![];
    };
    ask_value(app, name)
}

/// Opens a field for a value by its name.
pub(super) fn ask_value(app: &mut App, name: String) -> Vec<Effect> {
    let Some(run) = &app.run else { return vec![] };
    let field = if run.runbook().is_secret(&name) {
        let lines = vec!["secret: it is never shown, recorded or written".to_owned()];
        let field = Field::new(name.clone(), Purpose::Secret(name)).knowing(lines);
        Field { editor: Editor::line("", true), ..field }
    } else {
        Field::new(name.clone(), Purpose::Answer(name))
    };
    open_field(app, field);
    vec![]
}

/// Shows what somebody else has to know, and asks who goes on.
pub(super) fn hand_over(app: &mut App) -> Vec<Effect> {
    let Some(run) = &app.run else { return vec![] };
    let mut lines = words::hand_over(run);
    lines.push("The next person takes control with F6, or has it on joining.".into());
    open_field(app, Field::new("Hand over to", Purpose::HandOver).knowing(lines));
    vec![]
}

/// Opens a field for a command that is not in the document.
pub(super) fn add_command(app: &mut App) -> Vec<Effect> {
    let Some(run) = &app.run else {
        app.say("the run has not been started");
        return vec![];
    };
    let lines = vec![format!(
        "It is recorded as an addition to the document and runs in the shell of the run at {}.",
        run.place()
    )];
    let field = Field::new("A command of your own", Purpose::Add).knowing(lines);
    open_field(app, field);
    vec![]
}

/// Adds a command; it runs when it was added, through whatever it asks for.
pub(super) fn add(app: &mut App, text: &str) -> Vec<Effect> {
    if app.run.is_none() || app.session.looks_on() {
        let why = if app.run.is_none() {
            "the run has not been started".into()
        } else {
            app.session.looks_on_because()
        };
        app.say(why);
        return vec![];
    }
    vec![Effect::Send(app.questions.ask_to_add(text))]
}
