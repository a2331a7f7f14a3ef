//! What the terminal of standard error showed, without what a restricted shell says there for us: it opens no file to
//! write, so that it reports there.

use super::super::super::shell::typed::{self, Prompt, Prompts, Report};

/// Begins and ends a report.
const MARK: u8 = 0x1e;

/// What a report began with.
#[derive(Default)]
pub(in super::super) struct Errors {
    held: Vec<u8>,
}

/// Whether a shell is a restricted one, by what it said with its last prompt.
fn is_restricted(prompt: &Prompt) -> bool {
    prompt.flags.contains('r')
}

impl Errors {
    /// Takes a chunk; false where there is nothing of ours in it, and all of it is to be shown.
    pub(in super::super) fn take(&mut self, chunk: &[u8], prompt: &Prompt) -> bool {
        if self.held.is_empty() && !chunk.contains(&MARK) && !is_restricted(prompt) {
            return false;
        }
        self.held.extend_from_slice(chunk);
        true
    }

    /// The next report, with what was shown before it.
    pub(in super::super) fn report(&mut self) -> Option<(Vec<u8>, Report)> {
        let (range, Some(report)) = typed::next_report(&self.held)? else { return None };
        let before = self.held.drain(..range.end).take(range.start).collect();
        Some((before, report))
    }

    /// What is to be shown behind what stands before the last report; the beginning of another is held back.
    pub(in super::super) fn shown(
        &mut self,
        mut shown: Vec<u8>,
        prompt: &Prompt,
        prompts: &Prompts,
    ) -> Vec<u8> {
        let whole = self.held.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        shown.extend(self.held.drain(..whole));
        if !self.held.contains(&MARK) {
            shown.append(&mut self.held);
        }
        if !is_restricted(prompt) && !String::from_utf8_lossy(&shown).contains("restricted") {
            return shown;
        }
        let text = String::from_utf8_lossy(&shown);
        let kept = text.split_inclusive('\n').filter(|line| !prompts.is_complaint(line));
        kept.collect::<String>().into_bytes()
    }
}
