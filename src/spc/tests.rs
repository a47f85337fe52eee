//! The rules from outside: each by a small series, and all of them by their definition.

use proptest::prelude::*;

use super::number::sign;
use super::{
    Analysis, Assurance, Better, ChartType, Input, Options, PointFinding, RuleSet, Screening, Side, Signals, Variation,
    Verdict, analyse,
};

mod family;
mod zones;

const GAP: f64 = f64::NAN;

fn chart(values: &[f64], options: &Options<'_>) -> Analysis {
    analyse(Input::of(values), options)
}

fn run_chart(rules: RuleSet) -> Options<'static> {
    Options { chart: ChartType::Run, rules, better: Better::Up, centre: Some(0.0), ..Options::default() }
}

/// One character for each point: its first signal, capital where high or rising; `.` where unmarked.
fn marks(analysis: &Analysis) -> String {
    let mark = |point: &PointFinding| {
        let letters =
            [(Signals::OUTSIDE, 'o'), (Signals::TREND, 't'), (Signals::TWO_OF_THREE, 'w'), (Signals::SHIFT, 's')];
        let first = letters.iter().find(|(signal, _)| point.signals.contains(*signal));
        first.map_or('.', |(_, letter)| if point.rising == Some(true) { letter.to_ascii_uppercase() } else { *letter })
    };
    analysis.points.iter().map(mark).collect()
}

/// A zigzag on one side of zero, which has no trend.
fn side(side: f64, count: usize) -> Vec<f64> {
    (0..count).map(|at| side * if at % 2 == 0 { 1.0 } else { 2.0 }).collect()
}

#[test]
fn seven_on_one_side_are_a_shift_and_six_are_not() {
    let options = run_chart(RuleSet::Mdc);
    assert_eq!(marks(&chart(&[side(1.0, 7), side(-1.0, 6)].concat(), &options)), "SSSSSSS......");
    assert_eq!(marks(&chart(&[side(1.0, 6), side(-1.0, 8)].concat(), &options)), "......ssssssss");
}

#[test]
fn under_making_data_count_a_point_on_the_line_breaks_a_shift() {
    let values = [side(1.0, 4), vec![0.0], side(1.0, 4)].concat();
    assert_eq!(marks(&chart(&values, &run_chart(RuleSet::Mdc))), ".........");
}

#[test]
fn under_ihi_a_point_on_the_line_neither_breaks_nor_joins_a_shift() {
    let values = [side(1.0, 3), vec![0.0], side(1.0, 3), side(-1.0, 5)].concat();
    assert_eq!(marks(&chart(&values, &run_chart(RuleSet::Ihi))), "SSS.SSS.....");
}

#[test]
fn a_gap_neither_breaks_nor_joins_a_shift_or_a_trend() {
    let options = run_chart(RuleSet::Mdc);
    let shift = [side(1.0, 4), vec![GAP, GAP], side(1.0, 3)].concat();
    assert_eq!(marks(&chart(&shift, &options)), "SSSS..SSS");
    let trend = [-3.0, -2.0, -1.0, GAP, 1.0, 2.0, 3.0, 4.0];
    assert_eq!(marks(&chart(&trend, &options)), "TTT.TTTT");
}

#[test]
fn a_ghost_is_in_no_shift_and_no_trend() {
    let values = [-3.0, -2.0, -1.0, 99.0, 1.0, 2.0, 3.0, 4.0];
    let ghost = [false, false, false, true, false, false, false, false];
    let input = Input { ghost: Some(&ghost), ..Input::of(&values) };
    let analysis = analyse(input, &run_chart(RuleSet::Mdc));
    assert_eq!(marks(&analysis), "TTT.TTTT");
    assert_eq!((analysis.phases[0].n, analysis.phases[0].useful), (7, 7));
    assert_eq!(analysis.points[3].side, Some(Side::Above));
}

