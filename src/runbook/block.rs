//! Reads one code block: commands with what the comments around them mean, and lines that are none.

use super::comments;
use super::markdown::{Code, Lines};
use super::model::{Block, Command, CommandId, Expectation, Line, OtherLines, Span, StepId};
use super::parameters::{Hole, holes, mask};
use crate::shell::{self, Effect, Kind, Piece, PieceKind};

/// What a block needs to know of its surroundings.
pub struct BlockContext<'c> {
    /// The document's line numbers.
    pub lines: &'c Lines,
    /// What holds the block; command ids count through it.
    pub step: &'c StepId,
    /// The paragraph or label right before the fence.
    pub before: &'c str,
    /// Commands already counted in this step.
    pub counted: usize,
    /// Blocks already counted in this step.
    pub blocks: usize,
}

/// How a fence's text is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    Shell,
    Prompts,
    EnvFile,
    NotShell,
}

/// Reads one block.
pub fn read_block(code: &Code, span: Span, context: &BlockContext<'_>) -> Block {
    let mut block = Block {
        id: format!("{}#{}", context.step, context.blocks + 1),
        span,
        language: code.language.clone(),
        commands: vec![],
        other: vec![],
        notes: vec![],
    };
    let reader = Reader { code, context };
    match reading(code, context.before) {
        Reading::Shell => reader.shell(&code.text, &mut block),
        Reading::Prompts => {
            let (script, output) = prompts(&code.text);
            reader.shell(&script, &mut block);
            block.other.extend(output.iter().map(|range| reader.other(range.clone(), "output")));
        }
        Reading::EnvFile => block.other.push(reader.other(0..code.text.trim_end().len(), "env file")),
        Reading::NotShell => {
            let end = code.text.trim_end().len();
            if end > 0 {
                block.commands.push(reader.manual(0..end));
            }
        }
    }
    for (at, command) in block.commands.iter_mut().enumerate() {
        command.id = CommandId(format!("{}/{}", context.step, context.counted + at + 1));
    }
    block
}

/// Whether the words before a fence make it an expected output instead of commands.
pub fn shows_output(before: &str) -> bool {
    let lower = before.to_lowercase();
    let lower = lower.trim_end_matches([':', '*', ' ', '.']);
    lower.ends_with("output")
        || lower.ends_with("expected")
        || lower.ends_with("expected result")
        || lower.starts_with("expected output")
}

fn reading(code: &Code, before: &str) -> Reading {
    let first = code.text.lines().map(str::trim).find(|l| !l.is_empty() && !l.starts_with('#'));
    let has_prompts = code.text.lines().any(|l| l.starts_with("$ "));
    let shellish = match code.language.as_str() {
        "bash" | "sh" | "shell" | "zsh" | "ksh" => true,
        "console" | "terminal" | "shell-session" | "shellsession" | "sh-session" => {
            return if has_prompts { Reading::Prompts } else { Reading::Shell };
        }
        "" if code.fenced => first.is_some_and(|l| {
            l.starts_with("$ ") || comments::looks_like_command(l.trim_end_matches('\\').trim())
        }),
        _ => false,
    };
    if !shellish {
        return Reading::NotShell;
    }
    if has_prompts && first.is_some_and(|l| l.starts_with("$ ")) {
        return Reading::Prompts;
    }
    let lower = before.to_lowercase();
    let names_file = lower.contains(".env")
        || lower.contains("file")
            && (lower.contains("create") || lower.contains("edit") || lower.contains("update"));
    let mut body =
        code.text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')).peekable();
    if names_file && body.peek().is_some() && body.all(is_env_line) {
        return Reading::EnvFile;
    }
    Reading::Shell
}

fn is_env_line(line: &str) -> bool {
    line.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
    })
}

