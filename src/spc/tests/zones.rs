//! The tests along the lines at one sigma, and the alternating points, by small cases.

use super::super::{Analysis, ChartType, Input, Options, RuleSet, Signals, Verdict, analyse};

/// A chart of counts whose centre line is 9: sigma is 3, whatever the points, which are given in sigmas from it.
fn found(sigmas: &[f64], ghosts: &[bool], rules: RuleSet, rebase: &[usize]) -> Analysis {
    let values: Vec<f64> = sigmas.iter().map(|sigmas| 9.0 + 3.0 * sigmas).collect();
    let options = Options { chart: ChartType::C, rules, rebase, centre: Some(9.0), ..Options::default() };
    analyse(Input { ghost: Some(ghosts), ..Input::of(&values) }, &options)
}

/// `x` for each point that the rule marks.
fn marked(analysis: &Analysis, rule: Signals) -> String {
    analysis.points.iter().map(|point| if point.signals.contains(rule) { 'x' } else { '.' }).collect()
}

fn by(sigmas: &[f64], rule: Signals) -> String {
    marked(&found(sigmas, &[], RuleSet::Nelson, &[]), rule)
}

#[test]
fn four_of_five_beyond_one_sigma_are_marked_and_the_fifth_is_not() {
    for (sigmas, expected) in [
        ([1.5, 1.5, 0.0, 1.5, 1.5], "xx.xx"),
        ([-1.5, -1.5, -1.5, -1.5, 2.5], "xxxx."),
        ([1.5, 1.5, 1.5, 1.5, 1.5], "xxxxx"),
        ([1.5, 1.0, 1.5, 1.0, 1.5], "....."),
        ([1.5, 1.5, -1.5, -1.5, 1.5], "....."),
    ] {
        for rules in [RuleSet::Nelson, RuleSet::WesternElectric] {
            assert_eq!(marked(&found(&sigmas, &[], rules, &[]), Signals::FOUR_OF_FIVE), expected, "{sigmas:?}");
        }
    }
    assert_eq!(by(&[1.5; 4], Signals::FOUR_OF_FIVE), "....", "four are no five");
}

#[test]
fn eight_beyond_one_sigma_are_marked_where_they_lie_on_both_sides() {
    let both = [1.5, -1.5, 1.5, 1.5, -1.5, -1.5, 1.5, -1.5];
    assert_eq!(by(&both, Signals::BEYOND_ONE_SIGMA), "xxxxxxxx");
    assert_eq!(by(&both[..7], Signals::BEYOND_ONE_SIGMA), ".......");
    assert_eq!(by(&[1.5; 9], Signals::BEYOND_ONE_SIGMA), ".........", "on one side they are a shift");
    let broken = [&both[..4], &[1.0], &both[4..]].concat();
    assert_eq!(by(&broken, Signals::BEYOND_ONE_SIGMA), ".........", "a point on the line lies within");
}

#[test]
fn fifteen_within_one_sigma_hug_the_line() {
    let mut sigmas = [0.5, -1.0, 1.0].repeat(5);
    assert_eq!(by(&sigmas, Signals::HUGGING), "xxxxxxxxxxxxxxx");
    sigmas[7] = 1.1;
    assert_eq!(by(&sigmas, Signals::HUGGING), "...............");
}

#[test]
fn fourteen_that_go_up_and_down_in_turn_alternate() {
    let sigmas = [0.0, 0.5, -0.5, 2.0].repeat(4);
    let zigzag: Vec<f64> = sigmas.iter().enumerate().map(|(at, s)| s / 4.0 + (at % 2) as f64).collect();
    assert_eq!(by(&zigzag[..14], Signals::ALTERNATING), "x".repeat(14));
    assert_eq!(by(&zigzag[..13], Signals::ALTERNATING), ".".repeat(13));
    let mut tied = zigzag[..14].to_vec();
    tied[6] = tied[5];
    assert_eq!(by(&tied, Signals::ALTERNATING), ".".repeat(14));
}

#[test]
fn a_gap_and_a_ghost_are_passed_over_and_a_phase_begins_anew() {
    let gap = f64::NAN;
    let sigmas = [1.5, 1.5, gap, 1.5, -2.5, 0.0, 1.5];
    let ghosts = [false, false, false, false, true, false, false];
    let analysis = found(&sigmas, &ghosts, RuleSet::WesternElectric, &[]);
    assert_eq!(marked(&analysis, Signals::FOUR_OF_FIVE), "xx.x..x");
    let parted = found(&[1.5; 8], &[], RuleSet::WesternElectric, &[4]);
    assert_eq!(marked(&parted, Signals::FOUR_OF_FIVE), "........");
}

#[test]
fn western_electric_asks_for_eight_on_one_side_and_for_no_more_than_four_tests() {
    let mut sigmas = vec![0.5; 8];
    let eight = found(&sigmas, &[], RuleSet::WesternElectric, &[]);
    assert_eq!(marked(&eight, Signals::SHIFT), "xxxxxxxx");
    sigmas.extend([0.4, -0.4].repeat(12));
    let more = found(&sigmas, &[], RuleSet::WesternElectric, &[]);
    for rule in [Signals::TREND, Signals::BEYOND_ONE_SIGMA, Signals::ALTERNATING, Signals::HUGGING] {
        assert!(!marked(&more, rule).contains('x'), "{rule:?}");
    }
}

#[test]
fn a_test_without_a_way_is_neither_better_nor_worse() {
    let values = [9.0, 10.0, 8.0].repeat(5);
    let options = Options {
        better: super::Better::Up,
        rules: RuleSet::Nelson,
        chart: ChartType::C,
        centre: Some(9.0),
        ..Options::default()
    };
    let analysis = analyse(Input::of(&values), &options);
    assert!(analysis.points.iter().all(|point| point.verdict == Verdict::Neutral));
}
