//! Whether what a destructive command takes away is lost for good.

use super::classify::{classify, compose_words, inside, unwrapped};
use super::parse::{Simple, parse};
use super::{Effect, quote, services};

/// Whether a destructive text loses data: not where all that is destructive in it stops something, or takes away what
/// can be started or made again.
pub fn loses_data(text: &str) -> bool {
    if classify(text).effect != Effect::Destructive {
        return false;
    }
    let simples = parse(text).unwrap_or_default().simples;
    let alone = |simple: &Simple| {
        let words: Vec<String> = simple.words.iter().map(|w| quote::quote(w)).collect();
        simple.overwrites.is_empty() && classify(&words.join(" ")).effect != Effect::Destructive
    };
    let (stopping, others): (Vec<&Simple>, Vec<&Simple>) = simples.iter().partition(|s| only_stops(s));
    stopping.is_empty() || !others.into_iter().all(alone)
}

/// Whether a command stops something, or takes away what can be made again, and nothing else.
fn only_stops(simple: &Simple) -> bool {
    let simple = &unwrapped(simple);
    let inner = inside(simple);
    if !inner.is_empty() {
        return inner.iter().any(only_stops) && inner.iter().all(|s| only_stops(s) || reads(s));
    }
    if compose_words(simple).is_some() {
        return !simple.has("-v") && !simple.has("--volumes");
    }
    let has = |words: &[&str]| simple.args().iter().any(|a| words.contains(&a.as_str()));
    match simple.program() {
        "docker" | "podman" | "nerdctl" => !has(&["volume", "volumes", "--volumes", "machine", "-v"]),
        "kubectl" | "oc" | "k3s" => {
            let kept = [
                "ns",
                "namespace",
                "namespaces",
                "pvc",
                "pv",
                "crd",
                "secret",
                "project",
                "--all",
                "all",
                "-f",
                "-k",
            ];
            !has(&kept) && !simple.args().iter().any(|a| kept.iter().any(|k| a.starts_with(&format!("{k}/"))))
        }
        "aws" | "gcloud" | "az" => has(&["stop", "stop-instances", "update-service", "deallocate"]),
        "systemctl" | "service" | "supervisorctl" | "pm2" | "nginx" | "apachectl" | "apache2ctl"
        | "initctl" | "sv" | "rc-service" | "kill" | "pkill" | "killall" | "fuser" | "taskkill"
        | "reboot" | "shutdown" | "init" | "poweroff" | "halt" | "helm" | "helmfile" | "iptables" | "nft"
        | "ufw" | "ip" | "apt" | "apt-get" | "yum" | "dnf" | "apk" | "dpkg" | "git" | "gh" | "npm"
        | "artisan" => true,
        "heroku" | "fly" | "flyctl" => has(&["scale"]) || simple.args().iter().any(|a| a.starts_with("ps:")),
        _ => services::stops(&simple.words.join(" ")) || has(&["down"]) && has(&["artisan"]),
    }
}

fn reads(simple: &Simple) -> bool {
    classify(&simple.words.join(" ")).effect == Effect::Reads
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lost_for_good_and_what_is_only_stopped() {
        for text in [
            "redis-cli FLUSHALL",
            "kubectl delete namespace shop",
            "kubectl -n shop delete pvc/data",
            "aws s3 rm s3://shop/old --recursive",
            "aws s3 rb s3://shop --force",
            "psql shop -c 'DROP TABLE a'",
            "docker compose exec -T db psql -c 'TRUNCATE a'",
            "terraform destroy",
            "terraform apply -destroy -auto-approve",
            "rm -rf /srv/shop/data",
            "echo > data/live.db",
            "docker volume rm shop_data",
            "docker compose down -v",
            "systemctl stop web && rm -rf /var/lib/shop",
            "ssh db 'systemctl stop postgresql; rm -rf /var/lib/postgresql'",
            "gsutil rm -r gs://shop",
            "zcat shop.sql.gz | mysql shop",
        ] {
            assert!(loses_data(text), "{text}");
        }
        for text in [
            "docker-compose down",
            "systemctl stop web",
            "ssh web 'sudo systemctl stop web'",
            "sudo systemctl stop web && docker stop db",
            "kubectl delete pod web-0",
            "kubectl -n shop scale deploy/web --replicas=0",
            "helm uninstall shop",
            "kill $(cat web.pid)",
            "docker rm -f web",
            "./ops/ctl web stop",
            "git push --force",
            "psql shop -c 'SELECT 1'",
            "terraform plan -destroy",
            "ls data/live.db",
        ] {
            assert!(!loses_data(text), "{text}");
        }
    }
}
