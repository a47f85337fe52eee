//! `measure`: what the measure's editor sets, for scripts.

use clap::Args;

use super::chart::{chart_type, measure as find, rule_set};
use super::no_such;
use super::open::{Flags, Opened};
use super::out::{Out, say};
use crate::base::error::{Failure, Outcome};
use crate::base::text;
use crate::domain::change::Edit;
use crate::domain::measure::{Measure, PastTarget, parse_number};
use crate::domain::record::Json;
use crate::domain::when::parse_day;
use crate::spc::Better;

#[derive(Debug, Args)]
pub(super) struct Settings {
    /// The measure, or the first letters of it
    #[arg(value_name = "MEASURE")]
    name: String,
    /// The target as people write it (95 for 95 %), or none
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    target: Option<String>,
    /// The first day of the new target; the old one holds until then
    #[arg(long, value_name = "DAY", requires = "target", allow_hyphen_values = true)]
    since: Option<String>,
    /// A given centre line, or none: the data make it
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    centre: Option<String>,
    /// The rules: mdc, anhoej, ihi, nelson or western_electric; none for those of the chart
    #[arg(long, value_name = "SET")]
    rules: Option<String>,
    /// The kind of chart: run, xmr, mr, p, pp, u, up, c, g, t, xbar or s
    #[arg(long, value_name = "TYPE")]
    chart: Option<String>,
    /// Which way is better: up, down or neither
    #[arg(long, value_name = "WAY")]
    better: Option<String>,
    /// The role that looks after it
    #[arg(long, value_name = "ROLE")]
    owner: Option<String>,
    /// What exactly is counted
    #[arg(long, value_name = "TEXT")]
    definition: Option<String>,
    /// The dimensions of quality, with commas between; they take the place of those that were there
    #[arg(long, value_name = "A,B")]
    tags: Option<String>,
    /// Whether moving ranges that are far too wide are left out: on or off
    #[arg(long, value_name = "ON|OFF")]
    screening: Option<String>,
    /// Limits come from the first so many points of each phase, or none: from all
    #[arg(long, value_name = "POINTS")]
    freeze: Option<String>,
}

pub(super) fn run(flags: &Flags, settings: &Settings, out: &mut Out) -> Outcome<()> {
    let mut opened = Opened::existing(flags)?;
    let before = find(&opened, &settings.name)?;
    if settings.is_empty() {
        return Err(Failure::usage(format!("Nothing is said that {} should be set to.", before.name))
            .hint("`huddleboard measure --help` lists what can be set; `huddleboard show` shows what is."));
    }
    let teams = opened.span();
    let team = teams.iter().find(|team| team.id == before.team);
    let team = team.ok_or_else(|| Failure::not_found("The team of this measure is gone.").hint("Try it again."))?;
    let after = settings.applied(&before, opened.today(team))?;
    let Some(edit) = Edit::between(&before, &after, before.revision) else {
        out.line(&format!("{}: nothing has changed, it is so already.", before.name));
        return Ok(());
    };
    let author = opened.author(Some(team));
    let receipt = opened.store.commit(&author, &format!("{}: settings", before.name), [Ok(edit)])?;
    for (what, old, new) in differences(&before, &after) {
        out.line(&format!("{}: {what} is {new}; it was {old}.", before.name));
    }
    for concern in &receipt.warnings {
        say(&format!("{} This board holds counts, never patients.", concern.words()));
    }
    out.line("`huddleboard undo` takes it back.");
    Ok(())
}

impl Settings {
    fn is_empty(&self) -> bool {
        let all = [
            &self.target,
            &self.centre,
            &self.rules,
            &self.chart,
            &self.better,
            &self.owner,
            &self.definition,
            &self.tags,
            &self.screening,
            &self.freeze,
        ];
        all.into_iter().all(Option::is_none)
    }

