//! How fast charts are analysed, beside a plain sum over the same numbers.
//!
//! `cargo bench --bench spc`: points per second for each kind of chart, both tests of runs included. The run
//! chart has Anhøj's rules, the others those of Making Data Count, unless the name says otherwise. The ratio
//! to a plain sum is the quotient of the two rates that stand in one table; `cargo bench --bench spc ratios` prints
//! it. Last, how many rows of a file a second are brought together by week.

use std::time::{Duration, Instant};

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use huddleboard::domain::frequency::Frequency;
use huddleboard::exchange::csv_in::layout::Wanted;
use huddleboard::exchange::csv_in::sheet::Sheet;
use huddleboard::exchange::periods::{By, Combine};
use huddleboard::exchange::table;
use huddleboard::spc::{ChartType, Input, Options, RuleSet, analyse_into, near_lines};

const SIZES: [usize; 3] = [100, 10_000, 1_000_000];

fn main() {
    divan::main();
    if std::env::args().any(|argument| argument == "ratios") {
        ratios();
    }
}

/// What every kind of chart can be made of.
struct Series {
    values: Vec<f64>,
    sizes: Vec<f64>,
    spreads: Vec<f64>,
}

impl Series {
    /// A stable process: the sum of four uniform numbers, from a linear congruential generator.
    fn of(len: usize) -> Self {
        let mut state = 1_u64;
        let mut uniform = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f64 / 1_000_000.0
        };
        let values = (0..len).map(|_| uniform() + uniform() + uniform() + uniform()).collect();
        let spreads = (0..len).map(|_| 1.0 + uniform()).collect();
        let sizes = (0..len).map(|at| (70 + at % 9) as f64).collect();
        Self { values, sizes, spreads }
    }

    fn input(&self) -> Input<'_> {
        Input {
            values: black_box(&self.values),
            denominators: Some(&self.sizes),
            spreads: Some(&self.spreads),
            ghost: None,
        }
    }
}

fn analyse(bencher: Bencher<'_, '_>, len: usize, chart: ChartType, rules: RuleSet) {
    let series = Series::of(len);
    let options = Options { chart, rules, ..Options::default() };
    let (mut points, mut phases) = (Vec::new(), Vec::new());
    bencher
        .counter(ItemsCount::new(len))
        .bench_local(|| analyse_into(series.input(), &options, &mut points, &mut phases));
}

#[divan::bench(args = SIZES)]
fn plain_sum(bencher: Bencher<'_, '_>, len: usize) {
    let values = Series::of(len).values;
    bencher.counter(ItemsCount::new(len)).bench_local(|| black_box(&values).iter().sum::<f64>());
}

#[divan::bench(args = SIZES)]
fn run_ihi(bencher: Bencher<'_, '_>, len: usize) {
    analyse(bencher, len, ChartType::Run, RuleSet::Ihi);
}

#[divan::bench(args = SIZES)]
fn xmr_nelson(bencher: Bencher<'_, '_>, len: usize) {
    analyse(bencher, len, ChartType::Xmr, RuleSet::Nelson);
}

#[divan::bench(args = SIZES)]
fn xmr_western_electric(bencher: Bencher<'_, '_>, len: usize) {
    analyse(bencher, len, ChartType::Xmr, RuleSet::WesternElectric);
}

#[divan::bench(args = SIZES)]
fn p_nelson(bencher: Bencher<'_, '_>, len: usize) {
    analyse(bencher, len, ChartType::P, RuleSet::Nelson);
}

/// The lines near the limits at each point, which `--json` gives.
#[divan::bench(args = SIZES)]
fn near_lines_of_p(bencher: Bencher<'_, '_>, len: usize) {
    let series = Series::of(len);
    let options = Options { chart: ChartType::P, ..Options::default() };
    bencher.counter(ItemsCount::new(len)).bench_local(|| near_lines(series.input(), &options));
}

macro_rules! each_kind {
    ($($name:ident: $chart:ident;)*) => {
        $(
            #[divan::bench(args = SIZES)]
            fn $name(bencher: Bencher<'_, '_>, len: usize) {
                analyse(bencher, len, ChartType::$chart, RuleSet::default_for(ChartType::$chart));
            }
        )*
    };
}

each_kind! {
    run: Run;
    xmr: Xmr;
    mr: Mr;
    p: P;
    p_prime: Pp;
    u: U;
    u_prime: Up;
    c: C;
    g: G;
    t: T;
    xbar: Xbar;
    s: S;
}

/// A file of so many rows, a few for each day, that `analyse --by week` brings together while it reads them.
#[divan::bench(args = [1_000_000])]
fn rows_of_a_file_by_week(bencher: Bencher<'_, '_>, rows: usize) {
    use std::fmt::Write as _;
    let mut text = String::from("date,value\n");
    let first = chrono::NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default();
    for row in 0..rows {
        let day = first + chrono::Days::new(row as u64 / 100);
        let _ = writeln!(text, "{day},{}", row * 7919 % 1009);
    }
    let path = std::env::temp_dir().join(format!("huddleboard-bench-{}.csv", std::process::id()));
    if std::fs::write(&path, text).is_err() {
        return;
    }
    let by = By { frequency: Frequency::Week(chrono::Weekday::Mon), combine: Combine::Guess };
    bencher.counter(ItemsCount::new(rows)).bench_local(|| {
        let sheet = Sheet::open(&path, "rows").ok()?;
        table::read(&sheet, &Wanted::default(), None, Some(by)).ok()
    });
    let _ = std::fs::remove_file(&path);
}

/// How many plain sums over the same numbers each analysis takes, by the fastest of several.
fn ratios() {
    for len in SIZES {
        let series = Series::of(len);
        let (mut points, mut phases) = (Vec::new(), Vec::new());
        let sum = fastest(len, || {
            black_box(black_box(&series.values).iter().sum::<f64>());
        });
        for chart in ChartType::ALL {
            let options = Options { chart, rules: RuleSet::default_for(chart), ..Options::default() };
            let taken = fastest(len, || {
                black_box(analyse_into(series.input(), &options, &mut points, &mut phases));
            });
            let ratio = taken.as_secs_f64() / sum.as_secs_f64().max(1e-12);
            println!("{:>9} points  {:<5} {ratio:>8.1} plain sums", len, chart.code());
        }
    }
}

/// The fastest of eleven batches, for one call.
fn fastest(len: usize, mut run: impl FnMut()) -> Duration {
    let times = u32::try_from((1_000_000 / len).max(1)).unwrap_or(1);
    let mut batch = || {
        let start = Instant::now();
        (0..times).for_each(|_| run());
        start.elapsed() / times
    };
    (0..11).map(|_| batch()).min().unwrap_or_default()
}
