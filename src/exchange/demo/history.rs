//! Two years of data points: seasons, weekdays, noise, and the few things that really happened.

use chrono::{DateTime, Datelike, Months, NaiveDate, TimeDelta, Utc, Weekday};

use super::chance::Chance;
use super::ward::Ward;
use super::{Batch, Moment, TOLD_SINGLY};
use crate::base::error::Outcome;
use crate::base::zone::Zone;
use crate::domain::annotation::{Annotation, Phase};
use crate::domain::change::Edit;
use crate::domain::measure::{Amount, Measure, MeasureKind, MeasureRole};
use crate::domain::point::PointKey;
use crate::domain::{AnnotationId, MeasureId, PhaseId};
use crate::spc::{Better, ChartType, RuleSet};

/// The weeks of the improvement after the second check at the trolley.
pub(super) const WEEKS_OF_SECOND_CHECK: u64 = 10;
/// The weeks since the new drug chart, from which the chart was re-based.
const WEEKS_OF_NEW_CHART: u64 = 26;
/// Falls of the last weeks, latest first: all above the median of two.
const FALLS: [i64; 8] = [3, 3, 4, 3, 5, 3, 4, 3];
/// Screened of 29 in the last weeks, latest first: a rising run.
const SCREENED: [i64; 8] = [28, 27, 26, 25, 24, 23, 22, 21];

/// A value with its day, its note, and the instant at which it was typed.
struct Told {
    day: NaiveDate,
    amount: Amount,
    note: &'static str,
    ghost: Option<&'static str>,
    entered: DateTime<Utc>,
}

/// What this ward has set differently from its template.
pub(super) fn set_up(ward: &mut Ward, ids: &mut Chance) -> Outcome<()> {
    let falls = ward.measure("Falls")?;
    falls.rules = Some(RuleSet::Ihi);
    falls.next_action = "Two high-risk patients side by side in bay 3, one nurse in sight".to_owned();
    let screen = ward.measure("Nutrition screen")?;
    screen.chart = Some(ChartType::Xmr);
    screen.rules = Some(RuleSet::Mdc);
    let omissions = ward.measure("Medication omissions")?;
    omissions.freeze = Some(16);
    omissions.next_action = "Second check on all shifts until Monday's review".to_owned();
    let (team, position) = (omissions.team, omissions.position);
    let mut minutes = Measure::blank(MeasureId(ids.id()), team);
    minutes.name = "Round minutes".to_owned();
    minutes.alias = Some("o".to_owned());
    minutes.column = "Safety".to_owned();
    minutes.position = position;
    minutes.definition = "Median minutes of the 08:00 medicines round, from the first trolley unlocked to the last locked, \
        five rounds a week, timed by the ward pharmacist. Balances the second check. Excluded: rounds with a cardiac arrest call."
        .to_owned();
    minutes.kind = MeasureKind::Value;
    minutes.unit = "min".to_owned();
    minutes.role = MeasureRole::Balancing;
    minutes.better = Some(Better::Down);
    minutes.target = Some(70.0);
    minutes.frequency = crate::domain::frequency::Frequency::Week(Weekday::Mon);
    minutes.owner = "ward pharmacist".to_owned();
    ward.measures.push(minutes);
    Ok(())
}

/// The first ward's data points, phases and annotations.
pub(super) fn of_first(ward: &Ward, seed: u64, moment: Moment) -> Outcome<Vec<Batch>> {
    let mut batches = Vec::new();
    for measure in &ward.measures {
        let mut chance = Chance::of(seed, &measure.name);
        let told = told(&measure.name, moment, &mut chance);
        batches.extend(written(measure, told, moment));
    }
    let mut ids = Chance::of(seed, "notes");
    batches.push(noted(ward, moment, &mut ids)?);
    Ok(batches)
}

/// The second ward's: one year, and nobody has counted good days for three weeks.
pub(super) fn of_second(ward: &Ward, seed: u64, moment: Moment) -> Outcome<Vec<Batch>> {
    let mut batches = Vec::new();
    for measure in &ward.measures {
        let chance = &mut Chance::of(seed.wrapping_add(0x7B), &measure.name);
        let told = match measure.name.as_str() {
            "Falls" => weekly(moment, 52, |_, _| plain(chance.count(1.3))),
            "Hand hygiene" => weekly(moment, 52, |_, _| of(chance.part(20, 0.93), 20)),
            "Delayed discharge" => daily(moment, 365, (8, 20), |ago, _| (ago > 0).then(|| plain(chance.count(3.0)))?),
            _ => daily(moment, 365, (21, 10), |ago, _| {
                let all = chance.whole(8, 17);
                if ago > 24 { of(chance.part(all, 0.78), all) } else { None }
            }),
        };
        batches.extend(written(measure, told, moment));
    }
    Ok(batches)
}

