//! Which files know each other in a circle: each reaches the others through what it uses.
//!
//! A file's neighbours are the files that define what its `use` lines and paths name; a re-export counts for the
//! file that it leads to. Parent and child may know each other; everything else in a circle can't be understood, or
//! moved, alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

/// A file as the modules that lead to it: `["run", "health", "board"]`.
pub(crate) type File = Vec<String>;

/// Every file of `src/` with the files that it knows.
pub(crate) struct Knows {
    texts: BTreeMap<File, String>,
    /// By file and name: where a name that it gives out comes from.
    given_out: BTreeMap<File, BTreeMap<String, File>>,
}

impl Knows {
    /// What these files, by their paths below `src/`, know of each other. Tests may know what they like.
    pub(crate) fn of<'s>(files: impl Iterator<Item = (&'s Path, &'s str)>) -> Self {
        let comment = Regex::new(r"//[^\n]*").unwrap();
        let mut texts = BTreeMap::new();
        for (path, text) in files {
            let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or("");
            let file: File =
                path.with_extension("").iter().map(|c| c.to_string_lossy().into_owned()).collect();
            if file.iter().all(|part| part != "tests") {
                texts.insert(file, comment.replace_all(text, "").into_owned());
            }
        }
        let mut knows = Self { texts, given_out: BTreeMap::new() };
        let public = Regex::new(r"(?m)^pub(?:\([^)]*\))? use ([^;]+);").unwrap();
        let mut given_out = BTreeMap::<File, BTreeMap<String, File>>::new();
        for (file, text) in &knows.texts {
            for found in public.captures_iter(text) {
                for path in spread(&found[1]) {
                    if let Some((target, name)) = knows.resolve(file, &path)
                        && target != *file
                    {
                        given_out.entry(file.clone()).or_default().insert(name, target);
                    }
                }
            }
        }
        knows.given_out = given_out;
        knows
    }

    fn resolve(&self, from: &File, path: &[String]) -> Option<(File, String)> {
        let mut at = from.clone();
        let mut rest = path;
        match path.first()?.as_str() {
            "crate" => (at, rest) = (vec![], &path[1..]),
            "self" => rest = &path[1..],
            "super" => {
                while rest.first().is_some_and(|s| s == "super") {
                    at.pop();
                    rest = &rest[1..];
                }
            }
            first => {
                let child = [from.as_slice(), &[first.to_owned()]].concat();
                if !self.texts.contains_key(&child) {
                    return None;
                }
            }
        }
        while let Some(next) = rest.first() {
            let deeper = [at.as_slice(), std::slice::from_ref(next)].concat();
            if !self.texts.contains_key(&deeper) {
                break;
            }
            (at, rest) = (deeper, &rest[1..]);
        }
        let name = rest.first().cloned().unwrap_or_default();
        self.texts.contains_key(&at).then_some((at, name))
    }

    /// The file that a name given out by another comes from.
    fn origin(&self, file: File, name: &str) -> File {
        let mut at = file;
        let mut seen = BTreeSet::new();
        while let Some(next) = self.given_out.get(&at).and_then(|g| g.get(name)) {
            if !seen.insert(at.clone()) {
                break;
            }
            at.clone_from(next);
        }
        let defines = || {
            ["struct", "enum", "fn", "const", "type", "trait", "mod"]
                .iter()
                .any(|kind| has_word(&self.texts[&at], &format!("{kind} {name}")))
        };
        match self.given_out.get(&at).and_then(|g| g.get("*")) {
            Some(all) if !name.is_empty() && name != "*" && !defines() => all.clone(),
            _ => at,
        }
    }

    /// Every file with those that it knows and the names by which it does.
    pub(crate) fn edges(&self) -> BTreeMap<File, BTreeMap<File, BTreeSet<String>>> {
        let used = Regex::new(r"(?m)^\s*(?:pub(?:\([^)]*\))? )?use ([^;]+);").unwrap();
        let inline = Regex::new(r"\bcrate(?:::\w+)+|(?:super::)+\w+(?:::\w+)*").unwrap();
        let mut edges = BTreeMap::new();
        for (file, text) in &self.texts {
            let mut paths: Vec<Vec<String>> =
                used.captures_iter(text).flat_map(|found| spread(&found[1])).collect();
            let before = |at: usize| text[..at].chars().next_back();
            let whole = |m: &regex::Match<'_>| {
                !before(m.start()).is_some_and(|c| c == ':' || c == '_' || c.is_alphanumeric())
            };
            let found = inline.find_iter(text).filter(whole);
            paths.extend(found.map(|m| m.as_str().split("::").map(str::to_owned).collect()));
            let known: &mut BTreeMap<File, BTreeSet<String>> = edges.entry(file.clone()).or_default();
            for path in paths {
                let Some((target, name)) = self.resolve(file, &path) else { continue };
                let target = self.origin(target, &name);
                let only_the_room = name.is_empty() && file.starts_with(&target);
                if target != *file && !only_the_room {
                    known.entry(target).or_default().insert(name);
                }
            }
        }
        edges
    }
}

