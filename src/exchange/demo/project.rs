//! The demonstration's projects: ramps of cycles in every stage, with predictions and what was seen.

use chrono::{DateTime, NaiveDate, Utc};

use super::chance::Chance;
use super::cycles::{CRITERIA, NIGHTS, TOP_UPS, TRAYS, TTOS, Told, small_checks, whole_checks};
use super::history::WEEKS_OF_SECOND_CHECK;
use super::ward::Ward;
use super::{Batch, Moment};
use crate::base::error::Outcome;
use crate::domain::change::Edit;
use crate::domain::cycle::{Cycle, Decision, Observation, Question, Stage};
use crate::domain::project::Project;
use crate::domain::record::Json;
use crate::domain::{CycleId, MeasureId, ObservationId, ProjectId};

/// A project with what all its cycles share.
struct Story<'a> {
    ward: &'a Ward,
    moment: Moment,
    ids: Chance,
    batches: Vec<Batch>,
}

/// The first ward's three projects.
pub(super) fn of_first(ward: &Ward, seed: u64, moment: Moment) -> Outcome<Vec<Batch>> {
    let mut story = Story { ward, moment, ids: Chance::of(seed, "projects"), batches: Vec::new() };
    let second_check = u64::try_from((moment.today - moment.monday(WEEKS_OF_SECOND_CHECK)).num_days()).unwrap_or(70);
    let omissions = story.project(
        [
            "Fewer omitted medicines",
            "Omitted doses without a reason fall from 7 % to under 5 % on the whole ward, nights included.",
            "A second look at the trolley before it is locked; the pharmacy fills gaps before the round.",
            "Half of the blank boxes of May were doses that had been given and not signed.",
        ],
        (60, 3.5, 180),
        &["Medication omissions", "Round minutes"],
        "ward sister",
    )?;
    story.cycles(&omissions, "second check", &small_checks(second_check));
    story.cycles(&omissions, "second check", &whole_checks(second_check));
    story.cycles(&omissions, "pharmacy top-up", &TOP_UPS);
    let home = story.project(
        [
            "Home before noon",
            "One in three planned discharges has left by 12:00, seven days a week.",
            "Medicines to take home the day before; discharge by written criteria.",
            "Of twenty late discharges of the spring, eleven waited for medicines and six for transport.",
        ],
        (95, 3.0, 120),
        &["Home before noon", "Readmissions"],
        "discharge coordinator",
    )?;
    story.cycles(&home, "TTOs the day before", &TTOS);
    story.cycles(&home, "written criteria", &CRITERIA);
    let trays = story.project(
        [
            "Nobody goes hungry",
            "Every patient has a nutrition score of the last seven days by the end of the year.",
            "Red trays for those who need help; the screen is done at the meal and not at the desk.",
            "Screens are missed on the days on which the ward is full, and never at mealtimes.",
        ],
        (40, 2.5, 70),
        &["Nutrition screen", "Linen use"],
        "nutrition link nurse",
    )?;
    story.cycles(&trays, "red trays", &TRAYS);
    Ok(story.batches)
}

/// The second ward's one project: its cycle has been planned for seven weeks.
pub(super) fn of_second(ward: &Ward, seed: u64, moment: Moment) -> Outcome<Vec<Batch>> {
    let mut story = Story { ward, moment, ids: Chance::of(seed, "projects of 7B"), batches: Vec::new() };
    let nights = story.project(
        [
            "Quiet nights",
            "Noise after 22:00 wakes nobody: seven in ten patients sleep through by spring.",
            "Soft-closing bins, one round of checks, lights down at 22:00.",
            "Patients name bins and voices first.",
        ],
        (140, 1.5, 60),
        &["Good days", "Falls"],
        "night sister",
    )?;
    story.cycles(&nights, "lights down", &NIGHTS);
    Ok(story.batches)
}

