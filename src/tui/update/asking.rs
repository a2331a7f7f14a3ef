//! Opens the fields that several screens ask with, and adds commands.

use crate::runbook::CommandId;
use crate::tui::app::App;
use crate::tui::dialogs::overlay::{Field, Overlay, Purpose};
use crate::tui::msg::Effect;
use crate::tui::update::common::{named, open_field};
use crate::tui::widgets::editor::Editor;

/// Opens a field for a note.
pub(in crate::tui) fn note(app: &mut App, about: String) -> Vec<Effect> {
    let title = format!("Note about {}", named(app, &CommandId(about.clone())));
    open_field(app, Field::new(title, Purpose::Note(about)));
    vec![]
}

/// Opens a field for a value that a command waits for: a placeholder, a secret that nobody knows any
/// more, a variable that has none.
pub(in crate::tui) fn answer(app: &mut App, id: &CommandId) -> Vec<Effect> {
    let Some(run) = &app.run else { return vec![] };
    let Some(command) = run.find(id) else { return vec![] };
    let Some(name) = run.wanted_value(command).map(str::to_owned) else {
        let name = named(app, id);
        app.say(format!("{name} needs no value"));
        return vec![];
    };
    ask_value(app, name)
}

/// Opens a field for a value by its name.
pub(in crate::tui) fn ask_value(app: &mut App, name: String) -> Vec<Effect> {
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
pub(in crate::tui) fn hand_over(app: &mut App) -> Vec<Effect> {
    if app.run.is_some() {
        app.overlays.push(Overlay::HandOver(0));
    }
    vec![]
}

/// Opens a field for a command that is not in the document.
pub(in crate::tui) fn add_command(app: &mut App) -> Vec<Effect> {
    let Some(run) = &app.run else {
        app.say("the run has not been started");
        return vec![];
    };
    let lines = vec![format!(
        "It runs in the shell of the run at {}, and is recorded as an addition to the document.",
        run.place()
    )];
    let field = Field::new("A command of your own", Purpose::Add).knowing(lines);
    open_field(app, field);
    vec![]
}

/// Adds a command; it runs when it was added, through whatever it asks for.
pub(in crate::tui) fn add(app: &mut App, text: &str) -> Vec<Effect> {
    if app.run.is_none() || app.session.looks_on() {
        let why =
            if app.run.is_none() { "the run has not been started".into() } else { app.looks_on_because() };
        app.say(why);
        return vec![];
    }
    vec![Effect::Send(app.questions.ask_to_add(text))]
}
