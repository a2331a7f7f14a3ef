//! Whether the sections that were chosen are one procedure, in their order, or a manual with one procedure each.
//!
//! A runbook for one deployment and a manual of operations have the same shape: headings with commands under them. What
//! numbers and words don't tell is asked, once for all of them.

use super::super::doubt::Doubt;
use super::super::model::Role;
use super::super::vocabulary::{self, DEPLOYS, FIRST, NEWER, OTHER_WAY, PARTS, Terms, begins, has};
use super::super::words::{numbered, step_word, timed};
use super::section::Section;

/// All of it by one command, a script or a service.
#[rustfmt::skip] // words, many to a line
static BY_ITSELF: Terms = Terms::of(&[
    "automatic", "automated", "automatically", "one command", "single command", "one click", "quick install", "quick deploy", "quick start", "script", "simplified", "automatisch", "ein befehl", "automatique", "une commande", "en une commande",
    "automatico", "automatica", "automatizada", "un comando", "um comando", "comando rapido", "simplificada", "automatyczn*", "jedna komenda", "jednym poleceniem", "автоматич*", "одна команда", "одной командой", "скрипт*",
    "otomatik", "tek komut", "hizli", "tu dong", "mot lenh", "otomatis", "satu perintah", "一键", "一鍵", "快速", "自动", "脚本", "自動", "スクリプト", "자동", "한번에", "원클릭",
]);
/// The same piece by piece.
#[rustfmt::skip] // words, many to a line
static BY_HAND: Terms = Terms::of(&[
    "manual", "manually", "by hand", "step by step", "detailed", "full", "advanced", "manuell", "schritt fur schritt", "manuelle", "manuellement", "pas a pas", "etape par etape", "paso a paso", "avanzada", "passo a passo", "manuale", "reczn*",
    "krok po kroku", "вручную", "ручн*", "по шагам", "пошагов*", "manuel", "adim adim", "thu cong", "tung buoc", "langkah demi langkah", "手动", "手工", "分步", "完整", "详细", "詳細", "手動", "수동", "단계별",
]);

/// All of it in short, to try it.
#[rustfmt::skip] // words, many to a line
static QUICK: Terms = Terms::of(&[
    "quick start", "quickstart", "schnellstart", "demarrage rapide", "inicio rapido", "avvio rapido", "szybki start", "быстрый старт", "швидкий старт", "hizli baslangic", "bat dau nhanh", "mulai cepat",
    "快速开始", "快速启动", "快速入门", "クイックスタート", "빠른 시작",
]);

/// How the steps of a document were found, where several sections of it are some.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Sections are called steps.
    Named,
    /// Their headings are numbered or timed.
    Numbered,
    /// They hold commands, and nothing says what else they are for.
    Held,
}

/// Asks whether the steps are one procedure, where nothing says so.
pub(super) fn doubt(root: &mut Section<'_>, found: Found) {
    each_mut(root, &mut |section| {
        // One environment's procedure beside another's: the environment is chosen.
        section.doubt = section.doubt.filter(|doubt| section.stage.is_none() || *doubt != Doubt::Procedure);
    });
    let mut tops = Vec::new();
    each_step(root, &mut |section| tops.push(Top::of(section)));
    let open = || tops.iter().filter(|top| !top.settled);
    let free = open().filter(|top| !top.counted).count();
    let wholes = open().filter(|top| !top.counted && top.whole).count();
    let called = open().filter(|top| !top.counted && top.named && !top.around).count();
    let ways = open().any(|top| top.by_itself) && open().any(|top| top.by_hand);
    // What is tried in a few lines is not done once more by the book.
    let quick = open().any(|top| top.quick) && open().any(|top| top.whole && !top.quick);
    match found {
        Found::Held if tops.len() == 1 && free == 1 => doubt_left_over(root, &tops),
        Found::Held if !is_one(&tops) => mark(root, &|_| true),
        _ if ways => mark(root, &|_| true),
        Found::Numbered if chapters(root) && !is_one(&tops) => mark(root, &|top| !top.step),
        Found::Numbered if wholes >= 2 => mark(root, &|top| !top.step),
        Found::Named if called >= 2 => mark(root, &|top| top.named && !top.counted),
        _ if quick => mark(root, &|top| top.quick || top.whole),
        _ => {}
    }
    let upgrades = root.children.iter().any(|c| c.level == 1 && NEWER.stand_in(&c.title));
    if found != Found::Held && tops.iter().any(|top| !top.newer) && !upgrades {
        doubt_newer(root, tops.len());
    }
    if found != Found::Held {
        doubt_backup(root, tops.len());
    }
    doubt_other_ways(root);
}

