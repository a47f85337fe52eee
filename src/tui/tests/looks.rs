//! Every size, ASCII, and no colour at all.

use super::*;

#[test]
fn every_screen_and_every_question_takes_every_size() {
    let mut desk = Desk::demo();
    let widths = [0, 1, 2, 5, 10, 20, 39, 40, 41, 60, 79, 80, 99, 100, 120, 200, 300];
    let heights = [0, 1, 2, 3, 5, 9, 10, 11, 15, 24, 29, 30, 40, 60, 100];
    let views = ["4 v", "4 v", "4 v", "4 c Enter", "4 s", "4 f", "4 d", "4 p", "4 L", "4 L"];
    for screen in
        ["1", "2", "3", "4", "5", "5 n", "5 !", "a", "A", "e", "?", ":", "T", "C", "S"].into_iter().chain(views)
    {
        desk.press(screen);
        for width in widths {
            for height in heights {
                desk.resize((width, height));
                desk.text();
            }
        }
        desk.resize((120, 40));
        if desk.shell.is_asking() {
            desk.press("Esc");
        }
    }
}

#[test]
fn a_terminal_that_knows_only_ascii_gets_nothing_else() {
    let mut desk = Desk::demo();
    desk.shell.dress(Look::sixteen().in_ascii());
    for keys in [
        "1",
        "2",
        "3",
        "4",
        "5",
        "5 !",
        "4 v",
        "v",
        "v c Enter",
        "c s",
        "f",
        "d",
        "p",
        "L",
        "L",
        "1 a",
        "A",
        "e",
        "?",
        ":",
        "T",
        "i",
        "C",
        "S",
    ] {
        desk.press(keys);
        let text = desk.text();
        let other: Vec<char> = text.chars().filter(|letter| !letter.is_ascii()).collect();
        assert!(other.is_empty(), "after {keys:?}: {other:?}\n{text}");
        while desk.shell.is_asking() {
            desk.press("Esc");
        }
    }
}

#[test]
fn without_colour_every_verdict_still_has_its_sign_and_its_word() {
    let mut desk = Desk::demo();
    desk.shell.dress(Look::mono());
    desk.refresh();
    for words in ["▲ CONCERN", "◆ IMPROVING", "≈ no change"] {
        desk.shows(words);
    }
}
