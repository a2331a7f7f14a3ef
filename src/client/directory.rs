//! Where a run is at home: what lies beside its document, and where a shell of it may start.

use std::path::{Path, PathBuf};

use crate::run::{Event, RunId};
use crate::store::Store;

/// Where nobody but the system's owner leaves anything.
const NOWHERE: &str = "/";

/// The directory that the next runner of a run is started for: a document's path that was given as a relative one is
/// found from there with the settings beside it, and a shell whose own directory is gone starts there.
///
/// That is the document's directory, or the one that the run was started in where its path is relative. Where that
/// can't be told, or the document is not there any more, it is one without settings: what lies where this program
/// happens to be called was not meant for the run.
pub fn home_of(store: &dyn Store, run: &RunId) -> PathBuf {
    let document = store.document_path(run).unwrap_or_default();
    let found = if document.is_absolute() { parent(&document) } else { started_in(store, run, &document) };
    found.unwrap_or_else(|| PathBuf::from(NOWHERE))
}

/// The directory of a document that is there.
fn parent(document: &Path) -> Option<PathBuf> {
    document.parent().filter(|directory| directory.is_dir()).map(Path::to_owned)
}

/// Where the run's first shell was, if the document lies there: a login file may have led it elsewhere.
fn started_in(store: &dyn Store, run: &RunId, document: &Path) -> Option<PathBuf> {
    let records = store.records_of(run).ok()?;
    let observed = records.into_iter().find_map(|record| match record.event {
        Event::PlaceObserved { place } => Some(PathBuf::from(place.directory)),
        _ => None,
    });
    observed.filter(|directory| directory.is_absolute() && directory.join(document).is_file())
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::run::event::Start;
    use crate::run::{Place, Record, Seq};
    use crate::store::memory::MemoryStore;

    /// Where a run is at home whose document's path was given like this, and whose shells reported these directories.
    fn home(document: &Path, observed: &[&Path]) -> PathBuf {
        let (store, run) = (MemoryStore::default(), RunId("t-1".into()));
        let mut journal = store.create(&run, "# T\n").unwrap();
        let document = document.display().to_string();
        let start = Event::RunStarted(Start { document, operator: "ada".into(), ..Start::default() });
        let at = |directory: &&Path| Event::PlaceObserved {
            place: Place { login: "ada@here".into(), directory: directory.display().to_string() },
        };
        let events = std::iter::once(start).chain(observed.iter().map(at));
        let mut prev = String::new();
        for (seq, event) in (1..).zip(events) {
            let record = Record {
                v: 1,
                run: run.clone(),
                seq: Seq(seq),
                at: DateTime::UNIX_EPOCH,
                actor: "ada".into(),
                epoch: 1,
                prev,
                event,
            };
            prev = crate::store::chain::hash(&crate::store::chain::line(&record).unwrap());
            journal.append(&[crate::store::Line::of(&record).unwrap()]).unwrap();
        }
        home_of(&store, &run)
    }

    #[test]
    fn a_run_is_at_home_where_its_document_is_and_nowhere_where_that_is_not_known() {
        let book = tempfile::tempdir().unwrap();
        let away = tempfile::tempdir().unwrap();
        std::fs::write(book.path().join("deploy.md"), "# T\n").unwrap();
        let (given, elsewhere) = (book.path(), away.path());
        let relative = Path::new("deploy.md");
        assert_eq!(home(&given.join("deploy.md"), &[elsewhere]), given, "an absolute path says it");
        assert_eq!(home(relative, &[given, elsewhere]), given, "it counts where the run was started");
        // A login file led the first shell elsewhere, or the document was moved: no settings are taken from there.
        assert_eq!(home(relative, &[elsewhere, given]), Path::new(NOWHERE));
        assert_eq!(home(relative, &[]), Path::new(NOWHERE));
        assert_eq!(home(Path::new("/no/such/place/deploy.md"), &[given]), Path::new(NOWHERE));
    }
}
