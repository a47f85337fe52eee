//! Twelve weeks of huddles, and what was promised, escalated and answered in them.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate, NaiveTime, TimeDelta};

use super::chance::Chance;
use super::ward::Ward;
use super::{Batch, Moment, TOLD_SINGLY};
use crate::base::zone::Zone;
use crate::domain::agenda::{DAILY, Topic, View, days_of};
use crate::domain::change::Edit;
use crate::domain::frequency::Frequency;
use crate::domain::huddle::{Huddle, Item, spoken_of};
use crate::domain::promise::{Promise, Sort, State, Tier};
use crate::domain::record::Json;
use crate::domain::{HuddleId, PromiseId};

/// So many days of huddles are told.
const DAYS: u64 = 84;

/// What is promised at a huddle: what, and the role that promises it.
const ACTIONS: [(&str, &str); 16] = [
    ("low beds for bay 2 from the equipment library", "charge nurse"),
    ("order red trays for the side rooms", "ward clerk"),
    ("second check of omitted doses at 14:00", "pharmacist"),
    ("ask for transport before 10 for two discharges", "bed manager"),
    ("show the new bank staff where the hoist is", "charge nurse"),
    ("walking aids within reach in bay 4", "therapy"),
    ("4AT chart into the admission pack", "junior doctor"),
    ("TTOs for tomorrow written by 16:00", "junior doctor"),
    ("non-slip socks for every new admission", "healthcare assistant"),
    ("move the commode store to bay 3", "housekeeper"),
    ("call the family room about visiting times", "ward clerk"),
    ("weigh everybody who has no weight yet", "healthcare assistant"),
    ("mattress check of the two empty beds", "charge nurse"),
    ("lamp over bed 12 reported to estates", "ward clerk"),
    ("handover sheet without names on the board", "ward manager"),
    ("second person at the 06:00 medicines round", "nurse in charge"),
];

/// What is out of the ward's reach: what, the tier, its reason, and what was answered.
const ASKED: [(&str, Tier, &str, &str); 6] = [
    ("second registered nurse for tonight", Tier::Matron, "staffing", "One moves over from 7B at 20:00."),
    ("pharmacist on Saturdays", Tier::Division, "pharmacy", "A trial of four Saturdays from January."),
    ("call bells in bay 1 mended this week", Tier::Matron, "estates", "Booked for Thursday morning."),
    (
        "transport slot at 11 kept for the ward",
        Tier::Division,
        "transport",
        "Not before the contract changes in April.",
    ),
    ("bariatric chair on loan", Tier::Matron, "equipment", "On its way from the library."),
    ("agency shifts confirmed a week ahead", Tier::Division, "staffing", "Confirmed on Fridays from now on."),
];

/// What might stop the team, as it is noted: counts and never patients.
const NOTES: [&str; 8] = [
    "two bays with one nurse each after 15:00",
    "6 for discharge, 2 wait for transport",
    "3 at high risk of falls in bay 2",
    "lift out of order until noon",
    "one drug round without a second checker",
    "4 new admissions expected before 14:00",
    "blood fridge alarm was tested, works",
    "no hoist sling in the large size",
];

const THANKS: [&str; 6] = [
    "night team, for the quiet round at 04:00",
    "housekeeping, for two rooms turned round in an hour",
    "the ward clerk, for finding the missing notes",
    "therapy, for staying for the last discharge",
    "the student nurse, for speaking up about the sling",
    "pharmacy, for the early TTOs",
];

/// What the charts of the first ward had said at the last huddle: two of them are news since.
const SPOKE: [(&str, &str); 5] = [
    ("Pressure ulcers", "concern"),
    ("4AT in 24 h", "concern"),
    ("Delayed discharge", "neutral"),
    ("Medication omissions", "improvement"),
    ("Agency shifts", "neutral"),
];

