//! Everything that a key can mean. One list: the keymap, the key line, the help, the palette and the
//! README's table are made from it.

/// Where an action works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// On every screen.
    Everywhere,
    /// On the performance board.
    Performance,
    /// On the process-control board.
    Process,
    /// In the PDSA log.
    Cycles,
    /// On the run charts.
    Charts,
    /// Among actions and escalations.
    Actions,
    /// In a huddle.
    Huddle,
}

impl Scope {
    /// All of them, in the order of the help.
    pub const ALL: [Self; 7] =
        [Self::Everywhere, Self::Performance, Self::Process, Self::Cycles, Self::Charts, Self::Actions, Self::Huddle];

    /// The scopes whose keys work on a screen, its own first: a huddle talks about what was promised, with the
    /// keys that are known from there.
    pub fn within(self) -> &'static [Self] {
        match self {
            Self::Everywhere => &[Self::Everywhere],
            Self::Performance => &[Self::Performance, Self::Everywhere],
            Self::Process => &[Self::Process, Self::Everywhere],
            Self::Cycles => &[Self::Cycles, Self::Everywhere],
            Self::Charts => &[Self::Charts, Self::Everywhere],
            Self::Actions => &[Self::Actions, Self::Everywhere],
            Self::Huddle => &[Self::Huddle, Self::Actions, Self::Everywhere],
        }
    }

    /// Its table in the keymap.
    pub fn name(self) -> &'static str {
        match self {
            Self::Everywhere => "everywhere",
            Self::Performance => "performance",
            Self::Process => "process",
            Self::Cycles => "pdsa",
            Self::Charts => "charts",
            Self::Actions => "actions",
            Self::Huddle => "huddle",
        }
    }

    /// Its heading in the help.
    pub fn title(self) -> &'static str {
        match self {
            Self::Everywhere => "Everywhere",
            Self::Performance => "Performance board",
            Self::Process => "Process board",
            Self::Cycles => "PDSA log",
            Self::Charts => "Run charts",
            Self::Actions => "Actions and escalations",
            Self::Huddle => "Huddle",
        }
    }
}

macro_rules! actions {
    ($($variant:ident = $name:literal, $scope:ident, $short:literal, $help:literal;)*) => {
        /// One thing that a person can ask for with a key.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Action {
            $(#[doc = $help] $variant,)*
        }

        impl Action {
            /// Every action, in the order of the help.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name in the keymap and the palette.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Where it works.
            pub fn scope(self) -> Scope {
                match self { $(Self::$variant => Scope::$scope,)* }
            }

            /// One or two words for the key line.
            pub fn short(self) -> &'static str {
                match self { $(Self::$variant => $short,)* }
            }

            /// What it does, for the help and the palette.
            pub fn help(self) -> &'static str {
                match self { $(Self::$variant => $help,)* }
            }
        }
    };
}

