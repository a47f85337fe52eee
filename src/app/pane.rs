//! What a pane is.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::action::{Action, Scope};
use super::effect::Effect;
use super::look::Look;
use super::model::Model;
use crate::domain::MeasureId;

/// The panes of the board, in the order of their tabs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PaneId {
    /// The outcome of improvement work.
    #[default]
    Performance,
    /// Work required against work completed.
    Process,
    /// The PDSA log.
    Cycles,
    /// Run charts.
    Charts,
    /// Actions, escalations and barriers.
    Actions,
    /// The huddle, which stands over the tabs.
    Huddle,
}

impl PaneId {
    /// Those that have a tab, in the order of the tabs.
    pub const ALL: [Self; 5] = [Self::Performance, Self::Process, Self::Cycles, Self::Charts, Self::Actions];

    /// What its tab says.
    pub fn title(self) -> &'static str {
        match self {
            Self::Performance => "Performance",
            Self::Process => "Process",
            Self::Cycles => "PDSA",
            Self::Charts => "Charts",
            Self::Actions => "Actions",
            Self::Huddle => "Huddle",
        }
    }

    /// The scope of its own actions.
    pub fn scope(self) -> Scope {
        match self {
            Self::Performance => Scope::Performance,
            Self::Process => Scope::Process,
            Self::Cycles => Scope::Cycles,
            Self::Charts => Scope::Charts,
            Self::Actions => Scope::Actions,
            Self::Huddle => Scope::Huddle,
        }
    }
}

/// What became of an action that was offered to a pane.
pub enum Answer {
    /// The pane took it; this is to be done.
    Consumed(Vec<Effect>),
    /// It means nothing here.
    Ignored,
}

impl Answer {
    /// Taken, and nothing is to be done but to draw.
    pub fn done() -> Self {
        Self::Consumed(Vec::new())
    }

    /// Taken, and one thing is to be done.
    pub fn one(effect: Effect) -> Self {
        Self::Consumed(vec![effect])
    }

    /// Taken: the effect, or what went wrong.
    pub fn of(outcome: crate::base::error::Outcome<Effect>) -> Self {
        Self::one(outcome.unwrap_or_else(|failure| Effect::wrong(&failure)))
    }
}

/// A screen: what it remembers, what an action does to it, and how it looks.
pub trait Pane {
    /// Which one it is.
    fn id(&self) -> PaneId;

    /// What an action does here.
    fn update(&mut self, action: Action, model: &Model) -> Answer;

    /// Draws it. Reads no time and no file, and takes any area, down to nothing.
    fn view(&self, model: &Model, look: &Look, area: Rect, buf: &mut Buffer);

    /// The actions of the key line, most useful first.
    fn hints(&self, model: &Model) -> Vec<Action>;

    /// Whether it shows a clock that runs: then a picture is drawn every second, and not otherwise.
    fn ticks(&self, _model: &Model) -> bool {
        false
    }

    /// What a click on a cell of the screen does: column and row.
    fn pointed(&mut self, _x: u16, _y: u16, _model: &Model) -> Answer {
        Answer::Ignored
    }

    /// The measure that quick entry means without a name.
    fn selected_measure(&self, _model: &Model) -> Option<MeasureId> {
        None
    }

    /// Shows only what contains these words; none shows all.
    fn filter(&mut self, _words: &str) {}

    /// What is selected, as text to copy.
    fn as_text(&self, _model: &Model) -> Option<String> {
        None
    }

    /// The model was read anew, or the pane comes to the front: selections are put right, and what
    /// the pane needs is asked for.
    fn refresh(&mut self, _model: &Model) -> Vec<Effect> {
        Vec::new()
    }
}