#[test]
fn a_ghost_at_the_end_does_not_speak_for_the_process() {
    let mut values = side(1.0, 40);
    values.push(500.0);
    let ghost: Vec<bool> = (0..41).map(|at| at == 40).collect();
    let options = Options { better: Better::Up, ..Options::default() };
    let analysis = analyse(Input { ghost: Some(&ghost), ..Input::of(&values) }, &options);
    assert!(analysis.points[40].signals.contains(Signals::OUTSIDE));
    assert_eq!(analysis.variation, Variation::CommonCause);
}

#[test]
fn a_tie_breaks_a_trend_of_making_data_count_and_not_one_of_ihi() {
    let values = [-3.0, -2.0, -1.0, 1.0, 1.0, 2.0, 3.0, 4.0];
    assert_eq!(marks(&chart(&values, &run_chart(RuleSet::Mdc))), "........");
    assert_eq!(marks(&chart(&values, &run_chart(RuleSet::Ihi))), "TTTT.TTT");
}

#[test]
fn a_trend_may_begin_at_the_second_of_two_equal_points() {
    let values = [-4.0, -4.0, -3.0, -2.0, -1.0, 1.0, 2.0, 3.0];
    assert_eq!(marks(&chart(&values, &run_chart(RuleSet::Mdc))), ".TTTTTTT");
}

#[test]
fn a_shared_peak_belongs_to_the_trend_that_follows() {
    let values = [-3.0, -2.0, -1.0, 1.0, 2.0, 3.0, 4.0, 3.0, 2.0, 1.0, -1.0, -2.0, -3.0];
    assert_eq!(marks(&chart(&values, &run_chart(RuleSet::Mdc))), "TTTTTTttttttt");
}

#[test]
fn a_point_keeps_one_name_under_making_data_count_and_all_of_them_under_ihi() {
    let values = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0];
    let both = Signals::TREND.with(Signals::SHIFT);
    assert!(chart(&values, &run_chart(RuleSet::Mdc)).points.iter().all(|point| point.signals == Signals::TREND));
    assert!(chart(&values, &run_chart(RuleSet::Ihi)).points.iter().all(|point| point.signals == both));
}

#[test]
fn a_rising_trend_below_the_line_is_an_improvement_when_up_is_better() {
    let values = [-9.0, -8.0, -7.0, -6.0, -5.0, -4.0, -3.0];
    let analysis = chart(&values, &run_chart(RuleSet::Mdc));
    assert!(analysis.points.iter().all(|point| point.verdict == Verdict::Improvement));
    assert_eq!(analysis.variation, Variation::ImprovementHigh);
}

/// The marks of more points after twenty that put the limits at -3 and 3.
fn limits_at_three(more: &[f64], rules: RuleSet) -> String {
    let start = [0.5, -0.5].repeat(10);
    let values: Vec<f64> = start.iter().map(|value| value * 3.0 / 2.66).chain(more.iter().copied()).collect();
    let options = Options { rules, freeze: Some(20), centre: Some(0.0), ..Options::default() };
    marks(&chart(&values, &options))[20..].to_owned()
}

#[test]
fn a_point_on_a_limit_is_inside_it() {
    let values = [1.0, 1.0, 1.0, 1.0];
    let analysis = chart(&values, &Options::default());
    assert_eq!((analysis.phases[0].lower, analysis.phases[0].upper), (1.0, 1.0));
    assert_eq!(marks(&analysis), "....");
}

#[test]
fn two_of_three_near_a_limit_are_marked_and_the_third_is_not() {
    assert_eq!(limits_at_three(&[2.5, 1.0, 2.5, -0.5], RuleSet::Mdc), "W.W.");
    assert_eq!(limits_at_three(&[-2.5, -2.5, -0.5], RuleSet::Mdc), "ww.");
    assert_eq!(limits_at_three(&[2.5, 1.0, 0.5, 2.5], RuleSet::Mdc), "....");
}

