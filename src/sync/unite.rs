//! Two boards have each made the same ward: their teams become one.
//!
//! The older of the two stays. What the other one holds is put into it: a measure, process or project of
//! the same name is the same; everything else comes over whole. A day for which both have a value keeps
//! both, as a conflict that somebody settles. The ids of what comes over follow from what it was, so
//! that two boards which do this at the same time do the same.

use std::collections::HashMap;

use uuid::Uuid;

use crate::base::error::{Failure, Outcome};
use crate::base::text;
use crate::domain::annotation::{Annotation, Phase};
use crate::domain::change::{Edit, Expect};
use crate::domain::cross::CrossDay;
use crate::domain::cycle::{Cycle, Observation};
use crate::domain::huddle::Huddle;
use crate::domain::measure::{Amount, Measure};
use crate::domain::point::{Point, PointKey};
use crate::domain::process::{Completion, Period, Process};
use crate::domain::project::Project;
use crate::domain::promise::Promise;
use crate::domain::record::{FieldValue, Record};
use crate::domain::team::Team;
use crate::domain::{
    AnnotationId, CompletionId, CycleId, MeasureId, ObservationId, PeriodId, PhaseId, ProcessId, ProjectId, PromiseId,
    TeamId,
};
use crate::store::{Author, Receipt, Store};

/// Makes two teams of this file one, in one action; answers which of them stays, and what was written.
///
/// # Errors
/// Where either is not in this file, and what the disk answered; nothing is written then.
pub fn unite(store: &mut Store, author: &Author, one: TeamId, other: TeamId) -> Outcome<(TeamId, Receipt)> {
    // The id tells which was made first, everywhere alike.
    let (into, from) = (one.min(other), one.max(other));
    let team = |id: TeamId| {
        store.record::<Team>(id.0)?.filter(|_| into != from).ok_or_else(|| {
            Failure::not_found("There are no two such teams in this file.").hint("Look at the list of teams again.")
        })
    };
    let (stays, goes) = (team(into)?, team(from)?);
    let reader = store.reader()?;
    let union = Union::of(&reader, &stays, &goes)?;
    let measures = reader.records::<Measure>(Some(goes.id))?;
    let rest = union.edits(&reader)?;
    let words = format!("{} and {} made one ward", goes.name, stays.name);
    let values = measures.iter().flat_map(|measure| union.values(&reader, measure));
    let receipt = store.commit(author, &words, values.chain(rest.into_iter().map(Ok)))?;
    Ok((into, receipt))
}

/// What comes over from one team into another, and where each thing finds its place.
struct Union {
    into: TeamId,
    goes: Team,
    measures: HashMap<MeasureId, MeasureId>,
    processes: HashMap<ProcessId, ProcessId>,
    projects: HashMap<ProjectId, ProjectId>,
}

impl Union {
    fn of(store: &Store, stays: &Team, goes: &Team) -> Outcome<Self> {
        let union = |from, into| same(from, into, stays.id);
        let measures = union(named::<Measure>(store, goes.id)?, named::<Measure>(store, stays.id)?);
        let processes = union(named::<Process>(store, goes.id)?, named::<Process>(store, stays.id)?);
        let projects = union(named::<Project>(store, goes.id)?, named::<Project>(store, stays.id)?);
        Ok(Self {
            into: stays.id,
            goes: goes.clone(),
            measures: measures.into_iter().map(|(from, into)| (MeasureId(from), MeasureId(into))).collect(),
            processes: processes.into_iter().map(|(from, into)| (ProcessId(from), ProcessId(into))).collect(),
            projects: projects.into_iter().map(|(from, into)| (ProjectId(from), ProjectId(into))).collect(),
        })
    }

    /// A measure with its values, which may be very many: they are read as they are written.
    fn values(&self, store: &Store, measure: &Measure) -> impl Iterator<Item = Outcome<Edit>> {
        let id = self.measure(measure.id);
        let made = (id == MeasureId(derived(self.into, measure.id.0))).then(|| {
            let source = measure.source.map(|source| self.process(source));
            over(&Measure { id, team: self.into, source, ..measure.clone() })
        });
        let points = measure.source.is_none().then(|| Points::of(store, measure.id)).into_iter().flatten();
        let into = self.into;
        let put = points.filter_map(move |point| match point {
            Ok(Point { value: Some(value), denominator, note, key, .. }) => {
                let (key, amount) = (PointKey { measure: id, ..key }, Amount { value, denominator });
                Some(Ok(Edit::put_point(into, key, amount, &note).expecting(Expect::Unseen)))
            }
            Ok(_) => None,
            Err(failure) => Some(Err(failure)),
        });
        made.into_iter().map(Ok).chain(put).chain([Ok(Edit::of(measure).deleting())])
    }

