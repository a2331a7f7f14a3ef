//! Comments that lead to alternatives: "Or …", "Option B: …", "With Docker" beside "Without Docker".

use super::super::stages::alone;
use super::super::vocabulary::{OTHER_WAY, Words, begins, folded, way};
use super::super::words::lower_words;
use super::apart;
use super::choice::asks_to_choose;

/// Words for "or" and the like in languages that [`OTHER_WAY`] does not have.
#[rustfmt::skip] // words, many to a line
const ALSO_OR: Words = &[
    "代替コマンド", "代替方法", "代替手段", "代替案", "別の方法", "別の手段", "別コマンド", "替代命令", "替代方案", "替代方法", "备选", "備選", "代替指令", "대체 명령", "다른 방법", "commande alternative", "autre commande", "comando alternativo", "otro comando", "alternativbefehl", "alternativer befehl", "alternatywne polecenie", "альтернативная команда", "другой способ", "інший спосіб", "alternatif komut", "lệnh thay thế", "perintah alternatif",
    "another way", "another option", "equivalent", "equivalent command", "equivalently", "gleichwertig", "équivalent", "commande équivalente", "equivalente", "эквивалентно", "эквивалентная команда", "równoważnie", "等价命令", "等效命令", "等价于", "同等のコマンド", "동일한 명령", "as an alternative", "either or", "альтернатива", "альтернативно", "или",
    "либо", "albo", "lub", "alternatywnie", "veya", "ya da", "alternatif olarak", "alternatif", "hoặc", "hoặc là",
    "ofwel", "ou alors", "sinon", "o en su lugar", "o si no", "ou então", "oppure", "in alternativa",
    "alternativ", "ersatzweise", "或是", "或者是", "另一种方法", "另一種方法", "または", "もしくは", "あるいは", "또는", "아니면",
    "eller", "nebo", "vagy", "atau",
    "one liner", "single liner", "all in one", "all at once", "shortcut", "short version", "quick version", "in one go", "in one command", "as one command",
    "einzeiler", "in einem befehl", "en une seule commande", "en una sola linea", "en un solo comando", "em um so comando", "in un solo comando", "одной командой", "одной строкой", "一行命令", "一条命令", "ワンライナー",
];

/// The same, where nothing or a colon follows: they are words of other languages, or of other sentences, too.
const OR_ALONE: &[&str] = &["of", "o", "u"];

/// "Or else the cache is stale" warns.
const NO_OTHER_WAY: Words =
    &["or else", "or you will", "or it will", "or they will", "instead of", "or not", "or so"];

/// Words that name one of several options, with a letter or number behind them.
#[rustfmt::skip] // words, many to a line
const NOUNS: &[&str] = &[
    "opzione", "opcja", "вариант", "способ", "seçenek", "yöntem", "optie", "optionen", "variante", "wariant",
    "metodo", "método", "metoda", "methode", "möglichkeit", "alternativa", "phương án", "cách", "tùy chọn",
];

/// The same in languages without blanks.
#[rustfmt::skip] // words, many to a line
const JOINED_NOUNS: &[&str] = &[
    "选项", "選項", "方法", "方案", "方式", "オプション", "選択肢", "パターン", "案", "옵션", "방법", "방식", "선택",
];

/// Whether the words lead to another way of doing what stands above.
pub fn is_other_way(text: &str) -> bool {
    if begins(text, NO_OTHER_WAY) {
        return false;
    }
    begins(text, OTHER_WAY) || begins(text, ALSO_OR) || is_only(text, OR_ALONE)
}

/// Whether they say that and nothing more.
pub fn is_only_other_way(text: &str) -> bool {
    is_only(text, OR_ALONE) || lower_words(text).len() == 1 && is_other_way(text)
}

fn is_only(text: &str, words: &[&str]) -> bool {
    let bare = text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    words.contains(&bare.as_str())
}

/// What follows "Or:", or stands in backticks behind "or".
pub fn behind_other_way(text: &str) -> Option<&str> {
    if !is_other_way(text) {
        return None;
    }
    let (lead, rest) = text.split_once([':', '：', '`'])?;
    (lower_words(lead).len() <= 3).then(|| rest.trim().trim_matches('`').trim())
}

