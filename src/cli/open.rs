//! What every command stands on: the file, the team, the author, the clock and the settings.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use clap::Args;

use super::out;
use crate::base::clock::{Clock, FixedClock, SystemClock};
use crate::base::error::{Failure, FailureKind, Outcome};
use crate::base::text;
use crate::base::zone::Zone;
use crate::config::paths::{self, Paths};
use crate::config::settings::Settings;
use crate::domain::TeamId;
use crate::domain::team::Team;
use crate::store::backup::backup_folder;
use crate::store::{Author, Opening, Store};

/// What can be said before or after every command.
#[derive(Debug, Args)]
pub(super) struct Flags {
    /// The database file
    #[arg(long, global = true, value_name = "FILE", env = "HUDDLEBOARD_DB", hide_env = true)]
    pub(super) db: Option<PathBuf>,
    /// The team, where the file holds several
    #[arg(long, global = true, value_name = "NAME", env = "HUDDLEBOARD_TEAM", hide_env = true)]
    pub(super) team: Option<String>,
    /// Who does it: a role or initials, never an account's name
    #[arg(long = "as", global = true, value_name = "ROLE", env = "HUDDLEBOARD_ROLE", hide_env = true)]
    pub(super) role: Option<String>,
    /// Pretend that it is this moment
    #[arg(long, global = true, hide = true, value_name = "MOMENT", env = "HUDDLEBOARD_NOW", hide_env = true)]
    pub(super) now: Option<String>,
}

/// Where a path or a setting comes from, for `info`.
pub(super) struct Place {
    pub(super) path: PathBuf,
    pub(super) why: &'static str,
}

/// The settings and places of this run.
pub(super) struct Home {
    pub(super) paths: Paths,
    pub(super) settings: Settings,
    pub(super) problems: Vec<String>,
}

/// A file that is open, with everything that a command needs.
pub(super) struct Opened {
    pub(super) store: Store,
    pub(super) teams: Vec<Team>,
    chosen: Option<Team>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) home: Home,
    role: Option<String>,
    session: i64,
}

impl Home {
    /// Finds the places and reads the settings; what is wrong with them is a sentence, not an end.
    pub(super) fn find() -> Self {
        let paths = Paths::find(&|name| std::env::var_os(name));
        let file = paths.settings();
        let (settings, problems) = match std::fs::read_to_string(&file) {
            Ok(text) => {
                let (settings, warnings) = Settings::with_user(&text);
                let place = |line| format!("{}, line {line}", file.display());
                (
                    settings,
                    warnings.iter().map(|warning| format!("{}: {}", place(warning.line), warning.words)).collect(),
                )
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => (Settings::shipped(), Vec::new()),
            Err(error) => (Settings::shipped(), vec![format!("{} cannot be read: {error}.", file.display())]),
        };
        Self { paths, settings, problems }
    }

    /// The database file and why it is this one.
    pub(super) fn database(&self, flags: &Flags) -> Place {
        if let Some(path) = &flags.db {
            return Place { path: path.clone(), why: "--db or HUDDLEBOARD_DB" };
        }
        if !self.settings.database.is_empty() {
            return Place { path: PathBuf::from(&self.settings.database), why: "the setting “database”" };
        }
        Place { path: self.paths.database(), why: "the usual place" }
    }

    /// Where this database's backups are; nothing where the settings say that none are made.
    pub(super) fn backups(&self, database: &Path) -> Option<PathBuf> {
        paths::backups(&self.settings.backups, database, backup_folder(database))
    }
}

impl Flags {
    /// The moment that was asked for.
    pub(super) fn moment(&self) -> Outcome<Option<DateTime<Utc>>> {
        let Some(typed) = &self.now else { return Ok(None) };
        let wall = |text: &str| {
            NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").or_else(|_| {
                text.parse::<NaiveDate>().map(|day| day.and_time(NaiveTime::from_hms_opt(8, 42, 0).unwrap_or_default()))
            })
        };
        DateTime::parse_from_rfc3339(typed)
            .map(|instant| instant.with_timezone(&Utc))
            .or_else(|_| wall(typed).map(|wall| Zone::default().instant(wall)))
            .map(Some)
            .map_err(|_| {
                Failure::usage(format!("“{typed}” is no moment.")).hint("Write 2026-11-20 or 2026-11-20T08:42.")
            })
    }

    /// The clock of one short command.
    pub(super) fn clock(&self) -> Outcome<Arc<dyn Clock>> {
        Ok(match self.moment()? {
            Some(moment) => Arc::new(FixedClock::at(moment)),
            None => Arc::new(SystemClock),
        })
    }
}

impl Opened {
    /// Opens the file that is there.
    pub(super) fn existing(flags: &Flags) -> Outcome<Self> {
        Self::open(flags, false)
    }

    /// Opens the file, and makes it where it is missing.
    pub(super) fn fresh(flags: &Flags) -> Outcome<Self> {
        Self::open(flags, true)
    }