/// "Alternative: a timer" behind a chapter with the steps for a cron job: nobody does both.
fn doubt_other_ways(parent: &mut Section<'_>) {
    let is_step = |s: &Section<'_>| s.role == Role::Steps;
    let mut behind = false;
    for child in &mut parent.children {
        let bare = numbered(&child.title).map_or_else(|| child.title.clone(), |(_, title)| title);
        let steps = child.any(&is_step);
        let chapter = matches!(child.role, Role::Steps | Role::Other) && child.level > 1 && !child.settled;
        if behind && steps && chapter && begins(&bare, OTHER_WAY) {
            child.role = Role::Steps;
            "another way by its heading".clone_into(&mut child.by);
            child.doubt = child.doubt.or(Some(Doubt::Procedure));
        } else {
            doubt_other_ways(child);
        }
        behind |= steps;
    }
}

/// What a heading says of the section under it.
#[derive(Clone, Copy)]
struct Top {
    /// It is counted: "Step 2", "3.".
    counted: bool,
    /// It is counted as a step.
    step: bool,
    /// It is called steps.
    named: bool,
    /// It goes with a deployment: a backup, a verification.
    around: bool,
    /// It belongs to a deployment by its name.
    surely: bool,
    /// It does, or is of what makes one.
    known: bool,
    /// It is a deployment by itself.
    whole: bool,
    first: bool,
    newer: bool,
    /// All of it in short.
    quick: bool,
    /// All is done by one command or a script.
    by_itself: bool,
    /// The same is done piece by piece.
    by_hand: bool,
    /// Somebody said what it is, or the environment says when it runs.
    settled: bool,
}

impl Top {
    fn of(section: &Section<'_>) -> Self {
        let title = section.title.as_str();
        let counted = numbered(title).is_some() || timed(title);
        let around = vocabulary::around(title).is_some();
        let (first, newer) = (FIRST.stand_in(title), NEWER.stand_in(title));
        let whole = !around && (vocabulary::is_deployment(title) || first || newer);
        let surely = around || whole || has(title, DEPLOYS);
        let known = surely || PARTS.stand_in(title);
        let named = vocabulary::role(title) == Role::Steps && !vocabulary::is_whole_step(title);
        let quick = QUICK.stand_in(title);
        let (by_itself, by_hand) = (BY_ITSELF.stand_in(title), BY_HAND.stand_in(title));
        let (step, settled) = (step_word(title) || timed(title), section.settled || section.stage.is_some());
        Self {
            counted,
            step,
            named,
            around,
            surely,
            known,
            whole,
            first,
            newer,
            quick,
            by_itself,
            by_hand,
            settled,
        }
    }
}

/// Whether sections that follow one another are evidently one procedure: each is of what makes a deployment, and not
/// two of them are one by themselves.
fn is_one(tops: &[Top]) -> bool {
    let open: Vec<&Top> = tops.iter().filter(|top| !top.settled && !top.step).collect();
    let whole = open.iter().filter(|top| top.whole).count();
    let (first, newer) = (open.iter().any(|top| top.first), open.iter().any(|top| top.newer && !top.first));
    tops.len() < 2 || open.len() < 2 || open.iter().all(|top| top.known) && whole < 2 && !(first && newer)
}