impl Story<'_> {
    /// Makes a project: name, aim, changes and rationale; days until its date, score, days since it began.
    fn project(
        &mut self,
        words: [&str; 4],
        (by, score, began): (u64, f64, u64),
        measures: &[&str],
        owner: &str,
    ) -> Outcome<Project> {
        let linked: Vec<MeasureId> = measures.iter().map(|name| self.ward.id(name)).collect::<Outcome<_>>()?;
        let mut project = Project::blank(ProjectId(self.ids.id()), self.ward.team.id);
        [&mut project.name, &mut project.aim, &mut project.changes, &mut project.rationale]
            .into_iter()
            .zip(words)
            .for_each(|(field, text)| text.clone_into(field));
        project.by = self.moment.today.checked_add_days(chrono::Days::new(by));
        project.measures = Json(linked);
        owner.clone_into(&mut project.owner);
        project.score = Some(score);
        let (at, words) = (self.moment.at(began, 9, 0), format!("Project: {}", project.name));
        self.batches.push(Batch { at, role: "ward sister", words, edits: vec![Edit::create(&project)] });
        Ok(project)
    }

    /// The cycles of one ramp, each as an action on the day on which it was planned.
    fn cycles(&mut self, project: &Project, ramp: &str, all: &[Told]) {
        for told in all {
            let cycle = told.cycle(CycleId(self.ids.id()), project, self.moment);
            let mut edits = vec![Edit::create(&cycle)];
            for (ago, hour, text) in told.seen {
                let mut observation = Observation::blank(ObservationId(self.ids.id()), self.ward.team.id);
                observation.cycle = cycle.id;
                observation.at = self.moment.at(*ago, *hour, 20);
                (*text).clone_into(&mut observation.text);
                edits.push(Edit::create(&observation));
            }
            let words = format!("Cycle {}{}, {ramp}: {}", told.ramp, told.number, told.title);
            self.batches.push(Batch { at: self.moment.at(told.planned, 7, 40), role: "ward sister", words, edits });
        }
    }
}

impl Told {
    fn stage(&self) -> Stage {
        match (self.started, self.studied, self.acted) {
            (_, _, Some(_)) => Stage::Act,
            (_, Some(_), None) => Stage::Study,
            (Some(_), None, None) => Stage::Do,
            (None, None, None) => Stage::Plan,
        }
    }

    fn cycle(&self, id: CycleId, project: &Project, moment: Moment) -> Cycle {
        let day = |ago: Option<u64>| -> Option<NaiveDate> { ago.map(|ago| moment.back(ago)) };
        let locked: Option<DateTime<Utc>> = self.started.map(|ago| moment.at(ago, 7, 10));
        let mut cycle = Cycle::blank(id, project.team);
        cycle.project = project.id;
        cycle.ramp = self.ramp.to_owned();
        cycle.number = self.number;
        cycle.title = self.title.to_owned();
        cycle.stage = self.stage();
        cycle.change = self.change.to_owned();
        cycle.questions = Json(
            self.questions
                .iter()
                .map(|(question, prediction)| Question {
                    question: (*question).to_owned(),
                    prediction: (*prediction).to_owned(),
                })
                .collect(),
        );
        cycle.rationale.clone_from(&project.rationale);
        cycle.differs = self.differs.to_owned();
        cycle.scale = self.scale;
        cycle.who = self.who.to_owned();
        cycle.data = "The weekly sample, and a tally on the card.".to_owned();
        cycle.measures = Json(project.measures.0.iter().take(1).copied().collect());
        cycle.owner.clone_from(&project.owner);
        cycle.planned = day(Some(self.planned));
        cycle.started = day(self.started);
        cycle.locked = locked;
        cycle.studied = day(self.studied);
        cycle.acted = day(self.acted);
        cycle.finished = day(self.finished);
        cycle.review = self.review.and_then(|ahead| moment.today.checked_add_signed(chrono::TimeDelta::days(ahead)));
        cycle.as_planned = self.studied.map(|_| true);
        cycle.matched = (!self.results.is_empty()).then_some(self.decision == Some(Decision::Adopt));
        cycle.results = self.results.to_owned();
        cycle.learning = self.learning.to_owned();
        cycle.decision = self.decision;
        cycle.next = self.next.to_owned();
        cycle
    }
}
