//! Words that lead to several ways of which one is taken.

use super::super::vocabulary::{Words, folded, has};

/// Whether a label leads to several ways of which one is taken: "Use either the image or the stick:".
pub fn leads_to_choice(text: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const CHOICE: &[&str] = &[
        "use either", "choose either", "either use", "one of the procedures", "one of the following procedures", "one of the following ways", "one of the following options", "one of the following methods", "one of the options below", "one of the methods below", "choose one of the following",
        "wahlen sie eine der folgenden", "eine der folgenden moglichkeiten", "l une des methodes suivantes", "l une des options suivantes", "una de las siguientes opciones", "uno de los siguientes metodos", "uma das seguintes opcoes", "una delle seguenti opzioni", "один из следующих способов",
        "одним из способов",
    ];
    /// As the whole of a label.
    #[rustfmt::skip] // words, many to a line
    const EITHER: &[&str] = &[
        "either", "either of", "one of", "any of", "entweder", "eines von", "soit", "l un des", "o bien", "una de", "ou", "uma de", "una di", "albo", "jedno z", "либо", "одно из", "или", "ya", "hoac", "baik", "ofwel",
    ];
    let label = text.trim_end().trim_end_matches('*').ends_with([':', '：']);
    let words = format!(" {} ", folded(text));
    label && (asks_to_choose(text) || EITHER.contains(&words.trim()))
        || CHOICE.iter().any(|choice| words.contains(&format!(" {choice} ")))
        || ["任选其一", "选择其一", "以下方式之一", "いずれかの方法", "いずれかを"]
            .iter()
            .any(|choice| text.contains(choice))
}

/// Whether words ask to take one of what follows.
pub(super) fn asks_to_choose(text: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const CHOOSE: Words = &[
        "choose one", "pick one", "choose either", "one of the following", "use one of", "run one of", "one of these",
        "either of", "choose a method", "pick a method", "choose your", "eine der folgenden", "wähle eine",
        "wählen sie eine", "au choix", "choisissez", "l une des", "elige una", "elija una", "una de las", "escolha uma",
        "uma das", "scegli una", "una delle", "wybierz jedną", "jedną z", "выберите один", "один из", "birini seçin",
        "chọn một", "kies een", "een van de", "任选其一", "二选一", "任選其一", "二選一", "选择一种", "選擇一種", "以下之一",
        "いずれか", "どちらか", "중 하나", "하나를 선택",
    ];
    has(text, CHOOSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_lead_to_one_of_several_are_told_from_those_that_lead_to_one() {
        assert!(leads_to_choice("Use either the **Internal** or the **Stick** option below."));
        assert!(leads_to_choice("Follow one of the procedures below based on the vendor:"));
        assert!(!leads_to_choice("Use the following option:"));
        assert!(leads_to_choice("Either:") && leads_to_choice("Pick one:") && leads_to_choice("二选一："));
        assert!(!leads_to_choice("Either way, restart it:") && !leads_to_choice("Pick one"));
    }
}
