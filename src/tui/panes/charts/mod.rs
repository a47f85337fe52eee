//! The run charts: measures on the left, the chart, and what it says in words.

mod ask;
mod beside;
mod grid;
mod view;
mod views;

use chrono::NaiveDate;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use self::views::View;
use super::measure_form;
use crate::app::action::Action;
use crate::app::ask::Form;
use crate::app::effect::Effect;
use crate::app::look::Look;
use crate::app::model::{Model, OpenChart};
use crate::app::pane::{Answer, Pane, PaneId};
use crate::domain::MeasureId;
use crate::domain::change::RecordKey;
use crate::domain::frequency::Frequency;
use crate::domain::measure::Measure;
use crate::domain::point::Point;
use crate::domain::record::Kind;
use crate::spc::ChartType;
use crate::tui::widgets::chart::{self, ChartView};

/// What the chart pane remembers.
#[derive(Default)]
pub(crate) struct ChartsPane {
    /// The measure whose chart is shown, or was asked for.
    selected: Option<MeasureId>,
    /// What is seen of it.
    seen: ChartView,
    /// The measure and length that `seen` was made for: another chart starts at its end again.
    seen_of: Option<(MeasureId, usize)>,
    /// Whether nobody has zoomed: then as many points are seen as have room.
    fitting: bool,
    /// How many of the latest points were asked for.
    latest: Option<usize>,
    filter: String,
    /// What is shown.
    view: View,
    /// The measure that the selected one is compared with.
    second: Option<MeasureId>,
}

