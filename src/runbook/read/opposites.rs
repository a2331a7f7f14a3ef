//! Titles side by side of which one is the other's opposite, or each is for another environment: one of them is taken.

use std::collections::{BTreeMap, BTreeSet};

use super::super::comments::acts::{Telling, telling};
use super::super::comments::apart;
use super::super::stages::alone;
use super::super::vocabulary::{self, Terms, folded};
use super::super::words::numbered;

/// "With a proxy" and "Without a proxy", in the spelling of [`folded`].
#[rustfmt::skip] // words, many to a line
const WITH: &[(&str, &str)] = &[
    ("with", "without"), ("mit", "ohne"), ("avec", "sans"), ("con", "sin"), ("con", "senza"), ("com", "sem"), ("с", "без"), ("со", "без"), ("з", "без"), ("z", "bez"), ("ze", "bez"), ("met", "zonder"), ("dengan", "tanpa"), ("med", "utan"), ("med", "uden"),
];
/// As it was, and as it is: "Before", "Now". As whole titles, but for what stands in brackets.
#[rustfmt::skip] // words, many to a line
const CHANGED: &[(&str, &str)] = &[
    ("before", "now"), ("before", "after"), ("old way", "new way"), ("old", "new"), ("vorher", "nachher"), ("vorher", "jetzt"), ("bisher", "jetzt"), ("avant", "apres"), ("avant", "maintenant"), ("antes", "ahora"), ("antes", "despues"), ("antes", "agora"), ("antes", "depois"), ("prima", "ora"), ("prima", "dopo"),
    ("przed", "po"), ("wczesniej", "teraz"), ("до", "после"), ("было", "стало"), ("раньше", "теперь"), ("було", "стало"), ("once", "simdi"), ("truoc", "sau"), ("sebelum", "sesudah"), ("voorheen", "nu"), ("以前", "现在"), ("之前", "之后"), ("変更前", "変更後"), ("이전", "이후"), ("기존", "변경"),
];
#[rustfmt::skip] // words, many to a line
const FOR: &[&str] = &["for", "in", "fur", "pour", "para", "per", "для", "dla", "untuk", "cho", "voor", "for the", "in the"];
#[rustfmt::skip] // beginnings of words, many to a line
const ENVIRONMENTS: &[&str] = &[
    "prod", "dev", "desarrollo", "desenvolvimento", "sviluppo", "entwicklung", "produk", "продакш", "разработк", "produksi", "pengembangan",
];

/// The names of titles that are ways of one thing; none for a title that is not one of them. Environments that are counted,
/// which are left out of `uncounted`, are one path.
pub(super) fn opposites(titles: &[&str], uncounted: &[&str]) -> Vec<Option<String>> {
    let words: Vec<String> = titles.iter().map(|title| without_number(title)).collect();
    let cases: Vec<Option<String>> = titles.iter().map(|title| apart::case(title)).collect();
    let mut sides: BTreeMap<Question<'_>, BTreeMap<&str, Vec<usize>>> = BTreeMap::new();
    for (at, title) in words.iter().enumerate() {
        for (question, side) in answers(title) {
            sides.entry(question).or_default().entry(side).or_default().push(at);
        }
    }
    for (at, title) in titles.iter().enumerate() {
        let bare = folded(title.split(['(', '（']).next().unwrap_or(title));
        for (pair, (old, new)) in CHANGED.iter().enumerate() {
            if let Some(side) = [*old, *new].into_iter().find(|side| *side == bare) {
                sides.entry(Question::Changed(pair)).or_default().entry(side).or_default().push(at);
            }
        }
    }
    for (at, title) in uncounted.iter().enumerate() {
        if let Some(stage) = alone(title) {
            sides.entry(Question::Stage).or_default().entry(stage).or_default().push(at);
        }
    }
    for (at, case) in cases.iter().enumerate() {
        if let Some(case) = case {
            sides.entry(Question::Case).or_default().entry(case).or_default().push(at);
        }
    }
    let mut is_way = vec![false; titles.len()];
    for sides in sides.values().filter(|sides| sides.len() > 1) {
        let ways: BTreeSet<usize> = sides.values().flatten().copied().collect();
        // "Non-non-X" is no way beside itself.
        ways.iter().filter(|_| ways.len() > 1).for_each(|at| is_way[*at] = true);
    }
    titles.iter().zip(is_way).map(|(title, way)| way.then(|| title.trim().to_owned())).collect()
}

