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

/// Checks every visible point's dot against the rows of its lines, and its sign's cell against the drawn line.
fn holds_the_sides(chart: &Chart, plan: &Plan, buf: &Buffer) -> Result<(), TestCaseError> {
    let visible = chart.points.iter().enumerate().skip(plan.first).take(plan.count);
    for (index, point) in visible.filter(|(_, point)| point.is_there()) {
        let levels = plan.ruler.levels(point);
        let row = plan.ruler.dot(point, levels) / 4;
        // Values beyond what a sum can hold have no centre line, and then no side.
        let Some(centre) = levels.centre else {
            prop_assert_eq!(point.side, None);
            continue;
        };
        let side = match row.cmp(&centre) {
            std::cmp::Ordering::Less => Side::Above,
            std::cmp::Ordering::Equal => Side::On,
            std::cmp::Ordering::Greater => Side::Below,
        };
        prop_assert_eq!(Some(side), point.side, "{} in {:?}", point.value, plan.area);
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

/// The letters of a row from one column to another.
fn written(buf: &Buffer, y: u16, from: u16, to: u16) -> String {
    (from..to.min(buf.area.right())).map(|x| buf[(x, y)].symbol()).collect()
}

/// What is written in the margins, under the axis and in the strip: whole labels, none over another.
fn holds_the_labels(chart: &Chart, plan: &Plan, view: &ChartView, buf: &Buffer) -> Result<(), TestCaseError> {
    let look = Look::dark();
    let ticks: Vec<String> = plan::tick_labels(chart, &plan.ruler).map(|(_, label)| label).collect();
    let last = &chart.points[plan.first + plan.count - 1];
    let mut names = vec![margin::centre(chart, last.centre, plan.named)];
    names.extend(margin::target(chart, plan.first + plan.count - 1, plan.named, &look));
    names.extend([last.upper, last.lower].map(|line| chart.scale.line(line)));
    for y in plan.plot.top()..plan.plot.bottom() {
        let left = written(buf, y, plan.area.x, plan.plot.x);
        prop_assert!(left.trim().is_empty() || ticks.iter().any(|tick| tick == left.trim()), "{:?}", left);
        let right = written(buf, y, plan.plot.right(), plan.area.right());
        let name = right.trim().trim_start_matches(['↑', '↓']).trim_start();
        prop_assert!(name.is_empty() || names.iter().any(|other| other == name), "{:?} of {:?}", name, names);
    }
    let mut days: Vec<String> =
        chart.dates(plan.first, plan.count, plan.spacing).into_iter().map(|date| date.1).collect();
    days.extend(view.cursor.and_then(|at| chart.day_of(at)));
    let dates = written(buf, plan.axis_row() + 1, plan.area.x, plan.area.right());
    for date in dates.split("  ").map(str::trim).filter(|date| !date.is_empty()) {
        prop_assert!(days.iter().any(|day| day == date), "{:?} of {:?}", date, days);
    }
    if plan.notes {
        let notes = written(buf, plan.notes_row(), plan.area.x, plan.area.right());
        for note in notes.split_whitespace() {
            prop_assert!(note.split('-').all(|number| number.parse::<usize>().is_ok()), "{:?}", note);
        }
    }
    Ok(())
}

/// Values of every sort that charts must bear.
fn any_value() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => (0i32..12).prop_map(f64::from),
        4 => -1.0e3..1.0e3,
        2 => (0u32..1000).prop_map(|tiny| 5.0 + f64::from(tiny) * 1e-9),
        1 => Just(f64::NAN),
        1 => -1e300..1e300,
    ]
}

