//! What stands around the file: who may read it, the drive that it is on, the copies that other
//! programs made of it, its backups, and the room that is left.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::TimeDelta;

use super::{Examination, Finding, Sort, several};
use crate::store::backup::{self, Backup, Pace};
use crate::store::drive::{self, Drive};
use crate::store::{Store, file};

/// What belongs to a database and stands beside it.
const BESIDE: [&str; 6] = ["-wal", "-shm", "-journal", "-replica", "-hub", "-sync"];
/// A board that is written to has a backup that is no older than this.
const OLD: TimeDelta = TimeDelta::days(7);

/// Whether anybody can read or write what they should not.
pub(super) fn rights(real: &Path, examination: &Examination<'_>) -> Finding {
    #[cfg(unix)]
    {
        unix_rights(real, examination)
    }
    #[cfg(not(unix))]
    {
        let _ = (real, examination);
        Finding::ok("permissions", "Not checked: this system has no permissions that the program knows.")
    }
}

#[cfg(unix)]
fn unix_rights(real: &Path, examination: &Examination<'_>) -> Finding {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    const CHECK: &str = "permissions";
    let mode = |path: &Path| fs::metadata(path).map(|found| found.permissions().mode()).ok();
    let mut files = vec![real.to_owned()];
    files.extend(BESIDE.iter().map(|ending| file::beside(real, ending)));
    let folders = examination.folders(real);
    files.extend(folders.iter().flat_map(|folder| backup::backups(folder).unwrap_or_default()).map(|kept| kept.path));
    let open = |path: &&PathBuf| mode(path).is_some_and(|mode| mode & 0o007 != 0);
    let named = |paths: &[PathBuf]| name_some(paths);
    let readable: Vec<PathBuf> = files.iter().chain(&folders).filter(open).cloned().collect();
    if !readable.is_empty() {
        return Finding::wrong(
            CHECK,
            format!("Everybody on this machine has access to {}.", named(&readable)),
            "Take it away: chmod o-rwx on these.",
        );
    }
    let folder = real.parent().unwrap_or(Path::new("/"));
    // In a folder with the sticky bit nobody can take away what is another's.
    if mode(folder).is_some_and(|mode| mode & 0o002 != 0 && mode & 0o1000 == 0) {
        return Finding::wrong(
            CHECK,
            "Everybody on this machine can put another file in the place of the board.",
            format!("Take the right to write to it from others: chmod o-w {}", folder.display()),
        );
    }
    let shared: Vec<PathBuf> =
        files.iter().filter(|path| mode(path).is_some_and(|mode| mode & 0o060 != 0)).cloned().collect();
    if !shared.is_empty() && !examination.shared_with_group {
        return Finding::look(
            CHECK,
            format!(
                "The group of the file has access to {}, and the settings do not say that it should.",
                named(&shared)
            ),
            "Say so in the settings (shared_with_group = true), or take it away: chmod g-rwx on these.",
        );
    }
    let owner = |path: &Path| fs::metadata(path).map(|found| found.uid()).ok();
    let others: Vec<PathBuf> =
        files.iter().filter(|path| path.exists() && owner(path) != owner(real)).cloned().collect();
    if !others.is_empty() && !examination.shared_with_group {
        return Finding::look(
            CHECK,
            format!("{} belongs to another account than the board.", name_some(&others)),
            "Give all of them to the account that uses the board: chown.",
        );
    }
    let who = if shared.is_empty() { "its owner" } else { "its owner and their group" };
    Finding::ok(CHECK, format!("Only {who} can read or write the board, what stands beside it, and its backups."))
}

