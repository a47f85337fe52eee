//! What was decided, in the order in which it matters, and how each of it stands in words.

use chrono::{Datelike, NaiveDate};

use crate::app::look::Role;
use crate::app::model::Model;
use crate::domain::PromiseId;
use crate::domain::promise::{Promise, Sort, State, Tier, warning};

/// What the list shows, line by line.
#[derive(Clone, Copy)]
pub(crate) enum Item<'a> {
    /// A group and how many there are in it.
    Heading(&'static str, usize),
    /// One of them.
    Row(&'a Promise),
}

impl Item<'_> {
    /// What it is about; none for a heading.
    pub(crate) fn id(&self) -> Option<PromiseId> {
        match self {
            Self::Row(promise) => Some(promise.id),
            Self::Heading(..) => None,
        }
    }
}

/// Everything that contains these words, group by group: who waits for an answer first, what is late before
/// what is not, what was done last.
pub(crate) fn items<'a>(model: &'a Model, words: &str) -> Vec<Item<'a>> {
    let words = words.to_lowercase();
    let fits = |one: &&Promise| {
        let fields = [&one.what, &one.who, &one.reason, &one.because, &one.answer];
        words.is_empty() || fields.into_iter().any(|field| field.to_lowercase().contains(&words))
    };
    let all: Vec<&Promise> = model.promises.iter().filter(fits).collect();
    let open = |sort: Sort| {
        let mut open: Vec<&Promise> = all.iter().filter(|one| one.sort == sort && one.is_open()).copied().collect();
        open.sort_by_key(|one| (one.by.unwrap_or(NaiveDate::MAX), one.raised, one.id));
        open
    };
    let mut asked = open(Sort::Escalation);
    asked.sort_by_key(|one| !one.is_unanswered(model.zone(), model.now));
    let mut closed: Vec<&Promise> = all.iter().filter(|one| !one.is_open()).copied().collect();
    closed.sort_by_key(|one| (std::cmp::Reverse(one.closed), one.id));
    let groups = [
        ("ESCALATIONS", asked),
        ("ACTIONS", open(Sort::Action)),
        ("BARRIERS", open(Sort::Barrier)),
        ("DONE LATELY", closed),
    ];
    let mut items = Vec::new();
    for (heading, group) in groups.into_iter().filter(|(_, group)| !group.is_empty()) {
        items.push(Item::Heading(heading, group.len()));
        items.extend(group.into_iter().map(Item::Row));
    }
    items
}

/// How one of them stands: a sign, words and the colour that goes with them.
pub(crate) struct Standing {
    pub(crate) sign: &'static str,
    pub(crate) words: String,
    pub(crate) role: Role,
}

/// How one of them stands today.
pub(crate) fn standing(model: &Model, promise: &Promise) -> Standing {
    let of = |sign, words: String, role| Standing { sign, words, role };
    let (today, age) = (model.today(), promise.age_days(model.zone(), model.now));
    match promise.state {
        State::Done if promise.sort == Sort::Escalation => of("✓", "answered".to_owned(), Role::Saved),
        State::Done => of("✓", "done".to_owned(), Role::Saved),
        State::Dropped => of("✗", "dropped".to_owned(), Role::Dim),
        _ if promise.is_unanswered(model.zone(), model.now) => {
            of("▲", format!("NO ANSWER, {}", days(age)), Role::Concern)
        }
        State::Stuck => match promise.late_days(today) {
            Some(late) => of("■", format!("STUCK, {} late", days(late)), Role::Concern),
            None => of("■", "STUCK".to_owned(), Role::Due),
        },
        State::Open => match promise.late_days(today) {
            Some(late) => of("▲", format!("LATE {}", days(late)), Role::Concern),
            None if promise.sort == Sort::Escalation => of("·", "asked".to_owned(), Role::Text),
            None if promise.by == Some(today) => of("◆", "due today".to_owned(), Role::Due),
            None => of("·", "open".to_owned(), Role::Text),
        },
    }
}

fn days(count: i64) -> String {
    if count == 1 { "1 day".to_owned() } else { format!("{count} days") }
}

/// Who is to do it, or is asked: a role, and of an escalation the tier.
pub(crate) fn who(promise: &Promise) -> String {
    match (promise.sort, promise.who.as_str()) {
        (Sort::Escalation, "") => promise.tier.code().to_owned(),
        (Sort::Escalation, who) => format!("{}: {who}", promise.tier.code()),
        (Sort::Barrier, who) if promise.tier != Tier::Team => format!("{}: {who}", promise.tier.code()),
        (_, "") => "team".to_owned(),
        (_, who) => who.to_owned(),
    }
}

/// By when: "today", "tomorrow", "Mon 23 Nov".
pub(crate) fn by(model: &Model, promise: &Promise) -> String {
    promise.by.map_or_else(String::new, |day| day_words(model.today(), day))
}

/// A day beside today in words.
pub(crate) fn day_words(today: NaiveDate, day: NaiveDate) -> String {
    match (day - today).num_days() {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "yesterday".to_owned(),
        _ if day.year() == today.year() => day.format("%a %-d %b").to_string(),
        _ => day.format("%-d %b %Y").to_string(),
    }
}

/// How old it is; of what is closed, when that was.
pub(crate) fn age(model: &Model, promise: &Promise) -> String {
    if let Some(closed) = promise.closed.filter(|_| !promise.is_open()) {
        return day_words(model.today(), model.zone().day(closed));
    }
    match promise.age_days(model.zone(), model.now) {
        0 => "new today".to_owned(),
        age => format!("{} old", days(age)),
    }
}

/// What matters of all of it in one line, and how it is meant.
pub(crate) fn summary(model: &Model) -> (String, Role) {
    let open = || model.promises.iter().filter(|one| one.is_open());
    let late = open().filter(|one| one.late_days(model.today()).is_some() && one.sort != Sort::Escalation).count();
    let unanswered = open().filter(|one| one.is_unanswered(model.zone(), model.now)).count();
    let done = model.promises.iter().filter(|one| one.state == State::Done).count();
    let mut parts = Vec::new();
    if late > 0 {
        parts.push(format!("▲ {late} late"));
    }
    if unanswered > 0 {
        parts.push(format!("▲ {unanswered} without an answer"));
    }
    let is_calm = parts.is_empty();
    parts.push(format!("{} open", open().count()));
    parts.push(format!("{done} done in four weeks"));
    (parts.join("  ·  "), if is_calm { Role::Text } else { Role::Concern })
}

/// Whether escalating itself shows a warning sign.
pub(crate) fn escalating(model: &Model) -> Option<String> {
    warning(&model.promises, model.now)
}

/// One of them in one line, to be copied.
pub(crate) fn as_text(model: &Model, promise: &Promise) -> String {
    let by = by(model, promise);
    let by = if by.is_empty() { by } else { format!(", by {by}") };
    let mut line = format!("{} ({}{by}): {}", promise.what, who(promise), standing(model, promise).words);
    for (label, words) in [("stuck on", &promise.because), ("reason", &promise.reason), ("answer", &promise.answer)] {
        if !words.is_empty() {
            line.push_str(&format!("; {label}: {}", words.replace('\n', " ")));
        }
    }
    line
}