    fn edits(&self, store: &Store) -> Outcome<Vec<Edit>> {
        let mut edits = Vec::new();
        self.plans(store, &mut edits)?;
        self.work(store, &mut edits)?;
        self.learning(store, &mut edits)?;
        self.marks(store, &mut edits)?;
        self.huddles(store, &mut edits)?;
        edits.push(Edit::of(&self.goes).with("became", &Some(self.into)).deleting());
        Ok(edits)
    }

    /// Processes.
    fn plans(&self, store: &Store, edits: &mut Vec<Edit>) -> Outcome<()> {
        for process in store.records::<Process>(Some(self.goes.id))? {
            let id = self.process(process.id);
            if id == ProcessId(derived(self.into, process.id.0)) {
                let measure = process.measure.map(|measure| self.measure(measure));
                edits.push(over(&Process { id, team: self.into, measure, ..process.clone() }));
            }
            edits.push(Edit::of(&process).deleting());
        }
        Ok(())
    }

    /// What was decided about periods, and what was counted in them.
    fn work(&self, store: &Store, edits: &mut Vec<Edit>) -> Outcome<()> {
        for period in store.records::<Period>(Some(self.goes.id))? {
            let process = self.process(period.process);
            let id: PeriodId = Period::id_of(process, period.start);
            let over = over(&Period { id, team: self.into, process, ..period.clone() }).expecting(Expect::Unseen);
            edits.extend([over, Edit::of(&period).deleting()]);
        }
        for completion in store.records::<Completion>(Some(self.goes.id))? {
            let id = CompletionId(derived(self.into, completion.id.0));
            let process = self.process(completion.process);
            edits.push(over(&Completion { id, team: self.into, process, ..completion.clone() }));
            edits.push(Edit::of(&completion).deleting());
        }
        Ok(())
    }

    /// Projects, their cycles, and what was noted in them.
    fn learning(&self, store: &Store, edits: &mut Vec<Edit>) -> Outcome<()> {
        for mut project in store.records::<Project>(Some(self.goes.id))? {
            edits.push(Edit::of(&project).deleting());
            let id = self.project(project.id);
            if id == ProjectId(derived(self.into, project.id.0)) {
                project.measures.0.iter_mut().for_each(|measure| *measure = self.measure(*measure));
                edits.push(over(&Project { id, team: self.into, ..project }));
            }
        }
        for mut cycle in store.records::<Cycle>(Some(self.goes.id))? {
            edits.push(Edit::of(&cycle).deleting());
            cycle.measures.0.iter_mut().for_each(|measure| *measure = self.measure(*measure));
            let (id, project) = (CycleId(derived(self.into, cycle.id.0)), self.project(cycle.project));
            edits.push(over(&Cycle { id, team: self.into, project, ..cycle }));
        }
        for observation in store.records::<Observation>(Some(self.goes.id))? {
            let id = ObservationId(derived(self.into, observation.id.0));
            let cycle = CycleId(derived(self.into, observation.cycle.0));
            edits.push(Edit::of(&observation).deleting());
            edits.push(over(&Observation { id, team: self.into, cycle, ..observation }));
        }
        Ok(())
    }

    /// Huddles, what was promised in them, and what was said of the days of a safety cross.
    fn huddles(&self, store: &Store, edits: &mut Vec<Edit>) -> Outcome<()> {
        let mut held = HashMap::new();
        for huddle in store.records::<Huddle>(Some(self.goes.id))? {
            edits.push(Edit::of(&huddle).deleting());
            let day = huddle.day.unwrap_or_default();
            let id = Huddle::id_of(self.into, &huddle.agenda, day);
            held.insert(huddle.id, id);
            edits.push(over(&Huddle { id, team: self.into, ..huddle }).expecting(Expect::Unseen));
        }
        for promise in store.records::<Promise>(Some(self.goes.id))? {
            edits.push(Edit::of(&promise).deleting());
            let id = PromiseId(derived(self.into, promise.id.0));
            let huddle = promise.huddle.map(|huddle| held.get(&huddle).copied().unwrap_or(huddle));
            let project = promise.project.map(|project| self.project(project));
            edits.push(over(&Promise { id, team: self.into, huddle, project, ..promise }));
        }
        for cell in store.records::<CrossDay>(Some(self.goes.id))? {
            edits.push(Edit::of(&cell).deleting());
            let (measure, day) = (self.measure(cell.measure), cell.day.unwrap_or_default());
            edits.push(over(&CrossDay::of(self.into, measure, day, cell.said)).expecting(Expect::Unseen));
        }
        Ok(())
    }

