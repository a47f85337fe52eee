//! Which folder a board is brought into step with: one line in a file beside the database.

use std::fs;
use std::path::{Path, PathBuf};

use super::file::of_file;
use crate::base::error::{Failure, Outcome};

/// The ending of the file beside the database.
const ENDING: &str = "-hub";

/// Remembers the folder for the board in `database`.
///
/// # Errors
/// Where the folder's name is no text, and what the disk answered.
pub fn remember(database: &Path, folder: &Path) -> Outcome<()> {
    let name = folder.to_str().filter(|name| !name.contains('\n')).ok_or_else(|| {
        Failure::refused("The folder's name cannot be remembered.")
            .at(folder.display().to_string())
            .hint("Give it a name of plain letters.")
    })?;
    if recall(database).as_deref() == Some(folder) {
        return Ok(());
    }
    let beside = beside(database);
    let draft = beside.with_extension("part");
    let _ = fs::remove_file(&draft);
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(&draft)
        .and_then(|mut file| std::io::Write::write_all(&mut file, format!("{name}\n").as_bytes()))
        .and_then(|()| fs::rename(&draft, &beside))
        .map_err(|error| of_file(&beside, &error))
}

/// The folder that was remembered.
pub fn recall(database: &Path) -> Option<PathBuf> {
    let text = fs::read_to_string(beside(database)).ok()?;
    text.lines().next().filter(|name| !name.is_empty()).map(PathBuf::from)
}

fn beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(ENDING);
    PathBuf::from(name)
}
