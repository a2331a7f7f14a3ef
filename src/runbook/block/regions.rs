//! Splits a fence into commands and comments, and sets apart lines that are no commands as a whole: a listing with
//! its rows, an answer in JSON, a script to save, a message to send.

use std::ops::Range;

use super::super::comments;
use super::begins::begins_known;
use super::command::{Looks, looks};
use super::lines::{
    self, are_piped, are_rows, is_boxed, is_count_of_rows, is_rule, is_table_head, is_watched, opens_json,
};
use crate::shell::{self, Piece, PieceKind};

/// Lines of a fence that are no commands, and what they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) at: Range<usize>,
    pub(super) what: &'static str,
}

/// A fence in pieces.
#[derive(Clone, Debug, Default)]
pub(super) struct Split {
    /// Commands and comments; those inside of a region count for nothing.
    pub(super) pieces: Vec<Piece>,
    pub(super) regions: Vec<Region>,
}

impl Split {
    /// The region that holds a byte.
    pub(super) fn region(&self, at: usize) -> Option<&Region> {
        self.regions.iter().find(|region| region.at.contains(&at))
    }
}

/// Splits a fence.
///
/// Only what stands at the top level opens a region: the body of a here-document is the command's. What a region
/// or a sentence holds may open a quote or a bracket and would take what follows along, so that it is hidden from
/// the shell's grammar, as placeholders are in `masked`.
pub(super) fn split(script: &str, masked: &str) -> Split {
    let mut masked = masked.to_owned();
    let mut found = Split::default();
    for _ in 0..=script.lines().count() {
        found.pieces = shell::split(&masked);
        let mut hidden = Vec::new();
        for (at, piece) in found.pieces.iter().enumerate() {
            let seen = found.regions.iter().any(|region| region.at.contains(&piece.span.start));
            if seen || hidden.iter().any(|range: &Range<usize>| range.contains(&piece.span.start)) {
                continue;
            }
            if let Some(region) = region(script, &found.pieces, at).filter(|r| !found.regions.contains(r)) {
                hidden.push(region.at.clone());
                found.regions.push(region);
            } else if let Some(line) = open_sentence(script, &masked, piece) {
                hidden.push(line);
            }
        }
        if hidden.is_empty() {
            break;
        }
        for range in hidden {
            hide(&mut masked, range);
        }
    }
    found
}

/// The first line of a piece that bash does not take, where it is a sentence with an apostrophe.
fn open_sentence(script: &str, masked: &str, piece: &Piece) -> Option<Range<usize>> {
    let first = script.get(piece.span.clone())?.split_once('\n')?.0;
    let range = piece.span.start..piece.span.start + first.len();
    let open = piece.kind == PieceKind::Command { parses: false };
    let plain = masked.get(range.clone()).is_some_and(|line| line.bytes().all(|b| b == b'_' || b == b' '));
    (open && !plain && looks(first, false) == Looks::Sentence).then_some(range)
}

/// Puts plain letters in place of what the shell's grammar must not see.
fn hide(masked: &mut String, range: Range<usize>) {
    let Some(text) = masked.get(range.clone()) else { return };
    let plain: String = text
        .bytes()
        .map(|b| match b {
            b'\n' => '\n',
            b if b.is_ascii_whitespace() => ' ',
            _ => '_',
        })
        .collect();
    masked.replace_range(range, &plain);
}

/// The region that begins with a piece.
fn region(script: &str, pieces: &[Piece], at: usize) -> Option<Region> {
    let piece = pieces.get(at)?;
    let text = script.get(piece.span.clone())?;
    if piece.kind == PieceKind::Comment {
        if text.starts_with("#!/") {
            return Some(Region { at: piece.span.start..script.trim_end().len(), what: "file" });
        }
        let below = piece.span.end + 1;
        return comments::headings::heads_message(comments::comment_text(text))
            .then(|| below..message_end(script, below))
            .filter(|range| script.get(range.clone()).is_some_and(|text| !text.trim().is_empty()))
            .map(|at| Region { at, what: "text" });
    }
    if let Some(what) = unread(script, text, at.checked_sub(1).and_then(|above| pieces.get(above)), piece) {
        return Some(Region { at: piece.span.clone(), what });
    }
    let indent = script.get(..piece.span.start)?.rsplit('\n').next().unwrap_or("");
    let begins_line = indent.trim().is_empty();
    let at = begins_line.then(|| listing(script, piece.span.start - indent.len())).flatten()?;
    Some(Region { at, what: "output" })
}

