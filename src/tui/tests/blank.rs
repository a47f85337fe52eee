//! Blanking a patient's detail on the screen.

use super::Desk;
use super::syncing::Elsewhere;
use crate::domain::change::Edit;
use crate::domain::measure::Amount;
use crate::domain::point::PointKey;
use crate::store::backup::backup_folder;

const TYPED: &str = "Mrs Featherstonehaugh";

/// A ward on whose board somebody has typed a name.
fn desk() -> Desk {
    let mut desk = Desk::demo();
    let measure = desk.measure("Falls");
    let key = PointKey::whole(measure.id, "2026-11-16".parse().unwrap());
    desk.commit(Edit::put_point(
        measure.team,
        key,
        Amount { value: 4.0, denominator: None },
        &format!("{TYPED}, bay 3"),
    ));
    desk.look();
    desk
}

/// Waits for what the worker finds.
fn ask(desk: &mut Desk, text: &str) {
    desk.press(&format!("Ctrl-x \"{text} Enter"));
    desk.take_one();
    desk.refresh();
}

fn stands(desk: &Desk) -> bool {
    !desk.other.find_text(TYPED).unwrap().is_empty()
}

#[test]
fn what_it_will_reach_is_shown_and_the_first_answer_leaves_it() {
    let mut desk = desk();
    ask(&mut desk, "featherstone");
    desk.shows("1 point (note)");
    desk.shows("cannot be undone");
    assert!(!desk.text().to_lowercase().contains("feather"), "{}", desk.text());
    desk.press("Enter");
    desk.shows("Nothing was blanked.");
    assert!(stands(&desk));
}

#[test]
fn it_is_blanked_in_the_file_and_its_backups_and_what_nobody_can_reach_is_said() {
    let mut desk = desk();
    let folder = backup_folder(desk.other.path());
    let kept = desk.other.back_up_into(&folder, super::now()).unwrap().path;
    ask(&mut desk, "featherstone");
    desk.press("2");
    for words in ["Blanked in 1 record", "Blanked in 1 backup.", "nobody else is told", "copies of"] {
        desk.shows(words);
    }
    assert!(!stands(&desk));
    let bytes = std::fs::read(kept).unwrap();
    assert!(!bytes.windows(TYPED.len()).any(|window| window == TYPED.as_bytes()));
    assert_eq!(desk.last_value("Falls"), 4.0, "the value stays");
    desk.press("Esc");
    assert!(!desk.shell.is_asking());
}

#[test]
fn the_other_boards_on_which_it_still_stands_are_named() {
    let mut desk = desk();
    let mut elsewhere = Elsewhere::of(&mut desk, 0);
    elsewhere.store.name_replica(elsewhere.store.replica(), "Laptop").unwrap();
    elsewhere.exchange(&mut desk);
    ask(&mut desk, "featherstone");
    desk.press("2");
    desk.shows("Press S now");
    desk.shows("still stands on Laptop");
}

#[test]
fn too_little_is_not_looked_for_and_what_stands_nowhere_is_said() {
    let mut desk = desk();
    desk.press("Ctrl-x \"ab Enter");
    desk.shows("Type at least three letters.");
    desk.press("Esc Esc");
    ask(&mut desk, "Mr_Nobody");
    desk.shows("stands nowhere");
    assert!(!desk.shell.is_asking());
}
