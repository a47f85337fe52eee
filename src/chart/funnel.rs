//! Many teams at one time as data for whoever draws them: a funnel plot (Spiegelhalter, "Funnel plots for
//! comparing institutional performance", Statistics in Medicine 2005).

use super::Scale;
use crate::domain::measure::MeasureKind;
use crate::spc::{self, Better, ChartType, FunnelLimits, Side, Verdict};

/// Fewer teams than this, and nothing is said of how much they vary among themselves.
const FEWEST: usize = 10;
/// A standard normal number that is passed once in twenty times.
const ONE_IN_TWENTY: f64 = 1.645;
/// So many teams are named in words.
const NAMED: usize = 5;

/// One team with what it counted.
#[derive(Debug, Clone, PartialEq)]
pub struct FunnelRow {
    /// Its name.
    pub name: String,
    /// What was counted.
    pub numerator: f64,
    /// What it was counted from.
    pub denominator: f64,
}

/// A funnel plot.
#[derive(Debug, Clone, PartialEq)]
pub struct Funnel {
    /// The name of the measure.
    pub name: String,
    /// How plotted values are written.
    pub scale: Scale,
    /// Which way is better.
    pub better: Better,
    /// The limits that were taken: p or u, or p′ or u′ where ten teams or more vary more than chance gives.
    pub chart: ChartType,
    /// All that was counted over all that it was counted from, as plotted; NaN without a team.
    pub centre: f64,
    /// The teams, the smallest denominator first.
    pub teams: Vec<FunnelPoint>,
    /// What it says: the verdict first, then what the reader should know.
    pub words: Vec<String>,
    limits: spc::Funnel,
}

/// One team of a funnel plot. Numbers are plotted values; NaN: there is none.
#[derive(Debug, Clone, PartialEq)]
pub struct FunnelPoint {
    /// Its name.
    pub name: String,
    /// What was counted.
    pub numerator: f64,
    /// What it was counted from: its place on the horizontal axis.
    pub denominator: f64,
    /// Numerator over denominator: its place on the vertical axis.
    pub value: f64,
    /// The limits for its denominator.
    pub limits: FunnelLimits,
    /// Where it stands against all of them together.
    pub side: Option<Side>,
    /// 3 beyond three sigma, 2 beyond two, otherwise 0.
    pub beyond: u8,
    /// What it says: beyond three sigma it differs from the others.
    pub verdict: Verdict,
}

impl Funnel {
    /// The funnel of teams that count one measure; none where the measure has no denominator.
    #[must_use]
    pub fn of(name: &str, scale: Scale, better: Better, rows: &[FunnelRow]) -> Option<Self> {
        let (plain, stretched) = match scale.kind {
            MeasureKind::Proportion => (ChartType::P, ChartType::Pp),
            MeasureKind::Rate => (ChartType::U, ChartType::Up),
            MeasureKind::Count | MeasureKind::Value => return None,
        };
        let mut rows: Vec<&FunnelRow> = rows.iter().collect();
        rows.sort_by(|one, other| one.denominator.total_cmp(&other.denominator));
        let counts: Vec<f64> = rows.iter().map(|row| row.numerator).collect();
        let sizes: Vec<f64> = rows.iter().map(|row| row.denominator).collect();
        let spread = spc::Funnel::of(stretched, &counts, &sizes)?;
        let there = spread.teams.iter().filter(|team| team.side.is_some()).count();
        let chart = if there >= FEWEST && spread.stretch > bound(there) { stretched } else { plain };
        let found = if chart == plain { spc::Funnel::of(plain, &counts, &sizes)? } else { spread.clone() };
        let teams: Vec<FunnelPoint> =
            rows.iter().zip(&found.teams).map(|(row, team)| point(row, team, better)).collect();
        let mut funnel = Self {
            name: name.to_owned(),
            scale,
            better,
            chart,
            centre: found.centre,
            teams,
            words: Vec::new(),
            limits: found,
        };
        funnel.words = words(&funnel, there, spread.stretch);
        Some(funnel)
    }

