//! Bringing the board into step, from the key to what stands on the screen afterwards.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::TimeDelta;
use tempfile::TempDir;

use super::{Desk, author, now};
use crate::base::clock::{Clock, FixedClock};
use crate::config::templates;
use crate::domain::change::Edit;
use crate::domain::measure::{Amount, Measure};
use crate::domain::point::PointKey;
use crate::store::{Accept, Opening, Store};
use crate::sync::folder::Progress;
use crate::sync::step::step;

/// Another computer, and a folder between it and the desk.
pub(super) struct Elsewhere {
    pub(super) store: Store,
    folder: TempDir,
    _home: TempDir,
}

impl Elsewhere {
    /// A computer with an empty board, whose clock is so many hours ahead.
    fn empty(hours: i64) -> Self {
        let home = TempDir::new().unwrap();
        let clock: Arc<dyn Clock> = Arc::new(FixedClock::at(now() + TimeDelta::hours(hours)));
        let path = home.path().join("elsewhere.db");
        let store = Store::open(&Opening { path, create: true, shared_with_group: false, clock }).unwrap();
        Self { store, folder: TempDir::new().unwrap(), _home: home }
    }

    /// A computer that has joined the desk's wards.
    pub(super) fn of(desk: &mut Desk, hours: i64) -> Self {
        let mut elsewhere = Self::empty(hours);
        elsewhere.exchange(desk);
        // The sync of another program shows as soon as the minute turns.
        desk.runner.minute(desk.model.now, &mut desk.model);
        desk.look();
        elsewhere
    }

    /// A computer with a ward of its own.
    fn with_ward(name: &str) -> Self {
        let mut elsewhere = Self::empty(0);
        elsewhere.make(name);
        elsewhere
    }

    fn make(&mut self, name: &str) {
        let template = templates::find("blank").unwrap();
        let (_, edits) =
            template.make_team(name, "", crate::base::zone::Zone::default(), "2026-11-20".parse().unwrap()).unwrap();
        self.store.commit(&author("matron", 3), "made", edits.into_iter().map(Ok)).unwrap();
    }

    pub(super) fn commit(&mut self, edit: Edit) {
        self.store.commit(&author("night nurse", 9), "one", [Ok(edit)]).unwrap();
    }

    fn sync(&mut self) {
        self.sync_with(&self.folder());
    }

    fn sync_with(&mut self, folder: &Path) {
        let report = step(&mut self.store, folder, Accept::AnyTeam, &mut |_| true).unwrap();
        assert_eq!(report.refused, []);
    }

    /// Brings the desk's file and this one into step.
    pub(super) fn exchange(&mut self, desk: &mut Desk) {
        for _ in 0..2 {
            step(&mut desk.other, &self.folder(), Accept::KnownTeams, &mut |_| true).unwrap();
            let folder = self.folder();
            step(&mut self.store, &folder, Accept::AnyTeam, &mut |_| true).unwrap();
        }
    }

    /// The folder by its whole name.
    fn folder(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    fn typed(&self) -> String {
        self.folder().display().to_string()
    }
}

impl Desk {
    /// Has the desk see what others have written.
    pub(super) fn look(&mut self) {
        self.runner.look(&mut self.model);
        self.refresh();
    }

    /// Writes as somebody at another terminal on the same file.
    pub(super) fn commit(&mut self, edit: Edit) {
        self.other.commit(&author("matron", 4), "one", [Ok(edit)]).unwrap();
    }

