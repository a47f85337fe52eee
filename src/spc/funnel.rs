//! The funnel: many teams at one time, each against what all of them together do (Spiegelhalter, "Funnel plots
//! for comparing institutional performance", Statistics in Medicine 2005), with limits at two and three sigma.

use super::phase::Phase;
use super::ratio::{self, Law};
use super::{ChartType, Side, Subgroup};

/// A funnel over teams.
#[derive(Debug, Clone, PartialEq)]
pub struct Funnel {
    /// All that was counted over all that it was counted from.
    pub centre: f64,
    /// What the limits are stretched by: 1 on p and u; on p′ and u′ the standard deviation of the teams in
    /// units of their own sigma, as qicharts2 has it where points stand in no order of time.
    pub stretch: f64,
    /// One for each team, in the order given.
    pub teams: Vec<FunnelTeam>,
    law: Law,
}

/// One team of a funnel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FunnelTeam {
    /// What it did; NaN where its numbers are missing.
    pub value: f64,
    /// The limits for its denominator.
    pub limits: FunnelLimits,
    /// Where it stands against all of them; none where its numbers are missing.
    pub side: Option<Side>,
    /// 3 beyond three sigma, 2 beyond two, otherwise 0. On a limit is inside it.
    pub beyond: u8,
}

/// The limits of a funnel for one denominator; NaN where there are none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FunnelLimits {
    /// Three sigma below.
    pub lower: f64,
    /// Two sigma below.
    pub near_lower: f64,
    /// Two sigma above.
    pub near_upper: f64,
    /// Three sigma above.
    pub upper: f64,
}

impl Funnel {
    /// The funnel of teams with these numerators and denominators, by the limits of a p, p′, u or u′ chart; none
    /// for another chart.
    #[must_use]
    pub fn of(chart: ChartType, counts: &[f64], sizes: &[f64]) -> Option<Self> {
        let (law, laney) = match chart {
            ChartType::P => (Law::Binomial, false),
            ChartType::Pp => (Law::Binomial, true),
            ChartType::U => (Law::Poisson, false),
            ChartType::Up => (Law::Poisson, true),
            _ => return None,
        };
        let (mut values, mut scratch) = (Vec::new(), Vec::new());
        ratio::plot(counts, sizes, &mut values);
        let teams = Phase { values: &values, frozen: values.len(), counts, sizes, ..Phase::default() };
        let (centre, _) = ratio::pooled(&teams, &mut scratch);
        let unit = law.unit(centre);
        let stretch = if laney {
            let places = values.iter().enumerate();
            scratch.clear();
            scratch.extend(places.map(|(at, value)| (value - centre) / (unit / teams.size(at).sqrt())));
            Subgroup::of(&scratch).spread
        } else {
            1.0
        };
        let mut funnel = Self { centre, stretch, teams: Vec::new(), law };
        let judged = values.iter().enumerate().map(|(at, &value)| funnel.team(value, teams.judged_size(at))).collect();
        funnel.teams = judged;
        Some(funnel)
    }

    /// The limits for a denominator, to draw the funnel between the teams.
    #[must_use]
    pub fn limits(&self, size: f64) -> FunnelLimits {
        let limits = ratio::Limits::around(self.centre, self.law, self.stretch);
        let band = limits.band(size);
        FunnelLimits { lower: band.lower, near_lower: band.near_lower, near_upper: band.near_upper, upper: band.upper }
    }

    fn team(&self, value: f64, size: f64) -> FunnelTeam {
        let limits = self.limits(size);
        let beyond = if value > limits.upper || value < limits.lower {
            3
        } else if value > limits.near_upper || value < limits.near_lower {
            2
        } else {
            0
        };
        FunnelTeam { value, limits, side: Side::of(value, self.centre), beyond }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spc::{Input, Options, analyse};

    const COUNTS: [f64; 6] = [12.0, 30.0, 55.0, 9.0, 200.0, 41.0];
    const SIZES: [f64; 6] = [100.0, 300.0, 400.0, 120.0, 1500.0, 380.0];

    #[test]
    fn the_limits_of_a_team_are_those_of_a_p_chart_at_its_denominator() {
        for chart in [ChartType::P, ChartType::U] {
            let funnel = Funnel::of(chart, &COUNTS, &SIZES).unwrap();
            let input = Input { denominators: Some(&SIZES), ..Input::of(&COUNTS) };
            let analysis = analyse(input, &Options { chart, ..Options::default() });
            for (team, point) in funnel.teams.iter().zip(&analysis.points) {
                assert_eq!((team.limits.lower, team.limits.upper), (point.lower, point.upper));
                assert_eq!(team.side, point.side);
            }
        }
    }

    #[test]
    fn a_larger_team_has_a_narrower_funnel() {
        let funnel = Funnel::of(ChartType::P, &COUNTS, &SIZES).unwrap();
        let (small, large) = (funnel.limits(50.0), funnel.limits(5000.0));
        assert!(small.upper > large.upper && small.lower < large.lower);
        assert!(large.near_upper < large.upper && large.near_lower > large.lower);
    }

    #[test]
    fn a_team_beyond_two_or_three_sigma_says_so() {
        let sizes = [400.0; 12];
        let mut counts = [40.0; 12];
        (counts[3], counts[7]) = (54.0, 90.0);
        let funnel = Funnel::of(ChartType::P, &counts, &sizes).unwrap();
        let beyond: Vec<u8> = funnel.teams.iter().map(|team| team.beyond).collect();
        assert_eq!(beyond, [0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0]);
        counts[7] = 59.0;
        let funnel = Funnel::of(ChartType::P, &counts, &sizes).unwrap();
        assert_eq!((funnel.teams[7].beyond, funnel.teams[7].side), (2, Some(Side::Above)));
    }

    #[test]
    fn laney_takes_the_spread_of_the_teams_whatever_their_order() {
        let funnel = Funnel::of(ChartType::Pp, &COUNTS, &SIZES).unwrap();
        let reversed = |numbers: &[f64]| numbers.iter().rev().copied().collect::<Vec<_>>();
        let other = Funnel::of(ChartType::Pp, &reversed(&COUNTS), &reversed(&SIZES)).unwrap();
        assert!((funnel.stretch - other.stretch).abs() < 1e-12 && funnel.stretch > 0.0);
        let plain = Funnel::of(ChartType::P, &COUNTS, &SIZES).unwrap();
        let reach = |funnel: &Funnel| funnel.limits(1000.0).upper - funnel.centre;
        assert!((reach(&funnel) - funnel.stretch * reach(&plain)).abs() < 1e-12);
    }

    #[test]
    fn a_team_without_numbers_and_a_chart_without_denominators_have_no_funnel() {
        let funnel = Funnel::of(ChartType::U, &[3.0, f64::NAN, 4.0], &[10.0, 10.0, 0.0]).unwrap();
        assert_eq!(funnel.centre, 0.3);
        assert!(funnel.teams[1].side.is_none() && funnel.teams[2].limits.upper.is_nan());
        assert!(Funnel::of(ChartType::Xmr, &COUNTS, &SIZES).is_none());
        assert!(Funnel::of(ChartType::Pp, &[], &[]).unwrap().teams.is_empty());
    }
}
