//! Finding a record by what a person types: its slug, its name, the start of it, or its id.

use uuid::Uuid;

use crate::base::error::{Failure, Outcome};
use crate::base::text;

/// What has a name that a person may type.
pub(super) trait Named {
    /// Its id.
    fn id(&self) -> Uuid;
    /// Its name.
    fn name(&self) -> &str;
}

macro_rules! named {
    ($($record:ty => $field:ident),*) => {$(
        impl Named for $record {
            fn id(&self) -> Uuid { self.id.0 }
            fn name(&self) -> &str { &self.$field }
        }
    )*};
}

named!(
    crate::domain::process::Process => name,
    crate::domain::project::Project => name,
    crate::domain::cycle::Cycle => title,
    crate::domain::measure::Measure => name,
    crate::domain::promise::Promise => what
);

/// The one record that `typed` means.
///
/// # Errors
/// A sentence with the names there are, where none fits or several do.
pub(super) fn find<'a, R: Named>(what: &str, typed: &str, records: &'a [R]) -> Outcome<&'a R> {
    let wanted = text::slug(typed);
    let exact = |record: &&R| text::slug(record.name()) == wanted || record.id().to_string() == typed.trim();
    if let Some(found) = records.iter().find(exact) {
        return Ok(found);
    }
    let starting: Vec<&R> =
        records.iter().filter(|record| !wanted.is_empty() && text::slug(record.name()).starts_with(&wanted)).collect();
    let holding = || {
        records
            .iter()
            .filter(|record| !wanted.is_empty() && text::slug(record.name()).contains(&wanted))
            .collect::<Vec<_>>()
    };
    let fitting = if starting.is_empty() { holding() } else { starting };
    match fitting[..] {
        [only] => Ok(only),
        [] => {
            Err(Failure::not_found(format!("No {what} is called “{}”.", typed.trim())).hint(there_are(records.iter())))
        }
        _ => Err(Failure::refused(format!("“{}” fits more than one {what}.", typed.trim()))
            .hint(there_are(fitting.into_iter()))),
    }
}

fn there_are<'a, R: Named + 'a>(records: impl Iterator<Item = &'a R>) -> String {
    let names: Vec<&str> = records.map(Named::name).take(12).collect();
    if names.is_empty() { "There is none yet.".to_owned() } else { format!("There are: {}.", names.join("; ")) }
}
