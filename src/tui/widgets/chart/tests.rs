use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::plan::Plan;
use super::*;
use crate::chart::sample;
use crate::spc::{ChartType, Side};

fn drawn(chart: &Chart, view: &ChartView, width: u16, height: u16, look: &Look) -> Buffer {
    let area = Rect::new(0, 0, width, height);
    let mut buf = Buffer::empty(area);
    draw(chart, view, area, &mut buf, look);
    buf
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
        let chart = sample::table(&values, if xmr { ChartType::Xmr } else { ChartType::Run });
        holds_the_sides(&chart, width, height)?;
    }
}

#[test]
fn no_size_and_no_number_of_points_stop_it() {
    for count in [0usize, 1, 2, 12, 365, 100_000] {
        #[allow(clippy::cast_precision_loss)]
        let values: Vec<f64> = (0..count).map(|at| ((at * 7919) % 101) as f64 / 7.0).collect();
        let chart = sample::table(&values, ChartType::Xmr);
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
        let chart = sample::table(&values, ChartType::Xmr);
        for height in 0..30 {
            drawn(&chart, &ChartView::default(), 80, height, &Look::dark());
        }
        let mut buf = Buffer::empty(Rect::new(0, 0, 30, 10));
        draw(&chart, &ChartView::default(), Rect::new(10, 3, 60, 40), &mut buf, &Look::dark());
    }
}

#[test]
fn ascii_stays_ascii() {
    let chart = sample::ward();
    let view = ChartView { cursor: Some(3), show_cursor: true, ..ChartView::default() };
    let buf = drawn(&chart, &view, 120, 30, &Look::mono().in_ascii());
    assert!(buf.content().iter().all(|cell| cell.symbol().is_ascii()));
}

#[test]
fn panning_keeps_the_vertical_axis() {
    let chart = sample::ward();
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
