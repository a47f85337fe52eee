//! Conflicts on the screen: both values, who and when, and a key for each.

use super::syncing::Elsewhere;
use super::{Desk, author};
use crate::app::look::Look;
use crate::domain::change::Edit;
use crate::domain::cycle::Cycle;
use crate::domain::measure::{Amount, Measure};
use crate::domain::point::PointKey;
use crate::store::Keep;

/// The demonstration ward, with an elsewhere whose clock is an hour ahead: what is written there shows.
fn desk() -> (Desk, Elsewhere) {
    let mut desk = Desk::demo();
    let elsewhere = Elsewhere::of(&mut desk, 1);
    (desk, elsewhere)
}

fn falls(desk: &Desk, value: f64) -> Edit {
    let key = PointKey::whole(desk.measure("Falls").id, "2026-11-16".parse().unwrap());
    Edit::put_point(desk.model.team.id, key, Amount { value, denominator: None }, "")
}

/// The results of the first cycle that has some.
fn results(desk: &Desk, text: &str) -> Edit {
    let cycle = desk.model.cycles.iter().find(|cycle| !cycle.results.is_empty()).unwrap();
    Edit::of(cycle).with("results", &text.to_owned())
}

#[test]
fn both_values_stand_side_by_side_and_a_number_keeps_one_of_them_everywhere() {
    let (mut desk, mut elsewhere) = desk();
    elsewhere.commit(falls(&desk, 14.0));
    desk.commit(falls(&desk, 4.0));
    elsewhere.exchange(&mut desk);
    desk.look();
    desk.shows("C 1 conflict");
    desk.press("C");
    for words in ["Falls, week of 16 Nov · value", "shows now · night nurse, today 09:42", "matron, today 08:42"] {
        desk.shows(words);
    }
    assert_eq!(desk.last_value("Falls"), 14.0);
    desk.press("2");
    desk.shows("No conflicts left.");
    assert_eq!(desk.last_value("Falls"), 4.0);
    elsewhere.exchange(&mut desk);
    assert_eq!(elsewhere.store.conflicts().unwrap(), []);
    desk.press("Esc");
    assert!(!desk.shell.is_asking() && !desk.text().contains("conflict"), "{}", desk.text());
}

#[test]
fn where_both_sides_are_of_one_role_the_computers_are_named() {
    let (mut desk, mut elsewhere) = desk();
    elsewhere.commit(falls(&desk, 14.0));
    elsewhere.store.name_replica(elsewhere.store.replica(), "trolley").unwrap();
    desk.other.name_replica(elsewhere.store.replica(), "trolley").unwrap();
    desk.other.commit(&author("night nurse", 77), "Falls 4", [Ok(falls(&desk, 4.0))]).unwrap();
    elsewhere.exchange(&mut desk);
    desk.look();
    desk.press("C");
    for words in ["night nurse on trolley, today 09:42", "night nurse on this computer, today 08:42"] {
        desk.shows(words);
    }
}

#[test]
fn two_texts_become_one_and_what_breaks_a_rule_is_said_without_losing_it() {
    let (mut desk, mut elsewhere) = desk();
    elsewhere.commit(results(&desk, "4 of 60 forgotten"));
    desk.commit(results(&desk, "nights forgot twice"));
    elsewhere.exchange(&mut desk);
    desk.look();
    desk.press("C m");
    desk.shows("---- matron, today 08:42 ----");
    desk.shows("4 of 60 forgotten");
    // A number that may have been issued stands in no file of ours: it is put together here.
    let number = format!("{:03} {:03} {:04}", 401, 23, 2137);
    desk.press(&format!("\"_see_{} Ctrl-s", number.replace(' ', "_")));
    desk.shows("NHS number");
    desk.shows(&format!("nights forgot twice see {number}"));
    desk.press(&format!("{} Ctrl-s", vec!["Backspace"; 17].join(" ")));
    desk.shows("No conflicts left.");
    let id = desk.model.cycles.iter().find(|cycle| cycle.results.contains("4 of 60")).unwrap().id;
    let cycle: Cycle = desk.other.record(id.0).unwrap().unwrap();
    assert_eq!(cycle.results, "4 of 60 forgotten\n\nnights forgot twice");
}