    /// Types these letters as they are.
    fn types(&mut self, letters: &str) {
        letters.chars().for_each(|letter| self.key(&letter.to_string()));
    }
}

fn falls(measure: &Measure, value: f64) -> Edit {
    let key = PointKey::whole(measure.id, "2026-11-16".parse().unwrap());
    Edit::put_point(measure.team, key, Amount { value, denominator: None }, "")
}

#[test]
fn the_first_time_the_folder_is_asked_for_and_then_the_key_is_enough() {
    let mut desk = Desk::demo();
    let mut elsewhere = Elsewhere::empty(0);
    desk.press("S");
    desk.shows("A folder that both computers can reach: a shared drive, a USB stick.");
    desk.types(&elsewhere.typed());
    desk.press("Enter");
    desk.shows(&format!("Synced with {}", elsewhere.typed()));
    desk.shows("changes out.");
    elsewhere.sync();
    let measure = desk.measure("Falls");
    elsewhere.commit(falls(&measure, 9.0));
    elsewhere.sync();
    desk.press("S");
    desk.shows(&format!("Synced with {}: 1 change in.", elsewhere.typed()));
    assert_eq!(desk.model.tiles[&measure.id].value, "9");
    desk.press("Down");
    desk.shows("synced 08:42");
}

#[test]
fn a_board_that_was_never_brought_into_step_says_nothing_of_it_and_one_that_was_counts_what_waits() {
    let mut desk = Desk::demo();
    assert!(!desk.text().contains("sync"), "{}", desk.text());
    let _elsewhere = Elsewhere::of(&mut desk, 0);
    desk.shows("synced 08:42");
    desk.press("a 4 Enter Down");
    desk.shows("1 to send");
    desk.press("S Down");
    assert!(!desk.text().contains("to send"), "{}", desk.text());
}

#[test]
fn a_folder_that_is_not_there_is_made_only_when_somebody_says_so() {
    let mut desk = Desk::demo();
    let home = TempDir::new().unwrap();
    let folder = home.path().canonicalize().unwrap().join("ward7a");
    desk.press("S");
    desk.types(&folder.display().to_string());
    desk.press("Enter");
    desk.shows("There is no such folder yet");
    assert!(!folder.exists());
    desk.press("2");
    desk.shows(&folder.display().to_string());
    desk.press("Enter 1");
    desk.shows("Synced with");
    assert!(fs::read_dir(&folder).unwrap().count() > 0);
    // Where not even its parent is there, a drive is missing.
    let mut other = Desk::demo();
    other.press("S");
    other.types(&home.path().join("drive/ward7a").display().to_string());
    other.press("Enter");
    other.shows("nor the one that it should stand in.");
    other.shows("drive/ward7a");
}

#[test]
fn a_folder_that_cannot_be_reached_any_more_says_what_to_do_and_is_never_made() {
    let mut desk = Desk::demo();
    let elsewhere = Elsewhere::of(&mut desk, 0);
    let folder = elsewhere.folder();
    drop(elsewhere);
    desk.resize((200, 40));
    desk.press("S");
    desk.shows("Not synced.");
    desk.shows("The folder cannot be reached. Connect the shared drive or the stick, and press S again.");
    assert!(!folder.exists());
    desk.press("Down");
    desk.shows("sync failed");
}

#[test]
fn a_second_press_starts_no_second_sync_and_a_save_goes_on_meanwhile() {
    let mut desk = Desk::demo();
    let elsewhere = Elsewhere::of(&mut desk, 0);
    desk.patient = false;
    desk.press("S");
    desk.shows("Syncing");
    desk.press("S");
    desk.shows("being brought into step already");
    desk.press("a 4 Enter");
    assert_eq!(desk.last_value("Falls"), 4.0);
    desk.patient = true;
    desk.press("Down");
    assert_eq!(desk.model.step.going, None);
    drop(elsewhere);
}

#[test]
fn between_two_bundles_a_save_that_waits_goes_first() {
    let saves = Arc::new(super::Saves::default());
    let mut store = Desk::demo();
    let elsewhere = Elsewhere::of(&mut store, 0);
    let folder = elsewhere.folder();
    saves.begin();
    let (tell, hear) = std::sync::mpsc::channel();
    let waits = saves.clone();
    let thread = std::thread::spawn(move || {
        let mut asked = false;
        let mut other = Elsewhere::empty(0);
        step(&mut other.store, &folder, Accept::KnownTeams, &mut |progress| {
            if !asked && matches!(progress, Progress::Reading { .. }) {
                tell.send("asked").unwrap();
            }
            asked = true;
            waits.let_pass();
            true
        })
        .unwrap();
        tell.send("done").unwrap();
    });
    assert_eq!(hear.recv().unwrap(), "asked");
    assert!(hear.try_recv().is_err(), "the save is still to be written");
    saves.end();
    assert_eq!(hear.recv().unwrap(), "done");
    thread.join().unwrap();
}

#[test]
fn another_ward_of_the_folder_is_asked_about_once_and_left_out_or_taken_in() {
    for (key, more) in [("1", 0), ("2", 1)] {
        let mut desk = Desk::demo();
        let before = desk.model.teams.len();
        let mut other = Elsewhere::with_ward("Ward 9");
        other.sync();
        desk.press("S");
        desk.types(&other.typed());
        desk.press("Enter");
        desk.shows("Another ward in the folder");
        desk.shows("“Ward 9” stands in");
        desk.press(key);
        assert_eq!(desk.model.teams.len(), before + more);
        desk.press("S");
        assert!(!desk.shell.is_asking(), "nobody is asked twice:\n{}", desk.text());
    }
}

#[test]
fn of_several_other_wards_one_can_be_taken_in() {
    let mut desk = Desk::demo();
    let mut other = Elsewhere::with_ward("Ward 9");
    other.sync();
    Elsewhere::with_ward("Ward 10").sync_with(&other.folder());
    desk.press("S");
    desk.types(&other.typed());
    desk.press("Enter");
    desk.shows("2 other wards in the folder");
    desk.press("2 \"ward_10 Enter");
    assert!(desk.model.teams.iter().any(|team| team.name == "Ward 10"));
    desk.shows("“Ward 9” stands in");
}

#[test]
fn wards_of_one_computer_come_together_and_whoever_wants_one_of_them_is_told() {
    let mut desk = Desk::demo();
    let mut other = Elsewhere::with_ward("Ward 9");
    other.make("Ward 10");
    other.sync();
    desk.press("S");
    desk.types(&other.typed());
    desk.press("Enter 2 \"ward_10 Enter");
    desk.shows("“Ward 10” and “Ward 9” are on one computer");
    desk.shows("“Ward 9” stands in");
    desk.press("2");
    for name in ["Ward 9", "Ward 10"] {
        assert!(desk.model.teams.iter().any(|team| team.name == name), "{name}");
    }
}

#[test]
fn the_same_ward_made_twice_becomes_one_and_the_screen_stays_with_it() {
    let mut desk = Desk::empty();
    let mut other = Elsewhere::with_ward("Ward 7A");
    other.sync();
    desk.press("\"Ward_7A Enter Enter");
    desk.press("S");
    desk.types(&other.typed());
    desk.press("Enter");
    desk.shows("Is this the same ward?");
    desk.press("1");
    assert_eq!(desk.model.teams.len(), 1);
    let stays = desk.model.teams[0].id;
    assert_eq!(desk.model.team.id, stays);
    other.sync();
    assert_eq!(other.store.teams().unwrap()[0].id, stays);
    desk.press("u");
    assert_eq!(desk.model.teams.len(), 2, "it can be undone: {}", desk.text());
}

#[test]
fn a_question_waits_until_nobody_is_typing() {
    let mut desk = Desk::demo();
    let mut other = Elsewhere::with_ward("Ward 9");
    other.sync();
    desk.press("S");
    desk.types(&other.typed());
    desk.patient = false;
    desk.press("Enter a \"falls_1");
    desk.patient = true;
    desk.press("2");
    desk.shows("falls 12");
    desk.press("Esc");
    desk.shows("Another ward in the folder");
    // Who meant the first pane has not answered.
    desk.press("1");
    desk.shows("Another ward in the folder");
    desk.press("1");
    assert!(!desk.shell.is_asking());
}

#[test]
fn a_new_file_has_joined_even_where_the_wards_changes_were_seen_before_the_end_of_the_sync() {
    let mut other = Elsewhere::with_ward("Ward 7A");
    other.sync();
    let mut desk = Desk::empty();
    desk.press("Tab Enter");
    desk.patient = false;
    desk.types(&other.folder().display().to_string());
    desk.key("Enter");
    // The board looks at the file twice a second, whether or not the sync has said that it is done.
    let start = std::time::Instant::now();
    while desk.model.teams.is_empty() {
        assert!(start.elapsed().as_secs() < 20, "the ward never comes");
        desk.runner.look(&mut desk.model);
        desk.runner.settle(&mut desk.model);
        std::thread::yield_now();
    }
    while desk.model.step.going.is_some() {
        desk.take_one();
    }
    desk.refresh();
    desk.shows("This board shows Ward 7A now.");
    assert!(!desk.shell.is_asking(), "{}", desk.text());
}

#[test]
fn a_board_that_nobody_shares_says_how_and_one_that_is_shared_says_when_it_was() {
    let mut desk = Desk::empty();
    desk.press("\"Ward_9 Enter Enter Down");
    desk.shows("S share");
    let other = Elsewhere::with_ward("Ward 8");
    desk.press("S");
    desk.types(&other.folder().display().to_string());
    desk.press("Enter Esc");
    desk.shows("synced 08:42");
    assert!(!desk.text().contains("S share"), "{}", desk.text());
}

#[test]
fn a_new_file_joins_the_ward_of_a_folder() {
    let mut desk = Desk::empty();
    let mut other = Elsewhere::with_ward("Ward 9");
    other.sync();
    desk.press("Tab Enter");
    desk.shows("Which folder do the two computers share?");
    desk.press("Enter");
    desk.shows("Type the folder");
    desk.types(&other.folder().join("nowhere").display().to_string());
    desk.press("Enter");
    desk.shows("There is no such folder.");
    desk.press(&vec!["Backspace"; "/nowhere".len()].join(" "));
    desk.press("Enter");
    assert_eq!(desk.model.team.name, "Ward 9");
    assert!(!desk.shell.is_asking());
    desk.shows("This board shows Ward 9 now.");
}

#[test]
fn a_new_file_is_asked_which_ward_of_several_it_is_for_and_an_empty_folder_says_what_to_do() {
    let mut desk = Desk::empty();
    let mut other = Elsewhere::with_ward("Ward 9");
    desk.press("Tab Enter");
    desk.types(&other.typed());
    desk.press("Enter");
    desk.shows("There is no ward in this folder yet.");
    other.sync();
    Elsewhere::with_ward("Ward 10").sync_with(&other.folder());
    desk.press("Enter");
    desk.shows("Which ward is this board for?");
    desk.press("\"ward_10 Enter");
    assert_eq!(desk.model.teams.iter().map(|team| team.name.as_str()).collect::<Vec<_>>(), ["Ward 10"]);
    assert!(!desk.shell.is_asking());
}

#[test]
fn the_welcome_and_the_questions_take_every_size() {
    let mut desk = Desk::empty();
    let mut other = Elsewhere::with_ward("Ward 9");
    other.sync();
    let every_size = |desk: &mut Desk| {
        for (width, height) in [(0, 0), (1, 1), (10, 5), (40, 10), (41, 12), (80, 24), (200, 60)] {
            desk.resize((width, height));
            desk.text();
        }
        desk.resize((120, 40));
    };
    every_size(&mut desk);
    desk.press("Tab End");
    every_size(&mut desk);
    desk.press("Enter");
    every_size(&mut desk);
    let mut desk = Desk::demo();
    desk.press("S");
    desk.types(&other.typed());
    desk.press("Enter");
    assert!(desk.shell.is_asking());
    every_size(&mut desk);
}

#[test]
fn on_a_narrow_screen_the_conflicts_stay_in_the_last_line_longest() {
    let mut desk = Desk::demo();
    let mut elsewhere = Elsewhere::of(&mut desk, 1);
    let measure = desk.measure("Falls");
    elsewhere.commit(falls(&measure, 14.0));
    desk.commit(falls(&measure, 4.0));
    elsewhere.exchange(&mut desk);
    desk.commit(Edit::of(&measure).with("owner", &"ward sister".to_owned()));
    desk.look();
    desk.shows("synced 08:42 · 1 to send · C 1 conflict");
    desk.resize((80, 24));
    desk.shows("1 to send · C 1 conflict");
    desk.resize((40, 12));
    desk.shows("C 1 conflict");
    assert!(!desk.text().contains("to send"));
}
