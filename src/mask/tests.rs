mod forms;
mod legend;
mod lists;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::*;

fn chunked(masker: &Masker, text: &str, cuts: &[usize]) -> String {
    let mut masker = masker.clone();
    let mut cuts: Vec<usize> = cuts.iter().map(|c| (*c).min(text.len())).collect();
    cuts.push(0);
    cuts.push(text.len());
    cuts.sort_unstable();
    let mut out = Vec::new();
    for pair in cuts.windows(2) {
        out.extend(masker.feed(&text.as_bytes()[pair[0]..pair[1]]));
    }
    out.extend(masker.flush());
    String::from_utf8_lossy(&out).into_owned()
}

proptest::proptest! {
    #[test]
    fn never_leaks_across_any_chunking(before in "[a-s]{0,9}", after in "[a-s]{0,9}", cuts in proptest::collection::vec(0usize..40, 0..6)) {
        let secret = "s3cr3ts3cr3tX";
        let text = format!("{before}{secret}{after}{secret}");
        let mut masker = Masker::default();
        masker.add(secret, Hidden::Placed);
        let stars = "*".repeat(secret.len());
        proptest::prop_assert_eq!(chunked(&masker, &text, &cuts), format!("{before}{stars}{after}{stars}"));
    }

    #[test]
    fn what_says_that_it_is_a_secret_never_leaks_across_any_chunking(which in 0usize..13, cuts in proptest::collection::vec(0usize..120, 0..8)) {
        let text = [
            "POSTGRES_PASSWORD=hunter2hunter2 PORT=3030\n",
            "{\"api_key\": \"hunter2hunter2\", \"port\": 3030}\n",
            "dial postgres://app:hunter2hunter2@db:5432/x failed\n",
            "> Authorization: Bearer hunter2hunter2\n",
            "-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2hunter2\nhunter2hunter2\n-----END OPENSSH PRIVATE KEY-----\nrest\n",
            "export TOKEN='hunter2 hunter2' DONE=1\n",
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nhunter2hunter2\n-----END RSA PRIVATE KEY-----\nrest\n",
            "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nhunter2\n=abcd\n-----END PGP PRIVATE KEY BLOCK-----\nrest\n",
            "A_PASSWORD=%hunter2hunter2\nPORT=1\n",
            "A_PASSWORD=x&hunter2;hunter2|y\nPORT=1\n",
            "B_PASSWORD=\"ab\\\"hunter2\" PORT=1\n",
            "\u{1b}[01;31m\u{1b}[KF_TOKEN\u{1b}[m\u{1b}[K=hunter2hunter2 PORT=1\n",
            "Z_PASSWORD=no_hunter2 PORT=1\n",
        ][which];
        let masked = chunked(&Masker::default(), text, &cuts);
        proptest::prop_assert!(!masked.contains("hunter2"), "{}", masked);
        proptest::prop_assert_eq!(masked.len(), text.len());
        proptest::prop_assert_eq!(masked.matches('\n').count(), text.matches('\n').count());
        let kept = ["PORT=3030", "\"port\": 3030}", "@db:5432/x failed", "Authorization: Bearer ", "-----END OPENSSH PRIVATE KEY-----\nrest", "DONE=1", "-----END RSA PRIVATE KEY-----\nrest", "-----END PGP PRIVATE KEY BLOCK-----\nrest", "PORT=1", "PORT=1", "PORT=1", "PORT=1", "PORT=1"][which];
        proptest::prop_assert!(masked.contains(kept), "{}", masked);
    }
}

#[test]
fn short_values_are_left_alone_but_behind_a_name() {
    let mut masker = Masker::default();
    masker.add("abc", Hidden::Placed);
    assert_eq!(masker.text("abc def"), "abc def");
    assert_eq!(masker.text("DB_PASSWORD=abc def"), "DB_PASSWORD=*** def");
    assert_eq!(masker.text("postgres://app:abc@db/x"), "postgres://app:***@db/x");
}

#[test]
fn a_password_that_is_a_word_does_not_blank_the_screen() {
    let shown = Masker::default().text("POSTGRES_PASSWORD=postgres\nContainer postgres Started\n");
    assert_eq!(shown, "POSTGRES_PASSWORD=********\nContainer postgres Started\n");
}

#[test]
fn a_value_is_masked_in_every_form_that_programs_give_it() {
    let secret = "pa ss/wörd+1";
    let mut masker = Masker::default();
    masker.add(secret, Hidden::Placed);
    masker.add("first line of it\nsecond line of it", Hidden::Placed);
    assert_eq!(
        masker.text("q=pa%20ss%2Fw%C3%B6rd%2B1&x"),
        "q=*********************&x"
            .replace("*********************", &"*".repeat("pa%20ss%2Fw%C3%B6rd%2B1".len()))
    );
    for before in ["", "x", "xy", "user:"] {
        let encoded = STANDARD.encode(format!("{before}{secret}!"));
        let shown = masker.text(&encoded);
        let left = shown.chars().filter(|c| *c != '*').count();
        // What stands beside the value shares characters with it at both ends.
        assert!(shown.contains("********") && left <= before.len() * 4 / 3 + 7, "{encoded} {shown}");
    }
    assert_eq!(masker.text("> second line of it <"), "> ***************** <");
}

#[test]
fn what_is_no_secret_stays() {
    for text in [
        "PASSWORD=$PGPASSWORD",
        "TOKEN=<your token>",
        "max_tokens=4096",
        "password=true",
        "Password: ",
        "http://localhost:3030/health",
        "token: expired",
        "-----BEGIN CERTIFICATE-----\nMIIB\n",
        "a=b --force",
    ] {
        assert_eq!(Masker::default().text(text), text);
    }
}

#[test]
fn who_types_sees_what_they_type() {
    let mut masker = Masker::default();
    masker.add("declared-value", Hidden::Placed);
    let mut masker = masker.declared_only();
    assert_eq!(masker.feed(b"PASSWORD=typing"), b"PASSWORD=typing");
    assert_eq!(masker.feed(b" declared-value"), b" **************");
}

#[test]
fn credentials_of_a_document_are_learned_but_for_its_words() {
    let text = "PGPASSWORD=tr0ub4dor psql\nPOSTGRES_PASSWORD=postgres\ncurl --token abcdefgh1 x\n";
    let learned = learn(text, "The postgres container");
    let named = |name: &str| Hidden::Named(name.into());
    let pair = |value: &str, name: &str| (value.to_owned(), named(name));
    let expected = BTreeSet::from([pair("abcdefgh1", "token"), pair("tr0ub4dor", "PGPASSWORD")]);
    assert_eq!(learned, expected);
}
