//! The answers of a form, read by the names of its fields.

use crate::app::ask::FormField;
use crate::base::error::{Failure, Outcome};
use crate::base::text;

/// What was typed into a form, by the names of its fields.
pub(crate) struct Typed<'a> {
    names: &'a [&'static str],
    answers: &'a [String],
}

impl<'a> Typed<'a> {
    /// The answers in the order of the names.
    pub(crate) fn new(names: &'a [&'static str], answers: &'a [String]) -> Self {
        Self { names, answers }
    }

    fn raw(&self, name: &str) -> &'a str {
        let at = self.names.iter().position(|other| *other == name);
        at.and_then(|at| self.answers.get(at)).map_or("", String::as_str)
    }

    /// What stands in a field of one line.
    pub(crate) fn line(&self, name: &str) -> String {
        text::clean_line(self.raw(name))
    }

    /// What stands in a field of several lines.
    pub(crate) fn lines(&self, name: &str) -> String {
        text::clean_lines(self.raw(name))
    }

    /// What stands in a field that cannot stay empty.
    ///
    /// # Errors
    /// A sentence where it is.
    pub(crate) fn needed(&self, name: &str, what: &str) -> Outcome<String> {
        let line = self.line(name);
        if line.is_empty() {
            return Err(Failure::refused(what).at(name).hint("Type a few words."));
        }
        Ok(line)
    }
}

/// The names of a form's fields, for reading its answers.
pub(crate) fn names(fields: &[FormField]) -> Vec<&'static str> {
    fields.iter().map(|field| field.name).collect()
}
