//! The wall: a whole day of it, what it shows and what it never shows, and a file that goes away.

use chrono::TimeDelta;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Desk, author, now};
use crate::domain::PromiseId;
use crate::domain::change::Edit;
use crate::domain::measure::Measure;
use crate::domain::promise::Promise;

impl Desk {
    fn drawn(&self) -> Buffer {
        let area = Rect::new(0, 0, self.size.0, self.size.1);
        let mut buf = Buffer::empty(area);
        self.shell.view(&self.model, area, &mut buf);
        buf
    }

    /// What the loop does when it wakes by itself at `at`: whether a picture is drawn.
    fn wake(&mut self, at: chrono::DateTime<chrono::Utc>) -> bool {
        let before = std::mem::replace(&mut self.model.now, at);
        let turned = before.timestamp().div_euclid(60) != at.timestamp().div_euclid(60);
        if turned {
            self.runner.minute(before, &mut self.model);
        }
        let stirred = crate::tui::stir(&mut self.shell, &mut self.runner, &mut self.model);
        if turned || stirred {
            self.runner.settle(&mut self.model);
            while self.model.tiles.len() < self.model.measures.len() {
                self.take_one();
            }
        }
        turned || stirred
    }

    /// Every picture of the wall, one after the other, as text.
    fn pictures(&mut self) -> Vec<String> {
        let first = self.text();
        let mut all = vec![first.clone()];
        loop {
            self.press("Right");
            let next = self.text();
            if next == first {
                return all;
            }
            all.push(next);
            assert!(all.len() < 100, "the pictures come round");
        }
    }

    fn edit(&mut self, words: &str, edits: Vec<Edit>) {
        self.other.commit(&author("matron", 5), words, edits.into_iter().map(Ok)).unwrap();
        self.runner.look(&mut self.model);
        self.refresh();
    }
}

fn changed(before: &Buffer, after: &Buffer) -> Vec<(u16, u16)> {
    before.diff(after).into_iter().map(|(x, y, _)| (x, y)).collect()
}

#[test]
fn the_wall_shows_the_ward_its_work_its_charts_in_turn_and_comes_round() {
    let mut desk = Desk::demo();
    desk.press("W");
    let pictures = desk.pictures();
    let all = pictures.join("\n");
    for words in ["What matters today", "Work now", "Charts", "signal", "behind", "newest value:"] {
        assert!(all.contains(words), "{words}");
    }
    assert!(pictures.iter().all(|picture| picture.contains("DEMO")));
    desk.resize((80, 24));
    assert!(desk.pictures().iter().all(|picture| picture.contains("Ward 7A") && picture.contains("DEMO")));
}

#[test]
fn no_key_edits_at_the_wall_and_leaving_it_is_one_key() {
    let mut desk = Desk::demo();
    let before = desk.other.log(&crate::store::LogQuery::default()).unwrap().len();
    desk.press("W a A n e x u U + - = f K J Ctrl-r T S C I i / : ? Enter Space");
    assert!(desk.shell.is_wall() && !desk.shell.is_asking());
    assert_eq!(desk.other.log(&crate::store::LogQuery::default()).unwrap().len(), before);
    for key in ["Esc", "q", "W", "1"] {
        desk.press(key);
        assert!(!desk.shell.is_wall() && !desk.left, "{key}");
        desk.shows("1 Performance");
        desk.press("W");
    }
    desk.press("4");
    desk.shows("Run chart");
}

#[test]
fn every_size_and_look_takes_the_wall() {
    let mut desk = Desk::demo();
    desk.press("W");
    for look in [crate::app::look::Look::dark(), crate::app::look::Look::mono().in_ascii()] {
        desk.shell.dress(look);
        for size in [(40, 10), (60, 40), (80, 24), (120, 40), (200, 60), (300, 100)] {
            desk.resize(size);
            desk.pictures();
        }
    }
}

#[test]
fn what_is_private_or_may_name_somebody_never_reaches_the_wall() {
    let mut desk = Desk::demo();
    let falls = desk.measure("Falls");
    let mut promise = Promise::blank(PromiseId::fresh(), falls.team);
    promise.what = "Ring Mrs Okafor about the hoist".to_owned();
    promise.raised = Some(now());
    let mut plain = Promise::blank(PromiseId::fresh(), falls.team);
    plain.what = "Two hoists by Friday".to_owned();
    (plain.raised, plain.by) = (Some(now()), Some("2026-11-17".parse().unwrap()));
    desk.edit("x", vec![Edit::of(&falls).with("private", &true), Edit::create(&promise), Edit::create(&plain)]);
    desk.press("W");
    let all = desk.pictures().join("\n");
    assert!(!all.contains("Falls"), "{all}");
    assert!(!all.contains("Okafor") && all.contains("it may name somebody"), "{all}");
    assert!(all.contains("Two hoists by Friday") && all.contains("3 days LATE"), "{all}");
}

