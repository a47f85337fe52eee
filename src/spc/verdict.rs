//! The two icons of Making Data Count: what the last point says, and what the limits say of a target.

use super::phase::Judged;
use super::{Assurance, Better, Options, PhaseFinding, PointFinding, RuleSet, Signals, Variation, Verdict};

impl Variation {
    const fn of(verdict: Verdict, high: bool) -> Self {
        match (verdict, high) {
            (Verdict::Common, _) => Self::CommonCause,
            (Verdict::Improvement, true) => Self::ImprovementHigh,
            (Verdict::Improvement, false) => Self::ImprovementLow,
            (Verdict::Concern, true) => Self::ConcernHigh,
            (Verdict::Concern, false) => Self::ConcernLow,
            (Verdict::Neutral, true) => Self::NeutralHigh,
            (Verdict::Neutral, false) => Self::NeutralLow,
        }
    }
}

/// What the last row of the last phase says; earlier signals do not show, and a row without a value is
/// common cause. A ghost is passed over: it does not speak for the process.
///
/// The tests of runs may see a signal that marks no point (few crossings; under the IHI rules too few or
/// too many runs). Then the process has changed without a better or a worse: neutral, high or low by the
/// side of the last run.
pub(super) fn variation(rules: RuleSet, last: &Judged, points: &[PointFinding]) -> Variation {
    let phase = &last.finding;
    let points = &points[phase.from..phase.from + last.rows];
    if let Some(PointFinding { verdict, rising: Some(high), .. }) = points.last() {
        return Variation::of(*verdict, *high);
    }
    let has_signal = match rules {
        RuleSet::Anhoej => phase.runs.signal,
        RuleSet::Ihi => phase.ihi.too_few == Some(true) || phase.ihi.too_many == Some(true),
        RuleSet::Mdc | RuleSet::Nelson | RuleSet::WesternElectric => false,
    };
    match last.last_run_is_above {
        Some(high) if has_signal && points.iter().all(|point| point.signals == Signals::NONE) => {
            Variation::of(Verdict::Neutral, high)
        }
        _ => Variation::CommonCause,
    }
}

/// What the limits of the last row say of the target. A target on a limit, or no limits: hit and miss.
pub(super) fn assurance(options: &Options<'_>, phase: &PhaseFinding) -> Option<Assurance> {
    let target = options.target.filter(|target| !target.is_nan())?;
    let (above, below) = match options.better {
        Better::Neither => return None,
        Better::Up => (Assurance::Fail, Assurance::Pass),
        Better::Down => (Assurance::Pass, Assurance::Fail),
    };
    Some(if target > phase.upper {
        above
    } else if target < phase.lower {
        below
    } else {
        Assurance::Inconsistent
    })
}