/// Whether the words name an option: "Option A: push", "Method 2", "方案一".
pub fn is_option(text: &str) -> bool {
    if way(text).is_some() {
        return true;
    }
    let bare = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let lower = bare.to_lowercase();
    let named = NOUNS.iter().filter_map(|noun| lower.strip_prefix(noun)).any(|rest| {
        let mut words = rest.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        rest.starts_with(' ') && words.next().is_some_and(is_label)
    });
    let joined = JOINED_NOUNS.iter().filter_map(|noun| bare.strip_prefix(noun)).any(|rest| {
        let label: String =
            rest.trim_start().chars().take_while(|c| !" :：、,，.)）-—".contains(*c)).collect();
        is_label(&label)
    });
    named || joined
}

/// A letter or a number that tells options apart.
fn is_label(word: &str) -> bool {
    let mut chars = word.chars();
    let first = chars.next();
    first.is_some_and(char::is_alphanumeric)
        && (chars.next().is_none() || word.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether two options have the same letter or number.
pub fn same_label(one: &str, other: &str) -> bool {
    label(one) == label(other)
}

fn label(text: &str) -> String {
    let words = lower_words(text);
    let short = words.iter().take(4).find(|w| is_label(w)).cloned();
    short.unwrap_or_else(|| words.join(" "))
}

/// Which comments of a fence name an option each; `label` is what stands before the fence.
///
/// "Option A" says so. Others do only beside each other: what begins with "With" beside the same with "Without",
/// systems or package managers by their names, and numbers where somebody is to choose.
pub fn named(texts: &[&str], label: &str) -> Vec<String> {
    let mut found: Vec<String> = texts.iter().filter(|t| is_option(t)).map(|t| (*t).to_owned()).collect();
    let mut take = |group: Vec<&str>| {
        let mut distinct: Vec<String> = group.iter().map(|t| t.to_lowercase()).collect();
        distinct.sort();
        distinct.dedup();
        if distinct.len() > 1 {
            found.extend(group.into_iter().map(str::to_owned));
        }
    };
    let chosen = texts.iter().position(|t| asks_to_choose(t));
    let from = chosen.map(|at| at + 1).or(asks_to_choose(label).then_some(0));
    if let Some(from) = from {
        take(texts.iter().skip(from).copied().filter(|t| listed(t).is_some()).collect());
    }
    let managed = |t: &&str| listed(t).is_some_and(|rest| is_named(rest, &[PLATFORMS, RUNTIMES]));
    take(texts.iter().copied().filter(managed).collect());
    take(texts.iter().copied().filter(|t| is_named(t, &[PLATFORMS])).collect());
    take(systems(texts));
    take(with_and_without(texts));
    take(opposites(texts));
    take(environments(texts));
    take(sources(texts));
    take(texts.iter().copied().filter(|t| uses(t)).collect());
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|text| seen.insert(text.clone()));
    found
}

/// Comments that restore the same out of something else each: "Restore from the snapshot", "Restore from the dump".
fn sources<'t>(texts: &[&'t str]) -> Vec<&'t str> {
    let told = |text: &&str| apart::source(&folded(text)).map(|(what, _)| what.to_owned());
    let first = texts.iter().find_map(told);
    let same = |text: &&&str| first.is_some() && told(text) == first;
    texts.iter().filter(same).copied().collect()
}

/// What stands behind "1)", "(2)", "b." at the beginning.
fn listed(text: &str) -> Option<&str> {
    let bare = text.trim_start_matches('(');
    let (label, rest) = bare.split_once([')', '.', ':'])?;
    (label.len() <= 2 && is_label(label)).then(|| rest.trim())
}

/// Systems and package managers: nobody has more than one of a kind.
#[rustfmt::skip] // words, many to a line
const PLATFORMS: &[&str] = &[
    "ubuntu", "debian", "centos", "rhel", "fedora", "rocky", "alma", "almalinux", "alpine", "arch", "suse", "opensuse",
    "amazon", "linux", "macos", "mac", "osx", "windows", "wsl", "freebsd", "red", "hat", "npm", "yarn", "pnpm", "bun",
    "pip", "poetry", "pipenv", "uv", "apt", "yum", "dnf", "brew", "homebrew", "apk", "zypper", "pacman", "snap",
];

