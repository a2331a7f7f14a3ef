//! What the words around a command say of it: that it is typed elsewhere, that a part of it is an example, that the
//! file that it reads takes the place of the data.

use super::super::comments::apart::heads_example;
use super::super::comments::headings;
use super::super::model::Command;
use super::super::parameters::{holes, mask};
use super::super::vocabulary::{Words, begins, has};
use super::trailing;
use crate::shell::{self, Kind};

/// Whether the sentence before a fence holds a command that opens another shell: "Run `docker run -it x bash`."
pub(super) fn leads_elsewhere(before: &str) -> bool {
    const OPENERS: &[&str] = &[
        "ssh",
        "docker",
        "docker-compose",
        "podman",
        "nerdctl",
        "kubectl",
        "oc",
        "lxc",
        "incus",
        "vagrant",
        "heroku",
        "fly",
        "flyctl",
        "gcloud",
        "multipass",
        "machinectl",
        "chroot",
    ];
    let spans = before.lines().last().unwrap_or("").split('`').skip(1).step_by(2);
    spans.into_iter().any(|text| {
        let program = text.split_whitespace().find(|word| *word != "sudo").unwrap_or("");
        OPENERS.contains(&program) && shell::classify(text).kind == Kind::Place
    })
}

/// Whether a comment names another place for what follows: "on your own computer", "in the Shell tab".
pub(super) fn is_elsewhere(comment: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const PLACES: Words = &[
        "on your own computer", "on your computer", "on your laptop", "on your local machine", "on the local machine",
        "on your machine", "from your laptop", "from your local machine", "on the other servers", "on the other nodes",
        "on the other server", "on the other node", "on all agents", "on the standby", "on the replica", "in the shell tab", "in the web console", "in the cloud shell",
        "auf deinem rechner", "auf dem eigenen rechner", "auf ihrem rechner", "sur votre machine", "sur votre poste",
        "sur ta machine", "en tu máquina", "en su máquina", "en tu ordenador", "na sua máquina", "no seu computador",
        "sul tuo computer", "sulla tua macchina", "na swoim komputerze", "на своём компьютере", "на своем компьютере",
        "на локальной машине", "на локальній машині", "yerel makinede", "kendi bilgisayarınızda", "trên máy local",
        "trên máy tính của bạn", "trên máy cá nhân", "op je eigen computer", "di komputer lokal", "di laptop anda", "在本地机器", "在本地电脑",
        "本地执行", "ローカルマシン", "手元のマシン", "로컬 머신", "내 컴퓨터", "shell 탭", "shell タブ",
    ];
    has(comment, PLACES)
}

/// Whether words tell to put something else in place of a part of a command, or call a part of it an example.
pub(super) fn holds_sample(command: &Command, above: &str, before: &str) -> bool {
    let behind = trailing::comment_behind(&command.text).unwrap_or("");
    let label = before.lines().last().unwrap_or("");
    let text = command.text.split(" #").next().unwrap_or(&command.text);
    let told = || [above, label].iter().flat_map(|words| examples(words)).any(|word| holds(text, &word));
    replaces(behind) || above.lines().any(replaces) || told()
}

/// Whether words such as "For example:" lead to a value that is set: which one it is differs from run to run.
pub(super) fn sets_sample(command: &Command, above: &str, before: &str) -> bool {
    let label = before.lines().last().unwrap_or("");
    let led = [above.lines().last().unwrap_or(""), label].iter().any(|words| heads_example(words));
    let name =
        command.text.strip_prefix("export ").unwrap_or(&command.text).split_once('=').map(|(name, _)| name);
    let set = name.is_some_and(|name| {
        name.len() > 1 && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
    });
    led && set && !command.text.contains([' ', '\n', '$'])
}

/// "Replace it with the address", "with your own id".
fn replaces(comment: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const BEGINS: Words = &[
        "replace it with", "replace with", "replace this with", "replace these with", "replace by", "change to your",
        "change it to your", "change this to your", "change this", "change me", "changeme", "replaceme", "replace me", "use your own", "use your", "put your", "adjust to your", "adapt to your",
        "ersetzen durch", "durch eigene", "anpassen", "bitte anpassen", "à remplacer", "remplacer par", "remplacez par",
        "à adapter", "reemplazar por", "reemplaza por", "cambiar por", "cambia por", "substituir por", "substitua por",
        "troque por", "altere para", "sostituire con", "sostituisci con", "zamień na", "zmień na", "podmień na", "замените на",
        "заменить на", "поменяйте на", "замініть на", "kendi", "ile değiştirin", "ganti dengan", "thay bằng", "thay thế bằng",
        "vervang door", "替换为", "替換為", "改成你的", "改为你的", "修改为", "に置き換え", "を置き換え", "に変更して", "로 변경", "로 바꾸",
    ];
    #[rustfmt::skip] // words, many to a line
    const HAS: Words = &[
        "with your own", "by your own", "with your actual", "with the actual", "to your own", "replace it with the", "or wherever", "wherever you", "wherever your", "wherever the", "or where you", "or your path", "or your own", "oder wo", "wo auch immer", "bzw. wo", "ou là où", "ou l'endroit", "où que", "o donde", "donde sea", "donde esté", "ou onde", "onde estiver", "onde quer que", "o dove", "dove si trova", "lub tam gdzie", "или где", "или туда где", "або де", "veya nerede", "hoặc nơi", "atau di mana", "替换成", "置き換えてください",
    ];
    let own = begins(comment, BEGINS);
    let vague = begins(comment, &["use your", "kendi"]) && !has(comment, &["your own"]);
    own && !vague || has(comment, HAS)
}

