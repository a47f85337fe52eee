//! The agenda of a huddle: its items, each with its time and what the screen shows beside it.

use chrono::{NaiveTime, Weekday};
use serde::Deserialize;

use crate::base::text;
use crate::codes;

codes! {
    /// What the screen shows beside an item.
    View {
        /// The question, and what was noted.
        Question = "question",
        /// What was promised.
        Promises = "promises",
        /// Harm: days since the last.
        Harm = "harm",
        /// Staff and capacity.
        Capacity = "capacity",
        /// The process board.
        Work = "work",
        /// Charts that changed.
        Signals = "signals",
        /// The change that is tested.
        Test = "test",
        /// New ideas.
        Ideas = "ideas",
        /// Escalations.
        Escalate = "escalate",
        /// Thanks.
        Thanks = "thanks",
    }
}

impl View {
    /// The word before a note that was written while it was talked about.
    pub fn label(self) -> &'static str {
        match self {
            Self::Question => "Today",
            Self::Promises => "Promised",
            Self::Harm => "Harm",
            Self::Capacity => "Capacity",
            Self::Work => "Work",
            Self::Signals => "Signal",
            Self::Test => "Test",
            Self::Ideas => "Idea",
            Self::Escalate => "Escalation",
            Self::Thanks => "Thanks",
        }
    }
}

/// An agenda by its name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agenda {
    /// What the huddle is called ("Safety huddle").
    pub name: String,
    /// When it is to start, as "08:30" on the ward's clock; empty where no time is set.
    #[serde(default)]
    pub at: String,
    /// The days on which it could be held: "mon-fri", "mon-sun", "tue".
    pub days: String,
    /// Whether each shift holds one of its own.
    #[serde(default)]
    pub each_shift: bool,
    /// Its items.
    pub items: Vec<Topic>,
}

/// An item of an agenda.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// Two or three words.
    pub title: String,
    /// What is read out.
    #[serde(default)]
    pub ask: String,
    /// How many seconds it is given.
    pub seconds: u32,
    /// What the screen shows.
    pub view: View,
}

/// The name of the daily huddle: the one that is counted as held, day by day.
pub const DAILY: &str = "Safety huddle";

/// Words by which a ward's own item is known, the first that fits.
const KNOWN: [(&str, View); 22] = [
    ("stop us", View::Question),
    ("escalat", View::Escalate),
    ("thank", View::Thanks),
    ("pdsa", View::Test),
    ("tested", View::Test),
    ("test of", View::Test),
    ("idea", View::Ideas),
    ("signal", View::Signals),
    ("chart", View::Signals),
    ("action", View::Promises),
    ("promise", View::Promises),
    ("harm", View::Harm),
    ("cross", View::Harm),
    ("look back", View::Harm),
    ("incident", View::Harm),
    ("capacity", View::Capacity),
    ("staff", View::Capacity),
    ("beds", View::Capacity),
    ("list for today", View::Work),
    ("work", View::Work),
    ("process", View::Work),
    ("risk", View::Question),
];

impl Agenda {
    /// When it is to start.
    pub fn start(&self) -> Option<NaiveTime> {
        NaiveTime::parse_from_str(&self.at, "%H:%M").ok()
    }

    /// What a huddle of it is called in a shift: where each shift holds its own, with the shift.
    pub fn called(&self, shift: &str) -> String {
        if self.each_shift { format!("{}, {}", self.name, shift.to_lowercase()) } else { self.name.clone() }
    }

    /// Whether a huddle that is called so was one of this agenda.
    pub fn names(&self, called: &str) -> bool {
        called == self.name || (self.each_shift && called.starts_with(&format!("{}, ", self.name)))
    }

    /// How many seconds it is given in all.
    pub fn seconds(&self) -> u32 {
        self.items.iter().map(|item| item.seconds).sum()
    }

    /// The same agenda with a ward's own items ("1 min · Signals: only what changed") and its own start
    /// ("at 08:40 mon-sun", the first line); as it is where the ward has none.
    #[must_use]
    pub fn with_own(&self, lines: &[String]) -> Self {
        let mut own = self.clone();
        if let Some((at, days)) = start_of(lines) {
            own.at = at.map_or_else(String::new, |at| at.format("%H:%M").to_string());
            own.days = days;
        }
        let items: Vec<Topic> = lines.iter().filter_map(|line| Topic::parse(line)).collect();
        if !items.is_empty() {
            own.items = items;
        }
        own
    }

    /// The agenda as a ward writes it down, line by line.
    pub fn lines(&self) -> Vec<String> {
        let start = (!self.at.is_empty()).then(|| format!("at {} {}", self.at, self.days));
        start.into_iter().chain(self.items.iter().map(Topic::line)).collect()
    }
}

/// The start and the days that a ward's own agenda sets.
fn start_of(lines: &[String]) -> Option<(Option<NaiveTime>, String)> {
    let words = lines.iter().find_map(|line| line.trim().strip_prefix("at "))?;
    let (at, days) = words.trim().split_once(' ').unwrap_or((words.trim(), "mon-fri"));
    Some((NaiveTime::parse_from_str(at, "%H:%M").ok(), days.trim().to_owned()))
}

