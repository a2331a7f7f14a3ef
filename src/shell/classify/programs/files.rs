//! What the tools for files, disks and archives lose, by where they work.

use super::super::super::parse::Simple;
use super::super::classified::Effect;
use super::super::options::Options;
use super::form::Said;
use super::given::Given;
use super::paths;

fn destroys_if(lost: bool) -> Effect {
    if lost { Effect::Destructive } else { Effect::Changes }
}

/// What a redirection loses: a file that is emptied by it alone, or data in use that it writes over.
pub(in crate::shell::classify) fn redirected(simple: &Simple) -> bool {
    simple.overwrites.iter().any(|path| {
        let device = path.starts_with("/dev/");
        if device {
            let lasting = ["sd", "nvme", "vd", "xvd", "hd", "mmcblk", "mapper/", "disk/", "md"];
            return path
                .strip_prefix("/dev/")
                .is_some_and(|name| lasting.iter().any(|disk| name.starts_with(disk)));
        }
        let settings = path == ".env" || path.ends_with("/.env");
        let emptied = writes_nothing(simple) && (path.starts_with('/') || path.starts_with('~') || settings);
        let ended = path == "/proc/sysrq-trigger";
        ended
            || paths::is_data_file(path)
            || (emptied && !spared(path) && !path.starts_with("/proc/") && !path.starts_with("/sys/"))
    })
}

/// Whether what is at a path is no loss.
fn spared(path: &str) -> bool {
    paths::is_made_again(path)
}

/// `> file`, `: > file`, `echo -n > file`, `cat /dev/null > file`.
fn writes_nothing(simple: &Simple) -> bool {
    let args = simple.args();
    match simple.program() {
        "" | ":" | "true" => true,
        "echo" | "printf" => args.iter().all(|a| a.is_empty() || a == "-n"),
        "cat" | "cp" => args.first().is_some_and(|a| a == "/dev/null"),
        _ => false,
    }
}

/// `tee`: what it writes over.
pub(super) fn tee(given: &Given<'_>) -> Effect {
    let appends = given.simple.has_short('a') || given.simple.has("--append");
    let lost = given.simple.args().iter().any(|a| !a.starts_with('-') && paths::is_data_file(a));
    destroys_if(lost && !appends)
}

/// `rm`: whole folders, what a pattern takes, and data in use; not what is made again.
pub(super) fn rm(given: &Given<'_>) -> Effect {
    let simple = given.simple;
    let options = simple.args();
    let paths: Vec<&String> = options.iter().filter(|a| !a.starts_with('-') || a.len() == 1).collect();
    let many = simple.has_short('r') || simple.has_short('R') || simple.has("--recursive");
    let lost = |path: &&&String| {
        let patterned = path.contains('*');
        (many || patterned || paths::is_data_file(path)) && !spared(path)
    };
    // Without a path they are those that another program tells it.
    let told = paths.is_empty() || paths.iter().all(|p| *p == "{}" || *p == "%");
    if told {
        return destroys_if(!given.feed.files.iter().any(|file| spared(file)));
    }
    destroys_if(paths.iter().filter(lost).count() > 0)
}

/// `unlink`, `shred`: data in use, and what is overwritten before.
pub(super) fn shred(given: &Given<'_>) -> Effect {
    let args = given.simple.args();
    destroys_if(!args.iter().filter(|a| !a.starts_with('-')).all(|a| spared(a)))
}

/// `truncate`: what is cut off.
pub(super) fn truncate(given: &Given<'_>) -> Effect {
    let options = Options::read(given.simple.args(), "sro", &["size", "reference"]);
    // Another size than nothing is mostly that of a file to be made.
    let cuts = options
        .value(&["s", "size"])
        .is_none_or(|size| size.starts_with(['-', '<', '/', '%']) || size == "0");
    let lost = |path: &String| !spared(path) && (cuts || paths::is_data_file(path));
    destroys_if(options.rest.iter().any(lost))
}

/// `dd`: what its output is written over.
pub(super) fn dd(given: &Given<'_>) -> Effect {
    let mut written = given.simple.args().iter().filter_map(|a| a.strip_prefix("of="));
    let device =
        |path: &str| path.starts_with("/dev/") && !["/dev/null", "/dev/stdout", "/dev/zero"].contains(&path);
    destroys_if(written.any(|path| !spared(path) && (device(path) || paths::is_data_file(path))))
}

