//! Stamps: a hybrid logical clock (Kulkarni et al. 2014) with the replica as its last word, so that
//! any two changes anywhere are ordered, and alike everywhere.

use uuid::Uuid;

use crate::base::id::ReplicaId;

/// A stamp that is further ahead of the machine's clock than this is obeyed for the value that it
/// replaces, but the own clock does not follow it: one wrong clock must not set all the others.
pub(super) const FOLLOWED_AHEAD_MS: i64 = 24 * 60 * 60 * 1000;

/// The last moment that a stamp can name: JSON itself keeps whole numbers only so far.
pub(super) const LAST_WALL: i64 = 1 << 53;

/// When a change was made, in the order that decides which one shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Stamp {
    pub(super) wall: i64,
    pub(super) counter: u16,
    pub(super) replica: ReplicaId,
}

impl Stamp {
    /// As the log's `seen` names it.
    pub(super) fn text(self) -> String {
        format!("{}.{}.{}", self.wall, self.counter, self.replica.0.simple())
    }

    /// The stamp that such a text names.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let (wall, counter, id) = (parts.next()?, parts.next()?, parts.next()?);
        let replica = ReplicaId(Uuid::try_parse(id).ok()?);
        parts.next().is_none().then_some(Self { wall: wall.parse().ok()?, counter: counter.parse().ok()?, replica })
    }
}

/// The clock of this file while one action is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ticker {
    replica: ReplicaId,
    now: i64,
    wall: i64,
    counter: u16,
}

impl Ticker {
    /// A clock that was left at (`wall`, `counter`), while the machine's clock shows `now` in ms.
    pub(super) fn new(replica: Uuid, wall: i64, counter: u16, now: i64) -> Self {
        Self { replica: ReplicaId(replica), now, wall, counter }
    }

    /// How far it has come: what the file keeps.
    pub(super) fn position(&self) -> (i64, u16) {
        (self.wall, self.counter)
    }

    /// The next stamp: after all that this file ever gave out, and after all that stands in the record
    /// that it is for, so that an edit always beats what it was typed over.
    pub(super) fn next(&mut self, replaced: Option<Stamp>) -> Stamp {
        let ticked = if self.now > self.wall { (self.now, 0) } else { after(self.wall, self.counter) };
        (self.wall, self.counter) = ticked;
        let mut chosen = ticked;
        if let Some(replaced) = replaced {
            let successor = after(replaced.wall, replaced.counter);
            if successor > ticked {
                chosen = successor;
                if successor.0 <= self.now.saturating_add(FOLLOWED_AHEAD_MS) {
                    (self.wall, self.counter) = successor;
                }
            }
        }
        Stamp { wall: chosen.0, counter: chosen.1, replica: self.replica }
    }
}

/// The least that comes after; a counter that is full carries into the wall clock. Nothing comes after
/// the last stamp of all: only a stranger's file has it, and what is beyond it no board would take in.
fn after(wall: i64, counter: u16) -> (i64, u16) {
    match counter.checked_add(1) {
        Some(counter) => (wall, counter),
        None if wall < LAST_WALL => (wall + 1, 0),
        None => (LAST_WALL, counter),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticker(wall: i64, counter: u16, now: i64) -> Ticker {
        Ticker::new(Uuid::nil(), wall, counter, now)
    }

    #[test]
    fn a_machine_clock_that_goes_backwards_keeps_stamps_increasing() {
        let mut clock = ticker(1_000, 7, 400);
        let (first, second) = (clock.next(None), clock.next(None));
        assert_eq!((first.wall, first.counter), (1_000, 8));
        assert!(second > first);
    }

    #[test]
    fn a_full_counter_carries_into_the_wall_clock() {
        let mut clock = ticker(1_000, u16::MAX, 1_000);
        assert_eq!(clock.next(None).wall, 1_001);
        assert_eq!(clock.position(), (1_001, 0));
    }

    #[test]
    fn nothing_is_stamped_after_the_last_stamp_of_all() {
        let mut clock = ticker(0, 0, 1_000);
        let last = Stamp { wall: LAST_WALL, counter: u16::MAX, replica: ReplicaId(Uuid::nil()) };
        assert_eq!(clock.next(Some(last)), last);
        assert_eq!(clock.next(None).wall, 1_000);
    }

    #[test]
    fn an_edit_is_stamped_after_a_value_from_the_far_future_but_the_clock_does_not_follow() {
        let mut clock = ticker(0, 0, 1_000);
        let poisoned = Stamp { wall: 1_000 + 10 * FOLLOWED_AHEAD_MS, counter: 3, replica: ReplicaId(Uuid::max()) };
        let edit = clock.next(Some(poisoned));
        assert!(edit > poisoned);
        assert_eq!(clock.position(), (1_000, 0));
        assert!(clock.next(None) < poisoned);
    }

    #[test]
    fn a_clock_a_little_behind_follows_the_value_that_it_replaced() {
        let mut clock = ticker(0, 0, 1_000);
        let ahead = Stamp { wall: 5_000, counter: 0, replica: ReplicaId(Uuid::max()) };
        let edit = clock.next(Some(ahead));
        assert!(clock.next(None) > edit);
    }
}
