//! Reads bounds such as `< 500ms` from the targets table.

use super::model::Threshold;

/// Reads one cell; `None` where it holds no bound.
pub fn threshold(cell: &str) -> Option<Threshold> {
    let text = cell.trim().trim_matches('`').trim();
    let (op, rest) =
        [("<=", "<="), (">=", ">="), ("≤", "<="), ("≥", ">="), ("<", "<"), (">", ">"), ("=", "=")]
            .iter()
            .find_map(|(sign, op)| text.strip_prefix(sign).map(|rest| (*op, rest)))?;
    let rest = rest.trim_start();
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(rest.len());
    let value = rest[..end].replace(',', "").parse().ok()?;
    let unit = rest[end..].split_whitespace().next().unwrap_or("").to_owned();
    Some(Threshold { op: op.to_owned(), value, unit })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds() {
        let read = |cell: &str| threshold(cell).map(|t| (t.op, t.value, t.unit));
        assert_eq!(read("< 500ms"), Some(("<".into(), 500.0, "ms".into())));
        assert_eq!(read("> 0.1%"), Some((">".into(), 0.1, "%".into())));
        assert_eq!(read("≤ 1,000 req/s"), Some(("<=".into(), 1000.0, "req/s".into())));
        assert_eq!(read("low"), None);
    }
}
