//! Words that name a machine which the shell of a run is not on: one's own computer, each of several servers.

use super::super::vocabulary::folded;

/// What leads to a place. All of these are in the spelling of [`folded`].
#[rustfmt::skip] // words, many to a line
const ON: &[&str] = &[
    "on", "from", "in", "at", "auf", "am", "an", "von", "sur", "depuis", "dans", "en", "desde", "em", "no", "na", "nos", "nas", "do", "da", "su", "sul", "sui", "sulla", "dal", "nel", "z", "w",
    "на", "с", "в", "з", "у", "di", "pada", "tren", "tu", "op", "vanaf", "pa", "fra",
];
/// That it is where somebody works.
#[rustfmt::skip] // words, many to a line
const OWN: &[&str] = &[
    "your", "own", "local", "my", "lokalen", "lokaler", "eigenen", "eigenem", "ihrem", "deinem", "votre", "locale", "locala", "tu", "su", "propio", "seu", "sua", "tuo", "tua", "proprio", "swoim", "wlasnym", "lokalnym", "lokalnej",
    "своем", "локальном", "локальнои", "вашем", "своему", "локальніи", "локальному", "kendi", "lokal", "cua", "eigen", "lokale", "lokala", "din", "ban",
];
#[rustfmt::skip] // beginnings of words, many to a line
const OWN_MACHINES: &[&str] = &[
    "computer", "laptop", "notebook", "mac", "pc", "workstation", "machine", "desktop", "rechner", "arbeitsplatz", "poste", "ordinateur", "portable", "equipo", "maquina", "ordenador", "computador", "macchina", "komputer", "maszyn", "laptopie",
    "машин", "компьютер", "ноутбук", "комп ютер", "bilgisayar", "makine", "mesin", "may", "datorn", "maskin",
];
/// That there are several of them, of which the shell is on one.
#[rustfmt::skip] // words, many to a line
const SEVERAL: &[&str] = &[
    "each", "every", "all", "other", "others", "remaining", "first", "second", "third", "both", "jedem", "allen", "anderen", "ubrigen", "beiden", "ersten", "zweiten", "chaque", "tous", "toutes", "autres", "autre", "premier", "cada", "todos",
    "todas", "otros", "otras", "demas", "outros", "outras", "primer", "primeiro", "ogni", "tutti", "tutte", "altri", "altre", "primo", "kazdym", "wszystkich", "pozostalych", "каждом", "всех", "остальных", "других", "первом", "кожному",
    "всіх", "інших", "her", "tum", "diger", "setiap", "semua", "lainnya", "moi", "tat", "cac", "elke", "alle", "andere", "varje", "alla",
];
#[rustfmt::skip] // beginnings of words, many to a line
const MACHINES: &[&str] = &[
    "node", "nodes", "server", "servers", "host", "hosts", "machine", "machines", "vm", "vms", "instance", "instances", "replica", "replicas", "agents", "workers", "masters", "knoten", "servern", "maschinen", "noeud", "noeuds", "nœud", "nœuds", "serveur",
    "nodo", "nodi", "servidor", "maquina", "no", "nos", "macchin", "wezl", "serwer", "узл", "узле", "сервер", "вузл", "sunucu", "dugum", "may chu", "node", "knooppunt", "noder",
];
/// The same in languages without blanks.
#[rustfmt::skip] // words, many to a line
const JOINED: &[&str] = &[
    "在本地机器", "在本地电脑", "在本机", "本地机器上", "本地电脑上", "在你的电脑", "在您的电脑", "在自己的电脑", "在每个节点", "在每台", "在所有节点", "在所有服务器", "在其他节点", "在其他服务器", "在旧服务器", "在新服务器", "在老服务器", "在其余", "各节点上", "所有节点上", "在各节点",
    "手元のPC", "手元のマシン", "ローカルPC", "ローカルマシン", "自分のPC", "各ノードで", "全ノードで", "すべてのノード", "全てのノード", "各サーバーで", "全サーバーで", "他のサーバー", "他のノード", "旧サーバーで", "新サーバーで",
    "로컬 PC에서", "로컬 컴퓨터에서", "내 컴퓨터에서", "각 노드에서", "모든 노드에서", "각 서버에서", "모든 서버에서", "다른 서버에서", "기존 서버에서", "새 서버에서", "이전 서버에서", "Shell 탭에서", "쉘 탭에서",
];
/// A shell that a platform offers in its pages.
#[rustfmt::skip] // words, many to a line
const SHELLS: &[&str] = &["shell tab", "web shell", "cloud shell", "shell of the platform", "console of the platform", "web terminal", "onglet shell", "shell reiter"];
/// Systems that a step may be for.
const SYSTEMS: &[&str] =
    &["mac", "macos", "osx", "windows", "linux", "wsl", "macs", "ip", "local", "dev", "development"];

