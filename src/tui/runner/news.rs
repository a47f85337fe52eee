//! What a look at the file tells of others, for the marks on the screen.

use crate::app::model::Model;
use crate::app::news::Item;
use crate::domain::change::RecordKey;
use crate::domain::process::{Completion, Period};
use crate::domain::record::Kind;
use crate::store::{Seen, Store, Touched};

/// Marks what others than this run of the program changed in the team on the screen.
pub(super) fn tell(reader: &Store, seen: Seen, session: i64, model: &mut Model) {
    let Seen::Records(found) = seen else { return };
    for found in found {
        if found.session == Some(session) || found.touched.team != model.team.id {
            continue;
        }
        let (kind, record) = place(reader, found.touched);
        model.news.add(Item { kind, record, who: found.actor, at: model.now });
    }
}

/// Where a change shows: a tick shows on the period that it counts for.
fn place(reader: &Store, touched: Touched) -> (Kind, RecordKey) {
    if let (Kind::Completion, RecordKey::Id(id)) = (touched.kind, &touched.record)
        && let Ok(Some(tick)) = reader.record::<Completion>(*id)
    {
        return (Kind::Period, RecordKey::Id(Period::id_of(tick.process, tick.start).0));
    }
    (touched.kind, touched.record)
}
