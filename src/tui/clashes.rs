//! Conflicts as they are read from the file for the screen.

use std::collections::HashMap;

use crate::app::conflict::{Clash, Side, Sort};
use crate::base::error::{Failure, FailureKind, Outcome};
use crate::base::id::ReplicaId;
use crate::store::{Conflict, Store};

/// A conflict, and how it is shown.
pub(crate) type Read = (Conflict, Clash);

/// Reads every conflict of the file.
pub(crate) fn read(store: &Store) -> Outcome<Vec<Read>> {
    let names = store.replica_names()?;
    let read = |conflict| Ok((clash(store, &conflict, &names)?, conflict));
    store.conflicts()?.into_iter().map(read).map(turned).collect()
}

fn turned(read: Outcome<(Clash, Conflict)>) -> Outcome<Read> {
    read.map(|(clash, conflict)| (conflict, clash))
}

fn clash(store: &Store, conflict: &Conflict, names: &HashMap<ReplicaId, String>) -> Outcome<Clash> {
    let told = store.tell(conflict)?;
    let sides = conflict.sides().zip(told.sides).map(|(side, words)| Side {
        words,
        deletes: side.deletes(),
        who: conflict.whose(side, names, store.replica()),
        at: side.at,
    });
    let sort = if conflict.is_deletion() {
        Sort::Deletion
    } else if conflict.is_text() {
        Sort::Text
    } else {
        Sort::Value
    };
    Ok(Clash {
        code: conflict.code(),
        team: conflict.team,
        what: told.what,
        field: told.field,
        sort,
        sides: sides.collect(),
    })
}

/// What is said of a conflict that is not there any more.
pub(crate) fn gone() -> Failure {
    Failure::new(FailureKind::Conflict, "This was settled or changed in the meantime.").hint("Look at the list again.")
}