/// An environment or a part that a label's brackets may keep something to: "(staging only)".
const FOR_ONE: &[&str] =
    &["staging", "production", "prod", "test", "ci", "primary", "leader", "master", "standby"];

/// Whether a label or a sentence begins or ends with naming such a machine.
pub fn is_elsewhere(text: &str) -> bool {
    let bare = super::sentences::unnumbered(text).trim_end_matches([':', '：', '.', '。', '*', ' ']);
    let begins = |part: &&&str| bare.starts_with(**part) || bare.ends_with(**part);
    if JOINED.iter().find(begins).is_some() {
        return true;
    }
    let words = folded(bare);
    let split: Vec<&str> = words.split(' ').collect();
    if split.len() <= 9 && SHELLS.iter().any(|shell| words.contains(shell)) && ON.contains(&split[0]) {
        return true;
    }
    // In a longer sentence a command reaches them by itself.
    let longest = if split.len() <= 8 { split.len() } else { 0 };
    let at_end = (1..longest).rev().find(|at| split.get(*at).is_some_and(|word| ON.contains(word)));
    let begins_so = split.get(1..).is_some_and(|rest| ON.contains(&split[0]) && names(rest, false));
    is_kind(&split)
        || is_run_on_several(&split)
        || begins_so
        || at_end.and_then(|at| split.get(at + 1..)).is_some_and(|rest| names(rest, true))
}

/// "These commands must be run on all nodes of the cluster": the longer sentence says so with what is done there.
fn is_run_on_several(words: &[&str]) -> bool {
    #[rustfmt::skip] // beginnings of words, many to a line
    const RUN: &[&str] = &[
        "execut", "perform", "carried", "repeat", "ausgefuhrt", "ausfuhr", "durchgefuhrt", "durchfuhr", "wiederhol", "lanc", "effectu", "repet", "realiz", "ejecut", "rod", "esegu", "ripet", "wykon", "uruch", "powtor", "выполн", "запус", "повтор", "calistir", "jalankan", "uitgevoerd", "uitvoer",
    ];
    let runs = words.iter().any(|word| *word == "run" || RUN.iter().any(|run| word.starts_with(run)));
    let several = |rest: &[&str]| {
        let near = rest.get(..4.min(rest.len())).unwrap_or_default();
        near.iter()
            .take(2)
            .any(|word| SEVERAL.contains(word) && !matches!(*word, "first" | "second" | "third"))
            && near.iter().any(|word| MACHINES.iter().any(|known| known.len() > 3 && word.starts_with(known)))
    };
    let on = words.iter().enumerate().filter(|(_, word)| ON.contains(word));
    (9..=20).contains(&words.len())
        && runs
        && on.into_iter().any(|(at, _)| several(words.get(at + 1..).unwrap_or_default()))
}

