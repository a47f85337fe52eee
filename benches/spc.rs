//! How fast charts are analysed, beside a plain sum over the same numbers.
//!
//! `cargo bench --bench spc`: points per second, for a run chart (Anhøj's rules) and an XmR chart (the
//! rules of Making Data Count), both tests of runs included.

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use huddleboard::spc::{ChartType, Input, Options, RuleSet, analyse_into};

const SIZES: [usize; 3] = [100, 10_000, 1_000_000];

fn main() {
    divan::main();
}

/// A stable process: the sum of four uniform numbers, from a linear congruential generator.
fn series(len: usize) -> Vec<f64> {
    let mut state = 1_u64;
    let mut uniform = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f64 / 1_000_000.0
    };
    (0..len).map(|_| uniform() + uniform() + uniform() + uniform()).collect()
}

fn analyse(bencher: Bencher<'_, '_>, len: usize, chart: ChartType, rules: RuleSet) {
    let values = series(len);
    let options = Options { chart, rules, ..Options::default() };
    let (mut points, mut phases) = (Vec::new(), Vec::new());
    bencher.counter(ItemsCount::new(len)).bench_local(|| {
        let input = Input::of(black_box(&values));
        analyse_into(input, &options, &mut points, &mut phases)
    });
}

#[divan::bench(args = SIZES)]
fn plain_sum(bencher: Bencher<'_, '_>, len: usize) {
    let values = series(len);
    bencher.counter(ItemsCount::new(len)).bench_local(|| black_box(&values).iter().sum::<f64>());
}

#[divan::bench(args = SIZES)]
fn run_anhoej(bencher: Bencher<'_, '_>, len: usize) {
    analyse(bencher, len, ChartType::Run, RuleSet::Anhoej);
}

#[divan::bench(args = SIZES)]
fn run_ihi(bencher: Bencher<'_, '_>, len: usize) {
    analyse(bencher, len, ChartType::Run, RuleSet::Ihi);
}

#[divan::bench(args = SIZES)]
fn xmr_mdc(bencher: Bencher<'_, '_>, len: usize) {
    analyse(bencher, len, ChartType::Xmr, RuleSet::Mdc);
}

#[divan::bench(args = SIZES)]
fn xmr_nelson(bencher: Bencher<'_, '_>, len: usize) {
    analyse(bencher, len, ChartType::Xmr, RuleSet::Nelson);
}
