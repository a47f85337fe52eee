//! The folder between boards, as a person names it.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::base::error::{Failure, Outcome};

/// What a person's words lead to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A folder, by its whole name.
    Folder(PathBuf),
    /// None, but it could be made.
    Missing(PathBuf),
}

/// What such a folder is, with an example.
macro_rules! help {
    ($example:literal) => {
        concat!("A folder that both computers can reach: a shared drive, a USB stick. For example ", $example)
    };
}

/// What such a folder is, with an example of this system.
pub(crate) const HELP: &str = if cfg!(windows) {
    help!(r"H:\ward7a")
} else if cfg!(target_os = "macos") {
    help!("/Volumes/Shared/ward7a")
} else {
    help!("/media/stick/ward7a")
};

/// What to do where a folder cannot be reached.
const REACH: &str = "Connect the shared drive or the stick, and press S again.";

/// Finds the folder that was typed; makes it, where `make` says so and what it stands in is there.
///
/// # Errors
/// A sentence where there is no such folder and none can be made.
pub(crate) fn find(typed: &str, make: bool) -> Outcome<Place> {
    let path = written_out(typed)?;
    match fs::canonicalize(&path) {
        Ok(found) if found.is_dir() => return Ok(Place::Folder(found)),
        Ok(_) => {
            return Err(Failure::refused("This is a file and no folder.").at(shown(&path)).hint("Name a folder."));
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(answered(&path, &error)),
    }
    let parent = path.parent().map(|parent| if parent.as_os_str().is_empty() { Path::new(".") } else { parent });
    let (Some(parent), Some(name)) = (parent.and_then(|parent| fs::canonicalize(parent).ok()), path.file_name()) else {
        return Err(Failure::not_found("There is no such folder, nor the one that it should stand in.")
            .at(shown(&path))
            .hint("Connect the shared drive or the stick, or type it again."));
    };
    let whole = parent.join(name);
    if !make {
        return Ok(Place::Missing(whole));
    }
    match fs::create_dir(&whole) {
        Ok(()) => Ok(Place::Folder(whole)),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(Place::Folder(whole)),
        Err(error) => Err(answered(&whole, &error)),
    }
}

/// Makes sure that a folder that is known can be reached now. It is never made: a drive that is not
/// connected would be taken for an empty one.
///
/// # Errors
/// A sentence that says what to do.
pub(crate) fn check(folder: &Path) -> Outcome<()> {
    match fs::metadata(folder) {
        Ok(found) if found.is_dir() => Ok(()),
        Ok(_) => Err(Failure::refused("This is a file and no folder.").at(shown(folder)).hint(REACH)),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Err(Failure::not_found("The folder cannot be reached.").at(shown(folder)).hint(REACH))
        }
        Err(error) => Err(answered(folder, &error)),
    }
}

/// A failure of a sync with its folder, where it names no place itself.
pub(crate) fn explain(failure: Failure, folder: &Path) -> Failure {
    if failure.place.is_some() { failure } else { failure.at(shown(folder)) }
}

/// A folder as people write it.
pub(crate) fn shown(folder: &Path) -> String {
    let whole = folder.display().to_string();
    // Windows writes whole names with a prefix that nobody types.
    whole
        .strip_prefix(r"\\?\UNC\")
        .map(|rest| format!(r"\\{rest}"))
        .unwrap_or_else(|| whole.strip_prefix(r"\\?\").map_or_else(|| whole.clone(), str::to_owned))
}

/// The path that was typed, with the home folder in place of `~` and without quotes around it.
fn written_out(typed: &str) -> Outcome<PathBuf> {
    let bare = typed.trim().trim_matches(['"', '\'']).trim();
    if bare.is_empty() {
        return Err(Failure::refused("No folder is named.").hint(format!("{HELP}.")));
    }
    let under_home = bare.strip_prefix('~').filter(|rest| rest.is_empty() || rest.starts_with(['/', '\\']));
    Ok(match (under_home, std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest.trim_start_matches(['/', '\\'])),
        _ => PathBuf::from(bare),
    })
}

fn answered(folder: &Path, error: &std::io::Error) -> Failure {
    let what = match error.kind() {
        ErrorKind::PermissionDenied => "You may not use this folder.".to_owned(),
        _ => format!("The folder cannot be used: {error}."),
    };
    Failure::machine(what).at(shown(folder)).hint("Choose another, or ask whoever looks after the drive.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_found_made_when_asked_and_never_made_in_a_folder_that_is_not_there() {
        let home = tempfile::tempdir().unwrap();
        let real = fs::canonicalize(home.path()).unwrap();
        let typed = |name: &str| format!(" \"{}\" ", home.path().join(name).display());
        assert_eq!(find(&typed(""), false).unwrap(), Place::Folder(real.clone()));
        assert_eq!(find(&typed("ward7a"), false).unwrap(), Place::Missing(real.join("ward7a")));
        assert!(!real.join("ward7a").exists(), "nobody has said yes");
        assert_eq!(find(&typed("ward7a"), true).unwrap(), Place::Folder(real.join("ward7a")));
        assert!(find(&typed("stick/ward7a"), true).unwrap_err().hint.is_some());
        fs::write(real.join("file"), "x").unwrap();
        assert!(find(&typed("file"), true).unwrap_err().what.contains("no folder"));
        assert!(find("  ", true).is_err());
    }

    #[test]
    fn the_home_folder_has_its_short_name_and_no_other_name_starts_so() {
        let home = std::env::home_dir().unwrap();
        assert_eq!(written_out("~/ward7a").unwrap(), home.join("ward7a"));
        assert_eq!(written_out("~").unwrap(), home.join(""));
        assert_eq!(written_out("~ward").unwrap(), PathBuf::from("~ward"));
    }

    #[test]
    fn a_folder_on_windows_is_shown_as_people_write_it() {
        assert_eq!(shown(Path::new(r"\\?\H:\ward7a")), r"H:\ward7a");
        assert_eq!(shown(Path::new(r"\\?\UNC\server\ward7a")), r"\\server\ward7a");
        assert_eq!(shown(Path::new("/media/stick")), "/media/stick");
    }
}
