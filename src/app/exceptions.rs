//! What of the board needs a look today: what changed, what is late, which targets are at risk.

use super::model::Model;
use crate::chart::Tile;
use crate::domain::due::Due;
use crate::domain::frequency::Frequency;
use crate::domain::measure::{Measure, MeasureKind};
use crate::spc::{Assurance, Better, Verdict};

/// How many measures of a board need a look, and why.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Exceptions {
    /// Special cause, worse.
    pub concerns: usize,
    /// Special cause, better.
    pub improvements: usize,
    /// Special cause, neither.
    pub changes: usize,
    /// So many measures lack the value of a period that is over.
    pub late: usize,
    /// So many values are due now, those that are late among them.
    pub due: usize,
    /// So many targets are being missed as things run now.
    pub at_risk: usize,
    /// Common cause: best left alone.
    pub unchanged: usize,
    /// Too few points for any verdict.
    pub early: usize,
    /// Still being read.
    pub unread: usize,
}

impl Exceptions {
    /// How many measures have special cause variation.
    pub fn signals(&self) -> usize {
        self.concerns + self.improvements + self.changes
    }
}

impl Model {
    /// What needs a look among the measures for which `counts` holds.
    pub fn exceptions(&self, counts: impl Fn(&Measure) -> bool) -> Exceptions {
        let mut found = Exceptions::default();
        for measure in self.measures.iter().filter(|measure| counts(measure)) {
            found.due += self.due(measure).periods();
            found.late += usize::from(matches!(self.due(measure), Due::Late { .. }));
            let Some(tile) = self.tiles.get(&measure.id) else {
                found.unread += 1;
                continue;
            };
            found.at_risk += usize::from(is_at_risk(measure, tile));
            *match (tile.early, tile.verdict) {
                (true, _) => &mut found.early,
                (false, Verdict::Concern) => &mut found.concerns,
                (false, Verdict::Improvement) => &mut found.improvements,
                (false, Verdict::Neutral) => &mut found.changes,
                (false, Verdict::Common) => &mut found.unchanged,
            } += 1;
        }
        found
    }

    /// How much a measure needs a look: 0 most, then later; nothing where it needs none.
    pub fn urgency(&self, measure: &Measure) -> Option<u8> {
        let tile = self.tiles.get(&measure.id);
        let verdict = tile.filter(|tile| !tile.early).map_or(Verdict::Common, |tile| tile.verdict);
        match verdict {
            Verdict::Concern => Some(0),
            _ if tile.is_some_and(|tile| is_at_risk(measure, tile)) => Some(1),
            _ if matches!(self.due(measure), Due::Late { .. }) => Some(2),
            Verdict::Improvement | Verdict::Neutral => Some(3),
            Verdict::Common => None,
        }
    }

    /// The latest value as every screen shows it: of rare events the days since the last one.
    pub fn shown_value(&self, measure: &Measure) -> String {
        let Some(tile) = self.tiles.get(&measure.id) else { return "…".to_owned() };
        self.days_since(measure).map_or_else(|| tile.value.clone(), |days| format!("{days} d"))
    }

    /// The days since the last event, of a measure that counts rare events one by one.
    pub fn days_since(&self, measure: &Measure) -> Option<i64> {
        if measure.frequency != Frequency::Event || measure.kind != MeasureKind::Count {
            return None;
        }
        let start = self.tiles.get(&measure.id)?.start?;
        Some((self.today() - start.date()).num_days().max(0))
    }
}

/// Whether a target is being missed as things run now: by the limits, or, where a chart has none, by its
/// centre line. One missed value alone puts no target at risk.
fn is_at_risk(measure: &Measure, tile: &Tile) -> bool {
    if tile.early || measure.better() == Better::Neither {
        return false;
    }
    if let Some(assurance) = tile.assurance {
        return assurance == Assurance::Fail;
    }
    let last = tile.chart.points.iter().rev().find(|point| point.speaks());
    last.is_some_and(|point| match measure.better() {
        Better::Up => point.centre < point.target,
        Better::Down => point.centre > point.target,
        Better::Neither => false,
    })
}
