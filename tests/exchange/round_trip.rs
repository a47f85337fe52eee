//! What is exported comes back to the same points.

use std::path::Path;
use std::sync::Arc;

use huddleboard::base::clock::SystemClock;
use huddleboard::domain::change::{Edit, RecordKey};
use huddleboard::domain::frequency::Frequency;
use huddleboard::domain::measure::{Amount, Measure, MeasureKind};
use huddleboard::domain::point::{PointKey, Start};
use huddleboard::domain::record::Value;
use huddleboard::domain::team::Team;
use huddleboard::exchange::csv_in::{Into, Plan, Report, Sheet, Wanted};
use huddleboard::exchange::csv_out::CsvOut;
use huddleboard::store::{Author, Opening, Store};
use proptest::prelude::*;
use tempfile::TempDir;

use crate::support::{measure, team};

fn store(folder: &Path, name: &str) -> Store {
    Store::open(&Opening {
        path: folder.join(name),
        create: true,
        shared_with_group: false,
        clock: Arc::new(SystemClock),
    })
    .unwrap()
}

fn author() -> Author {
    Author { role: None, session: 1 }
}

fn exported(store: &Store, team: &Team) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut csv = CsvOut::start(&mut bytes).unwrap();
    let mut measures: Vec<Measure> = store.records(Some(team.id)).unwrap();
    measures.sort_by_key(|measure| (measure.slug(), measure.id));
    for measure in &measures {
        store.each_point(measure.id, |point| csv.point(measure, &point)).unwrap();
    }
    csv.finish().unwrap();
    bytes
}

/// Imports bytes into an empty file, and exports that.
fn through_an_empty_file(folder: &Path, bytes: &[u8]) -> Vec<u8> {
    let path = folder.join("export.csv");
    std::fs::write(&path, bytes).unwrap();
    let mut second = store(folder, "second.db");
    let team = team();
    second.commit(&author(), "team", [Ok(Edit::create(&team))]).unwrap();
    let into = Into { team: &team, measures: &[], today: chrono::NaiveDate::MAX, strict: false };
    let plan = Plan::of(Sheet::open(&path, "export.csv").unwrap(), &Wanted::default(), into, &|_| {}).unwrap();
    let mut report = Report::default();
    second
        .commit(&author(), "import", plan.edits(&mut report, false, &|_| {}).unwrap())
        .unwrap_or_else(|failure| panic!("{failure} {report:?}"));
    exported(&second, &team)
}

#[derive(Debug, Clone)]
struct Made {
    day: u32,
    minute: Option<u32>,
    number: i32,
    empty: bool,
    note: String,
    stratum: String,
    ordinal: u32,
    ghost: Option<String>,
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "[-=+@'\"a-z,;é ]{1,12}".prop_map(|words| huddleboard::base::text::clean_line(&words)),
        Just("=1+1".to_owned()),
        Just("two, at \"night\"".to_owned()),
    ]
}

fn made() -> impl Strategy<Value = Made> {
    let some_words = words().prop_filter("a reason has words", |words| !words.is_empty());
    (
        0_u32..2_000,
        prop::option::weighted(0.1, 1_u32..1_440),
        any::<i32>(),
        prop::bool::weighted(0.1),
        words(),
        "[A-C]?",
        0_u32..3,
        prop::option::weighted(0.1, some_words),
    )
        .prop_map(|(day, minute, number, empty, note, stratum, ordinal, ghost)| Made {
            day,
            minute,
            number,
            empty,
            note,
            stratum,
            ordinal,
            ghost,
        })
}

fn edit(measure: &Measure, made: &Made) -> Edit {
    let day = chrono::NaiveDate::from_ymd_opt(2020, 1, 1).unwrap() + chrono::Days::new(u64::from(made.day));
    let start = match made.minute {
        Some(minute) => Start::time(day.and_hms_opt(minute / 60, minute % 60, 0).unwrap()),
        None => Start::day(measure.frequency.start_of(day)),
    };
    let key = PointKey { measure: measure.id, start, stratum: made.stratum.clone(), ordinal: made.ordinal };
    let count = f64::from(made.number.unsigned_abs() % 1_000);
    let amount = match measure.kind {
        MeasureKind::Count => Amount { value: count, denominator: None },
        MeasureKind::Value => Amount { value: f64::from(made.number) / 7.0, denominator: None },
        MeasureKind::Proportion => Amount { value: count, denominator: Some(count + 1.0) },
        MeasureKind::Rate => Amount { value: count, denominator: Some(count / 3.0 + 0.5) },
    };
    let mut edit = Edit::put_point(measure.team, key, amount, &made.note);
    for (name, value) in &mut edit.fields {
        match *name {
            "value" | "denominator" if made.empty => *value = Value::Null,
            "ghost" => *value = made.ghost.clone().map_or(Value::Null, Value::Text),
            _ => {}
        }
    }
    edit
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn an_export_imported_into_an_empty_file_is_the_same_export(
        points in prop::collection::vec((0_usize..4, made()), 1..60),
        names in prop::collection::vec("[=+@]?[A-Za-z][a-z ]{0,10}[a-z]", 4),
    ) {
        let folder = TempDir::new().unwrap();
        let mut first = store(folder.path(), "first.db");
        let team = team();
        let kinds = [MeasureKind::Count, MeasureKind::Value, MeasureKind::Proportion, MeasureKind::Rate];
        let frequencies = ["daily", "weekly", "monthly", "event"];
        let measures: Vec<Measure> = (0..4)
            .map(|index| {
                measure(&team, &format!("{} {index}", huddleboard::base::text::clean_line(&names[index])), |measure| {
                    measure.kind = kinds[index];
                    measure.frequency = Frequency::parse(frequencies[index]).unwrap();
                })
            })
            .collect();
        let making = std::iter::once(Edit::create(&team)).chain(measures.iter().map(Edit::create));
        let edits = points.iter().map(|(index, made)| edit(&measures[*index], made));
        first.commit(&author(), "all", making.chain(edits).map(Ok)).unwrap();
        let bytes = exported(&first, &team);
        for edit in points.iter().map(|(index, made)| edit(&measures[*index], made)) {
            prop_assert!(matches!(edit.record, RecordKey::Point(_)));
        }
        prop_assert_eq!(String::from_utf8(through_an_empty_file(folder.path(), &bytes)).unwrap(), String::from_utf8(bytes).unwrap());
    }
}
