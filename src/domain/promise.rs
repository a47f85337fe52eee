//! What a team decided: actions that somebody promised, escalations to another tier, barriers that stand in
//! the way. The log of changes has actions of its own, so that this is a promise in the code, and an action on
//! the screen.

mod line;
mod step;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

pub use self::line::{Line, parse_line};

use super::frequency::Frequency;
use super::record::{Kind, Shape};
use super::{HuddleId, ProjectId, PromiseId};
use crate::base::zone::Zone;
use crate::{codes, record};

codes! {
    /// What was decided.
    Sort {
        /// Something that a role does by a day.
        Action = "action",
        /// Something that the team cannot solve: another tier is asked.
        Escalation = "escalation",
        /// Something that stands in the way of improvement and is worked on for longer.
        Barrier = "barrier",
    }
}

codes! {
    /// How it stands.
    State {
        /// Promised, or asked.
        Open = "open",
        /// Done; of an escalation: answered.
        Done = "done",
        /// It cannot go on: something or somebody is waited for.
        Stuck = "stuck",
        /// No longer wanted.
        Dropped = "dropped",
    }
}

codes! {
    /// Who is asked: the tiers of escalation, from the ward up.
    Tier {
        /// The team itself.
        Team = "team",
        /// The matron.
        Matron = "matron",
        /// The division.
        Division = "division",
        /// The executive.
        Executive = "executive",
    }
}

record! {
    /// An action, an escalation or a barrier.
    Promise, PromiseId, Kind::Promise, {
        /// Which of them.
        sort: Sort = Shape::Code,
        /// What is to be done, or is asked for.
        what: String = Shape::Line(160),
        /// The role that promised it, or is asked: never a person's name.
        who: String = Shape::Line(40),
        /// The day by which.
        by: Option<NaiveDate> = Shape::Time,
        /// The huddle in which it was decided.
        huddle: Option<HuddleId> = Shape::Reference,
        /// When it was decided.
        raised: Option<DateTime<Utc>> = Shape::Time,
        /// How it stands.
        state: State = Shape::Code,
        /// When it was done, answered or dropped.
        closed: Option<DateTime<Utc>> = Shape::Time,
        /// What it is stuck on.
        because: String = Shape::Line(160),
        /// The tier that is asked.
        tier: Tier = Shape::Code,
        /// SBAR: what is happening now.
        situation: String = Shape::Lines(600),
        /// SBAR: what led to it.
        background: String = Shape::Lines(600),
        /// SBAR: what the team makes of it.
        assessment: String = Shape::Lines(600),
        /// SBAR: what is asked for.
        recommendation: String = Shape::Lines(600),
        /// Why it is escalated, in a word from the ward's own list.
        reason: String = Shape::Line(60),
        /// What the tier answered.
        answer: String = Shape::Lines(600),
        /// When it answered.
        answered: Option<DateTime<Utc>> = Shape::Time,
        /// The project that it is a barrier to, or an action of.
        project: Option<ProjectId> = Shape::Reference,
        /// How often it comes again, where it does.
        every: Option<Frequency> = Shape::Code,
    }
}

/// An escalation is unanswered beyond this many days.
pub const ANSWER_WITHIN_DAYS: i64 = 1;

impl Tier {
    /// The tier above this one; the executive has none.
    pub fn above(self) -> Option<Self> {
        let at = Self::ALL.iter().position(|tier| *tier == self)?;
        Self::ALL.get(at + 1).copied()
    }
}

/// So few decisions say nothing about whether too many of them are escalated.
const FEW: usize = 6;
/// The span over which escalating is looked at.
const WEEKS: i64 = 4;

/// The two signs that escalating does not work, in words: nothing is escalated, or nearly everything is
/// (Intermountain's and Pennsylvania's tiered huddles). None where there is neither, or too little to say.
pub fn warning(promises: &[Promise], now: DateTime<Utc>) -> Option<String> {
    let lately = now - TimeDelta::weeks(WEEKS);
    let recent = promises.iter().filter(|one| one.sort != Sort::Barrier && one.raised.is_some_and(|at| at >= lately));
    let (all, asked) =
        recent.fold((0, 0), |(all, asked), one| (all + 1, asked + usize::from(one.sort == Sort::Escalation)));
    if all < FEW {
        return None;
    }
    if asked == 0 {
        let words = format!("Nothing was escalated in {WEEKS} weeks, of {all} decisions: is nothing out of reach?");
        return Some(words);
    }
    let most = asked * 2 > all;
    most.then(|| {
        format!("{asked} of {all} decisions in {WEEKS} weeks were escalated: what can the team decide itself?")
    })
}

impl Promise {
    /// Whether anything is still to do about it.
    pub fn is_open(&self) -> bool {
        matches!(self.state, State::Open | State::Stuck)
    }

