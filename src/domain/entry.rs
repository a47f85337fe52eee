//! Quick entry: `fal 2`, `hand hygiene 18/20 @yesterday #agency staff`. The same grammar on the
//! screen and on the command line.

use chrono::NaiveDate;
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::MeasureId;
use super::due::entry_start;
use super::fidelity::Fidelity;
use super::measure::{Amount, Measure, parse_amount};
use super::when::{parse_day, words_of_day};
use crate::base::error::{Failure, Outcome};
use crate::base::text;

/// What quick entry understood; shown before it is saved.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The measure.
    pub measure: MeasureId,
    /// The value.
    pub amount: Amount,
    /// The first day of the period that it is for.
    pub day: NaiveDate,
    /// The note.
    pub note: String,
}

/// What was typed, taken apart, before it is looked up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Typed<'a> {
    /// The words that name the measure; empty where the selected one is meant.
    pub name: String,
    /// The value.
    pub value: &'a str,
    /// The day in words, where one was given.
    pub when: Option<String>,
    /// The note.
    pub note: &'a str,
}

/// Takes an entry apart: words, the last number-like word as the value, `@day`, `#note`.
pub fn take_apart(typed: &str) -> Typed<'_> {
    let (line, note) = match typed.split_once('#') {
        Some((line, note)) => (line, note.trim()),
        None => (typed, ""),
    };
    let mut when = None;
    let mut words = Vec::new();
    let all: Vec<&str> = line.split_whitespace().collect();
    let mut at = 0;
    while let Some(word) = all.get(at) {
        at += 1;
        match word.strip_prefix('@') {
            Some(day) => {
                let more = words_of_day(day, &all[at..]);
                when =
                    Some(std::iter::once(day).chain(all[at..at + more].iter().copied()).collect::<Vec<_>>().join(" "));
                at += more;
            }
            None => words.push(*word),
        }
    }
    let value = match words.last() {
        Some(last) if looks_like_value(last) => words.pop().unwrap_or(""),
        _ => "",
    };
    Typed { name: words.join(" "), value, when, note }
}

fn looks_like_value(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(|letter| letter.is_ascii_digit() || "+-.".contains(letter))
        && word.chars().all(|letter| letter.is_ascii_digit() || "+-.,/%".contains(letter))
}

/// What an entry is read against.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// The team's measures.
    pub measures: &'a [Measure],
    /// The measure that an entry without a name is for.
    pub selected: Option<MeasureId>,
    /// The ward's day.
    pub today: NaiveDate,
    /// The first day of a measure's latest data point: an entry without a day is for the period that
    /// [`entry_start`] says.
    pub last: &'a dyn Fn(&Measure) -> Option<NaiveDate>,
}

/// Reads an entry.
///
/// # Errors
/// A sentence for the line under the field: no such measure, more than one, no value, a value that
/// its measure cannot have, no such day, a day in the future.
pub fn parse(typed: &str, around: Around<'_>) -> Outcome<Entry> {
    let Around { measures, selected, today, last } = around;
    let parts = take_apart(typed);
    let measure = if parts.name.is_empty() {
        let by_selection = measures.iter().find(|measure| Some(measure.id) == selected);
        by_selection
            .ok_or_else(|| Failure::refused("Which measure is it for?").hint("Type its name first: falls 2."))?
    } else {
        find(&parts.name, measures)?
    };
    if measure.source.is_some_and(|source| Fidelity::of(source).is_some()) {
        return Err(Failure::refused(format!("{} is counted from the huddles.", measure.name))
            .hint("Press H: what is held and done there counts by itself."));
    }
    if measure.source.is_some() {
        return Err(Failure::refused(format!("{} is counted on the process board.", measure.name))
            .hint("Press 2 and tick it there."));
    }
    if parts.value.is_empty() {
        let example = if measure.has_denominator() { "18/20" } else { "2" };
        return Err(
            Failure::refused(format!("{}: which value?", measure.name)).hint(format!("Type a number: {example}."))
        );
    }
    let amount = parse_amount(measure.kind, parts.value).map_err(|failure| failure.at(measure.name.clone()))?;
    let day = match parts.when {
        Some(when) => measure.frequency.start_of(parse_day(&when, today)?),
        None => entry_start(measure.frequency, last(measure), today),
    };
    if day > today {
        return Err(Failure::refused("This day is still to come.").hint("Type today, yesterday or a day before."));
    }
    Ok(Entry { measure: measure.id, amount, day, note: parts.note.to_owned() })
}

