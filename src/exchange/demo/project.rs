//! The demonstration's projects: ramps of cycles in every stage, with predictions and what was seen.

use chrono::{DateTime, NaiveDate, Utc};

use super::chance::Chance;
use super::history::WEEKS_OF_SECOND_CHECK;
use super::ward::Ward;
use super::{Batch, Moment};
use crate::base::error::Outcome;
use crate::domain::change::Edit;
use crate::domain::cycle::{Cycle, Decision, Observation, Question, Scale, Stage};
use crate::domain::project::Project;
use crate::domain::record::Json;
use crate::domain::{CycleId, MeasureId, ObservationId, ProjectId};

/// What a cycle of the story says; its days are counted back from today.
#[derive(Clone, Copy)]
struct Told {
    ramp: &'static str,
    number: i64,
    title: &'static str,
    change: &'static str,
    questions: &'static [(&'static str, &'static str)],
    differs: &'static str,
    scale: Scale,
    who: &'static str,
    planned: u64,
    started: Option<u64>,
    studied: Option<u64>,
    acted: Option<u64>,
    finished: Option<u64>,
    review: Option<i64>,
    results: &'static str,
    learning: &'static str,
    decision: Option<Decision>,
    next: &'static str,
    seen: &'static [(u64, u32, &'static str)],
}

const TOLD: Told = Told {
    ramp: "",
    number: 1,
    title: "",
    change: "",
    questions: &[],
    differs: "",
    scale: Scale::One,
    who: "",
    planned: 0,
    started: None,
    studied: None,
    acted: None,
    finished: None,
    review: None,
    results: "",
    learning: "",
    decision: None,
    next: "",
    seen: &[],
};

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
        ["Fewer omitted medicines", "Omitted doses without a reason fall from 7 % to under 5 % on the whole ward, nights included.",
         "A second look at the trolley before it is locked; the pharmacy fills gaps before the round.",
         "Half of the blank boxes of May were doses that had been given and not signed."],
        (60, 3.5, 180), &["Medication omissions", "Round minutes"], "ward sister",
    )?;
    story.cycles(&omissions, "second check", &second_checks(second_check));
    story.cycles(&omissions, "pharmacy top-up", &TOP_UPS);
    let home = story.project(
        ["Home before noon", "One in three planned discharges has left by 12:00, seven days a week.",
         "Medicines to take home the day before; discharge by written criteria.",
         "Of twenty late discharges of the spring, eleven waited for medicines and six for transport."],
        (95, 3.0, 120), &["Home before noon", "Readmissions"], "discharge coordinator",
    )?;
    story.cycles(&home, "TTOs the day before", &TTOS);
    story.cycles(&home, "written criteria", &CRITERIA);
    let trays = story.project(
        ["Nobody goes hungry", "Every patient has a nutrition score of the last seven days by the end of the year.",
         "Red trays for those who need help; the screen is done at the meal and not at the desk.",
         "Screens are missed on the days on which the ward is full, and never at mealtimes."],
        (40, 2.5, 70), &["Nutrition screen", "Linen use"], "nutrition link nurse",
    )?;
    story.cycles(&trays, "red trays", &TRAYS);
    Ok(story.batches)
}

/// The second ward's one project: its cycle has been planned for seven weeks.
pub(super) fn of_second(ward: &Ward, seed: u64, moment: Moment) -> Outcome<Vec<Batch>> {
    let mut story = Story { ward, moment, ids: Chance::of(seed, "projects of 7B"), batches: Vec::new() };
    let nights = story.project(
        ["Quiet nights", "Noise after 22:00 wakes nobody: seven in ten patients sleep through by spring.",
         "Soft-closing bins, one round of checks, lights down at 22:00.", "Patients name bins and voices first."],
        (140, 1.5, 60), &["Good days", "Falls"], "night sister",
    )?;
    story.cycles(&nights, "lights down", &NIGHTS);
    Ok(story.batches)
}