    fn open(flags: &Flags, create: bool) -> Outcome<Self> {
        let home = Home::find();
        for problem in &home.problems {
            out::say(problem);
        }
        let path = home.database(flags).path;
        let opened = Self::of(flags, home, Opening { path, create, shared_with_group: false, clock: flags.clock()? })?;
        opened.store.remarks().iter().for_each(|remark| out::say(remark));
        Ok(opened)
    }

    /// Opens a file that is named already.
    pub(super) fn of(flags: &Flags, home: Home, mut opening: Opening) -> Outcome<Self> {
        opening.shared_with_group = home.settings.shared_with_group;
        let store = Store::open(&opening)?;
        let teams = store.teams()?;
        let mut opened =
            Self { store, teams, chosen: None, clock: opening.clock, home, role: None, session: session() };
        opened.role = flags.role.clone().filter(|role| !role.trim().is_empty());
        let wanted = flags.team.clone().filter(|name| !name.trim().is_empty());
        opened.chosen = match (&wanted, opened.home.settings.team.is_empty()) {
            (Some(name), _) => Some(opened.team_named(name)?),
            (None, false) => opened.team_named(&opened.home.settings.team.clone()).ok(),
            (None, true) => None,
        };
        Ok(opened)
    }

    /// The team of this name, slug or id.
    fn team_named(&self, name: &str) -> Outcome<Team> {
        let found =
            self.teams.iter().find(|team| text::slug(&team.name) == text::slug(name) || team.id.to_string() == name);
        found.cloned().ok_or_else(|| {
            Failure::new(FailureKind::NotFound, format!("There is no team “{}” in this file.", name.trim()))
                .hint(self.there_are())
        })
    }

    fn there_are(&self) -> String {
        if self.teams.is_empty() {
            return "Make one with `huddleboard init --team NAME`.".to_owned();
        }
        let names: Vec<&str> = self.teams.iter().map(|team| team.name.as_str()).collect();
        format!("There are: {}. Choose one with --team NAME.", names.join(", "))
    }

    /// The one team that a command is about.
    ///
    /// # Errors
    /// A sentence with the names, where there are several and none was chosen.
    pub(super) fn team(&self) -> Outcome<Team> {
        match (&self.chosen, &self.teams[..]) {
            (Some(team), _) | (None, [team]) => Ok(team.clone()),
            (None, []) => Err(Failure::not_found("There is no team in this file yet.").hint(self.there_are())),
            (None, _) => Err(Failure::usage("This file holds several teams.").hint(self.there_are())),
        }
    }

    /// The teams that a list spans: the chosen one, or all.
    pub(super) fn span(&self) -> Vec<Team> {
        let mut teams = self.chosen.as_ref().map_or_else(|| self.teams.clone(), |team| vec![team.clone()]);
        teams.sort_by_key(|team| (text::slug(&team.name), team.id));
        teams
    }

    /// The team that the board opens with.
    pub(super) fn first(&self) -> Option<TeamId> {
        self.chosen.as_ref().map(|team| team.id)
    }

    /// Who does it: as the command line says, the settings, or the team's own setting.
    pub(super) fn author(&self, team: Option<&Team>) -> Author {
        let own = || Some(&self.home.settings.role).filter(|role| !role.is_empty()).cloned();
        let of_team = || team.map(|team| team.role.clone()).filter(|role| !role.is_empty());
        Author { role: self.role.clone().or_else(own).or_else(of_team), session: self.session }
    }

    /// Has the file remember what people call this machine, for others to read in a shared folder.
    pub(super) fn name_this_board(&self) -> Outcome<()> {
        self.store.name_replica(self.store.replica(), &machine_name())
    }

    /// Blanks in this board's backups what was redacted, and says how many there are; what could not be
    /// reached is a warning.
    pub(super) fn redact_backups(&self) -> Outcome<usize> {
        let database = self.store.path();
        let beside = backup_folder(database);
        let mut folders = vec![beside];
        folders.extend(self.home.backups(database).filter(|folder| !folders.contains(folder)));
        let mut count = 0;
        for folder in folders {
            let (made, failures) = self.store.redact_backups(&folder)?;
            count += made;
            for failure in failures {
                out::say(&format!("This backup still holds the text: {failure}"));
            }
        }
        Ok(count)
    }

    /// The present instant.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Today on the team's own clock.
    pub(super) fn today(&self, team: &Team) -> NaiveDate {
        team.time_zone().day(self.now())
    }
}

/// What the machine is called; nothing where it does not say.
fn machine_name() -> String {
    let said = ["COMPUTERNAME", "HOSTNAME"].iter().find_map(|name| std::env::var(name).ok());
    let of_file = || std::fs::read_to_string("/etc/hostname").ok();
    said.or_else(of_file).unwrap_or_default().trim().to_owned()
}

/// A number for this run of the program, by which undo knows its own actions.
pub(super) fn session() -> i64 {
    let bytes = uuid::Uuid::new_v4().into_bytes();
    let mut half = [0; 8];
    half.copy_from_slice(&bytes[..8]);
    i64::from_be_bytes(half) & i64::MAX
}
