//! `add`: a value, by the same grammar as quick entry on the board.

use clap::Args;

use super::open::{Flags, Opened};
use super::out::{Out, say};
use super::{chart, show};
use crate::base::error::{Failure, Outcome};
use crate::domain::change::{Edit, Expect};
use crate::domain::entry::{self, Entry};
use crate::domain::frequency::Frequency;
use crate::domain::measure::Measure;
use crate::domain::point::{Point, PointKey};

#[derive(Debug, Args)]
pub(super) struct Add {
    /// The measure and its value: falls 2, or "hand hygiene" 18/20
    #[arg(required = true, allow_negative_numbers = true)]
    words: Vec<String>,
    /// The day: yesterday, mon, -2, 14/11 or 2026-11-14
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    on: Option<String>,
    /// A note that stays with the value
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

pub(super) fn run(flags: &Flags, add: &Add, out: &mut Out) -> Outcome<()> {
    let mut opened = Opened::existing(flags)?;
    let team = opened.team()?;
    let measures: Vec<Measure> = opened.store.records(Some(team.id))?;
    let (today, now) = (opened.today(&team), opened.now());
    let last = |measure: &Measure| opened.store.last_start(measure, now).ok().flatten();
    let around = entry::Around { measures: &measures, selected: None, today, last: &last };
    let mut entry = entry::parse(&typed(add), around).map_err(for_the_shell)?;
    if let Some(note) = &add.note {
        entry.note.clone_from(note);
    }
    let measure = measures.iter().find(|measure| measure.id == entry.measure);
    let measure = measure.ok_or_else(|| Failure::not_found("This measure is gone.").hint("Try it again."))?;
    let (key, before) = place(&opened, measure, &entry)?;
    if let (true, Some(point)) = (entry.note.is_empty(), &before) {
        // A new value without a note keeps the note of the old one.
        entry.note.clone_from(&point.note);
    }
    let expect = before.as_ref().map_or(Expect::Absent, |point| Expect::Revision(point.revision));
    let edit = Edit::put_point(team.id, key.clone(), entry.amount, &entry.note).expecting(expect);
    let value = entry.amount.plotted(measure.kind).map_or_else(String::new, |plotted| measure.written(plotted));
    let value = match entry.amount.denominator {
        Some(of) => format!("{value} ({} of {})", plain(entry.amount.value), plain(of)),
        None => value,
    };
    let author = opened.author(Some(&team));
    let receipt =
        opened.store.commit(&author, &format!("{} {value}, {}", measure.name, key.start.text()), [Ok(edit)])?;
    let verb = if receipt.changes == 0 { "was there already" } else { "saved" };
    out.line(&format!("{}: {value} {verb}, {}.", measure.name, measure.frequency.period_words(key.start.date())));
    if let Some(old) = before.filter(|_| receipt.changes > 0) {
        let old = old.plotted(measure).map_or_else(|| "nothing".to_owned(), |plotted| measure.written(plotted));
        out.line(&format!("It replaces {old}; `huddleboard undo` brings that back."));
    }
    for concern in &receipt.warnings {
        say(&format!("{} This board holds counts, never patients.", concern.words()));
    }
    out.line(&show::verdict_line(&chart::built(&opened, measure, None, None)?));
    Ok(())
}

/// The words as quick entry takes them; a day in several words is joined, as the grammar wants it.
fn typed(add: &Add) -> String {
    let mut typed = add.words.join(" ");
    if let Some(on) = &add.on {
        let day = format!(" @{}", on.trim().replace(' ', "_"));
        match typed.split_once('#') {
            Some((line, note)) => typed = format!("{line}{day} #{note}"),
            None => typed.push_str(&day),
        }
    }
    typed
}

/// The place of the value and what stands there. Each event of a day has a place of its own.
fn place(opened: &Opened, measure: &Measure, entry: &Entry) -> Outcome<(PointKey, Option<Point>)> {
    let mut key = PointKey::whole(measure.id, entry.day);
    loop {
        let there = opened.store.point(&key)?;
        if measure.frequency != Frequency::Event || there.is_none() {
            return Ok((key, there));
        }
        key.ordinal += 1;
    }
}

fn plain(number: f64) -> String {
    crate::base::text::number(number, 3)
}

/// Says in the shell's terms what the board says with keys.
fn for_the_shell(mut failure: Failure) -> Failure {
    failure.hint = failure.hint.map(|hint| match hint.as_str() {
        "Press 2 and tick it there." => "Tick it with `huddleboard tick`.".to_owned(),
        "Leave with Esc; n makes one." => "Make one on the board, or import its values.".to_owned(),
        _ => hint,
    });
    failure
}
