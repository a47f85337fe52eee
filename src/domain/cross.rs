//! The safety cross: a month of days for one harm, each filled once. An event is a data point of the measure
//! and never typed twice; what a day without one was, somebody says here.

use chrono::{Datelike, NaiveDate};
use uuid::Uuid;

use super::change::{Edit, Expect};
use super::frequency::Frequency;
use super::measure::{Amount, Measure, MeasureKind};
use super::point::{Point, PointKey};
use super::record::{Kind, Shape};
use super::{CrossDayId, MeasureId, TeamId};
use crate::base::error::{Failure, Outcome};
use crate::{codes, record};

codes! {
    /// What somebody said of a day on which no event was counted.
    Said {
        /// There was none.
        None = "none",
        /// Present on admission, or a near miss: seen, and not the team's event.
        Near = "near",
    }
}

/// What a cell of the cross shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CrossState {
    /// Somebody said that there was none.
    None,
    /// So many events of the team.
    Event(u32),
    /// Present on admission, or a near miss.
    Near,
    /// Nobody has said anything: never taken for none.
    Unrecorded,
}

record! {
    /// One day of one harm, as somebody filled it.
    CrossDay, CrossDayId, Kind::CrossDay, {
        /// The harm's measure.
        measure: MeasureId = Shape::Reference,
        /// The day.
        day: Option<NaiveDate> = Shape::Time,
        /// What was said of it.
        said: Said = Shape::Code,
    }
}

impl CrossDay {
    /// The id of a measure's one cell of a day: derived, so that two boards that both fill it fill one.
    pub fn id_of(measure: MeasureId, day: NaiveDate) -> CrossDayId {
        CrossDayId(Uuid::new_v5(&measure.0, format!("cross {day}").as_bytes()))
    }

    /// The cell of a day, with what is said of it.
    pub fn of(team: TeamId, measure: MeasureId, day: NaiveDate, said: Said) -> Self {
        Self { measure, day: Some(day), said, ..Self::blank(Self::id_of(measure, day), team) }
    }
}

impl CrossState {
    /// What a day shows: an event counts whatever was said before it, and a value of nought says none.
    pub fn of(counted: Option<f64>, said: Option<Said>) -> Self {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a day's events, cut off below one")]
        match (counted, said) {
            (Some(events), _) if events >= 1.0 => Self::Event(events as u32),
            (_, Some(Said::Near)) => Self::Near,
            (Some(_), _) | (None, Some(Said::None)) => Self::None,
            (None, None) => Self::Unrecorded,
        }
    }
}

/// What a person says of a day with one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// There was none.
    None,
    /// One event, or one more.
    Event,
    /// Present on admission, or a near miss.
    Near,
    /// What was said or counted last is taken back.
    Back,
}

/// What everybody must know who enters an event.
pub const NOT_A_REPORT: &str =
    "This is the team's count. Incidents are reported in your organisation's own reporting system as well.";

impl Fill {
    /// It in a few words, for the log.
    pub fn words(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Event => "an event",
            Self::Near => "present on admission or near miss",
            Self::Back => "taken back",
        }
    }
}

/// A cell of the cross with what is known of its day.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// The day.
    pub day: NaiveDate,
    /// What it shows.
    pub state: CrossState,
    /// The points of the day, by their ordinals.
    points: Vec<Point>,
    said: Option<Said>,
}

/// Whether a measure counts a harm in a way that a cross can show: one by one, or day by day.
pub fn fits(measure: &Measure) -> bool {
    measure.kind == MeasureKind::Count
        && measure.source.is_none()
        && matches!(measure.frequency, Frequency::Event | Frequency::Day)
}

/// The cells of the month that starts on `first`, of a measure's points and of what was said.
pub fn month(measure: &Measure, first: NaiveDate, points: &[Point], said: &[CrossDay]) -> Vec<Cell> {
    let whole = first.iter_days().take_while(|day| day.month() == first.month());
    let cell = |day: NaiveDate| {
        let is_of = |point: &&Point| point.key.start.date() == day && point.key.stratum.is_empty();
        let mut points: Vec<Point> = points.iter().filter(is_of).cloned().collect();
        points.sort_by_key(|point| point.key.ordinal);
        let said = said.iter().find(|said| said.day == Some(day)).map(|said| said.said);
        let counted = match measure.frequency {
            // A period that is known to have no value says nothing of harm.
            _ if points.iter().all(|point| point.value.is_none()) => None,
            #[allow(clippy::cast_precision_loss, reason = "the events of a day")]
            Frequency::Event => Some(points.len() as f64),
            _ => Some(points.iter().filter_map(|point| point.value).sum()),
        };
        Cell { day, state: CrossState::of(counted, said), points, said }
    };
    whole.map(cell).collect()
}

