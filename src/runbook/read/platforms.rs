//! Headings side by side that are one thing on several platforms: "Docker deployment" and "Kubernetes deployment".

use std::collections::HashSet;

use super::super::vocabulary::{Terms, around, folded};
use super::super::words::{lower_words, numbered};

/// Where something can run, or what can put it there: of these one is meant.
#[rustfmt::skip] // words, many to a line
const PLATFORMS: &[&str] = &[
    "docker", "compose", "podman", "swarm", "kubernetes", "k8s", "k3s", "kubectl", "openshift", "helm", "kustomize", "argocd", "flux", "nomad", "vercel", "netlify", "heroku", "render",
    "railway", "fly", "flyio", "dokku", "coolify", "aws", "ecs", "eks", "ec2", "fargate", "lambda", "beanstalk", "gcp", "gke", "azure", "aks", "cloudflare", "digitalocean", "hetzner",
    "systemd", "pm2", "supervisor", "supervisord", "bare", "metal", "vm", "vps", "ansible", "terraform", "pulumi", "cloudformation", "linux", "macos", "windows", "ubuntu", "debian",
    "oracle", "rocky", "almalinux", "alma", "amazon", "suse", "opensuse", "raspbian", "wsl", "wsl2", "centos", "rhel", "fedora", "alpine", "arch", "homebrew", "brew", "apt", "yum", "dnf", "snap", "binary", "source", "nginx", "apache", "caddy", "npm", "yarn", "pnpm", "bun", "pip", "poetry", "uv",
    "redhat", "red", "hat", "rds", "cloudsql", "hosted", "self", "managed", "onprem", "premise", "premises", "cloud", "manual", "automatic", "automated", "gui", "cli", "dashboard", "console", "script", "github", "gitlab", "jenkins", "actions", "sqlite", "postgres", "postgresql", "mysql", "mariadb",
];
/// Systems of which a machine has one.
#[rustfmt::skip] // words, many to a line
const SYSTEMS: &[&str] = &[
    "linux", "macos", "windows", "ubuntu", "debian", "oracle", "rocky", "almalinux", "alma", "suse", "opensuse", "centos", "rhel", "fedora", "alpine", "arch", "redhat", "red", "hat", "amazon", "raspbian", "wsl", "wsl2",
];
/// What a deployment may have of each kind, beside something of another.
const APART: &[&[&str]] =
    &[&["nginx", "apache", "caddy"], &["sqlite", "postgres", "postgresql", "mysql", "mariadb"]];
/// Of these one is deployed to: counted side by side they may be one after another, or a choice.
#[rustfmt::skip] // words, many to a line
const TARGETS: &[&str] = &[
    "docker", "compose", "podman", "swarm", "kubernetes", "k8s", "k3s", "openshift", "helm", "nomad", "vercel", "netlify", "heroku", "render", "railway", "fly", "flyio", "dokku", "coolify", "aws", "ecs",
    "eks", "ec2", "fargate", "lambda", "gcp", "gke", "azure", "aks", "cloudflare", "digitalocean", "hetzner", "systemd", "pm2", "bare", "vm", "vps", "jar", "war", "ansible", "terraform",
];

/// Which of counted headings deploy to something of which another one names a different one: "17.1 Deploy the jar",
/// "17.2 Deploy with Docker Compose".
pub(super) fn counted_targets(titles: &[&str]) -> Vec<bool> {
    let named = |title: &&str| {
        let words = lower_words(title);
        let deploys = words
            .iter()
            .any(|w| w.starts_with("deploy") || w.starts_with("déploi") || w.starts_with("despl"));
        let target = words.iter().find(|w| TARGETS.contains(&w.as_str())).cloned();
        target.filter(|_| deploys || super::super::vocabulary::is_deployment(title))
    };
    let targets: Vec<Option<String>> = titles.iter().map(named).collect();
    // With something else between them they are done one after another.
    let differs = |at: usize, beside: Option<usize>| {
        let other = beside.and_then(|beside| targets.get(beside)?.as_ref());
        targets.get(at).and_then(Option::as_ref).zip(other).is_some_and(|(one, other)| one != other)
    };
    let may_be = |at: usize| differs(at, at.checked_sub(1)) || differs(at, Some(at + 1));
    (0..targets.len()).map(may_be).collect()
}

