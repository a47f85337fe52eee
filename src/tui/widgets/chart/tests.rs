use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::plan::Plan;
use super::*;
use crate::chart::{Mark, MarkKind, Row, Source, Table, build, of_table, sample};
use crate::domain::annotation::{Annotation, Phase};
use crate::domain::frequency::Frequency;
use crate::domain::measure::MeasureKind;
use crate::domain::point::Start;
use crate::domain::{AnnotationId, PhaseId, TeamId};
use crate::spc::{Better, ChartType, Side};

fn drawn(chart: &Chart, view: &ChartView, width: u16, height: u16, look: &Look) -> Buffer {
    let area = Rect::new(0, 0, width, height);
    let mut buf = Buffer::empty(area);
    draw(chart, view, area, &mut buf, look);
    buf
}

fn table(values: &[f64], chart: ChartType) -> Chart {
    let first = sample::monday(0);
    let rows: Vec<Row> = (0u64..)
        .zip(values)
        .map(|(day, value)| Row {
            start: Start::day(first + chrono::Days::new(day)),
            value: value.is_finite().then_some(*value),
            denominator: None,
            ghost: false,
        })
        .collect();
    of_table(Table {
        name: "table",
        rows: &rows,
        has_denominators: false,
        chart,
        rules: None,
        better: Better::Down,
        target: None,
        rebase: &[],
        freeze: None,
        screening: true,
        frequency: Frequency::Day,
        fill_gaps: true,
    })
}

