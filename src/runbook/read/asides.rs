//! What stands beside the steps: the way back, monitoring, criteria of success.

use std::collections::BTreeSet;

use super::super::block::plain_command;
use super::super::comments;
use super::super::doubt::Doubt;
use super::super::markdown::{Element, ElementKind};
use super::super::model::{
    Block, Command, CommandId, Criterion, Line, Monitoring, Plan, Role, Rollback, Step, StepId,
};
use super::super::sections::Section;
use super::super::vocabulary::{self, Terms};
use super::super::words::{interval_s, lower_words, numbered, slug, step_word, window_s, without_estimate};
use super::empty;
use super::picked;
use super::steps::{is_act, prose_only};
use super::titles::{
    doubted, each_command, estimate, says_wrong, sequenced, title_condition, title_says, ways,
};
use super::told::told_in;
use super::triggers;
use super::{Fence, Reader, item, outline, push_block};
use crate::shell::{Effect, Kind};

/// How far or how fast one of several ways back goes.
#[rustfmt::skip] // words, many to a line
static EXTENTS: Terms = Terms::of(&[
    "quick", "fast", "instant", "immediate", "emergency", "full", "complete", "partial", "soft", "hard", "minor", "major", "automatic", "automated", "manual", "simple",
    "schnell*", "sofort*", "vollstandig*", "teilweise*", "notfall*", "automatisch*", "manuell*", "rapide", "complet*", "partiel*", "urgence", "automatique", "manuel*", "rapido", "rapida", "completo", "completa", "parcial", "parziale",
    "emergencia", "automatico", "automatica", "быстр*", "полн*", "частичн*", "автоматич*", "ручн*", "快速", "紧急", "完整", "部分", "自动", "手动", "緊急", "完全", "自動", "手動", "긴급", "전체", "자동", "수동",
]);

/// "Web Rollback" beside "Database Rollback", "Quick" beside "Full": whether all of them are meant is asked. What is
/// counted is done one after another, unless it counts kinds: "8.1 Minor", "8.2 Major", "8.3 The operator".
fn doubt_several(steps: &mut [Step]) {
    let is_counted = |step: &Step| numbered(&step.title).is_some();
    let extent = |step: &Step| EXTENTS.stand_in(&step.title);
    let kinds = steps.iter().filter(|step| is_counted(step) && extent(step)).count() > 1;
    let goes_back = |step: &Step| vocabulary::role(&step.title) == Role::Rollback;
    // "5.1 Rollback of the app" and "5.2 Rollback of the data" count kinds as well, "Step 1" and "Step 2" do not.
    let whole = |step: &Step| is_counted(step) && !step_word(&step.title) && goes_back(step);
    let wholes = steps.iter().filter(|step| whole(step)).count() > 1;
    // The same command in two parts: nobody goes back twice by it.
    let changing = |step: &Step| {
        let changes = |c: &&&Command| c.effect != Effect::Reads && c.kind != Kind::Manual && !c.commented;
        step.commands().iter().filter(changes).map(|c| c.text.clone()).collect::<BTreeSet<String>>()
    };
    let open: Vec<BTreeSet<String>> =
        steps.iter().filter(|step| !is_counted(step)).map(changing).filter(|all| !all.is_empty()).collect();
    let repeated = open
        .iter()
        .enumerate()
        .any(|(at, one)| open.iter().skip(at + 1).any(|other| one.intersection(other).next().is_some()));
    let cases = steps.iter().filter(|step| is_case(&step.title)).count() > 1;
    let takes_back = |step: &Step| {
        let free = step.commands().iter().all(|command| command.way.is_none());
        let counted = || kinds || wholes && whole(step);
        let named = || {
            let again = repeated && !changing(step).is_empty();
            goes_back(step) || extent(step) || again || cases && is_case(&step.title)
        };
        free && if is_counted(step) { counted() } else { named() }
    };
    let several: Vec<bool> = steps.iter().map(takes_back).collect();
    if several.iter().filter(|is| **is).count() > 1 {
        for (step, _) in steps.iter_mut().zip(several).filter(|(_, is)| *is) {
            doubted(std::slice::from_mut(step), Doubt::Procedure);
        }
    }
}

