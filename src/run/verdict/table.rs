//! Listings with columns: what psql, mysql, docker, kubectl and their like print.

/// A listing whose columns are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

impl Table {
    /// The column called `name`, in any case.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.eq_ignore_ascii_case(name))
    }

    /// The columns that tell how a thing is.
    pub(super) fn states(&self) -> Vec<usize> {
        let tells = |c: &String| {
            let lower = c.to_lowercase();
            if ["desired", "prev", "last", "expected", "wanted"].iter().any(|w| lower.contains(w)) {
                return false;
            }
            ["status", "state", "ready", "health", "phase", "condition"].iter().any(|w| lower.contains(w))
        };
        (0..self.columns.len()).filter(|at| tells(&self.columns[*at])).collect()
    }
}

/// Reads a listing; `csv` where the command was asked for that.
pub(super) fn read(output: &str, csv: bool) -> Option<Table> {
    boxed(output)
        .or_else(|| ruled(output))
        .or_else(|| csv.then(|| separated(output, ',')).flatten())
        .or_else(|| unaligned(output))
        .or_else(|| objects(output))
        .or_else(|| headed(output))
}

/// psql: a header, a rule of `-` and `+`, rows, a footer that counts them.
fn ruled(output: &str) -> Option<Table> {
    let lines: Vec<&str> = output.lines().collect();
    let rule = lines.iter().position(|l| {
        let l = l.trim();
        l.len() > 2 && l.bytes().all(|b| b == b'-' || b == b'+') && l.starts_with('-')
    })?;
    let header = lines.get(rule.checked_sub(1)?)?;
    if lines[..rule - 1].iter().any(|l| !l.trim().is_empty()) {
        return None;
    }
    if !lines[rule].contains('+') && compose_header(header) {
        return compose_v1(&lines[rule - 1..]);
    }
    let cells = |line: &str| line.split('|').map(|c| c.trim().to_owned()).collect::<Vec<_>>();
    let columns = cells(header);
    if columns.len() != lines[rule].matches('+').count() + 1 {
        return None;
    }
    let mut rows = Vec::new();
    let mut footer = None;
    for line in &lines[rule + 1..] {
        if let Some(count) = footer_count(line) {
            footer = Some(count);
        } else if footer.is_some() && !line.trim().is_empty() {
            // A second result: which of them is meant can't be told.
            return None;
        } else if !line.trim().is_empty() || columns.len() == 1 && footer.is_none() && !line.is_empty() {
            rows.push(cells(line));
        }
    }
    let known = footer.is_none_or(|count| count == rows.len());
    (known && rows.iter().all(|r| r.len() == columns.len())).then_some(Table { columns, rows })
}

/// `(3 rows)`.
pub(super) fn footer_count(line: &str) -> Option<usize> {
    let inner = line.trim().strip_prefix('(')?.strip_suffix(')')?;
    let (count, word) = inner.split_once(' ')?;
    matches!(word, "row" | "rows").then(|| count.parse().ok()).flatten()
}

fn compose_header(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    words.starts_with(&["Name", "Command", "State"])
}

/// docker-compose 1: `Name Command State Ports`, columns by their place. A cell that does not fit goes on in the
/// next line.
fn compose_v1(lines: &[&str]) -> Option<Table> {
    let header = lines.first()?;
    let starts: Vec<usize> = ["Command", "State", "Ports"].iter().filter_map(|w| header.find(w)).collect();
    // Headers are centred: the columns are told apart by their gaps instead.
    let mut rows: Vec<Vec<String>> = Vec::new();
    for line in lines.iter().skip(2).filter(|l| !l.trim().is_empty()) {
        let cells: Vec<String> = gaps(line);
        let goes_on = line.starts_with(' ') || cells.len() < 3;
        match rows.last_mut() {
            Some(_) if goes_on => return None,
            _ => rows.push(cells),
        }
    }
    let columns = ["Name", "Command", "State", "Ports"].map(str::to_owned).to_vec();
    for row in &mut rows {
        row.resize(columns.len().max(row.len()), String::new());
    }
    (starts.len() >= 2).then_some(Table { columns, rows })
}

/// Cells that are kept apart by at least two blanks or a tab.
fn gaps(line: &str) -> Vec<String> {
    let line = line.replace('\t', "   ");
    line.split("  ").map(str::trim).filter(|c| !c.is_empty()).map(str::to_owned).collect()
}

/// mysql: a frame of `+---+`.
fn boxed(output: &str) -> Option<Table> {
    let lines: Vec<&str> = output.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    let frame = |l: &&str| l.starts_with('+') && l.bytes().all(|b| b == b'+' || b == b'-');
    let first = lines.iter().position(frame)?;
    let cells = |line: &str| {
        let inner = line.strip_prefix('|')?.strip_suffix('|')?;
        Some(inner.split('|').map(|c| c.trim().to_owned()).collect::<Vec<_>>())
    };
    if first != 0 {
        return None;
    }
    let columns = cells(lines.get(1)?)?;
    if !lines.get(2).is_some_and(frame) {
        return None;
    }
    let mut rows = Vec::new();
    let mut closed = false;
    for line in &lines[3..] {
        if frame(line) {
            closed = true;
        } else if closed {
            return None;
        } else {
            rows.push(cells(line)?);
        }
    }
    (closed && rows.iter().all(|r| r.len() == columns.len())).then_some(Table { columns, rows })
}

/// CSV with a header; quotes around cells.
fn separated(output: &str, mark: char) -> Option<Table> {
    let mut lines = output.lines().filter(|l| !l.trim().is_empty());
    let cells = |line: &str| split_quoted(line, mark);
    let columns = cells(lines.next()?);
    let rows: Vec<Vec<String>> = lines.map(cells).collect();
    rows.iter().all(|r| r.len() == columns.len()).then_some(Table { columns, rows })
}