    /// The measure with what was said, by the same rules as the editor's.
    fn applied(&self, before: &Measure, today: chrono::NaiveDate) -> Outcome<Measure> {
        let mut after = before.clone();
        self.read_lines(before, &mut after, today)?;
        if let Some(code) = &self.chart {
            let chart = chart_type(code)?;
            if chart != before.chart() {
                // Rules belong to the chart that they were chosen for.
                (after.chart, after.rules) = (Some(chart), None);
            }
        }
        if let Some(code) = &self.rules {
            after.rules = if is_none(code) { None } else { Some(rule_set(code)?) };
        }
        if let Some(code) = &self.better {
            let known: Vec<&str> = Better::ALL.iter().map(|better| better.code()).collect();
            let better = Better::parse(&code.to_lowercase());
            after.better = Some(better.ok_or_else(|| no_such("better direction", code, &known))?);
        }
        if let Some(owner) = &self.owner {
            owner.trim().clone_into(&mut after.owner);
        }
        if let Some(definition) = &self.definition {
            definition.trim().clone_into(&mut after.definition);
        }
        if let Some(tags) = &self.tags {
            let tags = tags.split(',').map(|tag| tag.trim().to_owned());
            after.tags = Json(tags.filter(|tag| !tag.is_empty()).collect());
        }
        if let Some(screening) = &self.screening {
            let wanted = match screening.to_lowercase().as_str() {
                "on" => true,
                "off" => false,
                _ => return Err(no_such("way of screening", screening, &["on", "off"])),
            };
            if wanted != before.screening.unwrap_or(true) {
                after.screening = Some(wanted);
            }
        }
        if let Some(freeze) = &self.freeze {
            after.freeze = if is_none(freeze) { None } else { Some(points(freeze)?) };
        }
        Ok(after)
    }

    fn read_lines(&self, before: &Measure, after: &mut Measure, today: chrono::NaiveDate) -> Outcome<()> {
        if let Some(target) = &self.target {
            after.target = plotted(before, target)?;
        }
        if let Some(centre) = &self.centre {
            after.centre = plotted(before, centre)?;
        }
        let Some(since) = &self.since else { return Ok(()) };
        let day = parse_day(since, today)?;
        if after.past_targets.0.iter().any(|past| past.until >= day) {
            return Err(Failure::refused(format!(
                "An earlier target of {} holds until that day or longer.",
                before.name
            ))
            .hint("Say a later day, or change the earlier targets on the board."));
        }
        after.past_targets.0.push(PastTarget { until: day, target: before.target });
        Ok(())
    }
}

fn is_none(typed: &str) -> bool {
    typed.trim().eq_ignore_ascii_case("none")
}

/// A number as people write it, as plotted: 95 or "95 %" of a proportion is 0.95.
fn plotted(measure: &Measure, typed: &str) -> Outcome<Option<f64>> {
    if is_none(typed) {
        return Ok(None);
    }
    let number = parse_number(typed.trim().trim_end_matches('%').trim())?;
    Ok(Some(number / measure.display_factor()))
}

fn points(typed: &str) -> Outcome<i64> {
    match typed.trim().parse::<i64>() {
        Ok(count) if count >= 2 => Ok(count),
        _ => Err(Failure::refused(format!("“{typed}” is no number of points: the lines need the first 2 or more."))
            .hint("Say a whole number such as 12, or none.")),
    }
}

/// What differs, in words: what it is, what it was, what it is now.
fn differences(before: &Measure, after: &Measure) -> Vec<(&'static str, String, String)> {
    let list = |measure: &Measure| {
        let number =
            |plotted: Option<f64>| plotted.map_or_else(|| "none".to_owned(), |plotted| measure.written(plotted));
        let words = |words: &str| {
            if words.is_empty() { "empty".to_owned() } else { format!("“{}”", text::clip(words, 60)) }
        };
        let rules = measure.rules.map_or_else(|| "those of the chart".to_owned(), |rules| rules.label().to_owned());
        let past = measure.past_targets.0.iter().max_by_key(|past| past.until);
        [
            ("the target", number(measure.target)),
            (
                "the last day before the target",
                past.map_or_else(|| "none".to_owned(), |past| past.until.pred_opt().unwrap_or(past.until).to_string()),
            ),
            ("the given centre line", number(measure.centre)),
            ("the chart", measure.chart().label().to_owned()),
            ("the set of rules", rules),
            ("the better way", measure.better().code().to_owned()),
            ("the owner", words(&measure.owner)),
            ("the definition", words(&measure.definition)),
            ("the list of tags", words(&measure.tags.0.join(", "))),
            ("screening", if measure.screening.unwrap_or(true) { "on" } else { "off" }.to_owned()),
            (
                "the number of points that make the limits",
                measure.freeze.map_or_else(|| "all".to_owned(), |points| points.to_string()),
            ),
        ]
    };
    let pairs = list(before).into_iter().zip(list(after));
    pairs.filter(|(old, new)| old != new).map(|((what, old), (_, new))| (what, old, new)).collect()
}