/// The days on which the daily huddle of a ward with these lines could be held: Monday to Friday where it
/// does not say, because 15 in 21 days are three weeks of those (HUSH).
pub fn days_of(lines: &[String]) -> Vec<Weekday> {
    start_of(lines).map_or_else(|| days("mon-fri"), |(_, said)| days(&said))
}

/// The days that words such as "mon-fri", "mon, wed" or "daily" mean; Monday to Friday where they mean none.
fn days(words: &str) -> Vec<Weekday> {
    let week = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
    if words.trim() == "daily" {
        return week.to_vec();
    }
    let place = |word: &str| word.trim().parse::<Weekday>().ok().map(|day| day.num_days_from_monday());
    let mut found = Vec::new();
    for part in words.split(',') {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        if let (Some(from), Some(to)) = (place(from), place(to)) {
            found.extend(week.iter().filter(|day| (from..=to).contains(&day.num_days_from_monday())));
        }
    }
    if found.is_empty() { week[..5].to_vec() } else { found }
}

impl Topic {
    /// An item as a ward writes it: "2 min · What might stop us? Counts only". None for a line that is the start
    /// of the huddle, or empty.
    pub fn parse(line: &str) -> Option<Self> {
        let line = text::clean_line(line);
        if line.is_empty() || line.starts_with("at ") {
            return None;
        }
        let (seconds, words) = match line.split_once('·') {
            Some((time, words)) => (seconds(time).unwrap_or(60), words.trim()),
            None => (60, line.as_str()),
        };
        let (title, ask) = apart(words);
        let lower = words.to_lowercase();
        let view = KNOWN.iter().find(|(word, _)| lower.contains(word)).map_or(View::Question, |(_, view)| *view);
        Some(Self { title, ask, seconds, view })
    }

    /// As a ward writes it.
    pub fn line(&self) -> String {
        let time = match self.seconds {
            whole if whole % 60 == 0 => format!("{} min", whole / 60),
            odd => format!("{odd} s"),
        };
        let ask = match (self.ask.is_empty(), self.title.ends_with('?')) {
            (true, _) => String::new(),
            (false, true) => format!(" {}", self.ask),
            (false, false) => format!(": {}", self.ask),
        };
        format!("{time} · {}{ask}", self.title)
    }
}

/// "2 min", "30 s", "1.5 min" in seconds.
fn seconds(time: &str) -> Option<u32> {
    let (number, unit) = time.trim().split_once(' ').unwrap_or((time.trim(), "min"));
    let number: f64 = number.parse().ok().filter(|number| (0.0..=1000.0).contains(number))?;
    let seconds = if unit.starts_with('s') { number } else { number * 60.0 };
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "held to a thousand minutes above")]
    Some(seconds.round() as u32)
}

/// The title of an item and what is read out: parted at the first colon or after the first question, whichever
/// comes first.
fn apart(words: &str) -> (String, String) {
    let parted = [words.find(": "), words.find("? ")].into_iter().flatten().min();
    let Some((title, ask)) = parted.map(|at| words.split_at(at)) else { return (words.to_owned(), String::new()) };
    let mark = if ask.starts_with('?') { "?" } else { "" };
    (format!("{}{mark}", title.trim()), ask.get(2..).unwrap_or_default().trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wards_own_line_has_its_time_its_title_what_is_asked_and_what_is_shown() {
        for (line, title, ask, seconds, view) in [
            ("1 min · Yesterday's actions: done? stuck?", "Yesterday's actions", "done? stuck?", 60, View::Promises),
            ("30 s · Escalate? Situation first", "Escalate?", "Situation first", 30, View::Escalate),
            ("1.5 min · Today's work: the process board", "Today's work", "the process board", 90, View::Work),
            ("Thanks, and a marble", "Thanks, and a marble", "", 60, View::Thanks),
            ("2 min · Parking", "Parking", "", 120, View::Question),
        ] {
            let topic = Topic { title: title.into(), ask: ask.into(), seconds, view };
            assert_eq!(Topic::parse(line), Some(topic), "{line}");
        }
        assert_eq!(Topic::parse("at 08:40"), None);
        assert_eq!(Topic::parse("  "), None);
    }

    #[test]
    fn an_agenda_is_read_back_from_its_own_lines() {
        let lines: Vec<String> = [
            "at 08:40 mon-sun",
            "1 min · Signals: what changed? Only that",
            "30 s · Escalate? Situation first: what is so",
            "30 s · Thanks",
        ]
        .map(Into::into)
        .into();
        let own = Agenda { name: "Safety huddle".into(), ..Agenda::default() }.with_own(&lines);
        assert_eq!((own.start(), own.seconds()), (NaiveTime::from_hms_opt(8, 40, 0), 120));
        assert_eq!(own.lines(), lines);
        assert_eq!(own.with_own(&[]), own, "a ward without an agenda of its own has the shipped one");
    }

    #[test]
    fn the_days_of_a_huddle_are_the_wards_or_monday_to_friday() {
        assert_eq!(days_of(&[]).len(), 5);
        assert_eq!(days_of(&["at 08:40 mon-sun".to_owned()]).len(), 7);
        assert_eq!(days_of(&["at 08:40 tue, thu".to_owned()]), [Weekday::Tue, Weekday::Thu]);
        assert_eq!(days_of(&["at 08:40 whenever".to_owned()]).len(), 5);
    }
}
