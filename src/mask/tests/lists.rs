//! Two labelled lists: what must be masked, and what must stay.

use super::super::*;

/// A list's cases, as the file has them and as a terminal shows them; comments left out.
fn cases(list: &'static str) -> Vec<(&'static str, String)> {
    let lines = list.lines().filter(|l| !l.is_empty() && !l.starts_with("# "));
    lines.map(|l| (l, l.replace('⏎', "\n").replace('␛', "\u{1b}").replace('⇥', "\t"))).collect()
}

/// A text without its labels, and what they are about.
fn labelled(text: &str) -> (String, Vec<String>) {
    let secrets = text.split('«').skip(1).filter_map(|rest| rest.split('»').next());
    let lines = secrets.flat_map(str::lines).map(|l| l.trim().to_owned()).collect();
    (text.replace(['«', '»'], ""), lines)
}

/// Whether everything that is labelled is masked: of each value nothing is left where it stood.
fn is_masked(text: &str) -> bool {
    let (plain, _) = labelled(text);
    let shown: Vec<char> = Masker::default().text(&plain).chars().collect();
    let mut at = 0;
    let mut secret = false;
    for c in text.chars() {
        match c {
            '«' => secret = true,
            '»' => secret = false,
            c => {
                if secret && !c.is_whitespace() && shown.get(at) != Some(&'*') && c != '*' {
                    return false;
                }
                at += 1;
            }
        }
    }
    true
}

/// The figures of a list: cases, how many are right, and the lines that are not; for the part that rules may be written
/// for, and for the part that was kept aside.
fn figures(name: &str, list: &'static str, right: impl Fn(&str) -> bool) -> f64 {
    let mut share = 0.0;
    for aside in [false, true] {
        let cases: Vec<_> =
            cases(list).into_iter().enumerate().filter(|(n, _)| (n % 3 == 2) == aside).collect();
        let wrong: Vec<_> =
            cases.iter().filter(|(_, (_, text))| !right(text)).map(|(_, (line, _))| *line).collect();
        let good = cases.len() - wrong.len();
        println!("{name}, {}: {good} of {}", if aside { "kept aside" } else { "worked on" }, cases.len());
        if !aside || std::env::var_os("SHOW_ASIDE").is_some() {
            println!("    {}", wrong.join("\n    "));
        }
        share += good as f64;
    }
    let share = share / cases(list).len() as f64;
    println!("{name}: {:.1} %", share * 100.0);
    share
}

#[test]
fn of_a_list_of_secrets_nearly_all_are_masked_whole_and_of_innocent_lines_nearly_none() {
    let (secret, innocent) = (include_str!("secret.txt"), include_str!("innocent.txt"));
    assert!(cases(secret).len() >= 120 && cases(innocent).len() >= 120);
    assert!(cases(secret).iter().all(|(_, text)| !labelled(text).1.is_empty()), "each line has its label");
    let masked = figures("masked whole", secret, is_masked);
    let kept = figures("kept as they are", innocent, |text| Masker::default().text(text) == text);
    assert!(masked >= 0.95 && kept >= 0.98, "{masked} {kept}");
}

/// What says of which kind a token is: no secret, and not known as one before it is whole.
const PUBLIC: &[&str] = &[
    "AKIA",
    "eyJ",
    "ghp_",
    "github_pat_",
    "glpat-",
    "xoxb-",
    "sk_live_",
    "AIza",
    "sk-",
    "ya29.",
    "hvs.",
    "SG.",
    "npm_",
    "pypi-AgE",
    "dop_v1_",
];

#[test]
fn wherever_a_line_of_the_lists_is_cut_it_is_masked_as_when_it_comes_whole() {
    for list in [include_str!("secret.txt"), include_str!("innocent.txt")] {
        for (line, text) in cases(list) {
            let (plain, _) = labelled(&text);
            let whole = Masker::default().text(&plain);
            for cut in 0..plain.len() {
                let mut masker = Masker::default();
                let mut shown = masker.feed(&plain.as_bytes()[..cut]);
                shown.extend(masker.feed(&plain.as_bytes()[cut..]));
                shown.extend(masker.flush());
                let shown = String::from_utf8(shown).unwrap();
                let left = shown.bytes().zip(whole.bytes()).filter(|(s, w)| s != w).count();
                let begin = shown.bytes().zip(whole.bytes()).position(|(s, w)| s != w).unwrap_or(0);
                let kind = PUBLIC
                    .iter()
                    .any(|p| plain[begin..].starts_with(p) && left < p.len() && cut == begin + left);
                assert!(left == 0 && shown.len() == whole.len() || kind, "{line}, cut at {cut}: {shown}");
            }
        }
    }
}
