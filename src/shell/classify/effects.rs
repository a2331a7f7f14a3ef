//! What a command does to the world: the worst of its parts, each as the table of programs says, with what runs inside.

use super::super::parse::{Parsed, Simple, parse};
use super::classified::Effect;
use super::inside::{carried, nested};
use super::programs::{self, Feed, Given};
use super::wrappers::unwrapped;

/// Deeper wrappings are not looked through.
const DEEPEST: usize = 6;

/// The effect of a parsed command: the worst of its parts.
pub(super) fn effect(parsed: &Parsed) -> Effect {
    if parsed.only_defines {
        // A function may stand in for a program from here on.
        return Effect::Changes;
    }
    let jobs: Vec<String> = parsed
        .simples
        .iter()
        .flat_map(|simple| &simple.assigns)
        .filter(|(_, value)| value.trim_matches('"') == "$!")
        .map(|(name, _)| name.clone())
        .collect();
    let around = Around { feed: &Feed::default(), jobs: &jobs, depth: 0 };
    let all = of_all(&parsed.simples, around).unwrap_or(Effect::Changes);
    // Functions of the same text are defined to be called in it.
    let bodies = of_all(&parsed.bodies, around).filter(|_| !parsed.bodies.is_empty());
    let background = if parsed.background { Effect::Changes } else { Effect::Reads };
    all.max(bodies.unwrap_or(Effect::Reads)).max(background)
}

/// The effect of a text that runs elsewhere. What the grammar does not take changes something.
fn of_text(text: &str) -> Effect {
    parse(text).map_or(Effect::Changes, |parsed| effect(&parsed))
}

/// What is around a command that is looked at.
#[derive(Clone, Copy)]
struct Around<'a> {
    feed: &'a Feed,
    jobs: &'a [String],
    depth: usize,
}

fn of_all(simples: &[Simple], around: Around<'_>) -> Option<Effect> {
    (0..simples.len()).filter_map(|at| of_simple(simples, at, around)).max()
}

fn of_simple(simples: &[Simple], at: usize, around: Around<'_>) -> Option<Effect> {
    let written = simples.get(at)?;
    let simple = &unwrapped(written);
    let feed = &Feed::of(simples, at, around.feed);
    if programs::redirected(simple) {
        return Some(Effect::Destructive);
    }
    let given = Given { simple, feed, jobs: around.jobs, judged: of_text };
    let within = Around { feed, depth: around.depth + 1, ..around };
    let inner = if around.depth < DEEPEST { runs(simple) } else { vec![] };
    let inner: Option<Effect> = inner.iter().filter_map(|parsed| of_all(&parsed.simples, within)).max();
    let found = match inner {
        Some(inner) => inner_effect(&given, inner),
        None => programs::effect(&given),
    };
    Some(if sets_something(written) { found.max(Effect::Changes) } else { found })
}

/// What a command does that runs others inside of it.
fn inner_effect(given: &Given<'_>, inner: Effect) -> Effect {
    let simple = given.simple;
    match simple.program() {
        "find" if inner == Effect::Destructive && programs::finds_only_spared(simple.args()) => {
            Effect::Changes
        }
        "find" => inner.max(programs::effect(given)),
        _ if only_carries(simple) => inner,
        _ if wrapped(simple).is_some() => match programs::effect(given) {
            // What it is wrapped in is not known to do more.
            Effect::Changes => inner,
            own => inner.max(own),
        },
        _ => inner.max(Effect::Changes),
    }
}

/// Whether a program does nothing itself but run a command elsewhere.
fn only_carries(simple: &Simple) -> bool {
    match simple.program() {
        "ssh" | "sh" | "bash" | "zsh" | "dash" | "ash" | "su" | "runuser" | "eval" | "watch" => true,
        "docker" | "podman" | "nerdctl" | "docker-compose" | "podman-compose" | "kubectl" | "oc" => {
            simple.has("exec") || simple.has("rsh")
        }
        _ => false,
    }
}

/// What a command runs inside of it: a script, a command elsewhere, the program that a launcher starts.
fn runs(simple: &Simple) -> Vec<Parsed> {
    if simple.program() == "watch" {
        return watched(simple).into_iter().collect();
    }
    if let Some(words) = programs::launched(&simple.words) {
        let inner = Simple { words, ..simple.clone() };
        return vec![Parsed { simples: vec![inner], ..Parsed::default() }];
    }
    if let Some(words) = wrapped(simple) {
        let inner = Simple { words, ..simple.clone() };
        return vec![Parsed { simples: vec![inner], ..Parsed::default() }];
    }
    let mut found = nested(simple);
    let image = carried(&simple.words)
        .filter(|words| !words.is_empty() && simple.has("run"))
        .and_then(|words| programs::by_image(&simple.words, words));
    found.extend(image.map(|words| {
        let inner = Simple { words, ..simple.clone() };
        Parsed { simples: vec![inner], ..Parsed::default() }
    }));
    found
}

/// The words of a known program that stands in those of one that nobody knows.
fn wrapped(simple: &Simple) -> Option<Vec<String>> {
    let runs = programs::launched(&simple.words).is_some() || carried(&simple.words).is_some();
    if runs || simple.program() == "watch" || !nested(simple).is_empty() {
        return None;
    }
    programs::wrapped(simple)
}

fn watched(simple: &Simple) -> Option<Parsed> {
    let valued = |arg: &str| ["-n", "--interval"].contains(&arg);
    let mut at = 1;
    while let Some(arg) = simple.words.get(at).filter(|word| word.starts_with('-')) {
        at += if valued(arg) { 2 } else { 1 };
    }
    parse(&simple.words.get(at..)?.join(" "))
}

/// Whether it writes a file, or sets what is different each time or what decides which programs run.
fn sets_something(simple: &Simple) -> bool {
    let redefines = |name: &str| {
        ["PATH", "IFS", "BASH_ENV", "ENV", "PROMPT_COMMAND"].contains(&name) || name.starts_with("LD_")
    };
    !simple.writes.is_empty() || simple.assigns.iter().any(|(name, value)| varies(value) || redefines(name))
}

/// Whether a value differs each time it is made.
fn varies(value: &str) -> bool {
    ["$(", "`", "$RANDOM", "${RANDOM", "$SRANDOM", "$EPOCH", "$SECONDS"].iter().any(|w| value.contains(w))
}
