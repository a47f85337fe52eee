//! The minutes of a huddle: what it leaves behind, in headings and lines, for the screen, for paper and for
//! another program alike.

use chrono::{DateTime, Utc};

use super::huddle::{Huddle, Item};
use super::present::present_words;
use super::promise::{Promise, Sort, State};
use crate::base::text;
use crate::base::zone::Zone;

/// A heading and what stands under it.
pub type Section = (&'static str, Vec<String>);

/// What became of what was promised, beside what is decided at a huddle.
pub struct Minutes<'a> {
    /// The huddle.
    pub huddle: &'a Huddle,
    /// What was decided in it.
    pub decided: Vec<&'a Promise>,
    /// What was promised before, and done or answered while it went on.
    pub closed: Vec<&'a Promise>,
}

/// Seconds as a clock shows them: "1:05".
pub fn clock(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    format!("{sign}{}:{:02}", seconds.abs() / 60, seconds.abs() % 60)
}

impl<'a> Minutes<'a> {
    /// The minutes of a huddle, of all that was promised.
    pub fn of(huddle: &'a Huddle, promises: &'a [Promise]) -> Self {
        let during = |at: DateTime<Utc>| {
            huddle.started.is_some_and(|from| at >= from) && huddle.ended.is_none_or(|until| at <= until)
        };
        let decided = promises.iter().filter(|one| one.huddle == Some(huddle.id)).collect();
        let before = |one: &&Promise| one.huddle != Some(huddle.id) && one.raised < huddle.started;
        let closed = promises.iter().filter(before).filter(|one| one.closed.is_some_and(during)).collect();
        Self { huddle, decided, closed }
    }

    /// Its name and its day.
    pub fn title(&self) -> String {
        let day = self.huddle.day.map_or_else(String::new, |day| format!(" · {}", day.format("%a %-d %b %Y")));
        format!("{}{day}", self.huddle.agenda)
    }

    /// When it was held, by whom, and who was there.
    pub fn held(&self, zone: Zone) -> Vec<String> {
        let huddle = self.huddle;
        let at = |at: Option<DateTime<Utc>>| at.map(|at| zone.wall(at).format("%H:%M").to_string());
        let Some(began) = at(huddle.started) else { return vec!["It was not held.".to_owned()] };
        let planned = huddle.planned.map(|planned| planned.format("%H:%M").to_string());
        let punctual = match (planned, huddle.is_on_time(zone)) {
            (Some(planned), Some(true)) => format!(" (planned {planned}: on time)"),
            (Some(planned), Some(false)) => format!(" (planned {planned}: late)"),
            _ => String::new(),
        };
        let until = match (at(huddle.ended), huddle.minutes()) {
            (Some(ended), Some(minutes)) => format!(", ended {ended}, {minutes:.0} min"),
            _ => ", not brought to its end".to_owned(),
        };
        let led = if huddle.led.is_empty() { "nobody named" } else { huddle.led.as_str() };
        let there = match huddle.attendance() {
            0 => "nobody was counted".to_owned(),
            count => format!("{count} there: {}", present_words(&huddle.present.0, &[])),
        };
        vec![format!("Began {began}{punctual}{until}"), format!("Led by {led} · {there}")]
    }

    /// What was decided, promised before, noted and thanked for, and how long each item took; what there was
    /// none of is left out.
    pub fn sections(&self) -> Vec<Section> {
        let decided = self.decided.iter().map(|one| decided(one)).collect();
        let closed = self.closed.iter().map(|one| format!("✓ {}", one.what)).collect();
        let lines = |words: &str| words.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect();
        let sections: [Section; 5] = [
            ("DECIDED", decided),
            ("PROMISED BEFORE, DONE NOW", closed),
            ("NOTED", lines(&self.huddle.notes)),
            ("THANKS", lines(&self.huddle.thanks)),
            ("ITEMS", self.huddle.items.0.iter().map(item).collect()),
        ];
        sections.into_iter().filter(|(_, lines)| !lines.is_empty()).collect()
    }

