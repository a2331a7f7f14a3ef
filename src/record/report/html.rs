//! A report as one page of HTML: no scripts, nothing from elsewhere, readable with colours off and on paper.

use super::{Cell, Chart, Part, Report, Tone};
use crate::visible;

const STYLE: &str = include_str!("report.css");

pub(super) fn write(report: &Report) -> String {
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<header><h1>{}</h1><p class=\"outcome {}\">{}</p></header>\n",
        escape(&report.title),
        escape(&report.title),
        class(report.outcome.tone),
        escape(&report.outcome.text)
    );
    page.push_str("<nav aria-label=\"Contents\">");
    let mut number = 0;
    for part in &report.parts {
        if let Part::Heading(2, title) = part {
            number += 1;
            page.push_str(&format!("<a href=\"#s{number}\">{}</a> ", escape(title)));
        }
    }
    page.push_str("</nav>\n<main>\n");
    number = 0;
    for part in &report.parts {
        if matches!(part, Part::Heading(2, _)) {
            number += 1;
        }
        self::part(&mut page, part, number);
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

fn part(page: &mut String, part: &Part, number: usize) {
    match part {
        Part::Heading(2, title) => page.push_str(&format!("<h2 id=\"s{number}\">{}</h2>\n", escape(title))),
        Part::Heading(level, title) => page.push_str(&format!("<h{level}>{}</h{level}>\n", escape(title))),
        Part::Facts(facts) => {
            page.push_str("<dl>\n");
            for (name, value) in facts {
                let long = if value.text.chars().count() > 32 { " class=\"long\"" } else { "" };
                let (name, value) = (escape(name), cell(value));
                page.push_str(&format!("<div{long}><dt>{name}</dt><dd>{value}</dd></div>\n"));
            }
            page.push_str("</dl>\n");
        }
        Part::Text(words) => page.push_str(&format!("<p>{}</p>\n", escape(words))),
        Part::List(points) => {
            page.push_str("<ul>\n");
            for point in points {
                page.push_str(&format!("<li>{}</li>\n", cell(point)));
            }
            page.push_str("</ul>\n");
        }
        Part::Table(head, rows) => table(page, head, rows),
        Part::Code { title, about, text, open } => code(page, (title, about), text, *open),
        Part::Chart(chart) => self::chart(page, chart),
    }
}

fn table(page: &mut String, head: &[&str], rows: &[Vec<Cell>]) {
    page.push_str("<div class=\"wide\"><table>\n<thead><tr>");
    for title in head {
        page.push_str(&format!("<th scope=\"col\">{}</th>", escape(title)));
    }
    page.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        page.push_str("<tr>");
        for one in row {
            page.push_str(&format!("<td>{}</td>", cell(one)));
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody></table></div>\n");
}

fn code(page: &mut String, (title, about): (&Cell, &[Cell]), text: &str, open: bool) {
    if !title.text.is_empty() {
        let open = if open { " open" } else { "" };
        page.push_str(&format!("<details{open}><summary>{}</summary>\n", cell(title)));
    }
    if !about.is_empty() {
        page.push_str("<ul class=\"about\">\n");
        for line in about {
            page.push_str(&format!("<li>{}</li>\n", cell(line)));
        }
        page.push_str("</ul>\n");
    }
    page.push_str(&format!("<pre>{}</pre>\n", escape(text.trim_end_matches('\n'))));
    if !title.text.is_empty() {
        page.push_str("</details>\n");
    }
}

fn chart(page: &mut String, chart: &Chart) {
    page.push_str(&format!(
        "<figure><figcaption><b>{}</b> last {} · {} to {}</figcaption>{}<p class=\"times\"><span>{}</span><span>{}</span></p></figure>\n",
        escape(&chart.title),
        escape(&chart.now),
        escape(&chart.span.0),
        escape(&chart.span.1),
        chart.svg(escape),
        escape(&chart.times.0),
        escape(&chart.times.1)
    ));
}

/// A text with how it stands, by a sign as well as by colour.
fn cell(cell: &Cell) -> String {
    let sign = match cell.tone {
        Tone::Plain => return escape(&cell.text),
        Tone::Good => "✓",
        Tone::Watch => "?",
        Tone::Bad => "✗",
    };
    format!(
        "<span class=\"{}\"><i aria-hidden=\"true\">{sign}</i> {}</span>",
        class(cell.tone),
        escape(&cell.text)
    )
}

fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "plain",
        Tone::Good => "good",
        Tone::Watch => "watch",
        Tone::Bad => "bad",
    }
}

/// Text in HTML; what would move a terminal's cursor, turn the direction of writing or not be seen is made visible.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in visible::text(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}
