//! A step with a folder: whose changes come in, what stays there, and what two boards become.

use std::fs;
use std::path::{Path, PathBuf};

use huddleboard::domain::TeamId;
use huddleboard::domain::measure::Measure;
use huddleboard::domain::project::Project;
use huddleboard::domain::team::Team;
use huddleboard::store::Accept;
use huddleboard::sync::folder::Progress;
use huddleboard::sync::step::{Report, accept, step};
use huddleboard::sync::unite::unite;
use huddleboard::sync::{about, hub};
use tempfile::TempDir;

use crate::support::{Ward, nurse};
use crate::wards::{Deed, Replica, Wards};

fn replica(ward: Ward) -> (Replica, TeamId, TempDir) {
    let (path, team) = (ward.path(), ward.team.id);
    (Replica { store: Some(ward.store), clock: ward.clock, path }, team, ward.dir)
}

#[track_caller]
fn sync(replica: &mut Replica, folder: &Path) -> Report {
    let report = step(replica.store(), folder, Accept::KnownTeams, &mut |_| true).unwrap();
    assert!(report.refused.is_empty(), "{:?}", report.refused);
    report
}

fn bundles(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .flat_map(|replica| fs::read_dir(replica.unwrap().path()).unwrap().map(|file| file.unwrap().path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "hbs"))
        .collect();
    found.sort();
    found
}

#[test]
fn another_wards_changes_are_left_out_until_somebody_lets_them_in() {
    let folder = TempDir::new().unwrap();
    let mut wards = Wards::new(1);
    let (mut other, team, _dir) = replica(Ward::new());
    sync(&mut other, folder.path());
    let report = sync(&mut wards.replicas[0], folder.path());
    assert_eq!(report.taken, 0);
    let [stranger] = &report.strangers[..] else { panic!("{:?}", report.strangers) };
    assert_eq!((stranger.team, stranger.name.as_str(), stranger.changes), (team, "Ward 7A", 3));
    assert_eq!(stranger.twin, Some(wards.names.team), "both are called Ward 7A");
    // It is remembered, so that the bundle is not read again, and still told.
    let mut read = 0;
    let again = step(wards.replicas[0].store(), folder.path(), Accept::KnownTeams, &mut |progress| {
        read += usize::from(matches!(progress, Progress::Reading { .. }));
        true
    });
    assert_eq!((read, again.unwrap().strangers.len()), (0, 1));
    accept(wards.replicas[0].store(), folder.path(), &[team]).unwrap();
    let report = sync(&mut wards.replicas[0], folder.path());
    assert_eq!((report.taken, report.strangers.len()), (3, 0));
    assert_eq!(wards.replicas[0].store().teams().unwrap().len(), 2);
}

#[test]
fn a_new_board_joins_the_only_team_and_asks_where_there_are_several() {
    let folder = TempDir::new().unwrap();
    let mut wards = Wards::new(1);
    sync(&mut wards.replicas[0], folder.path());
    let mut first = Replica::at(wards.dir.path().join("first.db"));
    assert_eq!(sync(&mut first, folder.path()).taken, 3);
    assert_eq!(first.store().teams().unwrap().len(), 1);
    let (mut other, team, _dir) = replica(Ward::new());
    sync(&mut other, folder.path());
    let mut second = Replica::at(wards.dir.path().join("second.db"));
    let report = sync(&mut second, folder.path());
    assert_eq!((report.taken, report.strangers.len()), (0, 2));
    accept(second.store(), folder.path(), &[team]).unwrap();
    assert_eq!(sync(&mut second, folder.path()).taken, 3);
    assert_eq!(second.store().teams().unwrap()[0].id, team);
    assert_eq!(sync(&mut second, folder.path()).strangers.len(), 1);
}

