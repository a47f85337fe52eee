//! What somebody else has changed just now: a quiet mark where it stands, and who it was.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::model::Model;
use crate::domain::change::RecordKey;
use crate::domain::record::Kind;
use crate::domain::{CycleId, MeasureId, ProcessId};

/// So many marks are kept at most: where more changed at once, nobody reads them one by one.
const KEPT_AT_MOST: usize = 200;
/// So long a change counts as new, in seconds.
const NEW_FOR: i64 = 60;

/// Something that somebody else changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The kind of record.
    pub kind: Kind,
    /// The record.
    pub record: RecordKey,
    /// The role of whoever did it, where that is kept.
    pub who: Option<String>,
    /// When it came to this screen.
    pub at: DateTime<Utc>,
}

/// What others changed of late, the latest last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct News {
    items: Vec<Item>,
}

impl News {
    /// Remembers a change; one of the same record before it is forgotten.
    pub fn add(&mut self, item: Item) {
        self.items.retain(|known| (known.kind, &known.record) != (item.kind, &item.record));
        if self.items.len() >= KEPT_AT_MOST {
            self.items.remove(0);
        }
        self.items.push(item);
    }

    /// Forgets what is not new any more; whether there was any.
    pub fn fade(&mut self, now: DateTime<Utc>) -> bool {
        let before = self.items.len();
        self.items.retain(|item| now - item.at < TimeDelta::seconds(NEW_FOR));
        self.items.len() < before
    }

    /// The latest change.
    pub fn latest(&self) -> Option<&Item> {
        self.items.last()
    }

    /// The latest change of a record.
    pub fn of(&self, kind: Kind, id: Uuid) -> Option<&Item> {
        self.items.iter().rev().find(|item| item.kind == kind && item.record == RecordKey::Id(id))
    }

    /// The latest change of a measure or of one of its points.
    pub fn of_measure(&self, id: MeasureId) -> Option<&Item> {
        let is_of = |item: &&Item| match &item.record {
            RecordKey::Point(point) => point.measure == id,
            RecordKey::Id(record) => item.kind == Kind::Measure && *record == id.0,
        };
        self.items.iter().rev().find(is_of)
    }
}

impl Item {
    /// What it is, by the name that it has on the screen; nothing where it has none there.
    pub fn named<'m>(&self, model: &'m Model) -> Option<&'m str> {
        let id = match &self.record {
            RecordKey::Point(point) => return model.measure(point.measure).map(|measure| measure.name.as_str()),
            RecordKey::Id(id) => *id,
        };
        match self.kind {
            Kind::Measure => model.measure(MeasureId(id)).map(|measure| measure.name.as_str()),
            Kind::Process => model.process(ProcessId(id)).map(|process| process.name.as_str()),
            Kind::Period => {
                let row = model.rows.iter().find(|row| row.period.id.0 == id)?;
                model.process(row.process).map(|process| process.name.as_str())
            }
            Kind::Project => {
                model.projects.iter().find(|project| project.id.0 == id).map(|project| project.name.as_str())
            }
            Kind::Cycle => model.cycle(CycleId(id)).map(|cycle| cycle.title.as_str()),
            Kind::Promise => {
                model.promises.iter().find(|promise| promise.id.0 == id).map(|promise| promise.what.as_str())
            }
            _ => None,
        }
    }

    /// Who did it, in a word or two.
    pub fn whose(&self) -> &str {
        self.who.as_deref().filter(|who| !who.is_empty()).unwrap_or("somebody")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(n: u128, at: i64) -> Item {
        let at = DateTime::UNIX_EPOCH + TimeDelta::seconds(at);
        Item { kind: Kind::Cycle, record: RecordKey::Id(Uuid::from_u128(n)), who: None, at }
    }

    #[test]
    fn a_record_is_new_once_for_a_minute_and_the_latest_is_known() {
        let mut news = News::default();
        for (n, at) in [(1, 0), (2, 10), (1, 20)] {
            news.add(item(n, at));
        }
        assert_eq!(news.latest(), Some(&item(1, 20)));
        assert!(!news.fade(item(0, 69).at));
        assert!(news.fade(item(0, 70).at));
        assert_eq!(news.of(Kind::Cycle, Uuid::from_u128(2)), None);
        assert_eq!(news.of(Kind::Cycle, Uuid::from_u128(1)), Some(&item(1, 20)));
        assert_eq!(news.of(Kind::Project, Uuid::from_u128(1)), None, "another kind");
    }

    #[test]
    fn no_more_is_kept_than_anybody_reads() {
        let mut news = News::default();
        (0..500).for_each(|n| news.add(item(n, 0)));
        assert_eq!(news.items.len(), KEPT_AT_MOST);
        assert_eq!(news.latest(), Some(&item(499, 0)));
    }
}
