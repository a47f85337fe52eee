//! A huddle as it goes on: which item, how long, and what is written of it after each item, so that closing the
//! program half-way loses no more than the item that was being talked about.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::domain::PromiseId;
use crate::domain::agenda::{Agenda, Topic, View};
use crate::domain::change::{Edit, Expect};
use crate::domain::huddle::{Huddle, Item};
use crate::domain::minutes::clock;
use crate::domain::record::Record;

use super::signals;

/// Nobody talks about one item for longer, in seconds: a screen that was left alone counts no further.
const LONGEST: i64 = 3_600;

/// A huddle that is going on.
pub(super) struct Course {
    /// What it talks about.
    pub(super) agenda: Agenda,
    /// Its record, with what is still on its way to the disk.
    pub(super) huddle: Huddle,
    /// The item that was gone back to; nothing: the first that is not finished.
    gone_back: Option<usize>,
    /// Since when the clock of this item runs; nothing while it stands still.
    since: Option<DateTime<Utc>>,
    /// Seconds of this item before that.
    before: i64,
    /// Seconds of items that were left unfinished, by going back.
    left: BTreeMap<usize, i64>,
    /// What is not done yet, as somebody said in this huddle.
    pub(super) not_yet: BTreeSet<PromiseId>,
    /// Whether it was ended here, and is still on its way to the disk.
    pub(super) over: bool,
}

impl Course {
    /// Starts the huddle of an agenda, or goes on with the one that was left half-way.
    pub(super) fn begin(model: &Model, agenda: &Agenda) -> (Self, Option<Effect>) {
        let found = super::today(model, agenda).cloned();
        let is_new = found.is_none();
        let huddle = found.unwrap_or_else(|| blank(model, agenda));
        let words = format!("{} began", huddle.agenda);
        // Where another screen began it in the same moment, that one stays, with what it has written already.
        let effect = is_new.then(|| Effect::commit(words, Edit::create(&huddle).expecting(Expect::Absent)));
        let course = Self {
            agenda: agenda.clone(),
            huddle,
            gone_back: None,
            since: Some(model.now),
            before: 0,
            left: BTreeMap::new(),
            not_yet: BTreeSet::new(),
            over: false,
        };
        (course, effect)
    }

    /// The place of the item that is talked about.
    pub(super) fn at(&self) -> usize {
        let last = self.agenda.items.len().saturating_sub(1);
        self.gone_back.unwrap_or(self.huddle.items.0.len()).min(last)
    }

    /// The item that is talked about.
    pub(super) fn topic(&self) -> Option<&Topic> {
        self.agenda.items.get(self.at())
    }

    /// What the screen shows beside it.
    pub(super) fn view(&self) -> View {
        self.topic().map_or(View::Question, |topic| topic.view)
    }

    /// Whether the clock stands still.
    pub(super) fn is_paused(&self) -> bool {
        self.since.is_none()
    }

    /// How many seconds the item has taken.
    pub(super) fn elapsed(&self, now: DateTime<Utc>) -> i64 {
        let done = self.huddle.items.0.get(self.at()).map_or(0, |item| i64::from(item.took));
        done + self.running(now)
    }

    /// How many seconds the whole has taken.
    pub(super) fn whole(&self, now: DateTime<Utc>) -> i64 {
        let at = self.at();
        let left: i64 = self.left.iter().filter(|(place, _)| **place != at).map(|(_, seconds)| seconds).sum();
        i64::from(self.huddle.seconds()) + left + self.running(now)
    }

    fn running(&self, now: DateTime<Utc>) -> i64 {
        let seconds = self.before + self.since.map_or(0, |since| (now - since).num_seconds().max(0));
        seconds.min(LONGEST)
    }

    /// Whether the clock moves from second to second.
    pub(super) fn ticks(&self, now: DateTime<Utc>) -> bool {
        !self.is_paused() && self.running(now) < LONGEST
    }

    /// Whether it was left alone until its day, or its shift, was over.
    pub(super) fn is_forgotten(&self, model: &Model) -> bool {
        self.running(model.now) >= LONGEST
            && super::today(model, &self.agenda).map(|one| one.id) != Some(self.huddle.id)
    }

