//! A report as Markdown.

use super::{Cell, Part, Report, Tone};

pub(super) fn write(report: &Report) -> String {
    let mut text = format!("# {}\n\n", report.title);
    for part in &report.parts {
        self::part(&mut text, part);
    }
    text.trim_end().to_owned() + "\n"
}

fn part(text: &mut String, part: &Part) {
    match part {
        Part::Heading(level, title) => {
            text.push_str(&format!("{} {title}\n\n", "#".repeat(usize::from(*level))));
        }
        Part::Facts(facts) => {
            text.push_str("| | |\n|---|---|\n");
            for (name, value) in facts {
                text.push_str(&format!("| {name} | {} |\n", inline(&value.text)));
            }
            text.push('\n');
        }
        Part::Text(words) => text.push_str(&format!("{words}\n\n")),
        Part::List(points) => {
            for point in points {
                text.push_str(&format!("- {}\n", point.text.replace('\n', " ")));
            }
            text.push('\n');
        }
        Part::Table(head, rows) => {
            text.push_str(&format!("| {} |\n|{}\n", head.join(" | "), "---|".repeat(head.len())));
            for row in rows {
                let cells: Vec<String> = row.iter().map(|c| inline(&c.text)).collect();
                text.push_str(&format!("| {} |\n", cells.join(" | ")));
            }
            text.push('\n');
        }
        Part::Code { title, about, text: body, .. } => {
            if !title.text.is_empty() {
                text.push_str(&format!("**{}**\n\n", title.text.replace('*', "\\*")));
            }
            for line in about {
                text.push_str(&format!("- {}{}\n", sign(line), line.text.replace('\n', " ")));
            }
            if !about.is_empty() {
                text.push('\n');
            }
            let fence = fence(body);
            text.push_str(&format!("{fence}text\n{}\n{fence}\n\n", body.trim_end_matches('\n')));
        }
        Part::Chart(chart) => {
            text.push_str(&format!(
                "- {}: `{}` {} to {}, last {} ({} to {})\n\n",
                chart.title,
                chart.blocks(60),
                chart.span.0,
                chart.span.1,
                chart.now,
                chart.times.0,
                chart.times.1
            ));
        }
    }
}

/// A sign for what is told by colour elsewhere.
fn sign(cell: &Cell) -> &'static str {
    match cell.tone {
        Tone::Plain => "",
        Tone::Good => "✓ ",
        Tone::Watch => "? ",
        Tone::Bad => "✗ ",
    }
}

/// A text in a cell of a table.
fn inline(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// A fence longer than any in the text.
fn fence(text: &str) -> String {
    let longest = text.lines().map(str::trim_start).map(|l| l.len() - l.trim_start_matches('`').len()).max();
    "`".repeat(longest.unwrap_or(0).max(2) + 1)
}
