//! Blanking a text that somebody should not have typed: the text is asked for, what it will reach is shown
//! before anything is done, and afterwards what was done and where the text may still stand.

use crate::app::ask::{Answer, Ask, Form, Question, Reading};
use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::base::error::{Failure, Outcome};
use crate::base::text;
use crate::store::{Author, Found, Store};
use crate::sync::about;

/// A text must be so long to be looked for: less stands everywhere.
const LEAST: usize = 3;
/// What is told fits a screen of eighty columns.
const WIDTH: usize = 72;
/// What the log says of it.
const REASON: &str = "a patient's detail";

/// What became of a redaction.
pub(crate) struct Blanked {
    /// How many records it was in.
    pub(crate) records: usize,
    /// How many backups there are; those of the failures are still to be blanked.
    pub(crate) backups: usize,
    /// The backups that could not be reached.
    pub(crate) failures: Vec<Failure>,
}

/// Asks which text is to go.
pub(crate) fn ask_text() -> Ask {
    const HELP: &str =
        "A patient's detail, as it was typed, or a part of it. Nothing is blanked before you have said so.";
    Form::prompt("Blank a text for good", "Text", "", HELP, |typed, _| {
        let text = typed.trim();
        if text.chars().count() < LEAST {
            return Err(Failure::refused("Too little to look for.").at("text").hint("Type at least three letters."));
        }
        Ok(vec![Effect::FindText(text.to_owned())])
    })
}

/// Asks whether what was found is blanked; says so where there is nothing.
pub(crate) fn ask_whether(found: &[Found], sudden: bool) -> Effect {
    if found.is_empty() {
        return Effect::hint("This text stands nowhere on this board. Type it as it was typed then, or a part of it.");
    }
    let words = format!(
        "The text stands, or once stood, in {}. All that was ever typed there goes, here, in the log, in this board's \
         backups and, with the next sync, on the other boards. The log keeps that something was there, by whom and \
         when. This cannot be undone.",
        counted(found)
    );
    Effect::Ask(Ask::Question(Question {
        title: "Blank it for good?".to_owned(),
        words,
        answers: vec![
            Answer {
                words: "Leave it as it is".to_owned(),
                about: "Nothing is changed.".to_owned(),
                then: Box::new(|| vec![Effect::hint("Nothing was blanked.")]),
            },
            Answer {
                words: "Blank it".to_owned(),
                about: "“[redacted]” stands in its place.".to_owned(),
                then: Box::new(|| vec![Effect::Blank]),
            },
        ],
        sudden,
    }))
}

/// Where a text was found, in words that do not repeat it: "2 points (note) and 1 project (name)".
fn counted(found: &[Found]) -> String {
    let mut counted: Vec<(&str, String, usize)> = Vec::new();
    for place in found {
        let (kind, fields) = (place.kind.code(), place.fields.join(", "));
        match counted.iter_mut().find(|(other, names, _)| *other == kind && *names == fields) {
            Some((.., count)) => *count += 1,
            None => counted.push((kind, fields, 1)),
        }
    }
    let parts: Vec<String> = counted
        .into_iter()
        .map(|(kind, fields, count)| match (count, kind.ends_with('s')) {
            (1, _) => format!("1 {kind} ({fields})"),
            (_, true) => format!("{count} {kind}es ({fields})"),
            (_, false) => format!("{count} {kind}s ({fields})"),
        })
        .collect();
    match parts.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
        None => String::new(),
    }
}

/// Blanks what was found, and the backups in these folders. What was done before a failure stays done.
///
/// # Errors
/// What the disk answered, or where a record is gone.
pub(crate) fn blank(
    store: &mut Store,
    author: &Author,
    found: &[Found],
    folders: &[std::path::PathBuf],
) -> Outcome<Blanked> {
    for place in found {
        store.redact(author, place.team, (place.kind, &place.record), &place.fields, REASON)?;
    }
    let mut blanked = Blanked { records: found.len(), backups: 0, failures: Vec::new() };
    for folder in folders {
        match store.redact_backups(folder) {
            Ok((made, failures)) => {
                blanked.backups += made;
                blanked.failures.extend(failures);
            }
            Err(failure) => blanked.failures.push(failure),
        }
    }
    Ok(blanked)
}

/// What was done, and where the text may still stand.
pub(crate) fn told(blanked: &Blanked, reader: &Store, model: &Model) -> Reading {
    let several = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
    let mut lines = vec![format!("Blanked in {}, and in the log.", several(blanked.records, "record"))];
    match blanked.backups.saturating_sub(blanked.failures.len()) {
        0 => {}
        count => lines.push(format!("Blanked in {}.", several(count, "backup"))),
    }
    lines.extend(blanked.failures.iter().map(|failure| format!("This backup still holds it: {failure}")));
    lines.push(String::new());
    match about::others(reader) {
        None => lines.push("This board syncs with no folder: nobody else is told.".to_owned()),
        Some(others) => {
            lines.push("Press S now: the folder's files are blanked, and the other boards are told.".to_owned());
            lines.extend(others.into_iter().map(|about| {
                let when = model.zone().wall(about.at).format("%-d %b %Y %H:%M");
                format!("Until it has synced, it still stands on {}, last at the folder {when}.", about.called())
            }));
        }
    }
    lines.push(String::new());
    lines.push("Nobody can reach from here: exports, bundles sent by e-mail, copies of the file, paper.".to_owned());
    let lines = lines.iter().flat_map(|line| text::wrap(line, WIDTH)).collect();
    Reading { title: "The text is blanked".to_owned(), lines }
}
