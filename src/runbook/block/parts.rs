//! Parts of a fence that a comment heads as something beside the steps: "# Rollback", "# --- TEARDOWN ---".
//!
//! A part reaches to the next comment of the same rank, or to the end. What follows it then is a step again, and in
//! doubt where nothing but its place says so.

use std::ops::Range;

use super::super::comments::{self, headings};
use super::super::markdown::Code;
use super::super::model::Role;
use super::super::parameters::{holes, mask};
use super::super::words::{lower_words, numbered};
use super::regions::{Split, split};
use super::trailing;
use super::what::{Reading, reading};
use crate::shell::PieceKind;

/// A fence without its parts that stand beside the steps, and those.
#[derive(Clone, Debug)]
pub struct Parted {
    /// What is left of the fence; nothing where all of it stands beside the steps.
    pub own: Option<Code>,
    /// The parts, in order.
    pub beside: Vec<Beside>,
    /// Bytes of the document whose commands may be steps, or belong to the part before them.
    pub doubtful: Vec<Range<usize>>,
}

/// A part of a fence that stands beside the steps.
#[derive(Clone, Debug)]
pub struct Beside {
    /// What it is; [`Role::Other`] for what no run comes to.
    pub role: Role,
    /// The comment that heads it.
    pub title: String,
    /// The document's byte that the part begins at.
    pub at: usize,
    /// The comment stands on a line of its own.
    pub headed: bool,
    /// The fence with nothing but the part in it.
    pub code: Code,
}

/// Parts a fence, where a comment of it heads something beside the steps.
pub fn parted(code: &Code, before: &str) -> Option<Parted> {
    let comments =
        code.text.lines().flat_map(|line| line.match_indices('#').filter_map(|(at, _)| line.get(at..)));
    let led = comments.into_iter().any(|text| heading(comments::comment_text(text)).is_some());
    if !led || reading(code, before) != Reading::Shell {
        return None;
    }
    let found = split(&code.text, &mask(&code.text, &holes(&code.text)));
    let remarks = remarks(&code.text, &found);
    let (mut parts, doubtful) = parts(&code.text, &remarks);
    parts.extend(told_behind(&code.text, &found, &parts));
    parts.sort_by_key(|part| part.at.start);
    if parts.is_empty() {
        return None;
    }
    let mut own = code.text.clone();
    for part in &parts {
        blank(&mut own, part.at.clone());
    }
    let beside = parts.iter().map(|part| part.beside(code, &found)).collect();
    let doubtful = doubtful.iter().map(|at| code.source_byte(at.start)..code.source_byte(at.end)).collect();
    let own = (!own.trim().is_empty()).then(|| Code { text: own, ..code.clone() });
    Some(Parted { own, beside, doubtful })
}

/// What a comment heads, and the command that it holds itself: "Rollback: kubectl rollout undo deploy/web".
fn heading(text: &str) -> Option<(Role, Option<&str>)> {
    let held = |(head, rest): (&'_ str, &'_ str)| {
        let command = rest.trim().trim_matches(['`', '.']).trim();
        let at = text.find(command).filter(|_| comments::looks_like_command(command))?;
        headings::heads(head).zip(text.get(at..at + command.len()).map(Some))
    };
    let inside = text.split_once([':', '：']).and_then(held).or_else(|| text.split_once('`').and_then(held));
    inside.or_else(|| Some((headings::heads(text)?, None)))
}

/// A comment of a fence, and what tells its rank.
struct Remark<'s> {
    /// Where it begins, the rule above it included.
    at: usize,
    end: usize,
    text: &'s str,
    /// It has a rule above or below it or signs around it: 3; it stands in a paragraph without a command: 2; a blank
    /// line stands before it: 1.
    level: u8,
    hashes: usize,
    number: Option<u32>,
    /// It goes on with the comment above.
    continues: bool,
}