/// Whether words name such a machine: right behind the word that leads to it, and nothing else `to_the_end`.
fn names(words: &[&str], to_the_end: bool) -> bool {
    // "On each of the other server nodes".
    const LONGEST: usize = 6;
    let near = words.get(..LONGEST.min(words.len())).unwrap_or_default();
    let is_one = |word: &&str, list: &[&str]| {
        list.iter().any(|known| *word == *known || known.len() > 4 && word.starts_with(known))
    };
    let pairs = [(OWN, OWN_MACHINES), (SEVERAL, MACHINES)];
    let mut found = pairs.iter().filter_map(|(which, machines)| {
        let which = near.iter().take(4).any(|word| which.contains(word));
        which.then(|| near.iter().rposition(|word| is_one(word, machines))).flatten()
    });
    found.any(|last| !to_the_end || last + 2 >= words.len() && words.len() <= LONGEST)
}

/// "Server nodes", "Agent nodes": a label that is a kind of machine, and nothing else.
fn is_kind(words: &[&str]) -> bool {
    #[rustfmt::skip] // words, many to a line
    const KINDS: &[&str] = &[
        "server", "agent", "worker", "master", "control", "plane", "database", "web", "app", "other", "all", "remaining", "primary", "secondary", "standby", "replica", "client", "manager", "storage", "compute", "the",
    ];
    const PLURALS: &[&str] = &["nodes", "servers", "hosts", "machines", "agents", "workers", "masters"];
    let Some((last, kinds)) = words.split_last() else { return false };
    PLURALS.contains(last) && (1..=3).contains(&kinds.len()) && kinds.iter().all(|kind| KINDS.contains(kind))
}

/// "Mac only", "Only on a Mac", "macOS users only".
pub(super) fn is_only_on(words: &str) -> bool {
    let split: Vec<&str> = words.split(' ').collect();
    let names = |words: &[&str]| words.iter().any(|word| SYSTEMS.contains(word));
    let last = split.len().checked_sub(2).and_then(|at| split.get(at));
    let machine = last.is_some_and(|word| MACHINES.contains(word) || FOR_ONE.contains(word));
    let behind = split.len() <= 4 && matches!(split.last(), Some(&"only" | &"のみ"));
    let before = matches!(split.get(..2), Some(["only", "on" | "for"]))
        && names(split.get(..4.min(split.len())).unwrap_or_default());
    before || behind && (machine || names(&split))
}

/// "On the new server", "from node 2, …": words that begin with one machine of several.
pub(super) fn begins_on_one(words: &str) -> bool {
    let split: Vec<&str> = words.split(' ').collect();
    let suffixed =
        split.len() > 1 && ["eski", "yeni"].contains(&split[0]) && split[1].starts_with("sunucuda");
    suffixed || split.split_first().is_some_and(|(on, rest)| ON.contains(on) && is_counted(rest))
}

/// What leads to a machine inside of a sentence, besides [`ON`].
const OF: &[&str] = &["of", "into", "auf", "des", "du", "de", "del", "della"];
/// What opens a shell on another machine, or goes to it, in front of a sentence.
#[rustfmt::skip] // words, many to a line
const CONNECTS: &[&str] = &[
    "putty to", "putty into", "open putty", "rdp to", "rdp into", "remote desktop to", "remote desktop into",
];
#[rustfmt::skip] // words, many to a line
const GOES: &[&str] = &[
    "ssh to", "ssh into", "log in to", "log into", "login to", "log on to", "logon to", "connect to", "switch to", "switch over to", "go to", "move to",
];
/// Which of several machines it is.
#[rustfmt::skip] // words, many to a line
const WHICH: &[&str] = &["test", "testing", "staging", "production", "prod", "live", "primary", "secondary", "pruebas", "prueba", "teste", "produccion", "producao", "produzione", "viejo", "vieja", "nueva", "velho", "nova", "nuova", "vecchia", "antigua", "antiga", "recette", "destino", "origen", "origem", "боевом", "тестовом", "новои", "старои", "new", "old", "standby", "offline", "target", "source", "destination", "another", "neuen", "alten", "nouveau", "ancien", "nuevo", "novo", "nuovo", "antiguo", "vecchio", "antigo", "новом", "старом", "новыи", "starym", "nowym"];
/// A shell that a connection opens.
#[rustfmt::skip] // words, many to a line
const SSH: &[&str] = &[
    "ssh terminal", "terminal ssh", "ssh session", "session ssh", "sesion ssh", "sessione ssh", "sessao ssh", "ssh shell", "shell ssh", "ssh console", "console ssh", "consola ssh", "ssh konsole", "ssh sitzung", "ssh терминал", "терминал ssh",
    "терминале ssh", "ssh 终端", "ssh终端",
];