    /// The limits at a denominator, to draw the funnel between the teams.
    #[must_use]
    pub fn limits_at(&self, denominator: f64) -> FunnelLimits {
        self.limits.limits(denominator)
    }

    /// The limits at `steps` denominators from the smallest team's to the largest's, a little beyond either.
    #[must_use]
    pub fn curve(&self, steps: usize) -> Vec<(f64, FunnelLimits)> {
        let sizes = || self.teams.iter().filter(|team| team.side.is_some()).map(|team| team.denominator);
        let (low, high) = sizes().fold((f64::INFINITY, 0.0_f64), |(low, high), size| (low.min(size), high.max(size)));
        if low > high || steps < 2 {
            return Vec::new();
        }
        let (low, high) = (low * 0.8, high * 1.05);
        (0..steps)
            .map(|step| {
                #[allow(clippy::cast_precision_loss, reason = "some hundreds of steps")]
                let size = low + (high - low) * (step as f64 / (steps - 1) as f64);
                (size, self.limits_at(size))
            })
            .collect()
    }
}

fn point(row: &FunnelRow, team: &spc::FunnelTeam, better: Better) -> FunnelPoint {
    let verdict = match (team.beyond, better, team.side) {
        (3, Better::Neither, _) => Verdict::Neutral,
        (3, Better::Up, Some(Side::Above)) | (3, Better::Down, Some(Side::Below)) => Verdict::Improvement,
        (3, ..) => Verdict::Concern,
        _ => Verdict::Common,
    };
    FunnelPoint {
        name: row.name.clone(),
        numerator: row.numerator,
        denominator: row.denominator,
        value: team.value,
        limits: team.limits,
        side: team.side,
        beyond: team.beyond,
        verdict,
    }
}

/// What the standard deviation of so many standard normal numbers passes once in twenty times, about.
fn bound(teams: usize) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "a number of teams")]
    let freedom = teams.saturating_sub(1) as f64;
    1.0 + ONE_IN_TWENTY / (2.0 * freedom).sqrt()
}

fn words(funnel: &Funnel, there: usize, stretch: f64) -> Vec<String> {
    if there == 0 {
        return vec!["No team has counted this yet.".to_owned()];
    }
    let all = funnel.scale.written(funnel.centre);
    let mut out = vec![verdict(funnel, there, &all)];
    for point in funnel.teams.iter().filter(|point| point.beyond == 3).take(NAMED) {
        let way = if point.side == Some(Side::Above) { "above" } else { "below" };
        let (value, limit) = (funnel.scale.written(point.value), if way == "above" { "upper" } else { "lower" });
        let line = if way == "above" { point.limits.upper } else { point.limits.lower };
        out.push(format!(
            "{}: {value}, {way} the {limit} limit of {} for its size.",
            point.name,
            funnel.scale.with_unit(funnel.scale.line(line))
        ));
    }
    if there == 1 {
        out.push("One team alone has nothing to be compared with.".to_owned());
    } else if matches!(funnel.chart, ChartType::Pp | ChartType::Up) {
        out.push(format!(
            "The teams vary {stretch:.1} times as much as chance gives, so the limits are that much wider ({}).",
            funnel.chart.label()
        ));
    }
    let missing = funnel.teams.len() - there;
    if missing > 0 {
        out.push(format!("{missing} of {} teams have no numbers here.", funnel.teams.len()));
    }
    out
}

