//! Tells what kind of command a text is and what effect it has.
//!
//! *Reads* is an allow-list: what is not known changes something.

use super::parse::{Parsed, parse};

mod classified;
mod effects;
mod elsewhere;
mod follow;
mod inside;
mod kinds;
mod options;
mod programs;
mod shells;
mod world;
mod wrappers;

pub use classified::{Classified, Effect, Kind};
pub(crate) use elsewhere::{SSH_WITH_VALUE, compose_words, ssh_remote_words};
pub(crate) use inside::inside;
pub(super) use inside::options_of;
pub use shells::opens_shell;
pub(crate) use shells::{Way, opened};
pub(crate) use wrappers::unwrapped;

/// Classifies one command. What the grammar does not take changes something.
pub fn classify(text: &str) -> Classified {
    let asks = |kind| if kind == Kind::Run && selects(text) { Kind::Interactive } else { kind };
    let Some(parsed) = parse(text) else {
        return Classified { kind: asks(Kind::Run), effect: Effect::Changes, sensitive: false };
    };
    let kind = if parsed.only_defines { Kind::Run } else { asks(kinds::kind(&parsed)) };
    Classified { kind, effect: effects::effect(&parsed), sensitive: sensitive(&parsed) }
}

/// Whether a text asks whoever is there for words, with the shell's own `read` or `select`.
pub fn asks_for_words(text: &str) -> bool {
    selects(text) || parse(text).is_some_and(|parsed| parsed.simples.iter().any(|s| s.program() == "read"))
}

/// Whether a text asks with `select`, which the grammar does not take.
fn selects(text: &str) -> bool {
    let fed = text.contains("done <") && !text.contains("/dev/tty");
    let begins = |rest: &str| {
        let mut words = rest.split_whitespace();
        let name = words.next().unwrap_or("");
        name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && words.next().is_some_and(|w| matches!(w.trim_end_matches(';'), "in" | "do"))
    };
    let at_start = |at: usize| {
        let before = text[..at].trim_end_matches([' ', '\t']);
        before.is_empty()
            || before.ends_with(['\n', ';', '&', '|', '{', '('])
            || before.ends_with("do")
            || before.ends_with("then")
    };
    !fed && text.match_indices("select ").any(|(at, word)| at_start(at) && begins(&text[at + word.len()..]))
}

/// What SQL does: reads, changes, or loses data.
pub fn sql_effect(text: &str) -> Effect {
    programs::sql_effect(text)
}

/// Whether `word` is a program that runbooks call, used to tell commands from sentences.
pub fn is_known_program(word: &str) -> bool {
    let word = word.rsplit('/').next().unwrap_or(word);
    KNOWN.contains(&word)
        || programs::READERS.contains(&word)
        || ["date", "hostname", "dmesg", "ss", "uniq", "yq", "tree", "xxd"].contains(&word)
}

#[rustfmt::skip] // words, many to a line
const KNOWN: &[&str] = &[
    "git", "docker", "docker-compose", "podman", "npm", "npx", "yarn", "pnpm", "node", "python", "python3",
    "pip", "pip3", "kubectl", "helm", "terraform", "ansible", "ansible-playbook", "psql", "pg_dump",
    "pg_restore", "mysql", "mysqldump", "redis-cli", "mongosh", "curl", "wget", "ssh", "scp", "rsync", "sudo",
    "su", "systemctl", "service", "journalctl", "make", "cargo", "go", "mvn", "gradle", "rm", "cp", "mv",
    "mkdir", "chmod", "chown", "touch", "ln", "tar", "gzip", "gunzip", "unzip", "kill", "pkill", "killall",
    "export", "source", "nano", "vim", "vi", "nginx", "apt", "apt-get", "yum", "dnf", "brew", "aws", "gcloud",
    "az", "vault", "watch", "time", "sqlite3", "createdb", "dropdb", "crontab", "tee", "xargs", "bash", "sh",
    "exit", "supervisorctl", "pm2", "certbot", "openssl", "gh", "rpm", "dpkg", "apk", "zypper", "pacman", "flatpak",
    "iptables", "ufw", "firewall-cmd", "mongo", "mongodump", "mongorestore", "etcdctl", "flyctl", "heroku", "pulumi",
    "tofu", "kustomize", "skaffold", "argocd", "istioctl", "crictl", "nerdctl", "minikube", "rabbitmqctl", "cqlsh",
    "nodetool", "clickhouse-client", "pg_basebackup", "pg_ctl", "pg_dumpall", "vacuumdb", "mysqladmin", "mariadb",
    "mariadb-dump", "useradd", "usermod", "groupadd", "hostnamectl", "timedatectl", "a2ensite", "a2enmod",
    "apachectl", "composer", "rake", "bundle", "poetry", "pipenv", "gunicorn", "alembic", "dotnet", "gpg",
    "keytool", "htpasswd", "sysctl", "modprobe", "patronictl", "pgbackrest", "restic", "velero", "kubeadm", "eksctl",
];

