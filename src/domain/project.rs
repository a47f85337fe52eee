//! An improvement project: the Model for Improvement's three questions over its ramps of cycles.

use chrono::NaiveDate;

use super::record::{Json, Kind, Shape};
use super::{MeasureId, ProjectId};
use crate::base::text;
use crate::record;

record! {
    /// An improvement project.
    Project, ProjectId, Kind::Project, {
        /// Its name.
        name: String = Shape::Line(80),
        /// What are we trying to accomplish: how much, for whom.
        aim: String = Shape::Lines(1_000),
        /// By when.
        by: Option<NaiveDate> = Shape::Time,
        /// What change can we make that will result in improvement.
        changes: String = Shape::Lines(2_000),
        /// Why we think so.
        rationale: String = Shape::Lines(2_000),
        /// How will we know: its measures, outcome first.
        measures: Json<Vec<MeasureId>> = Shape::Json(2_000),
        /// The role that leads it.
        owner: String = Shape::Line(40),
        /// Its score on the 0.5–5 progress scale (IHI), as a person confirmed it.
        score: Option<f64> = Shape::Number,
        /// The day on which it was closed.
        closed: Option<NaiveDate> = Shape::Time,
    }
}

impl Project {
    /// What it is called on the command line.
    pub fn slug(&self) -> String {
        text::slug(&self.name)
    }
}
