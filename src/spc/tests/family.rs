//! The family of charts by the laws that its members must obey.

use proptest::prelude::*;

use super::GAP;
use crate::spc::{Analysis, ChartType, Input, Options, PhaseFinding, RuleSet, Screening, Signals, analyse};

/// A series that every chart can be made of: whole numbers from 1 on, each in a denominator that is larger.
#[derive(Debug, Clone)]
struct Series {
    values: Vec<f64>,
    parts: Vec<f64>,
    spreads: Vec<f64>,
    ghost: Vec<bool>,
}

impl Series {
    fn of(rows: &[(i32, i32, i32)]) -> Self {
        Self {
            values: rows.iter().map(|row| f64::from(row.0)).collect(),
            parts: rows.iter().map(|row| f64::from(row.1)).collect(),
            spreads: rows.iter().map(|row| f64::from(row.2)).collect(),
            ghost: vec![false; rows.len()],
        }
    }

    fn on(&self, chart: ChartType) -> Analysis {
        self.with(&Options { chart, ..Options::default() })
    }

    fn with(&self, options: &Options<'_>) -> Analysis {
        let input = Input {
            values: &self.values,
            denominators: Some(&self.parts),
            spreads: Some(&self.spreads),
            ghost: Some(&self.ghost),
        };
        analyse(input, options)
    }

    fn map(&self, values: impl Fn(f64) -> f64, parts: impl Fn(f64) -> f64, spreads: impl Fn(f64) -> f64) -> Self {
        let all = |numbers: &[f64], change: &dyn Fn(f64) -> f64| numbers.iter().map(|number| change(*number)).collect();
        Self {
            values: all(&self.values, &values),
            parts: all(&self.parts, &parts),
            spreads: all(&self.spreads, &spreads),
            ghost: self.ghost.clone(),
        }
    }
}

fn rows(sizes: std::ops::Range<usize>) -> impl Strategy<Value = Vec<(i32, i32, i32)>> {
    prop::collection::vec((1..40, 40..400, 1..9), sizes)
}

fn near(a: f64, b: f64) -> bool {
    (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1e-3)
}

fn same_lines(a: &PhaseFinding, b: &PhaseFinding) -> bool {
    [(a.centre, b.centre), (a.lower, b.lower), (a.upper, b.upper)].into_iter().all(|(a, b)| near(a, b))
}

/// Charts whose lines do not ask in which order the points came.
const ORDERLESS: [ChartType; 7] =
    [ChartType::Run, ChartType::P, ChartType::U, ChartType::C, ChartType::G, ChartType::Xbar, ChartType::S];

