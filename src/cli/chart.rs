//! `chart`: a measure's chart with its findings, in the terminal, as JSON, or as a picture in a file.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::open::{Flags, Opened};
use super::out::{Out, say};
use super::{no_such, show};
use crate::base::error::{Failure, Outcome};
use crate::base::text;
use crate::chart::{self, Mark, MarkKind, Source, rule_name};
use crate::domain::annotation::{Annotation, Phase};
use crate::domain::cycle::Cycle;
use crate::domain::entry;
use crate::domain::measure::Measure;
use crate::domain::record::{FieldValue, Record};
use crate::exchange::{png, svg};
use crate::spc::{ChartType, RuleSet, Side, Signals};

#[derive(Debug, Args)]
pub(super) struct Chart {
    /// The measure: its name, the start of it, or its letter
    #[arg(required = true)]
    measure: Vec<String>,
    /// Another kind of chart: run, xmr, mr, p, pp, u, up, c, g, t, xbar or s
    #[arg(long, value_name = "TYPE")]
    chart: Option<String>,
    /// Other rules: mdc, anhoej, ihi, nelson or western_electric
    #[arg(long, value_name = "SET")]
    rules: Option<String>,
    /// Print the documented object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    picture: Picture,
}

/// A picture of the chart in a file.
#[derive(Debug, Args)]
pub(super) struct Picture {
    /// Draw it into a file for print or for the web; - is standard output
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    svg: Option<PathBuf>,
    /// Draw it into a PNG file, twice the size of the SVG, where this program was built with the feature “png”
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    png: Option<PathBuf>,
}

impl Picture {
    /// Writes the pictures that are asked for; false where none is.
    pub(super) fn write(&self, chart: &chart::Chart, out: &mut Out) -> Outcome<bool> {
        if let Some(file) = &self.svg {
            write(file, svg::svg(chart).as_bytes(), &chart.name, out)?;
        }
        if let Some(file) = &self.png {
            write(file, &png::png(chart)?, &chart.name, out)?;
        }
        Ok(self.svg.is_some() || self.png.is_some())
    }
}

pub(super) fn run(flags: &Flags, asked: &Chart, out: &mut Out) -> Outcome<()> {
    let chart = asked.chart.as_deref().map(chart_type).transpose()?;
    let rules = asked.rules.as_deref().map(rule_set).transpose()?;
    let opened = Opened::existing(flags)?;
    let measure = measure(&opened, &asked.measure.join(" "))?;
    let built = built(&opened, &measure, chart, rules)?;
    if chart.is_some() {
        refuse_misfit(&built)?;
    }
    if asked.picture.write(&built, out)? {
        return Ok(());
    }
    if asked.json {
        out.json(&built.json());
    } else {
        print(&built, &measure.definition, out);
    }
    Ok(())
}

/// Writes a picture into a file, whole or not at all; `-` is standard output.
fn write(file: &Path, picture: &[u8], name: &str, out: &mut Out) -> Outcome<()> {
    if file.as_os_str() == "-" {
        let broken = |error: std::io::Error| Failure::machine(format!("The picture cannot be written: {error}."));
        return out.write_all(picture).map_err(broken);
    }
    let failed = |error: std::io::Error| {
        Failure::machine(format!("The picture cannot be written: {error}."))
            .at(file.display().to_string())
            .hint("Choose another place.")
    };
    let mut unfinished = file.as_os_str().to_owned();
    unfinished.push(".part");
    let unfinished = PathBuf::from(unfinished);
    std::fs::write(&unfinished, picture)
        .and_then(|()| std::fs::rename(&unfinished, file))
        .inspect_err(|_| {
            let _ = std::fs::remove_file(&unfinished);
        })
        .map_err(failed)?;
    say(&format!("The chart of {name} is in {}.", file.display()));
    Ok(())
}

/// The kind of chart of this code.
pub(super) fn chart_type(code: &str) -> Outcome<ChartType> {
    let known: Vec<&str> = ChartType::ALL.iter().map(|chart| chart.code()).collect();
    ChartType::parse(&code.to_lowercase()).ok_or_else(|| no_such("kind of chart", code, &known))
}

/// Refuses a chart that was asked for and cannot be made of these data.
pub(super) fn refuse_misfit(chart: &chart::Chart) -> Outcome<()> {
    match (chart.wanted, chart.misfit) {
        (Some(wanted), Some(why)) => {
            Err(Failure::usage(format!("A {} cannot be made of these data. {why}", wanted.label()))
                .hint("Choose another with --chart: run and xmr take any numbers."))
        }
        _ => Ok(()),
    }
}

/// The rules of this code.
pub(super) fn rule_set(code: &str) -> Outcome<RuleSet> {
    let known: Vec<&str> = RuleSet::ALL.iter().map(|rules| rules.code()).collect();
    RuleSet::parse(&code.to_lowercase()).ok_or_else(|| no_such("set of rules", code, &known))
}

/// The measure that the words mean, of the chosen team or of all.
pub(super) fn measure(opened: &Opened, words: &str) -> Outcome<Measure> {
    let span = opened.span();
    let mut measures = Vec::new();
    for team in &span {
        measures.extend(opened.store.records::<Measure>(Some(team.id))?);
    }
    let found = entry::find(words, &measures)?;
    // Two wards may use one name: then the team has to be said.
    let alike = measures.iter().filter(|measure| measure.slug() == found.slug()).count();
    if alike > 1 && span.len() > 1 && words != found.id.to_string() {
        opened.team()?;
    }
    Ok(found.clone())
}

