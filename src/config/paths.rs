//! Where the files are. `XDG_…` comes first on every system, then what the system is used to.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;

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

    /// The user's colours.
    pub fn theme(&self) -> PathBuf {
        self.config.join("theme.toml")
    }
}

/// The files that stand beside a database and belong to it.
pub fn companions(database: &Path) -> Vec<PathBuf> {
    ["-wal", "-shm", "-replica"]
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
    fn a_databases_companions_stand_beside_it() {
        assert_eq!(companions(Path::new("/a/b.db"))[0], Path::new("/a/b.db-wal"));
    }
}