#[test]
fn a_change_elsewhere_is_on_the_wall_with_the_next_look() {
    let mut desk = Desk::demo();
    desk.press("W");
    let wall = desk.model.now;
    assert!(!desk.wake(wall + TimeDelta::milliseconds(500)));
    let falls: Measure = desk.measure("Falls");
    desk.other
        .commit(&author("matron", 5), "x", std::iter::once(Ok(Edit::of(&falls).with("name", &"Tumbles".to_owned()))))
        .unwrap();
    assert!(desk.wake(wall + TimeDelta::milliseconds(1_000)));
    desk.resize((80, 24));
    desk.shows("Tumbles");
}

#[test]
fn for_a_day_the_wall_draws_for_a_turn_or_a_minute_and_changes_nothing_but_the_time() {
    let mut desk = Desk::demo_at("2026-11-20T10:00:10Z".parse().unwrap());
    // One picture stands all day: what is drawn while nothing changes is the minute.
    let plan = crate::tui::wall::Plan {
        every: std::time::Duration::from_secs(48 * 3_600),
        screens: vec![crate::tui::wall::Screen::Charts],
        ..crate::tui::wall::Plan::default()
    };
    let mut shell = crate::tui::shell::Shell::new(
        crate::config::keymap::Keymap::load(None).0,
        crate::app::look::Look::dark(),
        crate::tui::wall::Plan { alone: true, ..plan },
        &desk.model,
    );
    std::mem::swap(&mut desk.shell, &mut shell);
    let (start, mut draws, mut last) = (desk.model.now, 0, desk.drawn());
    let bytes = std::fs::metadata(desk.other.path()).unwrap().len();
    let changes = desk.other.log(&crate::store::LogQuery::default()).unwrap().len();
    for step in 1..=(24 * 60 * 12) {
        let at = start + TimeDelta::seconds(5 * step);
        if desk.wake(at) {
            draws += 1;
            let next = desk.drawn();
            let nothing_closed = at.date_naive() == start.date_naive() && at.time() < "15:00:00".parse().unwrap();
            let rows: Vec<u16> = changed(&last, &next).iter().map(|(_, y)| *y).collect();
            assert!(!nothing_closed || rows.iter().all(|y| *y < 5), "only the time in the head changes");
            last = next;
        }
    }
    assert_eq!(draws, 24 * 60, "a picture for each minute, and none between");
    assert_eq!(std::fs::metadata(desk.other.path()).unwrap().len(), bytes);
    assert_eq!(desk.other.log(&crate::store::LogQuery::default()).unwrap().len(), changes);
}

#[test]
fn a_file_that_was_moved_leaves_the_last_picture_and_the_wall_comes_back_by_itself() {
    let mut desk = Desk::demo();
    desk.resize((80, 24));
    desk.press("W");
    let (path, away) = (desk.other.path().to_owned(), desk.other.path().with_extension("away"));
    std::fs::rename(&path, &away).unwrap();
    assert!(desk.wake(now() + TimeDelta::seconds(1)));
    desk.shows("NOT READ SINCE 08:42");
    desk.shows("Falls");
    assert!(!desk.wake(now() + TimeDelta::seconds(2)), "nothing is drawn while nothing changes");
    std::fs::rename(&away, &path).unwrap();
    assert!(desk.wake(now() + TimeDelta::seconds(3)));
    assert!(!desk.text().contains("NOT READ"), "{}", desk.text());
}

#[test]
fn a_file_that_was_replaced_is_read_anew() {
    let mut desk = Desk::demo();
    desk.resize((80, 24));
    desk.press("W");
    let path = desk.other.path().to_owned();
    let copy = path.with_extension("copy");
    desk.other.back_up(&copy).unwrap();
    for companion in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{companion}", path.display()));
    }
    std::fs::rename(&copy, &path).unwrap();
    assert!(desk.wake(now() + TimeDelta::seconds(1)));
    assert!(!desk.text().contains("NOT READ"), "{}", desk.text());
    desk.shows("Falls");
}