/// Whether words name one machine of several, by whatever they lead to it: "Putty to node 1", "in the `db2` node",
/// "(`laptop#`)", "via the SSH terminal".
pub fn names_one(text: &str) -> bool {
    let bare = super::sentences::unnumbered(text.trim_start_matches(['*', '_', ' ']));
    let words = folded(bare);
    let split: Vec<&str> = words.split(' ').collect();
    let behind = |lead: &&str| words.strip_prefix(*lead).and_then(|rest| rest.strip_prefix(' '));
    let begins = |leads: &[&'static str]| leads.iter().find_map(behind);
    is_mark(bare)
        || begins(CONNECTS).is_some()
        || SSH.iter().any(|ssh| format!(" {words} ").contains(&format!(" {ssh} ")))
        || begins(GOES).is_some_and(|rest| is_counted(&rest.split(' ').collect::<Vec<_>>()))
        || is_quoted(bare)
        || split.iter().enumerate().any(|(at, word)| {
            (ON.contains(word) || OF.contains(word)) && is_counted(split.get(at + 1..).unwrap_or_default())
        })
}

/// "(`laptop#`) Do it": an item's prompt, which says where it is done.
fn is_mark(text: &str) -> bool {
    let Some((mark, _)) = text.strip_prefix('(').and_then(|rest| rest.split_once(')')) else { return false };
    let name = mark.trim_matches('`').strip_suffix(['#', '$', '>']);
    name.is_some_and(|name| {
        !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '@'))
    })
}

/// "Node 2", "node03", "the new node": which one is said with a number or a word.
fn is_counted(behind: &[&str]) -> bool {
    let near = behind.get(..4.min(behind.len())).unwrap_or_default();
    let number = |word: &&str| word.chars().all(|c| c.is_ascii_digit()) && word.chars().count() <= 3;
    near.iter().enumerate().any(|(at, word)| {
        let bare = word.trim_end_matches(|c: char| c.is_ascii_digit());
        let machine = MACHINES.iter().any(|known| known.chars().count() > 1 && bare == *known);
        // Node 20 is a version of a runtime.
        let version = bare == "node" && near.get(at + 1).is_some_and(|next| next.chars().count() > 1);
        let first = at == 0
            || near
                .get(..at)
                .is_some_and(|lead| lead.iter().all(|w| w.chars().count() < 5 || WHICH.contains(w)));
        // "The production server", "el servidor viejo", "no servidor de produção".
        let behind = near.get(at + 1..).unwrap_or_default();
        let which = near.get(..at).is_some_and(|lead| lead.iter().any(|w| WHICH.contains(w)))
            || behind.iter().take(2).any(|w| WHICH.contains(w)) && !ENGLISH.contains(&bare);
        is_compound(word) && first
            || machine
                && first
                && (bare.len() < word.len() && bare != "no"
                    || which
                    || near.get(at + 1).is_some_and(number) && !version)
    })
}

/// Machines whose kind stands in front of them.
const ENGLISH: &[&str] = &["node", "server", "host", "machine", "vm", "instance", "replica"];

/// "Produktionsserver", "Testrechner": which one is in the same word.
fn is_compound(word: &str) -> bool {
    #[rustfmt::skip] // beginnings of words, many to a line
    const KINDS: &[&str] = &["produktiv", "produktions", "test", "staging", "live", "ziel", "quell", "backup", "standby", "haupt", "neben", "neu", "alt"];
    let machine =
        ["server", "rechner", "maschine", "host", "system"].iter().find_map(|end| word.strip_suffix(end));
    machine.is_some_and(|kind| KINDS.contains(&kind))
}

