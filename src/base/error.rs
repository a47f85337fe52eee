//! One shape for everything that can go wrong: what is wrong, where, and what to do about it.

use std::fmt;

/// What sort of failure it is; the command line turns it into an exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// The person asked for something that does not exist or cannot be read as asked.
    Usage,
    /// What was typed or imported breaks a rule.
    Refused,
    /// Nothing by that name.
    NotFound,
    /// Somebody else changed the same thing in the meantime.
    Conflict,
    /// The file, the disk or the terminal did not do its part.
    Machine,
    /// The program broke one of its own rules.
    Internal,
}

/// A failure in words: one sentence for what is wrong, an optional place, one for what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Failure {
    /// The sort of failure.
    pub kind: FailureKind,
    /// What is wrong, a whole sentence.
    pub what: String,
    /// Where: a file, line and column, or a field.
    pub place: Option<String>,
    /// What to do about it, a whole sentence.
    pub hint: Option<String>,
}

impl Failure {
    /// A failure of this kind, with the sentence that says what is wrong.
    pub fn new(kind: FailureKind, what: impl Into<String>) -> Self {
        Self { kind, what: what.into(), place: None, hint: None }
    }

    /// Something typed or imported that breaks a rule.
    pub fn refused(what: impl Into<String>) -> Self {
        Self::new(FailureKind::Refused, what)
    }

    /// Nothing by that name.
    pub fn not_found(what: impl Into<String>) -> Self {
        Self::new(FailureKind::NotFound, what)
    }

    /// A wrong use of the program.
    pub fn usage(what: impl Into<String>) -> Self {
        Self::new(FailureKind::Usage, what)
    }

    /// The machine did not do its part.
    pub fn machine(what: impl Into<String>) -> Self {
        Self::new(FailureKind::Machine, what)
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds where it is.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        write!(f, "{}", self.what)?;
        if let Some(hint) = &self.hint {
            write!(f, " {hint}")?;
        }
        Ok(())
    }
}

/// What most of the program returns.
pub type Outcome<T> = Result<T, Failure>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_reads_place_then_what_then_hint() {
        let failure = Failure::refused("The value is not a number.").at("line 3, column value").hint("Type digits.");
        assert_eq!(failure.to_string(), "line 3, column value: The value is not a number. Type digits.");
    }
}