/// What a here-document is that no program reads, `<<COMMENT` or `: <<COMMENT`: what the command right above shows, or a
/// text. Commands in it are not meant to run.
fn unread(script: &str, text: &str, above: Option<&Piece>, piece: &Piece) -> Option<&'static str> {
    let bare = text.strip_prefix(':').map_or(text, str::trim_start);
    let word = bare.strip_prefix("<<").filter(|rest| !rest.starts_with(['<', '(', '&']))?;
    let body = word.split_once('\n').map(|(_, body)| body)?;
    let below = above.filter(|above| above.kind != PieceKind::Comment).is_some_and(|above| {
        script.get(above.span.end..piece.span.start).is_some_and(|gap| gap.matches('\n').count() == 1)
    });
    let shown = below && bare.len() == text.len() && !body.lines().any(is_clear);
    Some(if shown { SHOWN } else { "text" })
}

/// What a here-document holds that shows the output of the command above it.
pub(super) const SHOWN: &str = "output";

/// The text of a here-document that no program reads, without its first line and its last.
pub(super) fn shown(text: &str) -> Option<&str> {
    let (head, body) = text.split_once('\n').filter(|(head, _)| head.starts_with("<<"))?;
    let end = head.trim_start_matches(['<', '-', ' ', '\'', '"']).trim_end_matches([' ', '\'', '"']);
    let body = body.trim_end().strip_suffix(end)?.trim_end();
    (!body.is_empty()).then_some(body)
}

/// The lines of a text from a byte on, each with its range, without the ends of lines.
fn lines_from(script: &str, start: usize) -> impl Iterator<Item = (Range<usize>, &str)> {
    let rest = script.get(start..).unwrap_or("");
    rest.split_inclusive('\n').scan(start, |at, line| {
        let body = line.trim_end_matches('\n');
        let range = *at..*at + body.len();
        *at += line.len();
        Some((range, body))
    })
}

/// Where a message ends: at a blank line with a command or nothing behind it, at a comment, at a command.
fn message_end(script: &str, start: usize) -> usize {
    let mut end = start;
    for (range, line) in lines_from(script, start) {
        if line.trim().is_empty() {
            continue;
        }
        if line.trim_start().starts_with('#') || is_clear(line) {
            break;
        }
        end = range.end;
    }
    end
}

/// Whether a line is a command beyond doubt: what is known begins it, and it is no sentence.
fn is_clear(line: &str) -> bool {
    let line = line.trim();
    begins_known(line) && looks(line, shell::split::words_of(line).is_some()) == Looks::Command
}

/// The lines of a listing or an answer that begins at a byte.
fn listing(script: &str, start: usize) -> Option<Range<usize>> {
    let mut ahead = lines_from(script, start);
    let (first, head) = ahead.next()?;
    let second = ahead.next().map_or("", |(_, line)| line);
    if is_watched(head) {
        return Some(first.start..watched_end(script, start));
    }
    let holds: Box<dyn Fn(&str) -> bool> = if opens_json(head.trim()) || head.trim() == "{" && is_key(second)
    {
        return Some(first.start..json_end(script, start)?);
    } else if is_ruled(head, second) {
        if second.contains('+') || head.contains('|') {
            Box::new(|line: &str| line.contains('|') || is_rule(line) || is_count_of_rows(line))
        } else {
            Box::new(|line: &str| !is_clear(line) || lines::cells(line).len() > 1)
        }
    } else if are_rows(head, second) {
        Box::new(|line: &str| !is_clear(line) && lines::cells(line).len() > 1)
    } else if are_piped(head, second) {
        let bars = head.matches(" | ").count();
        Box::new(move |line: &str| line.matches(" | ").count() == bars)
    } else if is_boxed(head) {
        Box::new(|line: &str| is_boxed(line) || is_count_of_rows(line))
    } else if is_table_head(head) {
        Box::new(|line: &str| !is_clear(line) || lines::cells(line).len() > 2)
    } else if heads_names(head, second) {
        let depth = indent(head);
        Box::new(move |line: &str| indent(line) > depth && is_name(line))
    } else if head.trim_start().starts_with(['●', '○', '×']) || head.trim_start().starts_with("HTTP/") {
        Box::new(|line: &str| !is_clear(line) || line.starts_with(' '))
    } else {
        return None;
    };
    let body = lines_from(script, start).skip(1).take_while(|(_, line)| {
        !line.trim().is_empty() && !line.trim_start().starts_with('#') && holds(line)
    });
    Some(first.start..body.last().map_or(first.end, |(range, _)| range.end))
}

