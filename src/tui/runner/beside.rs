//! The runner's part in what stands beside the open chart.

use std::collections::HashSet;

use super::Runner;
use crate::app::beside::{Beside, Wish};
use crate::app::model::Model;
use crate::base::error::Outcome;
use crate::domain::MeasureId;
use crate::tui::beside;

impl Runner {
    /// Notes what is wanted, or takes away what is there.
    pub(super) fn want_beside(&mut self, wish: Option<Wish>, model: &mut Model) {
        self.beside = wish;
        if model.beside.as_ref().is_some_and(|beside| Some(beside.wish) != wish) {
            model.beside = None;
        }
    }

    /// Reads what is wanted beside the chart, or what stands there and is stale: the charts of these
    /// measures, or, where other teams or the process board count, whatever has changed.
    pub(super) fn read_beside(&mut self, stale: &HashSet<MeasureId>, model: &mut Model) -> Outcome<()> {
        let shown = model.beside.as_ref().map(|beside| beside.wish);
        let again = shown.filter(|wish| match wish {
            Wish::Second(id) | Wish::Strata(id) => stale.contains(id),
            // Made of the open chart: of another kind of chart it is another one.
            Wish::Spread(id) => stale.contains(id) || self.reread,
            Wish::Teams(_) | Wish::Reasons => self.beside_turn != model.turn,
        });
        self.reread = false;
        let Some(wish) = self.beside.take().or(again) else { return Ok(()) };
        self.beside_turn = model.turn;
        model.beside = beside::read(&self.reader, model, wish)?.map(|found| Beside { wish, found });
        Ok(())
    }
}
