//! What a heading says of its step: that it is one of a sequence, optional, one of several ways, how long it takes.

use std::collections::BTreeMap;

use super::super::comments;
use super::super::doubt::Doubt;
use super::super::markdown::{Element, ElementKind};
use super::super::model::{Command, CommandId, Step, StepId, Way};
use super::super::stages::alone;
use super::super::vocabulary;
use super::super::words::{duration_s, estimate_s, is_afterwards, numbered, timed};
use super::{opposites, platforms};

/// A heading that is one of a sequence.
pub(super) fn sequenced(title: &str) -> bool {
    numbered(title).is_some() || timed(title)
}

pub(super) fn title_is_optional(title: &str) -> bool {
    comments::is_optional(title) || title.contains(['(', '（']) && comments::condition(title).is_some()
}

/// The condition in a heading's brackets, or behind its dash: "Rollback (if anything looks wrong)".
pub(super) fn title_condition(title: &str) -> Option<&str> {
    let bracket =
        title.split_once(['(', '（']).map(|(_, rest)| rest.split([')', '）']).next().unwrap_or(rest));
    let dashed = || {
        [" - ", " – ", " — ", ": ", ", "].iter().find_map(|dash| title.split_once(dash)).map(|(_, rest)| rest)
    };
    let says = |words: &&str| comments::condition(words).is_some();
    bracket.filter(says).or_else(|| dashed().filter(says))
}

/// Whether a condition is that something went wrong, which is what going back is for.
pub(super) fn says_wrong(condition: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const WRONG: &[&str] = &[
        "wrong", "fails", "fail", "failed", "failure", "fails badly", "broken", "breaks", "problem", "problems", "issue", "issues", "error", "errors", "bad", "unhealthy", "trouble",
        "échec", "échoue", "problème", "erreur", "falla", "fallo", "error", "problema", "falha", "erro", "fehlschlägt", "schiefgeht", "schief", "fehler", "probleme",
        "errore", "fallisce", "błąd", "problemy", "ошибка", "ошибки", "проблемы", "сбой", "hata", "sorun", "lỗi", "sự cố", "失败", "失敗", "异常", "異常", "出错", "问题", "問題", "실패", "문제", "오류",
    ];
    vocabulary::has(condition, WRONG)
}

/// What a heading says holds for all commands under it: that they are optional, or run only if something holds.
pub(super) fn title_says(step: &mut Step, title: &str) {
    let condition = match comments::condition(title) {
        Some(condition) => condition,
        None if comments::is_optional(title) => String::new(),
        None => return,
    };
    each_command(step, &mut |command| {
        if condition.is_empty() {
            command.optional = true;
        } else if !command.alternative {
            add_condition(command, &condition);
        }
    });
}

/// Adds what is said around a command to the condition that it has of its own: both have to hold.
pub(super) fn add_condition(command: &mut Command, around: &str) {
    command.condition = Some(match command.condition.take() {
        Some(own) if own.contains(around) || around.contains(&own) => own,
        Some(own) => format!("{around}\n{own}"),
        None => around.to_owned(),
    });
}

pub(super) fn each_command(step: &mut Step, change: &mut dyn FnMut(&mut Command)) {
    step.blocks.iter_mut().flat_map(|b| &mut b.commands).for_each(&mut *change);
    step.substeps.iter_mut().for_each(|s| each_command(s, change));
}

/// A section that may be no step, or a procedure of its own: it is asked before its first command, once for all of them.
pub(super) fn doubted(steps: &mut [Step], asked: Doubt) {
    let mut lead = None;
    for step in steps {
        each_command(step, &mut |command| ask(&mut lead, command, asked));
    }
}

/// Asks about a command, with the first of those that are asked about together.
pub(super) fn ask(lead: &mut Option<CommandId>, command: &mut Command, asked: Doubt) {
    if command.commented || command.doubt.is_some() {
        return;
    }
    match &lead {
        None => *lead = Some(command.id.clone()),
        // What has a condition of its own is asked by it, and left out with the others.
        Some(lead) => command.asked_with = Some(lead.clone()),
    }
    if command.condition.is_none() || lead.as_ref() == Some(&command.id) {
        command.doubt = Some(asked);
    }
}