impl Story<'_> {
    /// Makes a project: name, aim, changes and rationale; days until its date, score, days since it began.
    fn project(&mut self, words: [&str; 4], (by, score, began): (u64, f64, u64), measures: &[&str], owner: &str) -> Outcome<Project> {
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
                .map(|(question, prediction)| Question { question: (*question).to_owned(), prediction: (*prediction).to_owned() })
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

/// The ramp that made the difference: its third cycle began where the chart changes.
fn second_checks(third_began: u64) -> [Told; 4] {
    let begun = third_began;
    [
        Told {
            ramp: "A", title: "one trolley, one shift", scale: Scale::Shift, who: "bay 2, early shift, one nurse",
            change: "Before the trolley is locked, a second nurse looks through the charts for blanks.",
            questions: &[("Can it be done at the end of a round?", "Yes, in three minutes")],
            planned: begun + 42, started: Some(begun + 40), studied: Some(begun + 39), acted: Some(begun + 38), finished: Some(begun + 38),
            results: "Two minutes; three blanks found of 61 doses, two of them given and not signed.",
            learning: "Most blanks are signatures.", decision: Some(Decision::Adopt), next: "one bay, three shifts",
            ..TOLD
        },
        Told {
            ramp: "A", number: 2, title: "one bay, three shifts", differs: "all three shifts instead of one", scale: Scale::Bay,
            who: "bay 2, all nurses for three days", change: "The second look at the end of each round, by whoever is nearest.",
            questions: &[("Does it hold on nights?", "On two nights of three")],
            planned: begun + 34, started: Some(begun + 31), studied: Some(begun + 27), acted: Some(begun + 26), finished: Some(begun + 25),
            results: "Done in eight of nine shifts. Nights had nobody near: the nurse in charge did it.",
            learning: "It needs a name on the board, not “whoever is nearest”.", decision: Some(Decision::Adapt), next: "early shift, all bays",
            ..TOLD
        },
        Told {
            ramp: "A", number: 3, title: "early shift, all bays", differs: "a named second nurse, every bay, one shift", scale: Scale::Ward,
            who: "early shift, every bay, four weeks", change: "The board names the second nurse for each trolley at the huddle.",
            questions: &[("Do omissions fall on the whole ward?", "From 7 % to about 5 %"), ("Does the round take longer?", "No more than four minutes")],
            planned: begun + 3, started: Some(begun), studied: Some(begun.saturating_sub(26)), acted: Some(begun.saturating_sub(27)),
            finished: Some(begun.saturating_sub(28)), results: "4.6 % of doses in four weeks; the round took two minutes longer.",
            learning: "The name on the board made it happen.", decision: Some(Decision::Adopt), next: "all shifts", ..TOLD
        },
        Told {
            ramp: "A", number: 4, title: "second check on all shifts", differs: "all shifts instead of the early shift", scale: Scale::Ward,
            who: "every shift, every bay, six weeks", change: "The named second nurse on every shift, nights and weekends too.",
            questions: &[("Do omissions stay under 5 % when nights do it too?", "4 to 5 %; nights forget on weekends"), ("Does the round take longer?", "No more than four minutes")],
            planned: 41, started: Some(39), review: Some(2),
            seen: &[(39, 7, "started; night sister briefed"), (18, 22, "bank staff did not know: card put on the trolley"), (4, 8, "new staff shown the check")],
            ..TOLD
        },
    ]
}

const TOP_UPS: [Told; 2] = [
    Told {
        ramp: "B", title: "telephone the pharmacy at 10:00", scale: Scale::Shift, who: "nurse in charge, three mornings",
        change: "One call at 10:00 with everything that ran out on the 08:00 round.",
        questions: &[("Does it save calls?", "From nine calls to two"), ("Do doses come in time?", "By noon")],
        planned: 88, started: Some(86), studied: Some(83), acted: Some(82), finished: Some(82),
        results: "Nine calls became seven: at 10:00 nobody in the pharmacy can leave the line.",
        learning: "Ten is the pharmacy's busiest hour. What runs out is known the evening before.", decision: Some(Decision::Abandon),
        next: "top-up list at the huddle", seen: &[(85, 10, "engaged three times, then on hold for eleven minutes")], ..TOLD
    },
    Told {
        ramp: "B", number: 2, title: "top-up list at the huddle", differs: "a list the evening before instead of a call", scale: Scale::Bay,
        who: "bay 1, late shift writes, pharmacist collects", change: "The late shift writes what will run out; the pharmacist takes the list from the huddle.",
        questions: &[("How many doses are missing at 08:00?", "")], planned: 12, ..TOLD
    },
];

const TTOS: [Told; 2] = [
    Told {
        ramp: "A", title: "two patients", who: "one junior doctor, two patients of bay 4", scale: Scale::One,
        change: "Medicines to take home are written on the afternoon before.",
        questions: &[("Are they ready by 09:00?", "Both")], planned: 52, started: Some(50), studied: Some(48), acted: Some(47), finished: Some(47),
        results: "Both ready at 08:30, both home at 10:15 and 11:05.", learning: "The pharmacist wants them by 15:00.",
        decision: Some(Decision::Adopt), next: "one consultant", ..TOLD
    },
    Told {
        ramp: "A", number: 2, title: "one consultant", differs: "all patients of one consultant, by 15:00", scale: Scale::Bay,
        who: "consultant of the week, four weeks", change: "Every planned discharge of one consultant has its medicines written by 15:00 the day before.",
        questions: &[("How many leave before noon?", "One in three, from one in five"), ("Is anybody kept for it?", "Nobody")],
        planned: 45, started: Some(44), studied: Some(9), review: Some(-3),
        seen: &[(30, 15, "two written and then not going home: torn up"), (12, 11, "transport now the last thing to wait for")], ..TOLD
    },
];

const CRITERIA: [Told; 1] = [Told {
    ramp: "B", title: "discharge by written criteria", scale: Scale::One, who: "nurse in charge, weekend, three patients",
    change: "The consultant writes what has to be so on Friday; the nurse lets the patient go when it is.",
    questions: &[("Does anybody leave on Sunday who would not have?", "One of three")], planned: 24, started: Some(20), studied: Some(14), acted: Some(2),
    results: "Two of three left on Sunday before noon; the third had a temperature.", learning: "The criteria have to fit on three lines.",
    ..TOLD
}];

const TRAYS: [Told; 2] = [
    Told {
        ramp: "A", title: "red trays in bay 2", scale: Scale::Bay, who: "bay 2, one week, health care support",
        change: "Whoever needs help with eating gets a red tray; the screen is done at that meal.",
        questions: &[("Are screens up to date in bay 2?", "All but one")], planned: 48, started: Some(46), studied: Some(38), acted: Some(37), finished: Some(36),
        results: "Six of six in date, from three of six.", learning: "The kitchen needs the list by 11:00.", decision: Some(Decision::Adopt),
        next: "the whole ward", ..TOLD
    },
    Told {
        ramp: "A", number: 2, title: "red trays on the whole ward", differs: "five bays; the list goes to the kitchen at 10:30", scale: Scale::Ward,
        who: "all bays, four weeks", change: "Red trays on the whole ward, with the list from the board round.",
        questions: &[("Does the weekly count reach 95 %?", "In three weeks of four")], planned: 15, started: Some(12), review: Some(16),
        seen: &[(11, 12, "trays came late from the kitchen on the first day")], ..TOLD
    },
];

const NIGHTS: [Told; 1] = [Told {
    ramp: "A", title: "lights down at 22:00", scale: Scale::Shift, who: "one bay, one night", change: "Lights down at 22:00 and one round of checks.",
    questions: &[("How many sleep through?", "")], planned: 50, ..TOLD
}];
