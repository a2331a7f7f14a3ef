//! Names of environments: what is called "prod" or "live" is production.

use super::words::lower_words;

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
