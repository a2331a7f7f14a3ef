//! Titles of headings: their numbers, their words for a step, what is left without them.

/// The first word of `title` with letters a–z, in lower case, for readable ids.
pub fn slug(title: &str) -> Option<String> {
    title
        .split_whitespace()
        .map(|w| w.trim_matches(|c: char| !c.is_ascii_alphanumeric()))
        .find(|w| {
            w.len() > 1
                && w.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
                && w.bytes().any(|b| b.is_ascii_alphabetic())
        })
        .map(str::to_ascii_lowercase)
}

/// Words that number a heading in front: "Step 3", "Étape 1", "Fase 2".
#[rustfmt::skip] // words, many to a line
const STEP_WORDS: &[&str] = &[
    "step", "phase", "stage", "part", "étape", "etape", "passo", "paso", "etapa", "schritt", "fase", "krok", "etap", "шаг", "этап", "крок", "етап",
    "adım", "adim", "aşama", "bước", "buoc", "langkah", "tahap", "stap", "steg", "passaggio", "lépés", "vaihe", "步骤", "步驟", "阶段", "階段", "ステップ", "단계",
];

/// Splits "Step 3: Deploy (10 min)", "1.2 Create Backup" or "第三步：部署" into number and the rest.
pub fn numbered(title: &str) -> Option<(String, String)> {
    let title = title.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '（' | '(')).trim();
    if let Some(found) = numbered_in_chinese(title).or_else(|| keycap(title)) {
        return Some(found);
    }
    // Of "etap" and "etapa" the longer one stands there.
    let led_by = |word: &&&str| title.get(..word.len()).is_some_and(|start| start.to_lowercase() == **word);
    let longest = STEP_WORDS.iter().filter(led_by).map(|word| word.len()).max();
    let rest = longest.and_then(|end| title.get(end..)).filter(|rest| !rest.is_empty());
    let rest = rest.map_or(title, |rest| rest.trim_start_matches([' ', '#', '\u{a0}']));
    if let Some(found) = hyphened(rest) {
        return Some(found);
    }
    if let Some(found) = lettered_part(rest).filter(|_| rest.len() != title.len()) {
        return Some(found);
    }
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let number = rest[..end].trim_end_matches('.');
    if number.is_empty() || !number.starts_with(|c: char| c.is_ascii_digit()) || number.contains("..") {
        return None;
    }
    let led = rest.len() != title.len();
    if let Some((letter, text)) = lettered(&rest[end..], led).filter(|_| number.len() == end) {
        return Some((format!("{number}{letter}"), text.to_owned()));
    }
    let mut after = &rest[end..];
    let explicit = led || rest[..end].contains('.');
    // "4단계: …"
    let counted = after.strip_prefix("단계").filter(|_| !explicit);
    after = counted.unwrap_or(after);
    if !(explicit || counted.is_some() || after.starts_with([':', ')', '：', '）', '、'])) {
        return None;
    }
    let marked =
        after.is_empty() || after.starts_with([':', ')', ' ', '-', '–', '—', '：', '）', '、', '（', '(']);
    if !(marked || !led && is_glued(after, rest[..end].contains('.'))) {
        return None;
    }
    let text = after.trim_start_matches([':', ')', ' ', '-', '–', '—', '.', '：', '）', '、']);
    Some((number.to_owned(), text.to_owned()))
}

/// "3-2. Check": a number of two parts with a hyphen between. "2026-01" is a date, and "1-2 hours" a time.
fn hyphened(rest: &str) -> Option<(String, String)> {
    let (first, behind) = rest.split_once('-')?;
    let end = behind.find(|c: char| !c.is_ascii_digit())?;
    let (second, text) = behind.split_at_checked(end)?;
    let digits = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let ends = text.starts_with(['.', ')', ':', '：', '）', '、', '．']);
    let text = text.trim_start_matches(['.', ')', ':', ' ', '：', '）', '、', '．']);
    (digits(first) && digits(second) && ends).then(|| (format!("{first}.{second}"), text.to_owned()))
}

