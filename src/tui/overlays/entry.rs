//! Quick entry: one line over the key line that says what will be saved before it is.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Around, Overlay, Took, framed, panel_style};
use crate::app::effect::Effect;
use crate::app::key::{Code, Key};
use crate::app::look::{Look, Role};
use crate::app::model::Model;
use crate::base::error::Outcome;
use crate::domain::MeasureId;
use crate::domain::change::{Edit, Expect};
use crate::domain::entry::{self, Entry};
use crate::domain::guard;
use crate::domain::measure::Measure;
use crate::domain::point::{Point, PointKey};
use crate::tui::widgets::field::Field;
use crate::tui::widgets::ink;

/// The line that is typed, and what was understood of it.
pub(crate) struct QuickEntry {
    field: Field,
    selected: Option<MeasureId>,
    refused: Option<String>,
    waiting: bool,
}

impl QuickEntry {
    /// An empty line; without a name it is for `selected`.
    pub(crate) fn new(selected: Option<MeasureId>) -> Self {
        let mut field = Field::line("");
        field.focus(true);
        Self { field, selected, refused: None, waiting: false }
    }

    fn understood(&self, model: &Model) -> Outcome<Entry> {
        let last =
            |measure: &Measure| model.tiles.get(&measure.id).and_then(|tile| tile.start).map(|start| start.date());
        let around =
            entry::Around { measures: &model.measures, selected: self.selected, today: model.today(), last: &last };
        entry::parse(&self.field.text(), around)
    }

    /// Asks what stands at the entry's place, so that the line can say what it replaces.
    fn peek(&mut self, model: &Model) -> Vec<Effect> {
        self.refused = None;
        self.understood(model).map_or_else(|_| Vec::new(), |entry| vec![Effect::Peek(place(&entry))])
    }

    fn save(&mut self, model: &Model) -> Vec<Effect> {
        match self.understood(model).and_then(|entry| commit(&entry, model)) {
            Ok(effect) => {
                self.waiting = true;
                vec![effect]
            }
            Err(failure) => {
                self.refused = Some(failure.to_string());
                Vec::new()
            }
        }
    }

    /// What is shown under the line, and how it is meant.
    fn preview(&self, model: &Model) -> (String, Role) {
        if let Some(refused) = &self.refused {
            return (refused.clone(), Role::Error);
        }
        if self.field.text().trim().is_empty() {
            let example = match self.selected.and_then(|id| model.measure(id)) {
                Some(measure) if measure.has_denominator() => {
                    format!("{}: type 18/20, or a name and a value", measure.name)
                }
                Some(measure) => format!("{}: type a number, or a name and a value", measure.name),
                None => "fal 2 · hand hygiene 18/20 @yesterday #agency staff".to_owned(),
            };
            return (example, Role::Dim);
        }
        match self.understood(model) {
            Ok(entry) => match guard::scan(&entry.note).first() {
                Some(concern) => (format!("{} {}", concern.words(), describe(&entry, model)), Role::Due),
                None => (describe(&entry, model), Role::Text),
            },
            Err(failure) => (self.candidates(model).unwrap_or_else(|| failure.to_string()), Role::Dim),
        }
    }

    /// While a name is being typed: what it may become.
    fn candidates(&self, model: &Model) -> Option<String> {
        let typed = self.field.text();
        let parts = entry::take_apart(&typed);
        if parts.name.is_empty() || !parts.value.is_empty() {
            return None;
        }
        if let Ok(measure) = entry::find(&parts.name, &model.measures) {
            let example = if measure.has_denominator() { "18/20" } else { "a number" };
            return Some(format!("{}: type {example}", measure.name));
        }
        let names: Vec<&str> = entry::rank(&parts.name, &model.measures)
            .into_iter()
            .take(4)
            .map(|(_, measure)| measure.name.as_str())
            .collect();
        (!names.is_empty()).then(|| names.join(" · "))
    }
}

impl Overlay for QuickEntry {
    fn key(&mut self, key: Key, around: &Around<'_>) -> Took {
        match key.code {
            Code::Esc => Took::Key(vec![Effect::Close]),
            Code::Enter => Took::Key(self.save(around.model)),
            _ if self.field.key(key) => Took::Key(self.peek(around.model)),
            _ => Took::Nothing,
        }
    }

