//! What the README says of keys and commands is made from the program itself.
//! `UPDATE_README=1 cargo test --test readme` writes it anew.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Mutex;

use huddleboard::app::action::{Action, Scope};
use huddleboard::config::keymap::Keymap;
use tempfile::TempDir;

/// The part of the README between the marks of this name must be `expected`.
#[track_caller]
fn holds(name: &str, expected: &str) {
    // Both parts stand in one file: they are written one after the other.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = fs::read_to_string(&path).unwrap();
    let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->"));
    let from = text.find(&start).expect("the mark that starts it") + start.len();
    let to = text[from..].find(&end).expect("the mark that ends it") + from;
    if std::env::var_os("UPDATE_README").is_some() {
        fs::write(&path, format!("{}{expected}{}", &text[..from], &text[to..])).unwrap();
        return;
    }
    assert_eq!(&text[from..to], expected, "README.md is behind: UPDATE_README=1 cargo test --test readme");
}

#[test]
fn the_readmes_keys_are_the_keymaps() {
    let (keymap, _) = Keymap::load(None);
    let mut table = String::new();
    for scope in Scope::ALL {
        let _ = writeln!(table, "\n**{}**\n\n| key | action | what it does |\n|---|---|---|", scope.title());
        for action in Action::ALL.iter().filter(|action| action.scope() == scope) {
            let keys: Vec<String> = keymap.keys(*action).iter().map(|key| format!("`{key}`")).collect();
            let _ = writeln!(table, "| {} | {} | {} |", keys.join(" "), action.name(), action.help());
        }
    }
    table.push('\n');
    holds("keys", &table);
}

#[test]
fn the_readmes_commands_are_the_programs_own_help() {
    let home = TempDir::new().unwrap();
    let help = support::run_ok(home.path(), &["--help"]);
    holds("commands", &format!("```text\n{}\n```\n", help.trim_end()));
}
