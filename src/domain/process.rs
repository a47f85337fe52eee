//! Work that is required and completed, shift by shift: the rows of the process-control board.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::record::{Json, Kind, Shape};
use super::span::Span;
use super::{CompletionId, MeasureId, PeriodId, ProcessId, TeamId};
use crate::base::text;
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
        /// Whether its periods are shifts or hours.
        layout: Layout = Shape::Code,
        /// What it counts: work, what comes in, or what can be done.
        flow: Flow = Shape::Code,
        /// Whether what a period leaves undone is required in the next one as well.
        carry: bool = Shape::Flag,
    }
}

crate::codes! {
    /// What the periods of a process are.
    Layout {
        /// A shift or a whole day each.
        Shift = "shift",
        /// The hours of a shift, over which what is required is spread.
        Hours = "hours",
        /// The hours of a shift, each of which requires as much.
        EachHour = "each_hour",
    }
}

crate::codes! {
    /// What a process counts.
    Flow {
        /// Work that is to be done.
        Work = "work",
        /// What comes in, against what is expected to come.
        Demand = "demand",
        /// What can be done, against what was planned: beds, slots, hands.
        Capacity = "capacity",
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

/// How much is required from a day on. What a version before schema 4 does not know is left out where it says
/// nothing, so that such a version reads the rest.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Plan {
    /// The first day on which it holds.
    pub from: NaiveDate,
    /// Required by shift name, Monday to Sunday; the name "day" stands for a period of a whole day.
    pub required: BTreeMap<String, [u32; 7]>,
    /// Required on bank holidays by shift name, where that is not what the weekday says.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub holidays: BTreeMap<String, u32>,
    /// How the work falls on the hours of a shift, by its name: weights; even where there are none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub shares: BTreeMap<String, Vec<u32>>,
}

impl Plan {
    /// How much is required in the shift of this name on `day`; nothing where the plan does not name the shift.
    pub fn required_in(&self, shift: &str, day: NaiveDate, holiday: bool) -> Option<u32> {
        let week = self.required.get(shift).map(|week| week[day.weekday().num_days_from_monday() as usize]);
        let other = if holiday { self.holidays.get(shift).copied() } else { None };
        other.or(week)
    }
}

/// The name under which a plan keeps what is required in a whole day.
pub const WHOLE_DAY: &str = "day";

/// How the work of a period stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// How much is required.
    pub required: i64,
    /// How much is completed, never below nought.
    pub completed: i64,
    /// How much of what is required the period before left undone.
    pub carried: i64,
    /// How much an even pace, or the plan's own, would have completed by now.
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
    /// Whether so many completed of so many required keep pace with what is expected by now.
    ///
    /// Behind and ahead count only beyond a tolerance of one or a tenth of what is required, whichever is
    /// more. What comes in, and what can be done, is nobody's pace: only whether all of it is there.
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "counts of a shift")]
    fn of(required: i64, completed: i64, expected: f64, flow: Flow) -> Self {
        let tolerance = (required as f64 * 0.1).max(1.0);
        let gap = completed as f64 - expected;
        if required == 0 && completed == 0 {
            Self::Nothing
        } else if completed >= required {
            Self::Complete
        } else if gap < -tolerance && flow == Flow::Work {
            Self::Behind((-gap).round() as i64)
        } else if gap > tolerance && flow == Flow::Work {
            Self::Ahead(gap.round() as i64)
        } else {
            Self::OnPace
        }
    }

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
}

/// What was recorded of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Told {
    /// How much is required after all, where somebody decided that.
    pub required: Option<i64>,
    /// How much was completed; below nought where more was taken back than done.
    pub completed: i64,
    /// Whether anything at all was recorded: a tick, a reason, a number.
    pub recorded: bool,
}

impl Told {
    /// How much is required in `span` with what was `carried` into it.
    pub fn required_in(&self, span: &Span, carried: i64) -> i64 {
        self.required.unwrap_or(i64::from(span.required).saturating_add(carried)).max(0)
    }

    /// How much of it the next period takes over. A period of which nothing was recorded leaves nothing: nobody
    /// knows what was done in it.
    pub fn leaves(&self, span: &Span, carried: i64) -> i64 {
        let undone = self.required_in(span, carried).saturating_sub(self.completed.max(0));
        if self.recorded { undone.max(0) } else { 0 }
    }
}

impl Standing {
    /// How the work of `span` stands at `now`, with what was `carried` into it.
    #[allow(clippy::cast_precision_loss, reason = "counts of a shift")]
    pub fn of(span: &Span, flow: Flow, told: Told, carried: i64, now: DateTime<Utc>) -> Self {
        let required = told.required_in(span, carried);
        let completed = told.completed.max(0);
        let expected = required as f64 * span.share(now);
        let pace = Pace::of(required, completed, expected, flow);
        let carried = if told.required.is_some() { 0 } else { carried };
        Self { required, completed, carried, expected, outstanding: (required - completed).max(0), pace }
    }

    /// How the hours of one shift stand together; what one hands to the next is required once.
    #[allow(clippy::cast_precision_loss, reason = "counts of a shift")]
    pub fn together(hours: &[Self], flow: Flow) -> Self {
        let (mut required, mut completed, mut expected) = (0, 0, 0.0);
        for (at, hour) in hours.iter().enumerate() {
            let own = if at == 0 { hour.required } else { hour.required - hour.carried };
            required += own;
            completed += hour.completed;
            expected += if hour.required > 0 { hour.expected * own as f64 / hour.required as f64 } else { 0.0 };
        }
        let carried = hours.first().map_or(0, |first| first.carried);
        let pace = Pace::of(required, completed, expected, flow);
        Self { required, completed, carried, expected, outstanding: (required - completed).max(0), pace }
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

    #[test]
    fn two_replicas_name_the_same_period_alike() {
        let process = ProcessId::fresh();
        let wall = |hour| NaiveDate::from_ymd_opt(2026, 11, 20).unwrap().and_hms_opt(hour, 0, 0).unwrap();
        assert_eq!(Period::id_of(process, wall(7)), Period::id_of(process, wall(7)));
        assert_ne!(Period::id_of(process, wall(7)), Period::id_of(process, wall(15)));
    }
}