/// A title in the one spelling, without what counts it.
fn without_number(title: &str) -> String {
    numbered(title).map_or_else(|| folded(title), |(_, rest)| folded(&rest))
}

/// Whether a title in that spelling begins with one of these words.
fn led(title: &str, leads: &[&str]) -> bool {
    leads
        .iter()
        .any(|lead| title.strip_prefix(lead).is_some_and(|rest| rest.starts_with(' ') || !lead.is_ascii()))
}

/// "Using Ansible" beside "Manual upgrade": who has done the one does not do the other. A manual check is no way.
pub(super) fn by_hand_or_not(titles: &[&str]) -> Vec<Option<String>> {
    #[rustfmt::skip] // words, many to a line
    const HAND: &[&str] = &[
        "manual", "manually", "by hand", "manuell", "von hand", "manuelle", "manuel", "a la main", "a mano", "manuale", "recznie", "reczna", "вручную", "ручная", "ручное", "ручной", "thu cong", "handmatig", "手动", "手工", "手動", "수동",
    ];
    #[rustfmt::skip] // words, many to a line
    const LEADS: &[&str] = &["using", "with", "via", "by", "through", "mit", "per", "avec", "con", "com", "usando", "z", "przez", "через", "с", "met", "dengan", "使用", "通过", "用"];
    #[rustfmt::skip] // words, many to a line
    static TOOLS: Terms = Terms::of(&[
        "ansible", "terraform", "github actions", "gitlab ci", "gitlab", "jenkins", "ci", "ci cd", "pipeline", "workflow", "argocd", "argo cd", "flux", "helm", "helm chart", "puppet", "chef", "salt", "capistrano", "kamal", "watchtower", "automat*", "script", "skript", "скрипт", "автоматич*", "自动", "自動", "자동", "脚本",
    ]);
    let plain: Vec<String> = titles.iter().map(|title| without_number(title)).collect();
    let hand = |title: &str| {
        let rest = HAND.iter().find_map(|word| title.strip_prefix(word))?;
        let whole = rest.trim().is_empty()
            || vocabulary::has(rest, vocabulary::DEPLOYS) && vocabulary::around(rest).is_none();
        (whole && (rest.is_empty() || rest.starts_with(' ') || !title.is_ascii())).then_some(())
    };
    let tool = |title: &str| led(title, LEADS) || TOOLS.in_folded(title);
    let by_hand: Vec<bool> = plain.iter().map(|title| hand(title).is_some()).collect();
    let by_tool: Vec<bool> = plain.iter().zip(&by_hand).map(|(title, hand)| !hand && tool(title)).collect();
    let both = by_hand.contains(&true) && by_tool.contains(&true);
    let one = |((title, hand), tool): ((&&str, &bool), &bool)| {
        (both && (*hand || *tool)).then(|| title.trim().to_owned())
    };
    titles.iter().zip(&by_hand).zip(&by_tool).map(one).collect()
}

/// "From the panel" beside "From the server": two ways to the same, where one of them is something to click in.
pub(super) fn routes(titles: &[&str]) -> Vec<Option<String>> {
    #[rustfmt::skip] // words, many to a line
    const LEADS: &[&str] = &[
        "from", "via", "through", "using", "with", "von", "uber", "mit", "depuis", "par", "avec", "desde", "por", "con", "a partir", "pelo", "pela", "com", "dal", "dalla", "tramite", "przez", "через", "из", "з", "qua", "lewat", "dari", "vanuit", "通过", "从", "通過",
    ];
    #[rustfmt::skip] // words, many to a line
    static CLICKED: Terms = Terms::of(&[
        "panel", "dashboard", "web ui", "ui", "gui", "web interface", "web console", "browser", "portal", "weboberflache", "oberflache", "interface web", "interface graphique", "navigateur", "tableau de bord", "interfaz", "navegador", "painel", "interface grafica", "pannello", "panelu", "przegladark*", "панел*", "браузер*", "веб интерфейс*", "arayuz", "giao dien", "控制台", "面板", "网页", "界面", "浏览器", "画面", "管理画面", "ブラウザ", "콘솔", "브라우저",
    ]);
    let words: Vec<String> = titles.iter().map(|title| folded(title)).collect();
    let begun: Vec<bool> = words.iter().map(|title| led(title, LEADS)).collect();
    let clicked: Vec<bool> =
        words.iter().zip(&begun).map(|(title, begun)| *begun && CLICKED.in_folded(title)).collect();
    let others = begun.iter().zip(&clicked).any(|(begun, clicked)| *begun && !clicked);
    let both = others && clicked.contains(&true);
    titles
        .iter()
        .zip(&begun)
        .map(|(title, begun)| (both && *begun).then(|| title.trim().to_owned()))
        .collect()
}

