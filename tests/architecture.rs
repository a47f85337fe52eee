//! Who may import whom, and which crate lives in which room. The map is `src/ARCHITECTURE.md`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each room with the rooms that it may import. `tui` is three rooms: widgets, panes and the rest.
const ROOMS: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("spc", &[]),
    ("domain", &["base", "spc"]),
    ("chart", &["base", "domain", "spc"]),
    ("store", &["base", "domain"]),
    ("sync", &["base", "domain", "store"]),
    ("exchange", &["base", "domain", "spc", "chart"]),
    ("app", &["base", "domain", "spc", "chart"]),
    ("config", &["base", "domain", "app"]),
    ("tui/widgets", &["base", "spc", "chart", "app", "config"]),
    ("tui/panes", &["base", "domain", "spc", "chart", "app", "tui/widgets"]),
    (
        "tui",
        &["base", "domain", "spc", "chart", "store", "sync", "exchange", "app", "config", "tui/widgets", "tui/panes"],
    ),
    ("cli", &["base", "domain", "spc", "chart", "store", "sync", "exchange", "app", "config", "tui"]),
];

/// Crates that live in some rooms and nowhere else.
const CONFINED: &[(&str, &[&str])] = &[
    ("rusqlite", &["store"]),
    ("rustix", &["store"]),
    ("clap", &["cli"]),
    ("crossterm", &["tui"]),
    ("signal_hook", &["tui"]),
    ("ratatui", &["app", "config", "tui", "tui/widgets", "tui/panes"]),
    ("ratatui_textarea", &["tui/widgets"]),
    ("chrono_tz", &["base"]),
    ("iana_time_zone", &["base"]),
    ("unicode_width", &["base"]),
    ("directories", &["config"]),
    ("toml", &["config"]),
    ("csv", &["exchange"]),
    ("resvg", &["exchange"]),
    ("indicatif", &["cli"]),
    ("flate2", &["sync"]),
    ("sha2", &["sync"]),
];

fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found.sort();
    found
}

/// The room of a source file; none for `main.rs` and `lib.rs`.
fn room_of(path: &Path) -> Option<String> {
    let relative = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let mut parts = relative.components().map(|part| part.as_os_str().to_str().unwrap().to_owned());
    let first = parts.next()?;
    if first.ends_with(".rs") {
        return None;
    }
    let second = parts.next().unwrap_or_default();
    if first == "tui" && (second == "widgets" || second == "panes") {
        return Some(format!("tui/{second}"));
    }
    Some(first)
}

/// The code of a file without comments, strings' insides left as they are: good enough for `use` paths.
fn code(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// A file up to its tests, which may use what they need.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default()
}

/// Every room that a file names by `crate::room`, and every one of its own room by `super`.
fn rooms_named(text: &str) -> BTreeSet<String> {
    let text = code(text);
    let mut named = BTreeSet::new();
    for (at, _) in text.match_indices("crate::") {
        if at > 0 && text[..at].ends_with(|letter: char| letter.is_alphanumeric() || letter == '_') {
            continue;
        }
        let path: String =
            text[at + 7..].chars().take_while(|letter| letter.is_alphanumeric() || "_:".contains(*letter)).collect();
        let mut parts = path.split("::");
        let first = parts.next().unwrap_or_default().to_owned();
        let second = parts.next().unwrap_or_default();
        if first == "tui" && (second == "widgets" || second == "panes") {
            named.insert(format!("tui/{second}"));
        } else if !first.is_empty() {
            named.insert(first);
        }
    }
    named
}

#[test]
fn every_room_imports_only_what_the_map_allows() {
    let mut broken = Vec::new();
    for (path, text) in sources() {
        let Some(room) = room_of(&path) else { continue };
        let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) else {
            broken.push(format!("{}: there is no room {room} on the map", path.display()));
            continue;
        };
        for named in rooms_named(&text) {
            let is_room = ROOMS.iter().any(|(name, _)| *name == named);
            if is_room && named != room && !allowed.contains(&named.as_str()) {
                broken.push(format!("{}: {room} may not import {named}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn the_map_has_no_circle() {
    let mut settled: BTreeSet<&str> = BTreeSet::new();
    while settled.len() < ROOMS.len() {
        let next: Vec<&str> = ROOMS
            .iter()
            .filter(|(room, imports)| !settled.contains(room) && imports.iter().all(|import| settled.contains(import)))
            .map(|(room, _)| *room)
            .collect();
        assert!(!next.is_empty(), "these rooms import each other in a circle: all but {settled:?}");
        settled.extend(next);
    }
}

#[test]
fn confined_crates_stay_in_their_rooms() {
    let mut broken = Vec::new();
    for (path, text) in sources() {
        let Some(room) = room_of(&path) else { continue };
        let text = code(without_tests(&text));
        for (name, rooms) in CONFINED {
            let named = [
                format!("use {name}::"),
                format!("use {name};"),
                format!(" {name}::"),
                format!("({name}::"),
                format!("<{name}::"),
                format!("&{name}::"),
            ];
            if !rooms.contains(&room.as_str()) && named.iter().any(|pattern| text.contains(pattern)) {
                broken.push(format!("{}: {name} lives in {rooms:?} only", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn only_the_command_line_and_the_screen_read_the_environment_or_print() {
    let mut broken = Vec::new();
    for (path, text) in sources() {
        let Some(room) = room_of(&path) else { continue };
        if room == "cli" || room.starts_with("tui") {
            continue;
        }
        let text = code(without_tests(&text));
        for forbidden in ["env::var", "env::args", "println!", "eprintln!", "print!(", "std::process::exit"] {
            if text.contains(forbidden) {
                broken.push(format!("{}: {forbidden}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn a_pane_sees_no_file_no_clock_and_no_thread() {
    let mut broken = Vec::new();
    for (path, text) in sources() {
        let Some(room) = room_of(&path) else { continue };
        if !matches!(room.as_str(), "tui/panes" | "tui/widgets" | "app" | "domain" | "spc" | "chart") {
            continue;
        }
        for forbidden in
            ["std::fs", "std::thread", "std::net", "SystemTime::now", "Instant::now", "Utc::now", "Local::now"]
        {
            if code(&text).contains(forbidden) {
                broken.push(format!("{}: {forbidden}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn no_module_is_a_drawer_for_odds_and_ends() {
    for (path, _) in sources() {
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(
            !["util", "utils", "helper", "helpers", "common", "misc", "manager"].contains(&name),
            "{}",
            path.display()
        );
    }
}

#[test]
fn the_map_in_words_names_every_room() {
    let map = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ARCHITECTURE.md")).unwrap();
    for (room, _) in ROOMS {
        let name = room.replace('/', "::");
        assert!(map.contains(&format!("`{name}`")), "src/ARCHITECTURE.md does not name `{name}`");
    }
}
