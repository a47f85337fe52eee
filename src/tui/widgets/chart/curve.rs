//! The curve: points with their signs, and the thread that joins them.

use ratatui::buffer::Buffer;
use ratatui::style::Modifier;

use super::plan::Plan;
use crate::app::look::{Look, Role};
use crate::chart::{Chart, ChartPoint};
use crate::spc::Verdict;
use crate::tui::widgets::braille::Canvas;

/// In a crowded chart the same sign comes again after so many columns.
const AGAIN: i32 = 4;

/// The sign and role of a point.
pub(super) fn sign(point: &ChartPoint, ascii: bool) -> (char, Role) {
    if point.ghost.is_some() {
        return (if ascii { 'o' } else { '○' }, Role::Ghost);
    }
    verdict_sign(point.verdict, ascii)
}

/// The sign and role of a verdict.
pub(super) fn verdict_sign(verdict: Verdict, ascii: bool) -> (char, Role) {
    match (verdict, ascii) {
        (Verdict::Common, false) => ('●', Role::Common),
        (Verdict::Improvement, false) => ('◆', Role::Improvement),
        (Verdict::Concern, false) => ('▲', Role::Concern),
        (Verdict::Neutral, false) => ('■', Role::Neutral),
        (Verdict::Common, true) => ('*', Role::Common),
        (Verdict::Improvement, true) => ('+', Role::Improvement),
        (Verdict::Concern, true) => ('!', Role::Concern),
        (Verdict::Neutral, true) => ('#', Role::Neutral),
    }
}

/// The tones of the thread; of several in a cell the highest shows.
pub(crate) fn tone(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Common => 1,
        Verdict::Improvement => 2,
        Verdict::Neutral => 3,
        Verdict::Concern => 4,
    }
}

/// The role of a tone of the thread.
pub(crate) fn tone_role(tone: u8) -> Role {
    match tone {
        2 => Role::Improvement,
        3 => Role::Neutral,
        4 => Role::Concern,
        _ => Role::Thread,
    }
}

/// Draws the visible points.
pub(super) fn draw(chart: &Chart, plan: &Plan, cursor: Option<usize>, look: &Look, buf: &mut Buffer) {
    let mut thread = Thread::new(plan);
    let mut marks = vec![None::<Mark>; usize::from(plan.plot.width)];
    if plan.is_packed() {
        packed(chart, plan, cursor, look, (&mut thread, &mut marks));
    } else {
        each(chart, plan, cursor, look, (&mut thread, &mut marks));
    }
    thread.finish();
    let look_of = |tone| look.style(tone_role(tone));
    thread.canvas.paint(plan.plot, buf, look, look_of);
    if plan.is_crowded() {
        super::lines::draw_centre(chart, plan, look, buf);
    }
    draw_marks(plan, &marks, look, buf);
}

/// Joins so many points that a dot column holds several: each column is one bar from the lowest point to
/// the highest, with the sign of the one that says most.
fn packed(
    chart: &Chart,
    plan: &Plan,
    cursor: Option<usize>,
    look: &Look,
    (thread, marks): (&mut Thread, &mut [Option<Mark>]),
) {
    for ghost in chart.outline.ghosts(plan.first..plan.first + plan.count) {
        let Some(point) = chart.points.get(*ghost) else { continue };
        let (sign, role) = sign(point, look.ascii);
        let row = plan.ruler.dot(point, plan.ruler.levels(point)) / 4;
        mark(plan, marks, plan.dot(*ghost), Mark { row, off: 0, sign, role, is_cursor: false });
    }
    for (x, range) in plan.stretches(chart) {
        let Some(stretch) = chart.outline.over(&chart.points, range) else {
            thread.cut();
            continue;
        };
        let dot_of = |index: usize| {
            let point = &chart.points[index];
            plan.ruler.dot(point, plan.ruler.levels(point))
        };
        let heavy = stretch.heavy.1;
        thread.to(x, dot_of(stretch.low.1), Verdict::Common);
        thread.to(x, dot_of(stretch.high.1), chart.points[heavy].verdict);
        let (sign, role) = sign(&chart.points[heavy], look.ascii);
        if role != Role::Common {
            mark(plan, marks, x, Mark { row: dot_of(heavy) / 4, off: 0, sign, role, is_cursor: false });
        }
    }
    if let Some(point) = cursor.and_then(|at| chart.points.get(at)).filter(|point| point.is_there()) {
        let (sign, role) = sign(point, look.ascii);
        let row = plan.ruler.dot(point, plan.ruler.levels(point)) / 4;
        mark(plan, marks, plan.dot(cursor.unwrap_or(0)), Mark { row, off: 0, sign, role, is_cursor: true });
    }
}

