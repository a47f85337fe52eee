//! The statistics against the slow implementation in `reference`, on series that nobody recorded: of every kind of
//! chart and set of rules, with gaps, ghosts, ties, phases, a freeze and given lines, shorter and longer than the
//! 64 points that are taken in together.

use std::cmp::Ordering;

use huddleboard::spc::{ChartType, Input, Options, PhaseFinding, PointFinding, RuleSet, Side, analyse, near_lines};
use proptest::prelude::*;

use super::reference::{Asked, Counted, Lines, Mark};

/// Numbers that look random, from a seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn one_in(&mut self, most: u64) -> bool {
        self.below(most) == 0
    }

    /// 0 to 1.
    fn share(&mut self) -> f64 {
        self.below(1 << 20) as f64 / (1 << 20) as f64
    }
}

fn series(chance: &mut Chance, len: usize) -> Vec<f64> {
    let kind = chance.below(7);
    let mut level = 20.0;
    (0..len)
        .map(|at| {
            if chance.one_in(40) {
                level += chance.share() * 10.0 - 5.0;
            }
            match kind {
                0 => (chance.share() + chance.share() + chance.share()) * 10.0,
                1 => chance.below(9) as f64,
                2 => {
                    level += chance.share() - 0.5;
                    level.abs()
                }
                3 => level.abs().round() + chance.below(4) as f64,
                // Long rows up and down, ties among them.
                4 => {
                    ((at / 2) % 23) as f64 + if (at / 46) % 2 == 0 { 0.0 } else { 22.0 - 2.0 * ((at / 2) % 23) as f64 }
                }
                5 => f64::from(u8::from(chance.one_in(5))),
                _ if chance.one_in(12) => 60.0 * chance.share(),
                _ => 12.0 + chance.below(3) as f64 / 2.0,
            }
        })
        .collect()
}

fn asked(seed: u64) -> Asked {
    let mut chance = Chance(seed);
    let chart = ChartType::ALL[chance.below(12) as usize];
    let rules = RuleSet::ALL[chance.below(RuleSet::ALL.len() as u64) as usize];
    let len = chance.below(if chance.0 & 1 == 0 { 40 } else { 330 }) as usize;
    let mut values = series(&mut chance, len);
    let (gaps, ghosts) = (5 + chance.below(200), 5 + chance.below(200));
    let level = chance.one_in(2);
    let of_subgroups = chart.needs_subgroups();
    let sizes: Vec<f64> = (0..len)
        .map(|_| match chance.below(30) {
            0 if !of_subgroups => 0.0,
            0 | 1 => 1.0,
            _ if level => {
                if of_subgroups {
                    5.0
                } else {
                    400.0
                }
            }
            more if of_subgroups => 2.0 + more as f64,
            more => 90.0 + 10.0 * more as f64,
        })
        .collect();
    // One value has no spread.
    let spreads = sizes.iter().map(|size| if *size < 2.0 { f64::NAN } else { 1.0 + chance.share() }).collect();
    for value in &mut values {
        if chance.one_in(gaps) {
            *value = f64::NAN;
        }
    }
    let mut starts = vec![0];
    while chance.one_in(2) && len > 2 {
        starts.push(1 + chance.below(len as u64 - 1) as usize);
    }
    Asked {
        chart,
        rules,
        sizes,
        spreads,
        ghosts: (0..len).map(|_| chance.one_in(ghosts)).collect(),
        starts,
        freeze: chance.one_in(3).then(|| 1 + chance.below(60) as usize),
        // Within what every kind of chart can have.
        centre: chance.one_in(4).then(|| if chart.needs_denominators() { 0.05 } else { 10.0 }),
        screening: chance.one_in(2),
        values,
    }
}

/// Near enough, or both not there.
fn near(found: f64, expected: f64) -> bool {
    let reach = (1e-9 * expected.abs()).max(1e-9);
    (found - expected).abs() <= reach || found == expected || (!found.is_finite() && !expected.is_finite())
}

/// The program's lines: they decide the sides of points on them, so the marks are held to these.
fn drawn(point: &PointFinding, near: (f64, f64), expected: &Lines) -> Lines {
    let (near_lower, near_upper) = near;
    Lines { centre: point.centre, lower: point.lower, upper: point.upper, near_lower, near_upper, ..*expected }
}

fn held(seed: u64) -> Result<(), TestCaseError> {
    let asked = asked(seed);
    let options = Options {
        chart: asked.chart,
        rules: asked.rules,
        rebase: &asked.starts,
        freeze: asked.freeze,
        centre: asked.centre,
        screening: asked.screening,
        ..Options::default()
    };
    let input = Input {
        values: &asked.values,
        denominators: Some(&asked.sizes),
        spreads: Some(&asked.spreads),
        ghost: Some(&asked.ghosts),
    };
    let analysis = analyse(input, &options);
    let near = near_lines(input, &options);
    let plotted = asked.plotted();
    prop_assert_eq!(analysis.phases.len(), asked.phases().len());
    for (phase, found) in asked.phases().into_iter().zip(&analysis.phases) {
        prop_assert_eq!((found.from, found.to + 1), phase);
        let points = &analysis.points[phase.0..phase.1];
        let (ours, on_edge) = lines_held(&asked, phase, &plotted, (points, &near, found))?;
        runs_held(found, &asked.runs(phase, &plotted, &ours), &asked)?;
        // A plain sum may put a value on the other side of a near line that it lies on.
        if !on_edge {
            marks_held(&asked, phase, points, asked.marks(phase, &plotted, &ours))?;
        }
    }
    Ok(())
}

