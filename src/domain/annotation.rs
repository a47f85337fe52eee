//! What a team writes on a chart: notes at a day, and phases that start at a day.

use chrono::NaiveDate;

use super::record::{Kind, Shape};
use super::{AnnotationId, MeasureId, PhaseId};
use crate::record;

record! {
    /// A note at a day of a measure's chart.
    Annotation, AnnotationId, Kind::Annotation, {
        /// The measure.
        measure: MeasureId = Shape::Reference,
        /// The day.
        day: Option<NaiveDate> = Shape::Time,
        /// What happened.
        text: String = Shape::Line(200),
    }
}

record! {
    /// A phase of a measure's chart: centre line and limits start anew at its first day.
    Phase, PhaseId, Kind::Phase, {
        /// The measure.
        measure: MeasureId = Shape::Reference,
        /// Its first day.
        day: Option<NaiveDate> = Shape::Time,
        /// Why the chart was re-based: never without a reason.
        reason: String = Shape::Line(200),
    }
}
