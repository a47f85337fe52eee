//! A file's content on its way through the import.

use std::path::PathBuf;

use huddleboard::base::error::Outcome;
use huddleboard::domain::change::{Edit, RecordKey};
use huddleboard::domain::measure::Measure;
use huddleboard::domain::record::{FieldValue, Kind, Value};
use huddleboard::domain::team::Team;
use huddleboard::domain::{MeasureId, TeamId};
use huddleboard::exchange::csv_in::{Into, Plan, Report, Sheet, Wanted};
use tempfile::TempDir;

/// What became of a file.
pub(super) struct Imported {
    pub(super) new: Vec<Measure>,
    pub(super) said: String,
    pub(super) report: Report,
    /// Measure, date with stratum and ordinal where there are any, value, denominator.
    pub(super) points: Vec<(String, String, Option<f64>, Option<f64>)>,
    pub(super) notes: Vec<String>,
    pub(super) failure: Option<String>,
}

pub(super) fn team() -> Team {
    let mut team = Team::blank(TeamId::fresh(), TeamId::default());
    team.team = team.id;
    team.name = "Ward 7A".into();
    team.columns.0 = vec!["Safety".into()];
    team
}

/// A measure that is there already.
pub(super) fn measure(team: &Team, name: &str, change: impl FnOnce(&mut Measure)) -> Measure {
    let mut measure = Measure::blank(MeasureId::fresh(), team.id);
    measure.name = name.into();
    change(&mut measure);
    measure
}

pub(super) fn file(content: &[u8]) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("ward_data.csv");
    std::fs::write(&path, content).unwrap();
    (folder, path)
}

/// The import of a file into a team with these measures.
pub(super) fn into(content: &[u8], team: &Team, measures: &[Measure], skip: bool) -> Outcome<Imported> {
    let (_folder, path) = file(content);
    let sheet = Sheet::open(&path, "ward_data.csv")?;
    let plan = Plan::of(
        sheet,
        &Wanted::default(),
        Into { team, measures, today: chrono::NaiveDate::MAX, strict: false },
        &|_| {},
    )?;
    let new: Vec<Measure> = plan.new.iter().map(|new| new.measure.clone()).collect();
    let mut report = Report::default();
    let mut failure = None;
    let (mut points, mut notes) = (Vec::new(), Vec::new());
    for edit in plan.edits(&mut report, skip, &|_| {})? {
        match edit {
            Ok(edit) if edit.kind == Kind::Point => {
                let all = measures.iter().chain(&new);
                points.push(point(&edit, all));
                notes.push(String::from_value(&field(&edit, "note")).unwrap_or_default());
            }
            Ok(_) => {}
            Err(found) => failure = Some(found.to_string()),
        }
    }
    Ok(Imported { new, said: plan.said.join(" "), report, points, notes, failure })
}

/// The import of a file into a team without measures.
pub(super) fn imported(content: impl AsRef<[u8]>) -> Imported {
    into(content.as_ref(), &team(), &[], false).unwrap_or_else(|failure| panic!("{failure}"))
}

fn field(edit: &Edit, name: &str) -> Value {
    edit.fields.iter().find(|(field, _)| *field == name).map_or(Value::Null, |(_, value)| value.clone())
}

fn point<'a>(
    edit: &Edit,
    mut measures: impl Iterator<Item = &'a Measure>,
) -> (String, String, Option<f64>, Option<f64>) {
    let RecordKey::Point(key) = &edit.record else { panic!("a point has a point's key") };
    let name =
        measures.find(|measure| measure.id == key.measure).map_or_else(String::new, |measure| measure.name.clone());
    let mut place = key.start.text();
    if !key.stratum.is_empty() {
        place.push_str(&format!(" {}", key.stratum));
    }
    if key.ordinal > 0 {
        place.push_str(&format!(" #{}", key.ordinal));
    }
    (name, place, f64::from_value(&field(edit, "value")), f64::from_value(&field(edit, "denominator")))
}
