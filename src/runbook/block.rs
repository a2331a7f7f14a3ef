//! Reads one code block: commands with what the comments around them mean, and lines that are none.

mod client;
mod command;
mod prompts;
mod what;

use super::characters::look_alikes;
use super::comments;
use super::doubt::Doubt;
use super::markdown::{Code, Lines};
use super::model::{Block, Command, CommandId, Expectation, Line, OtherLines, Span, StepId};
use super::parameters::{Hole, holes, holes_and_doubts, mask};
use crate::shell::{self, Effect, Kind, Piece, PieceKind};
pub use what::shows_output;
use what::{Reading, reading};

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
            let (script, output) = prompts::prompts(&code.text, prompts::root_prompts(code));
            reader.shell(&script, &mut block);
            block.other.extend(output.iter().map(|range| reader.other(range.clone(), "output")));
        }
        Reading::Other(kind) => block.other.push(reader.other(0..code.text.trim_end().len(), kind)),
        Reading::NotShell => {
            let end = code.text.trim_end().len();
            if end > 0 {
                block.commands.push(reader.manual(0..end));
            }
        }
    }
    reader.offer(&mut block);
    for (at, command) in block.commands.iter_mut().enumerate() {
        command.id = CommandId(format!("{}/{}", context.step, context.counted + at + 1));
    }
    block
}

struct Reader<'c> {
    code: &'c Code,
    context: &'c BlockContext<'c>,
}

/// What the comments read so far say about commands that follow.
#[derive(Clone, Default)]
struct Scope {
    about: Vec<String>,
    condition: Option<String>,
    optional: bool,
    alternative: bool,
    wait_s: Option<u64>,
    /// It warns that what follows can't be taken back.
    warns: bool,
    /// Expectations that stand before any command.
    expects: Vec<Expectation>,
}

impl Scope {
    /// What the label or item before a fence says holds for all of the fence.
    fn of_label(before: &str) -> Self {
        let line = before.lines().last().unwrap_or("").trim().trim_matches('*');
        let mut scope = Self::default();
        if line.len() > 200 || comments::opens_expectation(line) {
            return scope;
        }
        scope.optional = comments::is_optional(line);
        scope.alternative = comments::is_other_way(line);
        scope.wait_s = comments::wait_s(line);
        scope.condition = comments::condition(line);
        scope.warns = comments::warns(line);
        let says = scope.optional || scope.alternative || scope.condition.is_some() || scope.warns;
        if says {
            scope.about.push(line.to_owned());
        }
        scope
    }
}

