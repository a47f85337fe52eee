//! How the board stands to the others, in as few columns as there are.

use crate::app::look::Role;
use crate::app::model::Model;
use crate::base::text;

/// Words with their roles that belong together.
type Piece = Vec<(String, Role)>;

/// What parts two pieces.
const BETWEEN: &str = " · ";
/// A sync that is older than this is old news, in hours.
const OLD_HOURS: i64 = 24;

/// So much of the name of what somebody changed is shown, in cells.
const NEWS_AT_MOST: usize = 24;

/// The keys that the standing names; empty where they do not work now.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Keys<'k> {
    /// Shows the conflicts.
    pub(crate) conflicts: &'k str,
    /// Brings the board into step.
    pub(crate) sync: &'k str,
}

/// What the right side of the key line says, in at most `room` cells: what needs somebody before what
/// is only good to know.
pub(crate) fn words(model: &Model, keys: Keys<'_>, room: usize) -> Piece {
    // In the order in which they stand; the number says which goes last where there is no room.
    let pieces: Vec<(u8, Piece)> = [
        (6, news(model)),
        (2, saving(model)),
        (1, going(model)),
        (4, last(model)),
        (3, waiting(model)),
        (5, shares(model, keys.sync)),
        (0, conflicts(model, keys.conflicts)),
    ]
    .into_iter()
    .filter_map(|(rank, piece)| Some((rank, piece?)))
    .collect();
    let mut ranks: Vec<u8> = pieces.iter().map(|(rank, _)| *rank).collect();
    ranks.sort_unstable();
    let mut kept: Vec<u8> = Vec::new();
    let mut used = 0;
    for rank in ranks {
        let wide: usize = pieces.iter().filter(|(other, _)| *other == rank).map(|(_, piece)| width(piece)).sum();
        let gap = if kept.is_empty() { 0 } else { text::width(BETWEEN) };
        if used + gap + wide <= room {
            used += gap + wide;
            kept.push(rank);
        }
    }
    let mut words = Piece::new();
    for (_, piece) in pieces.into_iter().filter(|(rank, _)| kept.contains(rank)) {
        if !words.is_empty() {
            words.push((BETWEEN.to_owned(), Role::Faint));
        }
        words.extend(piece);
    }
    words
}

/// How wide words are.
pub(crate) fn width(words: &[(String, Role)]) -> usize {
    words.iter().map(|(words, _)| text::width(words)).sum()
}

fn one(words: impl Into<String>, role: Role) -> Option<Piece> {
    Some(vec![(words.into(), role)])
}

/// What somebody else has changed just now, so that nobody wonders what moved.
fn news(model: &Model) -> Option<Piece> {
    let item = model.news.latest()?;
    let what = text::clip(item.named(model)?, NEWS_AT_MOST);
    Some(vec![(format!("{}: ", item.whose()), Role::Dim), (what, Role::Text)])
}

fn saving(model: &Model) -> Option<Piece> {
    if model.saving > 0 { one("saving …", Role::Dim) } else { None }
}

fn going(model: &Model) -> Option<Piece> {
    let going = model.step.going?;
    if going.of == 0 {
        return one("Syncing …", Role::Accent);
    }
    one(format!("Syncing … {} of {}", going.done.min(going.of), going.of), Role::Accent)
}

fn last(model: &Model) -> Option<Piece> {
    let step = &model.step;
    if step.folder.is_none() || step.going.is_some() {
        return None;
    }
    if step.failed {
        return one("sync failed", Role::Error);
    }
    let Some(last) = step.last else { return one("never synced", Role::Due) };
    let wall = model.zone().wall(last);
    let words = if wall.date() == model.today() { wall.format("synced %H:%M") } else { wall.format("synced %-d %b") };
    let old = (model.now - last).num_hours() >= OLD_HOURS;
    one(words.to_string(), if old { Role::Due } else { Role::Dim })
}

/// How a board that is on one computer only comes onto another: nobody would look for it.
fn shares(model: &Model, key: &str) -> Option<Piece> {
    let alone = model.step.folder.is_none() && model.step.going.is_none() && !model.teams.is_empty();
    if !alone || model.team.demo || key.is_empty() {
        return None;
    }
    Some(vec![(format!("{key} "), Role::Accent), ("share".to_owned(), Role::Dim)])
}

fn waiting(model: &Model) -> Option<Piece> {
    let step = &model.step;
    if step.folder.is_none() || step.going.is_some() || step.waiting <= 0 {
        return None;
    }
    one(format!("{} to send", step.waiting), Role::Text)
}

fn conflicts(model: &Model, key: &str) -> Option<Piece> {
    let count = model.step.conflicts;
    if count == 0 {
        return None;
    }
    let words = format!("{count} conflict{}", if count == 1 { "" } else { "s" });
    if key.is_empty() {
        return one(words, Role::Due);
    }
    Some(vec![(format!("{key} "), Role::Accent), (words, Role::Due)])
}
