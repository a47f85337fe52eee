//! Which chart fits a series, and why; and which does not, and why not.

use super::ChartType;
use super::dispersion::Dispersion;
use super::number::is_there;

/// Fewer points than this, and a run chart says all that can be said.
const FEWEST: usize = 10;

/// What the numbers of a series are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Nature {
    /// Measured: minutes, kilograms, a per cent whose parts nobody knows.
    Measured,
    /// Counted, each time in the same exposure.
    Counted,
    /// So many of so many: a part of a whole.
    Share,
    /// So many in so much: an exposure.
    Rate,
    /// The time or the cases between rare events.
    Between,
}

/// A series that wants a chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Data<'a> {
    /// What its numbers are.
    pub nature: Nature,
    /// The values, or the numerators where there are denominators; NaN where one is missing.
    pub values: &'a [f64],
    /// The denominators.
    pub denominators: Option<&'a [f64]>,
    /// Whether its periods hold several values each.
    pub has_subgroups: bool,
}

/// Why a chart fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why {
    /// There are too few points for limits.
    Few,
    /// Single measured values.
    Single,
    /// Several values in each period.
    Several,
    /// Parts of a whole.
    Part,
    /// Numbers in an exposure.
    Exposure,
    /// They vary more than chance gives for such denominators.
    OverDispersed,
    /// Counts in the same exposure.
    Counts,
    /// Counts that vary more than chance gives.
    WildCounts,
    /// Counts of which more than half are nought.
    MostlyZero,
    /// Time between events.
    Time,
    /// Some events came on the same day.
    SameDay,
}

impl Why {
    /// The reason, as a sentence.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Few => "There are fewer than 10 points, too few for limits.",
            Self::Single => "Each point is one measured value.",
            Self::Several => "Each period holds several values.",
            Self::Part => "Each point is a part of a whole.",
            Self::Exposure => "Each point counts what happened in an exposure.",
            Self::OverDispersed => "The points vary more than chance gives for such denominators.",
            Self::Counts => "Each point is a count.",
            Self::WildCounts => "The counts vary more than chance alone gives.",
            Self::MostlyZero => {
                "Most counts are 0: note the day of each event instead, and the days between them make a T chart."
            }
            Self::Time => "Each point is the time between two events.",
            Self::SameDay => "Some events came at the same time, so that nothing lies between them.",
        }
    }
}

/// The chart that fits a series, and why.
#[must_use]
pub fn suggest(data: &Data<'_>) -> (ChartType, Why) {
    let there = data.values.iter().filter(|value| is_there(**value)).count();
    if there < FEWEST {
        return (ChartType::Run, Why::Few);
    }
    if data.has_subgroups {
        return (ChartType::Xbar, Why::Several);
    }
    match (data.nature, data.denominators) {
        (Nature::Measured, _) | (Nature::Share | Nature::Rate, None) => (ChartType::Xmr, Why::Single),
        (Nature::Between, _) if data.values.contains(&0.0) => (ChartType::G, Why::SameDay),
        (Nature::Between, _) => (ChartType::T, Why::Time),
        (Nature::Counted, _) if is_mostly_zero(data.values) => (ChartType::C, Why::MostlyZero),
        (Nature::Counted, _) => {
            let ones = vec![1.0; data.values.len()];
            let is_wild = Dispersion::of_rates(data.values, &ones).is_over();
            if is_wild { (ChartType::Xmr, Why::WildCounts) } else { (ChartType::C, Why::Counts) }
        }
        (Nature::Share, Some(wholes)) => {
            let is_over = Dispersion::of_shares(data.values, wholes).is_over();
            if is_over { (ChartType::Pp, Why::OverDispersed) } else { (ChartType::P, Why::Part) }
        }
        (Nature::Rate, Some(exposures)) => {
            let is_over = Dispersion::of_rates(data.values, exposures).is_over();
            if is_over { (ChartType::Up, Why::OverDispersed) } else { (ChartType::U, Why::Exposure) }
        }
    }
}

/// Whether more than half of the counts that are there are nought: then the line of a chart of counts hardly
/// leaves nought, and the time between events says more.
#[must_use]
pub fn is_mostly_zero(counts: &[f64]) -> bool {
    let zeros = counts.iter().filter(|count| **count == 0.0).count();
    2 * zeros > counts.iter().filter(|count| is_there(**count)).count()
}

