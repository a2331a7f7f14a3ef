//! What can still be read of a damaged run, written out beside it; the run itself is left as it is.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::chain;
use super::error::StoreError;
use super::journal::Store;
use crate::run_files::{FileError, RunFiles};

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

impl dyn Store + '_ {
    /// Copies what is readable into `to/RUN/`: the document, the journal's lines (`journal.jsonl`), what is
    /// wrong with them (`damage.txt`) and the recordings. Nothing that exists there is overwritten.
    pub fn salvage(&self, run: &RunFiles, to: &Path) -> Result<Salvaged, StoreError> {
        let path = to.join(&run.id().0);
        let failed = FileError::of;
        fs::create_dir_all(to).map_err(failed("create", to))?;
        fs::create_dir(&path).map_err(failed("create", &path))?;
        let (lines, torn) = self.readable_lines(run.id());
        let damage = torn.or_else(|| chain::read(&lines).err()).map(|e| e.to_string());
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
        if let Ok(bytes) = self.document_of(run.id()) {
            let mut options = fs::OpenOptions::new();
            let file = options.write(true).create_new(true).mode(0o600).open(&document);
            file.and_then(|mut f| f.write_all(&bytes)).map_err(failed("write", &document))?;
        } else {
            let note = path.join("document-missing.txt");
            fs::write(&note, "the document could not be read\n").map_err(failed("write", &note))?;
        }
        let recordings = copy_all(&run.recordings(), &path.join("recordings"))?;
        Ok(Salvaged { path, lines: lines.len(), damage, recordings })
    }
}

fn copy_all(from: &Path, to: &Path) -> Result<usize, FileError> {
    fs::create_dir(to).map_err(FileError::of("create", to))?;
    let entries = fs::read_dir(from).into_iter().flatten().filter_map(Result::ok);
    let copied = entries.filter(|e| fs::copy(e.path(), to.join(e.file_name())).is_ok());
    Ok(copied.filter(|e| e.path().extension().is_some_and(|x| x == "raw")).count())
}
