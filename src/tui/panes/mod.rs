//! The panes, a file or folder each: what it remembers, what an action does, how it looks.

mod actions;
mod charts;
mod cycles;
mod huddle;
mod measure_form;
pub(crate) mod performance;
mod process;
mod typed;

use crate::app::pane::Pane;

/// Every pane, in the order of the tabs; the huddle, which has none, last.
pub(crate) fn all() -> Vec<Box<dyn Pane>> {
    vec![
        Box::new(performance::PerformancePane::default()),
        Box::new(process::ProcessPane::default()),
        Box::new(cycles::CyclesPane::default()),
        Box::new(charts::ChartsPane::default()),
        Box::new(actions::ActionsPane::default()),
        Box::new(huddle::HuddlePane::default()),
    ]
}

/// What was typed, where anything was.
fn value_of(typed: String) -> Option<String> {
    (!typed.is_empty()).then_some(typed)
}