proptest! {
    #[test]
    fn limits_contain_the_centre_line_and_what_can_be(rows in rows(2..50)) {
        let series = Series::of(&rows);
        for chart in ChartType::ALL.into_iter().filter(|chart| chart.has_limits()) {
            let analysis = series.on(chart);
            let phase = &analysis.phases[0];
            prop_assert!(phase.lower <= phase.near_lower || phase.near_lower.is_nan(), "{chart:?}");
            prop_assert!(phase.near_upper <= phase.upper, "{chart:?}");
            for point in &analysis.points {
                prop_assert!(point.lower <= point.centre && point.centre <= point.upper, "{chart:?} {point:?}");
                prop_assert!(matches!(chart, ChartType::Xmr | ChartType::Xbar) || point.lower >= 0.0, "{chart:?}");
                prop_assert!(!matches!(chart, ChartType::P | ChartType::Pp) || point.upper <= 1.0, "{chart:?}");
            }
        }
    }

    #[test]
    fn another_unit_scales_every_line_and_changes_no_signal(rows in rows(2..50), power in -30..30_i32) {
        let (series, unit) = (Series::of(&rows), 2_f64.powi(power));
        let measured = series.map(|value| value * unit, |size| size, |spread| spread * unit);
        let exposed = series.map(|count| count, |size| size / unit, |spread| spread);
        for (chart, other) in [
            (ChartType::Run, &measured),
            (ChartType::Xmr, &measured),
            (ChartType::Mr, &measured),
            (ChartType::T, &measured),
            (ChartType::Xbar, &measured),
            (ChartType::S, &measured),
            (ChartType::U, &exposed),
            (ChartType::Up, &exposed),
        ] {
            let (plain, scaled) = (series.on(chart), other.on(chart));
            for (plain, scaled) in plain.points.iter().zip(&scaled.points) {
                prop_assert!(near(plain.centre, scaled.centre / unit), "{chart:?}");
                prop_assert!(near(plain.lower, scaled.lower / unit), "{chart:?}");
                prop_assert!(near(plain.upper, scaled.upper / unit), "{chart:?}");
                // The roots of a t chart are rounded anew in another unit.
                prop_assert!(chart == ChartType::T || plain.signals == scaled.signals, "{chart:?}");
            }
        }
    }

    #[test]
    fn a_shift_of_all_values_moves_means_and_leaves_ranges_and_spreads(rows in rows(2..50), by in -1000..1000_i32) {
        let series = Series::of(&rows);
        let by = f64::from(by);
        let moved = series.map(|value| value + by, |size| size, |spread| spread);
        for (chart, by) in
            [(ChartType::Run, by), (ChartType::Xmr, by), (ChartType::Xbar, by), (ChartType::Mr, 0.0), (ChartType::S, 0.0)]
        {
            for (plain, moved) in series.on(chart).points.iter().zip(&moved.on(chart).points) {
                prop_assert!((plain.centre + by - moved.centre).abs() < 1e-9, "{chart:?}");
                prop_assert!(plain.upper.is_nan() || (plain.upper + by - moved.upper).abs() < 1e-9, "{chart:?}");
            }
        }
    }

    #[test]
    fn rates_of_one_exposure_are_counts_and_shares_of_one_size_have_binomial_limits(
        rows in rows(2..50),
        size in 40..400_i32,
    ) {
        let size = f64::from(size);
        let series = Series::of(&rows).map(|count| count, |_| size, |spread| spread);
        let (counts, rates, shares) = (series.on(ChartType::C), series.on(ChartType::U), series.on(ChartType::P));
        for ((count, rate), share) in counts.points.iter().zip(&rates.points).zip(&shares.points) {
            prop_assert!(near(count.centre, rate.centre * size));
            prop_assert!(near(count.lower, rate.lower * size) && near(count.upper, rate.upper * size));
            prop_assert!(near(count.centre, share.centre * size));
            let reach = 3.0 * (count.centre * (1.0 - count.centre / size)).sqrt();
            prop_assert!(near(share.upper * size, (count.centre + reach).min(size)));
            prop_assert!(near(share.lower * size, (count.centre - reach).max(0.0)));
        }
    }

    #[test]
    fn what_is_done_and_what_is_left_undone_mirror_each_other(rows in rows(2..50)) {
        let series = Series::of(&rows);
        let mut undone = series.clone();
        undone.values = rows.iter().map(|row| f64::from(row.1 - row.0)).collect();
        for chart in [ChartType::P, ChartType::Pp] {
            for (done, undone) in series.on(chart).points.iter().zip(&undone.on(chart).points) {
                prop_assert!(near(done.centre, 1.0 - undone.centre));
                prop_assert!(near(done.upper, 1.0 - undone.lower) && near(done.lower, 1.0 - undone.upper));
            }
        }
    }

    #[test]
    fn laney_stretches_all_limits_alike(rows in rows(3..50)) {
        let series = Series::of(&rows).map(|value| value + 200.0, |size| size + 800.0, |spread| spread);
        for (plain, laney) in [(ChartType::P, ChartType::Pp), (ChartType::U, ChartType::Up)] {
            let (plain, laney) = (series.on(plain), series.on(laney));
            let stretch = laney.phases[0].sigma / plain.phases[0].sigma;
            for (plain, laney) in plain.points.iter().zip(&laney.points).filter(|(_, laney)| laney.upper < 1.0) {
                prop_assert!(near(laney.upper - laney.centre, stretch * (plain.upper - plain.centre)));
            }
        }
    }

    #[test]
    fn where_order_does_not_matter_it_does_not_matter(rows in rows(1..50), seed: u64) {
        let mut other = rows.clone();
        for at in 0..other.len() {
            let place = (seed.wrapping_mul(at as u64 + 7) >> 32) as usize % other.len();
            other.swap(at, place);
        }
        // The last point says which limits stand for a phase: keep it.
        let last = (1, 40, 1);
        let (rows, other) = ([rows, vec![last]].concat(), [other, vec![last]].concat());
        for chart in ORDERLESS {
            let (one, two) = (Series::of(&rows).on(chart), Series::of(&other).on(chart));
            prop_assert!(same_lines(&one.phases[0], &two.phases[0]), "{chart:?}");
        }
    }

    #[test]
    fn a_ghost_makes_no_line(rows in rows(2..40), ghost in prop::collection::vec(any::<bool>(), 40)) {
        let mut series = Series::of(&rows);
        series.ghost = ghost[..rows.len()].to_vec();
        let last = rows.len() - 1;
        series.ghost[last] = false;
        let kept: Vec<_> = rows.iter().zip(&series.ghost).filter(|(_, ghost)| !**ghost).map(|(row, _)| *row).collect();
        for chart in ChartType::ALL {
            // Whether all subgroups are of one size is asked of ghosts too.
            let series = if chart.needs_subgroups() { series.map(|v| v, |_| 5.0, |s| s) } else { series.clone() };
            let alone = Series::of(&kept);
            let alone = if chart.needs_subgroups() { alone.map(|v| v, |_| 5.0, |s| s) } else { alone };
            let (whole, alone) = (series.on(chart), alone.on(chart));
            prop_assert!(same_lines(&whole.phases[0], &alone.phases[0]), "{chart:?}");
            prop_assert_eq!(whole.phases[0].runs, alone.phases[0].runs, "{:?}", chart);
        }
    }

    #[test]
    fn each_phase_is_a_chart_of_its_own_and_a_freeze_is_that_of_its_first_points(
        rows in rows(4..50),
        at in 1..50_usize,
    ) {
        let (series, at) = (Series::of(&rows), at % (rows.len() - 1) + 1);
        for chart in ChartType::ALL {
            for rules in RuleSet::ALL {
                let options = Options { chart, rules, ..Options::default() };
                let parted = series.with(&Options { rebase: &[at], ..options });
                let alone = Series::of(&rows[at..]).with(&options);
                prop_assert!(same_lines(&parted.phases[1], &alone.phases[0]), "{chart:?}");
                let signals = |analysis: &Analysis| analysis.points.iter().map(|p| p.signals).collect::<Vec<_>>();
                prop_assert_eq!(&signals(&parted)[at..], &signals(&alone)[..], "{:?}", chart);
            }
            let frozen = series.with(&Options { chart, freeze: Some(at), ..Options::default() });
            let first = Series::of(&rows[..at]).on(chart);
            if !chart.needs_subgroups() {
                prop_assert!(near(frozen.phases[0].centre, first.phases[0].centre), "{chart:?}");
            }
        }
    }

    #[test]
    fn equal_points_lie_on_their_line_and_no_rule_marks_them(
        value in 1e-6..1e6_f64,
        size in 2..400_i32,
        count in 1..60_usize,
    ) {
        let values = vec![value; count];
        let series = Series { parts: vec![f64::from(size); count], spreads: values.clone(), ghost: vec![], values };
        for chart in ChartType::ALL {
            for rules in [RuleSet::Mdc, RuleSet::Nelson, RuleSet::WesternElectric, RuleSet::Ihi] {
                let analysis = series.with(&Options { chart, rules, ..Options::default() });
                // Where chance alone gives the limits a width, equal points hug the line: so says Nelson's test 7.
                let may = if rules == RuleSet::Nelson { Signals::HUGGING } else { Signals::NONE };
                let is_quiet = |signals| signals == Signals::NONE || signals == may;
                prop_assert!(analysis.points.iter().all(|point| is_quiet(point.signals)), "{chart:?}");
                // The line of a g chart is a median, and that of a moving range is nought.
                prop_assert_eq!(analysis.phases[0].useful, 0, "{:?}", chart);
            }
        }
    }

    #[test]
    fn missing_points_make_no_line(count in 1..30_usize) {
        let gaps = vec![GAP; count];
        let series = Series { values: gaps.clone(), parts: gaps.clone(), spreads: gaps, ghost: vec![] };
        for chart in ChartType::ALL {
            let analysis = series.on(chart);
            prop_assert!(analysis.phases[0].centre.is_nan() && analysis.phases[0].upper.is_nan(), "{chart:?}");
            prop_assert_eq!((analysis.phases[0].n, analysis.phases[0].useful), (0, 0));
            prop_assert!(analysis.points.iter().all(|point| point.side.is_none() && point.signals.is_empty()));
        }
    }

    #[test]
    fn huge_and_tiny_numbers_have_a_centre_line_among_them(
        rows in prop::collection::vec((1.0..9.0_f64, -300..300_i32), 1..40),
    ) {
        let values: Vec<f64> = rows.iter().map(|(digits, power)| digits * 10_f64.powi(*power)).collect();
        let series = Series { parts: values.clone(), spreads: values.clone(), ghost: vec![], values: values.clone() };
        let (least, most) =
            values.iter().fold((f64::MAX, 0.0_f64), |(least, most), value| (least.min(*value), most.max(*value)));
        for chart in [ChartType::Run, ChartType::Xmr, ChartType::C, ChartType::G, ChartType::T] {
            let centre = series.on(chart).phases[0].centre;
            prop_assert!(least * 0.999_999 <= centre && centre <= most * 1.000_001, "{chart:?} {centre}");
        }
        prop_assert_eq!(series.on(ChartType::P).phases[0].centre, 1.0);
    }
}

