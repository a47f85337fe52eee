//! The periods in which work is required: shifts, whole days, or the hours of either.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};

use super::calendar::{Calendar, ShiftOfDay};
use super::process::{Layout, Plan, Process, WHOLE_DAY};
use crate::base::zone::Zone;

/// One period in which work is required, as its process's plan sets it up.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    /// "Early", "Early 08:00" for an hour of it, or "Day" for a whole day.
    pub name: String,
    /// The day that it belongs to.
    pub day: NaiveDate,
    /// What names it among its process's periods: its start on the wall clock. The second of two hours that a
    /// clock change repeats is named a minute later, because the wall shows the same for both.
    pub start: NaiveDateTime,
    /// Its end on the wall clock.
    pub end: NaiveDateTime,
    /// When it starts.
    pub opens: DateTime<Utc>,
    /// When it is over.
    pub closes: DateTime<Utc>,
    /// When all of it is expected.
    pub due: DateTime<Utc>,
    /// How much the plan requires.
    pub required: u32,
    /// How much of it is expected by when, where the pace is not even: instants in order, shares up to 1.
    pub pace: Vec<(DateTime<Utc>, f64)>,
    /// The shift or day that it is an hour of.
    pub hour_of: Option<HourOf>,
}

/// What an hour is a part of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HourOf {
    /// "Early", or "Day".
    pub name: String,
    /// The start of all of it on the wall clock.
    pub start: NaiveDateTime,
    /// The end of all of it on the wall clock.
    pub end: NaiveDateTime,
}

impl Span {
    /// How much of what is required an even or the given pace would have completed at `now`, from 0 to 1.
    pub fn share(&self, now: DateTime<Utc>) -> f64 {
        if now >= self.due {
            return 1.0;
        }
        let mut before = (self.opens, 0.0);
        for next in &self.pace {
            if now < next.0 {
                return before.1 + (next.1 - before.1) * part(before.0, next.0, now);
            }
            before = *next;
        }
        before.1 + (1.0 - before.1) * part(before.0, self.due, now)
    }

    /// What its start is called on the wall.
    pub fn clock(&self, zone: Zone) -> String {
        zone.wall(self.opens).format("%H:%M").to_string()
    }

    /// The start and the end of the shift or day that it stands for or is an hour of.
    pub fn whole(&self) -> (NaiveDateTime, NaiveDateTime) {
        self.hour_of.as_ref().map_or((self.start, self.end), |of| (of.start, of.end))
    }

    /// The name of the shift or day that it stands for or is an hour of.
    pub fn shift(&self) -> &str {
        self.hour_of.as_ref().map_or(&self.name, |of| &of.name)
    }
}

/// How much of the time between two instants has gone, from 0 to 1.
#[allow(clippy::cast_precision_loss, reason = "seconds of a day")]
fn part(from: DateTime<Utc>, to: DateTime<Utc>, now: DateTime<Utc>) -> f64 {
    let whole = (to - from).num_seconds();
    if whole <= 0 {
        return if now >= to { 1.0 } else { 0.0 };
    }
    ((now - from).num_seconds() as f64 / whole as f64).clamp(0.0, 1.0)
}

impl Process {
    /// The periods of `day` in which work is required, in order.
    pub fn spans_of(&self, day: NaiveDate, calendar: &Calendar<'_>) -> Vec<Span> {
        let Some(plan) = self.plan_on(day) else { return Vec::new() };
        let of_day = calendar.of_day(day);
        let mut spans = Vec::new();
        if let (Some(first), Some(last)) = (of_day.first(), of_day.last()) {
            let whole = ShiftOfDay { name: WHOLE_DAY.to_owned(), end: last.end, ..first.clone() };
            self.add(plan, &whole, calendar, &mut spans);
        }
        for shift in &of_day {
            self.add(plan, shift, calendar, &mut spans);
        }
        spans
    }

    /// The period that is open at `now`, if work is required in it.
    pub fn span_at(&self, now: DateTime<Utc>, calendar: &Calendar<'_>) -> Option<Span> {
        let day = calendar.at(now).day;
        self.spans_of(day, calendar).into_iter().find(|span| span.opens <= now && now < span.closes)
    }