impl Reader<'_> {
    fn shell(&self, script: &str, block: &mut Block) {
        let (found, doubts) = holes_and_doubts(script);
        let pieces = what::split(&mask(script, &found));
        let base = Scope::of_label(self.context.before);
        let mut scope = base.clone();
        let mut end_of_last = 0;
        let mut at = 0;
        let mut client: Option<client::Client> = None;
        while at < pieces.len() {
            let piece = &pieces[at];
            let blank_before = script[end_of_last..piece.span.start].matches('\n').count() > 1;
            match piece.kind {
                PieceKind::Command { parses } => {
                    if blank_before {
                        scope = Scope { wait_s: scope.wait_s, expects: scope.expects, ..base.clone() };
                    }
                    let text = &script[piece.span.clone()];
                    let parses = parses || found.iter().any(|h| piece.span.contains(&h.at.start));
                    client = client.filter(|client| client.takes(text));
                    match what::piece(text, parses) {
                        _ if client.is_some() => {
                            let line = client.as_ref().map_or(0, |client| client.line);
                            block
                                .other
                                .push(self.other(piece.span.clone(), &format!("input of line {line}")));
                        }
                        what::Piece::Other(kind) => {
                            block.other.push(self.other(piece.span.clone(), kind));
                        }
                        told => {
                            let mut command = self.command(script, piece, &found);
                            client = client::Client::opened_by(&command);
                            let placeholder = doubts.iter().any(|h| piece.span.contains(&h.at.start));
                            command.doubt = command
                                .doubt
                                .or((told == what::Piece::Doubt).then_some(Doubt::CommandOrText))
                                .or(placeholder.then_some(Doubt::PlaceholderOrLiteral));
                            command.expects.extend(trailing_expectation(&command));
                            block.commands.push(with_scope(command, &mut scope));
                        }
                    }
                    end_of_last = piece.span.end;
                    at += 1;
                }
                PieceKind::Comment => {
                    let end = group_end(script, &pieces, at);
                    scope = Scope { expects: std::mem::take(&mut scope.expects), ..base.clone() };
                    self.comments(script, (&pieces[at..end], pieces.get(end)), (&mut scope, &base), block);
                    end_of_last = pieces[end - 1].span.end;
                    at = end;
                }
            }
        }
    }

    /// What is to be written or entered somewhere is offered as such: a person does it.
    fn offer(&self, block: &mut Block) {
        let made = block.other.iter().find(|o| what::is_to_be_made(&o.what));
        if !block.commands.is_empty() {
            return;
        }
        let Some(made) = made else { return };
        let label = self.context.before.lines().last().unwrap_or("").trim().trim_end_matches(':');
        let text = match made.what.as_str() {
            _ if !label.is_empty() => label.to_owned(),
            "cron" => "a line for crontab".into(),
            "sql" => "SQL to enter".into(),
            what => format!("a {what} to write"),
        };
        let span = self.context.lines.whole(block.span.line);
        let mut command = manual_command(text, span);
        if made.what == "sql" {
            command.effect = shell::classify::sql_effect(&made.text);
        }
        command.about = Some(made.text.clone());
        block.commands.push(command);
    }

    /// Reads a run of comment lines without a blank line between them.
    fn comments(
        &self,
        script: &str,
        lines: (&[Piece], Option<&Piece>),
        (scope, base): (&mut Scope, &Scope),
        block: &mut Block,
    ) {
        let (group, next) = lines;
        let end = group.last().map_or(0, |p| p.span.end);
        let above_command = next.is_some_and(|n| {
            matches!(n.kind, PieceKind::Command { .. })
                && script[end..n.span.start].matches('\n').count() <= 1
        });
        let below = next.filter(|_| above_command).and_then(|n| script.get(n.span.clone())).unwrap_or("");
        let mut ran = false;
        let mut at = 0;
        while at < group.len() {
            let text = comments::comment_text(&script[group[at].span.clone()]);
            let expects =
                comments::is_expectation(text) && (!above_command || comments::opens_expectation(text));
            if expects {
                let mut words = text.to_owned();
                let first = at;
                // "Should see:" takes all of its group, an open bracket what closes it.
                let takes_all = text.ends_with(':');
                while at + 1 < group.len() && (takes_all || comments::goes_on(&words)) {
                    at += 1;
                    words.push('\n');
                    words.push_str(comments::comment_text(&script[group[at].span.clone()]));
                }
                let expected = Expectation::read(self.line(group[first].span.start), words);
                let above = block.commands.iter_mut().rev().find(|c| !c.alternative || c.expects.is_empty());
                match above {
                    Some(command) => command.expects.push(expected),
                    None => scope.expects.push(expected),
                }
            } else if let Some(offered) = self.offered(script, (group, at), below, (scope, base)) {
                block.commands.push(offered);
                ran = true;
            } else if !text.is_empty() {
                Self::remark(text, scope);
                if !above_command {
                    block.notes.push(Line { line: self.line(group[at].span.start), text: text.to_owned() });
                }
            }
            at += 1;
        }
        if !above_command && !ran {
            self.act(script, group, scope, block);
        }
    }

    /// A command that is commented out: under words such as "Or" it is another way, else it may be run where it
    /// is clearly a command. What stands uncommented below it is never another way because of it.
    fn offered(
        &self,
        script: &str,
        (group, at): (&[Piece], usize),
        below: &str,
        (scope, base): (&mut Scope, &Scope),
    ) -> Option<Command> {
        let span = group.get(at)?.span.clone();
        let line = script.get(span.clone())?;
        let text = comments::comment_text(line);
        let leads = scope.alternative || scope.optional || scope.condition.is_some();
        if !comments::looks_like_command(text) || !leads && !what::is_clearly_run(text, below) {
            return None;
        }
        let start = span.start + line.find(text)?;
        let piece = Piece { span: start..start + text.len(), kind: PieceKind::Command { parses: true } };
        let own = holes(text).into_iter();
        let own: Vec<Hole> = own.map(|h| Hole { at: start + h.at.start..start + h.at.end, ..h }).collect();
        let mut command = with_scope(self.command(script, &piece, &own), scope);
        command.optional |= !leads;
        (command.alternative, command.commented) = (true, true);
        let more = group.get(at + 1).and_then(|p| script.get(p.span.clone()));
        let more = more.is_some_and(|line| comments::looks_like_command(comments::comment_text(line)));
        if leads && !more {
            *scope = Scope { expects: std::mem::take(&mut scope.expects), ..base.clone() };
        }
        Some(command)
    }

    /// Comments that tell somebody to do what no command does are done by hand, in their place.
    fn act(&self, script: &str, group: &[Piece], scope: &mut Scope, block: &mut Block) {
        let first = comments::comment_text(&script[group[0].span.clone()]);
        if !comments::is_act(first) || comments::is_expectation(first) {
            return;
        }
        let span = group[0].span.start..group.last().map_or(0, |p| p.span.end);
        let words: Vec<&str> =
            group.iter().map(|p| comments::comment_text(&script[p.span.clone()])).collect();
        let command = manual_command(words.join("\n"), self.span(span));
        let mut own = Scope { about: vec![], alternative: comments::is_other_way(first), ..scope.clone() };
        block.commands.push(with_scope(command, &mut own));
    }

    /// A comment that is no expectation and no command: it says something of what follows.
    fn remark(text: &str, scope: &mut Scope) {
        scope.optional |= comments::is_optional(text);
        scope.alternative |= comments::offers(text);
        scope.wait_s = comments::wait_s(text).or(scope.wait_s);
        if let Some(condition) = comments::condition(text) {
            scope.condition = Some(match scope.condition.take() {
                Some(outer) => format!("{outer}\n{condition}"),
                None => condition,
            });
        }
        scope.warns |= comments::warns(text);
        scope.about.push(text.to_owned());
    }

    fn command(&self, script: &str, piece: &Piece, found: &[Hole]) -> Command {
        let parses = piece.kind == PieceKind::Command { parses: true };
        let text = &script[piece.span.clone()];
        let inside: Vec<&Hole> =
            found.iter().filter(|h| h.at.start < piece.span.end && piece.span.start < h.at.end).collect();
        let (from, to) = (piece.span.start, piece.span.end);
        let clipped = |h: &&Hole| Hole {
            at: h.at.start.max(from) - from..h.at.end.min(to) - from,
            name: h.name.clone(),
        };
        let clipped: Vec<Hole> = inside.iter().map(clipped).collect();
        let classified = shell::classify(&mask(text, &clipped));
        // In a placeholder such a character is one of its signs.
        let plain = mask(whole_lines(script, &piece.span), &clipped);
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
            commented: false,
            way: None,
            wait_s: None,
            doubt: look_alikes(&plain).iter().any(|c| !c.quoted).then_some(Doubt::LookAlike),
            parses,
            holes: names,
            expects: vec![],
        }
    }

    fn manual(&self, range: std::ops::Range<usize>) -> Command {
        let mut command = manual_command(self.code.text[range.clone()].to_owned(), self.span(range));
        if matches!(self.code.language.as_str(), "sql" | "psql" | "pgsql" | "mysql") {
            command.effect = shell::classify::sql_effect(&command.text);
        }
        command
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
    let (found, doubts) = holes_and_doubts(text);
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
        doubt: (!doubts.is_empty()).then_some(Doubt::PlaceholderOrLiteral),
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
        doubt: None,
        alternative: false,
        commented: false,
        way: None,
        wait_s: None,
        parses: true,
        holes: vec![],
        expects: vec![],
    }
}

