//! A demonstration ward: two believable years, made from a seed, that end at a given moment.
//!
//! | file | what it makes |
//! |---|---|
//! | `chance` | numbers and ids that can be repeated |
//! | `ward` | a team from its template, with ids from the seed |
//! | `history` | the data points, with notes, phases and annotations |
//! | `work` | completions, reasons, and the shift that is open now |
//! | `huddles` | huddles that were held, and what was promised, escalated and answered |
//! | `project`, `cycles` | projects, and their cycles in every stage |
//! | `many` | as many points as a benchmark asks for |

mod chance;
mod crosses;
mod cycles;
mod history;
mod huddles;
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
    first.add_beds(since, &mut ids);
    second.keep(
        &["Falls", "Hand hygiene", "Delayed discharge", "Good days"],
        &["Medicines round 08:00", "VTE assessments"],
    );

    let started = moment.at(750, 8, 0);
    let mut batches = vec![
        Batch { at: started, role: "ward manager", words: format!("{WARD} starts its board"), edits: first.edits() },
        Batch {
            at: started,
            role: "ward manager",
            words: "Ward 7B starts its board".to_owned(),
            edits: second.edits(),
        },
    ];
    batches.extend(history::of_first(&first, seed, moment)?);
    batches.extend(history::of_second(&second, seed, moment)?);
    batches.extend(work::of(&first, seed, moment));
    batches.extend(work::of(&second, seed.wrapping_add(1), moment));
    batches.extend(crosses::of(&first, seed, moment));
    batches.extend(huddles::of(&first, seed, moment));
    batches.extend(huddles::of(&second, seed.wrapping_add(1), moment));
    batches.extend(project::of_first(&first, seed, moment)?);
    batches.extend(project::of_second(&second, seed, moment)?);
    batches.retain(|batch| !batch.edits.is_empty());
    batches.sort_by_key(|batch| batch.at);
    Ok(batches)
}

/// How long ago something older than this is written as one action for all: the log of the last days
/// is told action by action.
const TOLD_SINGLY: TimeDelta = TimeDelta::days(3);
