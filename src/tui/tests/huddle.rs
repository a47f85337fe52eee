//! A huddle run from the keyboard: how many keys it takes, what it leaves behind, and what survives.

use chrono::TimeDelta;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Desk, author, now};
use crate::app::look::Look;
use crate::domain::PromiseId;
use crate::domain::change::Edit;
use crate::domain::huddle::Huddle;
use crate::domain::promise::{Promise, Sort, State, Tier};

fn promises(desk: &Desk) -> Vec<Promise> {
    desk.other.records::<Promise>(Some(desk.model.team.id)).unwrap()
}

fn huddle(desk: &Desk) -> Huddle {
    let mut held: Vec<Huddle> = desk.other.records::<Huddle>(Some(desk.model.team.id)).unwrap();
    held.retain(|huddle| huddle.day == Some(desk.model.today()));
    assert_eq!(held.len(), 1, "one huddle of today");
    held.remove(0)
}

fn named(desk: &Desk, what: &str) -> Promise {
    promises(desk).into_iter().find(|one| one.what == what).unwrap_or_else(|| panic!("no {what:?}"))
}

/// A ward with a measure or two and these actions of yesterday.
fn ward(actions: &[&str]) -> Desk {
    let mut desk = Desk::empty();
    desk.press("\"Ward_9 Enter Enter");
    for (place, what) in (0..).zip(actions) {
        let mut promise = Promise::blank(PromiseId::fresh(), desk.model.team.id);
        (promise.what, promise.who) = ((*what).into(), "charge nurse".into());
        promise.by = Some(desk.model.today());
        promise.raised = Some(now() - TimeDelta::days(1) + TimeDelta::minutes(place));
        desk.other.commit(&author("matron", 5), what, [Ok(Edit::create(&promise))]).unwrap();
    }
    // The shipped agenda, whatever the template's own is.
    let edit = Edit::of(&desk.model.team).with("agenda", &crate::domain::record::Json(Vec::<String>::new()));
    desk.other.commit(&author("matron", 5), "as shipped", [Ok(edit)]).unwrap();
    desk.runner.look(&mut desk.model);
    desk.refresh();
    desk
}

/// The seconds go by on the ward's clock.
fn wait(desk: &mut Desk, seconds: i64) {
    desk.model.now += TimeDelta::seconds(seconds);
    desk.refresh();
}

/// Keys that were pressed beside the words: `"…"` is what somebody wrote.
fn keys_beside_words(keys: &str) -> usize {
    keys.split(' ').filter(|key| !key.starts_with('"')).count()
}

#[test]
fn a_whole_huddle_with_three_actions_takes_less_than_forty_keys_beside_the_words() {
    let mut desk = ward(&["low beds", "red trays", "bed rails"]);
    let action = "n \"socks_for_bay_two Enter";
    let escalation = "! \"second_nurse_tonight Tab d Enter";
    assert!(keys_beside_words(action) <= 3 && keys_beside_words(escalation) <= 4);
    let whole = [
        "H Enter c \"4n_2m Enter d w s Space",
        "Space",
        "o \"two_bays_closed Enter n \"move_the_hoist Enter Space",
        "Space Space Space Space",
        "i \"red_socks Enter Space",
        escalation,
        action,
        "Space",
        "t \"night_team Enter Space",
    ];
    let count: usize = whole.iter().map(|keys| keys_beside_words(keys)).sum();
    assert!(count < 40, "{count} keys");
    for keys in whole {
        desk.press(keys);
    }
    let held = huddle(&desk);
    assert_eq!((held.items.0.len(), held.ended.is_some(), held.attendance()), (10, true, 6));
    assert_eq!(
        (held.notes.as_str(), held.thanks.as_str()),
        ("Today: two bays closed\nIdea: red socks – yes", "night team")
    );
    assert_eq!(named(&desk, "low beds").state, State::Done);
    assert_eq!(named(&desk, "red trays").state, State::Open);
    assert_eq!(named(&desk, "bed rails").state, State::Stuck);
    let decided: Vec<Promise> = promises(&desk).into_iter().filter(|one| one.huddle == Some(held.id)).collect();
    assert_eq!(decided.iter().filter(|one| one.sort == Sort::Action).count(), 3);
    let asked = named(&desk, "second nurse tonight");
    assert_eq!((asked.sort, asked.tier, asked.huddle), (Sort::Escalation, Tier::Division, Some(held.id)));
    for words in ["held today", "DECIDED", "socks for bay two", "6 there", "NOTED", "THANKS"] {
        desk.shows(words);
    }
}

