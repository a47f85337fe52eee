//! A PDSA cycle: the worksheet's fields, its stages, and the checks of its own method.
//!
//! Fields: IHI worksheet and the NHS template. Method checks: Taylor et al. 2014
//! (doi 10.1136/bmjqs-2013-001862), Knudsen et al. 2019.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::change::Edit;
use super::record::{FieldValue, Json, Kind, Shape};
use super::{CycleId, MeasureId, ObservationId, ProjectId};
use crate::base::error::{Failure, Outcome};
use crate::{codes, record};

codes! {
    /// Where a cycle stands. A cycle in Act whose decision is made is finished.
    Stage {
        /// What is tried, and what is predicted.
        Plan = "plan",
        /// The test runs.
        Do = "do",
        /// What was seen is compared with what was predicted.
        Study = "study",
        /// What is decided.
        Act = "act",
    }
}

codes! {
    /// What is decided at the end; an abandoned cycle with its learning is a success.
    Decision {
        /// Keep the change.
        Adopt = "adopt",
        /// Change the change and test again.
        Adapt = "adapt",
        /// Let it go, and keep what was learned.
        Abandon = "abandon",
    }
}

codes! {
    /// How large the test is; the first one is small.
    Scale {
        /// One patient, one member of staff, once.
        One = "one patient",
        /// A shift.
        Shift = "one shift",
        /// A bay.
        Bay = "one bay",
        /// The ward.
        Ward = "ward",
        /// Beyond the ward.
        Wider = "wider",
    }
}

/// A question that the cycle asks, and what the team predicts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Question {
    /// What do we want to learn.
    pub question: String,
    /// What do we think will happen.
    pub prediction: String,
}

record! {
    /// A PDSA cycle.
    Cycle, CycleId, Kind::Cycle, {
        /// The project.
        project: ProjectId = Shape::Reference,
        /// The ramp that it belongs to: cycles on one change idea, from small to large ("A").
        ramp: String = Shape::Line(40),
        /// Its number in the ramp, from 1.
        number: i64 = Shape::Whole,
        /// What it tries, in a few words.
        title: String = Shape::Line(80),
        /// Where it stands.
        stage: Stage = Shape::Code,
        /// The change to be tested.
        change: String = Shape::Lines(1_000),
        /// What do we want to learn, and what do we predict; locked when Do begins.
        questions: Json<Vec<Question>> = Shape::Json(4_000),
        /// Why we think it will work.
        rationale: String = Shape::Lines(1_000),
        /// What differs from the cycle before.
        differs: String = Shape::Line(200),
        /// How large the test is.
        scale: Scale = Shape::Code,
        /// Who does it, where and when.
        who: String = Shape::Line(200),
        /// How the data are collected.
        data: String = Shape::Lines(1_000),
        /// The measures that it is read on.
        measures: Json<Vec<MeasureId>> = Shape::Json(2_000),
        /// The role that leads it.
        owner: String = Shape::Line(40),
        /// The day on which it was planned.
        planned: Option<NaiveDate> = Shape::Time,
        /// The day on which Do began.
        started: Option<NaiveDate> = Shape::Time,
        /// When its predictions were locked.
        locked: Option<DateTime<Utc>> = Shape::Time,
        /// The day on which Study began.
        studied: Option<NaiveDate> = Shape::Time,
        /// The day on which Act began.
        acted: Option<NaiveDate> = Shape::Time,
        /// The day on which the team wants to look at it.
        review: Option<NaiveDate> = Shape::Time,
        /// Whether it was carried out as planned.
        as_planned: Option<bool> = Shape::Flag,
        /// What was seen, compared with the predictions.
        results: String = Shape::Lines(2_000),
        /// Whether the results matched the predictions.
        matched: Option<bool> = Shape::Flag,
        /// What was learned.
        learning: String = Shape::Lines(2_000),
        /// Adopt, adapt or abandon.
        decision: Option<Decision> = Shape::Code,
        /// What the next cycle tries.
        next: String = Shape::Line(200),
        /// The day on which the decision was made.
        finished: Option<NaiveDate> = Shape::Time,
    }
}