/// Blanks out prompts and output, keeping every byte's place; returns the output's ranges.
fn prompts(text: &str) -> (String, Vec<std::ops::Range<usize>>) {
    let mut script = String::with_capacity(text.len());
    let mut output: Vec<std::ops::Range<usize>> = Vec::new();
    let mut at = 0;
    let mut open = false;
    for line in text.split_inclusive('\n') {
        let body = line.strip_suffix('\n').unwrap_or(line);
        if let Some(command) =
            body.strip_prefix("$ ").or_else(|| if open { body.strip_prefix("> ") } else { None })
        {
            script.push_str("  ");
            script.push_str(command);
            open = true;
        } else if open && script.trim_end_matches('\n').ends_with('\\') {
            script.push_str(body);
        } else {
            script.push_str(&" ".repeat(body.len()));
            open = false;
            if !body.trim().is_empty() {
                match output.last_mut() {
                    Some(last) if last.end + 1 == at => last.end = at + body.len(),
                    _ => output.push(at..at + body.len()),
                }
            }
        }
        if line.ends_with('\n') {
            script.push('\n');
        }
        at += line.len();
    }
    (script, output)
}

struct Reader<'c> {
    code: &'c Code,
    context: &'c BlockContext<'c>,
}

/// What the comments read so far say about commands that follow.
#[derive(Default)]
struct Scope {
    about: Vec<String>,
    condition: Option<String>,
    optional: bool,
    alternative: bool,
    wait_s: Option<u64>,
}

impl Reader<'_> {
    fn shell(&self, script: &str, block: &mut Block) {
        let found = holes(script);
        let pieces = shell::split(&mask(script, &found));
        let mut scope = Scope::default();
        let mut end_of_last = 0;
        let mut at = 0;
        while at < pieces.len() {
            let piece = &pieces[at];
            let blank_before = script[end_of_last..piece.span.start].matches('\n').count() > 1;
            match piece.kind {
                PieceKind::Command { parses } => {
                    if blank_before {
                        scope = Scope { wait_s: scope.wait_s, ..Scope::default() };
                    }
                    let command = self.command(script, piece, parses, &found);
                    block.commands.push(with_scope(command, &mut scope));
                    end_of_last = piece.span.end;
                    at += 1;
                }
                PieceKind::Comment => {
                    let end = group_end(script, &pieces, at);
                    self.comments(script, (&pieces[at..end], pieces.get(end)), &mut scope, block);
                    end_of_last = pieces[end - 1].span.end;
                    at = end;
                }
            }
        }
    }

    /// Reads a run of comment lines without a blank line between them.
    fn comments(
        &self,
        script: &str,
        lines: (&[Piece], Option<&Piece>),
        scope: &mut Scope,
        block: &mut Block,
    ) {
        let (group, next) = lines;
        let end = group.last().map_or(0, |p| p.span.end);
        let above_command = next.is_some_and(|n| {
            matches!(n.kind, PieceKind::Command { .. })
                && script[end..n.span.start].matches('\n').count() <= 1
        });
        *scope = Scope::default();
        let mut at = 0;
        while at < group.len() {
            let text = comments::comment_text(&script[group[at].span.clone()]);
            let expects =
                comments::is_expectation(text) && (!above_command || comments::opens_expectation(text));
            if expects
                && let Some(command) =
                    block.commands.iter_mut().rev().find(|c| !c.alternative || c.expects.is_empty())
            {
                let mut words = text.to_owned();
                let first = at;
                // "Should see:" takes all of its group, an open bracket what closes it.
                let takes_all = text.ends_with(':');
                while at + 1 < group.len() && (takes_all || comments::goes_on(&words)) {
                    at += 1;
                    words.push('\n');
                    words.push_str(comments::comment_text(&script[group[at].span.clone()]));
                }
                command.expects.push(Expectation::read(self.line(group[first].span.start), words));
            } else if comments::looks_like_command(text) {
                let start = group[at].span.start + script[group[at].span.clone()].find(text).unwrap_or(0);
                let piece =
                    Piece { span: start..start + text.len(), kind: PieceKind::Command { parses: true } };
                let command = self.command(script, &piece, true, &holes(script));
                scope.alternative = true;
                block.commands.push(with_scope(command, scope));
            } else if !text.is_empty() {
                Self::remark(text, scope);
                if !above_command {
                    block.notes.push(Line { line: self.line(group[at].span.start), text: text.to_owned() });
                }
            }
            at += 1;
        }
    }

    /// A comment that is no expectation and no command: it says something of what follows.
    fn remark(text: &str, scope: &mut Scope) {
        scope.optional |= comments::is_optional(text);
        scope.alternative |= comments::is_other_way(text);
        scope.wait_s = comments::wait_s(text).or(scope.wait_s);
        if let Some(condition) = comments::condition(text) {
            scope.condition = Some(condition);
        }
        scope.about.push(text.to_owned());
    }

    fn command(&self, script: &str, piece: &Piece, parses: bool, found: &[Hole]) -> Command {
        let text = &script[piece.span.clone()];
        let inside: Vec<&Hole> =
            found.iter().filter(|h| h.at.start < piece.span.end && piece.span.start < h.at.end).collect();
        let masked = mask(script, found);
        let classified = shell::classify(&masked[piece.span.clone()]);
        let mut names: Vec<String> = inside.iter().map(|h| h.name.clone()).collect();
        names.dedup();
        Command {
            id: CommandId(String::new()),
            text: text.to_owned(),
            span: self.span(piece.span.clone()),
            about: None,
            kind: classified.kind,
            effect: classified.effect,
            sensitive: classified.sensitive,
            optional: false,
            condition: None,
            alternative: false,
            wait_s: None,
            parses,
            holes: names,
            expects: vec![],
        }
    }

    fn manual(&self, range: std::ops::Range<usize>) -> Command {
        manual_command(self.code.text[range.clone()].to_owned(), self.span(range))
    }

    fn other(&self, range: std::ops::Range<usize>, what: &str) -> OtherLines {
        let span = self.span(range.clone());
        OtherLines {
            line: span.line,
            end_line: span.end_line,
            text: self.code.text[range].to_owned(),
            what: what.to_owned(),
        }
    }

    fn line(&self, at: usize) -> usize {
        self.context.lines.line(self.code.source_byte(at))
    }

    fn span(&self, range: std::ops::Range<usize>) -> Span {
        let last = self.code.source_byte(range.end.max(range.start + 1) - 1);
        self.context.lines.span(self.code.source_byte(range.start), last + 1)
    }
}

