//! A text that must not stay is blanked wherever it can be reached, and the log keeps that it was there.

use std::fs;
use std::path::Path;

use huddleboard::domain::ProjectId;
use huddleboard::domain::change::{Edit, RecordKey};
use huddleboard::domain::point::PointKey;
use huddleboard::domain::project::Project;
use huddleboard::domain::record::Kind;
use huddleboard::store::{Accept, BLANK, LogQuery, RemoteChange, UndoScope};
use huddleboard::sync::bundle;
use huddleboard::sync::step::step;
use tempfile::TempDir;

use crate::support::{matron, nurse};
use crate::wards::{Deed, Replica, Wards};

/// What somebody should not have typed.
const TYPED: &str = "Mrs Featherstonehaugh in bay 3";

fn project(wards: &Wards) -> Project {
    let mut project = Project::blank(ProjectId::fresh(), wards.names.team);
    (project.name, project.owner) = (TYPED.into(), "sister".into());
    project
}

/// Two wards that both know a project with the text in its name, and in the words of its action.
fn two() -> (Wards, Project) {
    let mut wards = Wards::new(2);
    let project = project(&wards);
    let words = format!("Project {TYPED} started");
    wards.replicas[0].store().commit(&nurse(), &words, [Ok(Edit::create(&project))]).unwrap();
    wards.exchange_all();
    (wards, project)
}

fn redact(replica: &mut Replica, project: &Project) {
    let record = RecordKey::Id(project.id.0);
    let team = project.team;
    replica.store().redact(&matron(), team, (Kind::Project, &record), &["name"], "").unwrap();
}

fn holds(path: &Path) -> bool {
    let bytes = fs::read(path).unwrap_or_default();
    bytes.windows(TYPED.len()).any(|window| window == TYPED.as_bytes())
}

fn says(changes: &[RemoteChange]) -> bool {
    changes.iter().any(|change| change.fields.contains(TYPED) || change.action.words.contains(TYPED))
}

fn shown(replica: &mut Replica) -> Vec<String> {
    let projects: Vec<Project> = replica.store().records(None).unwrap();
    projects.into_iter().map(|project| project.name).collect()
}

#[test]
fn a_redacted_text_is_gone_from_the_file_to_the_byte_and_the_log_says_that_it_was_there() {
    let (mut wards, project) = two();
    redact(&mut wards.replicas[0], &project);
    assert_eq!(shown(&mut wards.replicas[0]), [BLANK]);
    assert!(!says(&wards.replicas[0].all()));
    let log = wards.replicas[0].store().log(&LogQuery::default()).unwrap();
    assert!(log.iter().any(|entry| entry.words.contains("redacted: a patient's detail")));
    assert!(log.iter().any(|entry| entry.words == BLANK && entry.actor.as_deref() == Some("nurse in charge")));
    let owner = wards.replicas[0].store().records::<Project>(None).unwrap()[0].owner.clone();
    assert_eq!(owner, "sister", "only the field that was named");
    let path = wards.replicas[0].path.clone();
    drop(wards.replicas[0].store.take());
    for file in fs::read_dir(path.parent().unwrap()).unwrap().map(|file| file.unwrap().path()) {
        let own = file.file_name().unwrap().to_str().unwrap().starts_with("0.db");
        assert!(!own || !holds(&file), "{}", file.display());
    }
}

#[test]
fn a_text_that_only_the_words_of_an_action_quote_goes_with_them_and_no_field_is_touched() {
    let mut wards = Wards::new(2);
    let mut project = project(&wards);
    project.name = "Falls at night".into();
    let words = format!("Started after {TYPED} fell");
    wards.replicas[0].store().commit(&nurse(), &words, [Ok(Edit::create(&project))]).unwrap();
    wards.exchange_all();
    let found = wards.replicas[1].store().find_text(TYPED).unwrap();
    assert_eq!(found.iter().map(|place| &place.fields[..]).collect::<Vec<_>>(), [["log"]]);
    let record = RecordKey::Id(project.id.0);
    wards.replicas[1].store().redact(&matron(), project.team, (Kind::Project, &record), &["log"], "").unwrap();
    wards.exchange_all();
    for replica in &mut wards.replicas {
        assert!(!says(&replica.all()));
        let [left] = &replica.store().records::<Project>(None).unwrap()[..] else { panic!("one project") };
        assert_eq!((&left.name, &left.aim, &left.owner), (&project.name, &project.aim, &project.owner));
    }
}

#[test]
fn other_boards_blank_it_when_they_hear_of_it_and_all_say_the_same() {
    let (mut wards, project) = two();
    redact(&mut wards.replicas[0], &project);
    wards.exchange_all();
    for replica in &mut wards.replicas {
        assert_eq!(shown(replica), [BLANK]);
        assert!(!says(&replica.all()));
        let before = (replica.digest(), replica.tables());
        replica.store().rebuild().unwrap();
        assert_eq!((replica.digest(), replica.tables()), before);
    }
    assert_eq!(wards.replicas[0].digest(), wards.replicas[1].digest());
}

