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

#[cfg(test)]
mod tests {
    use super::super::super::super::shell::channel::Paths;
    use super::*;

    fn prompts() -> Prompts {
        let path = |name: &str| format!("/proc/7/fd/{name}");
        Prompts::new(Paths { reports: path("33"), start: path("4"), prompt: path("5"), state: path("66") })
    }

    fn prompt(flags: &str) -> Prompt {
        Prompt { flags: flags.into(), ..Prompt::default() }
    }

    /// What is shown of chunks, and how many reports were in them.
    fn shown(chunks: &[&[u8]], flags: &str) -> (String, usize) {
        let (mut errors, prompt, prompts) = (Errors::default(), prompt(flags), prompts());
        let (mut all, mut reports) = (Vec::new(), 0);
        for chunk in chunks {
            if !errors.take(chunk, &prompt) {
                all.extend_from_slice(chunk);
                continue;
            }
            let mut before = Vec::new();
            while let Some((bytes, _)) = errors.report() {
                before.extend(bytes);
                reports += 1;
            }
            all.extend(errors.shown(before, &prompt, &prompts));
        }
        (String::from_utf8(all).unwrap(), reports)
    }

    #[test]
    fn what_has_nothing_of_ours_is_passed_on_as_it_is() {
        assert_eq!(
            shown(&[b"make: *** [all] Error", b" 2\n"], "himBHs"),
            ("make: *** [all] Error 2\n".into(), 0)
        );
    }

    #[test]
    fn reports_are_taken_out_wherever_they_are_cut() {
        let bytes = b"before\n\x1eS\x1f\x1eafter\n";
        for cut in 0..bytes.len() {
            let (first, rest) = bytes.split_at(cut);
            assert_eq!(shown(&[first, rest], "himBHs"), ("before\nafter\n".into(), 1), "cut at {cut}");
        }
    }

    #[test]
    fn complaints_of_a_restricted_shell_about_our_paths_are_not_shown() {
        let complaint = "bash: /proc/7/fd/33: restricted: cannot redirect output\n";
        let text = format!("{complaint}ls: no such file\n");
        assert_eq!(shown(&[text.as_bytes()], "hir").0, "ls: no such file\n");
        let own = "bash: /etc/x: restricted: cannot redirect output\n";
        assert_eq!(shown(&[own.as_bytes()], "hir").0, own, "the document's own mistake");
    }
}