impl ChartsPane {
    /// The measures of the list.
    fn listed<'a>(&self, model: &'a Model) -> Vec<&'a Measure> {
        let wanted = self.filter.to_lowercase();
        model
            .measures
            .iter()
            .filter(|measure| wanted.is_empty() || measure.name.to_lowercase().contains(&wanted))
            .collect()
    }

    fn open<'a>(&self, model: &'a Model) -> Option<&'a OpenChart> {
        model.chart.as_ref().filter(|open| Some(open.measure) == self.selected)
    }

    /// The measures that are shown: those of the list, or of one column of the board.
    fn shown<'a>(&self, model: &'a Model) -> Vec<&'a Measure> {
        let mut listed = self.listed(model);
        if self.view == View::Column
            && let Some(column) = self.selected.and_then(|id| model.measure(id)).map(|measure| &measure.column)
        {
            listed.retain(|measure| measure.column == *column);
        }
        listed
    }

    /// Goes to another measure of the list.
    fn step(&mut self, by: isize, model: &Model) -> Answer {
        let listed = self.shown(model);
        let at = listed.iter().position(|measure| Some(measure.id) == self.selected).unwrap_or(0);
        let to = at.saturating_add_signed(by).min(listed.len().saturating_sub(1));
        match listed.get(to) {
            Some(measure) if Some(measure.id) != self.selected => {
                self.selected = Some(measure.id);
                if self.second == self.selected {
                    (self.view, self.second) = (View::One, None);
                }
                Answer::Consumed(vec![Effect::LoadChart(measure.id, None), Effect::LoadBeside(self.wish())])
            }
            _ => Answer::done(),
        }
    }

    /// How far an action goes among the small charts.
    fn grid_step(&self, action: Action, model: &Model) -> Option<isize> {
        let shown = self.shown(model);
        let at = shown.iter().position(|measure| Some(measure.id) == self.selected).unwrap_or(0);
        grid::step(action, model.body, shown.len(), at)
    }

    /// Moves the cursor over the chart.
    fn move_cursor(&mut self, action: Action, model: &Model) -> Answer {
        self.fit(model);
        let Some(open) = self.open(model) else { return Answer::done() };
        let len = open.chart.points.len();
        let page = isize::try_from(self.seen.window(len).1 / 2).unwrap_or(1).max(1);
        match action {
            Action::Left => self.seen.move_by(if self.seen.cursor.is_some() { -1 } else { 0 }, len),
            Action::Right => self.seen.move_by(1, len),
            Action::PageUp => self.seen.move_by(-page, len),
            Action::PageDown => self.seen.move_by(page, len),
            Action::First => self.seen.put(0, len),
            Action::Last => self.seen.put(len.saturating_sub(1), len),
            Action::ZoomIn => self.seen.zoom_in(len),
            Action::ZoomOut => self.seen.zoom_out(len),
            Action::PanEarlier => self.seen.pan(-page, len),
            Action::PanLater => self.seen.pan(page, len),
            Action::Latest => return self.latest(open),
            _ => (self.seen.visible, self.seen.first) = (None, 0),
        }
        self.fitting &= !matches!(action, Action::ZoomIn | Action::ZoomOut | Action::Fit);
        Answer::done()
    }

    /// Shows the latest points only: the next longer stretch that people speak of, and after all of them the
    /// shortest again.
    fn latest(&mut self, open: &OpenChart) -> Answer {
        let len = open.chart.points.len();
        let lengths: &[usize] = match open.chart.frequency {
            Frequency::Day => &[14, 30, 91, 182, 365],
            Frequency::Week(_) => &[13, 26, 52, 104],
            Frequency::Month => &[12, 24, 36, 60],
            Frequency::Quarter => &[8, 12, 20, 40],
            Frequency::Year => &[5, 10, 20],
            Frequency::Event => &[12, 24, 48, 96],
        };
        let shown = self.latest.filter(|shown| self.seen.visible == Some(*shown)).unwrap_or(0);
        let next = lengths.iter().copied().find(|length| *length > shown && *length < len);
        (self.latest, self.fitting) = (next, false);
        (self.seen.visible, self.seen.first) = (next, next.map_or(0, |next| len - next));
        // Where a period has several points, of several strata say, it is not periods that are counted.
        let shared = open.chart.points.windows(2).any(|pair| pair[0].start == pair[1].start);
        let frequency = if shared { Frequency::Event } else { open.chart.frequency };
        let noun = |count| frequency.noun(count);
        Answer::one(Effect::hint(match next {
            Some(next) => format!("The latest {next} {}.", noun(next)),
            None => format!("All {len} {}.", noun(len)),
        }))
    }

    /// The index of the point that an action is about: under the cursor, or the last that has a value.
    fn index(&self, open: &OpenChart) -> Option<usize> {
        self.seen.cursor.filter(|at| *at < open.chart.points.len()).or(open.chart.last)
    }

    fn day(&self, open: &OpenChart) -> Option<NaiveDate> {
        self.index(open).and_then(|index| open.chart.points.get(index)).map(|point| point.start.date())
    }

    /// The data point that an action is about; none for a period that nobody filled in.
    fn point<'a>(&self, open: &'a OpenChart) -> Option<&'a Point> {
        let start = open.chart.points.get(self.index(open)?)?.start;
        open.points.iter().find(|point| point.key.start == start)
    }

    /// Asks something about the open chart at the cursor.
    fn asking(&self, model: &Model, ask: impl FnOnce(&Measure, &OpenChart, NaiveDate) -> Effect) -> Answer {
        let subject = self.open(model).and_then(|open| Some((model.measure(open.measure)?, open, self.day(open)?)));
        match subject {
            Some((measure, open, day)) => Answer::one(ask(measure, open, day)),
            None => Answer::one(Effect::hint("This chart has no data yet. Press a to add the first value.")),
        }
    }

    /// Whether the chart suggests a new phase, at a day of its own.
    fn suggests(&self, model: &Model) -> bool {
        self.open(model).is_some_and(|open| open.chart.words.suggestion.is_some())
    }

    /// What changes the lines is done to a point that somebody chose: puts the cursor on the latest, and says how it
    /// goes on.
    fn choose_first(&mut self, model: &Model, then: &str) -> Answer {
        let Some((last, len)) = self.open(model).and_then(|open| Some((open.chart.last?, open.chart.points.len())))
        else {
            return self.asking(model, |_, _, _| Effect::hint(""));
        };
        self.seen.put(last, len);
        let day = self.open(model).and_then(|open| open.chart.day_of(last)).unwrap_or_default();
        Answer::one(Effect::hint(format!("Which point? Go to it with the arrow keys, from {day}; {then}.")))
    }

    /// The next kind of chart after the one shown; the measure keeps its own.
    fn next_chart(&self, model: &Model) -> Answer {
        let Some(open) = self.open(model) else { return Answer::done() };
        let supported: Vec<ChartType> = ChartType::ALL.into_iter().filter(|chart| open.chart.takes(*chart)).collect();
        let at = supported.iter().position(|chart| *chart == open.chart.chart).unwrap_or(0);
        let next = supported.get((at + 1) % supported.len().max(1)).copied();
        let own = model.measure(open.measure).map(Measure::chart);
        Answer::one(Effect::LoadChart(open.measure, next.filter(|next| Some(*next) != own)))
    }

    fn on_measure(&self, action: Action, model: &Model) -> Answer {
        let measure = self.selected.and_then(|id| model.measure(id));
        match (action, measure) {
            (Action::New, measure) => Answer::one(Effect::Ask(measure_form::new(model, measure))),
            (_, None) => Answer::one(Effect::hint("There is no measure yet. Press n to make one.")),
            (Action::Edit, Some(measure)) => Answer::one(Effect::Ask(measure_form::edit(measure, model))),
            (_, Some(measure)) => self.history(measure, model),
        }
    }

    /// The history of the point under the cursor, or of the measure.
    fn history(&self, measure: &Measure, model: &Model) -> Answer {
        let point = self.open(model).filter(|_| self.seen.cursor.is_some()).and_then(|open| self.point(open));
        Answer::one(match point {
            Some(point) => {
                let title = format!("History · {} · {}", measure.name, point.key.start.date().format("%-d %b %Y"));
                Effect::ShowHistory(Kind::Point, RecordKey::Point(point.key.clone()), title)
            }
            None => {
                Effect::ShowHistory(Kind::Measure, RecordKey::Id(measure.id.0), format!("History · {}", measure.name))
            }
        })
    }

    /// The first view of a chart: its end, as many points as have room, and no cursor.
    fn see_anew(&mut self, model: &Model) {
        let Some(open) = self.open(model) else { return };
        let len = open.chart.points.len();
        let before = self.seen_of.filter(|(measure, _)| *measure == open.measure).map(|(_, len)| len);
        self.seen_of = Some((open.measure, len));
        match before {
            // A point came or went: the view stays where it is, at the end if it was there.
            Some(before) if !self.fitting => {
                if self.seen.first + self.seen.visible.unwrap_or(0) == before {
                    self.seen.first = len.saturating_sub(self.seen.visible.unwrap_or(len));
                }
            }
            Some(_) => {}
            None => (self.seen, self.fitting) = (ChartView::default(), true),
        }
        self.fit(model);
    }

    /// Where nobody has zoomed: shows as many points as have room on a screen of this size. A few more are
    /// squeezed in, and none cut.
    fn fit(&mut self, model: &Model) {
        let Some(open) = self.open(model).filter(|_| self.fitting) else { return };
        let len = open.chart.points.len();
        let room = chart::roomy(&open.chart, view::plot_area(model.body), &Look::dark());
        let visible = (len > room * 4 / 3).then_some(room);
        if visible != self.seen.visible {
            let (first, count) = self.seen.window(len);
            self.seen.visible = visible;
            // The last visible point stays where it is.
            self.seen.first = (first + count).saturating_sub(visible.unwrap_or(len));
        }
    }
}