actions! {
    Up = "up", Everywhere, "up", "Move up.";
    Down = "down", Everywhere, "down", "Move down.";
    Left = "left", Everywhere, "left", "Move left.";
    Right = "right", Everywhere, "right", "Move right.";
    First = "first", Everywhere, "first", "Go to the first.";
    Last = "last", Everywhere, "last", "Go to the last.";
    PageUp = "page-up", Everywhere, "page up", "Move up a page.";
    PageDown = "page-down", Everywhere, "page down", "Move down a page.";
    Open = "open", Everywhere, "open", "Open what is selected.";
    Back = "back", Everywhere, "back", "Go back; nothing typed is lost unasked.";
    ShowPerformance = "performance", Everywhere, "performance", "Show the performance board.";
    ShowProcess = "process", Everywhere, "process", "Show the process-control board.";
    ShowCycles = "pdsa", Everywhere, "PDSA", "Show the PDSA log.";
    ShowCharts = "charts", Everywhere, "charts", "Show the run charts.";
    ShowActions = "actions", Everywhere, "actions", "Show actions, escalations and barriers.";
    ShowHuddle = "huddle", Everywhere, "huddle", "Hold a huddle, or go on with the one that is held.";
    NextFocus = "next-pane", Everywhere, "next", "Go to the next pane.";
    QuickEntry = "quick-entry", Everywhere, "add value", "Add a value: a number, or a name and a number.";
    Round = "round", Everywhere, "round", "Walk through every value that is due.";
    New = "new", Everywhere, "new", "Make a new one of what this screen shows.";
    Edit = "edit", Everywhere, "edit", "Edit what is selected.";
    Delete = "delete", Everywhere, "delete", "Delete what is selected; undo brings it back.";
    Redact = "redact", Everywhere, "blank", "Blank a patient's detail for good, everywhere.";
    Undo = "undo", Everywhere, "undo", "Undo your last action.";
    Redo = "redo", Everywhere, "redo", "Do again what was undone.";
    Filter = "filter", Everywhere, "filter", "Show only what contains a word; empty shows all.";
    History = "history", Everywhere, "history", "Show who changed what is selected, and when.";
    Log = "log", Everywhere, "log", "Show who did what lately, and undo any of it.";
    Copy = "copy", Everywhere, "copy", "Copy what is selected as text.";
    Editor = "editor", Everywhere, "editor", "Write a long text in your editor.";
    Team = "team", Everywhere, "team", "Choose another team of this file.";
    Sync = "sync", Everywhere, "sync", "Bring this board into step with the others.";
    Conflicts = "conflicts", Everywhere, "conflicts", "Show what two people set without seeing each other.";
    Cross = "cross", Everywhere, "cross", "Fill the safety cross of what is selected, day by day.";
    Wall = "wall", Everywhere, "wall", "Show the board to the room: large, read-only, in turn.";
    Palette = "palette", Everywhere, "palette", "Find any action by its name.";
    Help = "help", Everywhere, "help", "Show every key that works here.";
    Drawing = "drawing", Everywhere, "drawing", "Draw charts with fine dots, with blocks or with ASCII.";
    Redraw = "redraw", Everywhere, "redraw", "Draw the screen anew.";
    Quit = "quit", Everywhere, "quit", "Leave the board.";

    ToggleFocus = "focus", Performance, "focus", "Put the measure into this ward's focus, or out of it.";
    MoveEarlier = "move-earlier", Performance, "move up", "Move the tile up in its column.";
    MoveLater = "move-later", Performance, "move down", "Move the tile down in its column.";
    MoveLeft = "move-left", Performance, "move left", "Move the tile to the column before.";
    MoveRight = "move-right", Performance, "move right", "Move the tile to the next column.";
    ByNeed = "by-need", Performance, "by need", "What needs a look first; again: by column.";
    NextBoard = "next-board", Performance, "next board", "Show the next of the team's boards.";
    Columns = "columns", Performance, "columns", "Name the columns, or take a set of them.";

    OneDone = "one-done", Process, "one done", "Count one more as completed.";
    TakeBack = "take-back", Process, "take back", "Take one back.";
    SetCount = "set-count", Process, "set", "Set how many are completed.";
    SetRequired = "set-required", Process, "required", "Set how many are required in this period.";
    Reason = "reason", Process, "reason", "Say why less was done than required.";
    Countermeasure = "countermeasure", Process, "countermeasure", "Say what is done about it.";
    EarlierPeriod = "earlier-period", Process, "earlier", "Look at the day before.";
    LaterPeriod = "later-period", Process, "later", "Look at the day after.";
    Past = "past", Process, "past", "Show what was done of it in the last four weeks.";
    WorkReasons = "work-reasons", Process, "reasons", "Show which reasons come most often.";
    Ward = "shifts", Process, "shifts", "Set the ward's shifts and bank holidays.";

    NextStage = "next-stage", Cycles, "next stage", "Go to the next stage; Do locks the predictions.";
    Decide = "decide", Cycles, "decide", "Adopt, adapt or abandon.";
    NextCycle = "next-cycle", Cycles, "next cycle", "Plan the cycle that follows in this ramp.";
    Note = "note", Cycles, "note", "Note what is seen while the test runs.";
    View = "view", Cycles, "view", "Change the view: by ramp, by stage, waiting longest.";
    AllTeams = "all-teams", Cycles, "all teams", "Show the cycles of every team of this file.";
    CycleChart = "cycle-chart", Cycles, "chart", "Open the chart that the cycle is read on.";
    NewProject = "new-project", Cycles, "new project", "Start an improvement project.";

    ChartType = "chart-type", Charts, "chart type", "Change the chart: run, XmR and what else fits the data.";
    Annotate = "annotate", Charts, "annotate", "Write a note at this point's day.";
    Rebase = "re-base", Charts, "re-base", "Start a new phase at this point, with a reason.";
    Ghost = "ghost", Charts, "ghost", "Leave this point out of the lines, or take it in again.";
    EditPoint = "edit-point", Charts, "edit point", "Change this point's value.";
    ZoomIn = "zoom-in", Charts, "zoom in", "Show fewer points.";
    ZoomOut = "zoom-out", Charts, "zoom out", "Show more points.";
    Fit = "fit", Charts, "all", "Show every point.";
    Latest = "latest", Charts, "latest", "Show the latest points only; again: more of them.";
    PanEarlier = "pan-earlier", Charts, "earlier", "Move the window to earlier points.";
    PanLater = "pan-later", Charts, "later", "Move the window to later points.";
    Compare = "compare", Charts, "compare", "Put a second measure under this one, or take it away.";
    Strata = "strata", Charts, "strata", "Lay the parts of this measure over each other.";
    Multiples = "multiples", Charts, "all small", "Show every measure small; again: those of one column.";
    Funnel = "funnel", Charts, "funnel", "Show this measure in every team of the file.";
    Spread = "distribution", Charts, "distribution", "Show how the values spread.";
    Reasons = "pareto", Charts, "reasons", "Show which reasons come most often.";
    Large = "large", Charts, "large", "Show this measure in letters for the wall.";
    NextMeasure = "next-measure", Charts, "next measure", "Show the next measure.";
    PreviousMeasure = "previous-measure", Charts, "previous measure", "Show the measure before.";

    MarkDone = "done", Actions, "done", "Mark it as done; again: it is open after all.";
    Stuck = "stuck", Actions, "stuck", "Say what it is stuck on.";
    Escalate = "escalate", Actions, "escalate", "Ask another tier for something.";
    Respond = "answer", Actions, "answer", "Write down what the tier answered.";
    TierUp = "tier-up", Actions, "a tier up", "Ask the next tier up.";
    Barrier = "barrier", Actions, "barrier", "Note what stands in the way of improvement.";
    Drop = "drop", Actions, "drop", "Say that it is no longer wanted, and why.";

    NextItem = "next-item", Huddle, "next", "Go on to the next item; after the last, end the huddle.";
    BackItem = "back-item", Huddle, "back", "Go back to the item before, or to an older record.";
    Skip = "skip", Huddle, "skip", "Pass this item over.";
    Pause = "pause", Huddle, "pause", "Stop the clock; again: let it go on.";
    Present = "present", Huddle, "who is here", "Count who is here, by role group.";
    Promise = "new-action", Huddle, "action", "Write an action down: its words, and Enter.";
    Jot = "jot", Huddle, "note", "Write a note down.";
    Idea = "idea", Huddle, "idea", "Write an idea down with its answer.";
    Thank = "thank", Huddle, "thanks", "Write down who is thanked, and for what.";
    NotYet = "not-yet", Huddle, "not yet", "Leave what was promised open, and go on to the next.";
    Count = "measures", Huddle, "measures", "Put how huddles are held on the board as run charts.";
    Finish = "finish", Huddle, "end", "End the huddle here; what is left counts as skipped.";
}

