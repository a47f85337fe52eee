//! Whether the chart fits the data: what a reader should know before believing its limits.

use super::super::{Chart, ChartPhase, ChartPoint};
use super::verdict::FEW;
use crate::domain::measure::MeasureKind;
use crate::spc::{self, ChartType, Dispersion};

/// The sentences, the most important first.
pub(super) fn sentences(chart: &Chart, phase: &ChartPhase) -> Vec<String> {
    let mut out = Vec::new();
    if let (Some(wanted), Some(why)) = (chart.wanted, chart.misfit) {
        out.push(format!("A {} cannot be made of these data. {why} This is a run chart.", wanted.label()));
    }
    out.extend(between(chart).map(str::to_owned));
    if chart.chart.has_limits() && phase.upper.is_nan() && phase.n > 1 {
        out.push("There are no limits: too little varies, or too little is known of each point.".to_owned());
    }
    let points: Vec<&ChartPoint> =
        chart.points.get(phase.from..=phase.to).unwrap_or_default().iter().filter(|point| point.speaks()).collect();
    out.extend(stepped(chart.chart, &points));
    out.extend(over_dispersed(chart.chart, &points));
    out.extend(mostly_zero(chart, &points));
    if chart.chart == ChartType::T && points.iter().any(|point| point.value == 0.0) {
        out.push("Some events came on the same day: a G chart takes this better than a T chart.".to_owned());
    }
    out
}

/// What a point of a chart of rare events is.
fn between(chart: &Chart) -> Option<&'static str> {
    match chart.chart {
        _ if chart.is_between() => Some("Each point is how many days lie between one event and the next."),
        ChartType::G => Some("Each point is how many cases lie between one event and the next."),
        ChartType::T => Some("Each point is how much time lies between one event and the next."),
        _ => None,
    }
}

fn stepped(chart: ChartType, points: &[&ChartPoint]) -> Option<String> {
    let first = points.first()?.denominator;
    if !chart.has_stepped_limits() || points.iter().all(|point| point.denominator == first) {
        return None;
    }
    Some("Each point has its own limits: they are wider where fewer were counted.".to_owned())
}

fn over_dispersed(chart: ChartType, points: &[&ChartPoint]) -> Option<String> {
    let (found, better) = dispersion(chart, points)?;
    found.is_over().then(|| {
        let Dispersion { sigma_z, bound } = found;
        let times = if sigma_z < 100.0 { format!("{sigma_z:.1}") } else { "more than 100".to_owned() };
        format!(
            "The points vary {times} times as much as chance gives (Laney's sigma z; up to {bound:.1} may be chance): {} {} fits better.",
            if better == ChartType::Xmr { "an" } else { "a" },
            if better == ChartType::Xmr { "XmR chart" } else { better.label() },
        )
    })
}

/// How much the points of a chart of counts vary beside chance, and the chart that takes more.
fn dispersion(chart: ChartType, points: &[&ChartPoint]) -> Option<(Dispersion, ChartType)> {
    let counts: Vec<f64> = points.iter().map(|point| point.numerator.unwrap_or(point.value)).collect();
    let sizes: Vec<f64> = points.iter().map(|point| point.denominator.unwrap_or(1.0)).collect();
    match chart {
        ChartType::P => Some((Dispersion::of_shares(&counts, &sizes), ChartType::Pp)),
        ChartType::U => Some((Dispersion::of_rates(&counts, &sizes), ChartType::Up)),
        ChartType::C => Some((Dispersion::of_rates(&counts, &sizes), ChartType::Xmr)),
        _ => None,
    }
}

/// The chart that fits better where the limits of this one are too narrow for its last phase.
pub(super) fn wider(chart: &Chart) -> Option<ChartType> {
    let phase = chart.phase()?;
    let points = chart.points.get(phase.from..=phase.to)?;
    let (found, better) = dispersion(chart.chart, &points.iter().filter(|point| point.speaks()).collect::<Vec<_>>())?;
    found.is_over().then_some(better)
}