/// "In the `db2` node": the name in backticks.
fn is_quoted(text: &str) -> bool {
    let parts: Vec<&str> = text.split('`').collect();
    parts.windows(3).step_by(2).any(|part| {
        let (before, after) = (folded(part[0]), folded(part[2]));
        let mut lead =
            before.rsplit(' ').filter(|w| !matches!(*w, "the" | "dem" | "der" | "le" | "la" | "el"));
        let named = after.split(' ').next().is_some_and(|w| w != "no" && MACHINES.contains(&w));
        let leads = lead.next().is_some_and(|w| ON.contains(&w) || OF.contains(&w));
        named && leads && !part[1].contains(' ')
    })
}

/// The part of a label that names a machine without saying which: "On the server:", "then on the offline server run
/// in /opt:". That matters where a document names two.
pub fn server(text: &str) -> Option<String> {
    let label = text.trim_end().trim_end_matches('*').ends_with([':', '：']);
    let clauses = text.split([',', '，', ';', '；', '。']);
    clauses.filter(|_| label).map(|clause| (clause, folded(clause))).find_map(|(clause, words)| {
        let split: Vec<&str> =
            words.split(' ').skip_while(|w| matches!(*w, "then" | "and" | "now")).collect();
        let near = split.get(1..5.min(split.len())).unwrap_or_default();
        let machine = |word: &&str| {
            word.chars().count() > 3
                && MACHINES.iter().any(|known| known.chars().count() > 3 && word.starts_with(known))
        };
        let led = split.first().is_some_and(|first| ON.contains(first)) && near.iter().any(machine);
        (led || is_login(&words) || is_joined_server(clause)).then(|| split.join(" "))
    })
}

/// "Log in to the server and run:", "SSH ke server, lalu jalankan:": what follows is run there.
fn is_login(words: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const LOGINS: &[&str] = &[
        "ssh to", "ssh into", "ssh onto", "log in to", "log into", "login to", "log on to", "connect to", "connect via ssh to", "ssh ke", "masuk ke", "login ke", "per ssh auf", "mit ssh auf", "verbinde dich mit", "verbinden sie sich mit", "melde dich auf", "melden sie sich auf", "auf dem server anmelden", "connectez vous a", "connectez vous au", "connectez vous sur",
        "se connecter a", "se connecter au", "se connecter sur", "connecte toi", "conectese al", "conectese a", "conectate al", "conectar al", "conectarse al", "acceda al", "accede al", "entrar al", "acesse o", "conecte se ao", "conecte se no", "conectar ao", "conectar no", "entre no", "acessar o", "collegati al", "collegarsi al", "accedi al", "accedere al", "connettiti al",
        "zaloguj sie na", "zaloguj sie do", "polacz sie z", "подключитесь к", "подключиться к", "подключаемся к", "зайдите на", "зайти на", "войдите на", "войти на", "підключіться до", "підключитися до", "зайдіть на", "увійдіть на", "sunucuya", "dang nhap vao", "ket noi den", "ket noi toi", "ket noi vao", "ssh vao", "log in op", "log in bij", "verbind met", "maak verbinding met",
    ];
    let Some(rest) = LOGINS.iter().find_map(|lead| words.strip_prefix(lead)) else { return false };
    let near = rest.split_whitespace().take(5);
    let machine =
        |word: &str| MACHINES.iter().any(|known| known.chars().count() > 3 && word.starts_with(known));
    near.into_iter().any(machine) || words.starts_with("sunucuya") || words.starts_with("auf dem server")
}

