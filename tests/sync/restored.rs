//! A board that is put back to an earlier day finds its lost days again at the boards that have them.

use huddleboard::store::backup::{Difference, Restoring, backup_folder};

use crate::support::noon;
use crate::wards::{Deed, Wards};

#[test]
fn a_restored_board_writes_on_and_gets_back_what_others_have_and_nothing_is_lost() {
    let mut wards = Wards::new(2);
    wards.perform(0, &Deed::Make(0, 0));
    wards.perform(0, &Deed::Put(1, 1));
    let path = wards.replicas[0].path.clone();
    let folder = backup_folder(&path);
    let backup = wards.replicas[0].store().back_up_into(&folder, noon()).unwrap();
    // The days that will be lost here, and are at the other board.
    for day in 2..8 {
        wards.perform(0, &Deed::Put(day, day));
    }
    wards.perform(0, &Deed::Rename(0, 2));
    wards.exchange_all();
    let lost = wards.replicas[0].digest();
    let mut replicas = vec![wards.replicas[0].store().replica()];
    for round in 0..2_u8 {
        drop(wards.replicas[0].store.take());
        let clock = wards.replicas[0].clock.clone();
        let restored = Restoring::prepare(&path, &backup.path, clock).unwrap().put(&folder, noon()).unwrap();
        assert!(restored.difference.is_some_and(|Difference { gained, lost }| gained == 0 && lost >= 7));
        wards.replicas[0].reopen();
        replicas.push(wards.replicas[0].store().replica());
        // Both write before they meet again, the restored one where it had written before.
        wards.perform(0, &Deed::Put(20 + round, 9));
        wards.perform(0, &Deed::Tick(1));
        wards.perform(1, &Deed::Put(22 + round, 8));
        wards.exchange_all();
        assert_eq!(wards.replicas[0].digest(), wards.replicas[1].digest());
        assert_ne!(wards.replicas[0].digest(), lost, "what was written after it is there as well");
    }
    replicas.sort();
    replicas.dedup();
    assert_eq!(replicas.len(), 3, "each restore made another replica");
    for replica in &mut wards.replicas {
        let have = replica.store().have().unwrap();
        assert!(have.iter().all(|have| have.upto == have.known_max), "{have:?}");
        let before = replica.digest();
        replica.store().rebuild().unwrap();
        assert_eq!(replica.digest(), before);
    }
}
