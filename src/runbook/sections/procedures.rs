//! Whether the sections that were chosen are one procedure, in their order, or a manual with one procedure each.
//!
//! A runbook for one deployment and a manual of operations have the same shape: headings with commands under them. What
//! numbers and words don't tell is asked, once for all of them.

use super::super::comments::acts::is_told;
use super::super::doubt::Doubt;
use super::super::markdown::ElementKind;
use super::super::model::Role;
use super::super::vocabulary::{self, DEPLOYS, FIRST, NEWER, OTHER_WAY, PARTS, Terms, begins, has};
use super::super::words::{lower_words, numbered, step_word, timed};
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

/// The one that is taken, of several.
#[rustfmt::skip] // words, many to a line
static RECOMMENDED: Terms = Terms::of(&[
    "recommended", "preferred", "quick", "fast", "empfohlen", "schnell*", "recommande*", "rapide", "recomendad*", "rapid*", "consigliat*", "raccomandat*", "zalecan*", "szybk*", "рекоменд*", "быстр*", "рекомендован*", "швидк*", "onerilen", "hizli", "khuyen nghi", "nhanh", "disarankan", "cepat", "aanbevolen", "snelle", "推荐", "推薦", "推奨", "권장", "快速", "빠른",
]);

/// What is done once, and not with each deployment.
#[rustfmt::skip] // words, many to a line
static ONE_TIME: Terms = Terms::of(&[
    "one time", "onetime", "one off", "once only", "only once", "einmalig*", "nur einmal", "une seule fois", "ponctuel*", "una sola vez", "unica vez", "uma unica vez", "uma so vez", "una tantum", "una sola volta", "jednorazow*", "однократн*", "разовая", "разовый", "одноразов*", "tek seferlik", "mot lan", "sekali saja", "eenmalig*", "一次性", "初回のみ", "一回限り", "일회성", "최초 1회",
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
        Found::Numbered if are_problems(root) => mark(root, &|top| !top.step),
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
    if tops.len() > 1 {
        // "One-time migration" is none of an update's steps.
        each_mut(root, &mut |section| {
            if ONE_TIME.stand_in(&section.title) && !section.settled {
                section.doubt = section.doubt.or(Some(Doubt::Step));
            }
        });
    }
    doubt_other_ways(root);
    doubt_one_of_several(root);
    doubt_procedures(root);
}

/// Whether numbers count problems, of which each has a procedure of its own: "1. API is slow", "2) PodOOMKilled".
fn are_problems(root: &Section<'_>) -> bool {
    /// Parts of one procedure for whatever went wrong.
    #[rustfmt::skip] // words, many to a line
    static PHASES: Terms = Terms::of(&[
        "triage", "detect*", "identif*", "assess*", "contain*", "mitigat*", "communicat*", "notify", "notification*", "declare*", "escalat*", "diagnos*", "investigat*", "resolv*", "verif*", "monitor*", "review", "prepar*", "stabili*", "post mortem",
        "erkenn*", "einschatz*", "eindamm*", "behebung", "beheben", "detect*", "evaluer", "evaluacion", "contencion", "contencao", "resolucion", "resolucao", "mitigacion", "mitigacao", "диагност*", "обнаруж*", "оценка", "устранен*", "检测", "评估", "诊断", "処置", "検知", "진단",
    ]);
    let title = root.children.iter().find(|c| c.level == 1).map_or("", |c| c.title.as_str());
    let for_problems = vocabulary::role(title) == Role::Troubleshooting || ALERTS.stand_in(title);
    let mut tops = Vec::new();
    each_step(root, &mut |section| tops.push(section));
    let names = |section: &&&Section<'_>| {
        let name = numbered(&section.title).map_or_else(|| section.title.clone(), |(_, name)| name);
        names_state(&name) || section.any(&|s| has_symptom(s))
    };
    let told = |section: &&&Section<'_>| {
        let name = numbered(&section.title).map_or_else(|| section.title.clone(), |(_, name)| name);
        Top::of(section).known || PHASES.stand_in(&name) || is_told(&name)
    };
    let open: Vec<&&Section<'_>> = tops.iter().filter(|s| !step_word(&s.title) && !s.settled).collect();
    let states = open.iter().copied().filter(names).count();
    let phases = open.iter().copied().filter(told).count();
    open.len() > 1 && (states > 1 && states * 2 > open.len() || for_problems && phases * 2 < open.len())
}

/// What a document about alerts is called by.
#[rustfmt::skip] // words, many to a line
static ALERTS: Terms = Terms::of(&[
    "alert*", "alarm*", "alerta*", "alerte*", "allarm*", "алерт*", "оповещен*", "告警", "警报", "アラート", "알림",
]);

/// Whether a title names a state that something is in, and nothing to do: "Disk is full", "DiskUsageCritical".
fn names_state(title: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const STATES: &[&str] = &[
        "slow", "full", "down", "failing", "unreachable", "unavailable", "unhealthy", "high", "low", "stuck", "missing", "expired", "expiring", "critical", "firing", "degraded", "overloaded", "exhausted", "lagging", "behind", "crashing", "crashed", "oom", "grows", "growing", "fails", "failed", "failure",
        "error", "errors", "timeout", "timeouts", "timing", "leak", "lag", "corrupt", "corrupted", "broken", "voll", "langsam", "ausgefallen", "nicht erreichbar", "hangt", "plein", "lent", "lente", "indisponible", "lleno", "lento", "caido", "caida", "cheio", "fora do ar", "pieno", "переполнен", "недоступен", "недоступна", "медленно",
    ];
    let words = lower_words(title);
    let camel = title.split_whitespace().any(|word| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let humps =
            bare.as_bytes().windows(2).filter(|w| w[0].is_ascii_lowercase() && w[1].is_ascii_uppercase());
        humps.count() > 0
            && bare.starts_with(|c: char| c.is_ascii_uppercase())
            && title.split_whitespace().count() == 1
    });
    let last = words.last().is_some_and(|word| STATES.contains(&word.as_str()));
    let is = words
        .iter()
        .any(|word| matches!(word.as_str(), "is" | "are" | "ist" | "sind" | "est" | "esta" | "está"))
        && words.iter().any(|word| STATES.contains(&word.as_str()));
    camel || (last || is) && words.len() > 1
}

