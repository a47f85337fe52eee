//! A ward template: the measures, processes, reasons and agenda that a new team starts with.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};
use serde::Deserialize;

use super::change::Edit;
use super::frequency::Frequency;
use super::measure::{Measure, MeasureKind, MeasureRole};
use super::process::{Flow, Layout, Plan, Process};
use super::record::Json;
use super::shift::{Shift, ShiftPattern};
use super::team::Team;
use super::{MeasureId, ProcessId, TeamId};
use crate::base::error::{Failure, Outcome};
use crate::base::zone::Zone;
use crate::spc::{Better, ChartType, RuleSet};

/// A template as its file in config/ says it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// The word that `init --template` takes.
    pub code: String,
    /// What it is called in the welcome.
    pub name: String,
    /// One sentence on whom it is for.
    pub about: String,
    /// The team's shifts; the usual three where there are none.
    #[serde(default)]
    pub shifts: Vec<Shift>,
    /// The board's columns.
    pub columns: Vec<String>,
    /// The team's own list of reasons for work not done.
    #[serde(default)]
    pub reasons: Vec<String>,
    /// The huddle's agenda.
    #[serde(default)]
    pub agenda: Vec<String>,
    /// Its measures.
    #[serde(default, rename = "measure")]
    pub measures: Vec<TemplateMeasure>,
    /// Its processes.
    #[serde(default, rename = "process")]
    pub processes: Vec<TemplateProcess>,
}

/// A measure of a template.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateMeasure {
    /// Its name.
    pub name: String,
    /// Its letter for quick entry.
    pub alias: Option<String>,
    /// Its column.
    pub column: String,
    /// Whether it is a focus measure.
    #[serde(default)]
    pub focus: bool,
    /// Its operational definition.
    pub definition: String,
    /// What the numerator counts.
    #[serde(default)]
    pub numerator: String,
    /// What the denominator counts.
    #[serde(default)]
    pub denominator: String,
    /// `count`, `proportion`, `rate` or `value`.
    pub kind: MeasureKind,
    /// Its unit.
    #[serde(default)]
    pub unit: String,
    /// A rate is shown per so many.
    pub per: Option<f64>,
    /// `outcome`, `process` or `balancing`.
    pub role: MeasureRole,
    /// `up`, `down` or `neither`.
    pub better: String,
    /// Its target, as plotted.
    pub target: Option<f64>,
    /// `daily`, `weekly`, `monthly` …
    pub frequency: String,
    /// `run`, `xmr` …; a run chart where nothing is said.
    pub chart: Option<String>,
    /// The role that looks after it.
    #[serde(default)]
    pub owner: String,
    /// The process of this template whose closed periods are its points.
    pub source: Option<String>,
}

/// A process of a template.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateProcess {
    /// Its name.
    pub name: String,
    /// Required by shift name (or "day"), Monday to Sunday.
    pub required: BTreeMap<String, [u32; 7]>,
    /// Required on bank holidays by shift name, where that is not what the weekday says.
    #[serde(default)]
    pub holidays: BTreeMap<String, u32>,
    /// `shift`, `hours` or `each_hour`; shifts where nothing is said.
    #[serde(default)]
    pub layout: Layout,
    /// `work`, `demand` or `capacity`; work where nothing is said.
    #[serde(default)]
    pub flow: Flow,
    /// Whether what is left undone is required in the next period as well.
    #[serde(default)]
    pub carry: bool,
    /// The time of day by which it is expected, HH:MM.
    pub until: Option<String>,
    /// The role that looks after it.
    #[serde(default)]
    pub owner: String,
}

impl Template {
    /// The edits that make a team of this template: the team first, then its processes and measures.
    ///
    /// # Errors
    /// A sentence where the template's file names a code that does not exist.
    pub fn make_team(&self, name: &str, speciality: &str, zone: Zone, today: NaiveDate) -> Outcome<(Team, Vec<Edit>)> {
        let mut team = Team::blank(TeamId::fresh(), TeamId::default());
        team.team = team.id;
        team.name = name.to_owned();
        team.speciality = speciality.to_owned();
        team.zone = zone.name().to_owned();
        team.template.clone_from(&self.code);
        team.shifts = Json(ShiftPattern::from(self.shifts.clone()));
        team.columns = Json(self.columns.clone());
        team.reasons = Json(self.reasons.clone());
        team.agenda = Json(self.agenda.clone());
        team.role = "team".to_owned();
        let mut processes = Vec::new();
        for (position, process) in (1_i64..).zip(&self.processes) {
            processes.push(process.make(team.id, position, today)?);
        }
        let mut measures = Vec::new();
        for (position, measure) in (1_i64..).zip(&self.measures) {
            measures.push(measure.make(team.id, position, &mut processes)?);
        }
        let edits = std::iter::once(Edit::create(&team))
            .chain(processes.iter().map(Edit::create))
            .chain(measures.iter().map(Edit::create))
            .collect();
        Ok((team, edits))
    }
}

impl TemplateProcess {
    fn make(&self, team: TeamId, position: i64, today: NaiveDate) -> Outcome<Process> {
        let mut process = Process::blank(ProcessId::fresh(), team);
        process.name.clone_from(&self.name);
        process.position = position;
        process.owner.clone_from(&self.owner);
        let (required, holidays) = (self.required.clone(), self.holidays.clone());
        process.schedule = Json(vec![Plan { from: today, required, holidays, ..Plan::default() }]);
        (process.layout, process.flow, process.carry) = (self.layout, self.flow, self.carry);
        if let Some(until) = &self.until {
            let time = NaiveTime::parse_from_str(until, "%H:%M").map_err(|_| unknown("time", until, &self.name))?;
            process.until = Some(time);
        }
        Ok(process)
    }
}

impl TemplateMeasure {
    fn make(&self, team: TeamId, position: i64, processes: &mut [Process]) -> Outcome<Measure> {
        let mut measure = Measure::blank(MeasureId::fresh(), team);
        measure.name.clone_from(&self.name);
        measure.alias.clone_from(&self.alias);
        measure.column.clone_from(&self.column);
        measure.position = position;
        measure.focus = self.focus;
        measure.definition.clone_from(&self.definition);
        measure.numerator.clone_from(&self.numerator);
        measure.denominator.clone_from(&self.denominator);
        measure.kind = self.kind;
        measure.unit.clone_from(&self.unit);
        measure.per = self.per;
        measure.role = self.role;
        measure.owner.clone_from(&self.owner);
        measure.target = self.target;
        measure.better =
            Some(Better::parse(&self.better).ok_or_else(|| unknown("direction", &self.better, &self.name))?);
        measure.frequency =
            Frequency::parse(&self.frequency).ok_or_else(|| unknown("frequency", &self.frequency, &self.name))?;
        if let Some(chart) = &self.chart {
            let chart = ChartType::parse(chart).ok_or_else(|| unknown("chart", chart, &self.name))?;
            measure.chart = Some(chart);
            measure.rules = Some(RuleSet::default_for(chart));
        }
        if let Some(source) = &self.source {
            let process = processes.iter_mut().find(|process| process.name == *source);
            let process = process.ok_or_else(|| unknown("process", source, &self.name))?;
            process.measure = Some(measure.id);
            measure.source = Some(process.id);
        }
        Ok(measure)
    }
}

fn unknown(what: &str, code: &str, name: &str) -> Failure {
    Failure::refused(format!("The template names a {what} that does not exist: “{code}”.")).at(name.to_owned())
}
