//! `wall`: the board for the room, and nothing else.

use clap::Args;

use super::board;
use super::open::Flags;
use crate::base::error::Outcome;
use crate::tui::wall::Plan;

#[derive(Debug, Args)]
pub(super) struct Wall {
    /// How many seconds a picture stands
    #[arg(long, value_name = "SECONDS")]
    every: Option<u64>,
    /// What is shown, in this order: performance,process,charts,actions
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    screens: Option<Vec<String>>,
    /// Dim by night: from when until when, 21:00-06:30
    #[arg(long, value_name = "FROM-TO")]
    dim: Option<String>,
}

/// Shows the wall until somebody leaves it; what is not said comes from the settings.
pub(super) fn run(flags: &Flags, wall: &Wall) -> Outcome<u8> {
    let opened = board::find(flags, false)?;
    let settings = &opened.home.settings;
    let plan = Plan::read(
        wall.every.unwrap_or(settings.wall_every),
        wall.screens.as_deref().unwrap_or(&settings.wall_screens),
        wall.dim.as_deref().unwrap_or(&settings.wall_dim),
    )?;
    board::open_wall(opened, plan)
}