/// Whether a label says by what a problem is seen.
fn has_symptom(section: &Section<'_>) -> bool {
    #[rustfmt::skip] // words, many to a line
    static SYMPTOM: Terms = Terms::of(&[
        "symptom*", "sintoma*", "anzeichen", "sintomi", "objaw*", "симптом*", "belirti*", "trieu chung", "gejala", "现象", "症状", "증상",
    ]);
    section.elements.iter().any(|e| match &e.kind {
        ElementKind::Paragraph { text, .. } | ElementKind::Item { text, .. } => {
            let label = text.split([':', '：']).next().unwrap_or("");
            label.len() < text.len() && label.split_whitespace().count() <= 3 && SYMPTOM.stand_in(label)
        }
        _ => false,
    })
}

/// Steps in one of several chapters, of which others with steps of their own are a restore or a problem by their words:
/// what is left over is none the more what the document is for.
fn doubt_one_of_several(parent: &mut Section<'_>) {
    let stepwise = |s: &Section<'_>| {
        s.has_shell() && s.any(&|part| step_word(&part.title) || vocabulary::role(&part.title) == Role::Steps)
    };
    let other = |s: &&Section<'_>| {
        matches!(s.role, Role::Recovery | Role::Troubleshooting) && !s.settled && stepwise(s)
    };
    let others = parent.children.iter().filter(other).count();
    let mine = |s: &&mut Section<'_>| {
        let top = Top::of(s);
        s.role != Role::Steps && !top.surely && s.any(&|part| part.role == Role::Steps)
    };
    if others > 0 {
        for child in parent.children.iter_mut().filter(mine) {
            each_mut(child, &mut |section| {
                if !section.settled {
                    section.doubt = section.doubt.or(Some(Doubt::Procedure));
                }
            });
        }
    }
    parent.children.iter_mut().filter(|c| c.role != Role::Steps).for_each(doubt_one_of_several);
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

/// "Common procedures" over "Restart the API" and "Clear the cache": each is one by itself. Counted parts are done one after
/// another, unless the steps in each of them are counted anew.
fn doubt_procedures(root: &mut Section<'_>) {
    #[rustfmt::skip] // words, many to a line
    const PROCEDURES: &[&str] = &[
        "procedures", "playbooks", "prozeduren", "procédures", "procedimientos", "procedimentos", "procedury", "процедуры", "процедури", "prosedürler", "procedures operacionais",
    ];
    let first = |s: &Section<'_>| numbered(&s.title).is_some_and(|(number, _)| number == "1");
    let anew = |s: &Section<'_>| numbered(&s.title).is_none() || s.children.iter().any(first);
    each_mut(root, &mut |section| {
        let free = |c: &Section<'_>| c.role == Role::Steps && !c.settled && c.has_code() && anew(c);
        if !has(&section.title, PROCEDURES) || section.children.iter().filter(|c| free(c)).count() < 2 {
            return;
        }
        for child in section.children.iter_mut().filter(|c| free(c)) {
            child.doubt = child.doubt.or(Some(Doubt::Procedure));
        }
    });
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
    doubt_chapters_called_steps(root);
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

/// The same for chapters in which "Step 1" comes again, where their names don't say that they are parts of one
/// deployment.
fn doubt_chapters_called_steps(root: &mut Section<'_>) {
    let first = |s: &Section<'_>| {
        s.role == Role::Steps
            && step_word(&s.title)
            && numbered(&s.title).is_some_and(|(number, _)| number == "1")
    };
    let is_one = |s: &Section<'_>| {
        let free = s.role == Role::Other && !s.settled && s.level > 1 && numbered(&s.title).is_none();
        let known = Top::of(s).known && !vocabulary::ends_in_failure(&s.title);
        free && !known && s.children.iter().any(first)
    };
    // In a document about one deployment the chapters are its parts: "Backend", "Frontend".
    let title = root.children.iter().find(|c| c.level == 1).map_or("", |c| c.title.as_str());
    let deploys = vocabulary::is_deployment(title) || has(title, DEPLOYS);
    // "Quick way (recommended)", "Manual way (if the script does not work)" are ways of it all the same.
    let is_way = |s: &Section<'_>| {
        let top = Top::of(s);
        let one = top.quick || top.by_itself || top.by_hand || RECOMMENDED.stand_in(&s.title);
        is_one(s) && one
    };
    if deploys && root.count(&is_way) < 2 || root.count(&is_one) < 2 {
        return;
    }
    each_free(root, &mut |section| {
        if is_one(section) {
            section.children.iter_mut().filter(|c| c.role == Role::Steps && !c.settled).for_each(|child| {
                child.doubt = child.doubt.or(Some(Doubt::Procedure));
            });
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
