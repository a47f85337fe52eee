//! A funnel plot: every team at its size, between the limits that chance gives a team of that size.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::plan::cells;
use super::ruler::{Ruler, Spot};
use super::{put, verdict_role};
use crate::app::look::{Look, Role};
use crate::base::text;
use crate::chart::extent::{Extent, nice};
use crate::chart::{Funnel, FunnelPoint};
use crate::spc::{FunnelLimits, Side, Verdict};
use crate::tui::widgets::braille::Canvas;

/// In a smaller area nothing is drawn: above, on and below the line need a row each.
const LEAST: (u16, u16) = (20, 6);

/// Where everything stands.
struct Frame<'a> {
    funnel: &'a Funnel,
    plot: Rect,
    area: Rect,
    ruler: Ruler,
    /// The sizes at the ends of the axis.
    sizes: (f64, f64),
}

/// Draws a funnel; the team of this name is marked as one's own.
pub fn draw_funnel(funnel: &Funnel, own: &str, area: Rect, buf: &mut Buffer, look: &Look) {
    let area = area.intersection(buf.area);
    if area.width < LEAST.0 || area.height < LEAST.1 {
        return;
    }
    let Some(frame) = Frame::of(funnel, area) else { return };
    frame.lines(look, buf);
    frame.ticks(look, buf);
    frame.teams(own, look, buf);
}

impl<'a> Frame<'a> {
    fn of(funnel: &'a Funnel, area: Rect) -> Option<Self> {
        let curve = funnel.curve(2);
        let sizes = (curve.first()?.0, curve.last()?.0);
        let rows = area.height.saturating_sub(3).max(1);
        let ruler = Ruler::over(&funnel.scale, extent(funnel), rows);
        let step = ruler.step();
        let label = |plotted| funnel.scale.with_unit(funnel.scale.tick(plotted, step));
        let left = ruler.ticks().map(|(_, plotted)| cells(&label(plotted))).max().unwrap_or(0) + 1;
        let width = area.width.saturating_sub(left + 1).max(1);
        let plot = Rect::new(area.x + left.min(area.width - 1), area.y, width, rows).intersection(area);
        Some(Self { funnel, plot, area, ruler, sizes })
    }

    /// The column of a size.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the plot")]
    fn column(&self, size: f64) -> u16 {
        let (low, high) = self.sizes;
        let share = ((size - low) / (high - low).max(f64::MIN_POSITIVE)).clamp(0.0, 1.0);
        (share * f64::from(self.plot.width.saturating_sub(1))).round() as u16
    }

    /// The size at a column.
    fn size(&self, column: u16) -> f64 {
        let (low, high) = self.sizes;
        low + (high - low) * f64::from(column) / f64::from(self.plot.width.saturating_sub(1).max(1))
    }

    /// The centre line and the limits at two and at three sigma. In the column of a team they are those of
    /// that team, so that it stands on the side of them that was computed.
    fn lines(&self, look: &Look, buf: &mut Buffer) {
        let mut canvas = Canvas::new(self.plot.width, self.plot.height);
        for column in 0..self.plot.width {
            let team = self.teams_at(column).next();
            let limits = team.map_or_else(|| self.funnel.limits_at(self.size(column)), |team| team.limits);
            let x = 2 * i32::from(column);
            let inner = self.ruler.levels(self.spot(f64::NAN, None, limits.near_lower, limits.near_upper));
            // The inner limits are dotted, so that shape tells them from the outer ones too.
            if column % 3 == 0 {
                let rows = [(inner.lower, limits.near_lower), (inner.upper, limits.near_upper)];
                for (row, line) in rows.into_iter().filter_map(|(row, line)| Some((row?, line))) {
                    canvas.set(x, self.ruler.dot_in(row, line), 0);
                }
            }
            let outer = self.ruler.levels(self.spot(f64::NAN, None, limits.lower, limits.upper));
            let rows = [(outer.lower, limits.lower), (outer.upper, limits.upper)];
            for (row, line) in rows.into_iter().filter_map(|(row, line)| Some((row?, line))) {
                for x in [x, x + 1] {
                    canvas.set(x, self.ruler.dot_in(row, line), 1);
                }
            }
            if let Some(row) = outer.centre.and_then(|row| u16::try_from(row).ok()) {
                let sign = if look.ascii { "-" } else { "─" };
                put(buf, self.plot, self.plot.x + column, self.plot.y + row, sign, look.style(Role::Line));
            }
        }
        let role = |tone| look.style(if tone == 0 { Role::Faint } else { Role::Limit });
        canvas.paint(self.plot, buf, look, role);
    }

