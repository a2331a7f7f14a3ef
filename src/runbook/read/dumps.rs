//! Files that one command of a document dumps a database into and another reads back: what is there then is lost.

use super::super::block::feeds_database;
use super::super::comments::headings;
use super::super::holes::{holes, mask};
use super::super::model::{Command, Plan, Step};
use crate::shell::{self, Effect, Kind};

/// Endings of dumps.
const DUMPS: &[&str] = &[".sql", ".dump", ".sql.gz", ".bak", ".archive", ".rdb"];

/// Makes those commands destructive that read a dump of the document, or read one where a heading speaks of a restore.
pub(super) fn mark(plan: &mut Plan) {
    let dumped: Vec<String> = plan.all_commands().into_iter().filter_map(dumped).collect();
    let steps = plan.steps.iter_mut().chain(&mut plan.rollback.steps);
    steps.for_each(|step| in_step(step, false, &dumped));
}

fn in_step(step: &mut Step, restores: bool, dumped: &[String]) {
    let restores = restores || headings::restores(&step.title);
    for command in step.blocks.iter_mut().flat_map(|b| &mut b.commands) {
        let reads = |file: &str| restores || dumped.contains(&pattern(file));
        if command.kind != Kind::Manual
            && command.effect == Effect::Changes
            && read(&command.text).is_some_and(reads)
        {
            command.effect = Effect::Destructive;
        }
    }
    step.substeps.iter_mut().for_each(|part| in_step(part, restores, dumped));
}

/// The dump that a command writes: `pg_dump shop > shop.sql`.
fn dumped(command: &Command) -> Option<String> {
    let (head, rest) = command.text.rsplit_once('>')?;
    let named = ["dump", "backup"].iter().any(|word| head.contains(word));
    let file = rest.split(['\n', ';', '|', '&']).next()?.trim();
    (command.kind != Kind::Manual && named && is_dump(file)).then(|| pattern(file))
}

/// The dump that a command reads, `psql shop < shop.sql`; of a compressed one it is what takes it apart that does.
fn read(text: &str) -> Option<&str> {
    if !text.contains('<') || !feeds_database(text) {
        return None;
    }
    // The signs around a placeholder are no redirection.
    let masked = mask(text, &holes(text));
    let at = masked.rfind('<').filter(|at| !text.get(..*at).unwrap_or("").ends_with('<'))?;
    let file = text.get(at + 1..)?.split_whitespace().next()?;
    let head = masked.get(..at)?;
    (is_dump(file) && shell::parse(head.trim_end()).is_some()).then_some(file)
}

fn is_dump(file: &str) -> bool {
    let file = file.trim_matches(['"', '\'']);
    DUMPS.iter().any(|end| file.ends_with(end))
}

/// A file's name without its folder, with one sign for what differs from day to day: `shop-$(date +%F).sql` and
/// `shop-2026-01-02.sql` are the same dump.
fn pattern(file: &str) -> String {
    let mut found = String::new();
    let mut depth = 0_usize;
    let varies = |found: &mut String| {
        if !found.ends_with('*') {
            found.push('*');
        }
    };
    let mut signs = file.trim_matches(['"', '\'']).chars().peekable();
    while let Some(c) = signs.next() {
        match c {
            '(' | '{' => depth += 1,
            ')' | '}' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            '$' => {
                varies(&mut found);
                while signs.next_if(|c| c.is_ascii_alphanumeric() || *c == '_').is_some() {}
            }
            '/' => found.clear(),
            c if c.is_ascii_digit() || found.ends_with('*') && "-_:TZ".contains(c) => varies(&mut found),
            c => found.push(c),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runbook::read;

    #[test]
    fn names_of_one_dump_are_the_same() {
        for (one, other) in [
            ("shop-$(date +%F).sql", "shop-2026-01-02.sql"),
            ("/srv/shop_${STAMP}.sql.gz", "shop_20260102_030405.sql.gz"),
            ("\"shop-$DAY.dump\"", "/old/shop-1.dump"),
        ] {
            assert_eq!(pattern(one), pattern(other));
        }
        assert_ne!(pattern("shop-$(date).sql"), pattern("schema.sql"));
    }

    #[test]
    fn what_was_dumped_destroys_where_it_is_read_back() {
        let book = |file: &str| {
            read(&format!(
                "# T\n\n## Steps\n\n### Step 1: Save\n\n```bash\npg_dump shop > shop-$(date +%F).sql\n```\n\n\
                 ### Step 2: Load\n\n```bash\ndocker compose exec -T db psql -U shop shop < {file}\n```\n"
            ))
        };
        let effect = |file: &str| book(file).step_commands().last().map(|c| c.effect);
        assert_eq!(effect("shop-2026-01-02.sql"), Some(Effect::Destructive));
        assert_eq!(effect("schema.sql"), Some(Effect::Changes));
    }
}
