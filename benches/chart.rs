//! From points to the chart as data, and from that to cells: what each picture costs.

#![allow(missing_docs)]

use chrono::{Days, NaiveDate};
use divan::Bencher;
use huddleboard::app::look::Look;
use huddleboard::chart::{Chart, Row, Table, of_table};
use huddleboard::domain::point::Start;
use huddleboard::spc::{Better, ChartType};
use huddleboard::tui::widgets::chart::{ChartView, draw};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

fn main() {
    divan::main();
}

/// So many days of a value that wanders.
fn rows(count: u64) -> Vec<Row> {
    let first = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or_default();
    let mut seed = 7_u64;
    (0..count)
        .map(|day| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            #[allow(clippy::cast_precision_loss)]
            let value = (seed >> 40) as f64 / 1e6;
            let start = Start::day(first.checked_add_days(Days::new(day)).unwrap_or(first));
            Row { start, value: Some(value), denominator: None, ghost: false }
        })
        .collect()
}

fn table(rows: &[Row]) -> Chart {
    of_table(Table { better: Better::Down, fill_gaps: false, ..Table::of("bench", rows, ChartType::Xmr) })
}

#[divan::bench(args = [60, 730, 2_500, 100_000])]
fn from_points_to_words(bencher: Bencher<'_, '_>, count: u64) {
    let rows = rows(count);
    bencher.bench(|| table(divan::black_box(&rows)));
}

#[divan::bench(args = [60, 730, 100_000])]
fn from_the_chart_to_cells(bencher: Bencher<'_, '_>, count: u64) {
    let chart = table(&rows(count));
    let area = Rect::new(0, 0, 200, 60);
    let mut buf = Buffer::empty(area);
    bencher.bench_local(|| draw(&chart, &ChartView::default(), area, &mut buf, &Look::dark()));
}