/// `Modified files:` and names below it that stand further in: what an installer lists.
fn heads_names(head: &str, second: &str) -> bool {
    let named = head.trim().strip_suffix(':').is_some_and(|name| {
        name.starts_with(char::is_uppercase) && name.chars().all(|c| c.is_alphanumeric() || c == ' ')
    });
    named && indent(second) > indent(head) && is_name(second)
}

/// Whether a line is one name, of a file or of nothing: `conf/web.xml`, `(none)`.
fn is_name(line: &str) -> bool {
    let word = line.trim();
    !word.is_empty()
        && !word.contains(char::is_whitespace)
        && !word.starts_with(['#', '$'])
        && !word.contains(['=', '|', ';'])
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Where what `watch` shows ends: a blank line stands behind its head.
fn watched_end(script: &str, start: usize) -> usize {
    let shown =
        |line: &str| !line.trim_start().starts_with('#') && (!is_clear(line) || lines::cells(line).len() > 2);
    let body =
        lines_from(script, start).skip(1).take_while(|(_, line)| line.trim().is_empty() || shown(line));
    let head = lines_from(script, start).next().map_or(start, |(range, _)| range.end);
    body.filter(|(_, line)| !line.trim().is_empty()).last().map_or(head, |(range, _)| range.end)
}

/// A line of names with a rule below it, as psql and docker-compose 1 print it.
fn is_ruled(head: &str, rule: &str) -> bool {
    let bars = head.matches('|').count();
    let crosses = rule.matches('+').count();
    // Some begin and end the rule with a cross, and the names with nothing.
    let columns = bars > 0
        && (crosses == bars || rule.trim().starts_with('+') && crosses > bars && crosses <= bars + 2);
    is_rule(rule) && !head.trim().is_empty() && (columns || bars == 0 && lines::cells(head).len() > 2)
}

fn is_key(line: &str) -> bool {
    line.trim_start().starts_with('"') && line.contains("\":") || line.trim() == "}"
}

/// Where the JSON ends that begins at a byte; nothing where it never does.
fn json_end(script: &str, start: usize) -> Option<usize> {
    let mut depth = 0i32;
    let mut in_string = false;
    let mut escaped = false;
    for (at, c) in script.get(start..)?.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = in_string,
            '"' => in_string = !in_string,
            '{' | '[' if !in_string => depth += 1,
            '}' | ']' if !in_string => depth -= 1,
            '\n' if in_string => return None,
            _ => {}
        }
        if depth == 0 {
            let end = start + at + c.len_utf8();
            let rest = script.get(end..)?.split('\n').next().unwrap_or("");
            return rest.trim().trim_matches([',', ';']).is_empty().then_some(end + rest.trim_end().len());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The regions of a fence, and the commands left.
    fn told(script: &str) -> (Vec<(&'static str, &str)>, Vec<&str>) {
        let split = split(script, script);
        let regions = split.regions.iter().map(|r| (r.what, &script[r.at.clone()])).collect();
        let free = split.pieces.iter().filter(|p| split.region(p.span.start).is_none());
        let commands =
            free.filter(|p| p.kind != PieceKind::Comment).map(|p| &script[p.span.clone()]).collect();
        (regions, commands)
    }

    #[test]
    fn a_document_that_no_program_reads_is_none_to_run() {
        let shows = "<<COMMENT\n{\"version\":\"3\"}\nCOMMENT";
        assert_eq!(
            told(&format!("shopctl version\n{shows}\n")),
            (vec![("output", shows)], vec!["shopctl version"])
        );
        assert_eq!(shown(shows), Some("{\"version\":\"3\"}"));
        let off = ": <<'OFF'\nrm -rf /srv\nOFF";
        assert_eq!(told(&format!("ls\n{off}\nmake x\n")), (vec![("text", off)], vec!["ls", "make x"]));
        assert_eq!(told("cat <<A\nx\nA\n").0, vec![]);
    }

    #[test]
    fn a_listing_goes_with_its_rows() {
        let rows = "NAME   READY   STATUS\nnginx  1/1     Running\nit's   0/1     <none>";
        assert_eq!(
            told(&format!("kubectl get pods\n{rows}\nkubectl logs x\n")),
            (vec![("output", rows)], vec!["kubectl get pods", "kubectl logs x"])
        );
        let psql = " id | name\n----+------\n  1 | it's\n(1 row)";
        assert_eq!(told(&format!("{psql}\n\nmake x\n")), (vec![("output", psql)], vec!["make x"]));
        let crossed = " id | live | copies\n+---+------+--------\n  4 | true |     73\n(1 row)";
        assert_eq!(told(&format!("{crossed}\n\nmake x\n")), (vec![("output", crossed)], vec!["make x"]));
        let watched = "Every 2.0s: kubectl get deploy -o j...\n\nstore-api-0   x/y: 1/1   version=v5";
        assert_eq!(told(&format!("{watched}\nls\n")), (vec![("output", watched)], vec!["ls"]));
        let rows = "store-api-0   req/upd: 1/1   version=v5\nstore-api-1   req/upd: 1//   version=v4";
        assert_eq!(told(&format!("{rows}\nls\n")), (vec![("output", rows)], vec!["ls"]));
        for rows in ["Question | Answer\nDisallow root login remotely? | Y", "id | live\n 1 | true"] {
            assert_eq!(told(&format!("{rows}\nls\n")), (vec![("output", rows)], vec!["ls"]));
        }
        let listed = "Modified files:\n  app/web.xml\n  bin/setenv.sh";
        assert_eq!(
            told(&format!("./install\n{listed}\nls\n")),
            (vec![("output", listed)], vec!["./install", "ls"])
        );
        assert_eq!(told("ls | sort\ncat a | head -1").0, vec![]);
        let commands = "acme-cli   drain   web1\nacme-cli   start   web1";
        assert_eq!(told(commands).0, vec![]);
        let df = "Filesystem  Size  Used\n/dev/sda1   50G   20G";
        assert_eq!(told(&format!("df -h\n{df}\n")), (vec![("output", df)], vec!["df -h"]));
    }

    #[test]
    fn an_answer_and_a_script_go_as_a_whole() {
        let json = "{\n  \"status\": \"ok\",\n  \"at\": \"it's\"\n}";
        assert_eq!(told(&format!("curl h\n{json}\nls\n")), (vec![("output", json)], vec!["curl h", "ls"]));
        let script = "#!/bin/bash\nset -e\n# more\nls";
        assert_eq!(told(&format!("nano x.sh\n{script}\n")), (vec![("file", script)], vec!["nano x.sh"]));
    }

    #[test]
    fn a_message_is_text_until_a_command_comes() {
        let message = "@channel don't deploy\n\nStatus: rolling back";
        assert_eq!(
            told(&format!("# Message for the channel\n{message}\n\ngit log\n")),
            (vec![("text", message)], vec!["git log"])
        );
        assert_eq!(told("# Message for the queue\n./publish now\n"), (vec![], vec!["./publish now"]));
    }

    #[test]
    fn what_a_command_holds_is_no_region() {
        for script in [
            "cat <<EOF\nNAME   READY   STATUS\na      1/1     Up\nEOF",
            "curl -d '\n{\"a\": 1}\n' http://h",
            "{ echo a; }",
            "[ -f a ] && ls",
            "echo 'a | b'\nls",
        ] {
            assert_eq!(told(script).0, vec![], "{script}");
        }
    }
}