/// The points of one measure of the first ward.
fn told(name: &str, moment: Moment, chance: &mut Chance) -> Vec<Told> {
    match name {
        "Pressure ulcers" => events(moment, chance),
        "Sickness" | "Readmissions" => monthly(name, moment, chance),
        "Delayed discharge" => daily(moment, 730, (8, 5), |ago, day| {
            let weekend = if day.weekday() == Weekday::Mon { 1.2 } else { 0.0 };
            let beds = chance.count(4.6 + 0.8 * season(day) + weekend);
            if ago == 0 || chance.happens(0.04) { None } else { plain(beds) }
        }),
        "Good days" => daily(moment, 730, (21, 20), |_, day| {
            let all = chance.whole(11, 26);
            let monday = if day.weekday() == Weekday::Mon { 0.06 } else { 0.0 };
            let good = chance.part(all, 0.72 - monday - 0.02 * season(day));
            if chance.happens(0.05) { None } else { of(good, all) }
        }),
        _ => {
            let mut told = weekly(moment, 104, |ago, day| week_of(name, ago, day, chance));
            told.iter_mut().for_each(|one| remark(name, one, moment));
            told
        }
    }
}

/// The value of a weekly measure so many weeks ago; 1 is the last whole week.
fn week_of(name: &str, ago: u64, day: NaiveDate, chance: &mut Chance) -> Option<Amount> {
    let place = usize::try_from(ago).unwrap_or(0).saturating_sub(1);
    let winter = season(day);
    match name {
        "Falls" => plain(
            FALLS
                .get(place)
                .copied()
                .unwrap_or_else(|| if place == FALLS.len() { 0 } else { chance.count(1.7).min(5) }),
        ),
        "Medication omissions" => {
            let all = chance.whole(640, 760);
            let share = if ago > WEEKS_OF_NEW_CHART {
                0.094
            } else if ago > WEEKS_OF_SECOND_CHECK {
                0.073
            } else {
                0.044
            };
            of(chance.part(all, share), all)
        }
        "Hand hygiene" => of(chance.part(20, 0.9), 20).filter(|_| ago > 1),
        "4AT in 24 h" => {
            let all = chance.whole(11, 17);
            if ago == 1 { of(6, 13) } else { of(chance.part(all, 0.88), all) }
        }
        "Nutrition screen" => {
            let all = chance.whole(28, 30);
            SCREENED.get(place).map_or_else(|| of(chance.part(all, 0.85), all), |screened| of(*screened, 29))
        }
        "Length of stay" => tenths(9.2 + 0.8 * winter + 0.7 * chance.noise()),
        "Agency shifts" => plain(chance.count(4.6 + 1.2 * winter)),
        "Linen use" if ago == 12 => plain(96),
        "Linen use" => tenths((312.0 + 6.0 * winter + 18.0 * chance.noise()).round()).filter(|_| ago > 2),
        "Round minutes" => {
            tenths((62.0 + 3.5 * chance.noise() + if ago <= 6 { 1.5 } else { 0.0 }).round()).filter(|_| ago <= 40)
        }
        _ => None,
    }
}

/// The notes that were typed with a few values.
fn remark(name: &str, told: &mut Told, moment: Moment) {
    let weeks = (moment.monday(0) - told.day).num_days() / 7;
    told.note = match (name, weeks) {
        ("Falls", 4) => "two on the same night, both in bay 3",
        ("Falls", 8) => "side rooms closed for repair",
        ("Medication omissions", 1) => "new staff shown the check",
        ("Medication omissions", 4) => "bank staff did not know: card put on the trolley",
        ("4AT in 24 h", 1) => "new doctors, form not in their induction",
        ("Nutrition screen", 4) => "red trays in bay 2",
        ("Agency shifts", 20) => "two on long leave",
        ("Length of stay", 30) => "two waited for a care home for a month",
        _ => "",
    };
    if name == "Linen use" && weeks == 12 {
        told.ghost = Some("Laundry strike: two deliveries did not come");
    }
}

fn weekly(moment: Moment, weeks: u64, mut value: impl FnMut(u64, NaiveDate) -> Option<Amount>) -> Vec<Told> {
    let every = (1..=weeks).rev().filter_map(|ago| {
        let day = moment.monday(ago);
        Some(one(day, value(ago, day)?, day + TimeDelta::days(7), (8, 10)))
    });
    every.filter(|told| told.entered <= moment.now).collect()
}

fn daily(
    moment: Moment,
    days: u64,
    time: (u32, u32),
    mut value: impl FnMut(u64, NaiveDate) -> Option<Amount>,
) -> Vec<Told> {
    let every = (0..=days).rev().filter_map(|ago| {
        let day = moment.back(ago);
        Some(one(day, value(ago, day)?, day, time))
    });
    every.filter(|told| told.entered <= moment.now).collect()
}