/// "A) The publication failed", "B) It was published": a letter in front tells cases apart.
fn is_case(title: &str) -> bool {
    let bare = title.trim_start_matches(['(', '*', ' ', '（']);
    let mut chars = bare.chars();
    let letter = chars.next().is_some_and(|c| ('A'..='H').contains(&c));
    letter && chars.as_str().starts_with([')', '）', '.', ':', '：'])
}

/// "If a release misbehaves:" before all there is says when to go back, and not which of its commands run: it is taken
/// from them.
fn led_by(step: &mut Step) -> Option<String> {
    let first = |command: &Command| {
        command.condition.as_ref().and_then(|words| words.lines().next().map(str::to_owned))
    };
    let when = step.commands().first().and_then(|command| first(command))?;
    if !when.trim_end().ends_with([':', '：'])
        || step.commands().iter().any(|c| first(c).as_ref() != Some(&when))
    {
        return None;
    }
    each_command(step, &mut |command| {
        let rest = command.condition.take().and_then(|words| Some(words.split_once('\n')?.1.to_owned()));
        command.condition = rest;
    });
    Some(when)
}

impl<'e> Reader<'e> {
    pub(super) fn rollback(&mut self, section: &Section<'e>, plan: &mut Plan) {
        outline(section, plan);
        if plan.rollback.line == 0 {
            plan.rollback = Rollback { line: section.line, ..Rollback::default() };
        }
        // What is made ready before a deployment is no part of going back.
        let before = |c: &&Section<'e>| {
            matches!(c.role, Role::Steps | Role::Checklist) && vocabulary::is_before(&c.title)
        };
        let mut parts: Vec<&Section<'e>> = section.children.iter().filter(|c| !before(c)).collect();
        let own = Section { children: vec![], ..section.clone() };
        if own.has_code() || own.has_items() || section.children.is_empty() {
            parts.insert(0, &own);
        }
        let told = plan.rollback.triggers.len();
        triggers::of_rollback(section, &mut plan.rollback.triggers);
        let mut restores = Vec::new();
        for part in parts {
            let words = lower_words(&part.title);
            let verifies =
                words.iter().any(|w| ["verif", "validat", "vérif"].iter().any(|v| w.starts_with(v)))
                    || part.title.contains("验证")
                    || part.title.contains("검증");
            // What says when to go back tells nothing to do.
            let says_when = |line: usize| plan.rollback.triggers[told..].iter().any(|t| t.line == line);
            let mut kept = part.clone();
            kept.elements.retain(|e| !says_when(e.span.line) || matches!(e.kind, ElementKind::Table { .. }));
            if triggers::leads(&part.title) && !part.has_code() {
                continue;
            }
            let part = &kept;
            if verifies {
                let id = self.unique("rollback.verify".into());
                plan.rollback.verification.extend(self.blocks(part, &id));
            } else {
                let name = slug(&part.title).unwrap_or_else(|| (plan.rollback.steps.len() + 1).to_string());
                let id = self.unique(format!("rollback.{name}"));
                let mut step = Step {
                    title: without_estimate(&part.title),
                    estimate_s: estimate(&part.title, &part.elements),
                    line: part.line,
                    environment: self.stage.clone(),
                    ..self.body(&part.elements, id)
                };
                for child in &part.children {
                    let ordinal = step.substeps.len() + 1;
                    let substep = self.step(child, Some(&step.id), ordinal);
                    step.substeps.push(substep);
                }
                let group = step.id.clone();
                ways(&mut step.substeps, &group, &[], &part.counted());
                picked::versions(&mut step);
                // "Rollback (if anything looks wrong)" says when to go back, not which of its commands run.
                match title_condition(&part.title).filter(|c| {
                    part.line == section.line || says_wrong(c) || vocabulary::role(c) == Role::Rollback
                }) {
                    Some(when) => {
                        plan.rollback.triggers.push(Line { line: part.line, text: when.to_owned() });
                    }
                    None => title_says(&mut step, &part.title),
                }
                if section.children.is_empty()
                    && let Some(when) = led_by(&mut step)
                {
                    let says = |e: &&&Element| matches!(&e.kind, ElementKind::Paragraph { text, .. } if text.contains(&when));
                    let line = part.elements.iter().find(says).map_or(part.line, |e| e.span.line);
                    plan.rollback.triggers.push(Line { line, text: when });
                }
                if step.commands().is_empty() {
                    self.told_back(&mut step, part);
                }
                // A way back without any command is what its list says.
                let listed = !section.has_code() && part.has_items();
                // Numbered parts that say in words what to do are done by hand; other words only tell.
                if sequenced(&part.title) || part.elements.iter().any(|e| is_act(e)) || listed {
                    prose_only(&mut step, part, false);
                }
                if vocabulary::is_behind_rollback(&section.title)
                    || vocabulary::is_behind_rollback(&part.title)
                {
                    doubted(std::slice::from_mut(&mut step), Doubt::Step);
                }
                restores.extend(part.doubt.map(|asked| (step.id.clone(), asked)));
                empty::fill(&mut step);
                // A message to send is no command, and stands there all the same.
                let holds = step.blocks.iter().any(|b| !b.other.is_empty());
                if !step.commands().is_empty() || holds {
                    plan.rollback.steps.push(step);
                }
            }
        }
        if plan.rollback.steps.iter().all(|s| s.commands().is_empty()) {
            plan.rollback.steps.clear();
        }
        section.children.iter().filter(before).for_each(|c| self.section(c, plan));
        let group = StepId(format!("rollback@{}", section.line));
        ways(&mut plan.rollback.steps, &group, &[], &section.counted());
        doubt_several(&mut plan.rollback.steps);
        // A restore that is the whole way back is meant, and so is one of the code.
        let changes = |step: &Step| step.commands().iter().any(|c| c.effect != Effect::Reads);
        let whole = plan.rollback.steps.iter().filter(|step| changes(step)).count() < 2;
        for (id, asked) in restores.into_iter().filter(|_| !whole) {
            let of_data = |step: &&mut Step| step.id == id && puts_data_back(step);
            if let Some(step) = plan.rollback.steps.iter_mut().find(of_data) {
                doubted(std::slice::from_mut(step), asked);
            }
        }
    }

    /// A way back that is told in sentences or in a table is one all the same.
    fn told_back(&mut self, step: &mut Step, part: &Section<'e>) {
        for (at, (element, line, text)) in told_in(&part.elements).into_iter().enumerate() {
            let span = if element.span.line == line { element.span } else { self.lines.whole(line) };
            let id = CommandId(format!("{}/{}", step.id, at + 1));
            let mut command = plain_command(id, text, self.within(span, text));
            if let ElementKind::Paragraph { text, .. } | ElementKind::Item { text, .. } = &element.kind {
                command.about = Some(text.clone());
                command.condition = comments::condition(text).filter(|c| !says_wrong(c));
            }
            step.blocks.push(Block {
                id: format!("{}#{}", step.id, at + 1),
                span,
                language: "prose".into(),
                commands: vec![command],
                other: vec![],
                notes: vec![],
            });
        }
    }

    fn blocks(&mut self, section: &Section<'e>, id: &StepId) -> Vec<Block> {
        let acts = std::mem::replace(&mut self.acts, false);
        let body = self.body(&section.elements, id.clone());
        self.acts = acts;
        let mut found = body.blocks;
        found.extend(body.substeps.into_iter().flat_map(|s| s.blocks));
        for child in &section.children {
            let child_id = self.unique(format!("{id}.{}", found.len() + 1));
            found.extend(self.blocks(child, &child_id));
        }
        found
    }

    pub(super) fn monitoring(&mut self, section: &Section<'e>, plan: &mut Plan) {
        outline(section, plan);
        let own = Section { children: vec![], ..section.clone() };
        let windows: Vec<&Section<'e>> =
            if section.children.is_empty() { vec![&own] } else { section.children.iter().collect() };
        for window in windows {
            let id = self.unique(format!("monitor.{}", plan.monitoring.len() + 1));
            let texts = window.elements.iter().filter_map(|e| match &e.kind {
                ElementKind::Paragraph { text, .. } => Some(text.as_str()),
                _ => None,
            });
            let every_s = std::iter::once(window.title.as_str()).chain(texts).find_map(interval_s);
            let for_s = window_s(&window.title);
            let looked = every_s.is_some() || for_s.is_some();
            let tasks = watched(&window.elements, looked).into_iter();
            let items = tasks.enumerate().filter_map(|(at, e)| item(e, &id, at)).collect();
            let run = StepId(format!("{id}.run"));
            plan.monitoring.push(Monitoring {
                title: window.title.clone(),
                every_s,
                for_s,
                items,
                blocks: self.blocks(window, &run),
                line: window.line,
                id,
            });
        }
    }

    /// A criterion is a bold or listed line; the blocks up to the next belong to it.
    pub(super) fn success(&mut self, section: &Section<'e>, plan: &mut Plan) {
        for element in &section.elements {
            match &element.kind {
                // Boxes to tick are check items.
                ElementKind::Item { task: Some(_), .. } if !section.has_code() => {}
                ElementKind::Paragraph { text, bold: true } | ElementKind::Item { text, .. } => {
                    let id = self.unique(format!("success.{}", plan.success.len() + 1));
                    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '`').trim();
                    plan.success.push(Criterion {
                        id,
                        text: text.to_owned(),
                        blocks: vec![],
                        line: element.span.line,
                    });
                }
                ElementKind::Code(code) => {
                    if let Some(criterion) = plan.success.last_mut() {
                        let id = criterion.id.clone();
                        push_block(
                            &mut criterion.blocks,
                            &id,
                            &Fence { code, element, before: "", lines: self.lines, below: false },
                        );
                    }
                }
                _ => {}
            }
        }
    }
}

