//! What is told of a mask: what it hides is called by its name, and nothing of a value is told.

use super::super::*;

/// What was masked in a text that comes in parts of so many bytes.
fn hidden(masker: &Masker, text: &str, step: usize) -> Vec<String> {
    let mut masker = masker.clone();
    for part in text.as_bytes().chunks(step) {
        masker.feed(part);
    }
    masker.flush();
    masker.take_hidden().iter().map(Hidden::to_string).collect()
}

fn knowing() -> Masker {
    let mut masker = Masker::default();
    masker.add("correct-horse-battery", Hidden::Declared("DB_PASSWORD".into()));
    masker.add("horse-b", Hidden::Declared("SHORT".into()));
    masker.add_environment([("PGPASSWORD".into(), "tr0ub4dor&3".into())].into_iter());
    masker
}

#[test]
fn a_mask_says_which_value_it_hides() {
    let cases: &[(&str, &[&str])] = &[
        ("all is well, port=5432\n", &[]),
        ("it is correct-horse-battery\n", &["DB_PASSWORD (a secret of this run)"]),
        ("correct-\x1b[31mhorse-battery\n", &["DB_PASSWORD (a secret of this run)"]),
        ("Y29ycmVjdC1ob3JzZS1iYXR0ZXJ5\n", &["DB_PASSWORD (a secret of this run)"]),
        ("a horse-b\n", &["SHORT (a secret of this run)"]),
        (
            "correct-horse-battery tr0ub4dor%263\n",
            &["DB_PASSWORD (a secret of this run)", "PGPASSWORD (the operator's environment)"],
        ),
        ("PGPASSWORD=tr0ub4dor&3\n", &["PGPASSWORD (the operator's environment)"]),
        ("api_key: sEcr3tsEcr3t\n", &["the value of \"api_key\" in the output"]),
        ("postgres://app:sEcr3tX@db/x\n", &["a password or key in an address, a header or an option"]),
        ("AKIAIOSFODNN7EXAMPLE\n", &["a key or token, known by its shape"]),
        ("-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n", &["a private key"]),
    ];
    for (text, expected) in cases {
        for step in 1..=text.len() {
            assert_eq!(hidden(&knowing(), text, step), *expected, "{text:?} in parts of {step}");
        }
    }
}

#[test]
fn what_stands_behind_two_names_is_told_as_both() {
    let mut masker = knowing();
    masker.add("tr0ub4dor&3", Hidden::Declared("APP_PASSWORD".into()));
    let both = ["APP_PASSWORD (a secret of this run)", "PGPASSWORD (the operator's environment)"];
    assert_eq!(hidden(&masker, "tr0ub4dor&3", 4), both);
}

#[test]
fn a_name_that_is_a_part_of_a_secret_is_not_told() {
    for text in [
        "correct-horse-battery_token=sEcr3tsEcr3t\n",
        "postgres://app:hunter2_password=sEcr3t@db/x\n",
        "A_PASSWORD=hunter2token=sEcr3tsEcr3t\n",
    ] {
        for step in 1..=text.len() {
            let told = hidden(&knowing(), text, step).join(", ");
            assert!(!told.contains("hunter2") && !told.contains("horse"), "{text:?}: {told}");
        }
    }
}

#[test]
fn each_is_told_once_and_of_many_the_rest_is_counted_as_others() {
    let mut masker = Masker::default();
    masker.feed(b"api_key: sEcr3tsEcr3t\napi_key: sEcr3tsEcr3u\n");
    assert_eq!(masker.take_hidden().len(), 1);
    masker.feed(b"api_key: sEcr3tsEcr3v\n");
    assert!(masker.take_hidden().is_empty());
    for n in 0..200 {
        masker.feed(format!("KEY{n}_TOKEN=sEcr3tsEcr3t\n").as_bytes());
    }
    let told = masker.take_hidden();
    assert!(told.len() <= MOST_TOLD && told.contains(&Hidden::Others), "{told:?}");
}

proptest::proptest! {
    #[test]
    fn nothing_of_a_value_is_ever_in_what_is_told(before in "[a-z=:/@ \"'_]{0,12}", between in "[a-z=:/@ \"'_]{0,8}") {
        let text = format!("{before}s3cr3ts3cr3tX{between}s3cr3ts3cr3tX token={between}\n");
        let mut masker = Masker::default();
        masker.add("s3cr3ts3cr3tX", Hidden::Declared("A".into()));
        for step in [1, 3, 7, text.len()] {
            let told = hidden(&masker, &text, step).join(", ");
            proptest::prop_assert!(!told.contains("s3cr") && !told.contains("r3tX"), "{}", told);
        }
    }
}