record! {
    /// Something noted while a cycle runs: an observation, a problem, something unexpected.
    Observation, ObservationId, Kind::Observation, {
        /// The cycle.
        cycle: CycleId = Shape::Reference,
        /// When it was noted.
        at: DateTime<Utc> = Shape::Time,
        /// What was seen.
        text: String = Shape::Line(400),
    }
}

/// The fields that are locked when Do begins.
pub const LOCKED_FIELDS: &[&str] = &["questions"];

impl Cycle {
    /// Whether its decision is made.
    pub fn is_finished(&self) -> bool {
        self.decision.is_some()
    }

    /// The day on which it came to the stage where it stands.
    pub fn since(&self) -> Option<NaiveDate> {
        match self.stage {
            Stage::Plan => self.planned,
            Stage::Do => self.started.or(self.planned),
            Stage::Study => self.studied.or(self.started),
            Stage::Act => self.acted.or(self.studied),
        }
    }

    /// Days since it was planned, or until it was finished.
    pub fn age_days(&self, today: NaiveDate) -> i64 {
        let end = self.finished.unwrap_or(today);
        self.planned.or(self.started).map_or(0, |start| (end - start).num_days().max(0))
    }

    /// Days in the stage where it stands.
    pub fn stage_days(&self, today: NaiveDate) -> i64 {
        self.since().map_or(0, |since| (today - since).num_days().max(0))
    }

    /// The edit that takes it to its next stage.
    ///
    /// # Errors
    /// A sentence that says what the worksheet still lacks.
    pub fn advance(&self, today: NaiveDate, now: DateTime<Utc>) -> Outcome<Edit> {
        let edit = Edit::of(self);
        match self.stage {
            Stage::Plan => {
                let asked = self.questions.0.iter().filter(|question| !question.question.trim().is_empty());
                if asked.clone().count() == 0 || asked.clone().any(|question| question.prediction.trim().is_empty()) {
                    return Err(Failure::refused("Do begins with a prediction for each question.")
                        .hint("Press e and write what you want to learn and what you think will happen."));
                }
                Ok(edit.with("stage", &Stage::Do).with("started", &Some(today)).with("locked", &Some(now)))
            }
            Stage::Do => Ok(edit.with("stage", &Stage::Study).with("studied", &Some(today))),
            Stage::Study => {
                if self.results.trim().is_empty() {
                    return Err(Failure::refused("Study is not written yet.")
                        .hint("Press e and compare what you saw with what you predicted."));
                }
                Ok(edit.with("stage", &Stage::Act).with("acted", &Some(today)))
            }
            Stage::Act if self.decision.is_none() => {
                Err(Failure::refused("Act ends with a decision.").hint("Press d to adopt, adapt or abandon."))
            }
            Stage::Act => Err(Failure::refused("This cycle is finished.").hint("Press N for the next cycle.")),
        }
    }

    /// The edit that decides it.
    ///
    /// # Errors
    /// A sentence where the cycle has not come to Act, or abandons without saying what was learned.
    pub fn decide(&self, decision: Decision, today: NaiveDate) -> Outcome<Edit> {
        if let Some(made) = self.decision {
            return Err(Failure::refused(format!("This cycle is finished: {}.", made.code()))
                .hint("Press N for the next cycle, or u to undo the decision."));
        }
        if self.stage != Stage::Act {
            return Err(Failure::refused("A cycle is decided in Act.").hint("Press > to go to the next stage first."));
        }
        if decision == Decision::Abandon && self.learning.trim().is_empty() && self.results.trim().is_empty() {
            return Err(
                Failure::refused("An abandoned cycle keeps what was learned.").hint("Press e and write it down.")
            );
        }
        Ok(Edit::of(self).with("decision", &Some(decision)).with("finished", &Some(today)))
    }

    /// The cycle that follows this one in its ramp, planned from what this one decided.
    pub fn following(&self, id: CycleId, today: NaiveDate) -> Self {
        let mut next = Self::blank(id, self.team);
        next.project = self.project;
        next.ramp.clone_from(&self.ramp);
        next.number = self.number + 1;
        next.title.clone_from(&self.next);
        next.change.clone_from(&self.change);
        next.rationale.clone_from(&self.rationale);
        next.measures = self.measures.clone();
        next.owner.clone_from(&self.owner);
        next.scale = self.scale;
        next.planned = Some(today);
        next
    }