    fn spot(&self, value: f64, side: Option<Side>, lower: f64, upper: f64) -> Spot {
        Spot { value, side, centre: self.funnel.centre, lower, upper }
    }

    fn teams_at(&self, column: u16) -> impl Iterator<Item = &FunnelPoint> {
        let there = self.funnel.teams.iter().filter(|team| team.side.is_some());
        there.filter(move |team| self.column(team.denominator) == column)
    }

    /// The row of a team, on the side of each line that was computed.
    fn row(&self, team: &FunnelPoint) -> Option<u16> {
        let FunnelLimits { lower, upper, .. } = team.limits;
        let spot = self.spot(team.value, team.side, lower, upper);
        u16::try_from(self.ruler.dot(spot, self.ruler.levels(spot)) / 4).ok()
    }

    fn ticks(&self, look: &Look, buf: &mut Buffer) {
        let style = look.style(Role::Dim);
        let step = self.ruler.step();
        for (row, plotted) in self.ruler.ticks() {
            let label = self.funnel.scale.with_unit(self.funnel.scale.tick(plotted, step));
            let x = (self.plot.x - 1).saturating_sub(cells(&label)).max(self.area.x);
            put(buf, self.area, x, self.plot.y + row, &label, style);
        }
        let axis = self.plot.bottom();
        for x in self.plot.left()..self.plot.right() {
            put(buf, self.area, x, axis, if look.ascii { "-" } else { "─" }, look.style(Role::Faint));
        }
        let apart = nice((self.sizes.1 - self.sizes.0) / f64::from((self.plot.width / 12).max(1)));
        let mut at = (self.sizes.0 / apart).ceil() * apart;
        let mut free = self.area.x;
        while at <= self.sizes.1 {
            let label = text::number(at, 2);
            let x = (self.plot.x + self.column(at)).saturating_sub(cells(&label) / 2).max(self.area.x);
            if x >= free && x + cells(&label) <= self.area.right() {
                let tick = if look.ascii { "|" } else { "┬" };
                put(buf, self.area, self.plot.x + self.column(at), axis, tick, look.style(Role::Faint));
                put(buf, self.area, x, axis + 1, &label, style);
                free = x + cells(&label) + 2;
            }
            at += apart;
        }
        put(buf, self.area, self.plot.x, axis + 2, "counted from so many", look.style(Role::Faint));
    }

    /// The teams, one's own over the others; those that stand out, and one's own, with their names.
    fn teams(&self, own: &str, look: &Look, buf: &mut Buffer) {
        let mut teams: Vec<&FunnelPoint> = self.funnel.teams.iter().filter(|team| team.side.is_some()).collect();
        teams.sort_by_key(|team| (team.verdict != Verdict::Common, team.name == own));
        for team in &teams {
            let Some(row) = self.row(team) else { continue };
            let (sign, role) = super::curve::verdict_sign(team.verdict, look.ascii);
            let (x, y) = (self.plot.x + self.column(team.denominator), self.plot.y + row);
            let is_own = team.name == own;
            let style = look.style(if is_own && team.verdict == Verdict::Common { Role::Accent } else { role });
            let style = if is_own { style.add_modifier(Modifier::BOLD) } else { style };
            let mut letters = [0; 4];
            put(buf, self.plot, x, y, sign.encode_utf8(&mut letters), style);
        }
        for team in teams.iter().rev().filter(|team| team.name == own || team.verdict != Verdict::Common) {
            let Some(row) = self.row(team) else { continue };
            let (x, y) = (self.plot.x + self.column(team.denominator), self.plot.y + row);
            let name = text::clip(&team.name, 24);
            let width = cells(&name);
            let places = [x + 2, x.saturating_sub(width + 1)];
            let place = places.into_iter().find(|at| self.has_room(*at, y, width, buf));
            let role = if team.name == own { Role::Accent } else { verdict_role(team.verdict) };
            if let Some(at) = place {
                put(buf, self.plot, at, y, &name, look.style(role));
            }
        }
    }

