//! Work that is required and completed, shift by shift: the rows of the process-control board.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::record::{Json, Kind, Shape};
use super::shift::{ShiftOfDay, ShiftPattern, elapsed};
use super::{CompletionId, MeasureId, PeriodId, ProcessId, TeamId};
use crate::base::text;
use crate::base::zone::Zone;
use crate::record;

record! {
    /// A process: work that comes again every shift or every day.
    Process, ProcessId, Kind::Process, {
        /// Its name on the board.
        name: String = Shape::Line(60),
        /// Its place on the board, from the top.
        position: i64 = Shape::Whole,
        /// How much is required, by shift and weekday, and since when.
        schedule: Json<Vec<Plan>> = Shape::Json(20_000),
        /// The time of day by which all of it is expected; nothing means the end of the period.
        until: Option<NaiveTime> = Shape::Time,
        /// The role that looks after it.
        owner: String = Shape::Line(40),
        /// The measure whose data points its closed periods become.
        measure: Option<MeasureId> = Shape::Reference,
    }
}

record! {
    /// What a team decided about one period of one process; the counts are completions.
    Period, PeriodId, Kind::Period, {
        /// The process.
        process: ProcessId = Shape::Reference,
        /// Its start on the ward's wall clock.
        start: NaiveDateTime = Shape::Time,
        /// How much is required after all, where it is not what the template says.
        required: Option<i64> = Shape::Whole,
        /// Why less was done than required, in a word from the ward's own list.
        reason: Option<String> = Shape::Line(60),
        /// What is done about it.
        countermeasure: String = Shape::Line(160),
    }
}

record! {
    /// So many completed, or taken back: an event of its own, so that no two people overwrite each other.
    Completion, CompletionId, Kind::Completion, {
        /// The process.
        process: ProcessId = Shape::Reference,
        /// The start of its period on the ward's wall clock.
        start: NaiveDateTime = Shape::Time,
        /// How many; below nought for one taken back.
        amount: i64 = Shape::Whole,
        /// When it was ticked.
        at: DateTime<Utc> = Shape::Time,
    }
}

/// How much is required from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The first day on which it holds.
    pub from: NaiveDate,
    /// Required by shift name, Monday to Sunday; the name "day" stands for a period of a whole day.
    pub required: BTreeMap<String, [u32; 7]>,
}

/// The name under which a plan keeps what is required in a whole day.
pub const WHOLE_DAY: &str = "day";

/// One period in which work is required, as its process's plan sets it up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// "Early", or "Day" for a whole day.
    pub name: String,
    /// The day that it belongs to.
    pub day: NaiveDate,
    /// Its start on the wall clock.
    pub start: NaiveDateTime,
    /// Its end on the wall clock.
    pub end: NaiveDateTime,
    /// How much the plan requires.
    pub required: u32,
}

/// How the work of a period stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// How much is required.
    pub required: i64,
    /// How much is completed, never below nought.
    pub completed: i64,
    /// How much an even pace would have completed by now.
    pub expected: f64,
    /// How much is still to do.
    pub outstanding: i64,
    /// What that means.
    pub pace: Pace,
}

/// Whether the work keeps pace with the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// Nothing is required.
    Nothing,
    /// All of it is done.
    Complete,
    /// Within the tolerance.
    OnPace,
    /// More is done than expected, by so many.
    Ahead(i64),
    /// Less is done than expected, by so many.
    Behind(i64),
}

impl Pace {
    /// The word that the command line and the JSON use.
    pub fn code(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Complete => "complete",
            Self::OnPace => "on_pace",
            Self::Ahead(_) => "ahead",
            Self::Behind(_) => "behind",
        }
    }
}

impl Process {
    /// What it is called on the command line.
    pub fn slug(&self) -> String {
        text::slug(&self.name)
    }

    /// The plan in force on `day`.
    pub fn plan_on(&self, day: NaiveDate) -> Option<&Plan> {
        self.schedule.0.iter().filter(|plan| plan.from <= day).max_by_key(|plan| plan.from)
    }

    /// The periods of `day` in which work is required, in order.
    pub fn spans_of(&self, day: NaiveDate, shifts: &ShiftPattern) -> Vec<Span> {
        let Some(plan) = self.plan_on(day) else { return Vec::new() };
        let weekday = day.weekday().num_days_from_monday() as usize;
        let mut spans = Vec::new();
        let of_day = shifts.of_day(day);
        if let (Some(required), Some(first), Some(last)) = (plan.required.get(WHOLE_DAY), of_day.first(), of_day.last())
        {
            spans.push(Span {
                name: "Day".into(),
                day,
                start: first.start,
                end: last.end,
                required: required[weekday],
            });
        }
        for shift in &of_day {
            if let Some(required) = plan.required.get(&shift.name) {
                spans.push(Span::of_shift(shift, required[weekday]));
            }
        }
        spans.retain(|span| span.required > 0);
        spans
    }

    /// The period that is open when the ward's wall clock shows `wall`, if work is required in it.
    pub fn span_at(&self, wall: NaiveDateTime, shifts: &ShiftPattern) -> Option<Span> {
        let day = shifts.at(wall).day;
        self.spans_of(day, shifts).into_iter().find(|span| span.start <= wall && wall < span.end)
    }

