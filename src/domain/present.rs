//! Who is at a huddle: people counted by role group, typed while they gather.

use std::collections::BTreeMap;

use crate::base::error::{Failure, Outcome};

/// How many are there of each group.
pub type Present = BTreeMap<String, u32>;

/// More than these of one group are a slip of the finger.
const MOST: u32 = 200;

/// Reads a count of people: "4n 2m", "4 nursing 2 medical", one letter for each ("nnnnmm"), or numbers in the
/// order of the groups ("4 2 0 1").
///
/// # Errors
/// A sentence where a word names no group, or a number is absurd.
pub fn parse_present(typed: &str, groups: &[String]) -> Outcome<Present> {
    let words = apart(typed);
    let mut found = Present::new();
    if words.iter().all(|word| word.starts_with(|sign: char| sign.is_ascii_digit())) {
        if words.len() > groups.len() {
            return Err(refused(&format!("There are {} groups only.", groups.len()), groups));
        }
        for (word, group) in words.iter().zip(groups) {
            add(&mut found, group, number(word)?)?;
        }
        return Ok(found);
    }
    let mut count = None;
    for word in &words {
        if word.starts_with(|sign: char| sign.is_ascii_digit()) {
            count = Some(number(word)?);
            continue;
        }
        match (group_of(word, groups), count.take()) {
            (Some(group), count) => add(&mut found, group, count.unwrap_or(1))?,
            // "2mt" is two of the first and one of the second.
            (None, mut count) => {
                for letter in word.chars() {
                    let group = group_of(&letter.to_string(), groups);
                    let group = group.ok_or_else(|| refused(&format!("“{word}” names no group."), groups))?;
                    add(&mut found, group, count.take().unwrap_or(1))?;
                }
            }
        }
    }
    match count {
        Some(count) => Err(refused(&format!("{count} of which group?"), groups)),
        None => Ok(found),
    }
}

/// The count as it is read out: "4 nursing, 2 medical".
pub fn present_words(present: &Present, groups: &[String]) -> String {
    let known = groups.iter().filter_map(|group| present.get_key_value(group));
    let others = present.iter().filter(|(group, _)| !groups.contains(group));
    let parts: Vec<String> =
        known.chain(others).filter(|(_, count)| **count > 0).map(|(group, count)| format!("{count} {group}")).collect();
    parts.join(", ")
}

/// Words and numbers apart: "4n" is two.
fn apart(typed: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = None;
    for sign in typed.to_lowercase().chars() {
        let sort = if sign.is_ascii_digit() {
            Some(0)
        } else if sign.is_alphabetic() {
            Some(1)
        } else {
            None
        };
        match (sort, words.last_mut()) {
            (Some(_), Some(word)) if sort == before => word.push(sign),
            (Some(_), _) => words.push(sign.to_string()),
            (None, _) => {}
        }
        before = sort;
    }
    words
}

fn group_of<'a>(word: &str, groups: &'a [String]) -> Option<&'a String> {
    groups.iter().find(|group| group.to_lowercase().starts_with(word))
}

fn number(word: &str) -> Outcome<u32> {
    let read = word.parse().ok().filter(|count| *count <= MOST);
    read.ok_or_else(|| Failure::refused(format!("{word} is no number of people at a huddle.")).at("text"))
}

fn add(found: &mut Present, group: &str, count: u32) -> Outcome<()> {
    let sum = found.entry(group.to_owned()).or_default();
    *sum += count;
    if *sum > MOST {
        return Err(Failure::refused(format!("{sum} is no number of people at a huddle.")).at("text"));
    }
    found.retain(|_, count| *count > 0);
    Ok(())
}

fn refused(words: &str, groups: &[String]) -> Failure {
    Failure::refused(words).at("text").hint(format!("The groups are {}: type 4n 2m, or nnnnmm.", groups.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups() -> Vec<String> {
        ["nursing", "medical", "therapy", "pharmacy", "domestic", "other"].map(Into::into).into()
    }

    #[test]
    fn people_are_counted_in_whichever_way_is_at_hand() {
        for typed in ["4n 2m 1t", "4n2mt", "nnnnmmt", "4 nursing, 2 medical, 1 therapy", "4 2 1", "4 nur 2 med the"] {
            let present = parse_present(typed, &groups()).unwrap();
            assert_eq!(present_words(&present, &groups()), "4 nursing, 2 medical, 1 therapy", "{typed}");
        }
        assert!(parse_present("", &groups()).unwrap().is_empty());
        assert_eq!(present_words(&parse_present("0 3", &groups()).unwrap(), &groups()), "3 medical");
    }

    #[test]
    fn what_names_no_group_and_absurd_numbers_are_refused() {
        for typed in ["4 x", "zz", "4", "1 2 3 4 5 6 7", "4n 2"] {
            let outcome = parse_present(typed, &groups());
            assert_eq!(outcome.is_err(), typed != "4", "{typed}: {outcome:?}");
        }
        assert!(parse_present("5000n", &groups()).is_err());
        assert!(parse_present("150n 150n", &groups()).is_err());
    }
}