/// Which titles end with "or", and those that stand behind them: "`systemctl restart shop` or".
pub(super) fn joined_by_or(titles: &[&str]) -> Vec<Option<String>> {
    #[rustfmt::skip] // words, many to a line
    const OR: &[&str] = &["or", "oder", "ou", "o", "oppure", "lub", "albo", "или", "либо", "або", "veya", "hoac", "atau", "of", "或", "或者", "または", "또는"];
    let ends = |title: &&str| {
        // "… (or" goes on in its bracket.
        if title.matches(['(', '（']).count() > title.matches([')', '）']).count() {
            return false;
        }
        let words = folded(title);
        words.split(' ').count() > 1 && words.split(' ').next_back().is_some_and(|last| OR.contains(&last))
    };
    let or: Vec<bool> = titles.iter().map(ends).collect();
    let bare = |title: &str| {
        let title = title.trim().trim_end_matches([',', ';']);
        let cut = title.rsplit_once(char::is_whitespace).map_or(title, |(head, _)| head);
        if ends(&title) { cut } else { title }.trim_matches([' ', ',', ';', '`']).to_owned()
    };
    let joined = |at: usize| or[at] && at + 1 < or.len() || at > 0 && or[at - 1];
    titles.iter().enumerate().map(|(at, title)| joined(at).then(|| bare(title))).collect()
}

/// Which titles say for whom something is done, each for others: "Pilot users", "Manual users". Nothing tells whether both
/// are meant.
pub(super) fn audiences(titles: &[&str]) -> Vec<bool> {
    #[rustfmt::skip] // words, many to a line
    const WHO: &[&str] = &[
        "users", "customers", "operators", "tenants", "validators", "admins", "administrators", "developers", "clients", "maintainers", "benutzer", "nutzer", "kunden", "utilisateurs", "clients", "usuarios", "clientes", "utenti", "clienti", "uzytkownicy", "пользователи", "клиенты", "gebruikers", "pengguna",
    ];
    let words: Vec<Vec<String>> =
        titles.iter().map(|title| folded(title).split(' ').map(str::to_owned).collect()).collect();
    let who = |title: &Vec<String>| {
        let named = [title.first(), title.last()].into_iter().flatten().find(|w| WHO.contains(&w.as_str()));
        named.filter(|_| (2..=3).contains(&title.len())).cloned()
    };
    let told: Vec<Option<String>> = titles
        .iter()
        .zip(&words)
        .map(|(title, words)| who(words).filter(|_| telling(title) == Telling::Nothing))
        .collect();
    let several = |who: &String| told.iter().flatten().filter(|other| *other == who).count() > 1;
    told.iter().map(|who| who.as_ref().is_some_and(several)).collect()
}