    /// How many days old it is on the ward's calendar.
    pub fn age_days(&self, zone: Zone, now: DateTime<Utc>) -> i64 {
        self.raised.map_or(0, |raised| (zone.day(now) - zone.day(raised)).num_days().max(0))
    }

    /// How many days it is past its day; nothing where it is not, or is no longer open.
    pub fn late_days(&self, today: NaiveDate) -> Option<i64> {
        let late = (today - self.by.filter(|_| self.is_open())?).num_days();
        (late > 0).then_some(late)
    }

    /// Whether an escalation has waited for its answer longer than was agreed: until its day, or
    /// [`ANSWER_WITHIN_DAYS`] where it has none.
    pub fn is_unanswered(&self, zone: Zone, now: DateTime<Utc>) -> bool {
        let waits = self.sort == Sort::Escalation && self.is_open() && self.answered.is_none();
        let overdue = match self.by {
            Some(by) => zone.day(now) > by,
            None => self.age_days(zone, now) > ANSWER_WITHIN_DAYS,
        };
        waits && overdue
    }

    /// The one that follows when this one is done, where it comes again.
    pub fn next(&self, id: PromiseId, today: NaiveDate, now: DateTime<Utc>) -> Option<Self> {
        let every = self.every.filter(|every| *every != Frequency::Event)?;
        let mut by = self.by.unwrap_or(today);
        // What was done late does not come again in the past.
        while by <= today {
            by = every.next(by)?;
        }
        let next = Self { id, revision: 0, by: Some(by), raised: Some(now), state: State::Open, ..self.clone() };
        Some(Self { closed: None, because: String::new(), answer: String::new(), answered: None, huddle: None, ..next })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::TeamId;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn promise(by: &str) -> Promise {
        let mut promise = Promise::blank(PromiseId::fresh(), TeamId::default());
        promise.by = Some(day(by));
        promise.raised = Some("2026-11-18T08:40:00Z".parse().unwrap());
        promise
    }

    #[test]
    fn what_is_not_done_on_its_day_is_late_from_the_next_day_on() {
        let mut action = promise("2026-11-20");
        assert_eq!(action.late_days(day("2026-11-20")), None);
        assert_eq!(action.late_days(day("2026-11-23")), Some(3));
        action.state = State::Stuck;
        assert_eq!(action.late_days(day("2026-11-23")), Some(3), "stuck is not done");
        action.state = State::Done;
        assert_eq!(action.late_days(day("2026-11-23")), None);
    }

    #[test]
    fn an_escalation_waits_a_day_or_until_its_day() {
        let (zone, mut asked) = (Zone::default(), promise("2026-11-20"));
        asked.sort = Sort::Escalation;
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert!(!asked.is_unanswered(zone, at("2026-11-20T12:00:00Z")));
        assert!(asked.is_unanswered(zone, at("2026-11-21T12:00:00Z")));
        asked.by = None;
        assert!(!asked.is_unanswered(zone, at("2026-11-19T23:00:00Z")));
        assert!(asked.is_unanswered(zone, at("2026-11-20T00:30:00Z")));
        asked.answered = Some(at("2026-11-19T09:00:00Z"));
        assert!(!asked.is_unanswered(zone, at("2026-11-25T00:30:00Z")));
        assert_eq!(asked.age_days(zone, at("2026-11-25T00:30:00Z")), 7);
    }

    #[test]
    fn escalating_nothing_and_escalating_nearly_everything_are_both_said() {
        let now = "2026-11-20T09:00:00Z".parse().unwrap();
        let decided = |actions: usize, asked: usize| {
            let mut all = vec![promise("2026-11-20"); actions + asked];
            all.iter_mut().take(asked).for_each(|one| one.sort = Sort::Escalation);
            warning(&all, now)
        };
        assert_eq!(decided(3, 0), None, "too few to say");
        assert!(decided(7, 0).unwrap().starts_with("Nothing was escalated"));
        assert_eq!(decided(6, 2), None);
        assert!(decided(3, 5).unwrap().starts_with("5 of 8 decisions"));
    }

    #[test]
    fn above_the_executive_there_is_nobody() {
        assert_eq!(Tier::Matron.above(), Some(Tier::Division));
        assert_eq!(Tier::Executive.above(), None);
    }

    #[test]
    fn what_comes_again_comes_on_its_next_day_that_is_not_over() {
        let mut audit = promise("2026-11-02");
        let now = "2026-11-20T09:00:00Z".parse().unwrap();
        let next = |audit: &Promise| audit.next(PromiseId::fresh(), day("2026-11-20"), now).map(|next| next.by);
        assert_eq!(next(&audit), None, "once only");
        audit.every = Some(Frequency::Month);
        assert_eq!(next(&audit), Some(Some(day("2026-12-02"))));
        audit.every = Some(Frequency::Day);
        assert_eq!(next(&audit), Some(Some(day("2026-11-21"))));
    }
}
