//! `info`: every path in use, and why.

use super::open::{Flags, Home, Opened};
use super::out::Out;
use crate::base::error::Outcome;
use crate::domain::measure::Measure;

pub(super) fn run(flags: &Flags, out: &mut Out) -> Outcome<()> {
    let home = Home::find();
    let place = home.database(flags);
    let there = |path: &std::path::Path| if path.exists() { "" } else { "not there" };
    let mut rows = vec![vec!["program".to_owned(), env!("CARGO_PKG_VERSION").to_owned(), String::new()]];
    let mut row = |what: &str, path: &std::path::Path, why: &str| {
        let why = [why, there(path)].iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join("; ");
        rows.push(vec![what.to_owned(), path.display().to_string(), why]);
    };
    row("database", &place.path, place.why);
    row("demonstration", &home.paths.demo(), "");
    row("settings", &home.paths.settings(), "");
    row("keys", &home.paths.keys(), "");
    row("colours", &home.paths.theme(), "");
    let real = std::fs::canonicalize(&place.path).unwrap_or_else(|_| place.path.clone());
    match home.backups(&real) {
        Some(folder) => row("backups", &folder, ""),
        None => rows.push(vec!["backups".to_owned(), "none".to_owned(), "the setting “backups”".to_owned()]),
    }
    // Whoever cannot open the board needs to know where it is all the more.
    let told = if place.path.exists() { contents(flags, &mut rows) } else { Ok(()) };
    out.table(&["what", "where", "why"], &rows);
    told
}

fn contents(flags: &Flags, rows: &mut Vec<Vec<String>>) -> Outcome<()> {
    let opened = Opened::existing(flags)?;
    for team in &opened.teams {
        let measures = opened.store.records::<Measure>(Some(team.id))?.len();
        let demo = if team.demo { "demonstration" } else { "" };
        rows.push(vec!["team".to_owned(), format!("{}, {measures} measures", team.name), demo.to_owned()]);
    }
    rows.push(vec!["data points".to_owned(), opened.store.points_total()?.to_string(), "typed or imported".to_owned()]);
    rows.push(vec![
        "replica".to_owned(),
        opened.store.replica().to_string(),
        "this file's own writer of changes".to_owned(),
    ]);
    Ok(())
}
