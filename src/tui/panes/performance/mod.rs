//! The performance board: the outcome of improvement work, in columns of tiles.

mod columns;
mod view;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::measure_form;
use crate::app::action::Action;
use crate::app::ask::Form;
use crate::app::effect::Effect;
use crate::app::look::Look;
use crate::app::model::Model;
use crate::app::pane::{Answer, Pane, PaneId};
use crate::domain::MeasureId;
use crate::domain::change::{Edit, RecordKey};
use crate::domain::measure::Measure;
use crate::domain::record::Kind;
use crate::domain::team::board_of;

pub(crate) use view::{Whole, summary};

/// What a measure may need, most urgent first, by [`Model::urgency`]; the last needs nothing.
const NEEDS: [&str; 5] = ["Concern", "Target at risk", "Late", "Changed", "Leave alone"];

/// What the board remembers.
#[derive(Default)]
pub(crate) struct PerformancePane {
    selected: Option<MeasureId>,
    filter: String,
    /// Whether the columns are what needs a look, and not the ward's own.
    by_need: bool,
    /// Which of the team's boards is shown, where it has several.
    board: String,
}

/// The board as a grid: its columns with the measures in each, and where the selection is.
pub(crate) struct Grid<'a> {
    /// The columns that hold a measure, from left to right.
    pub(crate) columns: Vec<(&'a str, Vec<&'a Measure>)>,
    /// The selected measure's column.
    pub(crate) column: usize,
    /// Its place in the column.
    pub(crate) row: usize,
}

/// What is said to who would move a tile among columns that are not the ward's.
fn not_the_wards() -> Answer {
    Answer::one(Effect::hint("These columns are what needs a look. v shows the ward's own again."))
}

/// The names of the team's boards, in the order of its columns; one without a name where it has no more.
fn boards(model: &Model) -> Vec<&str> {
    let mut boards: Vec<&str> = Vec::new();
    let of_measures = model.measures.iter().map(|measure| measure.column.as_str());
    for column in model.team.columns.0.iter().map(String::as_str).chain(of_measures) {
        let (board, _) = board_of(column);
        if !boards.contains(&board) {
            boards.push(board);
        }
    }
    boards
}