/// Two years of months. The month that has just ended is still to come where it is told late.
fn monthly(name: &str, moment: Moment, chance: &mut Chance) -> Vec<Told> {
    let this_month = moment.today.with_day(1).unwrap_or(moment.today);
    let every = (1..=24).rev().filter_map(|ago| {
        let day = this_month.checked_sub_months(Months::new(ago))?;
        let told_on = day.checked_add_months(Months::new(1))? + TimeDelta::days(9);
        let amount = if name == "Sickness" {
            let all = chance.whole(470, 520);
            of(chance.part(all, 0.046 + 0.008 * season(day)), all).filter(|_| ago > 1)
        } else {
            let all = chance.whole(140, 175);
            of(chance.part(all, 0.115), all)
        };
        Some(one(day, amount?, told_on, (9, 30)))
    });
    every.filter(|told| told.entered <= moment.now).collect()
}

/// Rare events: the last one forty-one days ago, about a month between them.
fn events(moment: Moment, chance: &mut Chance) -> Vec<Told> {
    let mut told = Vec::new();
    let mut ago = 41_u64;
    while ago < 730 {
        let day = moment.back(ago);
        let mut event = one(day, Amount { value: 1.0, denominator: None }, day, (14, 0));
        event.note = if told.is_empty() { "heel, patient on trolley for nine hours before" } else { "" };
        told.push(event);
        let wait = -27.0 * (1.0 - chance.share()).ln();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "days between events")]
        let days = wait.clamp(2.0, 150.0) as u64;
        ago += days;
    }
    told.reverse();
    told
}

fn one(day: NaiveDate, amount: Amount, told_on: NaiveDate, (hour, minute): (u32, u32)) -> Told {
    let time = chrono::NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
    Told { day, amount, note: "", ghost: None, entered: Zone::default().instant(told_on.and_time(time)) }
}

/// The points as actions: what is old in one, what is recent singly, as it was typed.
fn written(measure: &Measure, told: Vec<Told>, moment: Moment) -> Vec<Batch> {
    let mut old = Batch {
        at: moment.at(4, 6, 0),
        role: "ward clerk",
        words: format!("{}: earlier values", measure.name),
        edits: Vec::new(),
    };
    let mut recent = Vec::new();
    for one in told {
        let mut edit = Edit::put_point(measure.team, PointKey::whole(measure.id, one.day), one.amount, one.note);
        if let Some(ghost) = one.ghost {
            edit.fields.retain(|(name, _)| *name != "ghost");
            edit = edit.with("ghost", &ghost.to_owned());
        }
        if moment.now - one.entered > TOLD_SINGLY {
            old.edits.push(edit);
            continue;
        }
        let value = one.amount.plotted(measure.kind).map_or_else(String::new, |plotted| measure.written(plotted));
        let words = format!("{} {value}, {}", measure.name, one.day.format("%-d %b"));
        recent.push(Batch { at: one.entered, role: "nurse in charge", words, edits: vec![edit] });
    }
    recent.push(old);
    recent
}

/// What the first ward wrote on its charts.
fn noted(ward: &Ward, moment: Moment, ids: &mut Chance) -> Outcome<Batch> {
    let mut edits = Vec::new();
    for (name, day, text) in [
        ("Falls", moment.monday(8), "Two side rooms closed for repair: bay 3 takes high-risk patients"),
        ("Falls", moment.back(260), "Four low beds from the equipment library"),
        ("Hand hygiene", moment.back(200), "New gel dispensers at every bed"),
        ("Length of stay", moment.back(300), "Therapists on Saturdays"),
        ("Delayed discharge", moment.back(340), "Ten winter beds open next door"),
        ("Medication omissions", moment.back(420), "Training for all new starters"),
    ] {
        let mut annotation = Annotation::blank(AnnotationId(ids.id()), ward.team.id);
        annotation.measure = ward.id(name)?;
        annotation.day = Some(day);
        annotation.text = text.to_owned();
        edits.push(Edit::create(&annotation));
    }
    let mut phase = Phase::blank(PhaseId(ids.id()), ward.team.id);
    phase.measure = ward.id("Medication omissions")?;
    phase.day = Some(moment.monday(WEEKS_OF_NEW_CHART));
    phase.reason = "New drug chart on the whole ward: another process, held for eight weeks".to_owned();
    edits.push(Edit::create(&phase));
    Ok(Batch { at: moment.at(4, 6, 5), role: "ward sister", words: "Notes on the charts".to_owned(), edits })
}

/// How much it is winter, from -1 in July to 1 in January.
fn season(day: NaiveDate) -> f64 {
    (std::f64::consts::TAU * (f64::from(day.ordinal()) - 15.0) / 365.25).cos()
}

#[allow(clippy::cast_precision_loss, reason = "counts of a ward")]
fn plain(count: i64) -> Option<Amount> {
    Some(Amount { value: count as f64, denominator: None })
}

#[allow(clippy::cast_precision_loss, reason = "counts of a ward")]
fn of(part: i64, all: i64) -> Option<Amount> {
    Some(Amount { value: part as f64, denominator: Some(all as f64) })
}

fn tenths(value: f64) -> Option<Amount> {
    Some(Amount { value: (value * 10.0).round() / 10.0, denominator: None })
}