/// Holds the lines of a phase and the sides of its points; gives the lines that were found, and whether a point lies
/// on one of them.
fn lines_held(
    asked: &Asked,
    phase: (usize, usize),
    plotted: &[f64],
    (points, near_lines, found): (&[PointFinding], &[(f64, f64)], &PhaseFinding),
) -> Result<(Vec<Lines>, bool), TestCaseError> {
    let expected = asked.lines(phase, plotted);
    let (mut ours, mut on_edge) = (Vec::new(), false);
    let placed = points.iter().zip(&near_lines[phase.0..phase.1]);
    for (((point, beside), value), expected) in placed.zip(&plotted[phase.0..phase.1]).zip(&expected) {
        let what = format!("{value} in {phase:?}: {point:?}\n{expected:?}\n{asked:?}");
        prop_assert!(near(point.centre, expected.centre), "centre {}", what);
        prop_assert!(near(point.lower, expected.lower), "lower {}", what);
        prop_assert!(near(point.upper, expected.upper), "upper {}", what);
        prop_assert!(near(beside.0, expected.near_lower), "near lower {:?} {}", beside, what);
        prop_assert!(near(beside.1, expected.near_upper), "near upper {:?} {}", beside, what);
        let side = match value.partial_cmp(&point.centre).filter(|_| value.is_finite()) {
            None => None,
            Some(Ordering::Greater) => Some(Side::Above),
            Some(Ordering::Less) => Some(Side::Below),
            Some(Ordering::Equal) => Some(Side::On),
        };
        prop_assert_eq!(point.side, side, "side {}", what);
        let lines = drawn(point, *beside, expected);
        let on = |line: f64| (value - line).abs() <= 1e-9 * line.abs().max(1.0);
        on_edge |= [lines.near_lower, lines.near_upper, lines.inner_lower, lines.inner_upper].into_iter().any(on);
        // Lines without width, and a width of the last bit alone, tell no point that hugs them.
        on_edge |= (lines.inner_upper - lines.inner_lower).abs() <= 1e-9 * lines.centre.abs().max(1.0);
        ours.push(lines);
    }
    let there = plotted[phase.0..phase.1].iter().rposition(|value| value.is_finite());
    let lines = expected[there.unwrap_or(expected.len() - 1)];
    prop_assert!(near(found.near_lower, lines.near_lower), "near lower {found:?} {lines:?} {asked:?}");
    prop_assert!(near(found.near_upper, lines.near_upper), "near upper {found:?} {lines:?} {asked:?}");
    Ok((ours, on_edge))
}

fn runs_held(found: &PhaseFinding, counted: &Counted, asked: &Asked) -> Result<(), TestCaseError> {
    prop_assert_eq!((found.n, found.useful), (counted.points, counted.useful), "{:?}", asked);
    prop_assert_eq!(found.runs.longest.unwrap_or(0), counted.longest, "longest of {:?} {:?}", found, asked);
    prop_assert_eq!(found.runs.crossings.map_or(0, |crossings| crossings + 1), counted.runs, "{:?}", asked);
    if asked.chart != ChartType::Mr {
        prop_assert_eq!((found.ihi.runs, found.ihi.trend), (counted.runs, counted.trend), "{:?}", asked);
        prop_assert_eq!(found.ihi.shift, counted.longest >= 6, "{:?}", asked);
    }
    Ok(())
}

fn marks_held(
    asked: &Asked,
    phase: (usize, usize),
    points: &[PointFinding],
    expected: Vec<Vec<Mark>>,
) -> Result<(), TestCaseError> {
    for (at, (point, mut expected)) in points.iter().zip(expected).enumerate() {
        let mut found: Vec<&str> = point.signals.codes().collect();
        let rising = expected.first().map(|mark| mark.1);
        expected.sort_unstable();
        let mut names: Vec<&str> = expected.iter().map(|mark| mark.0).collect();
        names.dedup();
        found.sort_unstable();
        prop_assert_eq!(&found, &names, "marks at {} of {:?}: {:?}\n{:?}", at, phase, point, asked);
        // Two trends of other rules than Making Data Count's may share a turning point.
        if asked.rules == RuleSet::Mdc {
            prop_assert_eq!(point.rising, rising, "way at {} of {:?}: {:?}\n{:?}", at, phase, point, asked);
        }
    }
    Ok(())
}

/// Longer on request.
fn cases() -> u32 {
    std::env::var("HUDDLEBOARD_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(200)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lines_and_marks_are_those_of_a_slow_implementation_from_the_rules_in_words(seed in any::<u64>()) {
        held(seed)?;
    }
}