/// Puts a mark in its column, where no heavier one is.
fn mark(plan: &Plan, marks: &mut [Option<Mark>], x: i32, mark: Mark) {
    let column = usize::try_from(x / 2).unwrap_or(0).min(usize::from(plan.plot.width.saturating_sub(1)));
    if let Some(slot) = marks.get_mut(column)
        && slot.is_none_or(|before| before.weight() <= mark.weight())
    {
        *slot = Some(mark);
    }
}

/// Joins the visible points one by one.
fn each(
    chart: &Chart,
    plan: &Plan,
    cursor: Option<usize>,
    look: &Look,
    (thread, marks): (&mut Thread, &mut [Option<Mark>]),
) {
    let visible = chart.points.iter().enumerate().skip(plan.first).take(plan.count);
    for (index, point) in visible {
        if !point.is_there() {
            thread.cut();
            continue;
        }
        let levels = plan.ruler.levels(point);
        let dot = plan.ruler.dot(point, levels);
        let x = plan.dot(index);
        if point.speaks() {
            let toned = plan.is_dense() || (plan.is_low() && !look.ascii);
            thread.to(x, dot, if toned { point.verdict } else { Verdict::Common });
        }
        let is_cursor = cursor == Some(index);
        let (sign, role) = sign(point, look.ascii);
        // On few rows signs side by side would hide which way the thread goes: the last of them stands for all.
        let after = chart.points.get(index + 1).filter(|_| plan.is_low() && index + 1 < plan.first + plan.count);
        if !is_cursor && after.is_some_and(|after| after.speaks() && after.verdict == point.verdict) {
            continue;
        }
        if plan.is_roomy() || role != Role::Common || is_cursor {
            let off = (dot / 4 - levels.centre.unwrap_or(0)).abs();
            mark(plan, marks, x, Mark { row: dot / 4, off, sign, role, is_cursor });
        }
    }
}

/// A sign that waits to be drawn in its column.
#[derive(Debug, Clone, Copy)]
struct Mark {
    row: i32,
    /// How far it is from the centre line.
    off: i32,
    sign: char,
    role: Role,
    is_cursor: bool,
}

impl Mark {
    /// Of several in a column the heaviest shows.
    fn weight(self) -> (bool, u8, i32) {
        let rank = match self.role {
            Role::Concern => 3,
            Role::Improvement | Role::Neutral => 2,
            Role::Ghost => 0,
            _ => 1,
        };
        (self.is_cursor, rank, self.off)
    }
}

fn draw_marks(plan: &Plan, marks: &[Option<Mark>], look: &Look, buf: &mut Buffer) {
    let mut before: Option<(i32, Role)> = None;
    for (column, mark) in (0i32..).zip(marks) {
        let Some(mark) = mark else { continue };
        let is_crowded = plan.is_dense() && !mark.is_cursor;
        if is_crowded && before.is_some_and(|(at, role)| role == mark.role && column - at < AGAIN) {
            continue;
        }
        before = Some((column, mark.role));
        let (Ok(x), Ok(y)) = (u16::try_from(column), u16::try_from(mark.row)) else { continue };
        let mut style = look.style(mark.role);
        if mark.is_cursor {
            let more = if look.colour { Modifier::BOLD } else { Modifier::REVERSED };
            style = style.add_modifier(more);
        }
        if let Some(cell) = buf.cell_mut((plan.plot.x + x, plan.plot.y + y)) {
            cell.set_char(mark.sign).set_style(style);
        }
    }
}

/// The thread as it is drawn: one dot column after the other, so that a hundred thousand points cost
/// one bar for each column and not one line for each point.
pub(crate) struct Thread {
    pub(crate) canvas: Canvas,
    /// The column that is being collected: its place, lowest and highest dot, tone.
    open: Option<(i32, i32, i32, u8)>,
    /// The last dot that was joined.
    last: Option<(i32, i32)>,
}

impl Thread {
    fn new(plan: &Plan) -> Self {
        Self::on(Canvas::new(plan.plot.width, plan.plot.height))
    }

    /// A thread on an empty canvas.
    pub(crate) fn on(canvas: Canvas) -> Self {
        Self { canvas, open: None, last: None }
    }

    /// The thread ends: the next point begins anew.
    pub(crate) fn cut(&mut self) {
        self.finish();
        self.last = None;
    }

    /// The thread goes on to a point.
    pub(crate) fn to(&mut self, x: i32, y: i32, verdict: Verdict) {
        let tone = tone(verdict);
        match &mut self.open {
            Some((column, low, high, tones)) if *column == x => {
                (*low, *high, *tones) = ((*low).min(y), (*high).max(y), (*tones).max(tone));
            }
            _ => {
                self.finish();
                if let Some(last) = self.last {
                    self.canvas.line(last, (x, y), 1);
                }
                self.open = Some((x, y, y, tone));
            }
        }
        self.last = Some((x, y));
    }

    /// Draws the column that is being collected.
    pub(crate) fn finish(&mut self) {
        if let Some((x, low, high, tone)) = self.open.take() {
            self.canvas.bar(x, low, high, tone);
        }
    }
}