/// Huddles and promises of a ward, day by day until yesterday: today's is for whoever opens the board.
pub(super) fn of(ward: &Ward, seed: u64, moment: Moment) -> Vec<Batch> {
    let mut told =
        Told { ward, moment, chance: Chance::of(seed, "huddles"), old: Vec::new(), recent: Vec::new(), waits: false };
    let days = days_of(&ward.team.agenda.0);
    let mut held = 0_usize;
    for ago in (1..=DAYS).rev() {
        let day = moment.back(ago);
        // It becomes a habit: two in three at first, nearly all of them in the end.
        let habit = if ago > 50 { 0.68 } else { 0.93 };
        if days.contains(&day.weekday()) && told.chance.happens(habit) {
            told.huddle(day, ago, held);
            held += 1;
        }
    }
    told.standing();
    let old = std::mem::take(&mut told.old);
    let words = "Huddles, actions and escalations of twelve weeks".to_owned();
    let first = Batch { at: moment.at(4, 9, 0), role: "ward manager", words, edits: old };
    std::iter::once(first).chain(told.recent).collect()
}

/// The huddles as they are being told.
struct Told<'a> {
    ward: &'a Ward,
    moment: Moment,
    chance: Chance,
    /// What is written as one action for all, and what is told action by action.
    old: Vec<Edit>,
    recent: Vec<Batch>,
    /// Whether an escalation that waits for its answer was told.
    waits: bool,
}

