//! Reasons by how often they were given, the most frequent first (Juran's vital few, "Quality Control
//! Handbook" 1951): as data for whoever draws it.

use std::collections::BTreeMap;

/// The share that the vital few make together.
const VITAL: f64 = 0.8;

/// What stands last, however often it was given.
const REST: [&str; 2] = ["other", "others"];

/// A Pareto chart.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pareto {
    /// The reasons, the most frequent first; "other" is last. None that was never given.
    pub bars: Vec<ParetoBar>,
    /// All counts together.
    pub total: f64,
    /// So many reasons, from the first, make four fifths or more of all.
    pub vital: usize,
    /// What it says, as a sentence.
    pub words: String,
}

/// One reason of a Pareto chart.
#[derive(Debug, Clone, PartialEq)]
pub struct ParetoBar {
    /// The reason.
    pub name: String,
    /// How often it was given.
    pub count: f64,
    /// Its share of all, 0 to 1.
    pub share: f64,
    /// The share of this one and all before it, 0 to 1.
    pub cumulative: f64,
}

impl Pareto {
    /// The chart of reasons with their counts; a name that comes several times is counted together, and a count
    /// that is missing or not above nought is passed over.
    #[must_use]
    pub fn of<'a>(counts: impl IntoIterator<Item = (&'a str, f64)>) -> Self {
        let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
        for (name, count) in counts.into_iter().filter(|(_, count)| count.is_finite() && *count > 0.0) {
            *sums.entry(name).or_default() += count;
        }
        let mut sums: Vec<(&str, f64)> = sums.into_iter().collect();
        let is_rest = |name: &str| REST.contains(&name.to_lowercase().as_str());
        sums.sort_by(|one, other| (is_rest(one.0).cmp(&is_rest(other.0))).then(other.1.total_cmp(&one.1)));
        let total: f64 = sums.iter().map(|(_, count)| count).sum();
        let mut before = 0.0;
        let bars: Vec<ParetoBar> = sums
            .into_iter()
            .map(|(name, count)| {
                before += count;
                let share = |part: f64| (part / total).min(1.0);
                ParetoBar { name: name.to_owned(), count, share: share(count), cumulative: share(before) }
            })
            .collect();
        let vital = bars.iter().position(|bar| bar.cumulative >= VITAL - 1e-12).map_or(0, |at| at + 1);
        let words = words(&bars, vital);
        Self { bars, total, vital, words }
    }
}

fn words(bars: &[ParetoBar], vital: usize) -> String {
    let (Some(first), Some(last)) = (bars.first(), bars.get(vital.saturating_sub(1))) else {
        return "No reasons yet.".to_owned();
    };
    let per_cent = |share: f64| format!("{:.0} %", share * 100.0);
    match (bars.len(), vital) {
        (1, _) => format!("{} is the only reason.", first.name),
        (all, few) if 2 * few <= all => {
            let makes = if few == 1 { "makes" } else { "make" };
            format!("{few} of {all} reasons {makes} {} of all: start with {}.", per_cent(last.cumulative), first.name)
        }
        (all, _) => format!(
            "No few of the {all} reasons make most of it; the largest, {}, makes {}.",
            first.name,
            per_cent(first.share)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_reason_stands_first_and_other_stands_last() {
        let pareto = Pareto::of([("bed not ready", 3.0), ("Other", 9.0), ("pharmacy", 30.0), ("bed not ready", 2.0)]);
        let names: Vec<&str> = pareto.bars.iter().map(|bar| bar.name.as_str()).collect();
        assert_eq!(names, ["pharmacy", "bed not ready", "Other"]);
        assert_eq!((pareto.bars[1].count, pareto.total), (5.0, 44.0));
        assert_eq!(pareto.bars[2].cumulative, 1.0);
    }

    #[test]
    fn the_vital_few_are_those_that_make_four_fifths() {
        let pareto = Pareto::of([("a", 50.0), ("b", 30.0), ("c", 10.0), ("d", 6.0), ("e", 4.0)]);
        assert_eq!((pareto.vital, pareto.words.as_str()), (2, "2 of 5 reasons make 80 % of all: start with a."));
        let even = Pareto::of([("a", 5.0), ("b", 5.0), ("c", 5.0)]);
        assert_eq!(even.words, "No few of the 3 reasons make most of it; the largest, a, makes 33 %.");
    }

    #[test]
    fn nothing_and_numbers_that_are_none_stop_it_not() {
        let none = Pareto::of([("a", f64::NAN), ("b", 0.0), ("c", -2.0)]);
        assert_eq!((none.bars.len(), none.vital, none.words.as_str()), (0, 0, "No reasons yet."));
        let large = Pareto::of([("a", f64::MAX), ("b", f64::MAX)]);
        assert!(large.bars.iter().all(|bar| bar.share.is_finite() && bar.cumulative <= 1.0));
        assert_eq!(Pareto::of([("a", 1.0)]).words, "a is the only reason.");
    }
}
