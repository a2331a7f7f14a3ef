use super::*;

fn what(text: &str, before: &str) -> Reading {
    let code = Code { language: "bash".into(), text: text.into(), fenced: true, ..Code::default() };
    reading(&code, before)
}

#[test]
fn fences_that_hold_no_commands() {
    for (text, before, kind) in [
        ("NODE_ENV=production\nPORT=3000\nAPI_URL=https://x\n", "", "env file"),
        ("A=1\n", "Create `/opt/x/.env`:", "env file"),
        ("#!/bin/bash\nset -e\nexit 1\n", "", "file"),
        ("# Save as: backup.sh\npg_dump x\n", "", "file"),
        ("0 3 * * * /usr/local/bin/backup.sh\n", "", "cron"),
        ("SELECT count(*)\nFROM users;\n", "", "sql"),
        ("server {\n  listen 80;\n}\n", "", "config"),
        ("NAME      READY   STATUS\n", "", "output"),
        ("Error: connection refused by peer\n", "", "output"),
        ("Make sure that the backup is there.\n", "", "text"),
        ("请确认备份已经完成\n", "", "text"),
    ] {
        assert_eq!(what(text, before), Reading::Other(kind), "{text}");
    }
    for text in [
        "npm ci\n",
        "VERSION=1\necho $VERSION\n",
        "DIR=/x\nOTHER=/y\nTHIRD=/z\ncp $DIR $OTHER\n",
        "f() {\n  ls\n}\nf\n",
        "for x in 1 2; do\n  ls\ndone\n",
        "fly deploy --remote-only\n",
        "./deploy.sh production\n",
        "export A=1\nexport B=2\nexport C=3\n",
        "update-ca-certificates\n",
    ] {
        assert_eq!(what(text, ""), Reading::Shell, "{text}");
    }
    assert_eq!(what("$ ls\na b\n", ""), Reading::Prompts);
    assert_eq!(what("deploy@web1:~$ ls\n", ""), Reading::Prompts);
}

#[test]
fn labels_of_outputs() {
    let code = |language: &str, text: &str| Code {
        language: language.into(),
        text: text.into(),
        fenced: true,
        ..Code::default()
    };
    for label in [
        "Expected output:",
        "**Output:**",
        "Sample output:",
        "预期输出：",
        "Sortie attendue :",
        "You get. Expected:",
        "You should see:",
        "Ожидаемый вывод:",
        "Es sollte `ok` zu sehen sein:",
    ] {
        assert!(shows_output(label, &code("", "ready")), "{label}");
    }
    assert!(!shows_output("Run it and record the output:", &code("bash", "git log")));
    assert!(!shows_output("Expected output:", &code("bash", "docker ps")));
    assert!(!shows_output("Build:", &code("", "ready")));
    assert!(!shows_output("You should run this:", &code("", "ready")));
    assert!(!shows_output("It should look like this:", &code("yaml", "a: 1")));
}
