//! Three months of a safety cross: mostly filled, and some days that nobody filled.

use super::chance::Chance;
use super::ward::Ward;
use super::{Batch, Moment};
use crate::domain::change::Edit;
use crate::domain::cross::{CrossDay, Said, fits};

/// So many days are told.
const DAYS: u64 = 90;

/// What the ward said of each day of its harms; the events themselves are points.
pub(super) fn of(ward: &Ward, seed: u64, moment: Moment) -> Vec<Batch> {
    let mut batches = Vec::new();
    for measure in ward.measures.iter().filter(|measure| fits(measure)) {
        let mut chance = Chance::of(seed, &format!("cross of {}", measure.name));
        for ago in (1..=DAYS).rev() {
            let said = match () {
                () if chance.happens(0.06) => continue,
                () if chance.happens(0.05) => Said::Near,
                () => Said::None,
            };
            let day = moment.back(ago);
            batches.push(Batch {
                at: moment.at(ago, 20, 30),
                role: "nurse in charge",
                words: format!("Cross of {}, {day}", measure.name),
                edits: vec![Edit::create(&CrossDay::of(measure.team, measure.id, day, said))],
            });
        }
    }
    batches
}
