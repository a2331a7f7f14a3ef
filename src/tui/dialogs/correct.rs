//! Says how a piece of the document is to be read: before a run it is read anew, in a run the runner is asked.

use std::time::Instant;

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::run::Request;
use crate::runbook::correct::{Correction, FILE, Matter, Subject, subject};
use crate::runbook::{Command, Fate, Passage, read_with};
use crate::shell::{Effect as Does, Kind};
use crate::tui::app::App;
use crate::tui::dialogs::overlay::{Correcting, Overlay, ReadingChoice};
use crate::tui::keymap::Action;
use crate::tui::msg::Effect;
use crate::tui::screen::Screen;
use crate::tui::screens::start::StartRow;
use crate::tui::update::common::{send, takes};
use crate::tui::widgets::boxed::boxed;
use crate::tui::widgets::text::{clip, fit, scroll_to, wrap_words};

/// Words of a correction with what they mean.
type Words = &'static [(&'static str, &'static str)];

/// What a section can be.
const SECTIONS: Words = &[
    ("role=steps", "steps of the run"),
    ("role=rollback", "rollback"),
    ("role=troubleshooting", "known problems"),
    ("role=restore", "a restore: not part of the run"),
    ("role=teardown", "a teardown: not part of the run"),
    ("role=checklist", "a checklist"),
    ("role=monitoring", "monitoring"),
    ("skip", "text: nothing in it runs"),
];

/// What a command, a fence or a line of one can be.
const COMMANDS: Words = &[
    ("kind=run", "a command that ends by itself"),
    ("kind=follow", "a command that runs until somebody ends it"),
    ("kind=interactive", "a command that takes the keyboard"),
    ("by-hand", "done by hand"),
    ("text", "text for the reader"),
    ("output", "output of a command"),
    ("skip", "skipped: not part of the run"),
    ("optional", "optional: it may be skipped"),
    ("effect=reads", "it only reads"),
    ("effect=changes", "it changes something"),
    ("effect=destroys", "it destroys data or stops a service"),
];

/// What work can be that is told in words: a sentence is never run.
const WORK: Words = &[
    ("by-hand", "done by hand"),
    ("text", "text for the reader"),
    ("skip", "skipped: not part of the run"),
    ("optional", "optional: it may be skipped"),
];

/// What a line can be that nothing claims, where its section stays what it is.
const LEFT_OVER: Words = &[("text", "this alone: text for the reader"), ("skip", "this alone: skipped")];

/// Opens the menu for what stands at the cursor.
pub(in crate::tui) fn open(app: &mut App) -> Vec<Effect> {
    let line = app.screens.document.line;
    let about = subject(&app.book.runbook, line);
    let unclaimed = app.book.passage_at(line).is_some_and(Passage::is_open);
    let section = app.book.section_at(line).map(|entry| entry.line).filter(|_| unclaimed);
    let section = section.and_then(|line| subject(&app.book.runbook, line));
    let menu = match (section, about) {
        (Some(section), about) => of_left_over(app, Some(&section), about.as_ref()),
        (None, Some(about)) if unclaimed => of_left_over(app, None, Some(&about)),
        (None, Some(about)) => of_subject(app, &about),
        (None, None) => {
            let key = app.keys.shown(Screen::Document, Action::Correct);
            let what = format!("{key} corrects headings, fences, and commands or work of the plan");
            app.say(format!("line {line} can't be read differently: {what}"));
            return vec![];
        }
    };
    app.overlays.push(Overlay::Correct(Box::new(menu)));
    vec![]
}

/// The menu of something that has its place.
fn of_subject(app: &App, about: &Subject) -> Correcting {
    let (what, all) = match about.what {
        Matter::Heading => ("section", SECTIONS),
        Matter::Command => ("command", COMMANDS),
        Matter::Fence => ("fence", COMMANDS),
        Matter::Words => ("work", WORK),
    };
    let title = format!("How to read the {what} on line {}", about.line);
    let lines = vec![text_of(app, about.line), format!("now {}", told_now(app, about))];
    with_choices(title, lines, choices(app, about, all))
}

/// The menu of what nothing claims: its section says whether it runs.
fn of_left_over(app: &App, section: Option<&Subject>, about: Option<&Subject>) -> Correcting {
    let line = app.screens.document.line;
    let title = match section {
        Some(_) => format!("How to read line {line}, by the role of its section"),
        None => format!("How to read line {line}, which is under no heading"),
    };
    let mut lines = vec![text_of(app, line)];
    lines.extend(section.map(|s| format!("in {}, now {}", text_of(app, s.line), told_now(app, s))));
    let mut all: Vec<ReadingChoice> =
        section.into_iter().flat_map(|section| choices(app, section, SECTIONS)).collect();
    all.extend(about.into_iter().flat_map(|about| choices(app, about, LEFT_OVER)));
    with_choices(title, lines, all)
}