/// Two boards that each made the same ward, and what both have in the end.
#[test]
fn two_boards_that_made_the_same_ward_become_one_and_lose_nothing() {
    let folder = TempDir::new().unwrap();
    let (mut ward, mut twin) = (Ward::new(), Ward::new());
    ward.commit(vec![ward.put("2026-11-02", 1.0), ward.put("2026-11-03", 2.0)]).unwrap();
    twin.commit(vec![twin.put("2026-11-03", 5.0), twin.put("2026-11-04", 3.0)]).unwrap();
    let ((mut one, first, _dirs), (mut two, second, _other)) = (replica(ward), replica(twin));
    let stays = first.min(second);
    sync(&mut one, folder.path());
    let stranger = sync(&mut two, folder.path()).strangers.remove(0);
    assert_eq!(stranger.twin, Some(second));
    accept(two.store(), folder.path(), &[stranger.team]).unwrap();
    sync(&mut two, folder.path());
    let (into, receipt) = unite(two.store(), &nurse(), stranger.team, second).unwrap();
    assert_eq!(into, stays);
    assert!(receipt.changes > 0);
    sync(&mut two, folder.path());
    // The other board is not asked again: the change says what became of the team.
    let report = sync(&mut one, folder.path());
    assert_eq!(report.strangers, []);
    for replica in [&mut one, &mut two] {
        let teams: Vec<Team> = replica.store().teams().unwrap();
        assert_eq!(teams.iter().map(|team| team.id).collect::<Vec<_>>(), [stays]);
        let measures: Vec<Measure> = replica.store().records(Some(stays)).unwrap();
        assert_eq!(measures.iter().map(|measure| measure.name.as_str()).collect::<Vec<_>>(), ["Falls", "4AT in 24 h"]);
        let days: Vec<String> = replica
            .store()
            .points(&measures[0], crate::support::noon())
            .unwrap()
            .iter()
            .map(|point| point.key.start.text())
            .collect();
        assert_eq!(days, ["2026-11-02", "2026-11-03", "2026-11-04"]);
        let conflicts = replica.store().conflicts().unwrap();
        assert_eq!(conflicts.len(), 1, "the day for which both had a value: {conflicts:?}");
    }
    assert_eq!(one.digest(), two.digest());
}

#[test]
fn as_many_values_come_over_as_there_are() {
    let folder = TempDir::new().unwrap();
    let (mut ward, mut twin) = (Ward::new(), Ward::new());
    let values = |ward: &Ward| -> Vec<huddleboard::domain::change::Edit> {
        let first = crate::support::day("2015-01-01");
        first.iter_days().take(2_345).map(|day| ward.put(&day.to_string(), 1.0)).collect()
    };
    ward.commit(values(&ward)).unwrap();
    twin.commit(values(&twin)).unwrap();
    let ((mut one, first, _dirs), (mut two, second, _other)) = (replica(ward), replica(twin));
    sync(&mut one, folder.path());
    accept(two.store(), folder.path(), &[first]).unwrap();
    sync(&mut two, folder.path());
    let (into, _) = unite(two.store(), &nurse(), first, second).unwrap();
    let falls: Measure = two.store().records(Some(into)).unwrap().remove(0);
    assert_eq!(two.store().points(&falls, crate::support::noon()).unwrap().len(), 2_345);
}

#[test]
fn two_boards_that_unite_at_the_same_time_do_the_same() {
    let folder = TempDir::new().unwrap();
    let (mut ward, twin) = (Ward::new(), Ward::new());
    let mut project = Project::blank(huddleboard::domain::ProjectId::fresh(), ward.team.id);
    project.name = "Fewer falls".into();
    ward.commit(vec![huddleboard::domain::change::Edit::create(&project), ward.put("2026-11-02", 1.0)]).unwrap();
    let ((mut one, first, _dirs), (mut two, second, _other)) = (replica(ward), replica(twin));
    sync(&mut one, folder.path());
    sync(&mut two, folder.path());
    accept(one.store(), folder.path(), &[second]).unwrap();
    accept(two.store(), folder.path(), &[first]).unwrap();
    sync(&mut one, folder.path());
    sync(&mut two, folder.path());
    unite(one.store(), &nurse(), first, second).unwrap();
    unite(two.store(), &nurse(), first, second).unwrap();
    for _ in 0..2 {
        sync(&mut one, folder.path());
        sync(&mut two, folder.path());
    }
    assert_eq!(one.digest(), two.digest());
    assert_eq!(one.store().teams().unwrap().len(), 1);
    assert_eq!(one.store().records::<Project>(None).unwrap().len(), 1);
    assert_eq!(one.store().conflicts().unwrap(), []);
}