/// Kinds of deployments, of which a release is one.
#[rustfmt::skip] // words, many to a line
static KINDS: Terms = Terms::of(&[
    "standard", "regular", "normal", "routine", "hotfix*", "hot fix", "canary", "breaking", "blue green", "rolling", "emergency", "urgent", "patch", "minor", "major", "zero downtime", "local", "planned", "unplanned", "scheduled",
    "geplant*", "notfall*", "lokal*", "locale", "urgence", "urgente", "emergencia", "emergenza", "programad*", "локальн*", "экстренн*", "планов*", "обычн*", "awaryjn*", "planowan*", "yerel", "acil", "khan cap", "darurat",
    "金丝雀", "灰度", "滚动", "蓝绿", "热修复", "紧急", "标准", "常规", "本地", "本机", "ローカル", "カナリア", "緊急", "通常", "ホットフィックス", "로컬", "카나리", "긴급", "핫픽스",
]);
/// What there are such kinds of.
#[rustfmt::skip] // words, many to a line
static RELEASES: Terms = Terms::of(&[
    "deploy*", "release*", "rollout*", "upgrade*", "update*", "deploiement*", "mise en production", "despliegue*", "actualizacion*", "implantac*", "atualizac*", "bereitstellung*", "auslieferung*", "rilasci*", "distribuzion*", "wdrozen*",
    "развертывани*", "деплой*", "релиз*", "обновлени*", "оновлен*", "dagitim*", "trien khai", "rilis", "部署", "发布", "上线", "升级", "更新", "デプロイ", "リリース", "배포", "업데이트",
]);
/// What a heading says of the one that is taken where nothing else is said.
#[rustfmt::skip] // words, many to a line
static DEFAULTS: Terms = Terms::of(&[
    "default", "recommended", "preferred", "standardmassig", "empfohlen", "par defaut", "recommande*", "por defecto", "predeterminad*", "recomendad*", "padrao", "predefinit*", "consigliat*", "raccomandat*", "domyslnie", "zalecan*",
    "по умолчанию", "рекомендуетс*", "рекомендуем*", "varsayilan", "onerilen", "mac dinh", "khuyen nghi", "bawaan", "默认", "预设", "推荐", "デフォルト", "推奨", "기본", "권장",
]);
/// Ways of running the same thing.
#[rustfmt::skip] // words, many to a line
static MODES: Terms = Terms::of(&[
    "mode", "modus", "modo", "modalita", "tryb", "режим", "mod", "che do", "模式", "モード", "모드", "overlay", "local", "lokal*", "locale", "локальн*", "本地", "本机", "ローカル", "로컬",
]);

/// Which headings name a kind of deployment beside another kind ("Standard release", "Canary release"), or one of several
/// modes or platforms of which one is called the default: nothing says that they follow one another.
pub(super) fn kinds(titles: &[&str]) -> Vec<bool> {
    let plain = |title: &&str| numbered(title).map_or_else(|| (*title).to_owned(), |(_, rest)| rest);
    let titles: Vec<String> = titles.iter().map(plain).collect();
    // "Deploy the canary" is a step, "Canary deployment" is one of several.
    let kind = |title: &String| {
        let text = folded(title.split(['(', '（']).next().unwrap_or(title));
        let (kind, release) = (KINDS.find(&text)?, RELEASES.find(&text)?);
        (kind < release).then(|| text.get(kind..release).unwrap_or("").trim().to_owned())
    };
    let named: Vec<Option<String>> = titles.iter().map(kind).collect();
    let distinct: HashSet<&String> = named.iter().flatten().collect();
    let target = |title: &String| lower_words(title).iter().any(|w| TARGETS.contains(&w.as_str()));
    let is_default = |title: &String| {
        target(title) && title.split(['(', '（']).skip(1).any(|inside| DEFAULTS.stand_in(inside))
    };
    let defaults = titles.iter().any(is_default);
    let mode = |title: &String| {
        target(title) || MODES.stand_in(title) || super::super::vocabulary::is_deployment(title)
    };
    let moded = titles.iter().filter(|title| mode(title)).count() > 1;
    let several = |(title, named): (&String, &Option<String>)| {
        distinct.len() > 1 && named.is_some() || defaults && moded && mode(title)
    };
    titles.iter().zip(&named).map(several).collect()
}

/// What a heading says of one of several: one of them is to be chosen.
#[rustfmt::skip] // words, many to a line
const CHOICES: &[&str] = &[
    "recommended", "preferred", "alternative", "alternatively", "legacy", "easiest", "fastest", "empfohlen", "bevorzugt", "recommandé", "recommandée", "recomendado", "recomendada", "consigliato", "raccomandato",
    "zalecane", "zalecany", "рекомендуется", "рекомендуемый", "önerilen", "khuyến nghị", "khuyên dùng", "aanbevolen", "推荐", "推薦", "推奨", "권장", "추천",
];
/// Words that join a platform to what is done.
const JOINING: &[&str] = &[
    "with", "using", "via", "on", "to", "for", "by", "the", "a", "an", "and", "or", "without", "mit", "avec",
    "con", "com", "auf", "using", "from", "no", "na", "em", "en", "sur", "im", "in", "на", "в", "для",
    "pour", "para", "für", "lts", "users", "hosts", "server", "servers", "systems", "based",
];

/// Whether a label names a platform and nothing else: "RDS (AWS):", "Self-hosted:".
pub(super) fn is_one(label: &str) -> bool {
    let words = lower_words(label);
    let plain = words.iter().filter(|word| !JOINING.contains(&word.as_str()));
    label.trim_end().ends_with([':', '：'])
        && (1..=3).contains(&words.len())
        && plain.clone().count() > 0
        && plain.into_iter().all(|word| PLATFORMS.contains(&word.as_str()))
}