fn mostly_zero(chart: &Chart, points: &[&ChartPoint]) -> Option<String> {
    let counts_events = match chart.chart {
        ChartType::C | ChartType::U | ChartType::Up => true,
        ChartType::Run | ChartType::Xmr => chart.scale.kind == MeasureKind::Count,
        _ => false,
    };
    let counts: Vec<f64> = points.iter().map(|point| point.value).collect();
    (counts_events && counts.len() >= FEW && spc::is_mostly_zero(&counts))
        .then(|| "Most points are 0: the days between events would say more (T chart).".to_owned())
}

#[cfg(test)]
mod tests {
    use crate::chart::{Chart, Source, build, sample};
    use crate::domain::measure::MeasureKind;
    use crate::spc::ChartType;

    fn chart(kind: MeasureKind, chart: ChartType, pairs: &[(f64, f64)]) -> Chart {
        let measure = sample::measure(kind);
        let points = if measure.has_denominator() {
            sample::pairs(pairs)
        } else {
            sample::values(&pairs.iter().map(|pair| pair.0).collect::<Vec<_>>())
        };
        build(Source { chart: Some(chart), ..Source::of(&measure, &points) })
    }

    fn says(chart: &Chart, part: &str) -> bool {
        chart.words.data.iter().any(|words| words.contains(part))
    }

    #[test]
    fn shares_that_vary_more_than_chance_are_said_to_want_a_p_prime_chart() {
        let pairs: Vec<(f64, f64)> =
            (0..20).map(|week| (if week % 2 == 0 { 300.0 } else { 420.0 }, 2000.0 + f64::from(week))).collect();
        let over = chart(MeasureKind::Proportion, ChartType::P, &pairs);
        assert!(says(&over, "a P′ chart fits better."), "{:?}", over.words.data);
        assert!(says(&over, "Each point has its own limits"));
        assert!(!says(&chart(MeasureKind::Proportion, ChartType::Pp, &pairs), "fits better"));
        let steady: Vec<(f64, f64)> = (0..20).map(|week| (f64::from(10 + week * 7 % 5), 40.0)).collect();
        let steady = chart(MeasureKind::Proportion, ChartType::P, &steady);
        assert!(!says(&steady, "fits better") && !says(&steady, "its own limits"));
    }

    #[test]
    fn counts_that_are_mostly_nought_are_said_to_want_the_days_between() {
        let rare: Vec<(f64, f64)> = (0..15).map(|week| (f64::from(u8::from(week % 4 == 0)), 1.0)).collect();
        let often: Vec<(f64, f64)> = (0..15).map(|week| (f64::from(2 + week % 4), 1.0)).collect();
        for kind in [ChartType::C, ChartType::Run] {
            assert!(says(&chart(MeasureKind::Count, kind, &rare), "days between events would say more"));
            assert!(!says(&chart(MeasureKind::Count, kind, &often), "days between"));
        }
    }

    #[test]
    fn a_chart_that_cannot_be_made_is_a_run_chart_that_says_why() {
        let plain = chart(MeasureKind::Value, ChartType::P, &[(1.0, 1.0), (2.0, 1.0)]);
        assert_eq!((plain.chart, plain.wanted), (ChartType::Run, Some(ChartType::P)));
        assert!(says(&plain, "A P chart cannot be made of these data. It needs a denominator"));
    }

    #[test]
    fn cases_between_events_are_not_called_days() {
        let pairs: Vec<(f64, f64)> = (0..20).map(|at| (f64::from(5 + at * 7 % 11), 1.0)).collect();
        let cases = chart(MeasureKind::Count, ChartType::G, &pairs);
        assert!(says(&cases, "how many cases lie between") && !says(&cases, "days lie"), "{:?}", cases.words.data);
    }

    #[test]
    fn limits_that_are_not_there_are_missed_aloud() {
        let all = [(20.0, 20.0); 12];
        assert!(says(&chart(MeasureKind::Proportion, ChartType::Pp, &all), "There are no limits"));
        assert!(!says(&chart(MeasureKind::Proportion, ChartType::P, &all), "There are no limits"));
    }
}