/// Whether numbers count the chapters of a manual: a chapter among them only tells, or is for another day.
fn chapters(parent: &Section<'_>) -> bool {
    let tells = |s: &Section<'_>| {
        let role = if s.role == Role::Steps { vocabulary::role(&s.title) } else { s.role };
        matches!(
            role,
            Role::Overview
                | Role::Monitoring
                | Role::Troubleshooting
                | Role::References
                | Role::Contacts
                | Role::Recovery
                | Role::Teardown
        )
    };
    let counted = |s: &&Section<'_>| numbered(&s.title).is_some() && !step_word(&s.title);
    let siblings: Vec<&Section<'_>> = parent.children.iter().filter(counted).collect();
    let steps = siblings.iter().filter(|s| s.role == Role::Steps).count();
    steps >= 2 && siblings.iter().any(|s| tells(s))
        || parent.children.iter().filter(|c| c.role != Role::Steps).any(chapters)
}

/// Calls for each outermost section of steps, in the document's order.
fn each_step<'s>(parent: &'s Section<'_>, call: &mut dyn FnMut(&'s Section<'_>)) {
    for child in &parent.children {
        if child.role == Role::Steps {
            call(child);
        } else {
            each_step(child, call);
        }
    }
}

fn mark(root: &mut Section<'_>, wanted: &dyn Fn(&Top) -> bool) {
    each_mut(root, &mut |section| {
        let top = Top::of(section);
        if !top.settled && wanted(&top) {
            section.doubt = section.doubt.or(Some(Doubt::Procedure));
        }
    });
}

/// The only section that is left when others with commands are for something else: nothing says that it is what the
/// document is for.
fn doubt_left_over(root: &mut Section<'_>, tops: &[Top]) {
    let others = root.any(&|s| s.role != Role::Steps && s.role != Role::Rollback && s.has_own_shell());
    if others && tops.iter().all(|top| !top.surely && !top.settled) {
        each_mut(root, &mut |section| section.doubt = section.doubt.or(Some(Doubt::Step)));
    }
}

/// Putting a newer version in place, behind steps of something else: a first installation has no update in its second
/// half.
fn doubt_newer(root: &mut Section<'_>, steps: usize) {
    let mut at = 0;
    each_mut(root, &mut |section| {
        let top = Top::of(section);
        at += 1;
        let late = !top.counted || at * 2 > steps && at > 2;
        if top.newer && late && !top.step && !top.named && !top.settled && section.level > 1 {
            section.doubt = section.doubt.or(Some(Doubt::Step));
        }
    });
}

/// A chapter behind all steps about backups and how they are put back: that is for other days.
fn doubt_backup(root: &mut Section<'_>, steps: usize) {
    let mut at = 0;
    each_mut(root, &mut |section| {
        let top = Top::of(section);
        at += 1;
        let restores = vocabulary::is_two(&section.title) || section.any(&|s| s.role == Role::Recovery);
        let chapter = restores && vocabulary::is_backup(&section.title);
        if at == steps && at > 1 && chapter && !top.step && !top.named && !top.settled {
            section.doubt = section.doubt.or(Some(Doubt::Step));
        }
    });
}

/// Makes chapters of steps of the headings whose numbered ones begin at 1 again: nothing says that one chapter follows
/// the other.
pub(super) fn chapters_of_steps(root: &mut Section<'_>) {
    if root.count(&is_chapter_of_steps) < 2 {
        return;
    }
    each_free(root, &mut |section| {
        if is_chapter_of_steps(section) {
            section.role = Role::Steps;
            "numbered headings under it".clone_into(&mut section.by);
            section.doubt = Some(Doubt::Procedure);
        }
    });
}

fn is_chapter_of_steps(section: &Section<'_>) -> bool {
    let counted =
        |s: &&Section<'_>| s.role == Role::Steps && numbered(&s.title).is_some() && !step_word(&s.title);
    let free = section.role == Role::Other && !section.settled && section.level > 1;
    free && numbered(&section.title).is_none() && section.children.iter().filter(counted).count() >= 2
}

fn each_free(parent: &mut Section<'_>, change: &mut dyn FnMut(&mut Section<'_>)) {
    for child in &mut parent.children {
        if child.role == Role::Steps {
            continue;
        }
        change(child);
        each_free(child, change);
    }
}

fn each_mut(parent: &mut Section<'_>, change: &mut dyn FnMut(&mut Section<'_>)) {
    for child in &mut parent.children {
        if child.role == Role::Steps { change(child) } else { each_mut(child, change) }
    }
}
