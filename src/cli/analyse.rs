//! `analyse`: process control on any CSV file, without a database.

use std::path::PathBuf;

use chrono::{NaiveDate, Weekday};
use clap::Args;

use super::chart::{Picture, chart_type, print, refuse_misfit, rule_set};
use super::import::Spool;
use super::no_such;
use super::out::{Out, say};
use crate::base::error::{Failure, Outcome};
use crate::chart::{self, Table};
use crate::domain::frequency::Frequency;
use crate::domain::measure::PastTarget;
use crate::exchange::csv_in::day::DayReader;
use crate::exchange::csv_in::layout::Wanted;
use crate::exchange::csv_in::sheet::Sheet;
use crate::exchange::periods::{By, Combine};
use crate::exchange::table::{self, Series};
use crate::spc::{Better, ChartType};

/// Stands for the chart that fits.
const AUTO: &str = "auto";

#[derive(Debug, Args)]
pub(super) struct Analyse {
    /// The file, or - for standard input
    file: PathBuf,
    /// The kind of chart: run, xmr, mr, p, pp, u, up, c, g, t, xbar or s; auto takes the one that fits; without it xmr
    #[arg(long, value_name = "TYPE")]
    chart: Option<String>,
    /// The column of days
    #[arg(long, value_name = "COL")]
    date: Option<String>,
    /// The column of values, or of numerators where there is a denominator
    #[arg(long, value_name = "COL")]
    value: Option<String>,
    /// The column of denominators
    #[arg(long, value_name = "COL")]
    denominator: Option<String>,
    /// The measure, where the file holds several
    #[arg(long, value_name = "NAME")]
    measure: Option<String>,
    /// Bring the rows together by day, week (from Monday), month, quarter or year while they are read
    #[arg(long, value_name = "PERIOD")]
    by: Option<String>,
    /// What --by makes of the rows of a period: sum or mean; without it counts are added up, parts and wholes are
    /// pooled, and other values are averaged
    #[arg(long, value_name = "HOW", requires = "by")]
    combine: Option<String>,
    /// The target, as plotted: 0.95 for 95 % where there is a denominator; DATE=N is one that holds from that day on,
    /// and may be given several times
    #[arg(long, value_name = "[DATE=]N", allow_hyphen_values = true)]
    target: Vec<String>,
    /// Give the centre line instead of making it from the data, as plotted
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    centre: Option<f64>,
    /// Which way is better: up, down or neither
    #[arg(long, value_name = "WAY", default_value = "neither")]
    better: String,
    /// Start a new phase on this day; may be given several times
    #[arg(long, value_name = "DATE", value_parser = day)]
    rebase: Vec<NaiveDate>,
    /// Make the limits of each phase from its first so many points
    #[arg(long, value_name = "N")]
    freeze: Option<usize>,
    /// Leave out the point of this day; may be given several times
    #[arg(long, value_name = "DATE", value_parser = day)]
    ghost: Vec<NaiveDate>,
    /// The rules: mdc, anhoej, ihi, nelson or western_electric
    #[arg(long, value_name = "SET")]
    rules: Option<String>,
    /// Keep moving ranges that are far too wide when the limits are made
    #[arg(long)]
    no_screening: bool,
    /// Print the documented object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    picture: Picture,
}

pub(super) fn run(analyse: &Analyse, out: &mut Out) -> Outcome<()> {
    let asked = analyse.chart.as_deref().filter(|code| *code != AUTO).map(chart_type).transpose()?;
    let rules = analyse.rules.as_deref().map(rule_set).transpose()?;
    let better = Better::parse(&analyse.better.to_lowercase())
        .ok_or_else(|| no_such("better way", &analyse.better, &["up", "down", "neither"]))?;
    let (target, past_targets) = targets(&analyse.target)?;
    let by = by(analyse)?;
    if analyse.centre.is_some_and(|centre| !centre.is_finite()) {
        return Err(Failure::usage("The centre line is not a finite number.").hint("Write digits: --centre 12.5."));
    }
    let file = Spool::of(&analyse.file)?;
    let sheet = Sheet::open(file.path(), &file.name)?;
    let wanted = Wanted {
        date: analyse.date.clone(),
        value: analyse.value.clone(),
        denominator: analyse.denominator.clone(),
        measure: None,
    };
    let mut series = table::read(&sheet, &wanted, analyse.measure.as_deref(), by)?;
    leave_out(&mut series, &analyse.ghost, by)?;
    say(&series.said);
    let table = Table {
        name: &series.name,
        rows: &series.rows,
        has_denominators: series.has_denominators,
        has_exposure: series.has_exposure,
        chart: asked.unwrap_or(ChartType::Xmr),
        rules,
        better,
        target,
        past_targets: &past_targets,
        centre: analyse.centre,
        rebase: &analyse.rebase,
        freeze: analyse.freeze.filter(|first| *first > 0),
        screening: !analyse.no_screening,
        frequency: series.frequency,
        // A file states no frequency: its rows are taken as they stand. Where we made the periods, one without
        // rows is a gap.
        fill_gaps: by.is_some(),
    };
    let table = if asked.is_none() { chosen(table, analyse.chart.is_some()) } else { table };
    let chart = chart::of_table(table);
    refuse_misfit(&chart)?;
    if analyse.picture.write(&chart, out)? {
        return Ok(());
    }
    if analyse.json {
        out.json(&chart.json());
    } else {
        print(&chart, "", out);
    }
    if let Some(suggestion) = &chart.words.suggestion {
        say(&format!("--rebase {} draws it as a phase of its own.", suggestion.day));
    }
    Ok(())
}