impl Pane for ChartsPane {
    fn id(&self) -> PaneId {
        PaneId::Charts
    }

    fn update(&mut self, action: Action, model: &Model) -> Answer {
        match action {
            Action::Compare
            | Action::Strata
            | Action::Multiples
            | Action::Funnel
            | Action::Spread
            | Action::Reasons
            | Action::Large => self.turn_to(action, model),
            Action::Back | Action::Open if self.view.is_many() => self.turn_to(Action::Back, model),
            Action::Back if self.view != View::One && self.seen.cursor.is_none() => self.turn_to(Action::Back, model),
            _ if self.view.is_many() && self.grid_step(action, model).is_some() => {
                self.step(self.grid_step(action, model).unwrap_or(0), model)
            }
            _ if !self.view.takes(action) => {
                Answer::one(Effect::hint("Go back to the chart with Esc first: there are no points here."))
            }
            Action::Up | Action::PreviousMeasure => self.step(-1, model),
            Action::Down | Action::NextMeasure => self.step(1, model),
            _ if views::moves(action) => self.move_cursor(action, model),
            Action::Back if self.seen.cursor.is_some() => {
                (self.seen.cursor, self.seen.show_cursor) = (None, false);
                Answer::done()
            }
            Action::ChartType => self.next_chart(model),
            Action::Annotate => self.asking(model, |measure, _, day| Effect::Ask(ask::annotation(measure, day))),
            Action::Rebase if self.seen.cursor.is_none() && !self.suggests(model) => {
                self.choose_first(model, "b once more starts a new phase there")
            }
            Action::Ghost if self.seen.cursor.is_none() => {
                self.choose_first(model, "g once more leaves it out of the lines")
            }
            Action::Rebase => self.asking(model, |measure, open, day| {
                let at = self.seen.cursor.map(|_| day);
                Effect::Ask(ask::re_base(measure, open, at, day))
            }),
            Action::Ghost => self.asking(model, |measure, open, _| ask::ghost(measure, self.point(open))),
            Action::EditPoint | Action::Open => {
                self.asking(model, |measure, open, day| ask::value(measure, self.point(open), day))
            }
            Action::Delete => {
                self.asking(model, |measure, open, day| ask::deletion(measure, open, self.point(open), day))
            }
            Action::New | Action::Edit | Action::History => self.on_measure(action, model),
            Action::Filter => Answer::one(Effect::Ask(Form::prompt(
                "Show only",
                "Containing",
                "",
                "A part of a name. Empty shows every measure.",
                |words, _| Ok(vec![Effect::Filter(words.to_owned())]),
            ))),
            _ => Answer::Ignored,
        }
    }