fn split_quoted(line: &str, mark: char) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut inside = false;
    for c in line.chars() {
        if c == '"' {
            inside = !inside;
        } else if c == mark && !inside {
            cells.push(String::new());
        } else if let Some(cell) = cells.last_mut() {
            cell.push(c);
        }
    }
    cells
}

/// psql -A without -t: `a|b` and a footer.
fn unaligned(output: &str) -> Option<Table> {
    let (last, count) = output.lines().enumerate().find_map(|(at, l)| Some((at, footer_count(l)?)))?;
    let lines: Vec<&str> = output.lines().collect();
    let is_rule = |l: &&str| !l.trim().is_empty() && l.trim().bytes().all(|b| b == b'-' || b == b'+');
    if last + 1 != lines.len() || last == 0 || lines.iter().any(is_rule) {
        return None;
    }
    let table = separated(&lines[..last].join("\n"), '|')?;
    (table.rows.len() == count).then_some(table)
}

/// A JSON list of objects with the same fields.
fn objects(output: &str) -> Option<Table> {
    let text = output.trim();
    if !text.starts_with('[') {
        return None;
    }
    let items: Vec<serde_json::Map<String, serde_json::Value>> = serde_json::from_str(text).ok()?;
    let columns: Vec<String> = items.first()?.keys().cloned().collect();
    let cell = |v: &serde_json::Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
    let rows: Vec<Vec<String>> = items.iter().map(|i| i.values().map(cell).collect()).collect();
    items.iter().all(|i| i.keys().eq(items[0].keys())).then_some(Table { columns, rows })
}

/// docker, kubectl, helm: a header in capitals, columns where its words begin.
fn headed(output: &str) -> Option<Table> {
    let mut lines = output.lines().filter(|l| !l.trim().is_empty());
    let header = lines.next()?;
    if header.contains('\t') {
        let columns: Vec<String> = header.split('\t').map(|c| c.trim().to_owned()).collect();
        let capital = columns.iter().all(|c| is_heading(c));
        let rows: Vec<Vec<String>> =
            lines.map(|l| l.split('\t').map(|c| c.trim().to_owned()).collect::<Vec<_>>()).collect();
        return (capital && rows.iter().all(|r: &Vec<String>| r.len() == columns.len()))
            .then_some(Table { columns, rows });
    }
    let columns: Vec<String> = gaps(header);
    if columns.len() < 2 || !columns.iter().all(|c| is_heading(c)) {
        return None;
    }
    let mut starts = Vec::new();
    let mut from = 0;
    for column in &columns {
        let at = from + header.get(from..)?.find(column.as_str())?;
        starts.push(at);
        from = at + column.len();
    }
    let mut rows = Vec::new();
    for line in lines {
        let chars: Vec<char> = line.chars().collect();
        let cell = |index: usize| {
            let start = starts[index].min(chars.len());
            let end = starts.get(index + 1).map_or(chars.len(), |e| (*e).min(chars.len()));
            chars[start..end.max(start)].iter().collect::<String>().trim().to_owned()
        };
        let by_place: Vec<String> = (0..columns.len()).map(cell).collect();
        // A cell that runs into the next one's place, or begins behind its own, is not read in pieces.
        let begins = |(at, start): (usize, &usize)| {
            chars.get(start.saturating_sub(1)).is_none_or(|c| at == 0 || c.is_whitespace())
                && (by_place[at].is_empty() || chars.get(*start).is_some_and(|c| !c.is_whitespace()))
        };
        let aligned = starts.iter().enumerate().all(begins);
        rows.push(if aligned { by_place } else { by_words(line, columns.len())? });
    }
    Some(Table { columns, rows })
}

/// A row by its words, where there are as many as columns.
fn by_words(line: &str, columns: usize) -> Option<Vec<String>> {
    let cells = gaps(line);
    (cells.len() == columns).then_some(cells)
}

/// Whether a line is the header of a listing: three columns or more, in capitals.
pub(super) fn is_header(line: &str) -> bool {
    let columns = gaps(line);
    columns.len() > 2 && columns.iter().all(|column| is_heading(column))
}

fn is_heading(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_uppercase())
        && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || " -_()/%+".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listings_of_well_known_programs() {
        let psql = " name | n\n------+---\n a    | 1\n b    | 2\n(2 rows)\n\n";
        let mysql = "+------+---+\n| name | n |\n+------+---+\n| a    | 1 |\n| b    | 2 |\n+------+---+\n";
        let csv = "name,n\na,1\nb,2\n";
        let bare = "name|n\na|1\nb|2\n(2 rows)\n";
        for (text, csv) in [(psql, false), (mysql, false), (csv, true), (bare, false)] {
            let table = read(text, csv).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(table.columns, ["name", "n"], "{text}");
            assert_eq!(table.rows, [["a", "1"], ["b", "2"]], "{text}");
        }
        let pods = "NAME   READY   STATUS    RESTARTS      AGE\na-1    1/1     Running   0             2d\nb-2    0/1     Error     3 (2m ago)    2d\n";
        let table = read(pods, false).unwrap();
        assert_eq!(table.rows[1], ["b-2", "0/1", "Error", "3 (2m ago)", "2d"]);
        assert_eq!(table.states(), [1, 2]);
        for none in ["", "hello\nworld\n", "(0 rows)", " a \n---\n 1\n(2 rows)\n"] {
            assert_eq!(read(none, false), None, "{none}");
        }
    }
}