/// Why a chart cannot be made of a series, as a sentence; none where it can.
#[must_use]
pub fn misfit(chart: ChartType, data: &Data<'_>) -> Option<&'static str> {
    let is_below_nought = data.values.iter().any(|value| *value < 0.0);
    match (chart, data.denominators) {
        (ChartType::Run | ChartType::Xmr | ChartType::Mr, _) => None,
        (ChartType::P | ChartType::Pp | ChartType::U | ChartType::Up, None) => {
            Some("It needs a denominator for each number: how many it was counted from.")
        }
        (ChartType::P | ChartType::Pp, Some(wholes)) if has_part_above_whole(data.values, wholes) => Some(
            "It shows parts of a whole, and here a numerator is larger than its denominator. A U chart takes these.",
        ),
        (ChartType::Xbar | ChartType::S, _) if !data.has_subgroups => {
            Some("It needs several values in each period, and here each has one.")
        }
        (ChartType::Xbar | ChartType::S, _) => None,
        (ChartType::C | ChartType::G | ChartType::T, Some(_)) => {
            Some("It takes plain numbers, and these have denominators. A P or U chart takes them.")
        }
        _ if is_below_nought => Some("It counts, and nothing can be counted below 0."),
        _ => None,
    }
}

fn has_part_above_whole(parts: &[f64], wholes: &[f64]) -> bool {
    parts.iter().zip(wholes).any(|(part, whole)| part > whole && *whole > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data<'a>(nature: Nature, values: &'a [f64], denominators: Option<&'a [f64]>) -> Data<'a> {
        Data { nature, values, denominators, has_subgroups: false }
    }

    #[test]
    fn the_kind_of_the_numbers_decides_the_chart() {
        let small: Vec<f64> = (0..20).map(|at| f64::from(3 + at * 7 % 5)).collect();
        let sizes = [40.0; 20];
        for (nature, denominators, expected) in [
            (Nature::Measured, None, (ChartType::Xmr, Why::Single)),
            (Nature::Counted, None, (ChartType::C, Why::Counts)),
            (Nature::Between, None, (ChartType::T, Why::Time)),
            (Nature::Share, Some(&sizes[..]), (ChartType::P, Why::Part)),
            (Nature::Rate, Some(&sizes[..]), (ChartType::U, Why::Exposure)),
            (Nature::Share, None, (ChartType::Xmr, Why::Single)),
        ] {
            assert_eq!(suggest(&data(nature, &small, denominators)), expected);
        }
        let several = Data { has_subgroups: true, ..data(Nature::Measured, &small, None) };
        assert_eq!(suggest(&several), (ChartType::Xbar, Why::Several));
    }

    #[test]
    fn what_varies_more_than_chance_gets_the_limits_that_measure_it() {
        let wild: Vec<f64> = (0..20).map(|at| if at % 2 == 0 { 300.0 } else { 700.0 }).collect();
        let sizes = [2_000.0; 20];
        assert_eq!(suggest(&data(Nature::Share, &wild, Some(&sizes))).0, ChartType::Pp);
        assert_eq!(suggest(&data(Nature::Rate, &wild, Some(&sizes))).0, ChartType::Up);
        assert_eq!(suggest(&data(Nature::Counted, &wild, None)), (ChartType::Xmr, Why::WildCounts));
    }

    #[test]
    fn few_points_get_a_run_chart_and_zeros_their_advice() {
        let few = [1.0, f64::NAN, 2.0];
        assert_eq!(suggest(&data(Nature::Counted, &few, None)), (ChartType::Run, Why::Few));
        let mut rare = vec![0.0; 15];
        rare[3] = 1.0;
        assert_eq!(suggest(&data(Nature::Counted, &rare, None)).1, Why::MostlyZero);
        assert_eq!(suggest(&data(Nature::Between, &rare, None)), (ChartType::G, Why::SameDay));
    }

    #[test]
    fn a_chart_that_cannot_be_made_says_why() {
        let (values, wholes) = ([3.0, 5.0], [4.0, 4.0]);
        let plain = data(Nature::Measured, &values, None);
        let pairs = data(Nature::Rate, &values, Some(&wholes));
        for (chart, data, expected) in [
            (ChartType::P, &plain, Some("denominator for each number")),
            (ChartType::Up, &plain, Some("denominator for each number")),
            (ChartType::P, &pairs, Some("larger than its denominator")),
            (ChartType::U, &pairs, None),
            (ChartType::C, &pairs, Some("have denominators")),
            (ChartType::C, &plain, None),
            (ChartType::S, &plain, Some("several values")),
            (ChartType::Xmr, &pairs, None),
        ] {
            let found = misfit(chart, data);
            assert_eq!(found.is_some(), expected.is_some(), "{chart:?}: {found:?}");
            assert!(found.zip(expected).is_none_or(|(found, part)| found.contains(part)), "{chart:?}: {found:?}");
        }
        assert!(misfit(ChartType::G, &data(Nature::Between, &[-1.0], None)).is_some());
    }

    #[test]
    fn what_is_suggested_can_be_made() {
        let values: Vec<f64> = (0..20).map(|at| f64::from(at % 4)).collect();
        let sizes = [10.0; 20];
        for nature in [Nature::Measured, Nature::Counted, Nature::Share, Nature::Rate, Nature::Between] {
            for has_subgroups in [false, true] {
                let parts = matches!(nature, Nature::Share | Nature::Rate).then_some(&sizes[..]);
                let data = Data { has_subgroups, ..data(nature, &values, parts) };
                assert_eq!(misfit(suggest(&data).0, &data), None, "{nature:?}");
            }
        }
    }
}
