//! The safety cross: a month of days for one harm, each filled once. An event is a data point of the measure
//! and never typed twice; what a day without one was, somebody says here.

use chrono::NaiveDate;
use uuid::Uuid;

use super::record::{Kind, Shape};
use super::{CrossDayId, MeasureId, TeamId};
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

#[cfg(test)]
mod tests {
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

    #[test]
    fn two_boards_fill_the_same_cell() {
        let (measure, day) = (MeasureId::fresh(), "2026-11-20".parse().unwrap());
        assert_eq!(CrossDay::id_of(measure, day), CrossDay::id_of(measure, day));
    }
}