#[test]
fn a_g_chart_is_read_by_its_median_and_limited_by_its_mean() {
    let values = [1.0, 2.0, 3.0, 4.0, 40.0];
    let analysis = analyse(Input::of(&values), &Options { chart: ChartType::G, ..Options::default() });
    assert_eq!(analysis.phases[0].centre, 3.0);
    assert!(near(analysis.phases[0].upper, 10.0 + 3.0 * 110_f64.sqrt()));
    let given = Options { chart: ChartType::G, centre: Some(10.0), ..Options::default() };
    assert!(near(analyse(Input::of(&values), &given).phases[0].centre, 6.93));
}

#[test]
fn a_t_chart_takes_a_time_of_nought_and_none_below_it() {
    let values = [0.0, 3.0, -1.0, 9.0, 4.0];
    let analysis = analyse(Input::of(&values), &Options { chart: ChartType::T, ..Options::default() });
    assert_eq!((analysis.phases[0].n, analysis.phases[0].baseline), (4, 4));
    assert!(analysis.points[2].side.is_none() && analysis.phases[0].lower == 0.0);
}

#[test]
fn shares_of_all_or_of_none_have_limits_on_their_line_and_laney_has_none() {
    for count in [0.0, 20.0] {
        let series = Series { values: vec![count; 8], parts: vec![20.0; 8], spreads: vec![], ghost: vec![] };
        let (plain, laney) = (series.on(ChartType::P), series.on(ChartType::Pp));
        assert_eq!((plain.phases[0].lower, plain.phases[0].upper), (count / 20.0, count / 20.0));
        assert!(laney.phases[0].upper.is_nan() && laney.phases[0].centre == count / 20.0);
    }
}

