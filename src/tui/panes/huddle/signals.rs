//! Which charts speak, and what has changed since the last huddle.

use std::collections::BTreeMap;

use crate::app::look::Role;
use crate::app::model::Model;
use crate::domain::huddle::{Huddle, spoken_of};
use crate::domain::measure::Measure;
use crate::spc::Verdict;
use crate::tui::widgets::chart::verdict_role;

/// So many charts at most are kept in a huddle's record.
const KEPT_AT_MOST: usize = 150;

fn verdict(model: &Model, measure: &Measure) -> Option<Verdict> {
    let tile = model.tiles.get(&measure.id)?;
    Some(if tile.early { Verdict::Common } else { tile.verdict })
}

/// Which charts speak now, and how.
pub(super) fn speaking(model: &Model) -> BTreeMap<String, String> {
    let spoke = model.measures.iter().filter_map(|measure| {
        let verdict = verdict(model, measure).filter(|verdict| *verdict != Verdict::Common)?;
        Some((spoken_of(measure.id), verdict.code().to_owned()))
    });
    spoke.take(KEPT_AT_MOST).collect()
}

/// A chart that differs from what it said at the last huddle.
pub(super) struct Changed<'a> {
    pub(super) measure: &'a Measure,
    /// What changed, in a few words.
    pub(super) words: &'static str,
    pub(super) role: Role,
}

/// The huddle before this one in which charts were talked through.
pub(super) fn last<'a>(model: &'a Model, now: &Huddle) -> Option<&'a Huddle> {
    let before = model.huddles.iter().filter(|huddle| huddle.id != now.id && huddle.started < now.started);
    before.filter(|huddle| huddle.items.0.iter().any(|item| !item.spoke.is_empty())).max_by_key(|one| one.started)
}

/// The charts that changed their verdict since the last huddle, those that need a look first. Where no huddle
/// has looked at charts yet, all that speak.
pub(super) fn changed<'a>(model: &'a Model, now: &Huddle) -> Vec<Changed<'a>> {
    let before = last(model, now).and_then(|huddle| huddle.items.0.iter().find(|item| !item.spoke.is_empty()));
    let mut found: Vec<Changed<'a>> = model
        .measures
        .iter()
        .filter_map(|measure| {
            let verdict = verdict(model, measure)?;
            let was = before.and_then(|item| item.spoke.get(&spoken_of(measure.id))).map_or("common", String::as_str);
            let words = match (verdict, was) {
                (now, was) if now.code() == was => return None,
                (Verdict::Concern, _) => "new: worse",
                (Verdict::Improvement, _) => "new: better",
                (Verdict::Neutral, _) => "new: changed",
                (Verdict::Common, "concern") => "over: no longer worse",
                (Verdict::Common, _) => "over: common cause again",
            };
            Some(Changed { measure, words, role: verdict_role(verdict) })
        })
        .collect();
    found.sort_by_key(|one| model.urgency(one.measure).unwrap_or(u8::MAX));
    found
}