#[test]
fn what_arrives_after_its_redaction_is_blanked_at_the_door() {
    let (mut wards, project) = two();
    let with_text = wards.replicas[1].all();
    redact(&mut wards.replicas[0], &project);
    let redaction: Vec<RemoteChange> =
        wards.replicas[0].all().into_iter().filter(|change| change.fields.contains("redacts")).collect();
    assert_eq!(redaction.len(), 1);
    let mut late = Replica::at(wards.dir.path().join("late.db"));
    late.take(redaction).unwrap();
    late.take(with_text).unwrap();
    assert!(!says(&late.all()));
    assert_eq!(late.digest(), wards.replicas[0].digest());
    let all = wards.replicas[0].all();
    assert_eq!(late.take(all).unwrap().new, 0, "blank or not, it is the same change");
}

#[test]
fn an_earlier_text_that_nobody_knew_of_is_blanked_and_a_later_one_stays() {
    let (mut wards, project) = two();
    let rename = |wards: &mut Wards, which: usize, name: &str| {
        let edit = Edit::of(&project).with("name", &name.to_owned());
        wards.replicas[which].store().commit(&nurse(), name, [Ok(edit)]).unwrap();
    };
    rename(&mut wards, 1, &format!("{TYPED}, again"));
    wards.replicas[0].clock.set(crate::support::noon() + chrono::TimeDelta::hours(1));
    redact(&mut wards.replicas[0], &project);
    wards.exchange_all();
    for replica in &mut wards.replicas {
        assert!(!says(&replica.all()));
        assert_eq!(shown(replica), [BLANK]);
        assert_eq!(replica.store().conflicts().unwrap(), [], "a blank is nobody's other value");
    }
    rename(&mut wards, 1, "Fewer falls");
    wards.exchange_all();
    assert_eq!(shown(&mut wards.replicas[0]), ["Fewer falls"]);
}

#[test]
fn undoing_does_not_bring_it_back() {
    let (mut wards, project) = two();
    let edit = Edit::of(&project).with("name", &"Fewer falls".to_owned());
    wards.replicas[0].store().commit(&nurse(), "renamed", [Ok(edit)]).unwrap();
    redact(&mut wards.replicas[0], &project);
    while wards.replicas[0].store().undo(&nurse(), UndoScope::File).is_ok() {}
    assert!(!says(&wards.replicas[0].all()));
    assert!(shown(&mut wards.replicas[0]).iter().all(|name| name != TYPED));
}

#[test]
fn bundles_in_the_folder_are_written_anew_without_it_by_whoever_comes_first() {
    let folder = TempDir::new().unwrap();
    let (mut wards, project) = two();
    let sync = |replica: &mut Replica| step(replica.store(), folder.path(), Accept::KnownTeams, &mut |_| true).unwrap();
    let read = || -> Vec<RemoteChange> {
        let places = fs::read_dir(folder.path()).unwrap().map(|place| place.unwrap().path());
        let files = places.flat_map(|place| fs::read_dir(place).unwrap().map(|file| file.unwrap().path()));
        files
            .filter(|file| file.extension().is_some_and(|ending| ending == "hbs"))
            .flat_map(|file| bundle::read_all(&fs::read(file).unwrap()).unwrap())
            .flat_map(|segment| segment.changes)
            .collect()
    };
    sync(&mut wards.replicas[0]);
    assert!(says(&read()));
    wards.perform(1, &Deed::Put(0, 1));
    redact(&mut wards.replicas[1], &project);
    assert!(!sync(&mut wards.replicas[1]).redacted);
    assert!(!says(&read()), "replica 1 has all of replica 0's changes, and may clean them");
    assert!(sync(&mut wards.replicas[0]).redacted);
    let before = read().len();
    sync(&mut wards.replicas[1]);
    assert_eq!(read().len(), before, "nothing is published twice");
    assert_eq!(wards.replicas[0].digest(), wards.replicas[1].digest());
    let mut new = Replica::at(wards.dir.path().join("new.db"));
    sync(&mut new);
    assert_eq!(new.digest(), wards.replicas[0].digest());
}

#[test]
fn a_copy_that_was_made_before_is_blanked_as_well() {
    let (mut wards, project) = two();
    let (path, copy) = (wards.replicas[0].path.clone(), wards.dir.path().join("kept.db"));
    drop(wards.replicas[0].store.take());
    fs::copy(&path, &copy).unwrap();
    wards.replicas[0].reopen();
    redact(&mut wards.replicas[0], &project);
    assert!(holds(&copy));
    assert_eq!(wards.replicas[0].store().redact_copy(&copy).unwrap(), 1);
    assert!(!holds(&copy));
    let mut kept = Replica::at(copy);
    assert_eq!(shown(&mut kept), [BLANK]);
    let digest = kept.digest();
    kept.store().rebuild().unwrap();
    assert_eq!(kept.digest(), digest);
}