/// What titles answer that are ways of one thing, each in another way.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Question<'t> {
    /// With or without this: which of the pairs of words, and what they are about.
    With(usize, &'t str),
    /// This, or not.
    Is(&'t str),
    /// Which environment it is for, after this word.
    For(&'t str),
    /// Which environment it is.
    Stage,
    /// Out of what this is restored.
    From(&'t str),
    /// As it was, or as it is from now on: which of the pairs of words.
    Changed(usize),
    /// For which case it is.
    Case,
}

/// What a title answers, and how.
fn answers(title: &str) -> Vec<(Question<'_>, &str)> {
    let mut found = Vec::new();
    let first = |text| str::split(text, ' ').next().unwrap_or("");
    let (lead, noun) = (first(title), title.split(' ').next_back().unwrap_or(""));
    for (pair, (with, without)) in WITH.iter().enumerate().filter(|_| lead.len() < title.len()) {
        if let Some(side) = [with, without].into_iter().find(|side| **side == lead) {
            found.push((Question::With(pair, noun), *side));
        }
    }

    found.extend((!lead.is_empty()).then_some((Question::Is(lead), "")));
    let not = ["non ", "not ", "no "].iter().filter_map(|not| title.strip_prefix(not));
    found.extend(not.map(first).filter(|rest| !rest.is_empty()).map(|rest| (Question::Is(rest), "not")));
    found.extend(environment(title).map(|(led, environment)| (Question::For(led), environment)));
    found.extend(apart::source(title).map(|(what, from)| (Question::From(what), from)));
    found
}

/// "For production", "For development": nothing else is in them.
fn environment(title: &str) -> Option<(&str, &'static str)> {
    let mut words = title.split(' ').collect::<Vec<_>>();
    let led = FOR.contains(words.first()?).then(|| words.remove(0))?;
    words.retain(|word| !matches!(*word, "the" | "a" | "environment" | "mode" | "die" | "la" | "el" | "le"));
    let environment =
        ENVIRONMENTS.iter().find(|name| words.first().is_some_and(|w| w.starts_with(**name)))?;
    (words.len() <= 5).then_some((led, *environment))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(titles: &[&str]) -> usize {
        opposites(titles, titles).iter().flatten().count()
    }

    #[test]
    fn opposites_are_a_choice() {
        assert_eq!(count(&["Without proxy", "With https proxy"]), 2);
        assert_eq!(count(&["Ohne Proxy", "Mit einem Proxy"]), 2);
        assert_eq!(
            count(&["RPM-based systems", "Non-RPM-based systems (requires x)", "Non-RPM-based distros"]),
            3
        );
        assert_eq!(count(&["For production", "For development"]), 2);
        assert_eq!(count(&["Untuk production", "Untuk development (dengan auto-reload)"]), 2);
        assert_eq!(count(&["With the new image", "Restart the proxy", "Without tests"]), 0);
        assert_eq!(count(&["5.1 Restore from a snapshot", "5.2 Restore from the dump"]), 2);
        assert_eq!(count(&["从快照恢复", "从备份恢复"]), 2);
        assert_eq!(count(&["Restore from the dump", "Restore from the dump"]), 0);
        assert_eq!(count(&["Migrate from 1 to 2", "Migrate from 2 to 3"]), 0);
        assert_eq!(count(&["For production", "Start it"]), 0);
        assert_eq!(count(&["Check the disk", "No errors"]), 0);
        let ways = |titles: &[&str]| by_hand_or_not(titles).iter().flatten().count();
        assert_eq!(ways(&["Using Ansible", "Manual Upgrade"]), 2);
        assert_eq!(ways(&["With Ansible", "By hand"]), 2);
        assert_eq!(ways(&["GitHub Actions", "Manual deploy", "Logs"]), 2);
        assert_eq!(ways(&["Using Ansible", "Manual verification"]), 0);
        assert_eq!(ways(&["Backup", "Manual upgrade"]), 0);
    }

    #[test]
    fn ways_to_the_same_and_those_that_or_joins() {
        let ways = |titles: &[&str]| routes(titles).iter().flatten().count();
        assert_eq!(ways(&["From the panel", "From the server, without waiting"]), 2);
        assert_eq!(ways(&["Desde el panel", "Desde el servidor, sin esperar"]), 2);
        assert_eq!(ways(&["通过控制台", "通过命令行"]), 2);
        assert_eq!(ways(&["From the old server", "From the new server"]), 0);
        assert_eq!(ways(&["In the console", "On the server"]), 0);
        assert_eq!(ways(&["From the panel", "Restart it"]), 0);
        assert_eq!(
            joined_by_or(&["`make up` or", "`docker compose up`", "Look at it"]),
            [Some("make up".to_owned()), Some("docker compose up".to_owned()), None]
        );
        assert_eq!(joined_by_or(&["Restart it", "Look at it or"]), [None, None]);
        assert_eq!(audiences(&["Pilot users", "Manual users", "Clean up"]), [true, true, false]);
        assert_eq!(audiences(&["Notify users", "Migrate users"]), [false, false]);
        assert_eq!(audiences(&["Pilot users", "Restart"]), [false, false]);
    }
}
