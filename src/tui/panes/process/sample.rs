//! A ward on a Friday morning, for the tests: fixed, and without a file.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use ratatui::layout::Rect;

use crate::app::model::{Model, ProcessRow, RowPhase};
use crate::app::news::News;
use crate::base::zone::Zone;
use crate::domain::measure::{Measure, MeasureKind};
use crate::domain::process::{Period, Plan, Process, Standing, Told};
use crate::domain::record::Json;
use crate::domain::team::Team;
use crate::domain::{MeasureId, ProcessId, TeamId};

/// The instant at which the ward's clock shows this.
pub(in crate::tui::panes) fn instant(wall: &str) -> DateTime<Utc> {
    Zone::default().instant(NaiveDateTime::parse_from_str(wall, "%Y-%m-%d %H:%M").unwrap())
}

/// Ward 7A with nothing on its boards, on Friday 20 November 2026 at 08:42.
pub(in crate::tui::panes) fn empty_ward() -> Model {
    let mut team = Team::blank(TeamId::fresh(), TeamId::default());
    team.team = team.id;
    team.name = "Ward 7A".to_owned();
    team.speciality = "Elderly medicine".to_owned();
    team.columns = Json(vec!["Safety".to_owned(), "Flow".to_owned()]);
    team.reasons = Json(["transport", "TTOs", "family", "pharmacy"].map(str::to_owned).to_vec());
    Model {
        now: instant("2026-11-20 08:42"),
        teams: vec![team.clone()],
        team,
        role: "ward sister".to_owned(),
        measures: Vec::new(),
        tiles: HashMap::new(),
        process_day: "2026-11-20".parse().unwrap(),
        rows: Vec::new(),
        processes: Vec::new(),
        reasons: Vec::new(),
        projects: Vec::new(),
        cycles: Vec::new(),
        observations: HashMap::new(),
        promises: Vec::new(),
        huddles: Vec::new(),
        agendas: Vec::new(),
        groups: Vec::new(),
        chart: None,
        cross: None,
        peek: None,
        step: crate::app::step::InStep::default(),
        beside: None,
        clashes: crate::app::conflict::Clashes::default(),
        log: crate::app::log::Log::default(),
        turn: 0,
        pressed: 0,
        news: News::default(),
        notice: None,
        unread_since: None,
        saving: 0,
        body: Rect::new(0, 3, 120, 35),
        templates: Vec::new(),
    }
}

/// A measure of the ward.
pub(in crate::tui::panes) fn measure(model: &Model, name: &str, kind: MeasureKind) -> Measure {
    let mut measure = Measure::blank(MeasureId::fresh(), model.team.id);
    measure.name = name.to_owned();
    measure.kind = kind;
    measure
}

/// A process of the ward that requires so many in each shift.
fn process(model: &Model, name: &str, position: i64, required: &[(&str, [u32; 7])], until: Option<&str>) -> Process {
    let mut process = Process::blank(ProcessId::fresh(), model.team.id);
    process.name = name.to_owned();
    process.position = position;
    process.revision = 1;
    process.until = until.map(|until| NaiveTime::parse_from_str(until, "%H:%M").unwrap());
    let required = required.iter().map(|(name, week)| ((*name).to_owned(), *week)).collect();
    process.schedule = Json(vec![Plan { from: "2026-01-01".parse().unwrap(), required, ..Plan::default() }]);
    process
}

/// Puts the rows of `day` on the board, with so many done of each process in the early shift.
pub(in crate::tui::panes) fn fill(model: &mut Model, day: &str, done: &[i64]) {
    let day: NaiveDate = day.parse().unwrap();
    model.process_day = day;
    model.rows.clear();
    for (index, process) in model.processes.iter().enumerate() {
        for span in process.spans_of(day, &model.team.calendar()) {
            let phase = RowPhase::of(&span, model.now);
            let completed = done.get(index).copied().filter(|_| phase != RowPhase::Ahead).unwrap_or(0);
            let told = Told { completed, recorded: completed != 0, required: None };
            let period = Period::untouched(model.team.id, process.id, span.start);
            let standing = Standing::of(&span, process.flow, told, 0, model.now);
            model.rows.push(ProcessRow { process: process.id, span, period, told, carried: 0, standing, phase });
        }
    }
}

/// Ward 7A at 08:42 with seven processes: one behind, one complete.
pub(in crate::tui::panes) fn busy_ward() -> Model {
    let mut model = empty_ward();
    let all = |early: u32, late: u32, night: u32| [("Early", [early; 7]), ("Late", [late; 7]), ("Night", [night; 7])];
    model.processes = vec![
        process(&model, "Observations, 4-hourly", 1, &all(24, 20, 16), None),
        process(&model, "Medicines round 08:00", 2, &[("Early", [24; 7])], Some("08:00")),
        process(&model, "Discharges before noon", 3, &[("Early", [6, 6, 6, 6, 6, 2, 0])], Some("12:00")),
        process(&model, "VTE assessments", 4, &all(5, 5, 2)[..2], None),
        process(&model, "Comfort rounds, hourly", 5, &all(192, 144, 240), None),
        process(&model, "4AT for new admissions", 6, &[("day", [2; 7])], None),
        process(&model, "Bed space cleans", 7, &[("Early", [7; 7])], None),
    ];
    let mut home = measure(&model, "Home before noon", MeasureKind::Proportion);
    home.source = Some(model.processes[2].id);
    model.processes[2].measure = Some(home.id);
    model.measures = vec![
        home,
        measure(&model, "Hand hygiene", MeasureKind::Proportion),
        measure(&model, "Falls", MeasureKind::Count),
    ];
    fill(&mut model, "2026-11-20", &[9, 24, 0, 3, 36, 1, 2]);
    let late = model.rows.iter_mut().find(|row| row.process == model.processes[2].id).unwrap();
    late.period.reason = Some("transport".to_owned());
    late.period.countermeasure = "porter booked for 11".to_owned();
    model.reasons =
        [("transport", 12), ("TTOs", 7), ("family", 3), ("pharmacy", 2)].map(|(r, n)| (r.to_owned(), n)).to_vec();
    model
}
