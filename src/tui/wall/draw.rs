//! How the wall looks: the ward and the time above, one picture, and how old what it shows is below.

mod board;
mod chart;
mod promises;
mod work;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use super::slides::{self, Slide};
use crate::app::look::{Look, Role};
use crate::app::model::Model;
use crate::chart::{Tile, word};
use crate::domain::due::age;
use crate::domain::frequency::Frequency;
use crate::domain::measure::Measure;
use crate::tui::widgets::letters::{self, Size};
use crate::tui::widgets::{big, ink};

/// From this height on the ward's name stands in large letters.
const TALL: u16 = 36;

/// The rows of the head.
fn head(area: Rect) -> u16 {
    if area.height >= TALL && area.width >= 100 { 5 } else { 1 }
}

/// The room of the pictures: under the ward's name, over the line of their age.
pub(super) fn room(area: Rect) -> Rect {
    let under = ink::below(area, head(area) + 1);
    let inside = Rect { height: under.height.saturating_sub(2), ..under };
    Rect { x: inside.x + 1, width: inside.width.saturating_sub(2), ..inside }
}

/// The ward's name, the time, and the line below.
pub(super) fn frame(slides: &[Slide], at: usize, model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
    let bar = look.style(Role::Frame);
    let on = |role: Role| bar.patch(look.style(role)).add_modifier(Modifier::BOLD);
    let top = Rect { height: head(area).min(area.height), ..area };
    ink::ground(buf, top, bar);
    let most = if top.height >= 5 { Size::Three } else { Size::Plain };
    let line =
        Rect { x: area.x + 1, y: top.y + u16::from(top.height >= 5), width: area.width.saturating_sub(2), ..top };
    let line = Rect { height: most.rows().min(line.height), ..line };
    let wall = model.wall();
    let large = |time: &String| most.fitting(time, line.width / 2, line.height, look) == most;
    let times = if area.width >= 70 { ["%a %-d %b  %H:%M", "%H:%M"] } else { ["%H:%M"; 2] };
    let [long, short] = times.map(|format| wall.format(format).to_string());
    let time = if large(&long) { long } else { short };
    let size = most.fitting(&time, line.width / 2, line.height, look);
    let wide = letters::cells(&time, size).unwrap_or(0).min(line.width);
    let right = ink::shift_right(line, line.width - wide);
    letters::draw(&time, size, right, on(Role::Text), look, buf);
    let left = Rect { width: line.width.saturating_sub(wide + 10), ..line };
    let size = most.fitting(&model.team.name, left.width, left.height, look);
    let end = letters::draw(&model.team.name, size, left, on(Role::Title), look, buf);
    if model.team.demo {
        let style = on(Role::Due).add_modifier(Modifier::REVERSED);
        ink::put(buf, end + 2, line.y + line.height / 2, 6, " DEMO ", style);
    }
    let bottom = Rect { y: area.bottom().saturating_sub(1), height: 1, ..area };
    ink::ground(buf, bottom, bar);
    let title = slides.get(at).map_or("", Slide::title);
    let place = if slides.len() > 1 { format!("{title} · {} of {}", at + 1, slides.len()) } else { title.to_owned() };
    let end = ink::put(buf, bottom.x + 1, bottom.y, bottom.width, &place, on(Role::Text));
    let left = bottom.right().saturating_sub(end + 3);
    match model.unread_since {
        None => ink::put_right(buf, bottom.right() - 1, bottom.y, left, &data_age(model), on(Role::Dim)),
        Some(_) => unread(model, look, bottom, end, buf),
    }
}

/// Says that the picture is an old one.
fn unread(model: &Model, look: &Look, bottom: Rect, end: u16, buf: &mut Buffer) {
    let Some(since) = model.unread_since else { return };
    let wall = model.zone().wall(since);
    let when = if wall.date() == model.today() { wall.format("%H:%M") } else { wall.format("%a %-d %b %H:%M") };
    let (long, short) = (format!(" NOT READ SINCE {when}, trying again "), format!(" NOT READ SINCE {when} "));
    let room = bottom.right().saturating_sub(end + 2);
    let words = if usize::from(room) >= long.len() { long } else { short };
    let style = look.style(Role::Error).add_modifier(Modifier::BOLD | Modifier::REVERSED);
    ink::put_right(buf, bottom.right(), bottom.y, room, &words, style);
}

