//! What stands around a candidate: its program, its option, its quotes, the here-document that it is in.

use super::super::holes::Hole;
use super::super::quoting::{In, quoted_around};

/// Programs that take a text of a language with brackets of its own.
#[rustfmt::skip] // words, many to a line
pub(super) const INTERPRETERS: &[&str] = &[
    "python", "python2", "python3", "node", "nodejs", "deno", "bun", "ruby", "irb", "perl", "php", "lua", "R",
    "Rscript", "awk", "gawk", "mawk", "jq", "yq", "osascript", "pwsh", "groovy", "elixir", "iex", "go", "scala",
    "tclsh", "tmux",
];

/// A candidate in its script.
pub(super) struct Place<'s> {
    script: &'s str,
    quoting: &'s [In],
    start: usize,
    end: usize,
}

impl<'s> Place<'s> {
    pub(super) fn new(script: &'s str, quoting: &'s [In], hole: &Hole) -> Self {
        Self { script, quoting, start: hole.at.start, end: hole.at.end }
    }

    /// What its first byte stands in.
    pub(super) fn within(&self) -> In {
        self.quoting.get(self.start).copied().unwrap_or(In::Plain)
    }

    pub(super) fn text(&self) -> &'s str {
        self.script.get(self.start..self.end).unwrap_or("")
    }

    pub(super) fn before(&self) -> &'s str {
        self.script.get(..self.start).unwrap_or("")
    }

    pub(super) fn after(&self) -> &'s str {
        self.script.get(self.end..).unwrap_or("")
    }

    /// Its line up to it.
    pub(super) fn line_before(&self) -> &'s str {
        let before = self.before();
        before.get(before.rfind('\n').map_or(0, |at| at + 1)..).unwrap_or("")
    }

    /// The command that it stands in, from its first word up to it.
    pub(super) fn command(&self) -> &'s str {
        let bytes = self.script.as_bytes();
        let ends = |at: &usize| {
            self.quoting.get(*at) == Some(&In::Plain)
                && matches!(bytes.get(*at), Some(b';' | b'|' | b'&' | b'\n' | b'(' | b'`'))
        };
        let start = (0..self.start).rev().find(ends).map_or(0, |at| at + 1);
        self.script.get(start..self.start).unwrap_or("").trim_start()
    }

    /// The words of its command behind what only runs it: `sudo -u postgres`, `timeout 30`, assignments.
    fn words(&self) -> Vec<&'s str> {
        const WRAPS: &[&str] = &[
            "sudo", "then", "do", "else", "if", "while", "until", "!", "time", "xargs", "{", "command",
            "env", "nice", "nohup", "timeout", "exec",
        ];
        let mut words = self.command().split_whitespace().peekable();
        let mut found = Vec::new();
        while let Some(word) = words.next() {
            let set = word
                .split_once('=')
                .is_some_and(|(name, _)| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'));
            let valued = matches!(word, "-u" | "-g" | "-n" | "-C" | "-k" | "-s");
            if !found.is_empty() {
                found.push(word);
            } else if valued {
                words.next();
            } else if !(WRAPS.contains(&word)
                || set
                || word.starts_with('-')
                || word.starts_with(|c: char| c.is_ascii_digit()))
            {
                found.push(word);
            }
        }
        found
    }

    /// The program that it is a word of.
    pub(super) fn program(&self) -> &'s str {
        let word = self.words().first().copied().unwrap_or("");
        word.rsplit('/').next().unwrap_or(word)
    }

    /// Whether it is a word of one of these programs, run here or by another one: `docker exec web grep …`.
    pub(super) fn runs(&self, programs: &[&str]) -> bool {
        const CARRIERS: &[&str] =
            &["docker", "docker-compose", "podman", "kubectl", "oc", "ssh", "chroot", "nsenter"];
        let program = self.program();
        let carried = || self.words().iter().skip(2).any(|word| programs.contains(word));
        programs.contains(&program) || CARRIERS.contains(&program) && carried()
    }

    /// Its word of the shell, up to it.
    pub(super) fn word_before(&self) -> &'s str {
        let bytes = self.script.as_bytes();
        let breaks = |at: &usize| {
            matches!(self.quoting.get(*at), Some(In::Plain | In::Document | In::Data))
                && bytes.get(*at).is_some_and(|b| b.is_ascii_whitespace() || b";|&(".contains(b))
        };
        let start = (0..self.start).rev().find(breaks).map_or(0, |at| at + 1);
        self.script.get(start..self.start).unwrap_or("")
    }

    /// Its word of the shell.
    pub(super) fn word(&self) -> &'s str {
        let bytes = self.script.as_bytes();
        let breaks = |at: &usize| {
            matches!(self.quoting.get(*at), Some(In::Plain | In::Document | In::Data))
                && bytes.get(*at).is_some_and(|b| b.is_ascii_whitespace() || b";|&)".contains(b))
        };
        let end = (self.end..self.script.len()).find(breaks).unwrap_or(self.script.len());
        self.script.get(self.start - self.word_before().len()..end).unwrap_or("")
    }

    /// The option that it is in the value of, or nothing.
    pub(super) fn option(&self) -> &'s str {
        let word = self.word_before();
        if word.starts_with('-') && word.contains('=') {
            return word.split('=').next().unwrap_or("");
        }
        let ahead = self.before().strip_suffix(word).unwrap_or("");
        let last = ahead.split_whitespace().next_back().unwrap_or("");
        let near = ahead.ends_with([' ', '\t']);
        if near && last.starts_with('-') && !last.contains('=') { last } else { "" }
    }

    /// The quoted text that it stands in.
    pub(super) fn quoted(&self) -> &'s str {
        self.script.get(quoted_around(self.quoting, self.start)).unwrap_or("")
    }

    /// The same, up to it.
    pub(super) fn quoted_before(&self) -> &'s str {
        let start = quoted_around(self.quoting, self.start).start.min(self.start);
        self.script.get(start..self.start).unwrap_or("")
    }

    /// The line that opens the here-document that it stands in.
    pub(super) fn document(&self) -> Option<&'s str> {
        if !matches!(self.within(), In::Document | In::Data) {
            return None;
        }
        let inside = |w: &In| matches!(w, In::Document | In::Data | In::Escaped);
        let start = self.quoting.get(..self.start)?.iter().rposition(|w| !inside(w))? + 1;
        let opener = self.script.get(..start)?.trim_end_matches('\n');
        opener.rsplit('\n').next()
    }

    /// Whether it stands in a here-document that is a program, or the file of one.
    pub(super) fn is_code(&self) -> bool {
        #[rustfmt::skip] // words, many to a line
        const CODE: &[&str] = &[
            ".py", ".js", ".ts", ".jsx", ".tsx", ".mjs", ".go", ".rb", ".php", ".pl", ".java", ".rs", ".c", ".cpp", ".h",
            ".css", ".scss", ".lua", ".ex", ".kt", ".swift", ".cs",
        ];
        self.document().is_some_and(|opener| {
            let mut words = opener.split(|c: char| c.is_whitespace() || "|<>\"'&;".contains(c));
            words.any(|word| INTERPRETERS.contains(&word) || CODE.iter().any(|ending| word.ends_with(ending)))
        })
    }

    /// What follows it up to the end of its command, and what ends that.
    fn rest(&self) -> (&'s str, &'s str) {
        let rest = self.after();
        let plain = |at: usize| self.quoting.get(self.end + at) == Some(&In::Plain);
        let ends = |at: usize, c: char| match c {
            '\n' | ';' | '|' => true,
            '&' => !rest[..at].ends_with('>') && !rest[at + 1..].starts_with('>'),
            _ => false,
        };
        let end =
            rest.char_indices().find(|(at, c)| plain(*at) && ends(*at, *c)).map_or(rest.len(), |(at, _)| at);
        rest.split_at(end)
    }

    /// Whether its command's output goes into a file.
    pub(super) fn is_written(&self) -> bool {
        let (rest, _) = self.rest();
        let plain = |at: usize| self.quoting.get(self.end + at) == Some(&In::Plain);
        rest.char_indices().any(|(at, c)| c == '>' && plain(at)) && !rest.contains(">&2")
    }

    /// Whether its command's output goes to another command, and is not only kept beside.
    pub(super) fn is_piped(&self) -> bool {
        let (_, end) = self.rest();
        end.starts_with('|') && !end.starts_with("||") && !end.contains("tee")
    }
}
