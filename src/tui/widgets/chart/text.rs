//! The chart as lines of text, for the command line: plain, or with colours.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use super::{ChartView, draw, put, verdict_role};
use crate::app::look::{Look, Role};
use crate::base::text;
use crate::chart::{Chart, rule_letter};
use crate::spc::Better;

/// So many signals are keyed under the chart, the latest first.
const SIGNALS: usize = 5;

/// The chart of so many cells under its title and over its words, as plain text.
#[must_use]
pub fn text(chart: &Chart, width: u16, height: u16, look: &Look) -> String {
    written(&page(chart, width, height, look), |_, _| {})
}

/// The same with the escape sequences of the look's colours.
#[must_use]
pub fn text_with_colours(chart: &Chart, width: u16, height: u16, look: &Look) -> String {
    coloured(&page(chart, width, height, look))
}

/// A sheet with the escape sequences of its styles.
pub(super) fn coloured(buf: &Buffer) -> String {
    let mut style = Style::reset();
    written(buf, move |out, cell| {
        let now = cell.map_or_else(Style::reset, Cell::style);
        if now != style {
            style = now;
            escape(out, now);
        }
    })
}

/// Title, chart and words on one sheet.
fn page(chart: &Chart, width: u16, height: u16, look: &Look) -> Buffer {
    let width = width.clamp(1, 500);
    let height = height.min(200);
    let words = lines(chart, usize::from(width), look);
    let rows = u16::try_from(words.len()).unwrap_or(100);
    let area = Rect::new(0, 0, width, height + rows + 2);
    let mut buf = Buffer::empty(area);
    // The name of a table may hold anything.
    let name = text::clean_line(&chart.name);
    put(&mut buf, area, 0, 0, &name, look.style(Role::Title));
    let x = u16::try_from(text::width(&name) + 2).unwrap_or(u16::MAX);
    let about = if look.ascii { in_ascii(&subtitle(chart)) } else { subtitle(chart) };
    put(&mut buf, area, x, 0, &about, look.style(Role::Dim));
    draw(chart, &ChartView::default(), Rect::new(0, 2, width, height), &mut buf, look);
    for (row, (line, role)) in (height + 2..).zip(words) {
        put(&mut buf, area, 0, row, &line, look.style(role));
    }
    let verdict = chart.verdict();
    put(&mut buf, area, 0, height + 3, &chart.badge(look.ascii), look.style(verdict_role(verdict)));
    buf
}

/// "weekly · down is good · XmR · Making Data Count rules".
fn subtitle(chart: &Chart) -> String {
    let mut parts = Vec::with_capacity(5);
    if !chart.unit.is_empty() {
        parts.push(chart.unit.clone());
    }
    match chart.better {
        Better::Up => parts.push("up is good".to_owned()),
        Better::Down => parts.push("down is good".to_owned()),
        Better::Neither => {}
    }
    parts.push(chart.chart.label().to_owned());
    parts.push(chart.rules.label().to_owned());
    parts.join(" · ")
}

fn lines(chart: &Chart, width: usize, look: &Look) -> Vec<(String, Role)> {
    let mut out = vec![(String::new(), Role::Text)];
    let mut add = |words: &str, role: Role| {
        let words = if look.ascii { in_ascii(words) } else { words.to_owned() };
        out.extend(text::wrap(&words, width).into_iter().map(|line| (line, role)));
    };
    add(&format!("{}. {}", chart.badge(look.ascii), chart.words.verdict), Role::Text);
    if !chart.words.act.is_empty() {
        add(chart.words.act, Role::Title);
    }
    if let Some(suggestion) = &chart.words.suggestion {
        add(&suggestion.text, Role::Text);
    }
    if let Some(target) = &chart.words.target {
        add(target, Role::Target);
    }
    for run in chart.words.signals.iter().rev().take(SIGNALS) {
        add(&format!(" {}  {}", rule_letter(run.rule).unwrap_or_default(), run.text), verdict_role(run.verdict));
    }
    for note in &chart.annotations {
        let day = note.day.format("%-d %b %Y");
        add(&format!("{:>2} {day}  {}", note.number, note.text), Role::Annotation);
    }
    add(&chart.words.data.join(" "), Role::Dim);
    out
}

/// The program's own signs in ASCII; what a person wrote stays as it is where there is no such sign.
fn in_ascii(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for letter in words.chars() {
        match letter {
            '≤' => out.push_str("<="),
            '≥' => out.push_str(">="),
            '“' | '”' => out.push('"'),
            '‘' | '’' | '′' => out.push('\''),
            '–' | '—' | '·' => out.push('-'),
            '…' => out.push_str("..."),
            'ø' => out.push('o'),
            other => out.push(other),
        }
    }
    out
}

/// The cells of a sheet as lines without trailing spaces.
fn written(buf: &Buffer, mut before: impl FnMut(&mut String, Option<&Cell>)) -> String {
    let mut out = String::new();
    for y in buf.area.top()..buf.area.bottom() {
        let end = (buf.area.left()..buf.area.right())
            .rev()
            .find(|x| buf[(*x, y)].symbol() != " ")
            .map_or(buf.area.left(), |x| x + 1);
        let mut x = buf.area.left();
        while x < end {
            let cell = &buf[(x, y)];
            before(&mut out, Some(cell));
            out.push_str(cell.symbol());
            x += u16::try_from(text::width(cell.symbol()).max(1)).unwrap_or(1);
        }
        before(&mut out, None);
        out.push('\n');
    }
    out
}

/// The escape sequence that sets a style anew.
fn escape(out: &mut String, style: Style) {
    out.push_str("\x1b[0");
    for (modifier, code) in
        [(Modifier::BOLD, ";1"), (Modifier::DIM, ";2"), (Modifier::UNDERLINED, ";4"), (Modifier::REVERSED, ";7")]
    {
        if style.add_modifier.contains(modifier) {
            out.push_str(code);
        }
    }
    for (colour, ground) in [(style.fg, false), (style.bg, true)] {
        if let Some(code) = colour.and_then(|colour| code(colour, ground)) {
            out.push(';');
            out.push_str(&code);
        }
    }
    out.push('m');
}

/// The number of a colour in an escape sequence.
fn code(colour: Color, ground: bool) -> Option<String> {
    let plain = |number: u8| Some((number + if ground { 10 } else { 0 }).to_string());
    match colour {
        Color::Reset => None,
        Color::Black => plain(30),
        Color::Red => plain(31),
        Color::Green => plain(32),
        Color::Yellow => plain(33),
        Color::Blue => plain(34),
        Color::Magenta => plain(35),
        Color::Cyan => plain(36),
        Color::Gray => plain(37),
        Color::DarkGray => plain(90),
        Color::LightRed => plain(91),
        Color::LightGreen => plain(92),
        Color::LightYellow => plain(93),
        Color::LightBlue => plain(94),
        Color::LightMagenta => plain(95),
        Color::LightCyan => plain(96),
        Color::White => plain(97),
        Color::Rgb(red, green, blue) => Some(format!("{};2;{red};{green};{blue}", if ground { 48 } else { 38 })),
        Color::Indexed(index) => Some(format!("{};5;{index}", if ground { 48 } else { 38 })),
    }
}
