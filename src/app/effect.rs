//! What a pane asks for; the runner in `tui` carries it out, and nobody else does.

use crate::domain::change::{Edit, RecordKey};
use crate::domain::measure::Measure;
use crate::domain::point::PointKey;
use crate::domain::record::Kind;
use crate::domain::{MeasureId, ProcessId, TeamId};
use crate::spc::ChartType;

use super::ask::{Ask, Then};
use super::beside::Wish;
use super::conflict::Keep;
use super::log::LogAsk;
use super::pane::PaneId;

/// One thing to be done.
pub enum Effect {
    /// Write these edits as one action, described in words ("Falls 3, Fri 20 Nov").
    Commit {
        /// What the action is, in words.
        words: String,
        /// The edits.
        edits: Vec<Edit>,
    },
    /// Undo this run's last action.
    Undo,
    /// Redo what was undone last.
    Redo,
    /// Show a pane.
    Show(PaneId),
    /// Show the chart of a measure, in the chart pane.
    ShowChart(MeasureId),
    /// Load the chart of a measure, staying where one is; with another chart type than the measure's own.
    LoadChart(MeasureId, Option<ChartType>),
    /// Read what stands beside the open chart; nothing takes it away.
    LoadBeside(Option<Wish>),
    /// Draw charts in the next way: fine dots, blocks, ASCII.
    NextDrawing,
    /// Show the process board of another day than today; nothing means today.
    ShowDay(Option<chrono::NaiveDate>),
    /// Read a month of a measure's safety cross, from its first day.
    ReadCross(MeasureId, chrono::NaiveDate),
    /// Read the past periods of a process, and show them.
    ShowPast(ProcessId),
    /// Show which reasons come most often, in the chart pane.
    ShowReasons,
    /// Read what stands at a data point's place, so that an entry can say what it replaces.
    Peek(PointKey),
    /// Read who changed a record and when, and show it.
    ShowHistory(Kind, RecordKey, String),
    /// Go over to another team of the file.
    SwitchTeam(TeamId),
    /// Make a team from a template.
    MakeTeam {
        /// Its name.
        name: String,
        /// The template's code.
        template: String,
    },
    /// Bring this board into step with the others; asks for the folder where none is known.
    Sync,
    /// Bring this board into step with this folder from now on.
    SyncWith {
        /// The folder, as it was typed.
        folder: String,
        /// Whether it is made where it is not there.
        make: bool,
    },
    /// Take in what these teams of the folder have, now and from now on.
    TakeIn(Vec<TeamId>),
    /// Make two teams one: what `from` has belongs to `into`.
    Unite {
        /// The team that becomes part of the other.
        from: TeamId,
        /// The team that stays.
        into: TeamId,
    },
    /// Leave these teams of the folder out, and do not ask again while the board is open.
    LeaveOut(Vec<TeamId>),
    /// Find every record that holds a text or once did, and ask whether it is blanked.
    FindText(String),
    /// Blank for good what was found last.
    Blank,
    /// Read what two people set unseen.
    ReadClashes,
    /// Settle what two people set unseen.
    Settle {
        /// The conflict's short name.
        clash: String,
        /// What stays.
        keep: Keep,
    },
    /// Read who did what.
    ReadLog(LogAsk),
    /// Read an action in full, by its code.
    ReadAction(String),
    /// Find out what undoing an action would do, by its code, and ask whether to do it.
    Foretell(String),
    /// Undo the action that was asked about.
    TakeBack,
    /// Put a question over the screen.
    Ask(Ask),
    /// Take the topmost question away.
    Close,
    /// Write a long text in the person's own editor.
    EditText {
        /// What stands there now.
        text: String,
        /// What the text that comes back leads to.
        then: Then,
    },
    /// Copy text to the clipboard of the person's own terminal.
    Copy(String),
    /// Show only what contains these words, in the pane in front.
    Filter(String),
    /// Say something in the status line.
    Say(Notice),
    /// Draw everything anew.
    Redraw,
    /// Leave the board.
    Quit,
}

/// Something said in the status line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What is said.
    pub words: String,
    /// How it is meant.
    pub tone: Tone,
}

/// How a notice is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// It was done.
    Done,
    /// It is worth knowing.
    Hint,
    /// It was not done.
    Wrong,
}

impl Effect {
    /// Whether it ends in an answer from the worker, so that whoever asked for it waits.
    pub fn is_answered(&self) -> bool {
        matches!(self, Self::Commit { .. } | Self::MakeTeam { .. } | Self::Settle { .. } | Self::TakeBack)
    }

    /// Says what went wrong.
    pub fn wrong(failure: &crate::base::error::Failure) -> Self {
        Self::Say(Notice { words: failure.to_string(), tone: Tone::Wrong })
    }

    /// Says something worth knowing.
    pub fn hint(words: impl Into<String>) -> Self {
        Self::Say(Notice { words: words.into(), tone: Tone::Hint })
    }

    /// Writes one edit.
    pub fn commit(words: impl Into<String>, edit: Edit) -> Self {
        Self::Commit { words: words.into(), edits: vec![edit] }
    }

    /// A value as an action's words: "Falls 3, Fri 20 Nov".
    pub fn value_words(measure: &Measure, plotted: Option<f64>, day: chrono::NaiveDate) -> String {
        let value = plotted.map_or_else(|| "–".to_owned(), |value| measure.written(value));
        format!("{} {value}, {}", measure.name, measure.frequency.period_words(day))
    }
}