    /// Goes on to the next item; after the last one, ends the huddle.
    pub(super) fn next(&mut self, model: &Model, skipped: bool) -> Option<Effect> {
        let (at, took) = (self.at(), self.running(model.now));
        let topic = self.topic().cloned()?;
        let is_last = at + 1 >= self.agenda.items.len();
        let spoke = if topic.view == View::Signals { signals::speaking(model) } else { BTreeMap::new() };
        let words = format!("{}: {}, {}", self.huddle.agenda, topic.title, clock(took));
        let effect = self.write(words, |huddle| {
            let items = &mut huddle.items.0;
            if at >= items.len() {
                items.push(Item { title: topic.title, planned: topic.seconds, ..Item::default() });
            }
            if let Some(item) = items.get_mut(at) {
                item.took = item.took.saturating_add(u32::try_from(took).unwrap_or(0));
                // What was talked about for some seconds was not passed over.
                item.skipped = skipped && item.took < 10;
                item.spoke = spoke;
            }
            if is_last {
                huddle.ended = Some(model.now);
            }
        });
        self.over = is_last;
        let next = at + 1;
        self.go(next, model.now);
        effect
    }

    /// Ends it here: what was not talked about counts as skipped.
    pub(super) fn finish(&mut self, model: &Model) -> Option<Effect> {
        let (at, took) = (self.at(), self.running(model.now));
        let rest: Vec<Topic> = self.agenda.items.iter().skip(self.huddle.items.0.len()).cloned().collect();
        let first = self.huddle.items.0.len();
        let effect = self.write(format!("{} ended", self.huddle.agenda), |huddle| {
            for (place, topic) in (first..).zip(rest) {
                let skipped = place != at;
                huddle.items.0.push(Item { title: topic.title, planned: topic.seconds, skipped, ..Item::default() });
            }
            if let Some(item) = huddle.items.0.get_mut(at) {
                item.took = item.took.saturating_add(u32::try_from(took).unwrap_or(0));
            }
            huddle.ended = Some(model.now);
        });
        self.over = true;
        effect
    }

    /// Goes back to the item before.
    pub(super) fn back(&mut self, now: DateTime<Utc>) {
        let at = self.at();
        if at > 0 {
            // What was given to this item already is not lost.
            self.left.insert(at, self.running(now));
            self.go(at - 1, now);
        }
    }

    fn go(&mut self, to: usize, now: DateTime<Utc>) {
        let finished = self.huddle.items.0.len();
        self.gone_back = (to < finished).then_some(to);
        self.before = self.left.remove(&self.at()).unwrap_or(0);
        self.since = Some(now);
    }

    /// Stops the clock, or lets it go on.
    pub(super) fn pause(&mut self, now: DateTime<Utc>) {
        match self.since {
            Some(_) => (self.before, self.since) = (self.running(now), None),
            None => self.since = Some(now),
        }
    }

    /// Changes the record. Only the fields that differ are written, so that a note that somebody else writes
    /// meanwhile stays.
    fn write(&mut self, words: String, change: impl FnOnce(&mut Huddle)) -> Option<Effect> {
        let before = self.huddle.values();
        change(&mut self.huddle);
        let fields: Vec<_> = self.huddle.values().into_iter().filter(|field| !before.contains(field)).collect();
        (!fields.is_empty()).then(|| Effect::commit(words, Edit { fields, ..Edit::of(&self.huddle) }))
    }

    /// Takes over what stands in the file, once nothing is on its way there. Whether the huddle still goes on.
    pub(super) fn follow(&mut self, model: &Model) -> bool {
        if model.saving > 0 {
            return true;
        }
        let Some(found) = model.huddles.iter().find(|huddle| huddle.id == self.huddle.id) else { return false };
        if found.items != self.huddle.items {
            // Another screen went on, or somebody took the last item back: the clock starts anew.
            (self.gone_back, self.before, self.since) = (None, 0, Some(model.now));
        }
        self.huddle = found.clone();
        found.ended.is_none()
    }
}

fn blank(model: &Model, agenda: &Agenda) -> Huddle {
    let (called, day) = super::called(model, agenda);
    let mut huddle = Huddle::blank(Huddle::id_of(model.team.id, &called, day), model.team.id);
    (huddle.agenda, huddle.day, huddle.planned) = (called, Some(day), agenda.start());
    huddle.started = Some(model.now);
    huddle.led = if model.role.is_empty() { model.team.role.clone() } else { model.role.clone() };
    huddle
}
