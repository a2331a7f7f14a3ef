//! Titles side by side of which one is the other's opposite, or each is for another environment: one of them is taken.

use super::super::vocabulary::folded;

/// "With a proxy" and "Without a proxy", in the spelling of [`folded`].
#[rustfmt::skip] // words, many to a line
const WITH: &[(&str, &str)] = &[
    ("with", "without"), ("mit", "ohne"), ("avec", "sans"), ("con", "sin"), ("con", "senza"), ("com", "sem"), ("с", "без"), ("со", "без"), ("з", "без"), ("z", "bez"), ("ze", "bez"), ("met", "zonder"), ("dengan", "tanpa"), ("med", "utan"), ("med", "uden"),
];
#[rustfmt::skip] // words, many to a line
const FOR: &[&str] = &["for", "in", "fur", "pour", "para", "per", "для", "dla", "untuk", "cho", "voor", "for the", "in the"];
#[rustfmt::skip] // beginnings of words, many to a line
const ENVIRONMENTS: &[&str] = &[
    "prod", "dev", "desarrollo", "desenvolvimento", "sviluppo", "entwicklung", "produk", "продакш", "разработк", "produksi", "pengembangan",
];

/// The names of titles that are ways of one thing; none for a title that is not one of them.
pub(super) fn opposites(titles: &[&str]) -> Vec<Option<String>> {
    let words: Vec<String> = titles.iter().map(|title| folded(title)).collect();
    let mut is_way = vec![false; titles.len()];
    for (at, one) in words.iter().enumerate() {
        for (other_at, other) in words.iter().enumerate() {
            if at != other_at && (differ(one, other) || for_others(one, other)) {
                is_way[at] = true;
                is_way[other_at] = true;
            }
        }
    }
    titles.iter().zip(is_way).map(|(title, way)| way.then(|| title.trim().to_owned())).collect()
}

/// Whether the second is the first with its opposite in front: with and without, X and non-X.
fn differ(one: &str, other: &str) -> bool {
    let noun = |text: &str| text.split(' ').next_back().unwrap_or("").to_owned();
    let behind = |text: &str, word: &str| text.strip_prefix(word).is_some_and(|rest| rest.starts_with(' '));
    let with = WITH
        .iter()
        .any(|(with, without)| behind(one, with) && behind(other, without) && noun(one) == noun(other));
    let not = ["non ", "not ", "no "].iter().filter_map(|not| other.strip_prefix(not)).any(|rest| {
        let first = |text: &str| text.split(' ').next().unwrap_or("").to_owned();
        first(rest) == first(one) && !first(one).is_empty()
    });
    with || not
}

/// "For production", "For development": nothing else is in them.
fn for_others(one: &str, other: &str) -> bool {
    let named = |text: &str| {
        let mut words = text.split(' ').collect::<Vec<_>>();
        let led = FOR.contains(words.first()?).then(|| words.remove(0))?;
        words.retain(|word| {
            !matches!(*word, "the" | "a" | "environment" | "mode" | "die" | "la" | "el" | "le")
        });
        let environment =
            ENVIRONMENTS.iter().find(|name| words.first().is_some_and(|w| w.starts_with(**name)))?;
        (words.len() <= 5).then_some((led.to_owned(), *environment))
    };
    matches!((named(one), named(other)), (Some((led, a)), Some((other_led, b))) if led == other_led && a != b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(titles: &[&str]) -> usize {
        opposites(titles).iter().flatten().count()
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
        assert_eq!(count(&["For production", "Start it"]), 0);
        assert_eq!(count(&["Check the disk", "No errors"]), 0);
    }
}
