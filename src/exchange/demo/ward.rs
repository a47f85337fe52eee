//! A team of the demonstration: what its template makes, with ids that the seed decides.

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::chance::Chance;
use crate::base::error::{Failure, Outcome};
use crate::base::zone::Zone;
use crate::domain::change::{Edit, RecordKey};
use crate::domain::measure::Measure;
use crate::domain::process::{Flow, Plan, Process};
use crate::domain::record::{Json, Record, Value};
use crate::domain::team::Team;
use crate::domain::template::Template;
use crate::domain::{MeasureId, ProcessId, TeamId};

/// A team with its measures and processes, not yet written down.
pub(super) struct Ward {
    pub(super) team: Team,
    pub(super) processes: Vec<Process>,
    pub(super) measures: Vec<Measure>,
}

impl Ward {
    /// The team that `template` makes on `since`; London's clock, so that every machine shows the same.
    pub(super) fn of(
        template: &Template,
        name: &str,
        speciality: &str,
        since: NaiveDate,
        chance: &mut Chance,
    ) -> Outcome<Self> {
        let (_, mut edits) = template.make_team(name, speciality, Zone::default(), since)?;
        reseed(&mut edits, chance);
        let mut team: Vec<Team> = typed(&edits);
        let mut team = team
            .pop()
            .ok_or_else(|| Failure::new(crate::base::error::FailureKind::Internal, "A template made no team."))?;
        team.demo = true;
        team.role = "ward team".to_owned();
        Ok(Self { team, processes: typed(&edits), measures: typed(&edits) })
    }

    /// Keeps only the measures and processes of these names.
    pub(super) fn keep(&mut self, measures: &[&str], processes: &[&str]) {
        self.measures.retain(|measure| measures.contains(&measure.name.as_str()));
        self.processes.retain(|process| processes.contains(&process.name.as_str()));
    }

    /// Beds that are asked for, and beds that are made free, in the early and the late shift.
    pub(super) fn add_beds(&mut self, since: NaiveDate, chance: &mut Chance) {
        let rows = [
            ("Beds asked for", Flow::Demand, [6, 5, 5, 5, 6, 3, 3], [4, 4, 4, 4, 4, 3, 3]),
            ("Beds made free", Flow::Capacity, [6, 6, 6, 6, 7, 3, 2], [3, 3, 3, 3, 3, 2, 2]),
        ];
        for (name, flow, early, late) in rows {
            let mut process = Process::blank(ProcessId(chance.id()), self.team.id);
            process.position = self.processes.iter().map(|other| other.position).max().unwrap_or(0) + 1;
            (process.name, process.owner, process.flow) = (name.to_owned(), "nurse in charge".to_owned(), flow);
            let required = [("Early".to_owned(), early), ("Late".to_owned(), late)].into();
            process.schedule = Json(vec![Plan { from: since, required, ..Plan::default() }]);
            self.processes.push(process);
        }
    }

    /// The measure of this name.
    pub(super) fn measure(&mut self, name: &str) -> Outcome<&mut Measure> {
        self.measures.iter_mut().find(|measure| measure.name == name).ok_or_else(|| missing(name))
    }

    /// The id of the measure of this name.
    pub(super) fn id(&self, name: &str) -> Outcome<MeasureId> {
        self.measures.iter().find(|measure| measure.name == name).map(|measure| measure.id).ok_or_else(|| missing(name))
    }

    /// The edits that make the team with its processes and measures.
    pub(super) fn edits(&self) -> Vec<Edit> {
        std::iter::once(Edit::create(&self.team))
            .chain(self.processes.iter().map(Edit::create))
            .chain(self.measures.iter().map(Edit::create))
            .collect()
    }
}

fn missing(name: &str) -> Failure {
    Failure::refused(format!("The template has no measure “{name}”, which the demonstration needs."))
}

/// Gives every record an id from `chance`, wherever it is named.
fn reseed(edits: &mut [Edit], chance: &mut Chance) {
    let mut fresh: HashMap<Uuid, Uuid> = HashMap::new();
    for edit in edits.iter() {
        if let RecordKey::Id(id) = edit.record {
            fresh.insert(id, chance.id());
        }
    }
    let names: HashMap<String, String> = fresh.iter().map(|(old, new)| (old.to_string(), new.to_string())).collect();
    for edit in edits {
        if let RecordKey::Id(id) = &mut edit.record {
            *id = fresh.get(id).copied().unwrap_or(*id);
        }
        edit.team = TeamId(fresh.get(&edit.team.0).copied().unwrap_or(edit.team.0));
        for (_, value) in &mut edit.fields {
            if let Value::Text(text) = value
                && let Some(new) = names.get(text)
            {
                text.clone_from(new);
            }
        }
    }
}

/// The records of one kind among the edits that make records.
fn typed<R: Record>(edits: &[Edit]) -> Vec<R> {
    let of_kind = edits.iter().filter(|edit| edit.kind == R::KIND);
    of_kind
        .filter_map(|edit| {
            let RecordKey::Id(id) = edit.record else { return None };
            let values: Vec<Value> = edit.fields.iter().map(|(_, value)| value.clone()).collect();
            Some(R::assemble(id, edit.team, 0, &values))
        })
        .collect()
}