/// What a service is run by, of which a machine has one: "# Docker", "# Kubernetes" as the whole of a comment.
const ORCHESTRATORS: &[&str] =
    &["docker", "compose", "podman", "kubernetes", "k8s", "swarm", "nomad", "systemd", "pm2"];

/// What a service may be run by.
#[rustfmt::skip] // words, many to a line
const RUNTIMES: &[&str] = &[
    "systemd", "docker", "compose", "podman", "kubernetes", "k8s", "helm", "pm2", "supervisor", "supervisord",
    "swarm", "nomad", "heroku", "vercel", "netlify", "manual", "manually", "bare", "metal", "binary", "source",
];

/// Whether a text is names of these lists and nothing else.
fn is_named(text: &str, lists: &[&[&str]]) -> bool {
    let words = lower_words(text);
    let filler = |w: &str| {
        matches!(w, "on" | "for" | "with" | "using" | "and" | "users" | "based") || w.parse::<u32>().is_ok()
    };
    let named = |w: &&String| lists.iter().any(|list| list.contains(&w.as_str()));
    words.iter().any(|w| named(&w)) && words.iter().all(|w| filler(w) || named(&w))
}

/// Comments that name a system each beside something else, "UFW (Ubuntu)", "Debian - Java 11", where no two of them name the
/// same: what is done on one is not done on the other.
fn systems<'t>(texts: &[&'t str]) -> Vec<&'t str> {
    let named: Vec<(&str, Vec<String>)> =
        texts.iter().filter_map(|text| Some((*text, lower_words(system(text)?)))).collect();
    let apart = named.iter().enumerate().all(|(at, (_, one))| {
        named.iter().skip(at + 1).all(|(_, other)| !one.iter().any(|word| other.contains(word)))
    });
    if apart { named.into_iter().map(|(text, _)| text).collect() } else { vec![] }
}

/// The systems that a comment names in brackets at its end, or in front of a dash or a colon.
fn system(text: &str) -> Option<&str> {
    #[rustfmt::skip] // words, many to a line
    const MANAGERS: &[&str] = &[
        "npm", "yarn", "pnpm", "bun", "pip", "poetry", "pipenv", "uv", "apt", "yum", "dnf", "brew", "homebrew", "apk", "zypper", "pacman", "snap",
    ];
    let bare = text.trim().trim_end_matches([':', '：']).trim_end();
    let behind = || {
        let (head, inner) = bare.strip_suffix([')', '）'])?.rsplit_once(['(', '（'])?;
        (!head.trim().is_empty()).then_some(inner)
    };
    let ahead = || {
        [" - ", " – ", " — ", ": ", " ("].iter().find_map(|sign| bare.split_once(sign)).map(|(head, _)| head)
    };
    let only = |name: &&str| {
        (is_named(name, &[PLATFORMS]) || is_named(name, &[ORCHESTRATORS]))
            && !lower_words(name).iter().any(|word| MANAGERS.contains(&word.as_str()))
    };
    let whole = || Some(bare);
    [behind(), ahead(), whole()].into_iter().flatten().find(only)
}

/// Whether a comment behind a command is where it is for, and nothing else: "macOS"; and whether it is a system or a
/// package manager, of which nobody has two.
pub fn place(text: &str) -> Option<bool> {
    is_named(text, &[PLATFORMS, RUNTIMES]).then(|| is_named(text, &[PLATFORMS]))
}

/// What a few words say is done with a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It is started, added, allowed.
    Begins,
    /// It is stopped, removed, forbidden: the opposite.
    Ends,
}