    /// The checks of its own method, in the order of the worksheet.
    ///
    /// `previous` is the cycle before in its ramp, `points_in_test` how many data points of its
    /// measures fall into the test.
    pub fn method_checks(&self, previous: Option<&Self>, in_ramp: usize, points_in_test: usize) -> Vec<Check> {
        let predicted = !self.questions.0.is_empty()
            && self.questions.0.iter().all(|question| !question.prediction.trim().is_empty());
        let begun = self.stage != Stage::Plan;
        let studied = !self.results.trim().is_empty();
        let check = |words: &'static str, met: bool, due: bool| Check { words, met, due };
        vec![
            check("prediction before Do", predicted, begun),
            check("first cycle was small", self.number > 1 || self.scale.is_small(), begun),
            check("linked cycles", in_ramp > 1, self.is_finished()),
            check("rationale stated", !self.rationale.trim().is_empty(), begun),
            check("differs from the cycle before", previous.is_none() || !self.differs.trim().is_empty(), begun),
            check("3 or more points in test", points_in_test >= 3, matches!(self.stage, Stage::Study | Stage::Act)),
            check("study answers each prediction", studied, matches!(self.stage, Stage::Act)),
            check("decision: adopt, adapt, abandon", self.is_finished(), self.is_finished()),
        ]
    }
}

impl Scale {
    /// Whether it is small enough for a first test.
    pub fn is_small(self) -> bool {
        matches!(self, Self::One | Self::Shift | Self::Bay)
    }
}

/// One check of a cycle's method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Check {
    /// What is checked.
    pub words: &'static str,
    /// Whether it is met.
    pub met: bool,
    /// Whether it should be met by now: an unmet check that is not yet due is no fault.
    pub due: bool,
}

/// Refuses to set what is locked in a cycle of which Do has begun.
///
/// # Errors
/// A sentence that says what is locked and where to write instead.
pub fn check_lock<'n>(stage: Option<Stage>, fields: impl IntoIterator<Item = &'n str>) -> Outcome<()> {
    let begun = stage.is_some_and(|stage| stage != Stage::Plan);
    if begun && fields.into_iter().any(|name| LOCKED_FIELDS.contains(&name)) {
        return Err(Failure::refused("The predictions are locked since Do began.")
            .hint("Write what turned out differently under Study."));
    }
    Ok(())
}

/// The stage that a table's value names.
pub fn stage_of(value: &super::record::Value) -> Option<Stage> {
    Stage::from_value(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::TeamId;

    fn cycle() -> Cycle {
        Cycle::blank(CycleId::fresh(), TeamId::default())
    }

    fn today() -> NaiveDate {
        "2026-11-20".parse().unwrap()
    }

    #[test]
    fn do_does_not_begin_without_a_prediction() {
        let mut cycle = cycle();
        assert!(cycle.advance(today(), DateTime::default()).is_err());
        cycle.questions = Json(vec![Question { question: "Does it help?".into(), prediction: String::new() }]);
        assert!(cycle.advance(today(), DateTime::default()).is_err());
        cycle.questions.0[0].prediction = "Under 5 %".into();
        let edit = cycle.advance(today(), DateTime::default()).unwrap();
        assert!(edit.fields.iter().any(|(name, _)| *name == "locked"));
    }

    #[test]
    fn predictions_cannot_be_rewritten_once_do_began() {
        assert!(check_lock(Some(Stage::Plan), ["questions"]).is_ok());
        assert!(check_lock(Some(Stage::Do), ["results", "questions"]).is_err());
        assert!(check_lock(Some(Stage::Do), ["results"]).is_ok());
    }

    #[test]
    fn a_cycle_is_decided_in_act_only() {
        let mut cycle = cycle();
        assert!(cycle.decide(Decision::Adopt, today()).is_err());
        cycle.stage = Stage::Act;
        assert!(cycle.decide(Decision::Adopt, today()).is_ok());
        assert!(cycle.decide(Decision::Abandon, today()).is_err(), "nothing learned yet");
        cycle.learning = "Transport cannot come before ten.".into();
        assert!(cycle.decide(Decision::Abandon, today()).is_ok());
    }
}