#[test]
fn under_making_data_count_a_point_outside_is_the_third_of_three_and_not_one_of_the_two() {
    assert_eq!(limits_at_three(&[3.5, 2.5, 0.5], RuleSet::Mdc), "O..");
    assert_eq!(limits_at_three(&[3.5, 2.5, 2.5], RuleSet::Mdc), "OWW");
    assert_eq!(limits_at_three(&[3.5, 2.5, 0.5], RuleSet::Nelson), "OW.");
}

#[test]
fn under_making_data_count_all_three_stand_on_one_side() {
    assert_eq!(limits_at_three(&[-0.5, 2.5, -0.5, 2.5, -0.5], RuleSet::Mdc), ".....");
    assert_eq!(limits_at_three(&[-0.5, 2.5, -0.5, 2.5, -0.5], RuleSet::Nelson), ".W.W.");
    assert_eq!(limits_at_three(&[0.0, 2.5, 2.5, 0.0], RuleSet::Mdc), "....");
}

#[test]
fn anhoej_marks_every_run_that_is_longer_than_chance_explains() {
    let values = [side(1.0, 9), vec![0.0], side(1.0, 1), side(-1.0, 3), side(1.0, 2), side(-1.0, 9)].concat();
    let analysis = chart(&values, &run_chart(RuleSet::Anhoej));
    assert_eq!(analysis.phases[0].runs.longest_max, Some(8));
    assert_eq!(marks(&analysis), "SSSSSSSSS.S.....sssssssss");
    assert_eq!(analysis.variation, Variation::ConcernLow);
}

#[test]
fn few_crossings_mark_no_point_and_are_neutral() {
    let values = [side(1.0, 6), side(-1.0, 6), side(1.0, 6), side(-1.0, 6)].concat();
    let analysis = chart(&values, &run_chart(RuleSet::Anhoej));
    let runs = analysis.phases[0].runs;
    assert!(runs.few_crossings && !runs.long_run && runs.signal);
    assert!(marks(&analysis).chars().all(|mark| mark == '.'));
    assert_eq!(analysis.variation, Variation::NeutralLow);
}

#[test]
fn after_a_long_run_that_is_over_the_last_point_is_common_cause() {
    let values = [side(1.0, 9), vec![-1.0, 1.0, -1.0]].concat();
    let analysis = chart(&values, &run_chart(RuleSet::Anhoej));
    assert_eq!(marks(&analysis), "SSSSSSSSS...");
    assert_eq!(analysis.variation, Variation::CommonCause);
}

#[test]
fn too_many_runs_are_a_neutral_signal_of_ihi() {
    let values = [1.0, -1.0].repeat(10);
    let analysis = chart(&values, &run_chart(RuleSet::Ihi));
    assert_eq!(analysis.phases[0].ihi.too_many, Some(true));
    assert_eq!(analysis.variation, Variation::NeutralLow);
}

#[test]
fn nelson_asks_for_nine_on_one_side_and_six_in_a_trend() {
    let options = run_chart(RuleSet::Nelson);
    assert_eq!(marks(&chart(&[side(1.0, 9), side(-1.0, 8)].concat(), &options)), "SSSSSSSSS........");
    assert_eq!(marks(&chart(&[-3.0, -2.0, -1.0, 1.0, 2.0, 3.0], &options)), "TTTTTT");
    assert_eq!(marks(&chart(&[-2.0, -1.0, 1.0, 2.0, 3.0], &options)), ".....");
}

#[test]
fn nothing_is_carried_over_a_boundary() {
    let values = side(1.0, 12);
    let options = Options { rebase: &[6], ..run_chart(RuleSet::Mdc) };
    assert_eq!(marks(&chart(&values, &options)), "............");
}

#[test]
fn a_run_chart_has_no_limits_and_no_assurance() {
    let options = Options { target: Some(5.0), ..run_chart(RuleSet::Anhoej) };
    let analysis = chart(&[1.0, -1.0, 2.0], &options);
    assert!(analysis.phases[0].lower.is_nan() && analysis.phases[0].sigma.is_nan());
    assert_eq!(analysis.assurance, None);
}