impl PerformancePane {
    /// The board that is shown, its place and how many there are; nothing where there is one only.
    fn shown_board<'a>(&self, model: &'a Model) -> Option<(&'a str, usize, usize)> {
        let boards = boards(model);
        let at = boards.iter().position(|board| *board == self.board).unwrap_or(0);
        (boards.len() > 1 && !self.is_of_every_board()).then(|| (boards[at], at + 1, boards.len()))
    }

    /// Whether what is shown is looked for on every board of the team.
    fn is_of_every_board(&self) -> bool {
        self.by_need || !self.filter.is_empty()
    }

    /// Goes to the team's next board.
    fn next_board(&mut self, model: &Model) -> Answer {
        let boards = boards(model);
        if boards.len() < 2 {
            return Answer::one(Effect::hint(
                "This team has one board. O makes another: write its columns as “Theatre: Safety”.",
            ));
        }
        let at = boards.iter().position(|board| *board == self.board).unwrap_or(0);
        self.board = boards[(at + 1) % boards.len()].to_owned();
        self.by_need = false;
        self.filter.clear();
        Answer::done()
    }

    /// The board's measures by column; the team's own order of columns, others after them.
    pub(crate) fn grid<'a>(&self, model: &'a Model) -> Grid<'a> {
        let mut columns: Vec<(&str, Vec<&Measure>)> =
            model.team.columns.0.iter().map(|column| (column.as_str(), Vec::new())).collect();
        let wanted = self.filter.to_lowercase();
        if self.by_need {
            columns = NEEDS.iter().map(|need| (*need, Vec::new())).collect();
        }
        let boards = boards(model);
        let shown = boards.iter().find(|board| **board == self.board).or(boards.first()).copied().unwrap_or("");
        let on_board = |column: &str| self.is_of_every_board() || board_of(column).0 == shown;
        for measure in &model.measures {
            if !on_board(&measure.column) {
                continue;
            }
            if !wanted.is_empty() && !measure.name.to_lowercase().contains(&wanted) {
                continue;
            }
            if self.by_need {
                let need = model.urgency(measure).map_or(NEEDS.len() - 1, usize::from);
                if let Some((_, of_need)) = columns.get_mut(need) {
                    of_need.push(measure);
                }
                continue;
            }
            match columns.iter_mut().find(|(column, _)| *column == measure.column) {
                Some((_, of_column)) => of_column.push(measure),
                None => columns.push((measure.column.as_str(), vec![measure])),
            }
        }
        columns.retain(|(_, measures)| !measures.is_empty());
        let place = columns.iter().enumerate().find_map(|(column, (_, measures))| {
            measures.iter().position(|measure| Some(measure.id) == self.selected).map(|row| (column, row))
        });
        let (column, row) = place.unwrap_or((0, 0));
        Grid { columns, column, row }
    }

    fn select(&mut self, grid: &Grid<'_>, column: usize, row: usize) -> Answer {
        if let Some((_, measures)) = grid.columns.get(column) {
            let row = row.min(measures.len().saturating_sub(1));
            self.selected = measures.get(row).map(|measure| measure.id);
        }
        Answer::done()
    }

    fn travel(&mut self, action: Action, model: &Model) -> Answer {
        let grid = self.grid(model);
        let (column, row) = (grid.column, grid.row);
        let last_column = grid.columns.len().saturating_sub(1);
        let page = view::Shape::of(model.body, &grid).rows.max(1);
        let (column, row) = match action {
            Action::Up => (column, row.saturating_sub(1)),
            Action::Down => (column, row + 1),
            Action::Left => (column.saturating_sub(1), row),
            Action::Right => ((column + 1).min(last_column), row),
            Action::First => (0, 0),
            Action::Last => (last_column, usize::MAX),
            Action::PageUp => (column, row.saturating_sub(page)),
            _ => (column, row.saturating_add(page)),
        };
        self.select(&grid, column, row)
    }

    fn measure<'a>(&self, model: &'a Model) -> Option<&'a Measure> {
        let grid = self.grid(model);
        grid.columns.get(grid.column).and_then(|(_, measures)| measures.get(grid.row)).copied()
    }

    fn with_measure(&self, model: &Model, act: impl FnOnce(&Measure) -> Effect) -> Answer {
        match self.measure(model) {
            Some(measure) => Answer::one(act(measure)),
            None if !self.filter.is_empty() => {
                Answer::one(Effect::hint(format!("No measure contains “{}”. / and Enter shows all.", self.filter)))
            }
            None => Answer::one(Effect::hint("There is no measure yet. Press n to make one.")),
        }
    }

    /// Moves the tile to the column beside its own.
    fn move_across(&self, model: &Model, right: bool) -> Answer {
        if self.by_need {
            return not_the_wards();
        }
        self.with_measure(model, |measure| {
            let mut names: Vec<&str> = model.team.columns.0.iter().map(String::as_str).collect();
            let board = board_of(&measure.column).0;
            // A tile of a board that is gone may go to any column.
            if names.iter().any(|column| board_of(column).0 == board) {
                names.retain(|column| board_of(column).0 == board);
            }
            let at = names.iter().position(|name| *name == measure.column);
            let to = match (at, right) {
                (Some(at), true) => names.get(at + 1),
                (Some(at), false) => at.checked_sub(1).and_then(|at| names.get(at)),
                // Its column is gone: it goes to the last or the first of those that there are.
                (None, true) => names.first(),
                (None, false) => names.last(),
            };
            match to {
                Some(to) => {
                    let edit = Edit::of(measure).with("column", &(*to).to_owned());
                    Effect::commit(format!("{} moved to {to}", measure.name), edit)
                }
                None => Effect::hint("There is no column on that side. O names the columns."),
            }
        })
    }

    /// Trades places with the neighbour in the column.
    fn move_tile(&self, model: &Model, later: bool) -> Answer {
        let grid = self.grid(model);
        let Some((_, measures)) = grid.columns.get(grid.column) else { return Answer::done() };
        let other = if later { grid.row.checked_add(1) } else { grid.row.checked_sub(1) };
        let (Some(measure), Some(other)) = (measures.get(grid.row), other.and_then(|row| measures.get(row))) else {
            return Answer::done();
        };
        // Equal positions are told apart by name: the two must differ before they can trade.
        let (first, second) = if measure.position == other.position {
            if later { (measure.position + 1, other.position) } else { (measure.position, other.position + 1) }
        } else {
            (other.position, measure.position)
        };
        let edits = vec![Edit::of(*measure).with("position", &first), Edit::of(*other).with("position", &second)];
        Answer::one(Effect::Commit { words: format!("{} moved", measure.name), edits })
    }

    fn ask_filter(&self) -> Answer {
        Answer::one(Effect::Ask(Form::prompt(
            "Show only",
            "Containing",
            "",
            "A part of a name. Empty shows every measure.",
            |words, _| Ok(vec![Effect::Filter(words.to_owned())]),
        )))
    }
}