/// The words of a copying program that are paths, without its options' values; the last is where to.
fn from_and_to(args: &[String], letters: &str, names: &[&str]) -> Option<(Vec<String>, String)> {
    let (mut found, mut rest) = (Vec::new(), args);
    let mut target = None;
    while !rest.is_empty() {
        let options = Options::read(rest, letters, names);
        target = target.or_else(|| options.value(&["t", "target-directory"]).map(str::to_owned));
        let end =
            options.rest.iter().position(|w| w.starts_with('-') && w.len() > 1).unwrap_or(options.rest.len());
        let stuck = options.rest.len() == rest.len() && end == 0;
        found.extend(options.rest.iter().take(end.max(usize::from(stuck))).cloned());
        rest = options.rest.get(end.max(usize::from(stuck))..).unwrap_or_default();
    }
    let to = target.or_else(|| if found.len() > 1 { found.pop() } else { None })?;
    Some((found, to))
}

/// Whether a copy writes a backup, or a file of data, over what is in use.
fn puts_back(from: &[String], to: &str) -> bool {
    let elsewhere = to.contains("://") || paths::local(to) != to;
    let to = paths::local(to);
    if spared(to) {
        return false;
    }
    let from: Vec<&str> = from.iter().map(|path| paths::local(path)).collect();
    let backup = from.iter().any(|path| paths::is_backup(path));
    let file_of_data =
        |path: &str| paths::is_data(path) && path.rsplit('/').next().is_some_and(|n| n.contains('.'));
    if paths::is_data(to) {
        return backup || (file_of_data(to) && !to.ends_with('/'));
    }
    // What is sent elsewhere is mostly sent to be kept there.
    if elsewhere {
        return false;
    }
    // One that stays packed takes the place of nothing.
    let packed = from.iter().all(|path| paths::is_packed(path));
    backup && !packed && !paths::is_backup(to) && !matches!(to, "." | "./" | "~" | "~/")
}

/// `cp`, `scp`, `docker cp`, `kubectl cp`: a backup put back, data in use written over.
pub(super) fn copy(given: &Given<'_>) -> Effect {
    let simple = given.simple;
    let args = simple.args();
    let own = args.iter().position(|a| a == "cp").filter(|_| simple.program() != "cp");
    let args = own.map_or(args, |at| args.get(at + 1..).unwrap_or_default());
    let (letters, names) = match simple.program() {
        "scp" => ("cDFiJloPSX", &[][..]),
        "kubectl" | "oc" => ("cn", &["container", "namespace", "context"][..]),
        _ => ("tS", &["target-directory", "suffix"][..]),
    };
    let lost = from_and_to(args, letters, names).is_some_and(|(from, to)| puts_back(&from, &to));
    destroys_if(lost)
}

/// `aws s3 cp`, `gsutil cp`: the same of what is fetched from a bucket.
pub(super) fn fetched(args: &[String]) -> bool {
    let Some(at) = args.iter().position(|a| matches!(a.as_str(), "cp" | "sync" | "mv")) else { return false };
    let rest = args.get(at + 1..).unwrap_or_default();
    from_and_to(rest, "", &["profile", "region", "exclude", "include"])
        .is_some_and(|(from, to)| puts_back(&from, &to))
}

/// `mv`: data in use moved away, a backup put back.
pub(super) fn mv(given: &Given<'_>) -> Effect {
    let Some((from, to)) = from_and_to(given.simple.args(), "tS", &["target-directory", "suffix"]) else {
        return Effect::Changes;
    };
    destroys_if(from.iter().any(|path| paths::is_data(path)) || puts_back(&from, &to))
}

/// `rsync`: what it deletes where it copies to, and a backup put back.
pub(super) fn rsync(given: &Given<'_>) -> Effect {
    let simple = given.simple;
    if simple.has_short('n') || simple.has("--dry-run") {
        return Effect::Reads;
    }
    let deletes = simple.args().iter().any(|a| a.starts_with("--del") || a == "--remove-source-files");
    let names = [
        "exclude",
        "include",
        "rsh",
        "exclude-from",
        "include-from",
        "files-from",
        "bwlimit",
        "timeout",
        "chown",
    ];
    match from_and_to(simple.args(), "eBfTM", &names) {
        Some((_, to)) if deletes => destroys_if(!paths::is_temporary(paths::local(&to))),
        Some((from, to)) => destroys_if(puts_back(&from, &to)),
        None => destroys_if(deletes),
    }
}