fn remarks<'s>(script: &'s str, split: &Split) -> Vec<Remark<'s>> {
    let mut found: Vec<Remark<'s>> = Vec::new();
    let mut rule: Option<Range<usize>> = None;
    let mut last_end = 0;
    for (index, piece) in split.pieces.iter().enumerate() {
        let gap = script.get(last_end..piece.span.start).unwrap_or("").matches('\n').count();
        last_end = piece.span.end;
        let line = script.get(piece.span.clone()).unwrap_or("");
        if piece.kind != PieceKind::Comment || split.region(piece.span.start).is_some() {
            rule = None;
            continue;
        }
        let text = comments::comment_text(line);
        let adjacent = gap == 1
            && index > 0
            && split.pieces.get(index - 1).is_some_and(|p| p.kind == PieceKind::Comment);
        if text.is_empty() || comments::is_rule(text) {
            if let Some(above) = found.last_mut().filter(|_| adjacent && rule.is_none() && text.len() > 2) {
                above.level = 3;
            }
            rule = Some(piece.span.clone());
            continue;
        }
        let ruled = rule.take().filter(|_| adjacent);
        let decorated = ruled.is_some() || is_decorated(text);
        let alone = !has_command_below(script, split, index);
        let apart = gap > 1 || index == 0;
        found.push(Remark {
            at: ruled.as_ref().map_or(piece.span.start, |rule| rule.start),
            end: piece.span.end,
            text,
            level: if decorated {
                3
            } else if alone {
                2
            } else {
                u8::from(apart)
            },
            hashes: line.chars().take_while(|c| *c == '#').count(),
            number: numbered(text).and_then(|(number, _)| number.split('.').next()?.parse().ok()),
            continues: adjacent && ruled.is_none() && found.last().is_some_and(|above| above.level < 3),
        });
    }
    found
}

/// `--- ROLLBACK ---`, `=== x ===`.
fn is_decorated(text: &str) -> bool {
    ["--", "==", "**", "##", "~~", "──", "++", ">>"].iter().any(|sign| text.starts_with(sign))
}

/// Whether a command follows the comments that the one at an index stands among, without a blank line between.
fn has_command_below(script: &str, split: &Split, index: usize) -> bool {
    let pairs = split.pieces.get(index..).unwrap_or_default().windows(2);
    for pair in pairs {
        let [one, next] = pair else { return false };
        let gap = script.get(one.span.end..next.span.start).unwrap_or("");
        if gap.matches('\n').count() > 1 {
            return false;
        }
        if next.kind != PieceKind::Comment {
            return true;
        }
    }
    false
}

/// A part: the range of a fence that it takes.
struct Part<'s> {
    at: Range<usize>,
    role: Role,
    title: &'s str,
    /// The end of the comment that heads it.
    head_end: usize,
    /// The command that the comment holds itself.
    held: Option<&'s str>,
    /// The comment stands on a line of its own.
    headed: bool,
}

/// Commands of which the comment behind them says so: `helm rollback web  # rollback`.
fn told_behind<'s>(script: &'s str, split: &Split, parts: &[Part<'s>]) -> Vec<Part<'s>> {
    let free = |at: usize| split.region(at).is_none() && !parts.iter().any(|part| part.at.contains(&at));
    let commands = split.pieces.iter().filter(|p| p.kind != PieceKind::Comment && free(p.span.start));
    let told = commands.filter_map(|piece| {
        let title = trailing::comment_behind(script.get(piece.span.clone())?)?;
        let role = headings::heads(title).filter(|_| lower_words(title).len() <= 4)?;
        let (at, head_end) = (piece.span.clone(), piece.span.start);
        Some(Part { at, role, title, head_end, held: None, headed: false })
    });
    told.collect()
}

/// The parts of a fence, and where steps that follow one are in doubt.
fn parts<'s>(script: &str, remarks: &[Remark<'s>]) -> (Vec<Part<'s>>, Vec<Range<usize>>) {
    let mut parts: Vec<Part<'s>> = Vec::new();
    let mut doubtful: Vec<Range<usize>> = Vec::new();
    let mut open: Option<&Remark<'s>> = None;
    let mut in_doubt: Option<usize> = None;
    let mut counted = None;
    for remark in remarks {
        if let Some(head) = open {
            if !ends(remark, head, counted) {
                continue;
            }
            if let Some(part) = parts.last_mut() {
                part.at.end = remark.at;
            }
            open = None;
            in_doubt = (remark.level < 2 && remark.number.is_none()).then_some(remark.at);
        } else if remark.level >= 2 || remark.number.is_some() {
            doubtful.extend(in_doubt.take().map(|from| from..remark.at));
        }
        counted = remark.number.or(counted);
        let Some((role, held)) = heading(remark.text) else { continue };
        doubtful.extend(in_doubt.take().map(|from| from..remark.at).filter(|range| !range.is_empty()));
        let end = if held.is_some() { remark.end } else { script.len() };
        let title = held.and_then(|held| remark.text.split(held).next()).unwrap_or(remark.text);
        let title = title.trim_matches(|c: char| !c.is_alphanumeric() && !"()（）".contains(c));
        parts.push(Part { at: remark.at..end, role, title, head_end: remark.end, held, headed: true });
        open = Some(remark).filter(|_| held.is_none());
    }
    doubtful.extend(in_doubt.map(|from| from..script.len()));
    (parts, doubtful)
}