#[test]
fn each_item_has_its_clock_and_the_whole_has_one() {
    let mut desk = ward(&[]);
    desk.press("H Enter");
    wait(&mut desk, 75);
    desk.shows("0:15 over");
    desk.shows("1:15 of 10:00");
    desk.press("Space");
    wait(&mut desk, 20);
    desk.shows("1:35 of 10:00");
    assert_eq!(huddle(&desk).items.0[0].took, 75);
}

#[test]
fn the_clock_marks_only_its_own_cells_and_stands_still_in_a_pause() {
    let mut desk = ward(&[]);
    desk.press("H Enter");
    assert!(desk.shell.ticks(&desk.model));
    let drawn = |desk: &Desk| {
        let area = Rect::new(0, 0, 120, 40);
        let mut buf = Buffer::empty(area);
        desk.shell.view(&desk.model, area, &mut buf);
        buf
    };
    let before = drawn(&desk);
    desk.model.now += TimeDelta::seconds(1);
    let changed = before.diff(&drawn(&desk)).len();
    assert!((1..=12).contains(&changed), "{changed} cells");
    desk.press("p");
    desk.shows("PAUSED");
    assert!(!desk.shell.ticks(&desk.model));
    wait(&mut desk, 300);
    desk.shows("0:01 of 10:00");
    desk.press("p");
    wait(&mut desk, 4);
    desk.shows("0:05 of 10:00");
    desk.press("1");
    assert!(!desk.shell.ticks(&desk.model), "nothing is drawn where the clock is not on the screen");
}

#[test]
fn a_huddle_that_was_closed_half_way_goes_on_where_it_was() {
    let mut desk = ward(&["low beds"]);
    desk.press("H Enter Space - Space");
    assert_eq!(huddle(&desk).items.0.iter().map(|item| item.skipped).collect::<Vec<_>>(), [false, true, false]);
    // Another run of the program: a shell that remembers nothing.
    let (keymap, _) = crate::config::keymap::Keymap::load(None);
    desk.shell = super::Shell::new(keymap, Look::dark(), crate::tui::wall::Plan::default(), &desk.model);
    desk.refresh();
    desk.press("H");
    desk.shows("goes on since 08:42: 3 of 10 done");
    desk.press("Enter");
    desk.shows("What is required, and what is there?");
    desk.press("Left Left");
    desk.shows("Any harm since yesterday?");
    desk.press("Right Right");
    desk.shows("What is required, and what is there?");
    assert_eq!(huddle(&desk).items.0.len(), 3, "going back changes no record");
}

#[test]
fn an_end_before_the_end_counts_the_rest_as_skipped_and_undo_goes_on_with_it() {
    let mut desk = ward(&[]);
    desk.press("H Enter Space f");
    let held = huddle(&desk);
    assert_eq!((held.items.0.len(), held.ended.is_some()), (10, true));
    assert_eq!(held.items.0.iter().filter(|item| item.skipped).count(), 8);
    desk.press("Enter");
    desk.shows("It was held");
    desk.press("u Enter");
    desk.shows("Any harm since yesterday?");
}

