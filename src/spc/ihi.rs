//! The run-chart rules of Perla, Provost and Murray.

/// The run-chart rules of Perla, Provost and Murray 2011 over one phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ihi {
    /// Six or more consecutive points on one side; points on the line are skipped.
    pub shift: bool,
    /// Five or more consecutive points that rise or that fall; of equal neighbours the first counts.
    pub trend: bool,
    /// Runs over the useful points; 0 without one.
    pub runs: usize,
    /// The fewest that chance explains; given for 10 to 60 useful points.
    pub runs_min: Option<usize>,
    /// The most that chance explains; given for 10 to 60 useful points.
    pub runs_max: Option<usize>,
    /// Fewer runs than chance explains.
    pub too_few: Option<bool>,
    /// More runs than chance explains.
    pub too_many: Option<bool>,
}