/// "2.1Install", "2.安装", "3.2eclipse中导入": a title right behind its number. "1.5x" and "3.x" are no titles.
fn is_glued(title: &str, dotted: bool) -> bool {
    let first = title.chars().next();
    let other = title.chars().any(|c| c.is_alphabetic() && !c.is_ascii());
    let begins = first.is_some_and(|c| c.is_uppercase() || other && c.is_alphabetic());
    let word = title.chars().take_while(|c| c.is_alphabetic()).count();
    dotted && begins && (word > 2 || other)
}

/// "2a. Start", "2b) Wait", "Step 2c: Go": the letter behind a number, in lower case, and the rest. "5m: warm up" is a
/// time, and so is "3 days".
fn lettered(after: &str, led: bool) -> Option<(char, &str)> {
    let letter = after.chars().next().filter(char::is_ascii_alphabetic)?;
    let rest = after.get(1..)?;
    let lower = letter.to_ascii_lowercase();
    let counts = lower <= 'l';
    let is_unit = matches!(lower, 'd' | 'h');
    let marked = rest.starts_with(['.', ')', '）', '、']) && !rest.starts_with("..");
    let said = rest.starts_with([':', '：', ' ', '-', '–', '—']) || rest.is_empty();
    if !(counts && (marked || said && led) || counts && !is_unit && rest.starts_with([':', '：'])) {
        return None;
    }
    let text = rest.trim_start_matches(['.', ')', '）', '、', ':', '：', ' ', '-', '–', '—']);
    Some((lower, text))
}

/// "Phase A — Fetch", "Step B: Merge": a letter where others have a number. "Stage A release" counts nothing.
fn lettered_part(rest: &str) -> Option<(String, String)> {
    let letter = rest.chars().next().filter(char::is_ascii_uppercase)?;
    let after = rest.get(1..)?;
    let behind = after.trim_start();
    if !(after.is_empty() || behind.starts_with([':', '-', '–', '—', '.', ')', '：', '）'])) {
        return None;
    }
    let text = behind.trim_start_matches([':', '-', '–', '—', '.', ')', ' ', '：', '）']);
    Some((letter.to_ascii_lowercase().to_string(), text.to_owned()))
}

/// "3️⃣ Restart": a number drawn as a key.
fn keycap(title: &str) -> Option<(String, String)> {
    let mut chars = title.chars();
    let number = chars.next().filter(char::is_ascii_digit)?;
    let rest = chars.as_str();
    let rest = rest.strip_prefix('\u{fe0f}').unwrap_or(rest).strip_prefix('\u{20e3}')?.trim_start();
    let text = rest.trim_start_matches([':', ')', ' ', '-', '–', '—', '.', '：', '）', '、']);
    (!rest.starts_with(|c: char| c.is_ascii_digit())).then(|| (number.to_string(), text.to_owned()))
}

/// "第三步 …", "二、…", "（一）…".
fn numbered_in_chinese(title: &str) -> Option<(String, String)> {
    let inner = title.strip_prefix('第').or_else(|| title.strip_prefix('（')).unwrap_or(title);
    let end = inner.find(|c: char| !(c.is_ascii_digit() || "一二三四五六七八九十".contains(c)))?;
    let number = chinese_number(&inner[..end])?;
    let after = &inner[end..];
    let mark = if title.starts_with('第') {
        ["步", "阶段", "部分", "章"].iter().find(|m| after.starts_with(**m))
    } else if title.starts_with('（') {
        ["）"].iter().find(|m| after.starts_with(**m))
    } else {
        ["、"].iter().find(|m| after.starts_with(**m))
    }?;
    let text = after[mark.len()..].trim_start_matches([':', '：', ' ', '、', '-', '—']);
    Some((number.to_string(), text.to_owned()))
}