/// Words for beginning something, each beside one for ending it.
#[rustfmt::skip] // words, many to a line
const ACTIONS: &[(&[&str], &[&str])] = &[
    (&["start", "starten", "démarrer", "lancer", "iniciar", "arrancar", "avvia", "avviare", "uruchom", "запуск", "запустить", "запустити", "başlat",
        "khởi động", "启动", "啟動", "起動", "시작"],
     &["stop", "shut down", "shutdown", "remove", "stoppen", "entfernen", "beenden", "arrêter", "supprimer", "detener", "parar", "eliminar",
        "remover", "ferma", "fermare", "rimuovi", "zatrzymaj", "usuń", "остановка", "остановить", "удалить", "зупинити", "видалити", "durdur", "kaldır", "dừng",
        "hentikan", "停止", "删除", "移除", "削除", "중지", "삭제"]),
    (&["grant", "assign", "zuweisen", "accorder", "attribuer", "conceder", "asignar", "atribuir", "assegna", "przyznaj", "назначить", "выдать", "надати", "授权", "授予", "付与", "부여"],
     &["revoke", "withdraw", "unassign", "entziehen", "révoquer", "retirer", "revocar", "quitar", "revogar", "revoca", "odbierz", "отозвать", "забрати", "撤销", "取消", "剥奪", "회수"]),
    (&["enable", "activate", "aktivieren", "einschalten", "activer", "habilitar", "activar", "ativar", "abilita", "attiva", "włącz", "включить", "увімкнути", "etkinleştir", "bật", "启用", "开启", "有効", "활성화"],
     &["disable", "deactivate", "deaktivieren", "ausschalten", "désactiver", "deshabilitar", "desactivar", "desativar", "disabilita", "disattiva", "wyłącz", "выключить", "отключить", "вимкнути", "devre dışı", "tắt", "禁用", "关闭", "無効", "비활성화"]),
    (&["add", "create", "hinzufügen", "anlegen", "ajouter", "agregar", "añadir", "adicionar", "aggiungi", "dodaj", "добавить", "додати", "ekle", "thêm", "添加", "追加", "추가"],
     &["remove", "delete", "entfernen", "löschen", "supprimer", "eliminar", "borrar", "remover", "rimuovi", "usuń", "удалить", "видалити", "kaldır", "sil", "xóa", "删除", "削除", "삭제"]),
];

/// What is done, by the first word of a short comment.
pub fn action(text: &str) -> Option<Action> {
    let lower = text.trim().to_lowercase();
    let short = lower_words(text).len() <= 5 && lower.chars().count() <= 40;
    let first = |words: &[&str]| {
        words.iter().any(|word| {
            lower.strip_prefix(word).is_some_and(|rest| {
                !word.is_ascii() && rest.is_empty() || !rest.starts_with(|c: char| c.is_ascii_alphanumeric())
            })
        })
    };
    if ACTIONS.iter().any(|(begins, _)| first(begins)) && short {
        return Some(Action::Begins);
    }
    (ACTIONS.iter().any(|(_, ends)| first(ends)) && short).then_some(Action::Ends)
}

/// Comments of one word each that name opposite actions: "grant" and "revoke", in this order and beside each other.
fn opposites<'t>(texts: &[&'t str]) -> Vec<&'t str> {
    let bare = |text: &str| text.trim().trim_end_matches([':', '：']).trim().to_lowercase();
    let pair = texts.windows(2).find(|pair| {
        let [one, other] = pair else { return false };
        let (one, other) = (bare(one), bare(other));
        ACTIONS.iter().any(|(begins, ends)| begins.contains(&one.as_str()) && ends.contains(&other.as_str()))
    });
    pair.map_or(vec![], <[&str]>::to_vec)
}

/// Comments that name an environment each, where there are several: "Staging", "Production".
fn environments<'t>(texts: &[&'t str]) -> Vec<&'t str> {
    let named: Vec<(&str, &str)> = texts.iter().filter_map(|text| Some((*text, alone(text)?))).collect();
    let several = named.iter().any(|(_, stage)| named.first().is_some_and(|(_, first)| first != stage));
    named.into_iter().filter(|_| several).map(|(text, _)| text).collect()
}

/// Comments that begin with "With" and "Without" and go on alike.
fn with_and_without<'t>(texts: &[&'t str]) -> Vec<&'t str> {
    #[rustfmt::skip] // words, many to a line
    const PAIRS: &[(&str, &str)] = &[
        ("with ", "without "), ("mit ", "ohne "), ("avec ", "sans "), ("con ", "sin "), ("com ", "sem "),
        ("con ", "senza "), ("z ", "bez "), ("с ", "без "), ("met ", "zonder "), ("使用", "不使用"),
    ];
    let bare = |text: &str| text.trim().trim_end_matches([':', '：']).trim().to_lowercase();
    let mut found = Vec::new();
    for text in texts {
        let partner = PAIRS.iter().find_map(|(with, without)| {
            let rest = bare(text).strip_prefix(with)?.to_owned();
            let wanted = format!("{without}{rest}");
            texts.iter().find(|other| bare(other) == wanted)
        });
        if let Some(partner) = partner {
            found.extend([*text, *partner]);
        }
    }
    found
}

