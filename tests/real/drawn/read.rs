//! The document with what became of its lines, and the menu that corrects one.

use std::time::{Duration, Instant};

use gonogo::tui::app::App;
use gonogo::tui::screens::start::StartRow;
use gonogo::tui::update;

use super::super::played::{opening, utf8};
use super::super::support::Home;
use super::{both, key};

const BOOK: &str = "# Harbour, a release that is told at some length so that its first line is too long for any screen, and has to be wrapped\n\n\
    ## Deployment\n\n```bash\ndocker pull harbour:1.2\nacmectl sync one two the three\n```\n\nExpected: `ok`\n\n\
    ## Odds and ends\n\n```bash\n./tools/clean.sh --all\n```\n\nRun `docker ps -a` when in doubt.\n\n## Rollback\n\n```bash\ndocker pull harbour:1.1\n```\n";

#[test]
fn what_became_of_each_line_and_what_it_could_be() {
    let home = Home::new();
    let mut app = App::new(&opening(&home, BOOK), (80, 24), &utf8());
    app.screens.start.row = app.start_rows().iter().position(|row| *row == StartRow::Reading).unwrap();
    both("start-reading", &mut app);
    app.drawn(Instant::now().checked_sub(Duration::from_secs(1)).unwrap());
    update::update(&mut app, key('5'));
    app.screens.document.line = 7;
    both("document-open", &mut app);
    app.drawn(Instant::now().checked_sub(Duration::from_secs(1)).unwrap());
    update::update(&mut app, key('c'));
    both("document-correct", &mut app);
    app.overlays.clear();
    update::update(&mut app, key('?'));
    both("document-help", &mut app);
}