impl Told<'_> {
    fn huddle(&mut self, day: NaiveDate, ago: u64, held: usize) {
        let team = self.ward.team.id;
        let mut huddle = Huddle::blank(Huddle::id_of(team, DAILY, day), team);
        let late = if self.chance.happens(0.85) { self.chance.whole(0, 4) } else { self.chance.whole(6, 14) };
        let planned = NaiveTime::from_hms_opt(8, 30, 0);
        let started = Zone::default().instant(day.and_time(planned.unwrap_or_default())) + TimeDelta::minutes(late);
        (huddle.agenda, huddle.day, huddle.planned) = (DAILY.to_owned(), Some(day), planned);
        huddle.led = ["nurse in charge", "ward manager", "charge nurse"][held % 3].to_owned();
        huddle.items = Json(self.items(ago));
        let ended = started + TimeDelta::seconds(i64::from(huddle.seconds()));
        (huddle.started, huddle.ended) = (Some(started), Some(ended));
        huddle.present = Json(self.present());
        huddle.notes = format!("Today: {}", NOTES[held % NOTES.len()]);
        if held % 4 == 1 {
            huddle.notes.push_str("\nIdea: lamp at each bed head for the night round – yes");
        }
        huddle.thanks = THANKS[held % THANKS.len()].to_owned();
        let mut edits = vec![Edit::create(&huddle)];
        for number in 0..1 + held % 2 {
            edits.push(self.action(held + number * 7, ago, huddle.id, day));
        }
        // One of the last days waits for its answer, whatever day of the week it is today.
        let waits = ago <= 4 && !self.waits;
        self.waits |= waits;
        if (held % 7 == 3 && ago > 6) || waits {
            let number = if waits { 5 } else { held / 7 };
            edits.push(self.escalation(number, ago, huddle.id, day));
        }
        if self.moment.now - ended > TOLD_SINGLY {
            self.old.extend(edits);
        } else {
            let words = format!("{DAILY} held");
            self.recent.push(Batch { at: ended.min(self.moment.now), role: "nurse in charge", words, edits });
        }
    }

    fn items(&mut self, ago: u64) -> Vec<Item> {
        let topics: Vec<Topic> = self.ward.team.agenda.0.iter().filter_map(|line| Topic::parse(line)).collect();
        let mut items = Vec::with_capacity(topics.len());
        for topic in topics {
            let usual = i64::from(topic.seconds);
            let took = self.chance.whole(usual / 2, usual * 5 / 4);
            let mut item = Item { title: topic.title, planned: topic.seconds, ..Item::default() };
            item.took = u32::try_from(took).unwrap_or(topic.seconds);
            if topic.view == View::Signals && ago < 28 {
                let known = |name: &str| self.ward.id(name).ok().map(spoken_of);
                item.spoke = SPOKE.iter().filter_map(|(name, code)| Some((known(name)?, (*code).to_owned()))).collect();
            }
            items.push(item);
        }
        items
    }

    fn present(&mut self) -> BTreeMap<String, u32> {
        let mut present = BTreeMap::new();
        for (group, low, high) in [("nursing", 3, 5), ("medical", 0, 2), ("therapy", 0, 2), ("domestic", 0, 1)] {
            let count = u32::try_from(self.chance.whole(low, high)).unwrap_or(0);
            if count > 0 {
                present.insert(group.to_owned(), count);
            }
        }
        present
    }

    fn fresh(&mut self, sort: Sort, what: &str, who: &str) -> Promise {
        let mut promise = Promise::blank(PromiseId(self.chance.id()), self.ward.team.id);
        (promise.sort, promise.what, promise.who) = (sort, what.to_owned(), who.to_owned());
        promise
    }

    /// An action of a huddle: mostly done by its day; of the last days some are open, and one is late.
    fn action(&mut self, number: usize, ago: u64, huddle: HuddleId, day: NaiveDate) -> Edit {
        let (what, who) = ACTIONS[number % ACTIONS.len()];
        let mut action = self.fresh(Sort::Action, what, who);
        let given = self.chance.whole(1, 3);
        let by = day + Days::new(given.unsigned_abs());
        (action.huddle, action.by) = (Some(huddle), Some(by));
        action.raised = Some(self.moment.at(ago, 8, 38));
        let taken = if self.chance.happens(0.8) { given } else { given + self.chance.whole(1, 4) };
        let left = i64::try_from(ago).unwrap_or(0) - taken;
        let open = ago <= 5 && self.chance.happens(0.55);
        if left >= 0 && !open {
            (action.state, action.closed) = (State::Done, Some(self.moment.at(left.unsigned_abs(), 14, 10)));
        } else if ago == 4 || ago == 5 {
            (action.state, action.because) = (State::Stuck, "the equipment library is closed until Monday".to_owned());
        }
        Edit::create(&action)
    }

    /// An escalation: answered within a day or two, but for the one of the last days.
    fn escalation(&mut self, number: usize, ago: u64, huddle: HuddleId, day: NaiveDate) -> Edit {
        let (what, tier, reason, answer) = ASKED[number % ASKED.len()];
        let mut asked = self.fresh(Sort::Escalation, what, "");
        (asked.tier, asked.reason, asked.huddle) = (tier, reason.to_owned(), Some(huddle));
        (asked.by, asked.raised) = (day.succ_opt(), Some(self.moment.at(ago, 8, 39)));
        asked.situation = format!("It is out of the ward's reach: {what}.");
        asked.recommendation = "An answer by tomorrow's huddle.".to_owned();
        if ago > 4 {
            let after = self.chance.whole(0, 2).unsigned_abs();
            let at = self.moment.at(ago.saturating_sub(after), 13, 20);
            (asked.state, asked.closed, asked.answered) = (State::Done, Some(at), Some(at));
            asked.answer = answer.to_owned();
        }
        Edit::create(&asked)
    }

    /// What stands for longer: barriers, and what comes again.
    fn standing(&mut self) {
        let raised = |moment: Moment, ago| Some(moment.at(ago, 15, 0));
        let mut storage = self.fresh(Sort::Barrier, "no room to keep hoists near the bays", "ward manager");
        (storage.raised, storage.tier) = (raised(self.moment, 41), Tier::Division);
        let mut screens = self.fresh(Sort::Barrier, "one screen for the drug chart in four bays", "pharmacist");
        (screens.raised, screens.tier) = (raised(self.moment, 19), Tier::Matron);
        let mut audit = self.fresh(Sort::Action, "mattress audit", "charge nurse");
        (audit.every, audit.raised) = (Some(Frequency::Month), raised(self.moment, 28));
        audit.by = self.moment.today.checked_add_days(Days::new(2));
        let mut card = self.fresh(Sort::Action, "review the standard work card: hourly rounds", "ward manager");
        (card.every, card.raised, card.by) =
            (Some(Frequency::Quarter), raised(self.moment, 80), Some(self.moment.back(2)));
        self.old.extend([storage, screens, audit, card].iter().map(Edit::create));
    }
}