    /// How the work of `span` stands at `now`.
    ///
    /// `required` overrides the plan. The pace is even from the start of the period to its end, or to
    /// the process's own time where it has one; behind and ahead count only beyond a tolerance of one
    /// or a tenth of what is required, whichever is more.
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "counts of a shift")]
    pub fn standing(
        &self,
        span: &Span,
        required: Option<i64>,
        completed: i64,
        zone: Zone,
        now: DateTime<Utc>,
    ) -> Standing {
        let required = required.unwrap_or(i64::from(span.required)).max(0);
        let completed = completed.max(0);
        let share = elapsed(zone, span.start, self.expected_end(span), now);
        let expected = required as f64 * share;
        let tolerance = (required as f64 * 0.1).max(1.0);
        let gap = completed as f64 - expected;
        let pace = if required == 0 && completed == 0 {
            Pace::Nothing
        } else if completed >= required {
            Pace::Complete
        } else if gap < -tolerance {
            Pace::Behind((-gap).round() as i64)
        } else if gap > tolerance {
            Pace::Ahead(gap.round() as i64)
        } else {
            Pace::OnPace
        };
        Standing { required, completed, expected, outstanding: (required - completed).max(0), pace }
    }

    /// When all of the period's work is expected on the wall clock: its own time of day, where that
    /// falls into the period, or the period's end.
    fn expected_end(&self, span: &Span) -> NaiveDateTime {
        let Some(until) = self.until else { return span.end };
        [span.start.date(), span.end.date()]
            .into_iter()
            .map(|day| day.and_time(until))
            .find(|wall| span.start <= *wall && *wall <= span.end)
            .unwrap_or(span.end)
    }
}

impl Span {
    fn of_shift(shift: &ShiftOfDay, required: u32) -> Self {
        Self { name: shift.name.clone(), day: shift.day, start: shift.start, end: shift.end, required }
    }
}

impl Period {
    /// The id of the one period of a process that starts at `start`: derived, so that two replicas
    /// that both speak of it speak of one record.
    pub fn id_of(process: ProcessId, start: NaiveDateTime) -> PeriodId {
        let name = start.format("%Y-%m-%dT%H:%M").to_string();
        PeriodId(Uuid::new_v5(&process.0, name.as_bytes()))
    }

    /// The period of a process with nothing decided yet.
    pub fn untouched(team: TeamId, process: ProcessId, start: NaiveDateTime) -> Self {
        let mut period = Self::blank(Self::id_of(process, start), team);
        period.process = process;
        period.start = start;
        period
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn process(until: Option<&str>) -> Process {
        let mut process = Process::blank(ProcessId::default(), TeamId::default());
        process.until = until.map(|text| NaiveTime::parse_from_str(text, "%H:%M").unwrap());
        process.schedule = Json(vec![
            Plan {
                from: "2026-01-01".parse().unwrap(),
                required: [("Early".to_owned(), [10, 10, 10, 10, 10, 4, 0])].into(),
            },
            Plan { from: "2026-11-01".parse().unwrap(), required: [("Early".to_owned(), [20; 7])].into() },
        ]);
        process
    }

    fn wall(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
    }

    #[test]
    fn the_plan_of_the_day_says_how_much_is_required() {
        let shifts = ShiftPattern::default();
        let required =
            |day: &str| process(None).spans_of(day.parse().unwrap(), &shifts).first().map(|span| span.required);
        assert_eq!(required("2026-10-30"), Some(10), "a Friday under the first plan");
        assert_eq!(required("2026-10-31"), Some(4), "a Saturday");
        assert_eq!(required("2026-10-25"), None, "nothing on Sundays");
        assert_eq!(required("2026-11-01"), Some(20), "the second plan");
        assert_eq!(required("2025-12-31"), None, "before the first plan");
    }

    #[test]
    fn behind_counts_only_beyond_the_tolerance() {
        let zone = Zone::parse("Europe/London").unwrap();
        let process = process(None);
        let span = process.span_at(wall("2026-11-20 11:00"), &ShiftPattern::default()).unwrap();
        let pace =
            |completed| process.standing(&span, None, completed, zone, zone.instant(wall("2026-11-20 11:00"))).pace;
        assert_eq!(pace(10), Pace::OnPace);
        assert_eq!(pace(8), Pace::OnPace);
        assert_eq!(pace(7), Pace::Behind(3));
        assert_eq!(pace(13), Pace::Ahead(3));
        assert_eq!(pace(20), Pace::Complete);
    }

    #[test]
    fn work_timed_to_a_clock_hour_is_paced_to_that_hour() {
        let zone = Zone::parse("Europe/London").unwrap();
        let process = process(Some("09:00"));
        let span = process.span_at(wall("2026-11-20 08:00"), &ShiftPattern::default()).unwrap();
        let expected = |time| process.standing(&span, None, 0, zone, zone.instant(wall(time))).expected;
        assert!((expected("2026-11-20 08:00") - 10.0).abs() < 1e-9);
        assert!((expected("2026-11-20 09:30") - 20.0).abs() < 1e-9);
    }

    #[test]
    fn two_replicas_name_the_same_period_alike() {
        let process = ProcessId::fresh();
        assert_eq!(Period::id_of(process, wall("2026-11-20 07:00")), Period::id_of(process, wall("2026-11-20 07:00")));
        assert_ne!(Period::id_of(process, wall("2026-11-20 07:00")), Period::id_of(process, wall("2026-11-20 15:00")));
    }
}
