//! What the wall shows, how long each, and when it is dim.

use std::time::Duration;

use chrono::NaiveTime;

use crate::base::error::{Failure, Outcome};

/// What the wall can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// The focus measures, and what needs a look, in big digits.
    Performance,
    /// The work that is going on.
    Process,
    /// One chart after the other, with its verdict in words.
    Charts,
    /// What was promised, late first.
    Actions,
}

impl Screen {
    /// All of them, in the order in which they are shown where nothing else was said.
    pub const ALL: [Self; 4] = [Self::Performance, Self::Process, Self::Charts, Self::Actions];

    /// Its name in the settings and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Performance => "performance",
            Self::Process => "process",
            Self::Charts => "charts",
            Self::Actions => "actions",
        }
    }
}

/// What the wall shows, how long each, and when it is dim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// How long a picture stands.
    pub every: Duration,
    /// What is shown, in this order.
    pub screens: Vec<Screen>,
    /// From when until when by the ward's clock it is dim; it may go over midnight.
    pub dim: Option<(NaiveTime, NaiveTime)>,
    /// Whether there is no board behind it: leaving it ends the program.
    pub alone: bool,
}

impl Default for Plan {
    fn default() -> Self {
        Self { every: Duration::from_secs(15), screens: Screen::ALL.to_vec(), dim: None, alone: false }
    }
}

/// The shortest and the longest time of a picture, in seconds.
const STANDS: std::ops::RangeInclusive<u64> = 3..=3_600;

impl Plan {
    /// A plan as it is written in the settings or on the command line: seconds, names of screens, and
    /// "21:00-06:30" or nothing.
    ///
    /// # Errors
    /// A sentence on what cannot be used, with what can.
    pub fn read(every: u64, screens: &[String], dim: &str) -> Outcome<Self> {
        if !STANDS.contains(&every) {
            return Err(Failure::usage(format!("A picture of the wall cannot stand for {every} seconds."))
                .hint(format!("From {} to {} seconds can be said.", STANDS.start(), STANDS.end())));
        }
        let screens: Vec<Screen> = screens.iter().map(|name| screen(name)).collect::<Outcome<_>>()?;
        let screens = if screens.is_empty() { Screen::ALL.to_vec() } else { screens };
        let dim = if dim.trim().is_empty() { None } else { Some(hours(dim)?) };
        Ok(Self { every: Duration::from_secs(every), screens, dim, alone: false })
    }

    /// Whether it is dim when the ward's clock shows this.
    #[must_use]
    pub fn is_dim(&self, time: NaiveTime) -> bool {
        self.dim.is_some_and(
            |(from, to)| {
                if from <= to { from <= time && time < to } else { from <= time || time < to }
            },
        )
    }
}

fn screen(name: &str) -> Outcome<Screen> {
    let wanted = name.trim().to_lowercase();
    Screen::ALL.into_iter().find(|screen| screen.name() == wanted).ok_or_else(|| {
        let known: Vec<&str> = Screen::ALL.iter().map(|screen| screen.name()).collect();
        Failure::usage(format!("The wall has no screen “{}”.", name.trim()))
            .hint(format!("There are: {}.", known.join(", ")))
    })
}

fn hours(dim: &str) -> Outcome<(NaiveTime, NaiveTime)> {
    let time = |text: &str| NaiveTime::parse_from_str(text.trim(), "%H:%M").ok();
    let read = dim.split_once(['-', '–']).and_then(|(from, to)| Some((time(from)?, time(to)?)));
    read.filter(|(from, to)| from != to).ok_or_else(|| {
        Failure::usage(format!("“{}” does not say from when until when the wall is dim.", dim.trim()))
            .hint("Write it as 21:00-06:30.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_night_that_is_dim_goes_over_midnight() {
        let plan = Plan::read(15, &[], "21:00-06:30").unwrap();
        let dim = |time: &str| plan.is_dim(NaiveTime::parse_from_str(time, "%H:%M").unwrap());
        assert_eq!(
            ["20:59", "21:00", "23:59", "00:00", "06:29", "06:30", "12:00"].map(dim),
            [false, true, true, true, true, false, false]
        );
        assert!(!Plan::default().is_dim(NaiveTime::MIN));
    }

    #[test]
    fn what_cannot_be_shown_is_refused_with_what_can() {
        let refused = |every, screens: &[&str], dim: &str| {
            let screens: Vec<String> = screens.iter().map(|&name| name.to_owned()).collect();
            Plan::read(every, &screens, dim).unwrap_err().to_string()
        };
        assert!(refused(15, &["perfomance"], "").contains("performance, process, charts, actions"));
        assert!(refused(1, &[], "").contains("From 3 to 3600"));
        for dim in ["night", "21:00", "25:00-06:00", "21:00-21:00"] {
            assert!(refused(15, &[], dim).contains("21:00-06:30"), "{dim}");
        }
    }
}
