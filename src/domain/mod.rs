//! What a ward talks about, and the rules that hold whoever types it.
//!
//! Nothing here knows of a file, a screen or the time: a rule gets what it needs and answers with a
//! value or a [`crate::base::error::Failure`].

pub mod agenda;
pub mod ahead;
pub mod annotation;
pub mod backlog;
pub mod bank_holidays;
pub mod calendar;
pub mod change;
pub mod cross;
pub mod cycle;
pub mod due;
pub mod entry;
pub mod fidelity;
pub mod frequency;
pub mod guard;
pub mod huddle;
pub mod measure;
pub mod minutes;
pub mod point;
pub mod present;
pub mod process;
pub mod project;
pub mod promise;
pub mod record;
pub mod shift;
pub mod span;
pub mod team;
pub mod telling;
pub mod template;
pub mod when;

use crate::id_type;

id_type! {
    /// A team: a ward, a practice, a community team, a theatre.
    TeamId
}
id_type! {
    /// A measure.
    MeasureId
}
id_type! {
    /// A process whose work is counted against what is required.
    ProcessId
}
id_type! {
    /// One period of one process: a shift or a day.
    PeriodId
}
id_type! {
    /// One completion, or one taken back.
    CompletionId
}
id_type! {
    /// An improvement project.
    ProjectId
}
id_type! {
    /// A PDSA cycle.
    CycleId
}
id_type! {
    /// Something noted while a cycle runs.
    ObservationId
}
id_type! {
    /// A note at a day of a measure's chart.
    AnnotationId
}
id_type! {
    /// A re-based phase of a measure's chart.
    PhaseId
}
id_type! {
    /// A day of a safety cross.
    CrossDayId
}
id_type! {
    /// A huddle that was held.
    HuddleId
}
id_type! {
    /// An action, an escalation or a barrier.
    PromiseId
}