#[test]
fn the_editor_gets_both_texts_and_what_comes_back_can_still_be_read_before_it_is_saved() {
    let (mut desk, mut elsewhere) = desk();
    elsewhere.commit(results(&desk, "4 of 60 forgotten"));
    desk.commit(results(&desk, "nights forgot twice"));
    elsewhere.exchange(&mut desk);
    desk.look();
    desk.press("C Ctrl-e");
    let given = desk.in_editor.take().unwrap();
    assert!(given.contains("4 of 60 forgotten") && given.contains("nights forgot twice"), "{given}");
    desk.shell.set_long_text("nights forgot twice, 4 of 60 in all");
    desk.shows("nights forgot twice, 4 of 60 in all");
    desk.press("Ctrl-s");
    desk.shows("No conflicts left.");
}

#[test]
fn a_value_is_not_made_of_two() {
    let (mut desk, mut elsewhere) = desk();
    elsewhere.commit(falls(&desk, 14.0));
    desk.commit(falls(&desk, 4.0));
    elsewhere.exchange(&mut desk);
    desk.look();
    desk.press("C m");
    desk.shows("Only texts can be made into one.");
    desk.press("9");
    desk.shows("There is no value 9 here.");
}

#[test]
fn what_was_deleted_while_another_wrote_in_it_is_kept_deleted_or_brought_back() {
    for (key, there) in [("1", false), ("2", true)] {
        let (mut desk, mut elsewhere) = desk();
        let measure = desk.measure("Falls");
        elsewhere.commit(Edit::of(&measure).with("owner", &"ward sister".to_owned()));
        desk.commit(Edit::of(&measure).deleting());
        elsewhere.exchange(&mut desk);
        desk.look();
        desk.press("C");
        for words in ["One deleted it", " 1   keep it deleted", " 2   bring it back", "owner: ward sister"] {
            desk.shows(words);
        }
        desk.press(key);
        desk.shows("No conflicts left.");
        assert_eq!(desk.other.record::<Measure>(measure.id.0).unwrap().is_some(), there);
    }
}

#[test]
fn what_somebody_else_settles_goes_from_the_list_and_settling_it_again_is_refused_in_words() {
    let (mut desk, mut elsewhere) = desk();
    elsewhere.commit(falls(&desk, 14.0));
    elsewhere.commit(results(&desk, "4 of 60 forgotten"));
    desk.commit(falls(&desk, 4.0));
    desk.commit(results(&desk, "nights forgot twice"));
    elsewhere.exchange(&mut desk);
    desk.look();
    desk.press("C");
    desk.shows("2 conflicts · 1 of 2");
    let conflicts = desk.other.conflicts().unwrap();
    desk.other.settle(&author("matron", 5), &conflicts[0], &Keep::Shown).unwrap();
    desk.press("1");
    desk.shows("in the meantime");
    desk.shows("1 conflict");
    let conflicts = desk.other.conflicts().unwrap();
    desk.other.settle(&author("matron", 5), &conflicts[0], &Keep::Shown).unwrap();
    desk.look();
    desk.shows("No conflicts left.");
}

#[test]
fn without_conflicts_the_screen_says_what_it_is_for() {
    let mut desk = Desk::demo();
    desk.press("C");
    desk.shows("There are no conflicts.");
    desk.shows("on two computers");
    desk.press("1 m Esc");
    assert!(!desk.shell.is_asking());
}

#[test]
fn a_long_text_is_broken_into_lines_and_can_be_scrolled_to_its_end() {
    let (mut desk, mut elsewhere) = desk();
    let long = |last: &str| format!("{}{last}", "what was seen on the ward that day ".repeat(40));
    elsewhere.commit(results(&desk, &long("the end of theirs")));
    desk.commit(results(&desk, &long("the end of ours")));
    elsewhere.exchange(&mut desk);
    desk.resize((80, 24));
    desk.look();
    desk.press("C");
    assert!(!desk.text().contains("the end of ours"));
    desk.press(&["PageDown"; 12].join(" "));
    desk.shows("the end of ours");
}

#[test]
fn every_size_and_a_terminal_that_knows_only_ascii_take_the_conflicts() {
    let (mut desk, mut elsewhere) = desk();
    elsewhere.commit(falls(&desk, 14.0));
    elsewhere.commit(results(&desk, "4 of 60 forgotten"));
    desk.commit(falls(&desk, 4.0));
    desk.commit(results(&desk, "nights forgot twice"));
    elsewhere.exchange(&mut desk);
    desk.look();
    desk.press("C");
    for (width, height) in [(0, 0), (1, 1), (10, 5), (40, 10), (41, 12), (80, 24), (120, 40), (200, 60), (300, 100)] {
        desk.resize((width, height));
        desk.text();
    }
    desk.resize((120, 40));
    desk.shell.dress(Look::mono().in_ascii());
    let text = desk.text();
    assert!(text.is_ascii(), "{text}");
}
