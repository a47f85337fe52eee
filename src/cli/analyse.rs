//! `analyse`: process control on any CSV file, without a database.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use super::chart::{chart_type, print, refuse_misfit, rule_set, write_svg};
use super::import::Spool;
use super::no_such;
use super::out::{Out, say};
use crate::base::error::{Failure, Outcome};
use crate::chart::{self, Table};
use crate::exchange::csv_in::layout::Wanted;
use crate::exchange::csv_in::sheet::Sheet;
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
    /// The target, as plotted: 0.95 for 95 % where there is a denominator
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    target: Option<f64>,
    /// Which way is better: up, down or neither
    #[arg(long, value_name = "WAY", default_value = "neither")]
    better: String,
    /// Start a new phase on this day; may be given several times
    #[arg(long, value_name = "DATE")]
    rebase: Vec<NaiveDate>,
    /// Make the limits of each phase from its first so many points
    #[arg(long, value_name = "N")]
    freeze: Option<usize>,
    /// Leave out the point of this day; may be given several times
    #[arg(long, value_name = "DATE")]
    ghost: Vec<NaiveDate>,
    /// The rules: mdc, anhoej, ihi or nelson
    #[arg(long, value_name = "SET")]
    rules: Option<String>,
    /// Keep moving ranges that are far too wide when the limits are made
    #[arg(long)]
    no_screening: bool,
    /// Print the documented object
    #[arg(long)]
    json: bool,
    /// Draw the chart into a file for print or for the web
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    svg: Option<PathBuf>,
}

pub(super) fn run(analyse: &Analyse, out: &mut Out) -> Outcome<()> {
    let asked = analyse.chart.as_deref().filter(|code| *code != AUTO).map(chart_type).transpose()?;
    let rules = analyse.rules.as_deref().map(rule_set).transpose()?;
    let better = Better::parse(&analyse.better.to_lowercase())
        .ok_or_else(|| no_such("better way", &analyse.better, &["up", "down", "neither"]))?;
    if analyse.target.is_some_and(|target| !target.is_finite()) {
        return Err(Failure::usage("The target is not a finite number.").hint("Write digits: --target 0.95."));
    }
    let file = Spool::of(&analyse.file)?;
    let sheet = Sheet::open(file.path(), &file.name)?;
    let wanted = Wanted {
        date: analyse.date.clone(),
        value: analyse.value.clone(),
        denominator: analyse.denominator.clone(),
        measure: None,
    };
    let mut series = table::read(&sheet, &wanted, analyse.measure.as_deref())?;
    leave_out(&mut series, &analyse.ghost)?;
    say(&series.said);
    let table = Table {
        name: &series.name,
        rows: &series.rows,
        has_denominators: series.has_denominators,
        chart: asked.unwrap_or(ChartType::Xmr),
        rules,
        better,
        target: analyse.target,
        rebase: &analyse.rebase,
        freeze: analyse.freeze.filter(|first| *first > 0),
        screening: !analyse.no_screening,
        frequency: series.frequency,
        // A file states no frequency: its rows are taken as they stand.
        fill_gaps: false,
    };
    let table = if asked.is_none() { chosen(table, analyse.chart.is_some()) } else { table };
    let chart = chart::of_table(table);
    refuse_misfit(&chart)?;
    if let Some(file) = &analyse.svg {
        return write_svg(&chart, file, out);
    }
    if analyse.json {
        out.json(&chart.json());
    } else {
        print(&chart, "", out);
    }
    Ok(())
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

fn leave_out(series: &mut Series, ghosts: &[NaiveDate]) -> Outcome<()> {
    for day in ghosts {
        let mut found = false;
        for row in series.rows.iter_mut().filter(|row| row.start.date() == *day) {
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