/// The cursor begins at what it is now: Enter there leaves it so, or settles that nothing of it is left over.
fn with_choices(title: String, lines: Vec<String>, choices: Vec<ReadingChoice>) -> Correcting {
    let is_what = |choice: &ReadingChoice| choice.words.is_some_and(|words| aspect(words) == "what");
    let chosen = choices.iter().position(|choice| choice.now && is_what(choice)).unwrap_or(0);
    Correcting { title, lines, choices, chosen }
}

/// What something can be; before a run also what it was.
fn choices(app: &App, about: &Subject, all: Words) -> Vec<ReadingChoice> {
    let now = words_now(app, about);
    let of = || about.of.clone();
    let choice = |(words, says): &(&'static str, &str)| ReadingChoice {
        of: of(),
        words: Some(*words),
        says: (*says).to_owned(),
        now: now.contains(words),
    };
    let mut choices: Vec<ReadingChoice> = all.iter().map(choice).collect();
    if app.run.is_none() && app.book.runbook.corrections.iter().any(|c| is_ours(c, &about.of)) {
        choices.push(ReadingChoice { of: of(), words: None, says: "as it was read".into(), now: false });
    }
    choices
}

/// A line of the document, for a menu.
fn text_of(app: &App, line: usize) -> String {
    app.book.text.lines().nth(line.saturating_sub(1)).unwrap_or_default().trim().to_owned()
}

/// How something is read now, for the reader.
fn told_now(app: &App, about: &Subject) -> String {
    let doubt = app.doubtful().iter().find(|d| d.line == about.line && about.what != Matter::Fence);
    let section = app.book.section_at(about.line).filter(|_| about.what == Matter::Heading);
    match (section, app.book.passage_at(about.line)) {
        (Some(entry), _) if entry.by.is_empty() => entry.role.says().to_owned(),
        (Some(entry), _) => format!("{}: {}", entry.role.says(), entry.by),
        (None, Some(passage)) => {
            let doubt = doubt.map_or(String::new(), |d| format!("in doubt, {}; ", d.doubt.may_be()));
            format!("{doubt}{}: {}", passage.fate, passage.by)
        }
        (None, None) => "nothing".to_owned(),
    }
}

/// The words that say how something is read now; none of what it is where that is in doubt.
fn words_now(app: &App, about: &Subject) -> Vec<&'static str> {
    if about.what == Matter::Heading {
        let entry = app.book.section_at(about.line).filter(|entry| entry.line == about.line);
        let name = entry.map_or("", |entry| entry.role.name());
        let words = SECTIONS.iter().map(|(words, _)| *words);
        return words
            .filter(|words| match words.strip_prefix("role=") {
                Some(role) => role == name || role == "restore" && name == "recovery",
                None => matches!(name, "text" | "overview"),
            })
            .collect();
    }
    let begins = |c: &&&Command| c.span.line == about.line && about.what != Matter::Fence;
    let all = app.book.runbook.all_commands();
    let Some(command) = all.iter().find(begins) else {
        return match app.book.passage_at(about.line).map(|p| p.fate) {
            Some(Fate::Output) => vec!["output"],
            Some(Fate::Text) => vec!["text"],
            _ => vec![],
        };
    };
    let mut now = vec![];
    if command.doubt.is_none() {
        now.extend(match command.kind {
            Kind::Run => Some("kind=run"),
            Kind::Follow => Some("kind=follow"),
            Kind::Interactive => Some("kind=interactive"),
            Kind::Manual => Some("by-hand"),
            Kind::Place => None,
        });
    }
    now.extend(command.optional.then_some("optional"));
    now.extend((command.kind != Kind::Manual).then_some(match command.effect {
        Does::Reads => "effect=reads",
        Does::Changes => "effect=changes",
        Does::Destructive => "effect=destroys",
    }));
    now
}

/// Whether a correction was made on the screens, of the piece with this key.
fn is_ours(correction: &Correction, of: &str) -> bool {
    correction.by != FILE && correction.of == of
}

/// A key for the menu.
pub(in crate::tui) fn pressed(
    app: &mut App,
    mut menu: Correcting,
    key: KeyEvent,
    at: Instant,
) -> Vec<Effect> {
    let last = menu.choices.len().saturating_sub(1);
    match key.code {
        KeyCode::Down | KeyCode::Char('j') => menu.chosen = (menu.chosen + 1).min(last),
        KeyCode::Up | KeyCode::Char('k') => menu.chosen = menu.chosen.saturating_sub(1),
        KeyCode::Enter => {
            if !takes(app, Overlay::Correct(Box::new(menu.clone())), at) {
                return vec![];
            }
            return menu.choices.get(menu.chosen).map_or(vec![], |choice| choose(app, choice));
        }
        _ => {}
    }
    app.overlays.push(Overlay::Correct(Box::new(menu)));
    vec![]
}

