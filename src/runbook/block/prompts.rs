//! Prompts: which lines of a fence were typed, and what is output between them.

use std::ops::Range;

use super::super::comments;
use super::super::markdown::Code;
use super::begins::begins_known;
use super::command::{Looks, has_marks, looks};
use super::lines::is_output;
use super::piece::{Piece, piece};
use super::prompt_signs::prompt;

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

/// Blanks out prompts with an account in brackets, `[root@host opt]# `, wherever they stand in a fence whose other lines
/// have none: no command begins so. Every byte keeps its place.
pub(super) fn without_accounts(text: &str) -> String {
    let mut script = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let body = line.trim_start();
        let indent = line.len() - body.len();
        let length = Some(body)
            .filter(|body| body.starts_with('[') && body.contains('@'))
            .and_then(|body| prompt(body, false));
        let typed = length.and_then(|length| body.get(length..)).filter(|typed| !typed.trim().is_empty());
        match typed {
            Some(typed) => {
                script.push_str(line.get(..indent).unwrap_or(""));
                script.push_str(&" ".repeat(body.len() - typed.len()));
                script.push_str(typed);
            }
            None => script.push_str(line),
        }
    }
    script
}

/// Whether `# ` is a prompt in this fence: all lines that begin so are prompts, or all are comments.
///
/// They are prompts where each of them parses, most begin with a program, a builtin or a path, and no line without
/// one is a command. In a script's fence they are where programs answered.
pub(super) fn root_prompts(code: &Code) -> bool {
    let lines: Vec<&str> = code.text.lines().collect();
    if is_script(code) {
        return are_answered(&lines);
    }
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

/// Whether a fence is tagged as a script, in which `# ` begins a comment first of all.
fn is_script(code: &Code) -> bool {
    matches!(code.language.as_str(), "bash" | "sh" | "zsh" | "ksh")
}

/// Whether what stands behind `# ` in a script's fence was typed: the first line begins so, each of these is a command and
/// no sentence, and all that stands between them is what programs print.
fn are_answered(lines: &[&str]) -> bool {
    let filled: Vec<&str> = lines.iter().copied().filter(|line| !line.trim().is_empty()).collect();
    let typed: Vec<&str> = filled.iter().filter_map(|line| line.strip_prefix("# ")).map(str::trim).collect();
    let others: Vec<&str> = filled.iter().copied().filter(|line| !line.starts_with('#')).collect();
    let command = |text: &&str| {
        let begins = text.starts_with(|c: char| c.is_ascii_lowercase() || "./~".contains(c));
        begins
            && text.contains(' ')
            && !text.ends_with(['.', ':', '：', '?'])
            && !comments::opens_expectation(text)
            && crate::shell::split::words_of(text).is_some()
            && looks(text, true) == Looks::Command
    };
    let printed = |line: &&str| matches!(piece(line, true), Piece::Other("output"));
    let strong = typed.iter().all(|text| begins_known(text) && is_certain(text));
    // What nobody can tell may be printed below what is a command for certain, and nowhere else.
    let unclear = |line: &&str| strong && !begins_known(line.trim()) && !has_marks(line, true);
    filled.first().is_some_and(|line| line.starts_with("# "))
        && !typed.is_empty()
        && typed.iter().all(command)
        && others.iter().any(|line| printed(line) || is_output(line))
        && others.iter().all(|line| printed(line) || unclear(line))
}

/// Whether a known program is given what no sentence holds: an option, a path, a setting, a bar.
fn is_certain(text: &str) -> bool {
    has_marks(text, true)
        || text.split_whitespace().skip(1).any(|word| word.contains(['/', '=', '-', '.', '_']))
}

/// Whether a command of a fence with root's prompts may be a comment: nobody knows its program, and nothing in it is a
/// command's alone.
pub(super) fn may_be_comment(code: &Code, text: &str) -> bool {
    is_script(code) && !begins_known(text) && !is_certain(text)
}

#[cfg(test)]
mod tests {
    use super::super::prompt_signs::console;
    use super::*;

    fn root(text: &str) -> bool {
        root_prompts(&Code { language: "console".into(), text: text.into(), fenced: true, ..Code::default() })
    }

    #[test]
    fn root_typed_in_a_script_where_programs_answered() {
        let script =
            |text: &str| Code { language: "bash".into(), text: text.into(), fenced: true, ..Code::default() };
        for answered in [
            "# shopctl node kick d64b\nstarted removal\n",
            "# kubectl set env ds/net A=1\ndaemonset.apps/net env updated\n# kubectl delete pod -lapp=net\npod \"net-4f\" deleted\n",
            "# docker exec db shopctl status\n1b9a\nName: north\nRole: leader\n\nTimer: 500\n",
        ] {
            assert!(root_prompts(&script(answered)), "{answered}");
        }
        for commented in [
            "# drain web1\nshopctl drain web1\n",
            "# make a backup\n./backup.sh\n",
            "# Expected output:\nNAME READY STATUS\n",
            "# kubectl delete pod -lapp=net\n",
            "shopctl ping\n# docker ps -a\npod \"net-4f\" deleted\n",
            "# expected output\nNAME READY STATUS\n",
            "# git pull the latest.\n[INFO] pulled\n",
        ] {
            assert!(!root_prompts(&script(commented)), "{commented}");
        }
        let code = script("");
        assert!(may_be_comment(&code, "shopctl drain web1") && !may_be_comment(&code, "docker ps"));
    }

    #[test]
    fn prompts_of_places_and_of_consoles() {
        for (line, length) in [
            ("mon-a# cat /etc/key", Some(7)),
            ("bash-5.1$ ls", Some(10)),
            ("root@web:/srv# ls", Some(15)),
            ("user@host:~$ ls", Some(13)),
            ("# a comment", None),
            ("echo a# b", None),
            ("C# is a language", None),
            ("X$ y", None),
            ("web$", None),
        ] {
            assert_eq!(prompt(line, false), length, "{line}");
        }
        for (line, sql) in [
            ("postgres=# SELECT 1;", Some(true)),
            ("shop=> \\dt", Some(true)),
            ("mysql> SELECT 1;", Some(true)),
            ("MariaDB [(none)]> SHOW TABLES;", Some(true)),
            ("irb(main):001:0> User.count", Some(false)),
            (">>> import os", Some(false)),
            ("127.0.0.1:6379> GET a", Some(false)),
            ("iex(1)> Shop.run()", Some(false)),
            ("mysql > out", None),
            ("cat a> b", None),
            ("mysql>", None),
            ("A=> b", None),
        ] {
            assert_eq!(console(line).map(|c| c.sql), sql, "{line}");
        }
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