#[test]
fn two_screens_hold_one_huddle() {
    let mut desk = ward(&[]);
    desk.press("H Enter");
    let mut held = huddle(&desk);
    let item = crate::domain::huddle::Item { title: "Yesterday's actions".into(), took: 30, ..Default::default() };
    held.items.0.push(item);
    let edit = Edit::of(&held).with("items", &held.items);
    desk.other.commit(&author("matron", 5), "next", [Ok(edit)]).unwrap();
    desk.runner.look(&mut desk.model);
    desk.refresh();
    desk.shows("Any harm since yesterday?");
    desk.press("Space");
    assert_eq!(huddle(&desk).items.0.len(), 2);
}

#[test]
fn the_daily_huddle_takes_the_wards_own_items() {
    let mut desk = ward(&[]);
    desk.press("H e");
    desk.press("Ctrl-a Ctrl-k");
    desk.press("Esc Esc");
    let edit = Edit::of(&desk.model.team)
        .with("agenda", &crate::domain::record::Json(vec!["at 08:40".to_owned(), "1 min · Parking".to_owned()]));
    desk.other.commit(&author("matron", 5), "own", [Ok(edit)]).unwrap();
    desk.runner.look(&mut desk.model);
    desk.refresh();
    desk.press("H");
    desk.shows("08:40  1 items");
    desk.press("Enter Enter");
    assert_eq!(huddle(&desk).items.0[0].title, "Parking");
    assert!(huddle(&desk).ended.is_some());
}

#[test]
fn a_handover_is_held_once_in_each_shift() {
    let mut desk = ward(&[]);
    desk.press("H Down Down Down Enter f");
    let first = huddle(&desk);
    assert!(first.agenda.starts_with("Handover, "), "{}", first.agenda);
    desk.model.now += TimeDelta::hours(12);
    desk.refresh();
    desk.press("H");
    desk.shows("last held");
}

#[test]
fn no_screen_of_a_huddle_is_stopped_by_its_size() {
    let mut desk = Desk::demo();
    desk.press("H");
    for (width, height) in [(40, 10), (60, 40), (80, 24), (200, 60)] {
        desk.resize((width, height));
        assert!(!desk.text().is_empty());
    }
    desk.press("Enter");
    for _ in 0..10 {
        for size in [(40, 10), (60, 40), (80, 24), (120, 40), (200, 60)] {
            desk.resize(size);
            desk.shows("H Huddle");
        }
        desk.press("Space");
    }
}

#[test]
fn how_huddles_are_held_comes_onto_the_board_with_one_key_and_counts_by_itself() {
    let mut desk = Desk::demo();
    desk.press("H m");
    desk.shows("7 measures of how huddles are held");
    let tile = |desk: &Desk, name: &str| desk.model.tiles[&desk.measure(name).id].clone();
    assert!(tile(&desk, "Huddles held").chart.points.len() > 8, "a run chart of weeks");
    assert!(tile(&desk, "Actions kept").parts.contains(" of "));
    desk.press("m");
    desk.shows("on the board already");
    desk.press("a \"huddles_held_3/5 Enter");
    desk.shows("is counted from the huddles");
    desk.press("Esc Esc u");
    assert!(desk.model.measures.iter().all(|measure| measure.name != "Huddles held"));
}

#[test]
fn a_huddle_whose_record_was_deleted_can_be_held_anew() {
    let mut desk = ward(&[]);
    desk.press("H Enter f");
    desk.press("x Enter");
    desk.shows("Done, not yet, or stuck?");
    assert_eq!(huddle(&desk).items.0.len(), 0);
}

