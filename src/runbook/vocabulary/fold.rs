//! One spelling for words that are written in several: case, accents, traditional and simplified characters.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::words::{Words, begins, joined};

/// Traditional characters, each before its simplified form: those that the words of headings use.
const TRADITIONAL: &str = "滾滚復复還还驗验證证監监備备遷迁發发佈布測测試试檢检環环礙碍應应緊紧參参聯联絡络單单準准預预驟骤\
    階阶錄录記记選选擇择啟启動动刪删載载銷销毀毁為为與与後后進进執执檔档庫库資资據据務务處处問问題题錯错誤误連连線线開开關关\
    聯联繫系團团隊队輸输結结閱阅說说類类標标設设狀状態态鏡镜變变減减轉转換换產产網网絡络級级範范圍围視视觀观續续點点機机\
    簡简構构圖图項项簽签覽览儲储條条決决護护長长時时間间學学習习議议負负責责員员電电話话號号碼码檯台盤盘過过現现見见";

/// The words of a text in one spelling, lower case, without accents, with one blank between.
pub(in crate::runbook) fn folded(text: &str) -> String {
    if text.is_ascii() {
        return joined(text);
    }
    let mut folded = String::with_capacity(text.len());
    let mut apart = false;
    for c in text.chars().flat_map(char::to_lowercase).nfd() {
        if is_combining_mark(c) {
            continue;
        }
        if !c.is_alphanumeric() {
            apart = true;
            continue;
        }
        if std::mem::take(&mut apart) && !folded.is_empty() {
            folded.push(' ');
        }
        folded.push(plain(c));
    }
    folded
}

/// A letter that no decomposition gives, or a traditional character, as the one it is searched by.
fn plain(c: char) -> char {
    match c {
        'ł' => 'l',
        'đ' | 'ð' => 'd',
        'ı' => 'i',
        'ø' => 'o',
        _ if ('\u{4e00}'..='\u{9fff}').contains(&c) => {
            let mut pairs = TRADITIONAL.chars().filter(|c| !c.is_whitespace());
            while let (Some(old), Some(new)) = (pairs.next(), pairs.next()) {
                if old == c {
                    return new;
                }
            }
            c
        }
        _ => c,
    }
}

/// Whether a text begins with one of the words of a table, as it is written or in the one spelling.
pub(in crate::runbook) fn begins_spelled(text: &str, words: Words) -> bool {
    begins(text, words) || begins(&folded(text), words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_word_are_one() {
        for (text, wanted) in [
            ("2. 緊急回滾 (DB)", "2 紧急回滚 db"),
            ("Retour  Arrière!", "retour arriere"),
            ("Wycofanie zmian: ŁÓDŹ", "wycofanie zmian lodz"),
            ("Geri Alma Adımları", "geri alma adimlari"),
            ("Hoàn tác – triển khai", "hoan tac trien khai"),
            ("Откатить", "откатить"),
        ] {
            assert_eq!(folded(text), folded(wanted), "{text}");
        }
        assert_eq!(TRADITIONAL.chars().filter(|c| !c.is_whitespace()).count() % 2, 0);
    }
}
