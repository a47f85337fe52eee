//! Two months of work on the process board, and the shift that is open now.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

use super::chance::Chance;
use super::ward::Ward;
use super::{Batch, Moment};
use crate::base::zone::Zone;
use crate::domain::change::Edit;
use crate::domain::process::{Completion, Pace, Period, Process, Standing, Told};
use crate::domain::span::Span;
use crate::domain::{CompletionId, TeamId};

/// So many days of work are told; the process that feeds a measure has its two years.
const DAYS: u64 = 60;
const DAYS_OF_SOURCE: u64 = 730;
/// The reasons, as often as they come up: transport before all.
const REASONS: [&str; 24] = [
    "transport",
    "transport",
    "transport",
    "transport",
    "transport",
    "transport",
    "transport",
    "transport",
    "transport",
    "transport",
    "transport",
    "transport",
    "TTOs",
    "TTOs",
    "TTOs",
    "TTOs",
    "TTOs",
    "TTOs",
    "TTOs",
    "family",
    "family",
    "family",
    "pharmacy",
    "pharmacy",
];
const STAFF_REASONS: [&str; 4] = ["staffing", "patient unwell", "equipment", "system down"];

/// The completions, reasons and countermeasures of a ward's processes.
pub(super) fn of(ward: &Ward, seed: u64, moment: Moment) -> Vec<Batch> {
    let mut batches = Vec::new();
    let behind = behind_now(ward, moment);
    for process in &ward.processes {
        let mut work = Work {
            process,
            team: ward.team.id,
            moment,
            chance: Chance::of(seed, &process.name),
            left: 0,
            old: Vec::new(),
            recent: Vec::new(),
        };
        let days = if process.measure.is_some() { DAYS_OF_SOURCE } else { DAYS };
        for ago in (0..=days).rev() {
            for span in process.spans_of(moment.back(ago), &ward.team.calendar()) {
                if span.end <= moment.wall {
                    work.closed(&span, ago);
                } else if span.start <= moment.wall {
                    work.open(&span, behind == Some(process.id));
                }
            }
        }
        batches.append(&mut work.recent);
        batches.push(Batch {
            at: moment.at(0, 0, 5),
            role: "ward team",
            words: format!("{}: earlier work", process.name),
            edits: work.old,
        });
    }
    batches
}

/// The process that falls behind in the open shift: the first for which that would show.
fn behind_now(ward: &Ward, moment: Moment) -> Option<crate::domain::ProcessId> {
    let shows = |process: &&Process| {
        process.span_at(moment.now, &ward.team.calendar()).is_some_and(|span| {
            let standing = Standing::of(&span, process.flow, Told::default(), 0, moment.now);
            matches!(standing.pace, Pace::Behind(_))
        })
    };
    let order = ["Discharges before noon", "VTE assessments", "Bed space cleans", "Comfort rounds, hourly"];
    order
        .iter()
        .filter_map(|name| ward.processes.iter().find(|process| process.name == *name))
        .find(shows)
        .map(|process| process.id)
}

struct Work<'a> {
    process: &'a Process,
    team: TeamId,
    moment: Moment,
    chance: Chance,
    /// What the period before left undone, where the process carries that over.
    left: i64,
    old: Vec<Edit>,
    recent: Vec<Batch>,
}

