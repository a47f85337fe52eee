//! Anhøj's test of runs.

/// Anhøj's test of runs over the useful points of a phase: those that are there, are not ghosts and are
/// not on the centre line. Nothing is given where no point is useful.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Runs {
    /// Points in the longest run on one side.
    pub longest: Option<usize>,
    /// The longest that chance explains: log2(useful), rounded, + 3.
    pub longest_max: Option<usize>,
    /// How often the centre line is crossed.
    pub crossings: Option<usize>,
    /// The fewest that chance explains: the 5 % point of Binomial(useful - 1, 1/2).
    pub crossings_min: Option<usize>,
    /// Either of the two below.
    pub signal: bool,
    /// The longest run is longer than chance explains.
    pub long_run: bool,
    /// There are fewer crossings than chance explains.
    pub few_crossings: bool,
}