    fn paste(&mut self, text: &str, around: &Around<'_>) -> Vec<Effect> {
        self.field.paste(text);
        self.peek(around.model)
    }

    fn is_waiting(&self) -> bool {
        self.waiting
    }

    fn written(&mut self, failure: Option<&str>, _model: &Model) -> Vec<Effect> {
        if !std::mem::take(&mut self.waiting) {
            return Vec::new();
        }
        match failure {
            Some(words) => {
                self.refused = Some(words.to_owned());
                Vec::new()
            }
            None => vec![Effect::Close],
        }
    }

    fn view(&self, model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
        let height = 5.min(area.height);
        let outer = Rect { y: area.bottom() - height, height, ..area };
        let inside = framed(look, outer, "Add a value", buf);
        let line = Rect { y: outer.y + 2, height: 1, ..inside };
        ink::put(buf, line.x, line.y, 2, if look.ascii { "> " } else { "› " }, panel_style(look, Role::Accent));
        self.field.view(ink::shift_right(line, 2), buf, panel_style(look, Role::Title));
        let (words, role) = self.preview(model);
        ink::put(buf, line.x + 2, outer.y + 3, line.width.saturating_sub(2), &words, panel_style(look, role));
    }

    fn hints(&self) -> Vec<(&'static str, &'static str)> {
        vec![("Enter", "save"), ("@", "day"), ("#", "note"), ("Esc", "leave")]
    }
}

/// The place of an entry's data point.
pub(super) fn place(entry: &Entry) -> PointKey {
    PointKey::whole(entry.measure, entry.day)
}

/// The commit of an entry, on condition that what it was shown to replace still stands there.
pub(super) fn commit(entry: &Entry, model: &Model) -> Outcome<Effect> {
    let measure = model.measure(entry.measure).ok_or_else(|| {
        crate::base::error::Failure::not_found("This measure is gone.").hint("Somebody deleted it in the meantime.")
    })?;
    let (key, expect) = match peeked(entry, model) {
        Some((key, Some(point))) => (key.clone(), Expect::Revision(point.revision)),
        Some((key, None)) => (key.clone(), Expect::Absent),
        None => (place(entry), Expect::Anything),
    };
    // A new value without a note keeps the note of the old one.
    let kept = peeked(entry, model).and_then(|(_, point)| point.as_ref()).map_or("", |point| point.note.as_str());
    let note = if entry.note.is_empty() { kept } else { &entry.note };
    let edit = Edit::put_point(measure.team, key, entry.amount, note).expecting(expect);
    Ok(Effect::commit(Effect::value_words(measure, entry.amount.plotted(measure.kind), entry.day), edit))
}

/// What was read at the entry's place, or at the next free place of its day.
fn peeked<'a>(entry: &Entry, model: &'a Model) -> Option<&'a (PointKey, Option<Point>)> {
    model.peek.as_ref().filter(|(key, _)| PointKey { ordinal: 0, ..key.clone() } == place(entry))
}

/// What an entry will save: "Falls 3 · Fri 20 Nov · replaces 2".
pub(super) fn describe(entry: &Entry, model: &Model) -> String {
    let Some(measure) = model.measure(entry.measure) else { return String::new() };
    let mut words = measure.name.clone();
    if let Some(plotted) = entry.amount.plotted(measure.kind) {
        words.push(' ');
        words.push_str(&measure.written(plotted));
    }
    if let Some(denominator) = entry.amount.denominator {
        words.push_str(&format!(" ({:.0} of {denominator:.0})", entry.amount.value));
    }
    words.push_str(&format!(" · {}", measure.frequency.period_words(entry.day)));
    if !entry.note.is_empty() {
        words.push_str(&format!(" · “{}”", entry.note));
    }
    if let Some((_, Some(point))) = peeked(entry, model)
        && let Some(old) = point.plotted(measure)
    {
        words.push_str(&format!(" · replaces {}", measure.written(old)));
    }
    words
}
