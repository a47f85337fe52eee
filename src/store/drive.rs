//! The drive that a file lies on: whether it is another machine's, and how much room it has.

use std::path::Path;

use crate::base::error::{Failure, Outcome};

/// What is left free on a drive when a copy is made, so that the board itself can go on saving.
const LEFT_FREE: u64 = 16 * 1024 * 1024;

/// Where a drive is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drive {
    /// In this machine, as far as the system says.
    Own,
    /// On another machine, by this protocol.
    Network(&'static str),
    /// Given by another program (FUSE), which may fetch it from anywhere.
    Unsure,
    /// This system has no way to say that the program knows.
    Unknown,
}

/// File systems by the number that Linux gives them: another machine's, or another program's.
const KNOWN: &[(u32, Drive)] = &[
    (0x0000_6969, Drive::Network("NFS")),
    (0x0000_517B, Drive::Network("SMB")),
    (0xFF53_4D42, Drive::Network("CIFS")),
    (0xFE53_4D42, Drive::Network("SMB2")),
    (0x0102_1997, Drive::Network("9P")),
    (0x6573_5546, Drive::Unsure),
];

/// What drive a file or folder lies on.
pub fn of(path: &Path) -> Drive {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the number has 32 bits everywhere")]
        rustix::fs::statfs(path).map_or(Drive::Unknown, |found| by_number(found.f_type as u32))
    }
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    {
        let _ = path;
        Drive::Unknown
    }
}

#[cfg_attr(not(any(target_os = "linux", target_os = "android")), allow(dead_code))]
fn by_number(number: u32) -> Drive {
    KNOWN.iter().find(|(known, _)| *known == number).map_or(Drive::Own, |(_, drive)| *drive)
}

/// How many bytes more a folder can take; nothing where the system does not say.
pub fn room(folder: &Path) -> Option<u64> {
    #[cfg(unix)]
    {
        rustix::fs::statvfs(folder).ok().map(|found| found.f_bavail.saturating_mul(found.f_frsize))
    }
    #[cfg(not(unix))]
    {
        let _ = folder;
        None
    }
}

/// Refuses to begin a copy of so many bytes that would fill the drive.
pub(super) fn check_room(folder: &Path, bytes: u64) -> Outcome<()> {
    let wanted = bytes.saturating_add(LEFT_FREE);
    match room(folder) {
        Some(free) if free < wanted => Err(Failure::machine(format!(
            "There is too little room: {} free, and {} wanted, so that the board can go on saving.",
            size(free),
            size(wanted)
        ))
        .at(folder.display().to_string())
        .hint("Make room, or name another folder.")),
        _ => Ok(()),
    }
}

/// So many bytes, in words.
pub fn size(bytes: u64) -> String {
    #[allow(clippy::cast_precision_loss, reason = "one decimal is shown")]
    let count = bytes as f64;
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{:.0} kB", count / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", count / 1e6),
        _ => format!("{:.1} GB", count / 1e9),
    }
}

/// What is said when a board on another machine's drive is opened. It is not refused: whoever stands
/// before it in the morning needs their numbers more than they need to be right about the drive.
pub(super) fn warning(drive: Drive) -> Option<String> {
    let Drive::Network(name) = drive else { return None };
    Some(format!(
        "This board lies on a network drive ({name}), where two machines that write at once can damage it. It is \
         opened, because its data are yours: let one machine at a time use it, and move it to a disk of this \
         machine; `huddleboard sync` shares it through the network drive."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_network_file_system_is_known_by_its_number_and_local_ones_are_not_taken_for_one() {
        for (number, drive) in [
            (0x6969, Drive::Network("NFS")),
            (0x517B, Drive::Network("SMB")),
            (0xFF53_4D42, Drive::Network("CIFS")),
            (0xFE53_4D42, Drive::Network("SMB2")),
            (0x0102_1997, Drive::Network("9P")),
            (0x6573_5546, Drive::Unsure),
            (0xEF53, Drive::Own),      // ext4
            (0x5846_5342, Drive::Own), // XFS
            (0x9123_683E, Drive::Own), // btrfs
            (0x0102_1994, Drive::Own), // tmpfs
            (0x2FC1_2FC1, Drive::Own), // ZFS
            (0x794C_7630, Drive::Own), // overlay
        ] {
            assert_eq!(by_number(number), drive, "{number:x}");
        }
    }

    #[test]
    fn only_a_drive_that_is_surely_another_machines_is_warned_of() {
        assert!(warning(Drive::Network("NFS")).is_some_and(|words| words.contains("(NFS)")));
        for drive in [Drive::Own, Drive::Unsure, Drive::Unknown] {
            assert_eq!(warning(drive), None);
        }
    }

    #[test]
    fn a_folder_has_room_and_not_for_everything() {
        let dir = tempfile::tempdir().unwrap();
        if room(dir.path()).is_some() {
            assert!(check_room(dir.path(), u64::MAX / 2).unwrap_err().what.contains("too little room"));
        }
    }

    #[test]
    fn sizes_are_said_as_people_say_them() {
        assert_eq!(
            [0, 950, 4_096, 1_234_567, 3_100_000_000].map(size),
            ["0 bytes", "950 bytes", "4 kB", "1.2 MB", "3.1 GB"]
        );
    }
}
