//! Files as wards have them: layouts, encodings, and what is refused with its line.

use huddleboard::domain::frequency::Frequency;
use huddleboard::domain::measure::MeasureKind;

use crate::support::{file, imported, into, measure, team};

type Expected<'a> = (&'a str, &'a str, Option<f64>, Option<f64>);

#[track_caller]
fn points(content: impl AsRef<[u8]>, expected: &[Expected<'_>]) {
    let found = imported(content);
    let found: Vec<_> =
        found.points.iter().map(|(name, day, value, of)| (name.as_str(), day.as_str(), *value, *of)).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_long_file_has_a_row_for_each_value() {
    let content =
        "measure,date,value,denominator,note\nFalls,2026-01-05,3,,\"two, at night\"\nHand hygiene,2026-01-05,18,20,\n";
    points(
        content,
        &[("Falls", "2026-01-05", Some(3.0), None), ("Hand hygiene", "2026-01-05", Some(18.0), Some(20.0))],
    );
    let found = imported(content);
    assert_eq!(found.notes, ["two, at night", ""]);
    assert_eq!(found.new.iter().map(|new| new.kind).collect::<Vec<_>>(), [MeasureKind::Count, MeasureKind::Proportion]);
}

#[test]
fn a_wide_file_has_a_column_for_each_measure_and_leaves_empty_cells_alone() {
    points(
        "Week commencing,Falls,Hand hygiene\n05/01/2026,3,18/20\n12/01/2026,,19/20\n",
        &[
            ("Falls", "2026-01-05", Some(3.0), None),
            ("Hand hygiene", "2026-01-05", Some(18.0), Some(20.0)),
            ("Hand hygiene", "2026-01-12", Some(19.0), Some(20.0)),
        ],
    );
}

#[test]
fn an_empty_value_of_a_long_file_is_a_period_that_is_known_to_have_none() {
    points(
        "measure,date,value\nFalls,2026-01-05,3\nFalls,2026-01-12,\nFalls,2026-01-19,NA\n",
        &[
            ("Falls", "2026-01-05", Some(3.0), None),
            ("Falls", "2026-01-12", None, None),
            ("Falls", "2026-01-19", None, None),
        ],
    );
}

#[test]
fn the_ways_in_which_programs_write_files_make_no_difference() {
    let expected: &[Expected<'_>] = &[("Café", "2026-01-05", Some(2.5), None), ("Café", "2026-01-06", Some(3.0), None)];
    for content in [
        "measure,date,value\nCafé,2026-01-05,2.5\nCafé,2026-01-06,3\n".as_bytes(),
        "\u{feff}measure,date,value\r\nCafé,2026-01-05,2.5\r\nCafé,2026-01-06,3\r\n".as_bytes(),
        "measure;date;value\nCafé;05/01/2026;2,5\nCafé;06/01/2026;3\n".as_bytes(),
        "measure\tdate\tvalue\nCafé\t5 Jan 2026\t2.5\nCafé\t6 Jan 2026\t3\n".as_bytes(),
        "\"measure\",\"date\",\"value\"\n\"Café\",\"2026-01-05\",\"2.5\"\n\"Café\",\"2026-01-06\",\"3\"".as_bytes(),
        "measure,date,value\n Café , 2026-01-05 , 2.5 \n\n,,\nCafé,2026-01-06,3".as_bytes(),
        b"measure,date,value\nCaf\xe9,2026-01-05,2.5\nCaf\xe9,2026-01-06,3\n",
    ] {
        points(content, expected);
    }
    assert!(imported(b"measure,date,value\nCaf\xe9,2026-01-05,2.5\n").said.contains("Windows-1252"));
}

#[test]
fn columns_of_words_become_part_of_the_measures_name() {
    points(
        "hospital,infection,month,n,days\nAHH,BAC,2015-01-01,17,17233.6666\nAHH,CDI,2015-01-01,2,17233.6666\n",
        &[
            ("AHH BAC", "2015-01-01", Some(17.0), Some(17_233.666_6)),
            ("AHH CDI", "2015-01-01", Some(2.0), Some(17_233.666_6)),
        ],
    );
    let found = imported(
        "period,org_code,type,attendances,breaches\n2017-03-01,RF4,1,21289,2879\n2017-03-01,RF4,other,2850,6\n",
    );
    let names: Vec<&str> = found.new.iter().map(|new| new.name.as_str()).collect();
    assert_eq!(names, ["attendances RF4 1", "breaches RF4 1", "attendances RF4 other", "breaches RF4 other"]);
    assert!(found.said.contains("“org_code” and “type”"), "{}", found.said);
}

#[test]
fn the_frequency_of_a_new_measure_is_guessed_from_its_days() {
    let frequency = |days: &[&str]| {
        let rows: String = days.iter().map(|day| format!("Falls,{day},1\n")).collect();
        imported(format!("measure,date,value\n{rows}")).new[0].frequency
    };
    assert_eq!(frequency(&["2026-01-05", "2026-01-12", "2026-01-19"]), Frequency::parse("weekly").unwrap());
    assert_eq!(frequency(&["2026-01-01", "2026-02-01", "2026-05-01", "2026-06-01"]), Frequency::Month);
    assert_eq!(frequency(&["2026-01", "2026-02"]), Frequency::Month);
    assert_eq!(frequency(&["2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08"]), Frequency::Day);
}

#[test]
fn several_events_of_a_day_each_have_their_place() {
    points(
        "measure,date,value\nUlcers,2026-01-03,1\nUlcers,2026-02-20,1\nUlcers,2026-02-20,1\nUlcers,2026-05-19,1\n",
        &[
            ("Ulcers", "2026-01-03", Some(1.0), None),
            ("Ulcers", "2026-02-20", Some(1.0), None),
            ("Ulcers", "2026-02-20 #1", Some(1.0), None),
            ("Ulcers", "2026-05-19", Some(1.0), None),
        ],
    );
}

#[test]
fn values_go_to_the_measure_of_that_name_and_to_the_first_day_of_its_period() {
    let team = team();
    let falls = measure(&team, "Falls", |measure| measure.frequency = Frequency::parse("weekly").unwrap());
    let found = into(b"measure,date,value\nfalls,2026-01-07,3\n", &team, &[falls], false).unwrap();
    assert_eq!((found.new.len(), found.points[0].1.as_str()), (0, "2026-01-05"));
}

#[test]
fn every_refused_row_is_named_with_its_line_column_and_reason() {
    let team = team();
    let falls = measure(&team, "Falls", |_| {});
    let hygiene = measure(&team, "Hand hygiene", |measure| measure.kind = MeasureKind::Proportion);
    let work =
        measure(&team, "Home before noon", |measure| measure.source = Some(huddleboard::domain::ProcessId::fresh()));
    // A number that may have been issued stands in no file of ours: it is put together here.
    let (number, parted) = (format!("{:03}{:03}{:04}", 401, 23, 2137), format!("{:03} {:03} {:04}", 401, 23, 2137));
    let content = "measure,date,value,denominator,note\n\
        Falls,2026-01-05,3,,\n\
        Falls,2026-01-05,4,,\n\
        Falls,31/02/2026,1,,\n\
        Falls,2026-01-06,three,,\n\
        Falls,2026-01-07,2.5,,\n\
        Falls,2026-01-08,-1,,\n\
        Hand hygiene,2026-01-05,21,20,\n\
        Hand hygiene,2026-01-06,18,,\n\
        Falls,2026-01-09,1,,see PARTED\n\
        Falls,2026-01-10,NUMBER,,\n\
        ,2026-01-11,1,,\n\
        Falls,2026-01-12,1,,a,b\n\
        Home before noon,2026-01-12,1,2,\n\
        Falls,1066-10-14,1,,\n";
    let content = content.replace("PARTED", &parted).replace("NUMBER", &number);
    let found = into(content.as_bytes(), &team, &[falls.clone(), hygiene.clone(), work.clone()], false).unwrap();
    assert_eq!(found.report.computed, 1, "what the process board counts is left out, and is no fault");
    let refused: Vec<(u64, &str)> = found.report.refused.iter().map(|row| (row.line, row.column.as_str())).collect();
    assert_eq!(
        refused,
        [
            (3, "date"),
            (4, "date"),
            (5, "value"),
            (6, "value"),
            (7, "value"),
            (8, "value"),
            (9, "value"),
            (10, "note"),
            (11, "value"),
            (12, "measure"),
            (13, ""),
            (15, "date"),
        ]
    );
    for row in &found.report.refused {
        assert!(row.words.ends_with(['.', '…']) && !row.words.contains(&number), "{}", row.words);
    }
    let failure = found.failure.unwrap();
    assert!(failure.contains("12 values are refused") && failure.contains("--skip-refused"), "{failure}");
    let rest = into(content.as_bytes(), &team, &[falls, hygiene, work], true).unwrap();
    assert_eq!((rest.points.len(), rest.failure), (1, None));
}

#[test]
fn only_the_first_refused_rows_are_kept_and_all_are_counted() {
    let rows: String = (0..500).map(|row| format!("Falls,2026-01-05,x{row}\n")).collect();
    let found = imported(format!("measure,date,value\nFalls,2026-01-04,1\nFalls,2026-01-03,2\n{rows}"));
    assert_eq!((found.report.refused.len(), found.report.refused_count), (20, 500));
}

#[test]
fn what_is_no_table_is_refused_with_what_to_do() {
    let refused = |content: &[u8]| {
        into(content, &team(), &[], false).err().unwrap_or_else(|| panic!("{content:?} passed")).to_string()
    };
    for (content, expected) in [
        (&b""[..], "empty"),
        (b"PK\x03\x04workbook", "spreadsheet"),
        (b"\xff\xfem\0e\0", "UTF-16"),
        (b"measure,date\0,value\n", "no text"),
        (b"SQLite format 3\0", "database"),
        (b"a,b\n1,2\n", "--date"),
        (b"date,words\n2026-01-05,yes\n", "--value"),
        (b"Falls,2026-01-05,3\nFalls,2026-01-12,4\n", "first line"),
    ] {
        let words = refused(content);
        assert!(words.contains(expected), "{words}");
    }
}

#[test]
fn a_quotation_mark_that_is_never_closed_ends_with_a_sentence_and_not_with_the_memory() {
    let mut content = b"measure,date,value\nFalls,2026-01-05,\"3\n".to_vec();
    content.resize(20 * 1024 * 1024, b'x');
    let failure = into(&content, &team(), &[], false).err().unwrap().to_string();
    assert!(failure.contains("quotation mark"), "{failure}");
}

#[test]
fn controls_and_formula_marks_do_not_come_in() {
    let found = imported("measure,date,value,note\n'=Falls,2026-01-05,3,a\u{1b}[31mb\u{202e}c\n");
    assert_eq!(found.new[0].name, "=Falls");
    assert_eq!(found.notes, ["a[31mbc"]);
}

#[test]
fn a_strict_import_makes_no_measures() {
    use huddleboard::exchange::csv_in::{Into, Plan, Sheet, Wanted};
    let (_folder, path) = file(b"measure,date,value\nFallls,2026-01-05,3\n");
    let team = team();
    let into = Into { team: &team, measures: &[], today: chrono::NaiveDate::MAX, strict: true };
    let plan = Plan::of(Sheet::open(&path, "a.csv").unwrap(), &Wanted::default(), into, &|_| {});
    assert!(plan.err().unwrap().what.contains("Fallls"));
}
