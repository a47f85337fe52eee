//! The views of the chart pane: what each shows, what it needs to have read, and how one comes to it.

use super::ChartsPane;
use crate::app::action::Action;
use crate::app::ask::{Ask, Choose};
use crate::app::beside::{Beside, Found, Wish};
use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::app::pane::Answer;
use crate::domain::MeasureId;
use crate::domain::measure::Measure;

/// What the pane shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum View {
    /// The chart of the selected measure.
    #[default]
    One,
    /// That and the chart of a second measure under it.
    Compare,
    /// The strata of the measure over each other.
    Strata,
    /// Every measure, small.
    Multiples,
    /// Every measure of the selected one's column, small.
    Column,
    /// The measure in every team of the file.
    Funnel,
    /// How its values spread, beside its chart.
    Spread,
    /// Which reasons come most often.
    Reasons,
    /// The measure in letters for the wall.
    Large,
}

impl View {
    /// Whether it shows many measures of which one is selected.
    pub(super) fn is_many(self) -> bool {
        matches!(self, Self::Multiples | Self::Column)
    }

    /// Whether an action that is about the points of the chart works in it.
    pub(super) fn takes(self, action: Action) -> bool {
        match self {
            Self::One | Self::Compare | Self::Spread => true,
            // There is a window, and no cursor.
            Self::Strata => !is_of_points(action) || is_of_window(action),
            _ => !is_of_points(action),
        }
    }
}

/// Whether an action moves the window alone.
fn is_of_window(action: Action) -> bool {
    matches!(
        action,
        Action::ZoomIn | Action::ZoomOut | Action::PanEarlier | Action::PanLater | Action::Latest | Action::Fit
    )
}

/// Whether an action moves the cursor or the window.
pub(super) fn moves(action: Action) -> bool {
    let is_of_cursor = matches!(
        action,
        Action::Left | Action::Right | Action::PageUp | Action::PageDown | Action::First | Action::Last
    );
    is_of_cursor || is_of_window(action)
}

/// Whether an action is about the points of the chart.
fn is_of_points(action: Action) -> bool {
    let edits = matches!(
        action,
        Action::Annotate | Action::Rebase | Action::Ghost | Action::EditPoint | Action::Open | Action::Delete
    );
    edits || moves(action)
}

impl ChartsPane {
    /// The keys that the key line shows, those of the view.
    pub(super) fn own_hints(&self, model: &Model) -> Vec<Action> {
        let suggests = self.suggests(model);
        let own: &[Action] = match self.view {
            View::One if self.seen.cursor.is_none() => &[
                Action::Left,
                Action::Down,
                Action::QuickEntry,
                Action::ChartType,
                Action::Compare,
                Action::Multiples,
                Action::Large,
            ],
            View::One => &[
                Action::Left,
                Action::QuickEntry,
                Action::Annotate,
                Action::Rebase,
                Action::Ghost,
                Action::EditPoint,
                Action::ZoomIn,
            ],
            View::Compare => &[Action::Left, Action::Compare, Action::Latest, Action::ZoomIn, Action::ZoomOut],
            View::Multiples | View::Column => &[Action::Down, Action::Open, Action::Multiples, Action::Back],
            View::Spread => &[Action::Down, Action::Spread, Action::ChartType, Action::Back],
            View::Strata => &[Action::Down, Action::Strata, Action::Latest, Action::ZoomIn, Action::ZoomOut],
            View::Funnel => &[Action::Down, Action::Funnel, Action::Back],
            View::Reasons => &[Action::Back],
            View::Large => &[Action::Down, Action::Large, Action::Back],
        };
        let asks = suggests && self.view == View::One && self.seen.cursor.is_none();
        asks.then_some(Action::Rebase).into_iter().chain(own.iter().copied()).collect()
    }

    /// What the view needs to have read.
    pub(super) fn wish(&self) -> Option<Wish> {
        let of = |wish: fn(MeasureId) -> Wish| self.selected.map(wish);
        match self.view {
            View::Compare => self.second.map(Wish::Second),
            View::Strata => of(Wish::Strata),
            View::Funnel => of(Wish::Teams),
            View::Spread => of(Wish::Spread),
            View::Reasons => Some(Wish::Reasons),
            View::One | View::Multiples | View::Column | View::Large => None,
        }
    }

    /// What was read for the view; nothing while it is still being read.
    pub(super) fn found<'a>(&self, model: &'a Model) -> Option<&'a Found> {
        let wish = self.wish();
        model.beside.as_ref().filter(|beside| Some(beside.wish) == wish).map(|beside| &beside.found)
    }

    /// Goes to another view; from that view back to the chart.
    pub(super) fn turn_to(&mut self, action: Action, model: &Model) -> Answer {
        let wanted = match action {
            Action::Compare if self.view != View::Compare => return self.choose_second(model),
            Action::Strata => View::Strata,
            Action::Funnel => View::Funnel,
            Action::Spread => View::Spread,
            Action::Reasons => View::Reasons,
            Action::Large => View::Large,
            Action::Multiples if self.view == View::Multiples => View::Column,
            Action::Multiples if self.view == View::Column => View::One,
            Action::Multiples => View::Multiples,
            _ => View::One,
        };
        self.view = if self.view == wanted { View::One } else { wanted };
        Answer::one(Effect::LoadBeside(self.wish()))
    }

    /// Asks which measure is put under the one that is shown.
    fn choose_second(&self, model: &Model) -> Answer {
        let others: Vec<&Measure> = model.measures.iter().filter(|measure| Some(measure.id) != self.selected).collect();
        if self.selected.is_none() || others.is_empty() {
            return Answer::one(Effect::hint("There is no second measure to compare with. Press n to make one."));
        }
        let marked = others.iter().position(|measure| Some(measure.id) == self.second).unwrap_or(0);
        let ids: Vec<MeasureId> = others.iter().map(|measure| measure.id).collect();
        let named = |(at, measure): (usize, &&Measure)| (at.to_string(), measure.name.clone());
        Answer::one(Effect::Ask(Ask::Choose(Choose {
            title: "Compare with".to_owned(),
            options: others.iter().enumerate().map(named).collect(),
            marked,
            free: false,
            then: Box::new(move |answers, _| {
                let at = answers.first().and_then(|answer| answer.parse::<usize>().ok());
                let chosen = at.and_then(|at| ids.get(at));
                Ok(chosen.map(|id| Effect::LoadBeside(Some(Wish::Second(*id)))).into_iter().collect())
            }),
        })))
    }

    /// The model was read anew: a second measure that was chosen is shown, and what the view lacks is asked
    /// for.
    pub(super) fn follow(&mut self, model: &Model) -> Option<Effect> {
        if let Some(Beside { wish: Wish::Second(id), .. }) = model.beside {
            (self.view, self.second) = (View::Compare, Some(id));
        }
        if self.view == View::Compare && (self.second.is_none() || self.second == self.selected) {
            self.view = View::One;
            return Some(Effect::LoadBeside(None));
        }
        let wish = self.wish()?;
        let has = model.beside.as_ref().is_some_and(|beside| beside.wish == wish);
        (!has).then_some(Effect::LoadBeside(Some(wish)))
    }
}
