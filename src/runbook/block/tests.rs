use crate::runbook::read;

/// The commands of a fence as what they are: `?` in doubt, `~` offered, `/` an alternative, `!` not taken by bash;
/// and other lines.
fn told(language: &str, fence: &str) -> Vec<String> {
    let book = read(&format!("# R\n\n## Step 1: Do\n\n```{language}\n{fence}\n```\n"));
    let mut found: Vec<(usize, String)> = Vec::new();
    for block in book.all_blocks() {
        for c in &block.commands {
            let doubt = if c.doubt.is_some() { "?" } else { "" };
            let offered = match &c.way {
                Some(_) => "/",
                None if c.optional || c.alternative => "~",
                None => "",
            };
            let parses = if c.parses { "" } else { "!" };
            found.push((c.span.line, format!("{doubt}{offered}{parses}{}", c.text)));
        }
        found.extend(block.other.iter().map(|o| (o.line, format!("{}: {}", o.what, o.text))));
    }
    found.sort();
    found.into_iter().map(|(_, text)| text).collect()
}

#[test]
fn what_bash_closes_is_one_command_and_its_inside_is_none() {
    let function = "teardown() {\n  level=$(case $1 in prod) echo 1;; *) echo 2;; esac)\n  rm -f victim3\n}";
    assert_eq!(
        told("bash", &format!("touch victim3\n{function}\necho end")),
        ["touch victim3", function, "echo end"]
    );
    let broken = "teardown() {\n  ls )\n}";
    assert_eq!(told("bash", broken), ["!teardown() {", "!ls )", "!}"]);
}

#[test]
fn a_comment_is_a_comment() {
    for fence in [
        "# make backup\ncp /etc/hostname backup.db\n# rm old files\nrm -f old.db",
        "# docker compose up -d\ndocker compose up -d",
        "# git pull latest\ngit pull\n# systemctl restart nginx\nsystemctl restart nginx",
        "# terraform plan\nterraform plan -out=p\n# sleep 5\nsleep 5",
    ] {
        let plain: Vec<&str> = fence.lines().filter(|l| !l.starts_with('#')).collect();
        assert_eq!(told("bash", fence), plain);
    }
}

#[test]
fn a_command_that_is_commented_out_takes_no_other_ones_place() {
    assert_eq!(
        told("bash", "git checkout v1.2.0\n# Or main branch for latest\n# git checkout main\nmake all"),
        ["git checkout v1.2.0", "~git checkout main", "make all"]
    );
    assert_eq!(
        told("bash", "# Optional: stop everything\n# docker-compose down\n\ndocker-compose ps"),
        ["~docker-compose down", "docker-compose ps"]
    );
    assert_eq!(
        told("bash", "make all\n\n# rm -rf build/\n\nmake check"),
        ["make all", "~rm -rf build/", "make check"]
    );
    assert_eq!(told("bash", "make all\n# Or:\nmake some"), ["/make all", "/make some"]);
}

#[test]
fn what_could_be_a_command_or_text_is_in_doubt() {
    assert_eq!(
        told("bash", "docker ps\nacmectl sync one two the three\nMake sure that all is well."),
        ["docker ps", "?acmectl sync one two the three", "text: Make sure that all is well."]
    );
    // An apostrophe of a sentence takes no command along.
    assert_eq!(
        told("bash", "Don't forget the backup\nrm -f old.db"),
        ["text: Don't forget the backup", "rm -f old.db"]
    );
}

#[test]
fn a_client_takes_lines_only_while_they_can_be_its_own() {
    assert_eq!(
        told("bash", "fly postgres connect -a db\nSELECT 1;\nfly scale count 2 -a web\nfly apps restart web"),
        [
            "fly postgres connect -a db",
            "input of line 6: SELECT 1;",
            "fly scale count 2 -a web",
            "fly apps restart web"
        ]
    );
    assert_eq!(
        told("bash", "psql -U postgres\n\\dt\nsystemctl restart app"),
        ["psql -U postgres", "input of line 6: \\dt", "systemctl restart app"]
    );
}

#[test]
fn prompts_of_root_are_all_of_them_or_none() {
    assert_eq!(
        told("console", "# systemctl stop nginx\n# dpkg -i nginx.deb\n# systemctl start nginx"),
        ["systemctl stop nginx", "dpkg -i nginx.deb", "systemctl start nginx"]
    );
}

#[test]
fn characters_of_a_word_processor_are_in_doubt() {
    assert_eq!(told("bash", "git\u{a0}log"), ["?git\u{a0}log"]);
    assert_eq!(told("bash", "curl \u{2013}X POST http://h/x"), ["?curl \u{2013}X POST http://h/x"]);
    assert_eq!(told("bash", "psql -c \u{201c}SELECT 1\u{201d}"), ["?psql -c \u{201c}SELECT 1\u{201d}"]);
    assert_eq!(told("bash", "git commit -m 'it\u{2019}s'"), ["git commit -m 'it\u{2019}s'"]);
}
