//! Names of environments: what is called "prod" or "live" is production.

use super::words::{lower_words, numbered};

/// Words for one environment, each row in several languages and abbreviations; the first is its name.
#[rustfmt::skip] // words, many to a line
const STAGES: &[&[&str]] = &[
    &["preproduction", "preprod", "preprd", "préproduction", "preproducción", "vorproduktion", "预生产", "準本番"],
    &["production", "prod", "prd", "live", "produktion", "producción", "produccion", "produção", "produzione", "produkcja", "produkcyjne", "прод", "продакшн", "продакшен",
      "生产", "生產", "正式", "本番", "운영", "프로덕션"],
    &["staging", "stage", "stg", "预发布", "預發布", "预发", "ステージング", "스테이징"],
    &["uat", "acceptance", "abnahme", "recette", "验收环境"],
    &["qa", "test", "testing", "testumgebung", "pruebas", "teste", "测试", "測試", "テスト環境", "테스트"],
    &["integration", "int"],
    &["development", "dev", "entwicklung", "desarrollo", "desenvolvimento", "разработка", "开发", "開發", "開発", "개발"],
    &["demo"],
    &["sandbox"],
];

/// The environment that words name, as its row's first word: "PROD (eu)" is `production`.
pub(super) fn stage(text: &str) -> Option<&'static str> {
    // "Pre-production" is not production.
    let joined = text.to_lowercase().replace("pre-prod", "preprod").replace("pre prod", "preprod");
    let words = lower_words(&joined);
    let names = |word: &str| words.iter().any(|w| w == word) || !word.is_ascii() && joined.contains(word);
    STAGES.iter().find(|row| row.iter().any(|word| names(word))).and_then(|row| row.first()).copied()
}

/// The environment that a label names and nothing else: "**Staging**", "For production:", "- Prod: `./b.sh`". What is
/// counted is one path through several.
pub(super) fn alone(label: &str) -> Option<&'static str> {
    #[rustfmt::skip] // words, many to a line
    const ADDS_NOTHING: &[&str] = &[
        "environment", "env", "environments", "server", "servers", "host", "hosts", "cluster", "site", "system", "only", "for", "in", "on", "to", "the", "run", "use", "execute", "umgebung", "auf", "in", "für", "der", "die", "environnement", "serveur", "pour", "en", "sur", "la", "le", "entorno", "servidor", "para", "el", "ambiente", "per", "среда", "окружение", "сервер", "на", "для", "ortamı", "sunucusu", "pipeline",
    ];
    const JOINED: &[&str] = &["环境", "環境", "環境", "환경", "服务器", "サーバー"];
    if numbered(label).is_some() {
        return None;
    }
    let head = label.split([':', '：', '`', '(', '（']).next().unwrap_or(label);
    let mut bare = head.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    for words in JOINED {
        bare = bare.replace(words, " ");
    }
    let mut words = lower_words(&bare);
    words.retain(|word| !ADDS_NOTHING.contains(&word.as_str()));
    let [word] = words.as_slice() else { return None };
    STAGES.iter().find(|row| row.contains(&word.as_str())).and_then(|row| row.first()).copied()
}

/// Whether two names mean one environment: the same words, or the same stage.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other) || stage(one).is_some() && stage(one) == stage(other)
}

/// Whether a column of a table holds names of environments.
pub(super) fn are_stages<'c>(cells: impl Iterator<Item = &'c str>) -> bool {
    let (mut all, mut named) = (0, 0);
    for cell in cells {
        all += 1;
        named += usize::from(stage(cell).is_some() && lower_words(cell).len() <= 4);
    }
    all > 0 && named * 2 >= all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_environments() {
        for (text, name) in [
            ("PROD (eu-west)", Some("production")),
            ("Pre-production", Some("preproduction")),
            ("預發布環境", Some("staging")),
            ("Live", Some("production")),
            ("Products", None),
        ] {
            assert_eq!(stage(text), name, "{text}");
        }
    }
}