/// What a text calls an example: "(e.g. `/store/eu`)", "例：staging".
fn examples(text: &str) -> Vec<String> {
    #[rustfmt::skip] // words, many to a line
    const MARKS: &[&str] = &[
        "e.g. ", "e.g.: ", "e.g., ", "for example ", "for example, ", "for example: ", "z. B. ", "z.B. ", "p. ex. ", "par exemple ", "(ex. ", "(ex.: ", "(ex : ", "(ex: ",
        "p.ej. ", "p. ej. ", "por ejemplo ", "por ejemplo, ", "por exemplo ", "por exemplo, ", "ad es. ", "ad esempio ", "np. ", "na przykład ", "например ",
        "например, ", "наприклад ", "напр. ", "örneğin ", "örn. ", "ví dụ ", "ví dụ: ", "bijv. ", "misalnya ", "contoh: ", "例：", "例:", "例えば", "例如：", "例如", "比如", "예: ", "예시: ",
    ];
    let lower = text.to_lowercase();
    let mut found = Vec::new();
    for mark in MARKS {
        let mark = mark.to_lowercase();
        for (at, _) in lower.match_indices(&mark) {
            let rest = lower.get(at + mark.len()..).unwrap_or("").trim_start();
            let quoted = rest.strip_prefix('`').and_then(|inner| inner.split('`').next());
            let word = quoted.unwrap_or_else(|| {
                rest.split([' ', ',', ')', '）', ';', '、', '。', '\n']).next().unwrap_or("")
            });
            found.push(word.trim_matches(|c: char| "\"'“”„«».：:".contains(c)).to_owned());
        }
    }
    found
}

/// Whether a command has a word, or a part of one between signs, and more than that.
fn holds(text: &str, word: &str) -> bool {
    let lower = text.to_lowercase();
    let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '-' && c != '_');
    let telling = word.chars().count() > 2 && !word.contains(' ') && !shell::classify::is_known_program(word);
    telling
        && lower.match_indices(word).any(|(at, _)| {
            at > 0
                && edge(lower.get(..at).and_then(|head| head.chars().next_back()))
                && edge(lower.get(at + word.len()..).and_then(|rest| rest.chars().next()))
        })
}

/// Whether a command reads a dump into a database where the words around it speak of a restore: what is there is lost.
pub(super) fn restores_dump(command: &Command, words: &[&str]) -> bool {
    let dump = |file: &str| {
        let file = file.trim_matches(['"', '\'']);
        [".sql", ".dump", ".sql.gz", ".bak", ".rdb", ".archive"].iter().any(|end| file.ends_with(end))
    };
    let text = command.text.as_str();
    // The signs around a placeholder are no redirection.
    let masked = mask(text, &holes(text));
    let fed = masked.rfind('<').filter(|at| !masked.get(..*at).unwrap_or("").ends_with('<'));
    let file = fed.and_then(|at| text.get(at + 1..)?.split_whitespace().next()).is_some_and(dump);
    file && feeds_database(text) && words.iter().any(|words| headings::restores(words))
}

/// Whether a command starts a client of a database, here or in a container.
pub fn feeds_database(text: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const CLIENTS: &[&str] = &[
        "psql", "mysql", "mariadb", "sqlite3", "mongo", "mongosh", "mongorestore", "pg_restore", "cqlsh", "clickhouse-client",
        "sqlcmd", "redis-cli", "cockroach", "influx", "sql",
    ];
    text.split(|c: char| c.is_whitespace() || "\"'".contains(c))
        .any(|word| CLIENTS.contains(&word.rsplit('/').next().unwrap_or(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_are_found_in_the_words() {
        assert_eq!(examples("**To serve it elsewhere** (e.g. `/store/eu`):"), ["/store/eu"]);
        assert_eq!(examples("環境ディレクトリに移動（例：staging）"), ["staging"]);
        assert_eq!(examples("в папку, например prod"), ["prod"]);
        assert_eq!(examples("Start it"), [""; 0]);
        assert!(holds("cd terraform/environments/staging", "staging"));
        assert!(!holds("cd /srv/staging-old", "staging"));
        assert!(!holds("docker ps", "docker"));
    }

    #[test]
    fn words_that_ask_for_another_value() {
        for text in [
            "Replace it with the address you got before",
            "replace with the id of your old store",
            "替换为你的地址",
            "замените на свой адрес",
            "CHANGEME (as necessary)",
        ] {
            assert!(replaces(text), "{text}");
        }
        for text in ["Replace the old configuration", "change to the folder", "use your eyes", "restart it"] {
            assert!(!replaces(text), "{text}");
        }
    }

    #[test]
    fn words_that_name_another_place() {
        assert!(leads_elsewhere("Run `kubectl exec -it web-1 -- bash` and type:"));
        assert!(leads_elsewhere("Open a shell with `ssh deploy@web1`:"));
        assert!(!leads_elsewhere("Run `kubectl get pods` and look:"));
        assert!(!leads_elsewhere("Leave it with `exit`, then:"));
        assert!(is_elsewhere("On your own computer:"));
        assert!(is_elsewhere("Trên máy local:"));
        assert!(!is_elsewhere("Start the server"));
    }
}