impl Cell {
    /// What is written where somebody fills the cell so; nothing where it is so already.
    ///
    /// # Errors
    /// A sentence where an event is counted on a day of which it is said that there was none, or where there is
    /// nothing to take back.
    pub fn fill(&self, measure: &Measure, fill: Fill) -> Outcome<Vec<Edit>> {
        let counted = matches!(self.state, CrossState::Event(_));
        if counted && matches!(fill, Fill::None | Fill::Near) {
            return Err(Failure::refused("An event is counted on this day.").hint("Take it back first, with -."));
        }
        let said = |said| Edit::create(&CrossDay::of(measure.team, measure.id, self.day, said));
        Ok(match fill {
            Fill::None | Fill::Near => {
                let wanted = if fill == Fill::None { Said::None } else { Said::Near };
                let mut edits: Vec<Edit> = Vec::new();
                // A day that is counted has its nought; of rare events only the event itself is a point.
                if measure.frequency == Frequency::Day && self.points.iter().all(|point| point.value.is_none()) {
                    edits.push(self.put(measure, 0, 0.0));
                }
                let counts = measure.frequency == Frequency::Day && fill == Fill::None && self.said.is_none();
                let is_said = self.said == Some(wanted) || counts;
                if !is_said {
                    edits.push(said(wanted));
                }
                edits
            }
            Fill::Event if measure.frequency == Frequency::Event => {
                let next = self.points.last().map_or(0, |point| point.key.ordinal + 1);
                vec![self.put(measure, next, 1.0)]
            }
            Fill::Event => vec![self.put(measure, 0, self.value() + 1.0)],
            Fill::Back => self.back(measure)?,
        })
    }

    fn value(&self) -> f64 {
        self.points.first().and_then(|point| point.value).unwrap_or(0.0)
    }

    fn put(&self, measure: &Measure, ordinal: u32, value: f64) -> Edit {
        let key = PointKey { ordinal, ..PointKey::whole(measure.id, self.day) };
        let there = self.points.iter().find(|point| point.key == key);
        let expect = there.map_or(Expect::Absent, |point| Expect::Revision(point.revision));
        let note = there.map_or("", |point| point.note.as_str());
        Edit::put_point(measure.team, key, Amount { value, denominator: None }, note).expecting(expect)
    }

