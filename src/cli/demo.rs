//! `demo`: a demonstration ward in a file of its own.

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use clap::Args;

use super::board;
use super::open::{Flags, Home, Opened, session};
use super::out::Out;
use crate::base::clock::{Clock, FixedClock, ShiftedClock, SystemClock};
use crate::base::error::{Failure, Outcome};
use crate::base::zone::Zone;
use crate::config::{paths, templates};
use crate::exchange::demo;
use crate::store::{Author, Opening, Store};

#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Which of all possible wards; the same number makes the same ward
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The day on which the demonstration takes place
    #[arg(long, value_name = "DATE")]
    today: Option<NaiveDate>,
    /// Make so many data points instead of the usual ward, to measure speed
    #[arg(long, value_name = "N")]
    points: Option<u64>,
    /// Make the file and do not open the board
    #[arg(long)]
    no_open: bool,
}

pub(super) fn run(flags: &Flags, demo: &Demo, out: &mut Out) -> Outcome<u8> {
    if !demo.no_open {
        board::refuse_without_a_terminal()?;
    }
    let home = Home::find();
    let path = flags.db.clone().unwrap_or_else(|| home.paths.demo());
    let now = moment(flags, demo)?;
    clear(&path)?;
    let clock = Arc::new(FixedClock::at(now));
    let mut store = Store::open(&Opening {
        path: path.clone(),
        create: true,
        shared_with_group: home.settings.shared_with_group,
        clock: clock.clone(),
    })?;
    match demo.points {
        Some(points) => fill(&mut store, demo.seed, now, points)?,
        None => tell(&mut store, &clock, demo.seed, now)?,
    }
    drop(store);
    if demo.no_open {
        out.line(&format!("{} is in {}.", demo::WARD, path.display()));
        out.line(&format!("Open it with `huddleboard --db {}`.", path.display()));
        return Ok(0);
    }
    let clock: Arc<dyn Clock> = match (demo.today, &flags.now) {
        (None, None) => Arc::new(SystemClock),
        _ => Arc::new(ShiftedClock(now - Utc::now())),
    };
    board::open(Opened::of(flags, home, Opening { path, create: false, shared_with_group: false, clock })?)
}

/// The moment at which the demonstration stands: that day in the middle of the morning's huddle, or now.
fn moment(flags: &Flags, demo: &Demo) -> Outcome<DateTime<Utc>> {
    if let Some(moment) = flags.moment()? {
        return Ok(moment);
    }
    let morning = NaiveTime::from_hms_opt(8, 42, 0).unwrap_or_default();
    Ok(demo.today.map_or_else(Utc::now, |day| Zone::default().instant(day.and_time(morning))))
}

/// Takes an earlier demonstration away; a file that holds anything else is left as it is.
fn clear(path: &Path) -> Outcome<()> {
    if !path.exists() {
        return Ok(());
    }
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let store = Store::open(&Opening { path: path.to_owned(), create: false, shared_with_group: false, clock })?;
    let real = store.path().to_owned();
    if !store.is_demo_or_empty()? {
        return Err(Failure::refused("This file holds a real ward.")
            .at(path.display().to_string())
            .hint("Name another file with --db, or leave --db out: the demonstration has a file of its own."));
    }
    drop(store);
    for file in std::iter::once(real.clone()).chain(paths::companions(&real)) {
        if let Err(error) = std::fs::remove_file(&file)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            return Err(Failure::machine(format!("The earlier demonstration cannot be taken away: {error}."))
                .at(file.display().to_string())
                .hint("Close the board that shows it, and check the rights of its folder."));
        }
    }
    Ok(())
}

/// Writes the ward's past action by action, each at its own time.
fn tell(store: &mut Store, clock: &FixedClock, seed: u64, now: DateTime<Utc>) -> Outcome<()> {
    let template = templates::find("acute-ward")?;
    let session = session();
    for batch in demo::make(&template, seed, now)? {
        clock.set(batch.at);
        let author = Author { role: Some(batch.role.to_owned()), session };
        store.commit(&author, &batch.words, batch.edits.into_iter().map(Ok))?;
    }
    clock.set(now);
    Ok(())
}

/// Writes as many points as were asked for, in one action.
fn fill(store: &mut Store, seed: u64, now: DateTime<Utc>, points: u64) -> Outcome<()> {
    if points > demo::MOST {
        return Err(Failure::usage(format!(
            "So many points reach back behind the year 1900: at most {} can be made.",
            demo::MOST
        ))
        .hint("Ask for fewer."));
    }
    let template = templates::find("acute-ward")?;
    let author = Author { role: Some("ward team".to_owned()), session: session() };
    store.commit(&author, "A full board", demo::many(&template, seed, now, points)?)?;
    Ok(())
}