/// A command that stands in prose, such as a check item's.
pub fn plain_command(id: CommandId, text: &str, span: Span) -> Command {
    let found = holes(text);
    let masked = mask(text, &found);
    let classified = shell::classify(&masked);
    let kind = classified.kind;
    let parses = shell::parse(&masked).is_some();
    let holes = found.into_iter().map(|h| h.name).collect();
    Command {
        id,
        kind,
        effect: classified.effect,
        sensitive: classified.sensitive,
        parses,
        holes,
        ..manual_command(text.to_owned(), span)
    }
}

/// A command that a person carries out.
pub fn manual_command(text: String, span: Span) -> Command {
    Command {
        id: CommandId(String::new()),
        text,
        span,
        about: None,
        kind: Kind::Manual,
        effect: Effect::Changes,
        sensitive: false,
        optional: false,
        condition: None,
        alternative: false,
        wait_s: None,
        parses: true,
        holes: vec![],
        expects: vec![],
    }
}

/// The index after the last comment of the run that starts at `at`.
fn group_end(script: &str, pieces: &[Piece], at: usize) -> usize {
    let mut end = at + 1;
    while end < pieces.len()
        && pieces[end].kind == PieceKind::Comment
        && script[pieces[end - 1].span.end..pieces[end].span.start].matches('\n').count() == 1
    {
        end += 1;
    }
    end
}

/// Gives a command what the comments above it say; a wait is due once, the rest holds to the scope's end.
fn with_scope(mut command: Command, scope: &mut Scope) -> Command {
    command.about = (!scope.about.is_empty()).then(|| scope.about.join("\n"));
    command.condition.clone_from(&scope.condition);
    command.optional = scope.optional;
    command.alternative = scope.alternative;
    command.wait_s = scope.wait_s.take().filter(|_| !command.text.starts_with("sleep"));
    command
}