/// The chart of a measure with everything that its team has written on it.
pub(super) fn built(
    opened: &Opened,
    measure: &Measure,
    chart: Option<ChartType>,
    rules: Option<RuleSet>,
) -> Outcome<chart::Chart> {
    let store = &opened.store;
    let mut points = store.points(measure, opened.now())?;
    // Only a chart of subgroups is made of bays and shifts.
    if !chart.unwrap_or(measure.chart()).needs_subgroups() {
        points.retain(|point| point.key.stratum.is_empty());
    }
    let of_measure = measure.id.to_value();
    let phases: Vec<Phase> = store.records_where("measure", &of_measure)?;
    let annotations: Vec<Annotation> = store.records_where("measure", &of_measure)?;
    let cycles: Vec<Cycle> = store.records(Some(measure.team))?;
    let marks = marks(measure, &cycles);
    let team = opened.teams.iter().find(|team| team.id == measure.team());
    let today = team.map(|team| opened.today(team));
    Ok(chart::build(Source {
        measure,
        points: &points,
        phases: &phases,
        annotations: &annotations,
        marks: &marks,
        chart,
        rules,
        today,
    }))
}

fn marks(measure: &Measure, cycles: &[Cycle]) -> Vec<Mark> {
    let linked = cycles.iter().filter(|cycle| cycle.measures.0.contains(&measure.id));
    linked
        .flat_map(|cycle| {
            let words = |stage: &str| format!("PDSA {}{} {stage}: {}", cycle.ramp, cycle.number, cycle.title);
            let began = cycle.started.map(|day| Mark { day, text: words("Do"), kind: MarkKind::Do });
            let decided = cycle.finished.map(|day| {
                let decision = cycle.decision.map_or("Act", |decision| decision.code());
                Mark { day, text: words(decision), kind: MarkKind::Act }
            });
            began.into_iter().chain(decided)
        })
        .collect()
}

/// How many of the last points are printed.
const POINTS: usize = 30;
/// How many cells wide the strip is.
const STRIP: usize = 41;

/// Prints a chart: what it says, then its last points, one a line, time going down.
pub(super) fn print(chart: &chart::Chart, definition: &str, out: &mut Out) {
    out.line(&format!("{} · {} · {}", chart.name, chart.chart.label(), chart.rules.label()));
    if !definition.is_empty() {
        text::wrap(definition, 96).iter().for_each(|line| out.line(&format!("  {line}")));
    }
    out.line(&show::verdict_line(chart));
    if !chart.words.act.is_empty() {
        out.line(&format!("  {}", chart.words.act));
    }
    for words in chart.words.target.iter().chain(chart.words.suggestion.as_ref().map(|suggestion| &suggestion.text)) {
        out.line(&format!("  {words}"));
    }
    chart.words.data.iter().for_each(|words| out.line(&format!("  {words}")));
    out.line("");
    let shown = &chart.points[chart.points.len().saturating_sub(POINTS)..];
    let numbers = shown.iter().flat_map(|point| [point.value, point.centre, point.lower, point.upper]);
    let (low, high) = numbers
        .filter(|number| number.is_finite())
        .fold((f64::MAX, f64::MIN), |(low, high), number| (low.min(number), high.max(number)));
    let written =
        |point: &chart::ChartPoint| if point.is_there() { chart.scale.written(point.value) } else { "–".to_owned() };
    let wide = shown.iter().map(|point| text::width(&written(point))).max().unwrap_or(0);
    for point in shown {
        let day = text::pad(&point.start.text(), if point.start.text().len() > 10 { 16 } else { 10 });
        let strip = strip(point, low, high);
        let signals = Signals::ALL
            .into_iter()
            .filter(|rule| point.signals.contains(*rule))
            .map(rule_name)
            .collect::<Vec<_>>()
            .join(", ");
        let mark = if point.signals.is_empty() {
            String::new()
        } else {
            format!("{} {signals}", chart::glyph(point.verdict, false))
        };
        let ghost = point.ghost.as_ref().map_or_else(String::new, |why| format!("left out: {why}"));
        let note = if point.note.is_empty() { String::new() } else { format!("“{}”", point.note) };
        let rest = [mark, ghost, note].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("  ");
        out.line(format!("  {day} {} {strip}  {rest}", text::pad_left(&written(point), wide)).trim_end());
    }
    for note in &chart.annotations {
        out.line(&format!("  {:>2}  {}  {}", note.number, note.day, note.text));
    }
}

/// One point on a strip with its centre line and limits. The side that is drawn is the side that was
/// computed: a point that is above its line never falls onto it by rounding.
fn strip(point: &chart::ChartPoint, low: f64, high: f64) -> String {
    let place = |number: f64| -> Option<usize> {
        if !number.is_finite() || high <= low {
            return number.is_finite().then_some(STRIP / 2);
        }
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a few cells"
        )]
        let cell = ((number - low) / (high - low) * (STRIP - 3) as f64).round() as usize + 1;
        Some(cell.min(STRIP - 2))
    };
    let mut cells = vec![' '; STRIP];
    for limit in [place(point.lower), place(point.upper)].into_iter().flatten() {
        cells[limit] = '┊';
    }
    let centre = place(point.centre);
    if let Some(centre) = centre {
        cells[centre] = '│';
    }
    if let Some(at) = place(point.value) {
        let at = match (centre, point.side) {
            (Some(centre), Some(Side::Above)) if at <= centre => centre + 1,
            (Some(centre), Some(Side::Below)) if at >= centre => centre - 1,
            (Some(centre), Some(Side::On)) => centre,
            _ => at,
        };
        cells[at.min(STRIP - 1)] = if point.ghost.is_some() { '○' } else { '●' };
    }
    cells.into_iter().collect()
}