/// The measure that `name` means: its letter, its slug or name, the start of one, or the best fuzzy match.
///
/// # Errors
/// A sentence where there is none, or where several fit equally well.
pub fn find<'a>(name: &str, measures: &'a [Measure]) -> Outcome<&'a Measure> {
    let wanted = name.trim().to_lowercase();
    let slug = text::slug(name);
    let exact = measures
        .iter()
        .find(|measure| measure.alias.as_deref().is_some_and(|alias| alias.to_lowercase() == wanted))
        .or_else(|| measures.iter().find(|measure| measure.slug() == slug || measure.id.to_string() == wanted));
    if let Some(measure) = exact {
        return Ok(measure);
    }
    let starting: Vec<&Measure> =
        measures.iter().filter(|measure| measure.name.to_lowercase().starts_with(&wanted)).collect();
    match starting[..] {
        [measure] => return Ok(measure),
        [] => {}
        _ => return Err(several(name, &starting)),
    }
    let ranked = rank(name, measures);
    match ranked[..] {
        [] => {
            let known = measures.iter().take(5).map(|measure| measure.name.as_str()).collect::<Vec<_>>().join(", ");
            let hint = if known.is_empty() {
                "Leave with Esc; n makes one.".to_owned()
            } else {
                format!("There are: {known} …")
            };
            Err(Failure::not_found(format!("No measure is called “{}”.", name.trim())).hint(hint))
        }
        [(_, measure)] => Ok(measure),
        [(first, measure), (second, _), ..] if first > second => Ok(measure),
        [(first, _), ..] => {
            let tied: Vec<&Measure> =
                ranked.iter().filter(|(score, _)| *score == first).map(|(_, measure)| *measure).collect();
            Err(several(name, &tied))
        }
    }
}

/// The measures whose name fits `typed`, best first, for a list under the field.
pub fn rank<'a>(typed: &str, measures: &'a [Measure]) -> Vec<(u32, &'a Measure)> {
    let mut matcher = Matcher::new(Config::DEFAULT);
    let pattern = Pattern::parse(typed, CaseMatching::Ignore, Normalization::Smart);
    let mut buffer = Vec::new();
    let mut ranked: Vec<(u32, &Measure)> = measures
        .iter()
        .filter_map(|measure| {
            pattern.score(Utf32Str::new(&measure.name, &mut buffer), &mut matcher).map(|score| (score, measure))
        })
        .collect();
    ranked.sort_by(|left, right| right.0.cmp(&left.0).then_with(|| left.1.name.len().cmp(&right.1.name.len())));
    ranked
}

fn several(name: &str, fitting: &[&Measure]) -> Failure {
    let names = fitting.iter().take(4).map(|measure| measure.name.as_str()).collect::<Vec<_>>().join(", ");
    Failure::refused(format!("“{}” fits more than one measure: {names}.", name.trim())).hint("Type one more letter.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::TeamId;
    use crate::domain::measure::MeasureKind;

    fn measures() -> Vec<Measure> {
        ["Falls", "Hand hygiene", "Medication omissions", "Home before noon"]
            .into_iter()
            .map(|name| {
                let mut measure = Measure::blank(MeasureId::fresh(), TeamId::default());
                measure.name = name.into();
                if name.starts_with('H') {
                    measure.kind = MeasureKind::Proportion;
                }
                if name.starts_with("Med") {
                    measure.alias = Some("m".into());
                }
                measure
            })
            .collect()
    }

    fn read(typed: &str, selected: Option<usize>) -> Outcome<(String, f64, Option<f64>, String, String)> {
        let measures = measures();
        let today = "2026-11-20".parse().unwrap();
        let selected = selected.map(|index| measures[index].id);
        let entry = parse(typed, Around { measures: &measures, selected, today, last: &|_| None })?;
        let name = measures.iter().find(|measure| measure.id == entry.measure).unwrap().name.clone();
        Ok((name, entry.amount.value, entry.amount.denominator, entry.day.to_string(), entry.note))
    }

    #[test]
    fn an_entry_names_measure_value_day_and_note_in_any_of_the_ways_people_type() {
        let full = read("hand hygiene 18/20 @yesterday #agency staff", None).unwrap();
        assert_eq!(full, ("Hand hygiene".into(), 18.0, Some(20.0), "2026-11-19".into(), "agency staff".into()));
        assert_eq!(read("fal 2", None).unwrap().0, "Falls");
        assert_eq!(read("m 4", None).unwrap().0, "Medication omissions");
        assert_eq!(read("hbn 5/13", None).unwrap().0, "Home before noon");
        for (typed, day) in [
            ("falls 2 @13 nov", "2026-11-13"),
            ("falls @13 Nov 2026 2", "2026-11-13"),
            ("falls 2 @3rd dec #late", "2025-12-03"),
            ("falls @last mon 2", "2026-11-16"),
            ("falls 2 @2 weeks ago", "2026-11-06"),
            ("falls @- 2", "refused"),
        ] {
            let read = read(typed, None).map_or_else(|_| "refused".to_owned(), |read| format!("{} {}", read.3, read.1));
            assert_eq!(read, if day == "refused" { day.to_owned() } else { format!("{day} 2") }, "{typed}");
        }
        assert_eq!(read("2", Some(0)).unwrap(), ("Falls".into(), 2.0, None, "2026-11-20".into(), String::new()));
    }

    #[test]
    fn what_cannot_be_read_is_said_and_not_guessed() {
        for typed in ["2", "fal", "xyzzy 2", "h 1/2", "falls 2 @tomorrow", "falls 2 @31/2", "falls 2/3"] {
            assert!(read(typed, None).is_err(), "{typed}");
        }
    }
}