/// Whether a restore overwrites data, by what its commands do or by its name: not "Restore the code".
fn puts_data_back(step: &Step) -> bool {
    #[rustfmt::skip] // words, many to a line
    static DATA: Terms = Terms::of(&[
        "data", "database*", "db", "backup*", "dump*", "snapshot*", "volume*", "daten*", "donnees", "sauvegarde*", "datos", "base de", "respaldo*", "copia*", "dados", "banco", "dati", "banca dati", "danych", "baza", "bazy", "kopi*", "данн*", "баз*", "бэкап*", "дамп*", "бекап*", "veri*", "yedek*", "du lieu", "basis data", "cadangan", "gegevens", "数据", "数据库", "备份", "資料", "データ", "バックアップ", "데이터", "백업",
    ]);
    DATA.stand_in(&step.title) || step.commands().iter().any(|c| c.effect == Effect::Destructive)
}

/// What is looked at in a window: its boxes; where it has none and says how often or how long, what it lists.
fn watched<'e>(elements: &[&'e Element], looked: bool) -> Vec<&'e Element> {
    let is_box = |e: &&Element| matches!(e.kind, ElementKind::Item { task: Some(_), .. });
    let boxes: Vec<&Element> = elements.iter().copied().filter(is_box).collect();
    if !boxes.is_empty() || !looked || elements.iter().any(|e| matches!(e.kind, ElementKind::Code(_))) {
        return boxes;
    }
    let listed = |e: &&Element| match &e.kind {
        ElementKind::Item { text, .. } => {
            e.item.is_none() && !text.trim_end().ends_with([':', '：']) && !text.contains("://")
        }
        _ => false,
    };
    elements.iter().copied().filter(listed).collect()
}
