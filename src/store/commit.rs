//! The one way in: edits become changes of the log and rows of the tables, in one transaction.

use rusqlite::{Transaction, TransactionBehavior};

use super::failure::read_only;
use super::writer::{Action, Sort, Writer};
use super::{Author, Receipt, Store, identity};
use crate::base::error::{Failure, Outcome};
use crate::base::text;
use crate::domain::change::Edit;
use crate::domain::guard;

/// How long the words of an action and the role of its author may be.
const WORDS_AT_MOST: usize = 400;

impl Store {
    /// Writes all of `edits` as one action, or nothing.
    ///
    /// The edits are taken one by one as the iterator gives them, so that a million imported rows need
    /// no more memory than one. An edit that would change nothing is passed over; where all of them
    /// are, nothing is written and the receipt counts no changes.
    ///
    /// # Errors
    /// The first error among the edits; a sentence for the first edit that is refused, with its field
    /// as the place; a conflict where a record is not as the edit expects it; or what the disk did.
    /// Nothing is written then.
    pub fn commit<I>(&mut self, author: &Author, words: &str, edits: I) -> Outcome<Receipt>
    where
        I: IntoIterator<Item = Outcome<Edit>>,
    {
        self.write(&Action::edit(author, words)?, Ending::Keep, |writer| take_all(writer, edits))
    }

    /// Does all that [`Store::commit`] does, and takes it back: what would become of these edits.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub fn rehearse<I>(&mut self, author: &Author, words: &str, edits: I) -> Outcome<Receipt>
    where
        I: IntoIterator<Item = Outcome<Edit>>,
    {
        self.write(&Action::edit(author, words)?, Ending::TakeBack, |writer| take_all(writer, edits))
    }

    /// One action in one transaction.
    pub(super) fn write(
        &mut self,
        action: &Action,
        ending: Ending,
        work: impl FnOnce(&mut Writer<'_>) -> Outcome<()>,
    ) -> Outcome<Receipt> {
        if !self.writable {
            return Err(read_only());
        }
        self.check_in_place()?;
        let now = self.clock.now();
        let written = {
            let transaction = Transaction::new(&mut self.conn, TransactionBehavior::Immediate)?;
            run(transaction, action, ending, now, work)
        };
        self.settle_down();
        let (receipt, span) = written?;
        if let (Some(span), Ending::Keep) = (span, ending) {
            self.replica = span.replica;
            self.looked.wrote(span.origin, span.first, span.last);
            // The change is safe by now; a sidecar that cannot be written only weakens the check for
            // copied files until the next commit.
            let _ = identity::keep_up(&self.conn, &self.path);
        }
        Ok(receipt)
    }
}

/// Whether a transaction's work stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// It is committed.
    Keep,
    /// It is rolled back.
    TakeBack,
}

/// What an action wrote into the log.
pub(super) struct Span {
    pub(super) replica: crate::base::id::ReplicaId,
    pub(super) origin: i64,
    pub(super) first: i64,
    pub(super) last: i64,
}

fn run(
    transaction: Transaction<'_>,
    action: &Action,
    ending: Ending,
    now: chrono::DateTime<chrono::Utc>,
    work: impl FnOnce(&mut Writer<'_>) -> Outcome<()>,
) -> Outcome<(Receipt, Option<Span>)> {
    let mut writer = Writer::begin(&transaction, now)?;
    work(&mut writer)?;
    let (receipt, span) = writer.finish(action)?;
    if span.is_some() && ending == Ending::Keep {
        transaction.commit()?;
    } else {
        transaction.rollback()?;
    }
    Ok((receipt, span))
}

fn take_all<I>(writer: &mut Writer<'_>, edits: I) -> Outcome<()>
where
    I: IntoIterator<Item = Outcome<Edit>>,
{
    edits.into_iter().try_for_each(|edit| writer.take(edit?))
}

impl Action {
    /// Somebody's own action, with its words and role cleaned as every text is.
    pub(super) fn edit(author: &Author, words: &str) -> Outcome<Self> {
        Ok(Self {
            actor: author.role.as_deref().map(said).transpose()?.filter(|role| !role.is_empty()),
            session: author.session,
            words: said(words)?,
            reverses: None,
            sort: Sort::Edit,
        })
    }

    /// The undoing or redoing of the action `reverses`.
    pub(super) fn reversal(author: &Author, words: &str, sort: Sort, reverses: i64) -> Outcome<Self> {
        Ok(Self { reverses: Some(reverses), sort, ..Self::edit(author, words)? })
    }
}

/// A text about an edit, held to the same rules as the texts within it.
fn said(words: &str) -> Outcome<String> {
    let words: String = text::clean_line(words).chars().take(WORDS_AT_MOST).collect();
    match guard::scan(&words).into_iter().find(|concern| concern.blocks()) {
        Some(concern) => {
            Err(Failure::refused(concern.words()).hint("Take it out: this board holds counts, never patients."))
        }
        None => Ok(words),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::base::clock::SystemClock;
    use crate::domain::TeamId;
    use crate::domain::team::Team;
    use crate::store::Opening;

    fn store(dir: &tempfile::TempDir) -> Store {
        let path = dir.path().join("ward.db");
        Store::open(&Opening { path, create: true, shared_with_group: false, clock: Arc::new(SystemClock) }).unwrap()
    }

    fn teams(count: usize) -> Vec<Outcome<Edit>> {
        let make = |_| {
            let id = TeamId::fresh();
            let mut team = Team::blank(id, id);
            team.name = "Ward".into();
            team.agenda.0 = vec!["Who is here, and who is not?".repeat(10)];
            Ok(Edit::create(&team))
        };
        (0..count).map(make).collect()
    }

    fn author() -> Author {
        Author { role: None, session: 1 }
    }

    #[test]
    fn a_writer_that_has_waited_long_enough_says_who_is_in_the_way() {
        let dir = tempfile::tempdir().unwrap();
        let (mut store, mut other) = (store(&dir), store(&dir));
        store.conn.busy_timeout(Duration::ZERO).unwrap();
        let holder = Transaction::new(&mut other.conn, TransactionBehavior::Immediate).unwrap();
        let busy = store.commit(&author(), "start", teams(1)).unwrap_err();
        assert_eq!(busy.what, "Another program is writing to this file.");
        assert!(busy.hint.is_some_and(|hint| hint.contains("try again")));
        assert_eq!(store.teams().unwrap().len(), 0, "reading goes on");
        holder.rollback().unwrap();
        store.commit(&author(), "start", teams(1)).unwrap();
    }

    #[test]
    fn on_a_full_disk_nothing_is_half_written_and_the_next_try_succeeds() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = store(&dir);
        let pages: i64 = store.conn.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        store.conn.pragma_update_and_check(None, "max_page_count", pages + 3, |_| Ok(())).unwrap();
        let full = store.commit(&author(), "start", teams(100)).unwrap_err();
        assert_eq!(full.what, "The disk is full.");
        assert_eq!(store.teams().unwrap().len(), 0);
        store.conn.pragma_update_and_check(None, "max_page_count", pages + 1_000, |_| Ok(())).unwrap();
        store.commit(&author(), "start", teams(100)).unwrap();
        assert_eq!(store.teams().unwrap().len(), 100);
    }
}
