//! A demonstration ward: two believable years, made from a seed, that end at a given moment.
//!
//! | file | what it makes |
//! |---|---|
//! | `chance` | numbers and ids that can be repeated |
//! | `ward` | a team from its template, with ids from the seed |
//! | `history` | the data points, with notes, phases and annotations |
//! | `work` | completions, reasons, and the shift that is open now |
//! | `project` | projects and their cycles in every stage |
//! | `many` | as many points as a benchmark asks for |

mod chance;
mod history;
mod many;
mod project;
mod ward;
mod work;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, TimeDelta, Utc};

use self::chance::Chance;
use self::ward::Ward;
use crate::base::error::Outcome;
use crate::base::zone::Zone;
use crate::domain::change::Edit;
use crate::domain::template::Template;

pub use self::many::{MOST, many};

/// The name of the demonstration's first team.
pub const WARD: &str = "Ward 7A";

/// One action of the demonstration's past.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// When it was done.
    pub at: DateTime<Utc>,
    /// The role that did it.
    pub role: &'static str,
    /// What was done, for the log.
    pub words: String,
    /// What it set.
    pub edits: Vec<Edit>,
}

/// When the demonstration takes place.
#[derive(Debug, Clone, Copy)]
struct Moment {
    now: DateTime<Utc>,
    wall: NaiveDateTime,
    today: NaiveDate,
}

impl Moment {
    fn of(now: DateTime<Utc>) -> Self {
        let wall = Zone::default().wall(now);
        Self { now, wall, today: wall.date() }
    }

    /// So many days before today.
    fn back(self, days: u64) -> NaiveDate {
        self.today.checked_sub_days(Days::new(days)).unwrap_or(self.today)
    }

    /// The Monday of the week `weeks` before this one.
    fn monday(self, weeks: u64) -> NaiveDate {
        let monday = u64::from(chrono::Datelike::weekday(&self.today).num_days_from_monday());
        self.back(monday + 7 * weeks)
    }

    /// An instant so many days ago, at a time of the ward's clock.
    fn at(self, days: u64, hour: u32, minute: u32) -> DateTime<Utc> {
        let time = chrono::NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
        Zone::default().instant(self.back(days).and_time(time)).min(self.now)
    }
}

/// Everything that the demonstration's two teams did until `now`, in the order of time.
///
/// The same template, seed and moment give the same edits, ids included.
///
/// # Errors
/// A sentence where the template lacks a measure that the demonstration tells its story with.
pub fn make(template: &Template, seed: u64, now: DateTime<Utc>) -> Outcome<Vec<Batch>> {
    let moment = Moment::of(now);
    let mut ids = Chance::of(seed, "ids");
    let since = moment.back(760);
    let mut first = Ward::of(template, WARD, "Elderly medicine", since, &mut ids)?;
    let mut second = Ward::of(template, "Ward 7B", "Stroke rehabilitation", since, &mut ids)?;
    history::set_up(&mut first, &mut ids)?;
    second.keep(&["Falls", "Hand hygiene", "Delayed discharge", "Good days"], &["Medicines round 08:00", "VTE assessments"]);

    let started = moment.at(750, 8, 0);
    let mut batches = vec![
        Batch { at: started, role: "ward manager", words: format!("{WARD} starts its board"), edits: first.edits() },
        Batch { at: started, role: "ward manager", words: "Ward 7B starts its board".to_owned(), edits: second.edits() },
    ];
    batches.extend(history::of_first(&first, seed, moment)?);
    batches.extend(history::of_second(&second, seed, moment)?);
    batches.extend(work::of(&first, seed, moment));
    batches.extend(work::of(&second, seed.wrapping_add(1), moment));
    batches.extend(project::of_first(&first, seed, moment)?);
    batches.extend(project::of_second(&second, seed, moment)?);
    batches.retain(|batch| !batch.edits.is_empty());
    batches.sort_by_key(|batch| batch.at);
    Ok(batches)
}

