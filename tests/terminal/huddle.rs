//! A huddle in a real terminal: what its clock costs, and what a killed program leaves of it.

use super::{board, run_ok, ward};

/// Presses a key and waits for what it brings.
fn step(terminal: &mut super::Terminal, key: &str, words: &str) {
    terminal.press(key);
    terminal.wait_for(words);
}

/// Waits until the clock of the whole shows another second.
fn next_second(terminal: &mut super::Terminal) {
    let clock = |text: &str| text.lines().find(|line| line.contains("of 10:00")).map(str::to_owned);
    let now = clock(&terminal.text());
    terminal.wait_until("the next second", |screen| clock(&screen.contents()) != now);
}

#[test]
fn a_killed_huddle_goes_on_at_the_item_that_was_talked_about() {
    let home = ward();
    let mut terminal = board(&home);
    step(&mut terminal, "H", "Which huddle?");
    step(&mut terminal, "\r", "1 of 10");
    step(&mut terminal, " ", "2 of 10");
    terminal.wait_for("Saved: Safety huddle: Yesterday");
    step(&mut terminal, "n", "New action");
    step(&mut terminal, "low beds\r", "Saved: Action: low beds");
    terminal.signal("KILL");
    let mut terminal = board(&home);
    step(&mut terminal, "H", "1 of 10 done");
    step(&mut terminal, "\r", "2 of 10");
    step(&mut terminal, "f", "held today");
    terminal.wait_for("low beds");
    let said = run_ok(home.path(), &["show", "huddle"]);
    assert!(said.contains("DECIDED") && said.contains("low beds"), "{said}");
}

#[test]
fn a_running_clock_sends_its_few_cells_and_a_standing_one_nothing() {
    let home = ward();
    let mut terminal = board(&home);
    step(&mut terminal, "H", "Which huddle?");
    step(&mut terminal, "\r", "1 of 10");
    // What was saved gives way to the keys, which is more than a second of the clock.
    terminal.wait_without("Saved:");
    next_second(&mut terminal);
    let before = terminal.written;
    for _ in 0..3 {
        next_second(&mut terminal);
    }
    let sent = terminal.written - before;
    assert!(sent < 3 * 300, "{sent} bytes for three seconds");
    step(&mut terminal, "p", "PAUSED");
    assert_eq!(terminal.bytes_within(std::time::Duration::from_millis(1_500)), 0);
}