fn chinese_number(text: &str) -> Option<u32> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let digit = |c: char| "一二三四五六七八九".chars().position(|d| d == c).map(|at| at as u32 + 1);
    let chars: Vec<char> = text.chars().collect();
    match chars.as_slice() {
        ['十'] => Some(10),
        [one] => digit(*one),
        ['十', one] => digit(*one).map(|n| 10 + n),
        [tens, '十'] => digit(*tens).map(|n| n * 10),
        [tens, '十', one] => Some(digit(*tens)? * 10 + digit(*one)?),
        _ => None,
    }
}

/// Whether a heading says that it is a step: "Step 7: …", "Phase 2".
pub fn step_word(title: &str) -> bool {
    let bare = title.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    // "1단계", "2. adım"
    let behind = bare.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ' '));
    let counted = |text: &str| STEP_WORDS.iter().any(|word| text.starts_with(word));
    let led = bare.starts_with(|c: char| c.is_ascii_digit()) && behind.starts_with("단계");
    numbered(title).is_some() && (counted(&bare) || bare.starts_with('第') || led)
}

/// Whether a heading tells when it is done: "T-0", "T+15 min: …", "Day 2", "0:05 – …".
pub fn timed(title: &str) -> bool {
    let bare = title.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let digits_after = |word: &str| {
        bare.strip_prefix(word)
            .is_some_and(|rest| rest.trim_start().starts_with(|c: char| c.is_ascii_digit()))
    };
    let clock = bare.split_once(':').is_some_and(|(h, rest)| {
        (1..=2).contains(&h.len())
            && h.bytes().all(|b| b.is_ascii_digit())
            && rest.len() >= 2
            && rest.as_bytes()[..2].iter().all(u8::is_ascii_digit)
    });
    clock
        || ["t-", "t+", "t−", "t–", "t±", "h+", "h-", "d+", "d-", "day ", "hour ", "week "]
            .iter()
            .any(|w| digits_after(w))
}

#[cfg(test)]
mod tests {
    use super::super::without_estimate;
    use super::*;

    #[test]
    fn numbers_of_headings() {
        assert_eq!(numbered("Step 1: A (15 min)"), Some(("1".into(), "A (15 min)".into())));
        assert_eq!(numbered("1.2 Create"), Some(("1.2".into(), "Create".into())));
        assert_eq!(numbered("2. Stop"), Some(("2".into(), "Stop".into())));
        for (title, number, rest) in [
            ("第三步：部署", "3", "部署"),
            ("二、准备工作", "2", "准备工作"),
            ("（一）备份", "1", "备份"),
            ("Étape 2 : Construire", "2", "Construire"),
            ("Passo 3 - Iniciar", "3", "Iniciar"),
            ("4단계: 배포", "4", "배포"),
            ("🚀 Phase 2: Build", "2", "Build"),
            ("2a. Start", "2a", "Start"),
            ("2d. Files pile up", "2d", "Files pile up"),
            ("2b) Wait", "2b", "Wait"),
            ("Step 3C: Flip", "3c", "Flip"),
            ("Schritt 2h – Prüfen", "2h", "Prüfen"),
            ("4b: Go", "4b", "Go"),
            ("Phase A — Fetch", "a", "Fetch"),
            ("Step B: Merge", "b", "Merge"),
            ("Fase C", "c", ""),
        ] {
            assert_eq!(numbered(title), Some((number.into(), rest.into())), "{title}");
        }
        for title in ["T-0: Cutover", "T+15 min", "Day 2", "00:05 – Stop"] {
            assert!(timed(title), "{title}");
        }
        assert!(!timed("Test 2") && !timed("Daylight"));
        for title in [
            "Stage A release",
            "Part of it",
            "A. B",
            "24 hours",
            "2d",
            "5m: warm up",
            "3h: observe",
            "2d graphics",
            "10s. of nodes",
            "3D",
            "1st",
        ] {
            assert_eq!(numbered(title), None, "{title}");
        }
        assert_eq!(without_estimate("A (15 min)"), "A");
        assert_eq!(slug("🎯 Quick Reference"), Some("quick".into()));
    }
}