/// How long ago something older than this is written as one action for all: the log of the last days
/// is told action by action.
const TOLD_SINGLY: TimeDelta = TimeDelta::days(3);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::{self, Source};
    use crate::domain::annotation::Phase;
    use crate::domain::change::{RecordKey, validate};
    use crate::domain::point::Point;
    use crate::domain::record::{FieldValue, Kind, Record};
    use crate::spc::Verdict;

    fn moment() -> DateTime<Utc> {
        "2026-11-20T08:42:00Z".parse().unwrap()
    }

    fn template() -> Template {
        toml::from_str(include_str!("../../../config/templates/acute-ward.toml")).unwrap()
    }

    #[test]
    fn the_same_seed_and_moment_make_the_same_ward() {
        let batches = make(&template(), 7, moment()).unwrap();
        assert_eq!(batches, make(&template(), 7, moment()).unwrap());
        assert_ne!(batches, make(&template(), 8, moment()).unwrap());
    }

    #[test]
    fn every_edit_of_every_seed_passes_and_none_lies_ahead() {
        for seed in 0..5 {
            for now in ["2026-11-20T08:42:00Z", "2026-03-01T03:10:00Z", "2024-02-29T17:00:00Z", "2026-06-21T23:30:00Z"] {
                let now: DateTime<Utc> = now.parse().unwrap();
                for batch in make(&template(), seed, now).unwrap() {
                    assert!(batch.at <= now, "{}", batch.words);
                    for mut edit in batch.edits {
                        validate(&mut edit, &mut Vec::new()).unwrap_or_else(|failure| panic!("{}: {failure}", batch.words));
                    }
                }
            }
        }
    }

    #[test]
    fn there_are_two_years_of_points_and_cycles_in_every_stage() {
        let edits: Vec<Edit> = make(&template(), 1, moment()).unwrap().into_iter().flat_map(|batch| batch.edits).collect();
        let count = |kind| edits.iter().filter(|edit| edit.kind == kind).count();
        assert!(count(Kind::Point) > 2_000, "{}", count(Kind::Point));
        assert_eq!(count(Kind::Team), 2);
        assert_eq!(count(Kind::Project), 4);
        assert!(count(Kind::Completion) > 800);
        for stage in ["plan", "do", "study", "act"] {
            let value = crate::domain::record::Value::Text(stage.into());
            assert!(edits.iter().any(|edit| edit.fields.contains(&("stage", value.clone()))), "{stage}");
        }
    }

    /// What the chart of a measure says at the end of the demonstration.
    fn verdict(name: &str, seed: u64) -> Verdict {
        let mut ids = Chance::of(seed, "ids");
        let moment = Moment::of(moment());
        let mut ward = Ward::of(&template(), WARD, "", moment.back(760), &mut ids).unwrap();
        history::set_up(&mut ward, &mut ids).unwrap();
        let measure = ward.measure(name).unwrap().clone();
        let edits = history::of_first(&ward, seed, moment).unwrap().into_iter().flat_map(|batch| batch.edits);
        let (mut points, mut phases) = (Vec::new(), Vec::new());
        for edit in edits {
            let values: Vec<_> = edit.fields.iter().map(|(_, value)| value.clone()).collect();
            match &edit.record {
                RecordKey::Point(key) if key.measure == measure.id => points.push(Point {
                    key: key.clone(),
                    value: f64::from_value(&values[0]),
                    denominator: f64::from_value(&values[1]),
                    note: String::new(),
                    ghost: None,
                    revision: 1,
                }),
                RecordKey::Id(id) if edit.kind == Kind::Phase => phases.push(Phase::assemble(*id, edit.team, 1, &values)),
                _ => {}
            }
        }
        phases.retain(|phase| phase.measure == measure.id);
        let source = Source { phases: &phases, today: Some(moment.today), ..Source::of(&measure, &points) };
        chart::build(source).verdict()
    }

    #[test]
    fn the_charts_tell_the_wards_story_whatever_the_seed() {
        for seed in 0..40 {
            assert_eq!(verdict("Falls", seed), Verdict::Concern, "falls, seed {seed}");
            assert_eq!(verdict("Nutrition screen", seed), Verdict::Improvement, "nutrition, seed {seed}");
            assert_eq!(verdict("Medication omissions", seed), Verdict::Improvement, "omissions, seed {seed}");
            assert_eq!(verdict("4AT in 24 h", seed), Verdict::Concern, "4AT, seed {seed}");
        }
    }
}