/// "Using yarn", "Via the API": by one or two words of its own.
fn uses(text: &str) -> bool {
    let words = lower_words(text);
    let own = words.get(1..).unwrap_or_default();
    words.first().is_some_and(|w| matches!(w.as_str(), "using" | "via"))
        && (1..=2).contains(&own.len())
        && !own
            .iter()
            .any(|w| matches!(w.as_str(), "new" | "old" | "same" | "this" | "that" | "previous" | "latest"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_or_in_many_languages() {
        for text in [
            "OR",
            "Or:",
            "--- or ---",
            "or with yarn",
            "Alternatively",
            "Alternative: by hand",
            "oder",
            "ou",
            "ou bien",
            "o bien",
            "oppure",
            "albo",
            "или",
            "veya",
            "ya da",
            "hoặc",
            "或者",
            "或",
            "または",
            "또는",
            "of",
            "o",
            "Instead, by hand",
        ] {
            assert!(is_other_way(text), "{text}");
        }
        for text in [
            "order by name",
            "for more info",
            "nor",
            "or else it is stale",
            "orchestrate",
            "of course",
            "out of date",
            "instead of the old one",
            "either way",
            "original copy",
            "oublier",
            "lubricate",
        ] {
            assert!(!is_other_way(text), "{text}");
        }
        assert!(is_only_other_way("# OR") && !is_only_other_way("or with yarn"));
        assert_eq!(behind_other_way("Or: make x"), Some("make x"));
        assert_eq!(behind_other_way("or `make x`"), Some("make x"));
        assert_eq!(behind_other_way("make: x"), None);
    }

    #[test]
    fn options_by_name() {
        for text in [
            "Option A: push",
            "Option B",
            "Method 1",
            "Opción A: x",
            "Opzione B",
            "Вариант 1",
            "Seçenek A",
            "Phương án 2",
            "方案一",
            "方法2：手动",
            "選択肢A",
            "옵션 1",
            "Alternative 2: by hand",
        ] {
            assert!(is_option(text), "{text}");
        }
        for text in
            ["Optional: tidy", "Options", "Methods of the API", "Option parsing", "案内を送る", "Cách ly"]
        {
            assert!(!is_option(text), "{text}");
        }
        assert!(same_label("Option A: x", "Option A: y") && !same_label("Option A: x", "Option B: x"));
    }

    #[test]
    fn options_beside_each_other() {
        for texts in [
            ["With Docker:", "Without Docker:"],
            ["1) systemd", "2) docker"],
            ["Ubuntu/Debian", "CentOS/RHEL"],
            ["npm", "yarn"],
            ["Using kubectl", "Using helm"],
            ["mit Cache", "ohne Cache"],
            ["UFW (Ubuntu)", "FirewallD (Red Hat/CentOS)"],
            ["Ubuntu/Debian - Java 11", "Red Hat/CentOS - Java 11"],
            ["Ubuntu: open the port", "RHEL"],
        ] {
            assert_eq!(named(&texts, "").len(), 2, "{texts:?}");
        }
        for texts in [
            ["1) Build", "2) Ship"],
            ["Docker", "Nginx"],
            ["With Docker", "With the cache"],
            ["Stop it", "Start it"],
            ["Using the new image", "Using the flag"],
            ["1. Stop docker", "2. Start docker"],
            ["Debian: update", "Debian: install"],
            ["npm - the front", "pip - the back"],
        ] {
            assert_eq!(named(&texts, ""), Vec::<String>::new(), "{texts:?}");
        }
        assert_eq!(named(&["1. Build here", "2. Build there"], "Use one of the following:").len(), 2);
        assert_eq!(named(&["Choose one:", "a) push", "b) click"], "").len(), 2);
    }
}