/// Whether a comment ends the part that another heads; `counted` is the last number before that.
fn ends(remark: &Remark<'_>, head: &Remark<'_>, counted: Option<u32>) -> bool {
    let says_more = comments::is_expectation(remark.text)
        || comments::looks_like_command(remark.text)
        || comments::offers(remark.text)
        || comments::condition(remark.text).is_some();
    let sentence = remark.level < 2 && remark.text.ends_with(['.', '。']);
    if remark.continues || says_more || sentence || remark.hashes > head.hashes {
        return false;
    }
    // A teardown is no part of a rollback that nothing but its place would make it one of.
    let other =
        heading(remark.text).is_some_and(|(role, _)| heading(head.text).is_some_and(|(own, _)| own != role));
    if other && head.level < 2 && !headings::restores(remark.text) {
        return true;
    }
    match (head.number, remark.number) {
        (None, Some(number)) => {
            counted.is_some_and(|counted| number == counted + 1) || remark.level > head.level
        }
        (Some(_), None) => remark.level > head.level,
        _ => remark.level >= head.level,
    }
}

impl Part<'_> {
    fn beside(&self, code: &Code, split: &Split) -> Beside {
        let mut text = code.text.clone();
        blank(&mut text, 0..self.at.start);
        blank(&mut text, self.at.end..code.text.len());
        let keep = self.held.and_then(|held| {
            let at = code.text.get(self.at.clone())?.find(held)? + self.at.start;
            Some(at..at + held.len())
        });
        match keep {
            Some(keep) => {
                blank(&mut text, self.at.start..keep.start);
                blank(&mut text, keep.end..self.at.end);
            }
            None => blank(&mut text, self.at.start..self.head_end),
        }
        let inside = |at: usize| at >= self.head_end && at < self.at.end;
        let pieces = || split.pieces.iter().filter(|piece| inside(piece.span.start));
        // Where all of it is commented out, so that nobody runs it with the rest, it is what is commented out.
        if !pieces().any(|piece| piece.kind != PieceKind::Comment) {
            for piece in pieces() {
                let line = code.text.get(piece.span.clone()).unwrap_or("");
                let bare = comments::comment_text(line);
                if comments::looks_like_command(bare) {
                    blank(&mut text, piece.span.start..piece.span.start + line.find(bare).unwrap_or(0));
                }
            }
        }
        Beside {
            role: self.role,
            title: self.title.to_owned(),
            at: code.source_byte(self.at.start),
            headed: self.headed,
            code: Code { text, ..code.clone() },
        }
    }
}

/// Puts blanks in place of a range; every byte and line keeps its place.
fn blank(text: &mut String, range: Range<usize>) {
    let Some(old) = text.get(range.clone()) else { return };
    let blanks: String = old.bytes().map(|b| if b == b'\n' { '\n' } else { ' ' }).collect();
    text.replace_range(range, &blanks);
}

#[cfg(test)]
mod tests {
    use super::*;

    type Lines = Vec<String>;

    /// What is left of a fence, and its parts, in lines without what is blank.
    fn told(text: &str) -> (Lines, Vec<(Role, String, Lines)>) {
        let code = Code { language: "bash".into(), text: text.into(), fenced: true, ..Code::default() };
        let lines = |code: &Code| {
            let lines = code.text.lines().map(str::trim).filter(|l| !l.is_empty());
            lines.map(str::to_owned).collect::<Vec<_>>()
        };
        let Some(parted) = parted(&code, "") else { return (lines(&code), vec![]) };
        let beside = parted.beside.iter().map(|b| (b.role, b.title.clone(), lines(&b.code))).collect();
        (parted.own.as_ref().map(lines).unwrap_or_default(), beside)
    }