#[test]
fn a_step_can_be_stopped_and_the_next_one_goes_on() {
    let folder = TempDir::new().unwrap();
    let mut wards = Wards::new(2);
    for deed in [Deed::Make(0, 1), Deed::Make(1, 1), Deed::Make(2, 1)] {
        wards.perform(0, &deed);
        sync(&mut wards.replicas[0], folder.path());
    }
    let mut left = 2;
    let report = step(wards.replicas[1].store(), folder.path(), Accept::KnownTeams, &mut |_| {
        left -= 1;
        left > 0
    });
    let report = report.unwrap();
    assert!(report.stopped && report.taken == 1, "{report:?}");
    assert_eq!(hub::recall(&wards.replicas[1].path).unwrap().last, None);
    assert_eq!(sync(&mut wards.replicas[1], folder.path()).taken, 2);
    assert_eq!(wards.replicas[0].digest(), wards.replicas[1].digest());
}

#[test]
fn what_waits_is_known_without_the_folder() {
    let folder = TempDir::new().unwrap();
    let mut wards = Wards::new(1);
    assert_eq!(hub::waiting(wards.replicas[0].store()).unwrap(), 0, "there is no folder yet");
    sync(&mut wards.replicas[0], folder.path());
    assert_eq!(hub::waiting(wards.replicas[0].store()).unwrap(), 0);
    wards.perform(0, &Deed::Put(0, 1));
    drop(folder);
    assert_eq!(hub::waiting(wards.replicas[0].store()).unwrap(), 1);
}

#[test]
fn many_narrow_bundles_become_few_wide_ones_and_whoever_comes_later_has_all() {
    let folder = TempDir::new().unwrap();
    let mut wards = Wards::new(2);
    for n in 0..60_u8 {
        wards.perform(0, &Deed::Put(n % 3, n % 4));
        sync(&mut wards.replicas[0], folder.path());
        if n == 30 {
            sync(&mut wards.replicas[1], folder.path());
        }
    }
    let count = bundles(folder.path()).len();
    assert!(count < 30, "{count} bundles");
    sync(&mut wards.replicas[1], folder.path());
    let mut new = Replica::at(wards.dir.path().join("new.db"));
    sync(&mut new, folder.path());
    assert_eq!(new.digest(), wards.replicas[0].digest());
    assert_eq!(wards.replicas[1].digest(), wards.replicas[0].digest());
    assert_eq!(sync(&mut new, folder.path()).missing, []);
}

#[test]
fn a_board_says_in_the_folder_who_it_is_and_how_far_it_has_come() {
    let folder = TempDir::new().unwrap();
    let mut wards = Wards::new(2);
    let own = wards.replicas[0].store().replica();
    wards.replicas[0].store().name_replica(own, "ward-pc\u{1b}[31m").unwrap();
    sync(&mut wards.replicas[0], folder.path());
    let said = about::all(folder.path()).unwrap();
    assert_eq!((said.len(), said[0].name.as_str(), said[0].have[&own]), (1, "ward-pc[31m", 3));
    // What is no such file, or a lie about whose it is, is passed over.
    let stranger = folder.path().join("00000000000000000000000000000001");
    fs::create_dir(&stranger).unwrap();
    fs::copy(folder.path().join(own.0.simple().to_string()).join("about.json"), stranger.join("about.json")).unwrap();
    assert_eq!(about::all(folder.path()).unwrap().len(), 1);
    sync(&mut wards.replicas[1], folder.path());
    assert_eq!(wards.replicas[1].store().replica_names().unwrap()[&own], "ward-pc[31m");
}