fn verdict(funnel: &Funnel, there: usize, all: &str) -> String {
    let teams = if there == 1 { "team" } else { "teams" };
    match funnel.teams.iter().filter(|point| point.beyond == 3).count() {
        0 => format!(
            "No team stands out: the {there} {teams} together have {all}, and the differences are what chance gives. Do not rank them."
        ),
        1 => format!(
            "1 of {there} {teams} differs by more than chance from all together, {all}. Ask there first what is different."
        ),
        several => format!(
            "{several} of {there} {teams} differ by more than chance from all together, {all}. Ask there first what is different."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(pairs: &[(f64, f64)]) -> Vec<FunnelRow> {
        let named = pairs.iter().enumerate();
        named
            .map(|(at, pair)| FunnelRow { name: format!("Ward {at}"), numerator: pair.0, denominator: pair.1 })
            .collect()
    }

    fn funnel(better: Better, pairs: &[(f64, f64)]) -> Funnel {
        let scale = Scale { factor: 100.0, unit: "%".into(), kind: MeasureKind::Proportion };
        Funnel::of("Omissions", scale, better, &rows(pairs)).unwrap()
    }

    #[test]
    fn a_team_beyond_its_limit_is_named_with_its_way_and_the_others_are_not_ranked() {
        let pairs = [(40.0, 400.0), (38.0, 410.0), (90.0, 420.0), (41.0, 390.0)];
        let found = funnel(Better::Down, &pairs);
        let marked: Vec<&str> =
            found.teams.iter().filter(|team| team.verdict == Verdict::Concern).map(|team| team.name.as_str()).collect();
        assert_eq!(marked, ["Ward 2"]);
        assert_eq!(
            found.words[0],
            "1 of 4 teams differs by more than chance from all together, 13 %. Ask there first what is different."
        );
        assert!(found.words[1].starts_with("Ward 2: 21 %, above the upper limit of 17.8 %"), "{:?}", found.words);
        assert_eq!(funnel(Better::Up, &pairs).teams[3].verdict, Verdict::Improvement);
        assert_eq!(funnel(Better::Neither, &pairs).teams[3].verdict, Verdict::Neutral);
    }

    #[test]
    fn teams_that_differ_by_chance_are_said_not_to_be_ranked() {
        let found = funnel(Better::Down, &[(40.0, 400.0), (36.0, 380.0), (45.0, 410.0)]);
        assert!(found.words[0].starts_with("No team stands out"), "{:?}", found.words);
        assert!(found.words[0].ends_with("Do not rank them."));
    }

    #[test]
    fn ten_teams_that_vary_more_than_chance_get_wider_limits_and_that_is_said() {
        let pairs: Vec<(f64, f64)> = (0..12).map(|at| (if at % 2 == 0 { 300.0 } else { 420.0 }, 2000.0)).collect();
        let found = funnel(Better::Down, &pairs);
        assert_eq!(found.chart, ChartType::Pp);
        assert!(found.words.last().unwrap().contains("times as much as chance gives"), "{:?}", found.words);
        assert_eq!(funnel(Better::Down, &pairs[..8]).chart, ChartType::P, "eight are too few to tell");
    }

    #[test]
    fn the_curve_narrows_and_spans_the_teams() {
        let found = funnel(Better::Down, &[(4.0, 40.0), (36.0, 380.0), (45.0, 410.0)]);
        let curve = found.curve(20);
        assert_eq!(curve.len(), 20);
        assert!(curve[0].0 < 40.0 && curve[19].0 > 410.0);
        assert!(curve.windows(2).all(|pair| pair[0].1.upper >= pair[1].1.upper));
        assert!(found.teams.windows(2).all(|pair| pair[0].denominator <= pair[1].denominator));
    }

    #[test]
    fn missing_numbers_and_no_teams_are_said() {
        let found = funnel(Better::Down, &[(4.0, 40.0), (f64::NAN, 380.0), (1.0, 0.0)]);
        assert_eq!(found.words.last().unwrap(), "2 of 3 teams have no numbers here.");
        assert_eq!(found.words[1], "One team alone has nothing to be compared with.");
        let none = funnel(Better::Down, &[]);
        assert_eq!((none.words[0].as_str(), none.curve(10).len()), ("No team has counted this yet.", 0));
        let scale = Scale { factor: 1.0, unit: String::new(), kind: MeasureKind::Count };
        assert!(Funnel::of("Falls", scale, Better::Down, &[]).is_none());
    }
}
