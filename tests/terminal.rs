//! Whole-program runs in a real terminal: what a person does, sees, and is left with.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "terminal/huddle.rs"]
mod huddle;
mod support;
#[path = "terminal/together.rs"]
mod together;

use std::fs;
use std::time::Duration;

use support::{Terminal, run_ok};
use tempfile::TempDir;

/// A home with a ward of the acute template.
fn ward() -> TempDir {
    let home = TempDir::new().unwrap();
    run_ok(home.path(), &["init", "--team", "Ward 7A", "--template", "acute-ward"]);
    home
}

fn board(home: &TempDir) -> Terminal {
    let mut terminal = Terminal::start(home.path(), &[]);
    terminal.wait_for("Ward 7A");
    terminal
}

#[test]
fn a_value_takes_three_keys_on_a_selected_tile_and_is_in_the_file_when_it_shows_as_saved() {
    let home = ward();
    let mut terminal = board(&home);
    terminal.press("a");
    terminal.wait_for("Add a value");
    terminal.press("2");
    terminal.press("\r");
    terminal.wait_for("Saved:");
    terminal.signal("KILL");
    let points = run_ok(home.path(), &["list", "points", "--json"]);
    assert_eq!(serde_json::from_str::<Vec<serde_json::Value>>(&points).unwrap().len(), 1, "{points}");
}

#[test]
fn quitting_leaves_the_terminal_as_it_was() {
    let home = ward();
    let mut terminal = board(&home);
    assert!(
        terminal.screen().alternate_screen() && terminal.screen().hide_cursor() && terminal.screen().bracketed_paste()
    );
    terminal.press("q");
    assert_eq!(terminal.wait_for_end(), 0);
    terminal.read_to_end();
    assert!(
        !terminal.screen().alternate_screen()
            && !terminal.screen().hide_cursor()
            && !terminal.screen().bracketed_paste()
    );
}

#[test]
fn a_signal_that_ends_the_program_leaves_the_terminal_as_it_was() {
    for (name, code) in [("TERM", 143), ("HUP", 129)] {
        let home = ward();
        let mut terminal = board(&home);
        terminal.signal(name);
        assert_eq!(terminal.wait_for_end(), code, "{name}");
        terminal.read_to_end();
        assert!(!terminal.screen().alternate_screen() && !terminal.screen().hide_cursor(), "{name}");
    }
}

#[test]
fn a_breakdown_leaves_the_terminal_as_it_was_and_its_message_readable() {
    let home = ward();
    let mut terminal = Terminal::start_with(home.path(), &[], (100, 30), &[("HUDDLEBOARD_FALL_OVER", "1")]);
    terminal.wait_for("Ward 7A");
    terminal.press("\x0c");
    assert_eq!(terminal.wait_for_end(), 101);
    terminal.read_to_end();
    assert!(!terminal.screen().alternate_screen() && !terminal.screen().hide_cursor());
    assert!(terminal.text().contains("fallen over as asked"), "{}", terminal.text());
}

#[test]
fn a_lost_connection_ends_the_program() {
    let home = ward();
    let pid = home.path().join("pid");
    let command = format!("stty rows 30 cols 100; echo $$ > {}; exec {}", pid.display(), support::PROGRAM);
    // `script` holds the terminal as a connection's server does; when it dies, the terminal is gone.
    let mut connection = std::process::Command::new("script")
        .args(["-qfc", &command, "/dev/null"])
        .env_clear()
        .envs(support::environment(home.path()))
        .env("TERM", "xterm-256color")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    support::read_until(connection.stdout.as_mut().unwrap(), "Ward 7A");
    let id: u32 = fs::read_to_string(&pid).unwrap().trim().parse().unwrap();
    connection.kill().unwrap();
    connection.wait().unwrap();
    support::wait_for_process(id);
}

#[test]
fn two_people_on_one_file_see_each_others_ticks_without_a_key() {
    let home = ward();
    run_ok(home.path(), &["add", "falls", "1"]);
    let mut one = board(&home);
    let mut other = board(&home);
    other.wait_for("Falls");
    one.press("a");
    one.wait_for("Add a value");
    one.press("pressure 7\r");
    one.wait_for("Saved:");
    other.wait_for("7");
    let points = run_ok(home.path(), &["list", "points", "--json"]);
    assert_eq!(serde_json::from_str::<Vec<serde_json::Value>>(&points).unwrap().len(), 2, "{points}");
}

#[test]
fn an_entry_never_overwrites_unseen_what_somebody_else_saved_meanwhile() {
    let home = ward();
    let mut terminal = board(&home);
    terminal.press("a");
    terminal.wait_for("Add a value");
    terminal.press("falls 2");
    terminal.wait_for("falls 2");
    run_ok(home.path(), &["--as", "night nurse", "add", "falls", "5"]);
    terminal.press("\r");
    terminal.wait_for("in the meantime");
    let points = run_ok(home.path(), &["list", "points", "--json"]);
    assert!(points.contains("5.0"), "{points}");
}

#[test]
fn undo_takes_back_the_last_action_and_redo_does_it_again() {
    let home = ward();
    let mut terminal = board(&home);
    terminal.press("a");
    terminal.wait_for("Add a value");
    terminal.press("falls 2\r");
    terminal.wait_for("Saved:");
    terminal.press("u");
    terminal.wait_for("Undone");
    assert_eq!(run_ok(home.path(), &["list", "points", "--json"]).trim(), "[]");
    terminal.press("\x12");
    terminal.wait_for("Done again");
    assert!(run_ok(home.path(), &["list", "points", "--json"]).contains("2.0"));
}

