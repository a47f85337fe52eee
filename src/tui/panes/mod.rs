//! The panes, a file or folder each: what it remembers, what an action does, how it looks.

use crate::app::pane::Pane;

/// Every pane, in the order of the tabs.
pub(crate) fn all() -> Vec<Box<dyn Pane>> {
    vec![]
}
