//! What can still be read of a damaged run, written out beside it; the run itself is left as it is.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::chain;
use super::directory::RunDirectory;
use super::error::StoreError;
use super::sqlite::SqliteJournal;

/// What was saved of one run.
#[derive(Debug)]
pub struct Salvaged {
    /// Where it was written.
    pub path: PathBuf,
    /// Lines of the journal that could be read.
    pub lines: usize,
    /// Why the run can't be opened, if it can't.
    pub damage: Option<String>,
    /// Recordings that were copied.
    pub recordings: usize,
}

impl RunDirectory {
    /// Copies what is readable into `to/RUN/`: the document, the journal's lines (`journal.jsonl`), what is
    /// wrong with them (`damage.txt`) and the recordings. Nothing that exists there is overwritten.
    pub fn salvage(&self, to: &Path) -> Result<Salvaged, StoreError> {
        let path = to.join(&self.id().0);
        let failed = |what: &'static str, path: &Path| {
            let path = path.to_owned();
            move |source| StoreError::File { what, path, source }
        };
        fs::create_dir_all(to).map_err(failed("create", to))?;
        fs::create_dir(&path).map_err(failed("create", &path))?;
        let (lines, damage) = self.readable();
        let journal = path.join("journal.jsonl");
        let mut text = lines.join("\n");
        text.push('\n');
        fs::write(&journal, text).map_err(failed("write", &journal))?;
        if let Some(damage) = &damage {
            let file = path.join("damage.txt");
            fs::File::create(&file)
                .and_then(|mut f| writeln!(f, "{damage}"))
                .map_err(failed("write", &file))?;
        }
        let document = path.join("document.md");
        if fs::copy(self.path().join("document.md"), &document).is_err() {
            let note = path.join("document-missing.txt");
            fs::write(&note, "the document could not be read\n").map_err(failed("write", &note))?;
        }
        let recordings = copy_all(&self.recordings(), &path.join("recordings"))?;
        Ok(Salvaged { path, lines: lines.len(), damage, recordings })
    }

    /// Lines of the journal as far as they can be read, and what is wrong, if anything.
    fn readable(&self) -> (Vec<String>, Option<String>) {
        let opened = SqliteJournal::open_read_only(&self.path().join("journal.db"));
        let (lines, torn) = match opened {
            Ok(journal) => journal.readable_lines(),
            Err(error) => return (vec![], Some(error.to_string())),
        };
        let damage = torn.map(|e| e.to_string()).or_else(|| chain::read(&lines).err().map(|e| e.to_string()));
        (lines, damage)
    }
}

fn copy_all(from: &Path, to: &Path) -> Result<usize, StoreError> {
    fs::create_dir(to).map_err(|source| StoreError::File { what: "create", path: to.to_owned(), source })?;
    let entries = fs::read_dir(from).into_iter().flatten().filter_map(Result::ok);
    let copied = entries.filter(|e| fs::copy(e.path(), to.join(e.file_name())).is_ok());
    Ok(copied.filter(|e| e.path().extension().is_some_and(|x| x == "raw")).count())
}
