//! How the log looks: the list with the worksheet beside it, one of the boards, or the worksheet alone.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use crate::app::look::{Look, Role};
use crate::app::model::Model;
use crate::domain::cycle::{Cycle, Stage};
use crate::tui::widgets::{ascii, ink};

use super::log::View;
use super::{CyclesPane, Under, WIDE, list, sheet, stages, waiting};

/// Draws the pane.
pub(super) fn draw(pane: &CyclesPane, model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
    let area = area.intersection(*buf.area());
    let log = pane.log(model);
    if log.keys(View::Ramp).is_empty() {
        empty(look, area, buf);
    } else if pane.reading {
        let margin = if area.width >= WIDE { 4 } else { 1 };
        sheet_of(
            pane,
            model,
            look,
            Rect { width: area.width.saturating_sub(2 * margin), ..ink::shift_right(area, margin) },
            buf,
        );
    } else {
        let selected = pane.current(model);
        match pane.view {
            View::Ramp => by_ramp(pane, model, look, area, buf),
            View::Stage => {
                stages::draw(&log, look, selected, area, buf);
                pane.page.set(area.height / 4);
            }
            View::Waiting => {
                pane.top.set(waiting::draw(&log, look, selected, pane.top.get(), area, buf));
                pane.page.set(area.height.saturating_sub(4));
            }
        }
    }
    if look.ascii {
        ascii::fold(buf, area);
    }
}

fn by_ramp(pane: &CyclesPane, model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
    let (log, selected) = (pane.log(model), pane.current(model));
    let wide = area.width >= WIDE;
    let width = if wide { (area.width / 3).clamp(38, 56) } else { area.width };
    let place = Rect { width, ..area };
    pane.top.set(list::draw(&log, look, selected, pane.top.get(), place, buf));
    pane.page.set(area.height.saturating_sub(2));
    if wide {
        let beside = ink::shift_right(area, width + 3);
        sheet_of(pane, model, look, Rect { width: beside.width.saturating_sub(1), ..beside }, buf);
    }
}

/// The worksheet of what is selected, and below it what is to be done next.
fn sheet_of(pane: &CyclesPane, model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
    let page = match pane.under(model) {
        Under::Cycle(cycle) => sheet::cycle(model, cycle, area.width),
        Under::Project(project) => sheet::project(&pane.log(model), project, area.width),
        Under::Nothing => return,
    };
    let foot = if area.height > 6 { 2 } else { 0 };
    let body = Rect { height: area.height - foot, ..area };
    pane.scroll.set(page.draw(look, body, pane.scroll.get(), buf));
    pane.page.set(body.height);
    if foot == 0 {
        return;
    }
    let key = look.style(Role::Accent).add_modifier(Modifier::BOLD);
    let mut at = area.x;
    for (sign, words) in next(&pane.under(model)) {
        let room = area.right().saturating_sub(at);
        at = ink::line(buf, at, area.bottom() - 1, room, &[(sign, key), (" ", key), (words, look.style(Role::Text))])
            + 3;
    }
}

/// What is to be done next: a key, and what it does.
fn next(under: &Under<'_>) -> Vec<(&'static str, &'static str)> {
    match under {
        Under::Nothing => Vec::new(),
        Under::Project(_) => vec![("n", "plans a cycle of this project"), ("e", "edits it")],
        Under::Cycle(cycle) => next_of(cycle),
    }
}

fn next_of(cycle: &Cycle) -> Vec<(&'static str, &'static str)> {
    let predicted =
        !cycle.questions.0.is_empty() && cycle.questions.0.iter().all(|asked| !asked.prediction.trim().is_empty());
    match cycle.stage {
        Stage::Plan if predicted => vec![(">", "starts Do and locks the predictions")],
        Stage::Plan => vec![("e", "writes a prediction for each question; then > starts Do")],
        Stage::Do => vec![("o", "notes what is seen"), (">", "ends the test and starts Study")],
        Stage::Study if cycle.results.trim().is_empty() => {
            vec![("e", "compares what was seen with what was predicted")]
        }
        Stage::Study => vec![(">", "goes on to Act")],
        Stage::Act if cycle.decision.is_none() => vec![("d", "decides: adopt, adapt or abandon")],
        Stage::Act => vec![("N", "plans the cycle that follows")],
    }
}

fn empty(look: &Look, area: Rect, buf: &mut Buffer) {
    let words = [
        ("No improvement project yet", Role::Title),
        ("", Role::Dim),
        ("A project answers three questions: what are we trying to accomplish, how", Role::Dim),
        ("will we know, and what can we change? Its cycles test one change at a time:", Role::Dim),
        ("Plan with a prediction, Do, Study, Act.", Role::Dim),
        ("", Role::Dim),
        ("  1 one trolley, one shift        adopt", Role::Faint),
        ("  2 one bay, three shifts         DO · 3 d", Role::Faint),
        ("", Role::Dim),
    ];
    let height = u16::try_from(words.len() + 1).unwrap_or(10);
    let place = ink::centred(area, 76, height);
    for (y, (line, role)) in (place.top()..place.bottom()).zip(words) {
        ink::put(buf, place.x, y, place.width, line, look.style(role));
    }
    if place.height >= height {
        let key = look.style(Role::Accent).add_modifier(Modifier::BOLD);
        let parts = [("P", key), ("  starts the first project", look.style(Role::Text))];
        ink::line(buf, place.x, place.bottom() - 1, place.width, &parts);
    }
}
