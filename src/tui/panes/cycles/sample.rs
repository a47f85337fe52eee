//! A ward with two projects and their ramps, and another ward in the same file, for the tests.

use chrono::NaiveDate;

use super::super::process::sample::{busy_ward, instant, measure};
use crate::app::model::Model;
use crate::chart::{Source, build};
use crate::domain::cycle::{Cycle, Decision, Observation, Question, Scale, Stage};
use crate::domain::frequency::Frequency;
use crate::domain::measure::{Measure, MeasureKind, MeasureRole};
use crate::domain::point::{Point, PointKey, Start};
use crate::domain::project::Project;
use crate::domain::record::Json;
use crate::domain::team::Team;
use crate::domain::{CycleId, ObservationId, ProjectId, TeamId};

fn day(text: &str) -> Option<NaiveDate> {
    Some(text.parse().unwrap())
}

fn project(model: &mut Model, team: TeamId, name: &str, score: f64) -> ProjectId {
    let mut project = Project::blank(ProjectId::fresh(), team);
    project.name = name.to_owned();
    project.aim = "Fewer than 5 % of doses omitted without a reason on every shift.".to_owned();
    project.by = day("2027-03-31");
    project.changes =
        "A second nurse checks the chart at the end of each round.\nThe top-up list is read at the huddle.".to_owned();
    project.owner = "ward sister".to_owned();
    project.score = Some(score);
    project.revision = 2;
    model.projects.push(project);
    model.projects.last().unwrap().id
}

/// Adds a cycle to the last project and answers with its place.
fn cycle(
    model: &mut Model,
    project: ProjectId,
    ramp: &str,
    number: i64,
    title: &str,
    stage: Stage,
    since: &str,
) -> usize {
    let team = model.projects.iter().find(|other| other.id == project).unwrap().team;
    let mut cycle = Cycle::blank(CycleId::fresh(), team);
    (cycle.project, cycle.ramp, cycle.number, cycle.title) = (project, ramp.to_owned(), number, title.to_owned());
    cycle.stage = stage;
    cycle.revision = 5;
    cycle.owner = "ward sister".to_owned();
    cycle.rationale = "Most omissions are seen when somebody looks.".to_owned();
    cycle.planned = day(since);
    if stage != Stage::Plan {
        (cycle.started, cycle.locked) = (day(since), Some(instant(&format!("{since} 07:10"))));
    }
    if matches!(stage, Stage::Study | Stage::Act) {
        cycle.studied = day(since);
    }
    if stage == Stage::Act {
        cycle.acted = day(since);
    }
    model.cycles.push(cycle);
    model.cycles.len() - 1
}

fn finished(model: &mut Model, at: usize, decision: Decision) {
    model.cycles[at].results = "3 of 60 doses".to_owned();
    model.cycles[at].decision = Some(decision);
    model.cycles[at].finished = day("2026-10-10");
}

/// A weekly measure with a tile of its last 24 points.
fn weekly(model: &mut Model, name: &str, role: MeasureRole) -> Measure {
    let mut measure = measure(model, name, MeasureKind::Count);
    (measure.role, measure.frequency) = (role, Frequency::Week(chrono::Weekday::Mon));
    let points: Vec<Point> = (0..24_u32)
        .map(|week| {
            let day = day("2026-06-08").unwrap() + chrono::TimeDelta::weeks(i64::from(week));
            let value = f64::from(if week < 14 { 9 + week % 3 } else { 4 + week % 2 });
            let key = PointKey { measure: measure.id, start: Start::day(day), stratum: String::new(), ordinal: 0 };
            Point { key, value: Some(value), denominator: None, note: String::new(), ghost: None, revision: 1 }
        })
        .collect();
    let tile = build(Source { today: Some(model.today()), ..Source::of(&measure, &points) }).summary();
    model.tiles.insert(measure.id, tile);
    model.measures.push(measure.clone());
    measure
}

/// Ward 7A with six cycles in one project and two in another, and Ward 5B with one.
pub(in crate::tui::panes) fn ward() -> Model {
    let mut model = busy_ward();
    let omissions = weekly(&mut model, "Medication omissions", MeasureRole::Outcome);
    let minutes = weekly(&mut model, "Round minutes", MeasureRole::Balancing);
    let team = model.team.id;
    let medicines = project(&mut model, team, "Fewer omitted medicines", 3.5);
    model.projects[0].measures = Json(vec![omissions.id, minutes.id]);
    for (number, title, decision) in [
        (1, "one trolley, one shift", Decision::Adopt),
        (2, "one bay, three shifts", Decision::Adapt),
        (3, "early shift, all bays", Decision::Adopt),
    ] {
        let at = cycle(&mut model, medicines, "A", number, title, Stage::Act, "2026-09-14");
        finished(&mut model, at, decision);
    }
    let running = cycle(&mut model, medicines, "A", 4, "second check on all shifts", Stage::Do, "2026-10-12");
    fill_in(&mut model, running);
    model.cycles[running].measures = Json(vec![omissions.id, minutes.id]);
    let at = cycle(&mut model, medicines, "B", 1, "phone at 10:00", Stage::Act, "2026-10-02");
    finished(&mut model, at, Decision::Abandon);
    cycle(&mut model, medicines, "B", 2, "top-up list at huddle", Stage::Plan, "2026-11-17");
    let home = project(&mut model, team, "Home before noon", 3.0);
    let at = cycle(&mut model, home, "A", 1, "two patients", Stage::Act, "2026-10-20");
    finished(&mut model, at, Decision::Adopt);
    cycle(&mut model, home, "A", 2, "one consultant", Stage::Study, "2026-11-08");
    let mut other = Team::blank(TeamId::fresh(), TeamId::default());
    (other.team, other.name) = (other.id, "Ward 5B".to_owned());
    let falls = project(&mut model, other.id, "Fewer falls at night", 1.5);
    model.teams.push(other);
    cycle(&mut model, falls, "A", 1, "lights on a timer", Stage::Act, "2026-11-16");
    model
}

fn fill_in(model: &mut Model, at: usize) {
    let cycle = &mut model.cycles[at];
    let question = |question: &str, prediction: &str| Question {
        question: question.to_owned(),
        prediction: prediction.to_owned(),
    };
    cycle.questions = Json(vec![
        question("Do omissions stay under 5 % when nights do it too?", "4–5 %; nights forget on weekends"),
        question("Does the round take longer?", "no more than 4 minutes"),
    ]);
    cycle.change = "A second nurse checks the chart at the end of the round.".to_owned();
    cycle.differs = "all shifts instead of the early shift".to_owned();
    cycle.scale = Scale::Ward;
    cycle.review = day("2026-11-23");
    let id = cycle.id;
    let noted = [
        ("2026-10-12 07:40", "started; night sister briefed"),
        ("2026-11-02 22:10", "bank staff did not know: card put on the trolley"),
        ("2026-11-16 08:20", "new staff shown the check"),
    ];
    let noted = noted.map(|(at, text)| {
        let mut observation = Observation::blank(ObservationId::fresh(), model.team.id);
        (observation.cycle, observation.at, observation.text) = (id, instant(at), text.to_owned());
        observation
    });
    model.observations.insert(id, noted.to_vec());
}