    fn view(&self, model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
        let listed = self.shown(model);
        view::charts(
            &view::Shown {
                listed: &listed,
                selected: self.selected,
                open: self.open(model),
                seen: &self.seen,
                view: self.view,
                found: self.found(model),
            },
            model,
            look,
            area,
            buf,
        );
    }

    fn hints(&self, model: &Model) -> Vec<Action> {
        if model.measures.is_empty() {
            return vec![Action::New];
        }
        self.own_hints(model)
    }

    fn selected_measure(&self, _model: &Model) -> Option<MeasureId> {
        self.selected
    }

    fn filter(&mut self, words: &str) {
        self.filter = words.trim().to_owned();
    }

    fn as_text(&self, model: &Model) -> Option<String> {
        let open = self.open(model)?;
        let mut lines = vec![open.chart.name.clone(), open.chart.words.verdict.clone()];
        lines.extend(open.chart.words.target.clone());
        lines.extend(open.chart.words.data.iter().cloned());
        if let Some(index) = self.index(open) {
            lines.push(open.chart.read_out(index));
        }
        Some(lines.join("\n"))
    }

    fn refresh(&mut self, model: &Model) -> Vec<Effect> {
        let shown = model.chart.as_ref().map(|open| open.measure);
        let gone = self.selected.is_none_or(|id| model.measure(id).is_none());
        // A filter that leaves the selected measure out goes to the first that it shows.
        let left_out = !self.filter.is_empty() && self.listed(model).iter().all(|it| Some(it.id) != self.selected);
        // Another pane may have asked for a chart: what is open then is what is selected here.
        if shown.is_some() && shown != self.selected && self.seen_of.is_none_or(|(measure, _)| Some(measure) != shown) {
            self.selected = shown;
        }
        if left_out || gone && shown.is_none_or(|id| model.measure(id).is_none()) {
            self.selected = self.listed(model).first().map(|measure| measure.id).or(self.selected);
        }
        self.see_anew(model);
        let load = self.selected.filter(|id| shown != Some(*id)).map(|id| Effect::LoadChart(id, None));
        load.into_iter().chain(self.follow(model)).collect()
    }
}