/// How old the newest value on the wall is.
fn data_age(model: &Model) -> String {
    let public = model.measures.iter().filter(|measure| !measure.private);
    let newest = public.filter_map(|measure| model.tiles.get(&measure.id)?.start).max();
    newest.map_or_else(
        || "no values yet".to_owned(),
        |start| format!("newest value: {}", age(Frequency::Day, start.date(), model.today())),
    )
}

/// Draws a picture.
pub(super) fn slide(slide: &Slide, model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
    if area.width < 10 || area.height < 3 {
        return;
    }
    match slide {
        Slide::Board(ids) => board::draw(ids, model, look, area, buf),
        Slide::Work(keys) => work::draw(keys, model, look, area, buf),
        Slide::Chart(id) => chart::draw(*id, model, look, area, buf),
        Slide::Promises(ids) => promises::draw(ids, model, look, area, buf),
        Slide::Nothing => {
            let middle = ink::centred(area, area.width, 3);
            letters::fit("No values yet", Size::Three, middle, look.style(Role::Dim), look, buf);
        }
    }
}

/// Takes the light out of a picture that is drawn: a third of it stays.
pub(super) fn dim(area: Rect, buf: &mut Buffer) {
    let darker = |colour: Color| match colour {
        Color::Rgb(red, green, blue) => Some(Color::Rgb(red / 3, green / 3, blue / 3)),
        _ => None,
    };
    for y in area.top()..area.bottom() {
        for x in area.left()..area.right() {
            let Some(cell) = buf.cell_mut((x, y)) else { continue };
            match (darker(cell.fg), darker(cell.bg)) {
                (None, None) => cell.modifier |= Modifier::DIM,
                (letters, ground) => {
                    cell.fg = letters.unwrap_or(cell.fg);
                    cell.bg = ground.unwrap_or(cell.bg);
                }
            }
        }
    }
}

/// The number of a measure and what stands beside it: its latest value and the rest of its unit; of rare
/// events the days since the last one.
fn number(measure: &Measure, tile: &Tile, model: &Model) -> (String, String) {
    if let Some(days) = model.days_since(measure) {
        return (days.to_string(), format!("{} since", Frequency::Day.noun(usize::try_from(days).unwrap_or(0))));
    }
    match tile.value.split_once(' ') {
        Some((number, unit)) => (number.to_owned(), unit.to_owned()),
        None => (tile.value.clone(), String::new()),
    }
}

/// Writes a number in big digits with its unit behind it. Returns the cells that they took.
fn big_number(words: (&str, &str), area: Rect, style: Style, look: &Look, buf: &mut Buffer) -> (u16, u16) {
    let (number, unit) = words;
    let (wide, high) = if area.height >= big::ROWS {
        big::draw(number, area, style, look, buf)
    } else {
        let size = Size::Three.fitting(number, area.width, area.height, look);
        (letters::draw(number, size, area, style, look, buf).saturating_sub(area.x), size.rows())
    };
    let x = area.x + wide + 1;
    let end = ink::put(buf, x, (area.y + high).saturating_sub(1), area.right().saturating_sub(x), unit, style);
    (end.saturating_sub(area.x), high)
}

/// The verdict in a word: in large letters without its sign, which they cannot write.
fn verdict(tile: &Tile, most: Size, area: Rect, look: &Look, buf: &mut Buffer) -> u16 {
    let style = look.style(crate::tui::widgets::chart::verdict_role(tile.verdict)).add_modifier(Modifier::BOLD);
    let said = if tile.early { "too early" } else { word(tile.verdict) };
    let size = most.fitting(said, area.width, area.height, look);
    if size == Size::Plain {
        let badge = crate::chart::badge(tile.verdict, tile.early, look.ascii);
        ink::put(buf, area.x, area.y, area.width, &badge, style);
        return 1;
    }
    letters::draw(said, size, area, style, look, buf);
    size.rows()
}

/// How old a measure's latest value is, said where it stands.
fn age_of(measure: &Measure, tile: &Tile, model: &Model) -> (String, Role) {
    let old = tile
        .start
        .map_or_else(|| "no data yet".to_owned(), |start| age(measure.frequency, start.date(), model.today()));
    if model.due(measure).is_due() { (format!("due, last: {old}"), Role::Due) } else { (old, Role::Dim) }
}

use slides::public;