    fn back(&self, measure: &Measure) -> Outcome<Vec<Edit>> {
        let deleted = |point: &Point| {
            Edit::of_point(measure.team, point.key.clone()).deleting().expecting(Expect::Revision(point.revision))
        };
        match (self.state, self.points.last()) {
            (CrossState::Event(_), Some(last)) if measure.frequency == Frequency::Event => Ok(vec![deleted(last)]),
            // The last event's nought would say that there was none, which nobody has said.
            (CrossState::Event(1), Some(last)) if self.said.is_none() => Ok(vec![deleted(last)]),
            (CrossState::Event(_), Some(_)) => Ok(vec![self.put(measure, 0, (self.value() - 1.0).max(0.0))]),
            (CrossState::Unrecorded, _) => {
                Err(Failure::refused("Nothing is recorded on this day yet.").hint("Fill it with one key."))
            }
            (_, last) => {
                let cell = CrossDay::blank(CrossDay::id_of(measure.id, self.day), measure.team);
                let said = self.said.map(|_| Edit::of(&cell).deleting());
                Ok(said.into_iter().chain(last.map(deleted)).collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::change::RecordKey;
    use super::*;

    #[test]
    fn a_day_that_nobody_filled_is_never_taken_for_none() {
        for (counted, said, state) in [
            (None, None, CrossState::Unrecorded),
            (Some(0.0), None, CrossState::None),
            (None, Some(Said::None), CrossState::None),
            (None, Some(Said::Near), CrossState::Near),
            (Some(0.0), Some(Said::Near), CrossState::Near),
            (Some(2.0), Some(Said::None), CrossState::Event(2)),
            (Some(1.0), Some(Said::Near), CrossState::Event(1)),
        ] {
            assert_eq!(CrossState::of(counted, said), state, "{counted:?} {said:?}");
        }
    }

    fn harm(frequency: Frequency) -> Measure {
        let mut measure = Measure::blank(MeasureId::fresh(), TeamId::fresh());
        (measure.kind, measure.frequency) = (MeasureKind::Count, frequency);
        measure
    }

    fn point(measure: &Measure, ordinal: u32, value: f64) -> Point {
        let key = PointKey { ordinal, ..PointKey::whole(measure.id, "2026-11-20".parse().unwrap()) };
        Point { key, value: Some(value), denominator: None, note: String::new(), ghost: None, revision: 1 }
    }

    fn cell(measure: &Measure, points: &[Point], said: Option<Said>) -> Cell {
        let day = "2026-11-20".parse().unwrap();
        let said: Vec<CrossDay> =
            said.map(|said| CrossDay::of(measure.team, measure.id, day, said)).into_iter().collect();
        month(measure, "2026-11-01".parse().unwrap(), points, &said).swap_remove(19)
    }

    #[test]
    fn an_event_is_a_point_of_its_own_and_a_day_by_day_count_has_its_nought() {
        let rare = harm(Frequency::Event);
        let keys = |edits: &[Edit]| edits.iter().map(|edit| edit.record.clone()).collect::<Vec<_>>();
        let first = cell(&rare, &[], None).fill(&rare, Fill::Event).unwrap();
        assert_eq!(keys(&first), [RecordKey::Point(point(&rare, 0, 1.0).key)]);
        let one = [point(&rare, 0, 1.0)];
        let second = cell(&rare, &one, None).fill(&rare, Fill::Event).unwrap();
        assert_eq!(keys(&second), [RecordKey::Point(point(&rare, 1, 1.0).key)]);
        assert_eq!(keys(&cell(&rare, &one, None).fill(&rare, Fill::Back).unwrap()), keys(&first));
        assert!(cell(&rare, &one, None).fill(&rare, Fill::None).is_err(), "an event is not talked away");
        assert_eq!(cell(&rare, &[], None).fill(&rare, Fill::None).unwrap()[0].kind, Kind::CrossDay);

        let daily = harm(Frequency::Day);
        let none = cell(&daily, &[], None).fill(&daily, Fill::None).unwrap();
        assert_eq!((none.len(), none[0].kind), (1, Kind::Point), "the run chart has its nought");
        let near = cell(&daily, &[], None).fill(&daily, Fill::Near).unwrap();
        assert_eq!(near.iter().map(|edit| edit.kind).collect::<Vec<_>>(), [Kind::Point, Kind::CrossDay]);
        let two = cell(&daily, &[point(&daily, 0, 1.0)], None).fill(&daily, Fill::Event).unwrap();
        assert!(two[0].fields.contains(&("value", super::super::record::Value::Real(2.0))));
        let nought = cell(&daily, &[point(&daily, 0, 0.0)], Some(Said::Near));
        assert_eq!(nought.fill(&daily, Fill::Back).unwrap().len(), 2, "what was said goes with its nought");
    }

    #[test]
    fn a_day_that_is_said_to_be_without_harm_twice_is_written_once() {
        let rare = harm(Frequency::Event);
        assert_eq!(cell(&rare, &[], Some(Said::None)).fill(&rare, Fill::None).unwrap(), []);
        let daily = harm(Frequency::Day);
        assert_eq!(cell(&daily, &[point(&daily, 0, 0.0)], None).fill(&daily, Fill::None).unwrap(), []);
    }

    #[test]
    fn a_slip_that_is_taken_back_leaves_the_day_as_unfilled_as_it_was() {
        let daily = harm(Frequency::Day);
        let one = [point(&daily, 0, 1.0)];
        let back = |said| cell(&daily, &one, said).fill(&daily, Fill::Back).unwrap();
        let goes = Edit::of_point(daily.team, one[0].key.clone()).deleting().expecting(Expect::Revision(1));
        assert_eq!(back(None), [goes], "a nought would say that there was none, which nobody said");
        let near = back(Some(Said::Near));
        assert!(near[0].fields.contains(&("value", super::super::record::Value::Real(0.0))), "its nought stays");
    }

    #[test]
    fn a_day_that_is_known_to_have_no_value_is_not_taken_for_none_and_can_be_filled() {
        let daily = harm(Frequency::Day);
        let gap = cell(&daily, &[Point { value: None, ..point(&daily, 0, 0.0) }], None);
        assert_eq!(gap.state, CrossState::Unrecorded);
        let none = gap.fill(&daily, Fill::None).unwrap();
        assert!(none[0].fields.contains(&("value", super::super::record::Value::Real(0.0))));
        assert!(gap.fill(&daily, Fill::Back).is_err(), "nobody has said anything yet");
    }

    #[test]
    fn two_boards_fill_the_same_cell() {
        let (measure, day) = (MeasureId::fresh(), "2026-11-20".parse().unwrap());
        assert_eq!(CrossDay::id_of(measure, day), CrossDay::id_of(measure, day));
    }
}