/// The names of headings that are several ways side by side; none for a heading that is not one of them.
pub(super) fn parallel(titles: &[&str]) -> Vec<Option<String>> {
    let none = vec![None; titles.len()];
    // What is counted is done one after another.
    if titles.len() < 2 || titles.iter().any(|title| numbered(title).is_some()) {
        return none;
    }
    let words: Vec<Vec<String>> = titles.iter().map(|title| lower_words(title)).collect();
    let chosen = |words: &[String]| {
        words.iter().any(|w| CHOICES.contains(&w.as_str()))
            || words.iter().any(|w| CHOICES.iter().any(|c| !c.is_ascii() && w.contains(c)))
    };
    let plain = |w: &&String| {
        let version = w.bytes().all(|b| b.is_ascii_digit());
        !version && !CHOICES.contains(&w.as_str()) && !JOINING.contains(&w.as_str())
    };
    let mut once: HashSet<&str> = HashSet::new();
    let mut several: HashSet<&str> = HashSet::new();
    for title in &words {
        let own: HashSet<&str> = title.iter().map(String::as_str).collect();
        several.extend(own.into_iter().filter(|word| !once.insert(word)));
    }
    let shared = |word: &String| several.contains(word.as_str());
    let own = |words: &[String]| -> Vec<String> {
        words.iter().filter(plain).filter(|w| !shared(w)).cloned().collect()
    };
    let platform = |words: &[String]| {
        let own = own(words);
        !own.is_empty() && own.iter().all(|w| PLATFORMS.contains(&w.as_str()))
    };
    let some_chosen = words.iter().any(|words| chosen(words));
    let is_way = |at: usize| {
        let Some((words, title)) = words.get(at).zip(titles.get(at)) else { return false };
        let common = words.iter().filter(plain).any(shared);
        let goes_with = around(title).is_some() && !platform(words);
        !goes_with && (platform(words) || some_chosen && common && own(words).len() <= 2)
    };
    let found: Vec<bool> = (0..titles.len()).map(is_way).collect();
    // A database and a web server are no two ways of one thing.
    let kind = |at: usize| {
        let own = words.get(at).map(|words| own(words)).unwrap_or_default();
        APART.iter().position(|kind| own.iter().any(|word| kind.contains(&word.as_str())))
    };
    let beside =
        |at: usize| (0..titles.len()).any(|other| other != at && found[other] && kind(other) == kind(at));
    let found: Vec<bool> = (0..titles.len()).map(|at| found[at] && beside(at)).collect();
    let ways = found.iter().filter(|way| **way).count();
    // One platform beside something else is a step beside another.
    let alone = words
        .iter()
        .zip(&found)
        .filter(|(words, way)| **way && words.iter().filter(plain).any(shared))
        .count();
    // "In Debian", "In Red Hat": no machine is both.
    let systems = words
        .iter()
        .zip(&found)
        .filter(|(words, way)| **way && own(words).iter().all(|word| SYSTEMS.contains(&word.as_str())));
    if ways < 2 || alone < 2 && ways < titles.len() && systems.count() < 2 {
        return none;
    }
    titles.iter().zip(found).map(|(title, way)| way.then(|| title.trim().to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(titles: &[&str]) -> usize {
        parallel(titles).iter().flatten().count()
    }

    #[test]
    fn one_thing_on_several_platforms_is_a_choice() {
        assert_eq!(count(&["Vercel Deployment (Recommended)", "Docker Deployment"]), 2);
        assert_eq!(count(&["Docker deployment", "Kubernetes deployment", "Post-deployment checks"]), 2);
        assert_eq!(count(&["Using Docker Compose", "Using systemd"]), 2);
        assert_eq!(count(&["Quick start (recommended)", "Manual start"]), 2);
        assert_eq!(count(&["Docker", "Kubernetes"]), 2);
        assert_eq!(count(&["Docker 部署（推荐）", "PM2 部署"]), 2);
    }

    #[test]
    fn counted_ones_may_be_a_choice() {
        assert_eq!(counted_targets(&["1. Deploy the jar", "2. Deploy with Docker Compose"]), [true, true]);
        assert_eq!(counted_targets(&["1. Docker", "2. Nginx", "3. Deploy with Docker"]), [false; 3]);
        assert_eq!(counted_targets(&["Deploy to EKS", "Smoke test", "Deploy to GKE"]), [false; 3]);
    }

    #[test]
    fn parts_of_one_deployment_are_none() {
        assert_eq!(count(&["Backend deployment", "Frontend deployment"]), 0);
        assert_eq!(count(&["Database migration", "Docker image"]), 0);
        assert_eq!(count(&["Build", "Push", "Restart"]), 0);
        assert_eq!(count(&["1. Docker", "2. Kubernetes"]), 0);
        assert_eq!(count(&["Configure nginx", "Restart systemd"]), 0);
        assert_eq!(count(&["Configure nginx", "Configure PostgreSQL"]), 0);
        assert_eq!(count(&["PM2 설정", "Nginx 설정"]), 0);
        assert_eq!(count(&["Configure nginx", "Configure Apache"]), 2);
    }
}