impl Pane for PerformancePane {
    fn id(&self) -> PaneId {
        PaneId::Performance
    }

    fn update(&mut self, action: Action, model: &Model) -> Answer {
        match action {
            Action::Up
            | Action::Down
            | Action::Left
            | Action::Right
            | Action::First
            | Action::Last
            | Action::PageUp
            | Action::PageDown => self.travel(action, model),
            Action::Open => self.with_measure(model, |measure| Effect::ShowChart(measure.id)),
            Action::New => Answer::one(Effect::Ask(measure_form::new(model, self.measure(model)))),
            Action::Edit => self.with_measure(model, |measure| Effect::Ask(measure_form::edit(measure, model))),
            Action::Delete => self.with_measure(model, |measure| {
                Effect::commit(format!("{} deleted", measure.name), Edit::of(measure).deleting())
            }),
            Action::ToggleFocus => self.with_measure(model, |measure| toggle_focus(measure, model)),
            Action::MoveLeft => self.move_across(model, false),
            Action::MoveRight => self.move_across(model, true),
            Action::ByNeed => {
                self.by_need = !self.by_need;
                Answer::done()
            }
            Action::NextBoard => self.next_board(model),
            Action::Columns => Answer::one(Effect::Ask(columns::ask(model))),
            Action::MoveEarlier | Action::MoveLater if self.by_need => not_the_wards(),
            Action::MoveEarlier => self.move_tile(model, false),
            Action::MoveLater => self.move_tile(model, true),
            Action::History => self.with_measure(model, |measure| {
                Effect::ShowHistory(Kind::Measure, RecordKey::Id(measure.id.0), format!("History · {}", measure.name))
            }),
            Action::Filter => self.ask_filter(),
            _ => Answer::Ignored,
        }
    }

    fn pointed(&mut self, x: u16, y: u16, model: &Model) -> Answer {
        let grid = self.grid(model);
        let Some((column, row)) = view::at(&grid, model.body, (x, y)) else { return Answer::Ignored };
        // A second click on the tile that is selected opens it.
        if (column, row) == (grid.column, grid.row) && self.selected.is_some() {
            return self.with_measure(model, |measure| Effect::ShowChart(measure.id));
        }
        self.select(&grid, column, row)
    }

    fn view(&self, model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
        view::board(&self.grid(model), self.shown_board(model), &self.filter, model, look, area, buf);
    }

    fn hints(&self, model: &Model) -> Vec<Action> {
        if model.measures.is_empty() {
            return vec![Action::New];
        }
        vec![
            Action::QuickEntry,
            Action::Open,
            Action::Round,
            Action::New,
            Action::Edit,
            Action::ToggleFocus,
            Action::Undo,
        ]
    }

    fn selected_measure(&self, model: &Model) -> Option<MeasureId> {
        self.measure(model).map(|measure| measure.id)
    }

    fn filter(&mut self, words: &str) {
        self.filter = words.trim().to_owned();
    }

    fn as_text(&self, model: &Model) -> Option<String> {
        let measure = self.measure(model)?;
        let tile = model.tiles.get(&measure.id)?;
        let target = tile.target.as_deref().map(|target| format!(" Target {target}.")).unwrap_or_default();
        Some(format!("{}: {} {}. {}{target}", measure.name, tile.value, tile.parts, tile.words))
    }
}

/// How many measures a ward can keep in focus: more of them, and none is.
const FOCUS_AT_MOST: usize = 5;

fn toggle_focus(measure: &Measure, model: &Model) -> Effect {
    let focused = model.measures.iter().filter(|measure| measure.focus).count();
    if !measure.focus && focused >= FOCUS_AT_MOST {
        return Effect::hint(format!("{focused} measures are in focus already: take one out first, with f."));
    }
    let words = if measure.focus { "out of focus" } else { "in focus" };
    Effect::commit(format!("{} {words}", measure.name), Edit::of(measure).with("focus", &!measure.focus))
}