    /// What is written on charts.
    fn marks(&self, store: &Store, edits: &mut Vec<Edit>) -> Outcome<()> {
        for annotation in store.records::<Annotation>(Some(self.goes.id))? {
            let id = AnnotationId(derived(self.into, annotation.id.0));
            let measure = self.measure(annotation.measure);
            edits.push(Edit::of(&annotation).deleting());
            edits.push(over(&Annotation { id, team: self.into, measure, ..annotation }));
        }
        for phase in store.records::<Phase>(Some(self.goes.id))? {
            let (id, measure) = (PhaseId(derived(self.into, phase.id.0)), self.measure(phase.measure));
            edits.push(Edit::of(&phase).deleting());
            edits.push(over(&Phase { id, team: self.into, measure, ..phase }));
        }
        Ok(())
    }

    fn measure(&self, id: MeasureId) -> MeasureId {
        self.measures.get(&id).copied().unwrap_or(id)
    }

    fn process(&self, id: ProcessId) -> ProcessId {
        self.processes.get(&id).copied().unwrap_or(id)
    }

    fn project(&self, id: ProjectId) -> ProjectId {
        self.projects.get(&id).copied().unwrap_or(id)
    }
}

/// So many points are read at once.
const PAGE: usize = 1_000;

/// The typed points of a measure, a page at a time.
struct Points<'s> {
    store: &'s Store,
    measure: MeasureId,
    page: std::vec::IntoIter<Point>,
    last: Option<PointKey>,
    /// Whether there may be more pages.
    more: bool,
}

impl<'s> Points<'s> {
    fn of(store: &'s Store, measure: MeasureId) -> Self {
        Self { store, measure, page: Vec::new().into_iter(), last: None, more: true }
    }
}

impl Iterator for Points<'_> {
    type Item = Outcome<Point>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(point) = self.page.next() {
            return Some(Ok(point));
        }
        if !std::mem::take(&mut self.more) {
            return None;
        }
        match self.store.points_after(self.measure, self.last.as_ref(), PAGE) {
            Ok(page) => {
                self.more = !page.is_empty();
                self.last = page.last().map(|point| point.key.clone());
                self.page = page.into_iter();
                self.next()
            }
            Err(failure) => Some(Err(failure)),
        }
    }
}

/// A record that comes over. Where it is there already, from another board that did the same, it is
/// left as it is.
fn over<R: Record>(record: &R) -> Edit {
    Edit::create(record)
}

/// The id under which a record comes over into a team.
fn derived(into: TeamId, id: Uuid) -> Uuid {
    Uuid::new_v5(&into.0, id.as_bytes())
}

/// The records of a kind, by name: id, name and, for measures, how they are counted.
fn named<R: Record>(store: &Store, team: TeamId) -> Outcome<Vec<(Uuid, String)>> {
    let name = |record: &R| {
        let values = record.values();
        let text = |field: &str| {
            let value = values.iter().find(|(name, _)| *name == field).map(|(_, value)| value);
            value.and_then(String::from_value).unwrap_or_default()
        };
        // A count and a proportion of one name are two measures.
        format!("{} {}", text::slug(&text("name")), text("kind"))
    };
    Ok(store.records::<R>(Some(team))?.iter().map(|record| (record.key(), name(record))).collect())
}

/// For each record that comes over the one that it is in the team that stays: of the same name, or new.
fn same(from: Vec<(Uuid, String)>, into: Vec<(Uuid, String)>, team: TeamId) -> HashMap<Uuid, Uuid> {
    let found = |name: &str| into.iter().find(|(_, other)| other == name).map(|(id, _)| *id);
    from.into_iter().map(|(id, name)| (id, found(&name).unwrap_or_else(|| derived(team, id)))).collect()
}