/// Reads it so: before a run at once, in a run the runner decides.
fn choose(app: &mut App, choice: &ReadingChoice) -> Vec<Effect> {
    let correction = choice.words.map(|words| Correction {
        of: choice.of.clone(),
        words: words.to_owned(),
        by: app.screens.start.operator.clone(),
    });
    match (&app.run, correction) {
        (Some(_), Some(correction)) => send(app, Request::Correct(Box::new(correction))),
        (Some(_), None) => vec![],
        (None, correction) => {
            before_the_run(app, &choice.of, correction, choice.now);
            vec![]
        }
    }
}

/// What a correction is about: the nearer of two about the same takes the other's place.
fn aspect(words: &str) -> &str {
    match words.split_once('=') {
        Some(("effect", _)) => "effect",
        None if words == "optional" => "optional",
        _ => "what",
    }
}

/// Reads the document anew, with a correction or without those that were made.
fn before_the_run(app: &mut App, of: &str, correction: Option<Correction>, now: bool) {
    let mut corrections = app.book.runbook.corrections.clone();
    corrections.retain(|known| {
        let replaced = correction.as_ref().is_none_or(|new| aspect(&new.words) == aspect(&known.words));
        !(is_ours(known, of) && replaced)
    });
    corrections.extend(correction.clone());
    let read = read_with(&app.book.text, &corrections);
    match &correction {
        Some(_) if now && read.reads_as(&app.book.runbook) => app.say("it is already read that way"),
        Some(new) if read.reads_as(&app.book.runbook) => {
            app.say(format!("{} changes nothing here: change the document instead", new.words));
        }
        _ => {
            let environment = app.environment_name();
            app.book.read_as(read);
            app.renew();
            app.screens.start.renew(
                &app.settings,
                &app.book.runbook,
                environment.as_deref(),
                &app.earlier.remembered,
            );
            let rows = app.start_rows();
            app.screens.start.row =
                rows.iter().position(|row| *row == StartRow::Reading).unwrap_or(app.screens.start.row);
            app.screens.document.renew(&app.book);
            app.say(match &correction {
                Some(new) => format!("now read as {} in this run, by {}", new.words, new.by),
                None => "read as before".to_owned(),
            });
        }
    }
}

/// The run's reading was corrected: all screens go by it.
pub(in crate::tui) fn corrected(app: &mut App, correction: &Correction) {
    let Some(run) = &app.run else { return };
    app.book.runbook = run.runbook_arc();
    app.renew();
    let Some(run) = &app.run else { return };
    let gone = app.screens.steps.selected.as_ref().is_some_and(|id| run.find(id).is_none());
    if gone {
        app.screens.steps.selected = None;
    }
    app.screens.checklist.item = app.screens.checklist.item.min(app.book.items().len().saturating_sub(1));
    if app.screens.document.lines.is_some() {
        app.screens.document.renew(&app.book);
    }
    app.say(format!("“{}” is now read as {}, by {}", correction.of, correction.words, correction.by));
}

/// The menu of how a piece of the document is to be read: what it is about, the choices, what each would mean.
pub(in crate::tui) fn draw(app: &App, menu: &Correcting, frame: &mut Frame<'_>, area: Rect) {
    let width = usize::from(area.width).saturating_sub(10).min(90);
    let mut lines: Vec<Line<'_>> = Vec::new();
    // A long paragraph leaves room for the choices.
    for text in menu.lines.iter().flat_map(|l| wrap_words(l, width).into_iter().take(2)) {
        lines.push(Line::from(Span::styled(text, app.theme.dim())));
    }
    lines.push(Line::from(""));
    let above = lines.len();
    // What is shown of a long menu moves with what is chosen.
    let height = usize::from(area.height).saturating_sub(above + 6).max(3);
    let top = scroll_to(menu.chosen, menu.choices.len(), height);
    for (at, choice) in menu.choices.iter().enumerate().skip(top).take(height) {
        let chosen = at == menu.chosen;
        let pointer = if chosen { app.theme.sign("▸ ", "> ") } else { "  " };
        let now = if choice.now { app.theme.sign("● ", "* ") } else { "  " };
        let style = if chosen { app.theme.strong() } else { Style::new() };
        lines.push(Line::from(vec![
            Span::styled(pointer, app.theme.wants()),
            Span::styled(now, app.theme.good()),
            Span::styled(fit(&choice.says, 44.min(width.saturating_sub(22))), style),
            Span::styled(choice.words.unwrap_or_default().to_owned(), app.theme.dim()),
        ]));
    }
    lines.push(Line::from(""));
    let now = app.theme.sign("●", "*");
    let foot = format!("Enter accepts   Esc changes nothing   {now} as it is read now");
    lines.push(Line::from(Span::styled(clip(&foot, width), app.theme.dim())));
    boxed(app.theme, &menu.title, lines, frame, area);
}
