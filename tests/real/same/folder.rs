//! Compares a folder of scripts, one by one: `GONOGO_SCRIPTS=FOLDER cargo test --test real folder -- --ignored --nocapture`.

use std::path::PathBuf;

use gonogo::shell::{PieceKind, split};

use super::Sides;

#[test]
#[ignore = "takes a folder of scripts: GONOGO_SCRIPTS=FOLDER"]
fn a_folder_of_scripts_comes_to_the_same_as_typed() {
    let Some(folder) = std::env::var_os("GONOGO_SCRIPTS").map(PathBuf::from) else {
        println!("skipped: GONOGO_SCRIPTS names no folder");
        return;
    };
    let mut scripts: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|p| p.is_file())
        .collect();
    scripts.sort();
    let (mut same, mut unread, mut different) = (0, 0, 0);
    for path in &scripts {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let Ok(script) = std::fs::read_to_string(path) else { continue };
        let pieces = split(&script);
        if pieces.iter().any(|p| p.kind == PieceKind::Command { parses: false }) {
            unread += 1;
            println!("{name}: not split into commands");
            continue;
        }
        let commands: Vec<String> = pieces
            .into_iter()
            .filter(|p| p.kind != PieceKind::Comment)
            .map(|p| script[p.span].to_owned())
            .collect();
        let compared = std::panic::catch_unwind(|| Sides::of(&name, &commands).difference(&commands));
        match compared {
            Ok(None) => same += 1,
            Ok(Some(difference)) => {
                different += 1;
                println!("{name}: {difference}");
            }
            Err(_) => {
                different += 1;
                println!("{name}: one of the two gave no answer");
            }
        }
    }
    println!("{} scripts: {same} the same, {different} different, {unread} not split", scripts.len());
    assert_eq!((different, unread), (0, 0), "see above");
}
