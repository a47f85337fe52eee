//! A history told to boards, and what must hold on the way and in the end.

use std::collections::BTreeMap;

use huddleboard::base::id::ReplicaId;
use huddleboard::domain::change::Edit;
use huddleboard::store::RemoteChange;

use crate::history::{Event, History, Strangers};
use crate::oracle::{Cell, Fold, Shown, text_of, watched};
use crate::wards::{Deed, Names, shuffle};

/// What holds, or a sentence on what does not.
pub(crate) type Held = Result<(), String>;

/// Changes by replica and number.
pub(crate) type Log = BTreeMap<(ReplicaId, i64), RemoteChange>;

/// Boards that something happens at: real ones, or models of them.
pub(crate) trait Boards {
    fn count(&self) -> usize;
    fn names(&mut self) -> &mut Names;
    /// Whether anything was written; what cannot be done is not, which is fine.
    fn commit(&mut self, which: usize, edits: Vec<Edit>) -> bool;
    fn undo(&mut self, which: usize);
    fn redo(&mut self, which: usize);
    fn turn(&mut self, which: usize, hours: i32);
    fn receive(&mut self, which: usize, changes: Vec<RemoteChange>) -> Held;
    /// All that a board has, by replica and number.
    fn log(&mut self, which: usize) -> Vec<RemoteChange>;
    fn shown(&mut self, which: usize) -> Shown;
    fn copy(&mut self, which: usize, beside: bool);
    fn keep(&mut self, which: usize);
    fn put_back(&mut self, which: usize);
    /// What only files can suffer.
    fn suffer(&mut self, _event: &Event) -> Held {
        Ok(())
    }
    /// Everybody gets everything that there is.
    fn exchange_all(&mut self, through_folder: bool) -> Held;
    /// What else must hold when everybody has everything.
    fn agree(&mut self) -> Held {
        Ok(())
    }
}

/// Tells the history; answers what does not hold.
pub(crate) fn tell(history: &History, boards: &mut impl Boards) -> Held {
    let mut telling = Telling { boards, strangers: Strangers::new(), written: Log::new() };
    history.events.iter().try_for_each(|event| telling.happen(event))?;
    telling.conclude(history.through_folder)
}

struct Telling<'b, B> {
    boards: &'b mut B,
    strangers: Strangers,
    /// Every change that was ever seen anywhere.
    written: Log,
}

impl<B: Boards> Telling<'_, B> {
    fn happen(&mut self, event: &Event) -> Held {
        let count = self.boards.count();
        match event {
            Event::Deed(which, deed) => self.perform(which % count, deed),
            Event::Send { from, to, quarters, seed } => {
                let mut changes = self.boards.log(from % count);
                shuffle(&mut changes, *seed);
                changes.truncate(changes.len() * quarters / 4);
                changes.extend_from_within(..changes.len() / 3);
                self.boards.receive(to % count, changes)
            }
            Event::Stranger(which, what, hours) => {
                let change = self.strangers.write(self.boards.names(), *what, *hours);
                self.boards.receive(which % count, vec![change.clone()])?;
                let is_kept = self.boards.log(which % count).contains(&change);
                if is_kept { Ok(()) } else { Err(format!("a change was not kept as it came: {change:?}")) }
            }
            Event::Copy(which, beside) if count < 6 => {
                self.boards.copy(which % count, *beside);
                Ok(())
            }
            Event::Copy(..) => Ok(()),
            Event::Keep(which) => {
                self.boards.keep(which % count);
                Ok(())
            }
            Event::PutBack(which) => {
                // What was written since the copy was made may be gone, and its numbers with it.
                self.note(which % count)?;
                self.boards.put_back(which % count);
                Ok(())
            }
            event => self.boards.suffer(event),
        }
    }

    fn perform(&mut self, which: usize, deed: &Deed) -> Held {
        match deed {
            Deed::Undo => self.boards.undo(which),
            Deed::Redo => self.boards.redo(which),
            Deed::Turn(hours) => self.boards.turn(which, *hours),
            deed => {
                let edits = self.boards.names().edits(deed);
                if self.boards.commit(which, edits.clone()) {
                    let shown = self.boards.shown(which);
                    return edits.iter().try_for_each(|edit| shows(&shown, edit));
                }
            }
        }
        Ok(())
    }

    /// No number is ever given out twice.
    fn note(&mut self, which: usize) -> Held {
        for change in self.boards.log(which) {
            let before = self.written.entry((change.origin, change.seq)).or_insert_with(|| change.clone());
            if *before != change {
                return Err(format!("one number with two contents: {before:?} and {change:?}"));
            }
        }
        Ok(())
    }

    fn conclude(&mut self, through_folder: bool) -> Held {
        (0..self.boards.count()).try_for_each(|which| self.note(which))?;
        let before: Vec<RemoteChange> = (0..self.boards.count()).flat_map(|which| self.boards.log(which)).collect();
        self.boards.exchange_all(through_folder)?;
        let log = self.boards.log(0);
        let all: Log = log.iter().map(|change| ((change.origin, change.seq), change.clone())).collect();
        if let Some(lost) = before.iter().find(|change| all.get(&(change.origin, change.seq)) != Some(change)) {
            return Err(format!("a change did not arrive as it was written: {lost:?}"));
        }
        let shown = Fold::over(&log).shown();
        for which in 0..self.boards.count() {
            self.note(which)?;
            same(&format!("the log of board {which} and that of board 0"), &self.boards.log(which), &log)?;
            same(&format!("what board {which} shows and what its log says"), &self.boards.shown(which), &shown)?;
        }
        self.boards.agree()
    }
}

/// Whether the board that an edit was made at shows it: nobody types anything in vain.
fn shows(shown: &Shown, edit: &Edit) -> Held {
    let cell = |field: &str| -> Cell { (edit.kind.code().to_owned(), edit.record.bytes(), field.to_owned()) };
    let deletes = edit.fields.iter().any(|(name, value)| *name == "deleted" && value.to_json() == 1);
    for (field, is_number) in watched(edit.kind.code()) {
        let wanted =
            edit.fields.iter().find(|(name, _)| name == field).map(|(_, value)| text_of(&value.to_json(), *is_number));
        let found = shown.get(&cell(field));
        if deletes && found.is_some() {
            return Err(format!("what was deleted is still shown: {:?}", cell(field)));
        }
        if let (false, Some(wanted)) = (deletes, wanted)
            && found != Some(&wanted)
        {
            return Err(format!("{wanted:?} was typed, and {found:?} is shown: {:?}", cell(field)));
        }
    }
    Ok(())
}

/// Whether two things that should be the same are.
pub(crate) fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, wanted: &T) -> Held {
    if found == wanted { Ok(()) } else { Err(format!("{what} differ:\n{found:?}\n{wanted:?}")) }
}
