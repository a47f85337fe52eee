//! Where the files are. `XDG_…` comes first on every system, then what the system is used to.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use uuid::Uuid;

/// The name of the program's own directories.
const NAME: &str = "huddleboard";

/// The places of all files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// Where databases are.
    pub data: PathBuf,
    /// Where settings are.
    pub config: PathBuf,
}

impl Paths {
    /// The places that the environment, read through `variable`, and the system's habit give.
    pub fn find(variable: &dyn Fn(&str) -> Option<OsString>) -> Self {
        let system = ProjectDirs::from("", "", NAME);
        // The specification says that a relative path in these variables is to be ignored.
        let stated = |name: &str| {
            variable(name).map(PathBuf::from).filter(|path| path.is_absolute()).map(|path| path.join(NAME))
        };
        let fallback = || PathBuf::from(".").join(NAME);
        Self {
            data: stated("XDG_DATA_HOME")
                .or_else(|| system.as_ref().map(|dirs| dirs.data_dir().to_owned()))
                .unwrap_or_else(fallback),
            config: stated("XDG_CONFIG_HOME")
                .or_else(|| system.as_ref().map(|dirs| dirs.config_dir().to_owned()))
                .unwrap_or_else(fallback),
        }
    }

    /// The ward's database, where nobody names another.
    pub fn database(&self) -> PathBuf {
        self.data.join("ward.db")
    }

    /// The demonstration's database, where nobody names another.
    pub fn demo(&self) -> PathBuf {
        self.data.join("demo.db")
    }

    /// The user's settings.
    pub fn settings(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    /// The user's keys.
    pub fn keys(&self) -> PathBuf {
        self.config.join("keymap.toml")
    }

    /// The user's agendas of huddles.
    pub fn agendas(&self) -> PathBuf {
        self.config.join("agendas.toml")
    }

    /// The user's colours.
    pub fn theme(&self) -> PathBuf {
        self.config.join("theme.toml")
    }
}

/// Where a database's backups are, as the setting says; nothing where none are to be made. `beside` is
/// the usual place. A folder is shared by every database that is opened with these settings, so each has
/// a folder within it, named after the database and after where that is.
pub fn backups(setting: &str, database: &Path, beside: PathBuf) -> Option<PathBuf> {
    match setting.trim() {
        "" => Some(beside),
        "off" => None,
        folder => {
            let place =
                Uuid::new_v5(&Uuid::NAMESPACE_OID, database.as_os_str().as_encoded_bytes()).simple().to_string();
            let name = database.file_name().unwrap_or_default().to_string_lossy();
            // A folder that is not named from the root is where the database is.
            let within = database.parent().unwrap_or(Path::new(".")).join(folder);
            Some(within.join(format!("{name}-backups-{}", &place[..8])))
        }
    }
}

/// The files that stand beside a database and belong to it.
pub fn companions(database: &Path) -> Vec<PathBuf> {
    ["-wal", "-shm", "-replica", "-hub", "-sync"]
        .iter()
        .map(|suffix| {
            let mut name = database.as_os_str().to_owned();
            name.push(suffix);
            PathBuf::from(name)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absolute_xdg_path_comes_first_and_a_relative_one_is_ignored() {
        let paths = Paths::find(&|name| (name == "XDG_DATA_HOME").then(|| OsString::from("/srv/wards")));
        assert_eq!(paths.database(), Path::new("/srv/wards/huddleboard/ward.db"));
        let relative = Paths::find(&|_| Some(OsString::from("wards")));
        assert!(!relative.database().starts_with("wards"));
    }

    #[test]
    fn each_database_has_a_folder_for_backups_of_its_own_beside_it_or_in_the_one_that_is_set() {
        let of = |setting: &str, database: &str| backups(setting, Path::new(database), PathBuf::from("/a/beside"));
        assert_eq!(of("", "/a/ward.db"), Some(PathBuf::from("/a/beside")));
        assert_eq!(of("off", "/a/ward.db"), None);
        let (one, other) = (of("/mnt/safe", "/a/ward.db").unwrap(), of("/mnt/safe", "/b/ward.db").unwrap());
        assert!(one != other && one.starts_with("/mnt/safe") && one.to_str().unwrap().contains("ward.db-backups-"));
        assert_eq!(of("/mnt/safe", "/a/ward.db"), Some(one), "the same the next time");
        assert!(of("copies", "/a/ward.db").unwrap().starts_with("/a/copies"));
    }

    #[test]
    fn a_databases_companions_stand_beside_it() {
        assert_eq!(companions(Path::new("/a/b.db"))[0], Path::new("/a/b.db-wal"));
    }
}