    /// All of it as plain text.
    pub fn text(&self, zone: Zone) -> String {
        let mut lines = vec![self.title()];
        lines.extend(self.held(zone));
        for (heading, under) in self.sections() {
            lines.push(String::new());
            lines.push(heading.to_owned());
            lines.extend(under.into_iter().map(|line| format!("  {line}")));
        }
        lines.join("\n")
    }
}

/// What was decided, in one line.
fn decided(one: &Promise) -> String {
    let whose = match (one.sort, one.who.as_str()) {
        (Sort::Escalation, _) => format!("asked of: {}", one.tier.code()),
        (_, "") => "team".to_owned(),
        (_, who) => who.to_owned(),
    };
    let by = one.by.map_or_else(String::new, |by| format!(", by {}", by.format("%a %-d %b")));
    let sign = match (one.state, one.sort) {
        (State::Done, _) => "✓",
        (State::Dropped, _) => "✗",
        (_, Sort::Escalation) => "▲",
        _ => "◆",
    };
    format!("{sign} {} ({whose}{by})", one.what)
}

fn item(item: &Item) -> String {
    let time = format!("{} of {}", clock(i64::from(item.took)), clock(i64::from(item.planned)));
    let time = if item.skipped { "skipped".to_owned() } else { time };
    format!("{} {time}", text::pad(&item.title, 36))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::record::Json;
    use crate::domain::{PromiseId, TeamId};

    #[test]
    fn minutes_say_when_who_what_was_decided_noted_and_thanked_for() {
        let team = TeamId::default();
        let at = |text: &str| Some(text.parse::<DateTime<Utc>>().unwrap());
        let day = "2026-11-20".parse().unwrap();
        let mut huddle = Huddle::blank(Huddle::id_of(team, "Safety huddle", day), team);
        (huddle.agenda, huddle.day) = ("Safety huddle".into(), Some(day));
        huddle.planned = chrono::NaiveTime::from_hms_opt(8, 30, 0);
        (huddle.started, huddle.ended) = (at("2026-11-20T08:31:00Z"), at("2026-11-20T08:40:20Z"));
        huddle.led = "charge nurse".into();
        huddle.present = Json([("nursing".to_owned(), 4), ("medical".to_owned(), 1)].into());
        let thanks = Item { title: "Thanks".into(), planned: 30, skipped: true, ..Item::default() };
        huddle.items = Json(vec![Item { title: "Signals".into(), planned: 60, took: 75, ..Item::default() }, thanks]);
        huddle.notes = "What might stop us: two bays closed".into();
        let mut action = Promise::blank(PromiseId::fresh(), team);
        (action.what, action.who, action.huddle) = ("low beds".into(), "therapy".into(), Some(huddle.id));
        let mut before = Promise::blank(PromiseId::fresh(), team);
        (before.what, before.raised) = ("socks".into(), at("2026-11-19T08:40:00Z"));
        (before.state, before.closed) = (State::Done, at("2026-11-20T08:32:00Z"));
        let promises = [action, before];
        let text = Minutes::of(&huddle, &promises).text(Zone::parse("Europe/London").unwrap());
        for words in [
            "Safety huddle · Fri 20 Nov 2026",
            "Began 08:31 (planned 08:30: on time), ended 08:40, 1 min",
            "Led by charge nurse · 5 there: 1 medical, 4 nursing",
            "DECIDED\n  ◆ low beds (therapy)",
            "PROMISED BEFORE, DONE NOW\n  ✓ socks",
            "NOTED\n  What might stop us: two bays closed",
            "Signals                              1:15 of 1:00",
            "Thanks                               skipped",
        ] {
            assert!(text.contains(words), "{words:?} is not in\n{text}");
        }
        assert!(!text.contains("THANKS"), "{text}");
    }
}