/// `tar`: a backup, or anything over the system's root or data in use, is taken apart there.
pub(super) fn tar(given: &Given<'_>) -> Effect {
    let simple = given.simple;
    let args = simple.args();
    let mode = args.first().map_or("", String::as_str);
    let old_style = !mode.starts_with('-') && mode.chars().all(|c| c.is_ascii_alphabetic());
    let letter = |c: char| (old_style && mode.contains(c)) || simple.has_short(c);
    if simple.has("--remove-files") || simple.has("--delete") {
        return Effect::Destructive;
    }
    if (letter('t') || simple.has("--list")) && !letter('x') && !letter('c') {
        return Effect::Reads;
    }
    if !(letter('x') || args.iter().any(|a| a == "--extract" || a == "--get")) || letter('c') || letter('O') {
        return Effect::Changes;
    }
    let folder = args.iter().enumerate().find_map(|(at, arg)| match arg.as_str() {
        "-C" | "--directory" => args.get(at + 1).map(String::as_str),
        _ => arg
            .strip_prefix("--directory=")
            .or_else(|| arg.strip_prefix("-C").filter(|rest| !rest.is_empty())),
    });
    let archive =
        args.iter().any(|a| !a.starts_with('-') && folder != Some(a.as_str()) && paths::is_backup(a))
            || given.feed.files.iter().any(|file| paths::is_backup(file));
    taken_apart(archive, folder)
}

/// `unzip`, `7z x`, `cpio -i`: the same.
pub(super) fn unzip(given: &Given<'_>) -> Effect {
    let simple = given.simple;
    let said = Said::read(simple.args(), "-d -x");
    if ["-l", "-t", "-v", "-Z", "-z"].iter().any(|flag| simple.has(flag)) || said.may_fit("l|t") {
        return Effect::Reads;
    }
    let args = simple.args();
    let folder = args.iter().position(|a| a == "-d").and_then(|at| args.get(at + 1));
    let folder = folder
        .map(String::as_str)
        .or_else(|| args.iter().find_map(|a| a.strip_prefix("-o").filter(|f| f.contains('/'))));
    taken_apart(said.words().iter().any(|w| paths::is_backup(w)), folder)
}

fn taken_apart(backup: bool, folder: Option<&str>) -> Effect {
    let Some(folder) = folder else { return destroys_if(backup) };
    if spared(folder) {
        return Effect::Changes;
    }
    destroys_if(backup && !paths::is_backup(folder) || paths::is_root(folder) || paths::is_data(folder))
}

/// `find`: what it deletes itself.
pub(super) fn find(given: &Given<'_>) -> Effect {
    let args = given.simple.args();
    let acts = |names: &[&str]| args.iter().any(|a| names.iter().any(|name| a.starts_with(name)));
    if acts(&["-delete"]) {
        return destroys_if(!finds_only_spared(args));
    }
    // What it runs is looked at by itself.
    if acts(&["-fprint", "-fls"]) { Effect::Changes } else { Effect::Reads }
}

/// Whether all that `find` can come to is made again: by where it looks, or by the names it looks for.
pub(in crate::shell::classify) fn finds_only_spared(args: &[String]) -> bool {
    let places: Vec<&String> = args
        .iter()
        .skip_while(|a| matches!(a.as_str(), "-L" | "-H" | "-P"))
        .take_while(|a| !a.starts_with(['-', '(', '!', '\\']))
        .collect();
    let names = args.windows(2).filter(|w| matches!(w, [flag, _] if flag == "-name" || flag == "-iname"));
    let mut names = names.filter_map(|w| w.get(1)).peekable();
    let temporary =
        |place: &&String| spared(place) || matches!(place.trim_end_matches('/'), "/tmp" | "/var/tmp");
    (!places.is_empty() && places.iter().all(temporary))
        || (names.peek().is_some() && names.all(|name| spared(name)))
}

/// `restic`, `borg` and other tools for backups: what they write over, and backups that they remove.
pub(super) fn backups(given: &Given<'_>) -> Effect {
    let args = given.simple.args();
    let said = Said::read(args, "-r --repo --tag --host --target -t --stanza --path --config");
    let at = args.iter().position(|a| a == "--target" || a == "-t" || a == "--to" || a == "--location");
    let folder = at.and_then(|at| args.get(at + 1)).map(String::as_str);
    let folder = folder.or_else(|| args.iter().find_map(|a| a.strip_prefix("--target=")));
    if folder.is_some_and(spared) {
        return Effect::Changes;
    }
    destroys_if(said.may_fit(
        "forget, prune, delete*, .. restore*, .. recover*, extract, expire, stanza-delete, backup-fetch, .. remove*, .. delete*, \
         .. backup-fetch, .. purge, key remove",
    ))
}
