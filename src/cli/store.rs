//! Where runs are kept: no other file says which store that is.

use std::path::Path;
use std::sync::Arc;

use super::report::CommandError;
use crate::config::Settings;
use crate::run_files::RunFiles;
use crate::store::{StateDirectory, Store, StoreError};

/// The store whose runs have their files below a state directory.
pub(super) fn at(state_dir: &Path) -> Result<Arc<dyn Store>, StoreError> {
    Ok(Arc::new(StateDirectory::open(state_dir)?))
}

/// The run of this name, or the one that was active last, with the store that it is kept in.
pub(super) fn find(
    settings: &Settings,
    name: Option<&str>,
) -> Result<(Arc<dyn Store>, RunFiles), CommandError> {
    let store = at(&settings.state_dir)?;
    let id = store.find(name)?;
    Ok((store, RunFiles::of(&settings.state_dir, id)))
}
