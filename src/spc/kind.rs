//! What can be asked for: the kind of chart, the set of rules, the better direction.

/// A chart of quality improvement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChartType {
    /// Run chart: the median and no limits.
    Run,
    /// Individuals and moving range: the mean and limits at 2.66 mean moving ranges.
    Xmr,
    /// The moving range itself.
    Mr,
    /// Proportions of varying denominators.
    P,
    /// Laney's p′: proportions of large denominators.
    Pp,
    /// Rates of varying exposures.
    U,
    /// Laney's u′: rates of large exposures.
    Up,
    /// Counts of one exposure.
    C,
    /// Cases between rare events.
    G,
    /// Time between rare events.
    T,
    /// Means of subgroups.
    Xbar,
    /// Standard deviations of subgroups.
    S,
}

impl ChartType {
    /// Every kind, in the order in which they are offered.
    pub const ALL: [Self; 12] = [
        Self::Run,
        Self::Xmr,
        Self::Mr,
        Self::P,
        Self::Pp,
        Self::U,
        Self::Up,
        Self::C,
        Self::G,
        Self::T,
        Self::Xbar,
        Self::S,
    ];

    /// The name that files and the command line use.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Xmr => "xmr",
            Self::Mr => "mr",
            Self::P => "p",
            Self::Pp => "pp",
            Self::U => "u",
            Self::Up => "up",
            Self::C => "c",
            Self::G => "g",
            Self::T => "t",
            Self::Xbar => "xbar",
            Self::S => "s",
        }
    }

    /// The kind of that code, if there is one.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The name that people read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Run => "Run chart",
            Self::Xmr => "XmR",
            Self::Mr => "Moving range",
            Self::P => "P chart",
            Self::Pp => "P′ chart",
            Self::U => "U chart",
            Self::Up => "U′ chart",
            Self::C => "C chart",
            Self::G => "G chart",
            Self::T => "T chart",
            Self::Xbar => "X̄ chart",
            Self::S => "S chart",
        }
    }

    /// Whether [`analyse`](super::analyse) computes this kind, as it does them all.
    #[must_use]
    pub const fn supported(self) -> bool {
        true
    }

    /// Whether each point may have limits of its own, because of its denominator or size.
    #[must_use]
    pub const fn has_stepped_limits(self) -> bool {
        matches!(self, Self::P | Self::Pp | Self::U | Self::Up | Self::Xbar | Self::S)
    }

    /// Whether it is a chart of numerators over denominators.
    #[must_use]
    pub const fn needs_denominators(self) -> bool {
        matches!(self, Self::P | Self::Pp | Self::U | Self::Up)
    }

    /// Whether it is a chart of subgroups of values.
    #[must_use]
    pub const fn needs_subgroups(self) -> bool {
        matches!(self, Self::Xbar | Self::S)
    }

    /// Whether the chart has process limits.
    #[must_use]
    pub const fn has_limits(self) -> bool {
        !matches!(self, Self::Run)
    }
}

/// The set of rules that decides which points are marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RuleSet {
    /// NHS England, Making Data Count: outside the limits, a trend of 7, two of three near a limit, 7 on
    /// one side; the first that applies, in that order.
    Mdc,
    /// Anhøj and Olesen 2014: a run longer than log2(n) + 3, or too few crossings.
    Anhoej,
    /// Perla, Provost and Murray 2011 (IHI): 6 on one side, 5 in a trend, too few or too many runs.
    Ihi,
    /// Nelson, "The Shewhart control chart: tests for special causes", Journal of Quality Technology 1984, all
    /// eight tests: outside the limits, 9 on one side, a trend of 6, 14 up and down in turn, two of three beyond
    /// two sigma, four of five beyond one, 15 within one, 8 beyond one on both sides. As under the other rules a
    /// missing point and a ghost are passed over, and a phase begins every test anew. All points that count are
    /// marked, not the last alone. The two last tests and the alternating points are neither better nor worse.
    Nelson,
    /// Western Electric, "Statistical Quality Control Handbook", 1956, the four tests of its chapter on control
    /// charts: outside the limits, two of three beyond two sigma, four of five beyond one, 8 on one side. Missing
    /// points, ghosts, phases and the points that are marked: as under [`Self::Nelson`].
    WesternElectric,
}

impl RuleSet {
    /// Every set, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::Mdc, Self::Anhoej, Self::Ihi, Self::Nelson, Self::WesternElectric];

    /// The name that files and the command line use.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Mdc => "mdc",
            Self::Anhoej => "anhoej",
            Self::Ihi => "ihi",
            Self::Nelson => "nelson",
            Self::WesternElectric => "western_electric",
        }
    }

    /// The set of that code, if there is one.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rules| rules.code() == code)
    }

    /// The name that people read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Mdc => "Making Data Count rules",
            Self::Anhoej => "Anhøj rules",
            Self::Ihi => "IHI rules",
            Self::Nelson => "Nelson rules",
            Self::WesternElectric => "Western Electric rules",
        }
    }

    /// The set that goes with a chart unless the ward says otherwise.
    #[must_use]
    pub const fn default_for(chart: ChartType) -> Self {
        match chart {
            ChartType::Run => Self::Anhoej,
            _ => Self::Mdc,
        }
    }
}

/// Which way is better for this measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Better {
    /// More is better.
    Up,
    /// Less is better.
    Down,
    /// Neither: signals are neutral and a target is not judged.
    #[default]
    Neither,
}

impl Better {
    /// Every direction.
    pub const ALL: [Self; 3] = [Self::Up, Self::Down, Self::Neither];

    /// The name that files and the command line use.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::Neither => "neither",
        }
    }

    /// The direction of that code, if there is one.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|better| better.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_parses_back_to_what_it_names() {
        for kind in ChartType::ALL {
            assert_eq!(ChartType::parse(kind.code()), Some(kind));
        }
        for rules in RuleSet::ALL {
            assert_eq!(RuleSet::parse(rules.code()), Some(rules));
        }
        for better in Better::ALL {
            assert_eq!(Better::parse(better.code()), Some(better));
        }
    }

    #[test]
    fn an_unknown_code_names_nothing() {
        assert_eq!(ChartType::parse("XMR"), None);
        assert_eq!(RuleSet::parse(""), None);
        assert_eq!(Better::parse("sideways"), None);
    }

    #[test]
    fn a_run_chart_has_the_rules_of_anhoej_and_the_others_those_of_making_data_count() {
        assert_eq!(RuleSet::default_for(ChartType::Run), RuleSet::Anhoej);
        assert_eq!(RuleSet::default_for(ChartType::Xmr), RuleSet::Mdc);
    }
}
