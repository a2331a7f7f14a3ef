//! Known values in the forms in which programs show them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::super::*;
use super::chunked;

const SECRET: &str = "p@ss'w \"ö&<1$\\z/end";

fn knowing(secrets: &[&str]) -> Masker {
    let mut masker = Masker::default();
    for secret in secrets {
        masker.add(secret, Hidden::Placed);
    }
    masker
}

/// What bash, Python and others write for [`SECRET`].
const WRITTEN: &[(&str, &str)] = &[
    ("plain", "p@ss'w \"ö&<1$\\z/end"),
    ("set -x", r#"p@ss'\''w "ö&<1$\z/end"#),
    ("printf %q", r#"p@ss\'w\ \"ö\&\<1\$\\z/end"#),
    ("declare -p", r#"p@ss'w \"ö&<1\$\\z/end"#),
    ("json.dumps", r#"p@ss'w \"\u00f6&<1$\\z/end"#),
    ("jq", r#"p@ss'w \"ö&<1$\\z/end"#),
    ("encoding/json", r#"p@ss'w \"ö\u0026\u003c1$\\z/end"#),
    ("php json_encode", r#"p@ss'w \"ö&<1$\\z\/end"#),
    ("repr of text", r#"p@ss\'w "ö&<1$\\z/end"#),
    ("repr of bytes", r#"p@ss\'w "\xc3\xb6&<1$\\z/end"#),
    ("printf %q in C", r#"p@ss\'w "\303\266&<1$\\z/end"#),
    ("html.escape", "p@ss&#x27;w &quot;ö&amp;&lt;1$\\z/end"),
    ("html/template", "p@ss&#39;w &#34;ö&amp;&lt;1$\\z/end"),
    ("quote", "p%40ss%27w%20%22%C3%B6%26%3C1%24%5Cz%2Fend"),
    ("quote_plus", "p%40ss%27w+%22%C3%B6%26%3C1%24%5Cz%2Fend"),
    ("quote of a path", "p%40ss%27w%20%22%C3%B6%26%3C1%24%5Cz/end"),
    ("lower", "p%40ss%27w%20%22%c3%b6%26%3c1%24%5cz%2fend"),
    ("xxd -p", "7040737327772022c3b6263c31245c7a2f656e64"),
    ("hex, upper", "7040737327772022C3B6263C31245C7A2F656E64"),
    ("docker compose config", "p@ss'w \"ö&<1$$\\z/end"),
];

#[test]
fn what_programs_write_for_a_known_value_is_masked_whole() {
    let masker = knowing(&[SECRET]);
    for (program, form) in WRITTEN {
        let shown = masker.text(&format!("<{form}> rest"));
        assert_eq!(shown, format!("<{}> rest", "*".repeat(form.len())), "{program}");
    }
}

/// Base64 of a value behind some bytes, in lines of a width.
fn wrapped(before: usize, width: usize, end: &str) -> String {
    let encoded = STANDARD.encode(format!("{}{SECRET}, and what follows it", "x".repeat(before)));
    let lines: Vec<&str> =
        encoded.as_bytes().chunks(width).map(|line| std::str::from_utf8(line).unwrap()).collect();
    lines.join(end) + end
}

#[test]
fn base64_of_a_known_value_is_masked_where_its_lines_are_wrapped() {
    let masker = knowing(&[SECRET]);
    for width in [64, 76] {
        for before in 0..width {
            for end in ["\n", "\r\n"] {
                let text = wrapped(before, width, end);
                let shown = masker.text(&text);
                let left = SECRET.len() * 4 / 3 - shown.matches('*').count();
                // What stands beside the value shares characters with it at both ends.
                assert!(left <= 3 && shown.matches('\n').count() == text.matches('\n').count(), "{shown}");
                assert_eq!(chunked(&masker, &text, &[width - 1, width, width + 1, width + 2]), shown);
            }
        }
    }
}

#[test]
fn a_known_value_is_seen_through_what_a_terminal_does_with_it() {
    let masker = knowing(&["correct-horse"]);
    for shown in [
        "correct-\x1b[01;31mhorse\x1b[0m",
        "corr\x1b[m\x1b[Kect-horse",
        "corre \rct-horse",
        "correx\x08ct-horse",
        "correx\x08 \x08ct-horse",
        "c\x08co\x08or\x08rr\x08re\x08ect-horse",
    ] {
        let got = masker.text(&format!("{shown} rest"));
        let printed =
            ["\x1b[01;31m", "\x1b[0m", "\x1b[m", "\x1b[K"].iter().fold(got.clone(), |g, s| g.replace(s, ""));
        let printed: String = printed.chars().filter(|c| !c.is_control()).collect();
        assert!(
            printed.ends_with("* rest")
                && printed.trim_end_matches(" rest").bytes().all(|b| b" *".contains(&b)),
            "{got:?}"
        );
        for cut in 0..shown.len() {
            assert_eq!(chunked(&masker, &format!("{shown} rest"), &[cut]), got, "{shown:?} cut at {cut}");
        }
    }
    // What moves the cursor elsewhere is waited for by nobody: it may ask for an answer.
    let mut masker = masker.clone();
    assert_eq!(masker.feed(b"corr\x1b[6n"), b"corr\x1b[6n");
}

#[test]
fn who_does_not_wait_sees_a_mask() {
    let mut masker = knowing(&["correct-horse"]);
    assert_eq!((masker.feed(b"> correct"), masker.pending().as_str()), (b"> ".to_vec(), "*******"));
    assert_eq!(masker.feed(b"-horse."), b"*************.");
    assert_eq!((masker.feed(b"go on? c"), masker.pending().as_str()), (b"go on? ".to_vec(), "c"));
    assert_eq!(masker.flush(), b"c");
    let mut masker = Masker::default();
    assert_eq!((masker.feed(b"A_TOKEN=abc"), masker.pending().as_str()), (b"A_TOKEN=".to_vec(), "***"));
    assert_eq!(masker.feed(b"def\n"), b"******\n");
    assert_eq!(masker.feed(b"Password: "), b"Password: ", "a name is no secret");
}

#[test]
fn two_known_values_that_overlap_are_both_masked() {
    assert_eq!(knowing(&["secret-one", "one-secret"]).text("a secret-one-secret b"), "a ***************** b");
}

#[test]
fn what_an_environment_holds_under_a_secret_s_name_is_known_by_its_value() {
    let pair = |(name, value): (&str, &str)| (name.into(), value.into());
    let variables = [
        ("POSTGRES_PASSWORD", "tr0ub4dor&3"),
        ("DBPW", "kd83!kd02"),
        ("PATH", "/usr/bin:/bin"),
        ("SSH_AUTH_SOCK", "/tmp/agent.1"),
        ("VAULT_TOKEN_FILE", "/run/token"),
        ("MYSQL_PASSWORD", "postgres"),
        ("HOME_TOWN", "Springfield"),
    ];
    let mut masker = Masker::default();
    masker.add_environment(variables.into_iter().map(pair));
    assert_eq!(masker.text("got tr0ub4dor&3 and kd83!kd02"), "got *********** and *********");
    assert_eq!(masker.text("q=tr0ub4dor%263"), "q=*************", "in all its forms");
    let innocent = "postgres in Springfield, /usr/bin:/bin /tmp/agent.1 /run/token";
    assert_eq!(masker.text(innocent), innocent);
}

/// What is left of a stream where no escape and no control character is shown.
fn printed(bytes: &str) -> String {
    let styles = ["\x1b[31m", "\x1b[m", "\x1b[K"];
    styles.iter().fold(bytes.to_owned(), |text, style| text.replace(style, "")).replace('\x08', "")
}

#[test]
fn what_is_written_over_is_masked_in_the_bytes_too() {
    let masker = knowing(&["correct-horse-battery"]);
    let far = format!("{}{}", "z".repeat(40), "\x08".repeat(40));
    for text in [
        "correct-horse-battery\x08 ok\n".to_owned(),
        "correct-horse-battery\x08\x08\x08***\n".to_owned(),
        "abcdefghij\x08\x08\x08\x08\x08correct-horse-battery\n".to_owned(),
        "\x1b[31mcorrect-horse-battery\x1b[m\x08\x08done\r\n".to_owned(),
        // Coloured inside, and written over at its end.
        "corr\x1b[31mect-ho\x1b[mrse-battery\x08 ok\n".to_owned(),
        "corr\x1b[31mect-horse-battery\x08\x08\x08\x08\x1b[K ok\n".to_owned(),
        "x corr\x1b[31mect-horse-battery\x1b[m\x08\x08\x08*** and correct-horse-battery\n".to_owned(),
        // A mistake in it, and written over.
        "correx\x08ct-horse-battery\x08 ok\n".to_owned(),
        // Written over what stood there, which goes on behind it.
        format!("{far}cor\x1b[31mrect-horse-battery ok\n"),
        format!("{far}cor\x1b[31mrect-horse-battery\x08\x08 ok\n"),
    ] {
        for step in 1..text.len() {
            let cuts: Vec<usize> = (0..text.len()).step_by(step).collect();
            let got = chunked(&masker, &text, &cuts);
            let shown = printed(&got);
            for part in ["corre", "rect-", "-horse", "batter"] {
                assert!(!shown.contains(part), "{step}: {got:?}");
            }
            assert_eq!(got.len(), text.len());
        }
    }
}

#[test]
fn who_does_not_wait_sees_a_mask_for_what_is_written_over_something_else() {
    let mut masker = knowing(&["correct-horse-battery"]);
    masker.feed(format!("{}{}", "z".repeat(40), "\x08".repeat(40)).as_bytes());
    let shown = masker.feed(b"correct-hor");
    let shown = String::from_utf8(shown).unwrap() + &masker.pending();
    assert!(!shown.contains("corr"), "{shown:?}");
}

#[test]
fn what_goes_back_often_is_looked_at_in_good_time() {
    let masker = knowing(&["correct-horse-battery", &"k3y".repeat(1000)]);
    let spinner = "|\x08/\x08-\x08\\\x08".repeat(4_000);
    let began = std::time::Instant::now();
    assert_eq!(chunked(&masker, &spinner, &[16_000]), spinner);
    assert!(began.elapsed() < std::time::Duration::from_secs(20), "{:?}", began.elapsed());
}