/// Whether a text has these words, and not only as a part of others.
fn has_word(text: &str, words: &str) -> bool {
    let part = |c: char| c == '_' || c.is_alphanumeric();
    text.match_indices(words).any(|(at, _)| {
        !text[..at].chars().next_back().is_some_and(part)
            && !text[at + words.len()..].chars().next().is_some_and(part)
    })
}

/// `a::{b, c::d as e}` as its paths.
fn spread(tree: &str) -> Vec<Vec<String>> {
    static RENAMED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\bas\s+\w+").unwrap());
    let plain: String = RENAMED.replace_all(tree, "").split_whitespace().collect();
    let mut found = vec![];
    spread_into(&[], &plain, &mut found);
    found
}

fn spread_into(before: &[String], tree: &str, found: &mut Vec<Vec<String>>) {
    let (mut depth, mut start) = (0_usize, 0_usize);
    let mut parts = vec![];
    for (at, c) in tree.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(&tree[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&tree[start..]);
    for part in parts.into_iter().filter(|p| !p.is_empty()) {
        let names = |text: &str| {
            let names = text.split("::").filter(|s| !s.is_empty()).map(str::to_owned);
            before.iter().cloned().chain(names).collect::<Vec<_>>()
        };
        match part.split_once('{') {
            Some((prefix, inner)) => spread_into(&names(prefix), &inner[..inner.len() - 1], found),
            None => found.push(names(part)),
        }
    }
}

/// The circles, the biggest first: every file in one reaches every other.
pub(crate) fn circles(edges: &BTreeMap<File, BTreeMap<File, BTreeSet<String>>>) -> Vec<Vec<File>> {
    let reach: BTreeMap<&File, BTreeSet<&File>> = edges.keys().map(|f| (f, reached(edges, f))).collect();
    let mut seen = BTreeSet::new();
    let mut found = vec![];
    for file in edges.keys() {
        if seen.contains(file) || !reach[file].contains(file) {
            continue;
        }
        let circle: Vec<File> =
            reach[file].iter().filter(|other| reach[*other].contains(file)).map(|f| (*f).clone()).collect();
        seen.extend(circle.iter().cloned());
        found.push(circle);
    }
    found.sort_by_key(|circle| std::cmp::Reverse(circle.len()));
    found
}

fn reached<'e>(
    edges: &'e BTreeMap<File, BTreeMap<File, BTreeSet<String>>>,
    from: &File,
) -> BTreeSet<&'e File> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<&File> = edges.get(from).into_iter().flat_map(BTreeMap::keys).collect();
    while let Some(file) = open.pop() {
        if seen.insert(file) {
            open.extend(edges.get(file).into_iter().flat_map(BTreeMap::keys));
        }
    }
    seen
}

/// Whether a circle is a room and what is directly in it.
pub(crate) fn is_a_room(circle: &[File]) -> bool {
    circle
        .iter()
        .min_by_key(|f| f.len())
        .is_some_and(|parent| circle.iter().all(|f| f.starts_with(parent) && f.len() <= parent.len() + 1))
}

/// A file's path in words: `run/health/board`.
pub(crate) fn name(file: &File) -> String {
    file.join("/")
}
