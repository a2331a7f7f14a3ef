//! Prompts: which lines of a fence were typed, and what is output between them.

use std::ops::Range;

use super::super::comments;
use super::super::markdown::Code;
use super::command::{Looks, has_marks, looks};
use super::what::begins_known;

/// The length of a prompt that a line begins with; `root` where `# ` may be one.
pub(super) fn prompt(line: &str, root: bool) -> Option<usize> {
    if line.starts_with("$ ") || line.starts_with("% ") {
        return Some(2);
    }
    if root && line.starts_with("# ") {
        return Some(2);
    }
    // user@host:~$ …, [root@host ~]# …
    let end = line.find("$ ").or_else(|| line.find("# "))?;
    let head = &line[..end];
    let (user, rest) = head.trim_start_matches(['[', '(']).split_once('@')?;
    let plain = |t: &str| !t.is_empty() && t.chars().all(|c| c.is_alphanumeric() || "_.-".contains(c));
    let host: String = rest.chars().take_while(|c| c.is_alphanumeric() || "_.-".contains(*c)).collect();
    (plain(user) && !host.is_empty() && !rest[host.len()..].contains(['"', '\''])).then_some(end + 2)
}

/// Blanks out prompts and output, keeping every byte's place; returns the output's ranges.
pub(super) fn prompts(text: &str, root: bool) -> (String, Vec<Range<usize>>) {
    let mut script = String::with_capacity(text.len());
    let mut output: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    let mut open = false;
    for line in text.split_inclusive('\n') {
        let body = line.strip_suffix('\n').unwrap_or(line);
        let mark = prompt(body, root).or_else(|| (open && body.starts_with("> ")).then_some(2));
        if let Some(length) = mark {
            script.push_str(&" ".repeat(length));
            script.push_str(&body[length..]);
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

/// Whether `# ` is a prompt in this fence: all lines that begin so are prompts, or all are comments.
///
/// They are prompts where each of them parses, most begin with a program, a builtin or a path, and no line without
/// one is a command.
pub(super) fn root_prompts(code: &Code) -> bool {
    if matches!(code.language.as_str(), "bash" | "sh" | "zsh" | "ksh") {
        return false;
    }
    let lines: Vec<&str> = code.text.lines().collect();
    if lines.iter().any(|line| line.starts_with("$ ")) {
        return false;
    }
    let typed: Vec<&str> = lines.iter().filter_map(|line| line.strip_prefix("# ")).map(str::trim).collect();
    let path = |text: &str| text.split_whitespace().skip(1).any(|word| word.starts_with('/'));
    let runs = |text: &str| begins_known(text) || has_marks(text, true) || path(text);
    let known = typed.iter().filter(|text| runs(text) && looks(text, true) == Looks::Command).count();
    let joined = |at: usize| at > 0 && lines.get(at - 1).is_some_and(|above| above.ends_with('\\'));
    let others = lines.iter().enumerate().filter(|(at, line)| !line.starts_with('#') && !joined(*at));
    let sentence = |text: &str| text.ends_with(['.', ':']) || looks(text, true) == Looks::Sentence;
    known * 2 > typed.len()
        && !typed.iter().any(|text| sentence(text))
        && !others.into_iter().any(|(_, line)| comments::looks_like_command(line.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root(text: &str) -> bool {
        root_prompts(&Code { language: "console".into(), text: text.into(), fenced: true, ..Code::default() })
    }

    #[test]
    fn the_lines_of_a_fence_are_all_prompts_or_all_comments() {
        for all in [
            "# systemctl stop nginx\n# dpkg -i nginx.deb\n# systemctl start nginx\n",
            "# systemctl stop nginx\n# mkfs.ext4 /dev/sdb1\n# sysctl -p\n# cp a b\n",
            "# cd /srv\n/srv is there\n# ls\na b\n",
        ] {
            assert!(root(all), "{all}");
        }
        for none in [
            "# make backup\ncp /etc/hostname backup.db\n# rm old files\nrm -f old.db\n",
            "# Stop the service\nsystemctl stop nginx\n",
            "# git pull the latest.\n# then restart\n",
            "$ ls\n# rm -f x\n",
        ] {
            assert!(!root(none), "{none}");
        }
    }
}