    /// Whether a name may stand here: nothing but lines is there, which a name may break.
    fn has_room(&self, x: u16, y: u16, width: u16, buf: &Buffer) -> bool {
        let signs = ["●", "▲", "◆", "■", "*", "!", "+", "#"];
        let is_line = |sign: &str| !signs.contains(&sign) && !sign.chars().any(char::is_alphanumeric);
        x >= self.plot.x
            && x + width <= self.plot.right()
            && (x..x + width).all(|x| buf.cell((x, y)).is_some_and(|cell| is_line(cell.symbol())))
    }
}

/// What must fit on the vertical axis: the teams, the centre line, and the limits of all but the very smallest.
fn extent(funnel: &Funnel) -> Extent {
    let factor = funnel.scale.factor;
    let there = || funnel.teams.iter().filter(|team| team.side.is_some());
    let lines = there().flat_map(|team| [team.value, team.limits.lower, team.limits.upper]);
    let (mut low, mut high) = (funnel.centre * factor, funnel.centre * factor);
    for shown in lines.map(|plotted| plotted * factor).filter(|shown| shown.is_finite()) {
        (low, high) = (low.min(shown), high.max(shown));
    }
    if high <= low {
        (low, high) = (low - 1.0, high + 1.0);
    }
    let air = (high - low) * 0.05;
    let least = if funnel.scale.is_never_negative() { 0.0 } else { f64::NEG_INFINITY };
    Extent {
        low: (low - air).max(least),
        high: if high <= funnel.scale.most() { (high + air).min(funnel.scale.most()) } else { high + air },
        above: there().any(|team| team.side == Some(Side::Above)),
        below: there().any(|team| team.side == Some(Side::Below)),
        over: there().any(|team| team.value > team.limits.upper),
        under: there().any(|team| team.value < team.limits.lower),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::chart::{FunnelRow, sample};
    use crate::spc::Better;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

        #[test]
        fn a_team_stands_on_the_side_of_every_line_that_was_computed(
            teams in prop::collection::vec((0u32..400, 1u32..400), 0..14),
            width in 0u16..140,
            height in 0u16..60,
        ) {
            let rows: Vec<FunnelRow> = teams.iter().enumerate().map(|(at, (one, other))| FunnelRow {
                name: format!("Ward {at}"),
                numerator: f64::from(*one.min(other)),
                denominator: f64::from(*other),
            }).collect();
            let funnel = Funnel::of("Falls", sample::ward().scale, Better::Down, &rows).unwrap();
            let area = Rect::new(0, 0, width, height);
            let mut buf = Buffer::empty(area);
            draw_funnel(&funnel, "Ward 3", area, &mut buf, &Look::dark());
            if width < LEAST.0 || height < LEAST.1 {
                return Ok(());
            }
            let Some(frame) = Frame::of(&funnel, area) else { return Ok(()) };
            for team in funnel.teams.iter().filter(|team| team.side.is_some()) {
                let spot = frame.spot(team.value, team.side, team.limits.lower, team.limits.upper);
                let levels = frame.ruler.levels(spot);
                let row = i32::from(frame.row(team).unwrap());
                let centre = levels.centre.unwrap();
                prop_assert_eq!(team.side.unwrap(), match row.cmp(&centre) {
                    std::cmp::Ordering::Less => Side::Above,
                    std::cmp::Ordering::Equal => Side::On,
                    std::cmp::Ordering::Greater => Side::Below,
                });
                if let Some(upper) = levels.upper {
                    prop_assert_eq!(row < upper, team.value > team.limits.upper);
                }
                if let Some(lower) = levels.lower {
                    prop_assert_eq!(row > lower, team.value < team.limits.lower);
                }
            }
        }
    }
}