/// Siblings that are several ways to do one thing: one of them is gone. The rows of a table of checks, which begin at
/// these lines, all are. What is counted, with headings on the lines in `counted`, is done one after another.
pub(super) fn ways(siblings: &mut [Step], group: &StepId, rows: &[usize], counted: &[usize]) {
    // The rows of a table of environments are one for each.
    let done = |step: &Step| rows.contains(&step.line) && alone(&step.title).is_none();
    let title = |step: &Step| if done(step) { String::new() } else { step.title.clone() };
    let titles: Vec<String> = siblings.iter().map(title).collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let is_counted = |step: &Step| counted.contains(&step.line);
    let uncounted: Vec<&str> = titles
        .iter()
        .zip(siblings.iter())
        .map(|(title, step)| if is_counted(step) { "" } else { *title })
        .collect();
    let Some((named, runs)) = named_ways(&titles, &uncounted) else {
        let may_be = platforms::counted_targets(&titles).into_iter().zip(platforms::kinds(&titles));
        let may_be = may_be.map(|(target, kind)| target || kind).zip(opposites::audiences(&titles));
        for (step, _) in siblings.iter_mut().zip(may_be).filter(|(_, (may_be, who))| *may_be || *who) {
            doubted(std::slice::from_mut(step), Doubt::Procedure);
        }
        return;
    };
    // "With a proxy" further down is asked for anew.
    let mut run = None;
    for (step, name) in siblings.iter_mut().zip(named) {
        let Some(name) = name else {
            run = None;
            continue;
        };
        let line = *run.get_or_insert(step.line);
        let of = if runs { format!("{group}@{line}") } else { group.0.clone() };
        let mut inners: BTreeMap<String, String> = BTreeMap::new();
        each_command(step, &mut |command| {
            // Of options in an option the first is what that one does; the others are offered in it.
            if let Some(inner) = &command.way {
                let first = inners.entry(inner.group.clone()).or_insert_with(|| inner.name.clone());
                command.alternative |= *first != inner.name;
            }
            command.way = Some(Way { group: of.clone(), name: name.clone() });
        });
    }
}

/// Which titles are ways of one thing.
pub(super) fn are_ways(titles: &[&str]) -> Vec<bool> {
    match named_ways(titles, titles) {
        Some((named, _)) => named.iter().map(Option::is_some).collect(),
        None => vec![false; titles.len()],
    }
}

/// The names of titles that are ways of one thing, by the first that tells two of them apart; and whether each run of
/// them is a choice of its own.
fn named_ways(titles: &[&str], uncounted: &[&str]) -> Option<(Vec<Option<String>>, bool)> {
    let several = |named: Vec<Option<String>>, runs: bool| {
        (named.iter().flatten().count() > 1).then_some((named, runs))
    };
    // What a sentence recommends is no choice.
    let short = |title: &&str| title.split_whitespace().count() <= 10;
    let short: Vec<&str> = uncounted.iter().map(|title| if short(title) { *title } else { "" }).collect();
    several(titles.iter().map(|title| vocabulary::way(title)).collect(), false)
        .or_else(|| several(platforms::parallel(&short), false))
        .or_else(|| several(opposites::opposites(titles, uncounted), true))
        .or_else(|| several(opposites::by_hand_or_not(uncounted), true))
        .or_else(|| several(opposites::routes(uncounted), true))
        .or_else(|| several(opposites::joined_by_or(titles), true))
}

/// How long a heading or the words under it say that it takes.
pub(super) fn estimate(title: &str, elements: &[&Element]) -> Option<u64> {
    if is_afterwards(title) {
        return None;
    }
    if let Some(seconds) = estimate_s(title) {
        return Some(seconds);
    }
    elements.iter().find_map(|e| match &e.kind {
        ElementKind::Paragraph { text, .. } | ElementKind::Item { text, .. } => text.lines().find_map(|l| {
            let lower = l.to_lowercase();
            if let Some((_, rest)) =
                lower.split_once("typically takes ").or_else(|| lower.split_once("completes in "))
            {
                return duration_s(rest);
            }
            let (name, value) = lower.split_once(':')?;
            [
                "duration",
                "estimated time",
                "time",
                "estimate",
                "estimated duration",
                "durée",
                "duración",
                "duração",
                "dauer",
                "耗时",
                "预计时间",
            ]
            .contains(&name.trim())
            .then(|| estimate_s(value).or_else(|| duration_s(value)))
            .flatten()
        }),
        _ => None,
    })
}