#[test]
fn every_pane_is_there_at_any_size_and_a_tiny_terminal_says_what_it_needs() {
    let home = ward();
    let mut terminal = board(&home);
    for (key, words) in [("2", "Observations"), ("3", "PDSA"), ("4", "Falls"), ("1", "Falls")] {
        terminal.press(key);
        terminal.wait_for(words);
    }
    terminal.resize((20, 4));
    terminal.wait_for("Too small");
    terminal.resize((1, 1));
    terminal.resize((200, 60));
    terminal.wait_for("Falls");
    terminal.press("q");
    assert_eq!(terminal.wait_for_end(), 0);
}

#[test]
fn a_paste_with_line_feeds_saves_nothing_by_itself() {
    let home = ward();
    let mut terminal = board(&home);
    terminal.press("a");
    terminal.wait_for("Add a value");
    terminal.press("\x1b[200~falls 3\nfalls 4\n\x1b[201~");
    terminal.wait_for("falls 3 falls 4");
    terminal.press("\x1b");
    terminal.wait_without("Add a value");
    assert_eq!(run_ok(home.path(), &["list", "points", "--json"]).trim(), "[]");
}

#[test]
fn an_idle_board_writes_nothing() {
    let home = ward();
    let mut terminal = board(&home);
    terminal.bytes_within(Duration::from_millis(700));
    // The minute may turn once while we watch: then the clock is drawn, and the next second is still.
    let still = (0..2).any(|_| terminal.bytes_within(Duration::from_millis(1_200)) == 0);
    assert!(still, "an idle board keeps writing");
}

#[test]
fn the_first_run_asks_for_a_name_and_makes_the_ward() {
    let home = TempDir::new().unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    terminal.wait_for("Welcome");
    terminal.press("Ward 9\r");
    terminal.wait_for("Acute ward");
    terminal.press("\r");
    terminal.wait_for("Falls");
    terminal.wait_for("Ward 9");
}

#[test]
fn the_editor_gets_the_keyboard_and_its_text_comes_back() {
    let home = ward();
    let editor = home.path().join("editor");
    fs::write(&editor, "#!/bin/sh\nprintf 'counted at 08:00\\nby the nurse in charge' > \"$1\"\n").unwrap();
    assert!(std::process::Command::new("chmod").arg("+x").arg(&editor).status().unwrap().success());
    let variables = [("EDITOR", editor.to_str().unwrap())];
    let mut terminal = Terminal::start_with(home.path(), &[], (100, 40), &variables);
    terminal.wait_for("Falls");
    terminal.press("e");
    terminal.wait_for("Definition");
    // Down to the definition, which takes several lines.
    terminal.press("\t\t\t\t");
    terminal.wait_for("two people");
    terminal.press("\x05");
    terminal.wait_for("by the nurse in charge");
    terminal.press("\x13");
    terminal.wait_for("Saved:");
}

#[test]
fn the_wall_writes_nothing_while_nothing_changes_and_a_key_that_edits_means_nothing() {
    let home = ward();
    run_ok(home.path(), &["add", "falls", "3"]);
    // Ten seconds into a minute, so that the minute does not turn meanwhile.
    let now = ("HUDDLEBOARD_NOW", "2026-11-20T08:42:10Z");
    let mut terminal = Terminal::start_with(home.path(), &["wall", "--every", "3600"], (80, 24), &[now]);
    terminal.wait_for("What matters today");
    while terminal.bytes_within(Duration::from_millis(700)) > 0 {}
    assert_eq!(terminal.bytes_within(Duration::from_secs(2)), 0);
    terminal.press("axu+q");
    assert_eq!(terminal.wait_for_end(), 0);
    assert!(run_ok(home.path(), &["list", "points", "--json"]).contains("3.0"));
}

#[test]
fn a_wall_that_cannot_be_shown_is_refused_in_words() {
    let home = ward();
    let mut terminal = Terminal::start(home.path(), &["wall", "--screens", "falls"]);
    terminal.wait_for("There are: performance, process, charts, actions.");
    assert_eq!(terminal.wait_for_end(), 2);
}

#[test]
fn a_chart_that_is_printed_on_a_terminal_is_a_picture_as_wide_as_that_and_in_a_pipe_plain_lines() {
    let home = TempDir::new().unwrap();
    let file = home.path().join("steady.csv");
    let rows: String = (1..=28).map(|day| format!("2026-02-{day:02},{}\n", 20 + day * 7 % 5)).collect();
    fs::write(&file, format!("date,delays\n{rows}")).unwrap();
    let file = file.to_str().unwrap();
    let mut terminal = Terminal::start_with(home.path(), &["analyse", file], (100, 40), &[]);
    terminal.wait_for("Marked by the Making Data Count rules.");
    terminal.read_to_end();
    assert_eq!(terminal.wait_for_end(), 0);
    let text = terminal.text();
    assert!(text.contains("Nothing to act on") && text.contains("mean 22"), "{text}");
    assert!(text.chars().any(|letter| ('\u{2801}'..='\u{28ff}').contains(&letter)), "{text}");
    assert!(!terminal.screen().alternate_screen());
    let plain = run_ok(home.path(), &["analyse", file]);
    assert!(plain.contains("2026-02-28 21") && !plain.contains('\x1b'), "{plain}");
}