#[test]
fn an_idea_is_answered_yes_not_now_or_by_whom_and_comes_back_when_it_was_to_be_found_out() {
    let mut desk = ward(&[]);
    desk.press("H Enter Space Space Space Space Space Space Space");
    desk.shows("Yes, not now, or who finds out?");
    desk.press("i \"red_socks Enter i \"new_bay Tab n Enter i \"lamps Tab w Tab \"estates Enter");
    let notes = huddle(&desk).notes;
    assert_eq!(notes, "Idea: red socks – yes\nIdea: new bay – not now\nIdea: lamps – estates finds out");
    let made: Vec<String> = promises(&desk).into_iter().map(|one| format!("{} ({})", one.what, one.who)).collect();
    assert_eq!(made.len(), 2);
    assert!(made.contains(&"Find out: lamps (estates)".to_owned()), "{made:?}");
    desk.press("f");
    desk.model.now += TimeDelta::days(3);
    desk.press("H Enter Space Space Space Space Space Space Space");
    // The words stand in large letters; below them who finds out.
    desk.shows("estates  ·  by Fri 27 Nov");
    assert!(!desk.text().contains("red socks"), "a yes is an action like any other");
    desk.press("d");
    assert_eq!(named(&desk, "Find out: lamps").state, State::Done);
}

#[test]
fn only_charts_that_changed_since_the_last_huddle_are_shown() {
    let mut desk = Desk::demo();
    desk.press("H Enter Space Space Space Space Space");
    desk.shows("changed");
    desk.shows("new: worse");
    desk.shows("Falls");
    desk.press("Space f");
    desk.model.now += TimeDelta::days(1);
    desk.press("H Enter Space Space Space Space Space");
    desk.shows("no chart has changed");
}

#[test]
fn a_huddle_that_was_left_alone_counts_an_hour_at_most_and_is_over_with_its_day() {
    let mut desk = ward(&[]);
    desk.press("H Enter");
    desk.press("Tab");
    desk.shows("H Huddle goes on");
    desk.press("H");
    wait(&mut desk, 4 * 3_600);
    desk.shows("60:00 of 10:00");
    assert!(!desk.shell.ticks(&desk.model), "a screen that was left alone draws no clock");
    wait(&mut desk, 20 * 3_600);
    desk.shows("Which huddle?");
}

#[test]
fn a_huddle_stays_ascii_where_the_terminal_knows_no_more() {
    let mut desk = Desk::demo();
    desk.shell.dress(Look::mono().in_ascii());
    desk.press("H");
    for _ in 0..12 {
        for size in [(60, 40), (80, 24), (120, 40)] {
            desk.resize(size);
            let text = desk.text();
            assert!(text.is_ascii(), "{text}");
        }
        desk.press("Space");
    }
}

#[test]
fn the_work_of_a_huddle_is_that_of_now_whatever_day_was_looked_at() {
    let mut desk = Desk::demo();
    desk.press("2 [ [");
    assert_ne!(desk.model.process_day, desk.model.today());
    desk.press("H Enter Space Space Space Space");
    assert_eq!(desk.model.process_day, desk.model.today());
    desk.shows("Discharges before noon");
}

#[test]
fn a_huddle_that_two_screens_begin_at_once_keeps_what_the_first_has_written() {
    let mut desk = ward(&[]);
    desk.press("H");
    let called = crate::domain::agenda::DAILY;
    let id = Huddle::id_of(desk.model.team.id, called, desk.model.today());
    let mut first = Huddle::blank(id, desk.model.team.id);
    (first.agenda, first.day, first.started) = (called.to_owned(), Some(desk.model.today()), Some(now()));
    first.notes = "Today: two bays closed".to_owned();
    desk.other.commit(&author("matron", 5), "began", [Ok(Edit::create(&first))]).unwrap();
    desk.press("Enter Space");
    let held = huddle(&desk);
    assert_eq!((held.notes.as_str(), held.items.0.len()), ("Today: two bays closed", 1));
}

#[test]
fn harm_is_looked_back_at_with_its_cross_one_key_away() {
    let mut desk = Desk::demo();
    desk.press("H Enter Space");
    desk.shows("any harm since yesterday?");
    // The next key takes away what was said, and the keys stand there again.
    desk.press("Down Up");
    desk.shows("X cross");
    desk.press("X");
    assert!(desk.shell.is_asking());
    desk.shows("Pressure ulcers");
    desk.press("Esc Down a");
    desk.shows("Falls");
}