/// "在离线服务器上执行": the same without blanks.
fn is_joined_server(clause: &str) -> bool {
    const NOUNS: &[&str] = &["服务器", "伺服器", "机器", "機器", "主机", "主機", "节点", "節點"];
    let logs_in =
        ["登录", "登入", "登陆", "连接到", "连接", "連接", "SSH接続", "ログイン", "接続", "접속", "로그인"]
            .iter()
            .any(|word| clause.contains(word));
    if logs_in && ["服务器", "伺服器", "主机", "サーバ", "서버"].iter().any(|noun| clause.contains(noun))
    {
        return true;
    }
    let Some((_, rest)) = clause.split_once('在') else { return false };
    let near: String = rest.chars().take(16).collect();
    NOUNS.iter().any(|noun| near.contains(noun))
        && ["执行", "執行", "运行", "運行"].iter().any(|run| clause.contains(run))
}

/// Whether a command reaches other machines from where it is run.
pub fn reaches(command: &str) -> bool {
    #[rustfmt::skip] // programs, many to a line
    const REACH: &[&str] = &[
        "ssh", "scp", "sftp", "rsync", "mosh", "kubectl", "oc", "helm", "k9s", "ansible", "ansible-playbook", "terraform", "tofu", "aws", "gcloud", "az", "doctl", "hcloud", "talosctl", "knife", "salt", "pdsh", "fab", "cap", "flyctl", "fly", "heroku", "vagrant",
    ];
    let mut words = command.split_whitespace().skip_while(|word| *word == "sudo" || word.contains('='));
    words.next().is_some_and(|program| REACH.contains(&program))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machines_that_the_run_is_not_on() {
        for yes in [
            "On your own computer:",
            "Trên máy local:",
            "On the other servers, remove the data directory:",
            "On each node:",
            "Server nodes:",
            "Start it on all agent nodes:",
            "In the platform's shell tab:",
            "Auf dem eigenen Rechner:",
            "Auf allen Knoten:",
            "Sur chaque serveur :",
            "En cada nodo:",
            "На каждом узле:",
            "На локальной машине:",
            "在每个节点上执行：",
            "各ノードで：",
        ] {
            assert!(is_elsewhere(yes), "{yes}");
        }
        for no in [
            "On the server:",
            "In the folder of the application:",
            "On failure:",
            "Restart the service:",
            "Copy the scripts from the repository of the team on each node of the cluster:",
            "In all cases restart it:",
            "Build the image from your branch:",
            "On the first run it takes a minute:",
        ] {
            assert!(!is_elsewhere(no), "{no}");
        }
        assert!(is_only_on("mac only") && is_only_on("only on a mac") && !is_only_on("read only"));
    }

    #[test]
    fn one_machine_of_several_however_it_is_led_to() {
        for yes in [
            "Putty to node 1 (10.0.0.1):",
            "2. Putty to app-prod-backup",
            "On Node 1 as root:",
            "On node03:",
            "Delete the files in the `plane2` node to avoid errors later:",
            "Check if `a.db` exists in `/var/lib/net` of the new node, and if so, delete it:",
            "(`laptop#`) Write the image.",
            "Via the SSH terminal (if available):",
            "Via Terminal SSH (si disponible)",
            "Log in to server 2:",
        ] {
            assert!(names_one(yes), "{yes}");
        }
        for no in [
            "Install Node 20:",
            "Build it on Node 20:",
            "Switch to Node 20:",
            "Restart the node:",
            "On the server:",
            "(optional) Restart it:",
            "Log in to the server:",
            "In the `app` folder:",
            "Restart 2 of the services:",
        ] {
            assert!(!names_one(no), "{no}");
        }
        for yes in [
            "On the server:",
            "Sur le serveur :",
            "Auf dem Server:",
            "On a machine with internet access:",
            "Copy it, then on the offline server run in /opt/pkg:",
            "在一台能够访问互联网的服务器上执行：",
        ] {
            assert!(server(yes).is_some(), "{yes}");
        }
        for no in [
            "On failure:",
            "Start the server:",
            "In the folder of the application:",
            "On the server it is kept.",
        ] {
            assert!(server(no).is_none(), "{no}");
        }
        assert!(reaches("sudo kubectl drain web") && !reaches("service app stop"));
    }
}