#[test]
fn a_target_is_judged_by_the_limits_of_the_last_phase() {
    let values = [1.0, 2.0, 1.0, 2.0, 101.0, 102.0, 101.0, 102.0];
    let judge = |better, target| {
        let options = Options { better, target: Some(target), rebase: &[4], ..Options::default() };
        chart(&values, &options).assurance
    };
    assert_eq!(judge(Better::Up, 50.0), Some(Assurance::Pass));
    assert_eq!(judge(Better::Down, 50.0), Some(Assurance::Fail));
    assert_eq!(judge(Better::Up, 200.0), Some(Assurance::Fail));
    assert_eq!(judge(Better::Up, 101.5), Some(Assurance::Inconsistent));
    assert_eq!(judge(Better::Neither, 50.0), None);
    assert_eq!(judge(Better::Up, f64::NAN), None);
}

#[test]
fn a_last_row_without_a_value_is_common_cause() {
    let options = Options { better: Better::Up, ..Options::default() };
    let values = [1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 50.0];
    assert_eq!(chart(&values, &options).variation, Variation::ImprovementHigh);
    assert_eq!(chart(&[&values[..], &[GAP]].concat(), &options).variation, Variation::CommonCause);
}

#[test]
fn an_empty_series_and_one_of_gaps_say_nothing() {
    let options = Options { target: Some(1.0), better: Better::Up, ..Options::default() };
    let empty = chart(&[], &options);
    assert!(empty.points.is_empty() && empty.phases.is_empty());
    assert_eq!((empty.variation, empty.assurance), (Variation::CommonCause, None));
    let gaps = chart(&[GAP; 3], &options);
    assert!(gaps.phases[0].centre.is_nan() && gaps.points.iter().all(|point| point.side.is_none()));
    assert_eq!(gaps.phases[0].screened, Screening::None);
    assert_eq!(gaps.assurance, Some(Assurance::Inconsistent));
}

#[test]
fn a_chart_of_parts_without_its_parts_has_no_lines() {
    for kind in ChartType::ALL.into_iter().filter(|kind| kind.has_stepped_limits()) {
        let analysis = chart(&[1.0, 2.0, 1.0], &Options { chart: kind, target: Some(9.0), ..Options::default() });
        assert_eq!(analysis.chart, kind);
        assert!(analysis.points.iter().all(|point| point.centre.is_nan() && point.signals.is_empty()), "{kind:?}");
    }
}

/// Numbers that a rule may stumble over: few levels (ties), gaps, infinities, the largest and the smallest.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        8 => (-3..=3_i32).prop_map(f64::from),
        1 => Just(GAP),
        1 => prop_oneof![
            Just(f64::INFINITY), Just(f64::NEG_INFINITY), Just(f64::MAX), Just(f64::MIN), Just(-0.0),
            Just(f64::MIN_POSITIVE), Just(5e-324), any::<f64>()
        ],
    ]
}

