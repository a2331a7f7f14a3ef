//! Texts in the rows of a listing.

use super::super::evidence::{Evidence, Found};
use super::super::source;
use super::super::table::Table;
use super::super::text::{Stands, excerpt, stands};
use super::output::{added, eyes, fail, in_output, listing, missing, out};

/// How a text stands in the cells of a row that tell its state.
pub(super) fn in_row(texts: &[String], quoted: bool, row: &[String], table: &Table) -> Stands {
    let states = table.states();
    let cells: Vec<&String> = if states.is_empty() {
        row.iter().collect()
    } else {
        states.iter().filter_map(|at| row.get(*at)).collect()
    };
    let one =
        |text: &String| cells.iter().map(|cell| in_cell(cell, text, quoted)).max().unwrap_or(Stands::Not);
    let best = texts.iter().map(one).max().unwrap_or(Stands::Not);
    // A row that says of itself that it is not well is no plain pass whatever else it shows.
    let counts = texts.iter().any(|t| t.contains('/'));
    let unwell = cells.iter().any(|c| {
        let lower = c.to_lowercase();
        let partly = !counts
            && c.split_once('/')
                .is_some_and(|(a, b)| a.parse::<u32>().is_ok_and(|a| b.parse::<u32>().is_ok_and(|b| a < b)));
        let said =
            ["unhealthy", "health: starting", "schedulingdisabled", "paused", "restarting", "starting"];
        let other = states.len() > 1 && is_bad(c) && !texts.iter().any(|t| lower.contains(&t.to_lowercase()));
        partly
            || other
            || said.iter().any(|w| lower.contains(w) && !texts.iter().any(|t| t.to_lowercase().contains(w)))
    });
    if unwell { best.min(Stands::Doubtful) } else { best }
}

pub(super) fn in_cell(cell: &str, text: &str, quoted: bool) -> Stands {
    let equal = if quoted { cell == text } else { cell.eq_ignore_ascii_case(text) };
    if equal {
        return Stands::Plainly;
    }
    // What compose calls "Up" is running.
    if !quoted && text.eq_ignore_ascii_case("running") && (cell == "Up" || cell.starts_with("Up ")) {
        return in_cell(cell, "Up", true);
    }
    // "Up 5 minutes (healthy)": a state with its time, its health in brackets.
    let (cell_case, text_case) =
        if quoted { (cell.to_owned(), text.to_owned()) } else { (cell.to_lowercase(), text.to_lowercase()) };
    let leads = cell_case.strip_prefix(&text_case).is_some_and(|rest| {
        rest.starts_with(' ') && {
            let rest = rest.trim_start();
            rest.is_empty()
                || rest.starts_with(|c: char| c.is_ascii_digit())
                || rest.starts_with("About ")
                || rest.starts_with("about ")
                || rest.starts_with("Less ")
                || rest.starts_with("less ")
                || rest.starts_with("(0)")
                || rest.starts_with("(healthy)")
                || rest.starts_with("(running)")
        }
    });
    let bracketed = cell_case.contains(&format!("({text_case})"));
    // "Up (healthy)" for that: the time is between.
    let timed = text_case.split_once(" (").is_some_and(|(state, health)| {
        let rest = cell_case.strip_prefix(state).unwrap_or("");
        rest.starts_with(' ') && rest.ends_with(&format!(" ({health}"))
    });
    if leads || bracketed || timed {
        return if exited_badly(cell) { Stands::Doubtful } else { Stands::Plainly };
    }
    match stands(cell, text, false) {
        Stands::Not if cell.split(',').any(|part| part.eq_ignore_ascii_case(text)) => Stands::Doubtful,
        Stands::Not => Stands::Not,
        _ => Stands::Doubtful,
    }
}

/// `Exited (1)`, `Exit 137`.
pub(super) fn exited_badly(cell: &str) -> bool {
    let words: Vec<&str> = cell.split_whitespace().collect();
    if words
        .windows(2)
        .any(|w| w[0].eq_ignore_ascii_case("exit") && w[1].parse::<i32>().is_ok_and(|n| n != 0))
    {
        return true;
    }
    let code = cell.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(inner, _)| inner);
    code.is_some_and(|c| c.parse::<i32>().is_ok_and(|n| n != 0))
}

