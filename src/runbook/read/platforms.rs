//! Headings side by side that are one thing on several platforms: "Docker deployment" and "Kubernetes deployment".

use std::collections::HashSet;

use super::super::vocabulary::around;
use super::super::words::{lower_words, numbered};

/// Where something can run, or what can put it there: of these one is meant.
#[rustfmt::skip] // words, many to a line
const PLATFORMS: &[&str] = &[
    "docker", "compose", "podman", "swarm", "kubernetes", "k8s", "k3s", "openshift", "helm", "kustomize", "nomad", "vercel", "netlify", "heroku", "render",
    "railway", "fly", "flyio", "dokku", "coolify", "aws", "ecs", "eks", "ec2", "fargate", "lambda", "beanstalk", "gcp", "gke", "azure", "aks", "cloudflare", "digitalocean", "hetzner",
    "systemd", "pm2", "supervisor", "supervisord", "bare", "metal", "vm", "vps", "ansible", "terraform", "pulumi", "cloudformation", "linux", "macos", "windows", "ubuntu", "debian",
    "centos", "rhel", "fedora", "alpine", "arch", "homebrew", "brew", "apt", "yum", "dnf", "snap", "binary", "source", "nginx", "apache", "caddy", "npm", "yarn", "pnpm", "bun", "pip", "poetry", "uv",
    "manual", "automatic", "automated", "gui", "cli", "dashboard", "console", "script", "github", "gitlab", "jenkins", "actions", "sqlite", "postgres", "postgresql", "mysql", "mariadb",
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

/// What a heading says of one of several: one of them is to be chosen.
#[rustfmt::skip] // words, many to a line
const CHOICES: &[&str] = &[
    "recommended", "preferred", "alternative", "alternatively", "legacy", "easiest", "fastest", "empfohlen", "bevorzugt", "recommandé", "recommandée", "recomendado", "recomendada", "consigliato", "raccomandato",
    "zalecane", "zalecany", "рекомендуется", "рекомендуемый", "önerilen", "khuyến nghị", "khuyên dùng", "aanbevolen", "推荐", "推薦", "推奨", "권장", "추천",
];
/// Words that join a platform to what is done.
const JOINING: &[&str] = &[
    "with", "using", "via", "on", "to", "for", "by", "the", "a", "an", "and", "or", "without", "mit", "avec",
    "con", "com", "auf", "using", "from",
];

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
    let plain = |w: &&String| !CHOICES.contains(&w.as_str()) && !JOINING.contains(&w.as_str());
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
    if ways < 2 || alone < 2 && ways < titles.len() {
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