/// Checks every point's dot against the rows of its lines, and its sign's cell against the drawn line.
fn holds_the_sides(chart: &Chart, width: u16, height: u16) -> Result<(), TestCaseError> {
    let look = Look::dark();
    let len = chart.points.len();
    let plan = Plan::of(chart, Rect::new(0, 0, width, height), 0, len, &look);
    let buf = drawn(chart, &ChartView::default(), width, height, &look);
    for (index, point) in chart.points.iter().enumerate().filter(|(_, point)| point.is_there()) {
        let levels = plan.ruler.levels(point);
        let row = plan.ruler.dot(point, levels) / 4;
        let centre = levels.centre.unwrap_or(-1);
        let side = match row.cmp(&centre) {
            std::cmp::Ordering::Less => Side::Above,
            std::cmp::Ordering::Equal => Side::On,
            std::cmp::Ordering::Greater => Side::Below,
        };
        prop_assert_eq!(Some(side), point.side, "{} at {}x{}", point.value, width, height);
        if let Some(upper) = levels.upper {
            prop_assert_eq!(row < upper, point.value > point.upper);
            prop_assert!(upper < centre);
        }
        if let Some(lower) = levels.lower {
            prop_assert_eq!(row > lower, point.value < point.lower);
            prop_assert!(lower > centre);
        }
        if plan.is_roomy() {
            let (x, y) = (plan.plot.x + plan.column(index), plan.plot.y + u16::try_from(row).unwrap());
            let (sign, _) = curve::sign(point, false);
            let mut letters = [0; 4];
            prop_assert_eq!(buf[(x, y)].symbol(), &*sign.encode_utf8(&mut letters));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn a_point_is_drawn_on_the_side_that_was_computed(
        values in prop::collection::vec(
            prop_oneof![
                4 => (0i32..12).prop_map(f64::from),
                4 => -1.0e3..1.0e3,
                2 => (0u32..1000).prop_map(|tiny| 5.0 + f64::from(tiny) * 1e-9),
                1 => Just(f64::NAN),
                1 => -1e300..1e300,
            ],
            1..90,
        ),
        xmr in any::<bool>(),
        width in 20u16..210,
        height in 5u16..60,
    ) {
        let chart = table(&values, if xmr { ChartType::Xmr } else { ChartType::Run });
        holds_the_sides(&chart, width, height)?;
    }
}

#[test]
fn no_size_and_no_number_of_points_stop_it() {
    for count in [0usize, 1, 2, 12, 365, 100_000] {
        #[allow(clippy::cast_precision_loss)]
        let values: Vec<f64> = (0..count).map(|at| ((at * 7919) % 101) as f64 / 7.0).collect();
        let chart = table(&values, ChartType::Xmr);
        let sizes: &[(u16, u16)] = if count > 1_000 {
            &[(0, 0), (20, 5), (80, 24), (300, 100)]
        } else {
            &[(0, 0), (1, 1), (2, 5), (19, 4), (20, 5), (21, 6), (40, 12), (80, 24), (120, 40), (200, 60), (300, 100)]
        };
        for (width, height) in sizes {
            for look in [Look::dark(), Look::mono().in_ascii()] {
                let view = ChartView { cursor: Some(count / 2), show_cursor: true, ..ChartView::default() };
                drawn(&chart, &view, *width, *height, &look);
                drawn(&chart, &ChartView { visible: Some(10), first: count, ..view }, *width, *height, &look);
            }
        }
    }
}

#[test]
fn absurd_values_and_an_area_beyond_the_buffer_stop_nothing() {
    for values in [vec![f64::MAX, f64::MIN], vec![1e308; 3], vec![f64::NAN; 4], vec![1e-300, 0.0], vec![0.0; 40]] {
        let chart = table(&values, ChartType::Xmr);
        for height in 0..30 {
            drawn(&chart, &ChartView::default(), 80, height, &Look::dark());
        }
        let mut buf = Buffer::empty(Rect::new(0, 0, 30, 10));
        draw(&chart, &ChartView::default(), Rect::new(10, 3, 60, 40), &mut buf, &Look::dark());
    }
}

#[test]
fn ascii_stays_ascii() {
    let chart = ward();
    let view = ChartView { cursor: Some(3), show_cursor: true, ..ChartView::default() };
    let buf = drawn(&chart, &view, 120, 30, &Look::mono().in_ascii());
    assert!(buf.content().iter().all(|cell| cell.symbol().is_ascii()));
}

#[test]
fn panning_keeps_the_vertical_axis() {
    let chart = ward();
    let gutter = |first| {
        let view = ChartView { first, visible: Some(8), ..ChartView::default() };
        let buf = drawn(&chart, &view, 80, 20, &Look::dark());
        (0..18).map(|y| (0..5).map(|x| buf[(x, y)].symbol()).collect::<String>()).collect::<Vec<_>>()
    };
    assert_eq!(gutter(0), gutter(18));
}

#[test]
fn the_cursor_moves_the_window_with_it() {
    let mut view = ChartView { visible: Some(10), ..ChartView::default() };
    view.move_by(-1, 30);
    assert_eq!((view.cursor, view.window(30)), (Some(29), (20, 10)));
    view.move_by(-12, 30);
    assert_eq!((view.cursor, view.window(30)), (Some(17), (17, 10)));
    view.zoom_out(30);
    view.zoom_out(30);
    assert_eq!(view.window(30), (0, 30));
    view.move_by(100, 0);
    assert_eq!(view.window(0), (0, 0));
}

/// Weekly omissions of a made-up ward: a level near 7 %, then one near 4.5 %.
fn ward() -> Chart {
    let mut measure = sample::measure(MeasureKind::Proportion);
    measure.name = "Medication omissions".to_owned();
    measure.chart = Some(ChartType::Xmr);
    measure.target = Some(0.05);
    measure.freeze = Some(17);
    let omitted = [
        52, 50, 49, 56, 50, 57, 45, 54, 60, 51, 53, 52, 44, 54, 57, 51, 50, 53, 38, 36, 34, 34, 29, 36, 30, 31, 33, 29,
    ];
    let pairs: Vec<(f64, f64)> =
        (0u32..).zip(omitted).map(|(week, count)| (f64::from(count), f64::from(700 + week % 9))).collect();
    let mut points = sample::pairs(&pairs);
    points[27].note = "new staff shown the check".to_owned();
    points[12].ghost = Some("ward closed".to_owned());
    points.remove(10);
    let mut annotation = Annotation::blank(AnnotationId::default(), TeamId::default());
    annotation.day = Some(sample::monday(6));
    annotation.text = "Pharmacist on leave".to_owned();
    let marks = [
        Mark { day: sample::monday(18), text: "PDSA 3 Do: second check at the trolley".into(), kind: MarkKind::Do },
        Mark { day: sample::monday(22), text: "PDSA 4 Do: all shifts".into(), kind: MarkKind::Do },
    ];
    build(Source { annotations: &[annotation], marks: &marks, ..Source::of(&measure, &points) })
}

/// The same, re-based.
fn rebased() -> Chart {
    let mut measure = sample::measure(MeasureKind::Count);
    measure.name = "Falls".to_owned();
    measure.target = Some(2.0);
    let counts =
        [4, 6, 3, 5, 7, 4, 5, 3, 6, 4, 5, 6, 4, 2, 3, 1, 2, 4, 2, 1, 3, 2, 0, 2, 3, 1, 2, 4, 5, 4, 4, 5, 3, 4, 5, 4];
    let values: Vec<f64> = counts.into_iter().map(f64::from).collect();
    let points = sample::values(&values);
    let mut phase = Phase::blank(PhaseId::default(), TeamId::default());
    phase.day = Some(sample::monday(13));
    phase.reason = "yellow bands".to_owned();
    build(Source { phases: &[phase], ..Source::of(&measure, &points) })
}

/// Pictures for the eye: `PICTURES=DIR cargo test pictures_for_the_eye -- --ignored`.
#[test]
#[ignore = "writes pictures to look at"]
fn pictures_for_the_eye() {
    let Ok(dir) = std::env::var("PICTURES") else { return };
    let noise = |count: u32| {
        let mut seed = 42u64;
        (0..count)
            .map(|at| {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let chance = f64::from(u32::try_from(seed >> 33).unwrap()) / f64::from(1u32 << 31);
                20.0 + chance * 10.0 + if at > count * 3 / 4 { 5.0 } else { 0.0 }
            })
            .collect::<Vec<_>>()
    };
    let charts = [
        ("ward", ward()),
        ("rebased", rebased()),
        ("few", sample::chart(&[3.0, 4.0, 2.0, 5.0])),
        ("year", table(&noise(365), ChartType::Xmr)),
        ("long", table(&noise(5_000), ChartType::Run)),
    ];
    let sizes = [(80, 24), (120, 40), (200, 60), (48, 12)];
    for (name, chart) in &charts {
        for (width, height) in sizes {
            let area = Rect::new(0, 0, width, height);
            let mut buf = Buffer::empty(area);
            let view = ChartView { cursor: chart.last, show_cursor: *name == "ward", ..ChartView::default() };
            draw(chart, &view, Rect::new(2, 1, width - 4, height - 3), &mut buf, &Look::dark());
            let line = chart.read_out(chart.last.unwrap_or(0));
            buf.set_stringn(2, height - 1, line, usize::from(width), Look::dark().style(Role::Text));
            std::fs::write(format!("{dir}/{name}-{width}x{height}.ans"), text::coloured(&buf)).unwrap();
        }
        let page = text_with_colours(chart, 100, 20, &Look::dark());
        std::fs::write(format!("{dir}/{name}-page.ans"), page).unwrap();
        let page = super::text(chart, 80, 20, &Look::mono().in_ascii());
        std::fs::write(format!("{dir}/{name}-ascii.ans"), page).unwrap();
    }
    let area = Rect::new(0, 0, 120, 10);
    let mut buf = Buffer::empty(area);
    for (column, (_, chart)) in (0u16..).zip(&charts) {
        let tile = chart.summary();
        let look = Look::dark();
        crate::tui::widgets::spark::draw(&tile, Rect::new(2 + column * 24, 3, 22, 3), &mut buf, &look);
        buf.set_stringn(2 + column * 24, 1, &tile.value, 22, look.style(Role::Title));
        let sign = format!("{} {}", crate::chart::glyph(tile.verdict, false), crate::chart::word(tile.verdict));
        buf.set_stringn(2 + column * 24, 6, sign, 22, look.style(verdict_role(tile.verdict)));
        buf.set_stringn(2 + column * 24, 7, &tile.words_short, 22, look.style(Role::Text));
        buf.set_stringn(2 + column * 24, 8, tile.target.unwrap_or_default(), 22, look.style(Role::Dim));
    }
    std::fs::write(format!("{dir}/sparks-120x10.ans"), text::coloured(&buf)).unwrap();
}
