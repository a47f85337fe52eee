//! A team, its clock, its shifts and its own words.

use super::TeamId;
use super::calendar::{Calendar, Holiday};
use super::record::{Json, Kind, Shape};
use super::shift::{PastShifts, ShiftPattern};
use crate::base::zone::Zone;
use crate::record;

record! {
    /// A ward or another team.
    Team, TeamId, Kind::Team, {
        /// What everybody calls it ("Ward 7A").
        name: String = Shape::Line(60),
        /// What it does ("Elderly medicine").
        speciality: String = Shape::Line(60),
        /// IANA time zone; London where empty.
        zone: String = Shape::Code,
        /// The template that it was made from.
        template: String = Shape::Code,
        /// Its shifts.
        shifts: Json<ShiftPattern> = Shape::Json(2_000),
        /// The board's columns, from left to right.
        columns: Json<Vec<String>> = Shape::Json(2_000),
        /// Its own list of reasons for work not done.
        reasons: Json<Vec<String>> = Shape::Json(4_000),
        /// Its huddle's agenda, item by item.
        agenda: Json<Vec<String>> = Shape::Json(8_000),
        /// Who an edit is by where nobody says otherwise: a role, never an account's name.
        role: String = Shape::Line(40),
        /// Whether this is the demonstration ward.
        demo: bool = Shape::Flag,
        /// The team that this one became, where two boards had each made the same.
        became: Option<TeamId> = Shape::Reference,
        /// The shifts that it had before, each until the day on which others began.
        past_shifts: Json<Vec<PastShifts>> = Shape::Json(20_000),
        /// The bank holidays on which it may require other numbers.
        holidays: Json<Vec<Holiday>> = Shape::Json(20_000),
    }
}

/// A column's board and its name there: a team with several boards writes "Theatre: Safety".
pub fn board_of(column: &str) -> (&str, &str) {
    column.split_once(": ").map_or(("", column), |(board, name)| (board.trim(), name.trim()))
}

impl Team {
    /// Its time zone.
    pub fn time_zone(&self) -> Zone {
        Zone::parse(&self.zone).unwrap_or_default()
    }

    /// Its days: shifts, bank holidays, and the clock on its wall.
    pub fn calendar(&self) -> Calendar<'_> {
        Calendar {
            shifts: &self.shifts.0,
            past: &self.past_shifts.0,
            holidays: &self.holidays.0,
            zone: self.time_zone(),
        }
    }
}