fn sensitive(parsed: &Parsed) -> bool {
    parsed.simples.iter().map(unwrapped).any(|s| match s.program() {
        "printenv" | "env" if s.words.len() == 1 => true,
        "printenv" => true,
        "cat" | "less" | "more" | "head" | "tail" | "bat" => s.args().iter().any(|a| holds_credentials(a)),
        "set" => s.words.len() == 1,
        "docker" | "podman" if s.has("inspect") => true,
        "docker" | "docker-compose" | "podman" | "kubectl" => {
            s.args().iter().any(|a| a == "printenv" || a == "env")
                || compose_words(&s).is_some_and(|w| w.first().is_some_and(|a| a == "config"))
                || (s.has("get") && s.args().iter().any(|a| a.starts_with("secret")))
        }
        "aws" => s.has("get-secret-value") || s.has("--with-decryption"),
        "vault" => s.has("read") || s.has("kv"),
        _ => false,
    })
}

fn holds_credentials(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    name.starts_with(".env")
        || name.ends_with(".env")
        || name.ends_with(".pem")
        || name.ends_with(".key")
        || name.starts_with("id_")
        || ["secret", "credential", "password", ".pgpass", ".netrc"].iter().any(|w| name.contains(w))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: Kind, effect: Effect, texts: &[&str]) {
        for text in texts {
            let found = classify(text);
            assert_eq!((found.kind, found.effect), (kind, effect), "{text}");
        }
    }

    #[test]
    fn text_in_any_language_is_read_whole() {
        let queries = [
            "SELECT 1 AS \\\"Größe (MB)\\\"",
            "SELECT pg_size_pretty(größe) FROM größen",
            "SELECT '数据 (MB)' AS \\\"名前\\\"",
            "SELECT 'ſ', 'İ', '🚀('",
        ];
        for query in queries {
            for client in
                ["psql -c", "mysql -e", "sqlite3 a.db", "mongosh --eval", "docker exec db psql -U app -c"]
            {
                let text = format!("{client} \"{query}\"");
                let _kind = classify(&text);
                // Wherever it is cut, as while somebody types it.
                for (cut, _) in text.char_indices() {
                    let _kind = classify(&text[..cut]);
                }
            }
        }
    }

    #[test]
    fn commands_that_read() {
        check(
            Kind::Run,
            Effect::Reads,
            &[
                "git log --oneline | head -3",
                "docker-compose ps",
                "df -h",
                "ls -lh \"/backups/$BACKUP_FILE\"",
                "curl http://localhost:3030/health",
                "curl -s http://h | jq '.result[] | select(.name | contains(\"x\"))'",
                "psql -h postgres -U postgres -d d -c \"SELECT version();\"",
                "psql -d d -c \"\\dt a.b\"",
                "docker-compose logs --tail=50 api | grep -i error",
                "docker stats --no-stream",
                "lsof -i :3030",
                "sleep 10",
                "cd /opt/x",
                "docker exec db psql -U x -c 'SELECT 1'",
                "export PGPASSWORD=\"$POSTGRES_PASSWORD\"",
                "docker-compose exec api printenv | grep POSTGRES",
                "./service status",
            ],
        );
    }

    #[test]
    fn commands_that_change() {
        check(
            Kind::Run,
            Effect::Changes,
            &[
                "pg_dump -d x > /backups/f",
                "export A=\"b_$(date +%s)\"",
                "X=$RANDOM",
                "curl -X POST http://h/x -d '{}'",
                "git checkout v1",
                "docker-compose up -d",
                "docker-compose stop api",
                "./service stop",
                "psql -d d -f m.sql",
                "psql -d d -c \"SELECT lo_unlink(3)\"",
                "some-unknown-tool",
                "echo $(some-tool)",
                "ls > files",
                "docker tag a b",
                "cat < <(some-tool)",
                "alias ls='rm'",
                "export PATH=/evil:$PATH",
                "find . -fprintf out x",
                "sed -n 'w out' x",
                "date -s 2020-01-01",
                "hostname newname",
                "dmesg -c",
                "ss -K dst 1",
                "ls | tee file",
                "cat a | xargs touch",
                "f() { touch x; }",
                "sed -i s/a/b/ f",
            ],
        );
    }

    #[test]
    fn commands_that_destroy() {
        check(
            Kind::Run,
            Effect::Destructive,
            &[
                "docker-compose down",
                "docker compose -f a.yml down -v",
                "psql -d d < \"/backups/$F\"",
                "kill -9 $(lsof -t -i:3030)",
                "curl -X DELETE http://h/collections/x",
                "psql -d d <<EOF\nDELETE FROM t;\nEOF",
                "rm -rf /x",
                "sudo rm -r /x",
                "git push --force",
                "terraform destroy -auto-approve",
                "kubectl delete pod x",
                "redis-cli FLUSHALL",
                "dropdb x",
                "find . -delete",
                "git reset --hard HEAD~1",
                "psql -c 'DROP TABLE x'",
                "docker exec db psql -U x -c 'DROP TABLE y'",
                "docker compose exec -T db psql -U x < dump.sql",
                "gunzip -c a.gz | docker exec -i db psql -U x",
                "ssh web1 'find /srv -mtime +3 | xargs rm -rf'",
                "sudo sh -c 'rm -rf /srv/old'",
                "find . -exec rm -rf {} \\;",
                "kubectl exec db-0 -- redis-cli FLUSHALL",
                "kubectl scale deploy/api --replicas=0",
                "npx prisma migrate reset",
                "fly postgres restore --app x",
                "./service restore backup.db",
            ],
        );
    }

    #[test]
    fn kinds_by_what_the_program_does() {
        check(
            Kind::Interactive,
            Effect::Changes,
            &["nano .env", "psql -d x", "docker exec -it db psql -U x", "read -p 'go on? ' x"],
        );
        check(
            Kind::Place,
            Effect::Changes,
            &["ssh user@host", "sudo -i", "su - deploy", "docker exec -it api bash", "exit"],
        );
        check(
            Kind::Follow,
            Effect::Reads,
            &[
                "docker-compose logs -f api",
                "tail -f /var/log/x",
                "docker compose -f prod.yml logs -f api",
                "watch -n 30 'curl -s http://h/health || echo \"DOWN\"'",
                "while true; do\n  date\n  sleep 300\ndone",
            ],
        );
        check(
            Kind::Run,
            Effect::Changes,
            &["ssh host 'systemctl restart x'", "docker exec api bash -c 'make'"],
        );
    }

    #[test]
    fn output_that_holds_credentials() {
        for text in
            ["cat .env", "printenv", "docker inspect x", "cat .env | grep A", "kubectl get secret x -o yaml"]
        {
            assert!(classify(text).sensitive, "{text}");
        }
        assert!(!classify("cat README.md").sensitive);
    }
}