pub(super) fn shows_in_rows(texts: &[String], quoted: bool, table: &Table, evidence: &Evidence<'_>) -> Found {
    let of_rows: Vec<Stands> = table.rows.iter().map(|r| in_row(texts, quoted, r, table)).collect();
    let row = |wanted: Stands| {
        of_rows
            .iter()
            .position(|s| *s == wanted)
            .map_or(String::new(), |at| excerpt(&table.rows[at].join("  ")))
    };
    if of_rows.iter().all(|s| *s == Stands::Plainly) {
        return Found::Pass(row(Stands::Plainly));
    }
    if of_rows.iter().all(|s| *s == Stands::Not) {
        // It may stand in a column that tells no state.
        let (best, line, _) = texts
            .iter()
            .map(|t| in_output(t, quoted, evidence))
            .max_by_key(|f| f.0)
            .unwrap_or((Stands::Not, None, 0));
        return match best {
            Stands::Not => missing(evidence, quoted, "no row shows it"),
            _ if table.rows.len() == 1 || best == Stands::Plainly && quoted => match line {
                Some(line) if best == Stands::Plainly && is_bad(line) => {
                    Found::Eyes(excerpt(line), "its row also reports a problem".into())
                }
                Some(line) if best == Stands::Plainly => Found::Pass(excerpt(line)),
                _ => eyes(evidence, "it appears, but not clearly"),
            },
            _ => eyes(evidence, "it appears in a row, but not as its state"),
        };
    }
    if table.rows.len() == 1 {
        return Found::Eyes(row(Stands::Doubtful), "it appears, but not clearly".into());
    }
    eyes(evidence, "some rows show it and some do not, and gonogo can't tell which are meant")
}

pub(super) fn every_row(texts: &[String], quoted: bool, evidence: &Evidence<'_>) -> Found {
    let Some(table) = listing(evidence) else {
        if !evidence.exit.is_success() && out(evidence).trim().is_empty() {
            return fail(evidence, "nothing was listed");
        }
        return eyes(evidence, "gonogo doesn't know the rows of this listing");
    };
    if table.rows.is_empty() {
        return eyes(evidence, "there are no rows");
    }
    let of_rows: Vec<Stands> = table.rows.iter().map(|r| in_row(texts, quoted, r, &table)).collect();
    if let Some(at) = of_rows.iter().position(|s| *s == Stands::Not) {
        let row = excerpt(&table.rows[at].join("  "));
        return if !quoted && !is_bad(&row) {
            Found::Eyes(row, "this row does not show it in these words".into())
        } else if table.states().is_empty() {
            Found::Eyes(row, "this row does not show it, and gonogo doesn't know where it should".into())
        } else {
            added(row, "this row does not show it".into(), evidence)
        };
    }
    if let Some(at) = of_rows.iter().position(|s| *s == Stands::Doubtful) {
        return Found::Eyes(excerpt(&table.rows[at].join("  ")), "this row does not show it clearly".into());
    }
    if let Some(why) = source::listing_incomplete(evidence) {
        return Found::Eyes(format!("{} rows, all of them", table.rows.len()), why);
    }
    if source::lists_compose(evidence) {
        let Some(services) = evidence.services else {
            return Found::Eyes(
                format!("{} rows, all of them", table.rows.len()),
                "the compose file could not be read, so a service may be missing".into(),
            );
        };
        let listed = |service: &String| {
            table.rows.iter().any(|r| r.iter().any(|cell| names_service(cell, service, services)))
        };
        if let Some(gone) = services.iter().find(|s| !listed(s)) {
            return Found::Fail(
                format!("{} rows", table.rows.len()),
                format!("the service {gone} is not listed"),
            );
        }
    }
    Found::Pass(format!("{} rows, all of them", table.rows.len()))
}

/// A row that tells of a state in which nothing is well.
fn is_bad(row: &str) -> bool {
    let lower = row.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric());
    words.into_iter().any(|w| {
        [
            "exited",
            "exit",
            "error",
            "failed",
            "pending",
            "unhealthy",
            "restarting",
            "dead",
            "evicted",
            "notready",
            "terminating",
            "crashloopbackoff",
            "imagepullbackoff",
            "errimagepull",
            "unknown",
            "created",
            "paused",
            "lost",
            "offline",
            "stopped",
            "inactive",
            "not",
            "down",
        ]
        .contains(&w)
    })
}

/// `project_api_1`, `project-api-1` or `api`: the name ends with the service's, and with no longer one's.
pub(super) fn names_service(cell: &str, service: &str, services: &[String]) -> bool {
    let bare = cell.trim_end_matches(|c: char| c.is_ascii_digit());
    let bare = if bare.len() < cell.len() { bare.trim_end_matches(['_', '-']) } else { cell };
    let ends = |name: &str| {
        bare == name || bare.strip_suffix(name).is_some_and(|before| before.ends_with(['_', '-']))
    };
    cell == service
        || (ends(service) && !services.iter().any(|other| other.len() > service.len() && ends(other)))
}