/// A day as people write it.
pub(super) fn day(text: &str) -> Result<NaiveDate, String> {
    let found = DayReader::new(false).read(text.trim().as_bytes());
    found.map(|(start, _)| start.date()).ok_or_else(|| "write a day as 2026-11-20 or 20/11/2026".to_owned())
}

/// The target of now, and those that held before it, each until the next one.
fn targets(given: &[String]) -> Outcome<(Option<f64>, Vec<PastTarget>)> {
    let wrong = |what: &str| {
        Failure::usage(format!("The target {what} is not a finite number, or its day is none."))
            .hint("Write --target 0.95, or with the day from which it holds --target 2026-04-01=0.95.")
    };
    let mut steps: Vec<(Option<NaiveDate>, f64)> = Vec::new();
    for text in given {
        let (from, number) = match text.split_once('=') {
            Some((from, number)) => (Some(day(from).map_err(|_| wrong(text))?), number),
            None => (None, text.as_str()),
        };
        let number: f64 = number.trim().parse().map_err(|_| wrong(text))?;
        if !number.is_finite() {
            return Err(wrong(text));
        }
        steps.push((from, number));
    }
    // One without a day holds from the beginning.
    steps.sort_by_key(|step| step.0);
    if let Some(twice) = steps.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        let from = twice[0].0.map_or("the beginning".to_owned(), |day| day.to_string());
        return Err(Failure::usage(format!("Two targets hold from {from} on."))
            .hint("Give the day from which each holds: --target 0.9 --target 2026-04-01=0.95."));
    }
    let before = steps.first().and_then(|(from, _)| *from).map(|until| PastTarget { until, target: None });
    let past = steps.windows(2).filter_map(|pair| Some(PastTarget { until: pair[1].0?, target: Some(pair[0].1) }));
    let past = before.into_iter().chain(past).collect();
    Ok((steps.last().map(|step| step.1), past))
}

/// How the rows are brought together, where that is asked for.
fn by(analyse: &Analyse) -> Outcome<Option<By>> {
    let Some(period) = &analyse.by else { return Ok(None) };
    let frequency = match period.to_lowercase().as_str() {
        "day" => Frequency::Day,
        "week" => Frequency::Week(Weekday::Mon),
        "month" => Frequency::Month,
        "quarter" => Frequency::Quarter,
        "year" => Frequency::Year,
        _ => return Err(no_such("period", period, &["day", "week", "month", "quarter", "year"])),
    };
    let combine = match analyse.combine.as_deref().map(str::to_lowercase).as_deref() {
        None => Combine::Guess,
        Some("sum") => Combine::Sum,
        Some("mean") => Combine::Mean,
        Some(other) => return Err(no_such("way to combine rows", other, &["sum", "mean"])),
    };
    Ok(Some(By { frequency, combine }))
}

/// The table on the chart that fits it where that is asked for (`auto`); otherwise as it is, with a word where
/// another chart fits better.
fn chosen(table: Table<'_>, auto: bool) -> Table<'_> {
    let (fitting, why) = chart::suggested(&table);
    if auto {
        say(&format!("{}: {}", fitting.label(), why.words()));
        return Table { chart: fitting, ..table };
    }
    if !matches!(fitting, ChartType::Run | ChartType::Xmr) {
        say(&format!("{} A {} may fit better: --chart {}.", why.words(), fitting.label(), fitting.code()));
    }
    table
}

fn leave_out(series: &mut Series, ghosts: &[NaiveDate], by: Option<By>) -> Outcome<()> {
    for day in ghosts {
        let mut found = false;
        let start = by.map_or(*day, |by| by.frequency.start_of(*day));
        for row in series.rows.iter_mut().filter(|row| row.start.date() == start) {
            row.ghost = true;
            found = true;
        }
        if !found {
            return Err(Failure::usage(format!("There is no point on {day} to leave out."))
                .hint("Name a day of the file with --ghost."));
        }
    }
    Ok(())
}