    /// Adds what the plan requires in a shift or a whole day: one period, or one for each of its hours.
    fn add(&self, plan: &Plan, shift: &ShiftOfDay, calendar: &Calendar<'_>, spans: &mut Vec<Span>) {
        let Some(required) = plan.required_in(&shift.name, shift.day, calendar.holiday(shift.day).is_some()) else {
            return;
        };
        if required == 0 {
            return;
        }
        let zone = calendar.zone;
        let shares = plan.shares.get(&shift.name).map_or(&[][..], Vec::as_slice);
        let hours = hours(shift, shares, zone);
        let name = if shift.name == WHOLE_DAY { "Day".to_owned() } else { shift.name.clone() };
        if self.layout == Layout::Shift {
            let (opens, closes) = (zone.instant(shift.start), zone.instant(shift.end));
            let due = self.expected_end(shift).map_or(closes, |wall| zone.instant(wall));
            let pace = if shares.is_empty() { Vec::new() } else { milestones(&hours) };
            let (day, start, end) = (shift.day, shift.start, shift.end);
            spans.push(Span { name, day, start, end, opens, closes, due, required, pace, hour_of: None });
            return;
        }
        let parts = match self.layout {
            Layout::EachHour => hours.iter().map(|hour| rounded(f64::from(required) * hour.length)).collect(),
            _ => spread(required, &hours),
        };
        let of = HourOf { name, start: shift.start, end: shift.end };
        for (hour, required) in hours.iter().zip(parts) {
            let clock = zone.wall(hour.opens);
            let again = zone.instant(clock) != hour.opens;
            spans.push(Span {
                name: format!("{} {}{}", of.name, clock.format("%H:%M"), if again { " again" } else { "" }),
                day: shift.day,
                start: if again { clock + TimeDelta::minutes(1) } else { clock },
                end: zone.wall(hour.closes),
                opens: hour.opens,
                closes: hour.closes,
                due: hour.closes,
                required,
                pace: Vec::new(),
                hour_of: Some(of.clone()),
            });
        }
    }

    /// When all of a shift's work is expected on the wall clock: the process's own time of day, where
    /// that falls into the shift.
    fn expected_end(&self, shift: &ShiftOfDay) -> Option<NaiveDateTime> {
        let until = self.until?;
        [shift.start.date(), shift.end.date()]
            .into_iter()
            .map(|day| day.and_time(until))
            .find(|wall| shift.start <= *wall && *wall <= shift.end)
    }
}

/// A real hour of a shift, or what is left of one at its end.
#[derive(Debug, Clone, Copy)]
struct Hour {
    opens: DateTime<Utc>,
    closes: DateTime<Utc>,
    /// Its length in hours.
    length: f64,
    /// Its share of the shift's work.
    share: f64,
}

/// The real hours of a shift: nine of a night that is ten hours long on the wall where the clocks go
/// forward, eleven where they go back. `shares` are weights by the hour on the wall, even where there are
/// none; an hour that is repeated has its weight twice, one that is skipped not at all.
#[allow(clippy::cast_precision_loss, reason = "seconds of an hour")]
fn hours(shift: &ShiftOfDay, shares: &[u32], zone: Zone) -> Vec<Hour> {
    let end = zone.instant(shift.end);
    let mut opens = zone.instant(shift.start);
    let mut hours = Vec::new();
    while opens < end && hours.len() < 30 {
        let closes = (opens + TimeDelta::hours(1)).min(end);
        let length = (closes - opens).num_seconds() as f64 / 3600.0;
        let index = usize::try_from((zone.wall(opens) - shift.start).num_hours()).unwrap_or(0);
        let weight = if shares.is_empty() { 1.0 } else { shares.get(index).copied().map_or(0.0, f64::from) };
        hours.push(Hour { opens, closes, length, share: weight * length });
        opens = closes;
    }
    let sum: f64 = hours.iter().map(|hour| hour.share).sum();
    let count = hours.len().max(1) as f64;
    for hour in &mut hours {
        hour.share = if sum > 0.0 { hour.share / sum } else { 1.0 / count };
    }
    hours
}

fn milestones(hours: &[Hour]) -> Vec<(DateTime<Utc>, f64)> {
    let mut sum = 0.0;
    let milestone = |hour: &Hour| {
        sum += hour.share;
        (hour.closes, f64::min(sum, 1.0))
    };
    hours.iter().map(milestone).collect()
}