    #[test]
    fn a_part_reaches_to_the_next_comment_of_its_rank() {
        let (own, beside) =
            told("# Deploy\n./up\n\n# Rollback\n# Stop\n./stop\n# Old one\n./old\n\n# Verify\n./look\n");
        assert_eq!(own, ["# Deploy", "./up", "# Verify", "./look"]);
        let inner = ["# Stop", "./stop", "# Old one", "./old"].map(str::to_owned).to_vec();
        assert_eq!(beside, [(Role::Rollback, "Rollback".into(), inner)]);
        let (own, beside) =
            told("./up\n# --- ROLLBACK ---\n\n# Stop\n./stop\n\n# Old one\n./old\n# --- NEXT ---\n./next\n");
        assert_eq!(own, ["./up", "# --- NEXT ---", "./next"]);
        assert_eq!(beside[0].2, ["# Stop", "./stop", "# Old one", "./old"]);
        let (own, _) = told("# 1. Up\n./up\n\n# 2. Rollback\n./back\n\n# 3. Look\n./look\n");
        assert_eq!(own, ["# 1. Up", "./up", "# 3. Look", "./look"]);
        let (own, beside) = told("./up\n\n# Rollback\n\n# 1. Stop\n./stop\n\n# 2. Start\n./start\n");
        assert_eq!((own, beside[0].2.len()), (vec!["./up".to_owned()], 4));
    }

    #[test]
    fn what_is_commented_out_is_the_rollback() {
        let (own, beside) = told("kubectl apply -f a\n# Rollback:\n# kubectl rollout undo deploy/a\n");
        assert_eq!(own, ["kubectl apply -f a"]);
        assert_eq!(beside[0].2, ["kubectl rollout undo deploy/a"]);
        let (own, beside) = told("make up\n# To roll back: git checkout v1\nmake look\n");
        assert_eq!(own, ["make up", "make look"]);
        assert_eq!(beside, [(Role::Rollback, "To roll back".into(), vec!["git checkout v1".into()])]);
    }

    #[test]
    fn a_comment_behind_a_command_speaks_of_that_one() {
        let (own, beside) =
            told("helm upgrade web\nhelm rollback web  # rollback\nhelm uninstall web  # uninstall\nls\n");
        assert_eq!(own, ["helm upgrade web", "ls"]);
        assert_eq!(beside.iter().map(|b| b.0).collect::<Vec<_>>(), [Role::Rollback, Role::Other]);
        assert_eq!(beside[0].2, ["helm rollback web  # rollback"]);
    }

    #[test]
    fn several_parts_and_none() {
        let (own, beside) = told("# Up\n./up\n\n# Rollback\n./back\n\n# Teardown\n./gone\n");
        assert_eq!(own, ["# Up", "./up"]);
        assert_eq!(beside.iter().map(|b| b.0).collect::<Vec<_>>(), [Role::Rollback, Role::Other]);
        for text in [
            "# Keep the image for rollback\n./keep\n",
            "cat <<EOF\n# Rollback\nx\nEOF\n",
            "./up  # rollback needs this\n",
            "echo '\n# Rollback\n'\n",
        ] {
            assert_eq!(told(text).1, vec![], "{text}");
        }
    }

    #[test]
    fn steps_behind_a_part_are_in_doubt_where_only_their_place_tells() {
        let doubts = |text: &str| {
            let code = Code { language: "bash".into(), text: text.into(), fenced: true, ..Code::default() };
            parted(&code, "").map_or(0, |parted| parted.doubtful.len())
        };
        assert_eq!(doubts("./up\n\n# Rollback\n./back\n\n# Start it\n./start\n"), 1);
        assert_eq!(doubts("./up\n\n# --- Rollback ---\n./back\n\n# --- Start ---\n./start\n"), 0);
        assert_eq!(doubts("# 1. Up\n./up\n\n# 2. Rollback\n./back\n\n# 3. Start\n./start\n"), 0);
    }
}