fn any_chart() -> impl Strategy<Value = ChartType> {
    prop::sample::select(ChartType::ALL.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn a_point_is_drawn_on_the_side_that_was_computed_and_no_label_over_another(
        values in prop::collection::vec(any_value(), 1..130),
        kind in any_chart(),
        target in prop::option::of(-20.0..20.0),
        size in (0u16..300, 0u16..100),
        window in (0usize..130, prop::option::of(1usize..130)),
        cursor in prop::option::of(0usize..130),
    ) {
        let mut chart = sample::fitting_table(&values, kind);
        if let Some(target) = target {
            chart.target = Some(target);
            // It held from the middle on, and another one before.
            let middle = chart.points.len() / 2;
            for (index, point) in chart.points.iter_mut().enumerate() {
                point.target = if index < middle { target - 3.0 } else { target };
            }
            chart.outline = crate::chart::Outline::of(&chart);
        }
        let cursor = cursor.filter(|at| *at < chart.points.len());
        let view = ChartView { cursor, first: window.0, visible: window.1, show_cursor: true };
        for look in [Look::mono().in_ascii(), Look::dark().in_blocks()] {
            drawn(&chart, &view, size.0, size.1, &look);
        }
        let look = Look::dark();
        let buf = drawn(&chart, &view, size.0, size.1, &look);
        if size.0 >= LEAST.0 && size.1 >= LEAST.1 && !chart.points.is_empty() {
            let (first, count) = view.window(chart.points.len());
            let plan = Plan::of(&chart, Rect::new(0, 0, size.0, size.1), first, count, &look);
            holds_the_sides(&chart, &plan, &buf)?;
            let seen = ChartView { cursor: cursor.filter(|at| (first..first + count).contains(at)), ..view };
            holds_the_labels(&chart, &plan, &seen, &buf)?;
        }
    }

    #[test]
    fn what_happened_on_one_day_stands_in_one_column_of_two_charts(
        one in prop::collection::vec(any_value(), 1..90),
        other in prop::collection::vec(any_value(), 1..200),
        kinds in (any_chart(), any_chart()),
        visible in prop::option::of(1usize..60),
        size in (0u16..300, 0u16..100),
    ) {
        let charts = [sample::fitting_table(&one, kinds.0), sample::fitting_table(&other, kinds.1)];
        let view = ChartView { visible, first: 3, cursor: Some(one.len() / 2), show_cursor: true };
        let area = Rect::new(0, 0, size.0, size.1);
        for look in [Look::dark(), Look::mono().in_ascii()] {
            draw_pair([&charts[0], &charts[1]], &view, area, &mut Buffer::empty(area), &look);
        }
        if size.0 < LEAST.0 || size.1 / 2 < LEAST.1 + 1 || charts.iter().any(|chart| chart.points.is_empty()) {
            return Ok(());
        }
        let plans = pair::plans([&charts[0], &charts[1]], &view, area, &Look::dark());
        for (index, point) in charts[0].points.iter().enumerate().skip(plans[0].first).take(plans[0].count) {
            let same = charts[1].points.iter().position(|other| other.start.date() == point.start.date());
            let same = same.filter(|at| (plans[1].first..plans[1].first + plans[1].count).contains(at));
            if let Some(same) = same {
                let columns = (plans[0].column(index) + plans[0].plot.x, plans[1].column(same) + plans[1].plot.x);
                prop_assert_eq!(columns.0, columns.1);
            }
        }
    }

    #[test]
    fn the_parts_of_a_measure_take_every_size(
        parts in prop::collection::vec(prop::collection::vec(any_value(), 0..60), 0..6),
        visible in prop::option::of(1usize..60),
        size in (0u16..300, 0u16..100),
    ) {
        let whole = sample::table(&parts.concat(), ChartType::Run);
        let parts: Vec<(String, Chart)> =
            parts.iter().map(|values| ("late shift".to_owned(), sample::table(values, ChartType::Run))).collect();
        let area = Rect::new(0, 0, size.0, size.1);
        for look in [Look::dark(), Look::mono().in_ascii()] {
            draw_strata(&whole, &parts, &ChartView { first: 5, visible, ..ChartView::default() }, area, &mut Buffer::empty(area), &look);
        }
    }
}

#[test]
fn no_size_and_no_number_of_points_stop_any_chart() {
    let sizes =
        [(0, 0), (1, 1), (2, 5), (19, 4), (20, 5), (21, 6), (40, 12), (80, 24), (120, 40), (200, 60), (300, 100)];
    for kind in ChartType::ALL {
        for count in [0usize, 1, 2, 12, 365, 100_000] {
            #[allow(clippy::cast_precision_loss)]
            let values: Vec<f64> = (0..count).map(|at| ((at * 7919) % 41) as f64).collect();
            let chart = sample::fitting_table(&values, kind);
            let middle = chart.points.len() / 2;
            let few = if count > 1_000 { &sizes[7..] } else { &sizes[..] };
            for (width, height) in few.iter().copied().chain([(0, 0), (20, 5)]) {
                for look in [Look::dark(), Look::mono().in_ascii(), Look::dark().in_blocks()] {
                    let view = ChartView { cursor: Some(middle), show_cursor: true, ..ChartView::default() };
                    drawn(&chart, &view, width, height, &look);
                    drawn(&chart, &ChartView { visible: Some(10), first: count, ..view }, width, height, &look);
                }
            }
        }
    }
}

/// A name, and each value by its place.
type Odd = (&'static str, fn(usize) -> f64);

/// Values that leave a chart little to go by, or too much.
const ODD: [Odd; 7] = [
    ("all equal", |_| 7.0),
    ("all nought", |_| 0.0),
    ("all missing", |_| f64::NAN),
    ("as large as can be", |at| if at % 2 == 0 { 1e308 } else { -1e308 }),
    ("hardly anything", |at| (at % 3) as f64 * 1e-308),
    ("one far off", |at| if at == 1 { 1e300 } else { 3.0 }),
    ("every other missing", |at| if at % 2 == 0 { f64::NAN } else { (at % 13) as f64 }),
];

#[test]
fn odd_values_on_every_chart_at_every_size_keep_their_sides_and_their_labels_apart() {
    let sizes = [(0, 0), (1, 3), (20, 5), (23, 7), (36, 9), (47, 12), (80, 24), (120, 40), (300, 100)];
    let look = Look::dark();
    for kind in ChartType::ALL {
        for (name, value) in ODD {
            for count in [1usize, 2, 12, 365] {
                let chart = sample::fitting_table(&(0..count).map(value).collect::<Vec<_>>(), kind);
                for (width, height) in sizes {
                    let view = ChartView { cursor: Some(count / 2), show_cursor: true, ..ChartView::default() };
                    let buf = drawn(&chart, &view, width, height, &look);
                    if width < LEAST.0 || height < LEAST.1 || chart.points.is_empty() {
                        continue;
                    }
                    let area = Rect::new(0, 0, width, height);
                    let plan = Plan::of(&chart, area, 0, chart.points.len(), &look);
                    let held = holds_the_sides(&chart, &plan, &buf)
                        .and_then(|()| holds_the_labels(&chart, &plan, &view, &buf));
                    assert!(held.is_ok(), "{kind:?} of {count}, {name}, {width}x{height}: {held:?}");
                }
            }
        }
    }
}

#[test]
fn very_many_points_are_drawn_as_if_one_by_one() {
    for kind in [ChartType::Xmr, ChartType::Run, ChartType::P] {
        #[allow(clippy::cast_precision_loss)]
        let values: Vec<f64> = (0..9_000usize).map(|at| ((at * at * 31) % 37) as f64).collect();
        let chart = sample::fitting_table(&values, kind);
        let area = Rect::new(0, 0, 120, 40);
        let look = Look::dark();
        let plan = Plan::of(&chart, area, 0, chart.points.len(), &look);
        assert!(plan.is_packed());
        let buf = drawn(&chart, &ChartView::default(), 120, 40, &look);
        for (index, point) in chart.points.iter().enumerate().filter(|(_, point)| point.is_there()) {
            let row = u16::try_from(plan.ruler.dot(point, plan.ruler.levels(point)) / 4).unwrap();
            let cell = buf[(plan.plot.x + plan.column(index), plan.plot.y + row)].symbol();
            assert_ne!(cell, " ", "{index}");
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