impl Work<'_> {
    /// A period that is over: mostly all of it done, sometimes not, and then mostly with its reason.
    fn closed(&mut self, span: &Span, ago: u64) {
        let required = i64::from(span.required) + self.left;
        let done = self.chance.part(required, self.usual(ago));
        self.left = if self.process.carry { required - done } else { 0 };
        let steps = if ago <= 1 { self.steps(required) } else { 1 };
        self.spread(span, done, span.end, steps);
        let discharge = self.process.measure.is_some();
        if done * 10 < required * 9 && ago <= 31 && self.chance.happens(if discharge { 0.9 } else { 0.12 }) {
            let reason =
                self.chance.one(if discharge { &REASONS[..] } else { &STAFF_REASONS[..] }).unwrap_or("staffing");
            let step = if discharge && self.chance.happens(0.3) {
                "asked the discharge lounge for a second chair"
            } else {
                ""
            };
            let edit = self.reason(span, reason, step);
            self.tell(self.moment_of(span.end), format!("{}: {reason}", self.process.name), edit);
        }
    }

    /// How likely each piece of the work was done so many days ago: discharges have become better
    /// since the medicines to take home are ready the day before.
    fn usual(&self, ago: u64) -> f64 {
        match self.process.name.as_str() {
            "Discharges before noon" if ago > 45 => 0.21,
            "Discharges before noon" => 0.38,
            "VTE assessments" => 0.93,
            "4AT for new admissions" => 0.9,
            "Bed space cleans" => 0.94,
            _ => 0.985,
        }
    }

    /// The period that is open: on pace, all done, or behind with its reason.
    fn open(&mut self, span: &Span, behind: bool) {
        let standing = Standing::of(span, self.process.flow, Told::default(), self.left, self.moment.now);
        #[allow(clippy::cast_possible_truncation, reason = "counts of a shift")]
        let expected = standing.expected.round() as i64;
        let tolerance = (standing.required / 10).max(1);
        let finished = self.process.name == "4AT for new admissions" && expected > 0;
        let done = if behind {
            (expected - tolerance - 1).max(0)
        } else if finished {
            standing.required
        } else {
            expected
        };
        let steps = self.steps(done);
        self.spread(span, done, self.moment.wall, steps);
        if behind {
            let reason = if self.process.measure.is_some() { "transport" } else { "staffing" };
            let edit = self.reason(span, reason, "second crew asked for at 08:30");
            self.tell(self.moment.now - TimeDelta::minutes(4), format!("{}: {reason}", self.process.name), edit);
        }
    }

    /// In how many ticks the work is told: hourly rounds by the round, large ones by the bay.
    fn steps(&self, amount: i64) -> i64 {
        match amount {
            ..=8 => amount.max(1),
            _ => amount / 6 - amount / 12,
        }
        .clamp(1, 8)
    }

    /// Ticks `amount` in so many steps between the period's start and `until`.
    fn spread(&mut self, span: &Span, amount: i64, until: NaiveDateTime, steps: i64) {
        let minutes = (until - span.start).num_minutes().max(1);
        let mut told = 0;
        for step in 1..=steps {
            let upto = amount * step / steps;
            if upto == told {
                continue;
            }
            let wall = span.start + TimeDelta::minutes(minutes * step / (steps + 1));
            let mut completion = Completion::blank(CompletionId(self.chance.id()), self.team);
            completion.process = self.process.id;
            completion.start = span.start;
            completion.amount = upto - told;
            completion.at = Zone::default().instant(wall);
            let words = format!("{} +{}", self.process.name, completion.amount);
            self.tell(completion.at, words, Edit::create(&completion));
            told = upto;
        }
    }

    fn reason(&self, span: &Span, reason: &str, step: &str) -> Edit {
        let mut period = Period::untouched(self.team, self.process.id, span.start);
        period.reason = Some(reason.to_owned());
        period.countermeasure = step.to_owned();
        Edit::create(&period)
    }

    fn moment_of(&self, wall: NaiveDateTime) -> DateTime<Utc> {
        Zone::default().instant(wall).min(self.moment.now)
    }

    /// Writes an edit down: with the old ones, or as an action of its own where it is of today.
    fn tell(&mut self, at: DateTime<Utc>, words: String, edit: Edit) {
        let at = at.min(self.moment.now);
        if Zone::default().day(at) == self.moment.today {
            self.recent.push(Batch { at, role: "nurse in charge", words, edits: vec![edit] });
        } else {
            self.old.push(edit);
        }
    }
}