#[test]
fn equal_shares_that_are_neither_all_nor_none_have_laney_limits_on_their_line() {
    let series = Series { values: vec![7.0; 8], parts: vec![20.0; 8], spreads: vec![], ghost: vec![] };
    let phase = series.on(ChartType::Pp).phases[0];
    assert_eq!((phase.lower, phase.upper, phase.screened), (0.35, 0.35, Screening::Fallback));
}

#[test]
fn only_a_limit_marks_a_moving_range() {
    let mut values: Vec<f64> = (0..30).map(|at| f64::from(at * at)).collect();
    values.push(9000.0);
    for rules in RuleSet::ALL {
        let analysis = analyse(Input::of(&values), &Options { chart: ChartType::Mr, rules, ..Options::default() });
        let marked: Vec<usize> = (0..31).filter(|at| !analysis.points[*at].signals.is_empty()).collect();
        assert_eq!(marked, [30], "{rules:?}");
        assert_eq!(analysis.points[30].signals, Signals::OUTSIDE);
        let phase = &analysis.phases[0];
        assert!(!phase.runs.signal && phase.runs.longest.is_some() && phase.ihi.too_few.is_none());
    }
}

#[test]
fn a_point_without_its_denominator_is_a_gap_without_limits() {
    let series = Series {
        values: vec![3.0, 4.0, GAP, 5.0, 3.0],
        parts: vec![10.0, 0.0, 10.0, GAP, 12.0],
        spreads: vec![],
        ghost: vec![],
    };
    let analysis = series.on(ChartType::P);
    let there: Vec<bool> = analysis.points.iter().map(|point| point.upper.is_finite()).collect();
    assert_eq!(there, [true, false, false, false, true]);
    assert_eq!((analysis.phases[0].centre, analysis.phases[0].n), (6.0 / 22.0, 2));
}

#[test]
fn the_last_point_that_is_there_gives_the_limits_that_judge_a_target() {
    let series = Series { values: vec![3.0, 4.0, GAP], parts: vec![10.0, 40.0, 10.0], spreads: vec![], ghost: vec![] };
    let analysis = series.on(ChartType::U);
    assert_eq!(
        (analysis.phases[0].lower, analysis.phases[0].upper),
        (analysis.points[1].lower, analysis.points[1].upper)
    );
}
