//! Files in a folder that others read at the same time: whole or not there, and never changed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use super::draft::Writing;
use crate::base::error::{Failure, Outcome};

/// Writes a file that was not there, readable by whoever may read its folder. One that is there in the
/// meantime stays as it is.
pub(super) fn put(writing: &Writing, path: &Path, bytes: &[u8]) -> Outcome<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let draft = writing.draft(folder);
    let written = put_by_way_of(&draft, path, bytes);
    if written.is_err() {
        let _ = fs::remove_file(&draft);
    }
    written.map_err(|error| of_file(path, &error))
}

fn put_by_way_of(draft: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(draft)?;
    file.write_all(bytes)?;
    share(draft, path.parent().unwrap_or(Path::new(".")), 0o666);
    file.sync_all()?;
    drop(file);
    match fs::hard_link(draft, path) {
        Ok(()) => fs::remove_file(draft)?,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => fs::remove_file(draft)?,
        // Where there are no hard links: a file of this name can only hold the same changes, so that
        // whoever comes between these two lines loses nothing.
        Err(_) if path.exists() => fs::remove_file(draft)?,
        Err(_) => fs::rename(draft, path)?,
    }
    if let Some(folder) = path.parent() {
        // Not every file system can; those that cannot have no need to.
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
    Ok(())
}

/// Writes a file over the one that is there, readable by whoever may read its folder.
pub(super) fn put_over(writing: &Writing, path: &Path, bytes: &[u8]) -> Outcome<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let draft = writing.draft(folder);
    let written = OpenOptions::new().write(true).create_new(true).open(&draft).and_then(|mut file| {
        file.write_all(bytes)?;
        share(&draft, folder, 0o666);
        file.sync_all()?;
        fs::rename(&draft, path)
    });
    written.map_err(|error| {
        let _ = fs::remove_file(&draft);
        of_file(path, &error)
    })
}

/// Makes a folder, where it is not there, open to whoever its parent is open to.
pub(super) fn make_folder(path: &Path) -> Outcome<()> {
    match fs::create_dir(path) {
        Ok(()) => share(path, path.parent().unwrap_or(Path::new(".")), 0o7777),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(of_file(path, &error)),
    }
    Ok(())
}

/// Gives `path` the permissions of `folder`, as far as `mask` goes. Shares that have permissions of
/// their own refuse this, and need it not.
fn share(path: &Path, folder: &Path, mask: u32) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if let Ok(found) = fs::metadata(folder) {
            let mode = found.permissions().mode() & mask & !0o5000;
            let _ = fs::set_permissions(path, fs::Permissions::from_mode(mode));
        }
    }
    #[cfg(not(unix))]
    let _ = (path, folder, mask);
}

/// What the file system answered about `path`.
pub(super) fn of_file(path: &Path, error: &io::Error) -> Failure {
    let what = match error.kind() {
        io::ErrorKind::PermissionDenied => "Permission is missing.".to_owned(),
        io::ErrorKind::StorageFull => "The disk is full.".to_owned(),
        io::ErrorKind::NotFound => "There is no such file or folder.".to_owned(),
        _ => format!("The file system answered: {error}."),
    };
    let hint = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            "Make room there, and try again: what is half written counts for nothing."
        }
        _ => "Check the folder, and try again.",
    };
    Failure::machine(what).at(path.display().to_string()).hint(hint)
}