proptest! {
    #[test]
    fn no_input_stops_the_analysis(
        values in prop::collection::vec(number(), 0..60),
        parts in prop::collection::vec(number(), 0..70),
        ghost in prop::collection::vec(any::<bool>(), 0..70),
        rebase in prop::collection::vec(0..80_usize, 0..5),
        freeze in prop::option::of(0..70_usize),
        centre in prop::option::of(number()),
        target in prop::option::of(number()),
        screening: bool,
    ) {
        for chart in ChartType::ALL {
            for rules in RuleSet::ALL {
                for better in Better::ALL {
                    let options =
                        Options { chart, rules, better, target, rebase: &rebase, freeze, centre, screening };
                    let ghost = Some(&ghost[..]);
                    let input = Input { values: &values, denominators: Some(&parts), spreads: Some(&parts), ghost };
                    let analysis = analyse(input, &options);
                    prop_assert_eq!(analysis.points.len(), values.len());
                    let is_sound = |point: &PointFinding| {
                        point.signals.is_empty() == (point.verdict == Verdict::Common)
                            && point.signals.is_empty() == point.rising.is_none()
                    };
                    prop_assert!(analysis.points.iter().all(is_sound));
                    prop_assert!(analysis.phases.windows(2).all(|pair| pair[0].to + 1 == pair[1].from));
                }
            }
        }
    }

    #[test]
    fn shifts_and_trends_are_the_windows_of_their_definition(
        steps in prop::collection::vec((0..5_i32, 1..4_usize), 0..30),
    ) {
        // Blocks of equal direction, so that long rows are not rare.
        let mut value = 0;
        let mut values = Vec::new();
        for (step, times) in steps {
            for _ in 0..times * 2 {
                value += step - 2;
                values.push(f64::from(value));
            }
        }
        let analysis = chart(&values, &run_chart(RuleSet::Nelson));
        let in_window = |at: usize, need: usize, is_row: &dyn Fn(&[f64], i8) -> bool| {
            let windows = values.windows(need).enumerate().filter(|(from, _)| (*from..from + need).contains(&at));
            windows.into_iter().any(|(_, window)| is_row(window, 1) || is_row(window, -1))
        };
        for (at, point) in analysis.points.iter().enumerate() {
            let shift = in_window(at, 9, &|window, side| window.iter().all(|value| sign(*value, 0.0) == side));
            let trend = in_window(at, 6, &|window, step| window.windows(2).all(|pair| sign(pair[1], pair[0]) == step));
            prop_assert_eq!(point.signals.contains(Signals::SHIFT), shift, "shift at {}", at);
            prop_assert_eq!(point.signals.contains(Signals::TREND), trend, "trend at {}", at);
        }
    }

    #[test]
    fn gaps_and_ghosts_change_nothing_for_the_others(
        rows in prop::collection::vec(((-4..=4_i32).prop_map(f64::from), 0..4_u8), 1..80),
    ) {
        let kept: Vec<f64> = rows.iter().filter(|(_, kind)| *kind < 2).map(|(value, _)| *value).collect();
        let values: Vec<f64> = rows.iter().map(|(value, kind)| if *kind == 2 { GAP } else { *value }).collect();
        let ghost: Vec<bool> = rows.iter().map(|(_, kind)| *kind == 3).collect();
        for rules in RuleSet::ALL {
            let options = Options { centre: None, ..run_chart(rules) };
            let whole = analyse(Input { ghost: Some(&ghost), ..Input::of(&values) }, &options);
            let speaking = whole.points.iter().zip(&rows).filter(|(_, (_, kind))| *kind < 2);
            let marked: Vec<_> = speaking.map(|(point, _)| (point.side, point.signals, point.rising)).collect();
            let alone = chart(&kept, &options);
            let expected: Vec<_> = alone.points.iter().map(|point| (point.side, point.signals, point.rising)).collect();
            prop_assert_eq!(marked, expected);
            if let Some(phase) = alone.phases.first() {
                prop_assert_eq!(whole.phases[0].runs, phase.runs);
                prop_assert_eq!(whole.phases[0].ihi, phase.ihi);
            }
        }
    }
}

#[test]
fn a_point_on_the_line_between_two_blocks_is_no_part_of_the_shift_around_it() {
    // Up and down, then five below, one on the line where 64 points end, and one more below.
    let mut values: Vec<f64> = (0..58).map(|at| if at % 2 == 0 { 12.0 } else { 8.0 }).collect();
    values.extend([9.0; 5]);
    values.push(10.0);
    values.push(9.0);
    values.extend((65..130).map(|at| if at % 2 == 0 { 8.0 } else { 12.0 }));
    let options = Options { chart: ChartType::Run, rules: RuleSet::Ihi, centre: Some(10.0), ..Options::default() };
    let found = analyse(Input::of(&values), &options);
    let marked = |at: &usize| found.points[*at].signals.contains(Signals::SHIFT);
    assert_eq!((0..values.len()).filter(marked).collect::<Vec<_>>(), [57, 58, 59, 60, 61, 62, 64]);
}