/// A piece of a script with what is left of its last line: blanks behind a backslash belong to none.
fn whole_lines<'s>(script: &'s str, span: &std::ops::Range<usize>) -> &'s str {
    let rest = script.get(span.end..).unwrap_or("");
    let blanks = rest.split_inclusive('\n').next().filter(|line| line.trim().is_empty()).map_or(0, str::len);
    script.get(span.start..span.end + blanks).unwrap_or("")
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

/// An expectation in the comment behind a command: `npm test  # Expected: 0 failures`.
fn trailing_expectation(command: &Command) -> Option<Expectation> {
    let line = command.text.lines().last()?;
    let (code, comment) = line.rsplit_once(" # ")?;
    let whole = code.matches('"').count() % 2 == 0 && code.matches('\'').count() % 2 == 0;
    (whole && comments::opens_expectation(comment))
        .then(|| Expectation::read(command.span.end_line, comment.trim()))
}

/// Gives a command what the comments above it say; a wait is due once, the rest holds to the scope's end.
fn with_scope(mut command: Command, scope: &mut Scope) -> Command {
    if command.about.is_none() {
        command.about = (!scope.about.is_empty()).then(|| scope.about.join("\n"));
    }
    command.condition.clone_from(&scope.condition);
    command.optional = scope.optional;
    command.alternative = scope.alternative;
    command.wait_s = scope.wait_s.take().filter(|_| !command.text.starts_with("sleep"));
    command.expects.append(&mut scope.expects);
    if scope.warns && command.effect == Effect::Changes {
        command.effect = Effect::Destructive;
    }
    command
}

#[cfg(test)]
mod tests;