/// Whole numbers for the hours that sum to what the shift requires.
fn spread(required: u32, hours: &[Hour]) -> Vec<u32> {
    let mut given = 0;
    let share = |(_, upto): (DateTime<Utc>, f64)| {
        let wanted = rounded(f64::from(required) * upto).max(given);
        let part = wanted - given;
        given = wanted;
        part
    };
    milestones(hours).into_iter().map(share).collect()
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts of a shift")]
fn rounded(number: f64) -> u32 {
    number.round().max(0.0) as u32
}

#[cfg(test)]
mod tests {
    use super::super::calendar::Holiday;
    use super::super::process::{Flow, Pace, Standing, Told};
    use super::super::record::Json;
    use super::super::shift::ShiftPattern;
    use super::super::team::Team;
    use super::super::{ProcessId, TeamId};
    use super::*;

    fn wall(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
    }

    fn instant(text: &str) -> DateTime<Utc> {
        Zone::default().instant(wall(text))
    }

    fn team() -> Team {
        let mut team = Team::blank(TeamId::default(), TeamId::default());
        team.shifts = Json(ShiftPattern::default());
        let day = "2026-12-25".parse().unwrap();
        team.holidays = Json(vec![Holiday { day, name: "Christmas Day".to_owned() }]);
        team
    }

    fn process(layout: Layout, required: &[(&str, [u32; 7])]) -> Process {
        let mut process = Process::blank(ProcessId::default(), TeamId::default());
        process.layout = layout;
        let required = required.iter().map(|(name, week)| ((*name).to_owned(), *week)).collect();
        process.schedule = Json(vec![Plan { from: "2026-01-01".parse().unwrap(), required, ..Plan::default() }]);
        process
    }

    fn spans(process: &Process, day: &str) -> Vec<Span> {
        process.spans_of(day.parse().unwrap(), &team().calendar())
    }

    fn pace(process: &Process, completed: i64, at: &str) -> Pace {
        let span = process.span_at(instant(at), &team().calendar()).unwrap();
        let told = Told { completed, recorded: true, required: None };
        Standing::of(&span, Flow::Work, told, 0, instant(at)).pace
    }

    #[test]
    fn the_plan_of_the_day_says_how_much_is_required() {
        let mut process = process(Layout::Shift, &[("Early", [10, 10, 10, 10, 10, 4, 0])]);
        let required = [("Early".to_owned(), [20; 7])].into();
        process.schedule.0.push(Plan { from: "2026-11-01".parse().unwrap(), required, ..Plan::default() });
        let required = |day: &str| spans(&process, day).first().map(|span| span.required);
        assert_eq!(required("2026-10-30"), Some(10), "a Friday under the first plan");
        assert_eq!(required("2026-10-31"), Some(4), "a Saturday");
        assert_eq!(required("2026-10-25"), None, "nothing on Sundays");
        assert_eq!(required("2026-11-01"), Some(20), "the second plan");
        assert_eq!(required("2025-12-31"), None, "before the first plan");
    }

    #[test]
    fn a_bank_holiday_has_its_own_numbers_where_the_plan_names_them() {
        let mut process = process(Layout::Shift, &[("Early", [6; 7]), ("Late", [4; 7]), ("Night", [2; 7])]);
        process.schedule.0[0].holidays = [("Early".to_owned(), 3), ("Night".to_owned(), 0)].into();
        let of_day = |day| spans(&process, day).iter().map(|span| span.required).collect::<Vec<_>>();
        assert_eq!(of_day("2026-12-24"), [6, 4, 2]);
        assert_eq!(of_day("2026-12-25"), [3, 4], "the late shift as on any Friday, no night");
    }

    #[test]
    fn a_plan_without_the_new_words_is_written_as_older_versions_write_it_and_they_read_it() {
        let plain = &process(Layout::Shift, &[("Early", [6; 7])]).schedule.0[0];
        let written = serde_json::to_value(plain).unwrap();
        assert_eq!(written, serde_json::json!({"from": "2026-01-01", "required": {"Early": [6, 6, 6, 6, 6, 6, 6]}}));
        assert_eq!(&serde_json::from_value::<Plan>(written).unwrap(), plain);
    }

    #[test]
    fn behind_counts_only_beyond_the_tolerance() {
        let process = process(Layout::Shift, &[("Early", [20; 7])]);
        let pace = |completed| pace(&process, completed, "2026-11-20 11:00");
        assert_eq!(pace(10), Pace::OnPace);
        assert_eq!(pace(8), Pace::OnPace);
        assert_eq!(pace(7), Pace::Behind(3));
        assert_eq!(pace(13), Pace::Ahead(3));
        assert_eq!(pace(20), Pace::Complete);
    }

    #[test]
    fn work_timed_to_a_clock_hour_is_paced_to_that_hour() {
        let mut process = process(Layout::Shift, &[("Early", [20; 7])]);
        process.until = chrono::NaiveTime::from_hms_opt(9, 0, 0);
        let span = &spans(&process, "2026-11-20")[0];
        assert!((span.share(instant("2026-11-20 08:00")) - 0.5).abs() < 1e-9);
        assert_eq!(span.share(instant("2026-11-20 09:30")), 1.0);
    }

    #[test]
    fn a_given_profile_says_how_much_is_expected_by_now() {
        let mut process = process(Layout::Shift, &[("Early", [20; 7])]);
        process.schedule.0[0].shares = [("Early".to_owned(), vec![0, 3, 1, 0, 0, 0, 0, 0])].into();
        let span = &spans(&process, "2026-11-20")[0];
        let share = |at: &str| (span.share(instant(at)) * 1000.0).round() / 1000.0;
        assert_eq!(
            ["2026-11-20 07:59", "2026-11-20 08:20", "2026-11-20 09:00", "2026-11-20 09:30", "2026-11-20 10:01"]
                .map(share),
            [0.0, 0.25, 0.75, 0.875, 1.0]
        );
        assert_eq!(pace(&process, 10, "2026-11-20 10:00"), Pace::Behind(10));
    }

    #[test]
    fn the_hours_of_a_shift_share_what_it_requires_and_none_is_lost() {
        let mut process = process(Layout::Hours, &[("Early", [21; 7])]);
        let required =
            |process: &Process| spans(process, "2026-11-20").iter().map(|span| span.required).collect::<Vec<_>>();
        assert_eq!(required(&process), [3, 2, 3, 3, 2, 3, 2, 3]);
        process.schedule.0[0].shares = [("Early".to_owned(), vec![0, 1, 1, 1])].into();
        assert_eq!(required(&process), [0, 7, 7, 7, 0, 0, 0, 0]);
        let span = process.span_at(instant("2026-11-20 09:10"), &team().calendar()).unwrap();
        assert_eq!((span.name.as_str(), span.shift(), span.end), ("Early 09:00", "Early", wall("2026-11-20 10:00")));
        assert!((span.share(instant("2026-11-20 09:15")) - 0.25).abs() < 1e-9);
    }

    #[test]
    fn the_days_on_which_the_clocks_change_have_23_and_25_hours_and_every_hour_its_own_name() {
        let process = process(Layout::EachHour, &[("Early", [4; 7]), ("Late", [4; 7]), ("Night", [4; 7])]);
        for (day, hours, night) in [
            ("2026-03-28", 23, "21:00 22:00 23:00 00:00 02:00 03:00 04:00 05:00 06:00"),
            ("2026-10-24", 25, "21:00 22:00 23:00 00:00 01:00 01:00 02:00 03:00 04:00 05:00 06:00"),
            ("2026-11-20", 24, "21:00 22:00 23:00 00:00 01:00 02:00 03:00 04:00 05:00 06:00"),
        ] {
            let spans = spans(&process, day);
            assert_eq!(spans.len(), hours, "{day}");
            assert!(spans.iter().all(|span| (span.closes - span.opens).num_minutes() == 60 && span.required == 4));
            assert!(spans.windows(2).all(|pair| pair[0].closes == pair[1].opens), "{day}: no gap");
            let clocks: Vec<String> =
                spans.iter().filter(|span| span.shift() == "Night").map(|span| span.clock(Zone::default())).collect();
            assert_eq!(clocks.join(" "), night);
            let mut names: Vec<_> = spans.iter().map(|span| span.start).collect();
            names.dedup();
            assert_eq!(names.len(), hours, "{day}: each hour is a period of its own");
        }
    }

    #[test]
    fn a_night_of_eleven_hours_requires_as_much_in_all_and_its_repeated_hour_as_much_as_any() {
        let process = process(Layout::Hours, &[("Night", [22; 7])]);
        let required = |day| spans(&process, day).iter().map(|span| span.required).collect::<Vec<_>>();
        assert_eq!(required("2026-10-24"), [2; 11]);
        assert_eq!(required("2026-03-28").iter().sum::<u32>(), 22);
        let first = process.span_at(instant("2026-10-25 01:10"), &team().calendar()).unwrap();
        let again = process.span_at(instant("2026-10-25 01:10") + TimeDelta::hours(1), &team().calendar()).unwrap();
        assert_eq!((first.name.as_str(), again.name.as_str()), ("Night 01:00", "Night 01:00 again"));
        assert_ne!(first.start, again.start);
    }

    #[test]
    fn an_hour_that_is_cut_short_requires_its_part() {
        let mut team = team();
        let at = |hour, minute| chrono::NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
        team.shifts = Json(ShiftPattern::from(vec![
            super::super::shift::Shift { name: "Day".into(), start: at(7, 30) },
            super::super::shift::Shift { name: "Night".into(), start: at(20, 0) },
        ]));
        let process = process(Layout::EachHour, &[("Day", [6; 7])]);
        let spans = process.spans_of("2026-11-20".parse().unwrap(), &team.calendar());
        let last = spans.last().unwrap();
        assert_eq!((spans.len(), last.required, last.clock(Zone::default())), (13, 3, "19:30".to_owned()));
    }
}