#[test]
fn a_copy_is_never_written_to_where_it_stands() {
    let (mut wards, project) = two();
    let kept = wards.dir.path().join("kept");
    let made = wards.replicas[0].store().back_up_into(&kept, crate::support::noon()).unwrap().path;
    // A second name shows what becomes of the file that had the first.
    let before = wards.dir.path().join("before.db");
    fs::hard_link(&made, &before).unwrap();
    let bytes = fs::read(&made).unwrap();
    redact(&mut wards.replicas[0], &project);
    let (count, failures) = wards.replicas[0].store().redact_backups(&kept).unwrap();
    assert_eq!((count, failures.len()), (1, 0));
    assert!(!holds(&made));
    assert_eq!(fs::read(&before).unwrap(), bytes, "a run that is killed leaves a copy blanked or not, never half");
    assert_eq!(fs::read_dir(&kept).unwrap().count(), 1, "nothing is left beside it");
    // What is blank already is not written anew.
    let written = fs::metadata(&made).unwrap().modified().unwrap();
    wards.replicas[0].store().redact_backups(&kept).unwrap();
    assert_eq!(fs::metadata(&made).unwrap().modified().unwrap(), written);
}

#[test]
fn backups_that_were_not_reached_are_blanked_with_the_next_one() {
    let (mut wards, project) = two();
    let kept = wards.dir.path().join("kept");
    let made = wards.replicas[0].store().back_up_into(&kept, crate::support::noon()).unwrap().path;
    redact(&mut wards.replicas[0], &project);
    assert!(holds(&made));
    let later = crate::support::noon() + chrono::TimeDelta::days(1);
    wards.replicas[0].store().back_up_if_due(&kept, later).unwrap().unwrap();
    assert!(!holds(&made));
}

#[test]
fn a_copys_data_points_keep_their_values_when_their_notes_are_blanked() {
    let mut wards = Wards::new(1);
    let key = PointKey::whole(wards.measure(), crate::support::day("2026-11-02"));
    let put = Edit::put_point(wards.names.team, key.clone(), crate::support::count(4.0), TYPED);
    wards.replicas[0].store().commit(&nurse(), "one", [Ok(put)]).unwrap();
    let (path, copy) = (wards.replicas[0].path.clone(), wards.dir.path().join("kept.db"));
    drop(wards.replicas[0].store.take());
    fs::copy(&path, &copy).unwrap();
    wards.replicas[0].reopen();
    let team = wards.names.team;
    let record = (Kind::Point, &RecordKey::Point(key.clone()));
    wards.replicas[0].store().redact(&matron(), team, record, &["note"], "").unwrap();
    wards.replicas[0].store().redact_copy(&copy).unwrap();
    assert!(!holds(&copy));
    let mut kept = Replica::at(copy);
    let point = kept.store().point(&key).unwrap().unwrap();
    assert_eq!((point.value, point.note.as_str()), (Some(4.0), BLANK));
    assert_eq!(wards.points(0)[0].note, BLANK);
}

#[test]
fn what_a_record_does_not_have_cannot_be_redacted() {
    let (mut wards, project) = two();
    let record = RecordKey::Id(project.id.0);
    let store = wards.replicas[0].store();
    let wrong = store.redact(&matron(), project.team, (Kind::Project, &record), &["colour"], "").unwrap_err();
    assert!(wrong.hint.unwrap().contains("name"));
    let nobody = RecordKey::Id(ProjectId::fresh().0);
    assert!(store.redact(&matron(), project.team, (Kind::Project, &nobody), &[], "").is_err());
}

#[test]
fn a_text_is_found_wherever_it_stands_in_whatever_case() {
    let (mut wards, project) = two();
    let edit = Edit::of(&project).with("name", &"Fewer falls".to_owned());
    wards.replicas[0].store().commit(&nurse(), "renamed", [Ok(edit)]).unwrap();
    let other =
        Edit::create(&Project { id: ProjectId::fresh(), owner: "\"MRS FEATHERSTONEHAUGH\"".into(), ..project.clone() });
    wards.replicas[0].store().commit(&nurse(), "new", [Ok(other)]).unwrap();
    let key = PointKey::whole(wards.measure(), crate::support::day("2026-11-02"));
    let put = Edit::put_point(wards.names.team, key, crate::support::count(1.0), "");
    wards.replicas[0].store().commit(&nurse(), "Import of mrs featherstonehaugh.csv", [Ok(put)]).unwrap();
    let found = wards.replicas[0].store().find_text("\"mrs feather").unwrap();
    assert_eq!(found.iter().map(|found| found.fields.clone()).collect::<Vec<_>>(), [["owner"]]);
    let found = wards.replicas[0].store().find_text("Mrs Feather").unwrap();
    assert_eq!(found.len(), 3, "{found:?}");
    for found in found {
        let place = (found.kind, &found.record);
        wards.replicas[0].store().redact(&matron(), found.team, place, &found.fields, "").unwrap();
    }
    assert_eq!(wards.replicas[0].store().find_text("mrs feather").unwrap(), []);
    assert!(!wards.replicas[0].all().iter().any(|change| change.action.words.contains("feather")));
}
