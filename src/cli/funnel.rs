//! `funnel`: one measure across the teams of a file, each against all of them together.

use chrono::{Days, NaiveDate};
use clap::Args;
use serde_json::{Value, json};

use super::analyse::day;
use super::open::{Flags, Opened};
use super::out::{Out, say};
use crate::base::error::{Failure, Outcome};
use crate::base::text;
use crate::chart::{Funnel as Plot, FunnelPoint, FunnelRow, Scale, glyph};
use crate::domain::entry;
use crate::domain::measure::Measure;

/// Without a first day the last so many days are taken: a year, so that every season is in it.
const DAYS: u64 = 365;

#[derive(Debug, Args)]
pub(super) struct Funnel {
    /// The measure, of the same name in each team
    #[arg(required = true)]
    measure: Vec<String>,
    /// The first day that counts; without it the last 365 days
    #[arg(long, value_name = "DATE", value_parser = day)]
    from: Option<NaiveDate>,
    /// The last day that counts; without it today
    #[arg(long, value_name = "DATE", value_parser = day)]
    to: Option<NaiveDate>,
    /// Print an object: centre, limits and each team
    #[arg(long)]
    json: bool,
}

pub(super) fn run(flags: &Flags, asked: &Funnel, out: &mut Out) -> Outcome<()> {
    let opened = Opened::existing(flags)?;
    let words = asked.measure.join(" ");
    let first = opened.span().first().map(|team| opened.today(team)).unwrap_or_default();
    let to = asked.to.unwrap_or(first);
    let from = asked.from.unwrap_or_else(|| to.checked_sub_days(Days::new(DAYS - 1)).unwrap_or(to));
    let (measure, rows) = counted(&opened, &words, (from, to))?;
    let Some(plot) = Plot::of(&measure.name, Scale::of(&measure), measure.better(), &rows) else {
        return Err(Failure::usage(format!(
            "{} has no denominator, so teams of different size cannot be compared.",
            measure.name
        ))
        .hint("A funnel needs a proportion or a rate."));
    };
    if asked.json {
        out.json(&object(&plot, from, to));
        return Ok(());
    }
    say(&format!("{from} to {to}."));
    print(&plot, out);
    Ok(())
}

/// What each team that has the measure counted within those days, ghosts left out.
fn counted(opened: &Opened, words: &str, (from, to): (NaiveDate, NaiveDate)) -> Outcome<(Measure, Vec<FunnelRow>)> {
    let (mut found, mut rows) = (None::<Measure>, Vec::new());
    let mut missing = None;
    for team in opened.span() {
        let measures: Vec<Measure> = opened.store.records(Some(team.id))?;
        let measure = match entry::find(words, &measures) {
            Ok(measure) => measure.clone(),
            Err(failure) => {
                missing = Some(failure);
                continue;
            }
        };
        let points = opened.store.points(&measure, opened.now())?;
        let pairs = points
            .iter()
            .filter(|point| point.key.stratum.is_empty() && point.ghost.is_none())
            .filter(|point| (from..=to).contains(&point.key.start.date()))
            .filter_map(|point| point.value.zip(point.denominator));
        let (numerator, denominator) = pairs.fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1));
        rows.push(FunnelRow { name: team.name.clone(), numerator, denominator });
        found.get_or_insert(measure);
    }
    match (found, missing) {
        (Some(found), _) => Ok((found, rows)),
        (None, Some(failure)) => Err(failure),
        (None, None) => {
            Err(Failure::not_found("There is no team in this file.").hint("Make one with `huddleboard init`."))
        }
    }
}

fn print(plot: &Plot, out: &mut Out) {
    out.line(&format!("{} · {} limits across teams", plot.name, plot.chart.label()));
    plot.words.iter().for_each(|words| out.line(&format!("  {words}")));
    out.line("");
    let line = |number: f64| if number.is_finite() { plot.scale.written(number) } else { "–".to_owned() };
    let row = |team: &FunnelPoint| {
        let mark = match team.beyond {
            3 => format!("{} beyond 3 sigma", glyph(team.verdict, false)),
            2 => "beyond 2 sigma".to_owned(),
            _ => String::new(),
        };
        let counted = |number: f64| text::number(number, 2);
        vec![
            team.name.clone(),
            line(team.value),
            format!("{} of {}", counted(team.numerator), counted(team.denominator)),
            format!("{} to {}", line(team.limits.lower), line(team.limits.upper)),
            mark,
        ]
    };
    let rows: Vec<Vec<String>> = plot.teams.iter().map(row).collect();
    out.table(&["team", "value", "counted", "limits", "verdict"], &rows);
}

fn object(plot: &Plot, from: NaiveDate, to: NaiveDate) -> Value {
    let team = |team: &FunnelPoint| {
        json!({
            "team": team.name,
            "numerator": team.numerator,
            "denominator": team.denominator,
            "value": team.value,
            "lower": team.limits.lower,
            "near_lower": team.limits.near_lower,
            "near_upper": team.limits.near_upper,
            "upper": team.limits.upper,
            "side": team.side.map(crate::spc::Side::code),
            "beyond": team.beyond,
            "verdict": team.verdict.code(),
        })
    };
    json!({
        "measure": plot.name,
        "from": from.to_string(),
        "to": to.to_string(),
        "chart": plot.chart.code(),
        "better": plot.better.code(),
        "centre": plot.centre,
        "teams": plot.teams.iter().map(team).collect::<Vec<_>>(),
        "words": plot.words,
    })
}