impl Action {
    /// The action of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.name() == name)
    }

    /// Where it takes the cursor of a list from `at`, where `last` is the last line and `page` are in view; nothing
    /// where it does not move up or down.
    pub fn travels(self, at: usize, last: usize, page: usize) -> Option<usize> {
        let to = match self {
            Self::Up => at.saturating_sub(1),
            Self::Down => at.saturating_add(1),
            Self::First => 0,
            Self::Last => last,
            Self::PageUp => at.saturating_sub(page.max(1)),
            Self::PageDown => at.saturating_add(page.max(1)),
            _ => return None,
        };
        Some(to.min(last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_actions_share_a_name() {
        for action in Action::ALL {
            assert_eq!(Action::parse(action.name()), Some(*action));
        }
    }

    #[test]
    fn a_list_is_travelled_to_its_ends_and_no_further() {
        for (action, to) in [
            (Action::Up, Some(3)),
            (Action::Down, Some(5)),
            (Action::First, Some(0)),
            (Action::Last, Some(9)),
            (Action::PageUp, Some(0)),
            (Action::PageDown, Some(9)),
            (Action::Open, None),
        ] {
            assert_eq!(action.travels(4, 9, 7), to, "{action:?}");
        }
        assert_eq!(Action::Down.travels(0, 0, 0), Some(0), "an empty list");
    }

    #[test]
    fn every_help_fits_beside_its_keys_on_eighty_columns() {
        for action in Action::ALL {
            assert!(action.help().len() <= 56, "{}: {}", action.name(), action.help().len());
        }
    }
}