/// The names of some files, and how many more there are.
fn name_some(paths: &[PathBuf]) -> String {
    const AT_MOST: usize = 4;
    let names: Vec<String> = paths
        .iter()
        .take(AT_MOST)
        .filter_map(|path| path.file_name())
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    match paths.len().saturating_sub(AT_MOST) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

/// Whether the file is on a drive of this machine.
pub(super) fn drive(real: &Path) -> Finding {
    const CHECK: &str = "drive";
    match drive::of(real) {
        Drive::Own => Finding::ok(CHECK, "The file is on a drive of this machine."),
        Drive::Unknown => Finding::ok(CHECK, "Not checked: this system does not say what the drive is."),
        Drive::Unsure => Finding::look(
            CHECK,
            "Another program gives this drive (FUSE), and may fetch it through a network.",
            "Where it does, move the board to a disk of this machine.",
        ),
        Drive::Network(name) => Finding::wrong(
            CHECK,
            format!("The file is on a network drive ({name}); two machines that write at once can damage it."),
            "Move it to a disk of this machine, with the program closed; `huddleboard sync` shares it.",
        ),
    }
}

/// Whether a program that synchronises folders has made copies of the board.
pub(super) fn conflict_copies(real: &Path) -> Finding {
    const CHECK: &str = "conflict copies";
    let (Some(folder), Some(name)) = (real.parent(), real.file_stem().and_then(|stem| stem.to_str())) else {
        return Finding::ok(CHECK, "Not checked: the file's name is no text.");
    };
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let copies: Vec<PathBuf> = entries
        .filter(|entry| entry.file_name().to_str().is_some_and(|other| is_conflict_copy(name, other)))
        .map(|entry| entry.path())
        .collect();
    if copies.is_empty() {
        return Finding::ok(CHECK, "No other program has made copies of the board beside it.");
    }
    Finding::wrong(
        CHECK,
        format!("A program that synchronises this folder has made copies of the board: {}.", name_some(&copies)),
        "Each may hold changes that the others lack: open each with --db and `huddleboard sync` them with one \
         folder. Then keep the board out of folders that such a program looks after.",
    )
}

/// Whether `other` is how a synchronising program names its copy of the board `stem`.
fn is_conflict_copy(stem: &str, other: &str) -> bool {
    let other = other.to_lowercase();
    other.starts_with(&stem.to_lowercase())
        && ["conflicted copy", ".sync-conflict-"].iter().any(|mark| other.contains(mark))
}

/// Whether there is a backup that can be read, and is not old. `store` is the board, where it is whole.
pub(super) fn backups(store: Option<&Store>, examination: &Examination<'_>) -> Finding {
    const CHECK: &str = "backups";
    const MAKE: &str = "Make one now: `huddleboard backup`.";
    let Some(folder) = examination.backups else {
        return Finding::look(
            CHECK,
            "The settings say that no backups are made.",
            "Set backups, or make them by hand.",
        );
    };
    let made = match backup::backups(folder) {
        Ok(made) => made,
        Err(failure) => return Finding::failed(CHECK, &failure),
    };
    let regular: Vec<&Backup> = made.iter().filter(|kept| kept.sort == Sort::Regular).collect();
    let now = examination.clock.now();
    let Some(last) = regular.iter().find(|kept| kept.when <= now) else {
        return match store.map(Store::is_demo_or_empty) {
            Some(Ok(true)) => Finding::ok(CHECK, "There are none: a demonstration or an empty board needs none."),
            _ => Finding::look(CHECK, "There are none yet.", MAKE),
        };
    };
    if let Err(failure) = backup::sound(&last.path, examination.clock.clone(), &Pace::default()) {
        return Finding::wrong(
            CHECK,
            format!("The last one, {}, cannot be read: {}", name_some(std::slice::from_ref(&last.path)), failure.what),
            MAKE,
        );
    }
    let bytes: u64 = made.iter().map(|kept| kept.bytes).sum();
    let stock = format!("{} of {}", several(made.len(), "copy", "copies"), drive::size(bytes));
    let age = now - last.when;
    let days = usize::try_from(age.num_days()).unwrap_or_default();
    let ago = if days == 0 { "less than a day".to_owned() } else { several(days, "day", "days") };
    if age > OLD && store.is_some_and(|store| !backup::holds_all_of(last, store)) {
        return Finding::look(CHECK, format!("The last one is {ago} old, and lacks what was written since."), MAKE);
    }
    Finding::ok(CHECK, format!("The last one is {ago} old and can be read; {stock} in all."))
}

/// Whether the drives have room for what comes.
pub(super) fn room(real: &Path, examination: &Examination<'_>) -> Finding {
    const CHECK: &str = "space";
    const MAKE: &str = "Make room: a full disk saves nothing.";
    let bytes = fs::metadata(real).map_or(0, |found| found.len());
    let mut folders = examination.folders(real);
    folders.extend(real.parent().map(Path::to_owned));
    let Some(least) = folders.iter().filter_map(|folder| drive::room(folder)).min() else {
        return Finding::ok(CHECK, "Not checked: this system does not say how much room is left.");
    };
    let found = format!("{} free; the board has {}.", drive::size(least), drive::size(bytes));
    match least {
        ..16_000_000 => Finding::wrong(CHECK, found, MAKE),
        _ if least < bytes.saturating_mul(3) => Finding::look(CHECK, found, MAKE),
        _ => Finding::ok(CHECK, found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_copies_of_synchronising_programs_are_known_by_their_names() {
        for (name, copy) in [
            ("ward (Mary's conflicted copy 2026-11-20).db", true),
            ("ward (conflicted copy 2026-11-20 084200).db", true),
            ("Ward (Conflicted Copy).db", true),
            ("ward.sync-conflict-20261120-084200-ABCDEFG.db", true),
            ("ward.db.sync-conflict-20261120-084200-ABCDEFG", true),
            ("ward.db", false),
            ("ward.db-wal", false),
            ("other.sync-conflict-20261120-084200-ABCDEFG.db", false),
            ("conflicted copy of ward.db", false),
        ] {
            assert_eq!(is_conflict_copy("ward", name), copy, "{name}");
        }
    }
}
