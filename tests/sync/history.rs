//! What may happen at several boards, and what must hold whatever happened. The same histories are told
//! to real boards and to models of boards with one mistake each, none of which may get away with it.

use std::fmt;

use chrono::TimeDelta;
use huddleboard::base::id::ReplicaId;
use huddleboard::domain::TeamId;
use huddleboard::store::{RemoteAction, RemoteChange};
use proptest::prelude::*;
use std::sync::Arc;
use uuid::Uuid;

use crate::support::noon;
use crate::wards::{Deed, Names};

/// One thing that happens. Boards are numbered; a number that is too high counts round.
#[derive(Clone)]
pub(crate) enum Event {
    /// Somebody does something at a board.
    Deed(usize, Deed),
    /// A board hands so many quarters of its changes to another one, shuffled and some of them twice.
    Send { from: usize, to: usize, quarters: usize, seed: u64 },
    /// A program of another version hands a change to a board, stamped by a clock so many hours off.
    Stranger(usize, Strange, i32),
    /// A board's file is copied, with what stands beside it or without, and the copy goes on as well.
    Copy(usize, bool),
    /// A copy of a board's file is kept …
    Keep(usize),
    /// … and put back in its place.
    PutBack(usize),
    /// The program ends and starts.
    Reopen(usize),
    /// A board puts into the folder what that lacks …
    Publish(usize),
    /// … or does not see what is there already.
    PublishBlindly(usize),
    /// A board takes in so many quarters of the folder's files.
    Gather { which: usize, quarters: usize, seed: u64 },
    /// A file of the folder is lost,
    Lose(usize),
    /// stands there twice,
    Duplicate(usize),
    /// or is damaged.
    Damage(usize),
    /// The program is killed at this change of those that it takes in; or, after the last, as they are in.
    DieTakingIn { which: usize, from: usize, at: usize },
    /// The program is killed within a commit of three edits, or right after it.
    DieCommitting { which: usize, word: u8, at: usize },
}

/// What programs of other versions write.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Strange {
    /// A newer one, of a kind that this one does not know.
    NewKind,
    /// A newer one: a known field, and one that is not.
    NewField(u8),
    /// A newer one makes a record, and spells JSON in its own way.
    OtherSpelling(u8),
    /// A newer one holds something else in a field of this name.
    OtherShape(u8),
    /// An older one makes a record without a field that it does not know.
    LacksField(u8),
    /// An older one, of a point.
    Point(u8),
}

/// Everything that happened.
#[derive(Clone)]
pub(crate) struct History {
    pub(crate) boards: usize,
    /// Whether at the end all changes go through the folder, or from hand to hand.
    pub(crate) through_folder: bool,
    pub(crate) events: Vec<Event>,
}

impl fmt::Debug for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} boards", self.boards)?;
        self.events.iter().try_for_each(|event| write!(f, "\n    {event:?}"))?;
        write!(f, "\n    in the end: everything {}", if self.through_folder { "through the folder" } else { "by hand" })
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deed(which, deed) => write!(f, "board {which}: {deed:?}"),
            Self::Send { from, to, quarters: 4, seed } => write!(f, "board {from} → board {to}: all (order {seed})"),
            Self::Send { from, to, quarters, seed } => {
                write!(f, "board {from} → board {to}: {quarters}/4 (order {seed})")
            }
            Self::Stranger(which, what, hours) => write!(f, "stranger → board {which}: {what:?}, {hours} h off"),
            Self::Copy(which, true) => write!(f, "board {which}: copied with what stands beside it"),
            Self::Copy(which, false) => write!(f, "board {which}: copied alone"),
            Self::Keep(which) => write!(f, "board {which}: a copy is kept"),
            Self::PutBack(which) => write!(f, "board {which}: the kept copy is put back"),
            Self::Reopen(which) => write!(f, "board {which}: opened anew"),
            Self::Publish(which) => write!(f, "board {which} → folder"),
            Self::PublishBlindly(which) => write!(f, "board {which} → folder, without seeing it"),
            Self::Gather { which, quarters, seed } => write!(f, "folder → board {which}: {quarters}/4 (which {seed})"),
            Self::Lose(nth) => write!(f, "folder: file {nth} is lost"),
            Self::Duplicate(nth) => write!(f, "folder: file {nth} stands there twice"),
            Self::Damage(nth) => write!(f, "folder: file {nth} is damaged"),
            Self::DieTakingIn { which, from, at } => {
                write!(f, "board {which}: dies at change {at} of those from board {from}")
            }
            Self::DieCommitting { which, word, at } => write!(f, "board {which}: dies at edit {at} of 3 (word {word})"),
        }
    }
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        2 => (0..3_u8, 0..5_u8).prop_map(|(which, word)| Deed::Make(which, word)),
        3 => (0..3_u8, 0..5_u8).prop_map(|(which, word)| Deed::Rename(which, word)),
        1 => (0..3_u8).prop_map(Deed::Delete),
        1 => (0..3_u8).prop_map(Deed::Restore),
        4 => (0..3_u8, 0..4_u8).prop_map(|(date, value)| Deed::Put(date, value)),
        2 => (0..3_u8, 0..5_u8).prop_map(|(date, word)| Deed::Note(date, word)),
        1 => (0..3_u8).prop_map(Deed::DeletePoint),
        1 => (0..3_u8).prop_map(Deed::Tick),
        1 => (0..3_u8, 0..5_u8).prop_map(|(which, word)| Deed::Several(which, word)),
        2 => Just(Deed::Undo),
        1 => Just(Deed::Redo),
        2 => clock().prop_map(Deed::Turn),
    ]
}

/// Hours off: mostly some days, sometimes ten years.
fn clock() -> impl Strategy<Value = i32> {
    prop_oneof![3 => -200..200_i32, 1 => Just(-90_000), 1 => Just(90_000)]
}

fn strange() -> impl Strategy<Value = Strange> {
    prop_oneof![
        Just(Strange::NewKind),
        (0..3_u8).prop_map(Strange::NewField),
        (0..3_u8).prop_map(Strange::OtherSpelling),
        (0..3_u8).prop_map(Strange::OtherShape),
        (0..3_u8).prop_map(Strange::LacksField),
        (0..3_u8).prop_map(Strange::Point),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    let which = || 0..6_usize;
    let part = || (1..5_usize, any::<u64>().prop_map(|seed| seed % 1_000));
    prop_oneof![
        20 => (which(), deed()).prop_map(|(which, deed)| Event::Deed(which, deed)),
        6 => (which(), which(), part()).prop_map(|(from, to, (quarters, seed))| Event::Send { from, to, quarters, seed }),
        3 => (which(), strange(), clock()).prop_map(|(which, what, hours)| Event::Stranger(which, what, hours)),
        2 => (which(), any::<bool>()).prop_map(|(which, beside)| Event::Copy(which, beside)),
        2 => which().prop_map(Event::Keep),
        2 => which().prop_map(Event::PutBack),
        1 => which().prop_map(Event::Reopen),
        3 => which().prop_map(Event::Publish),
        1 => which().prop_map(Event::PublishBlindly),
        3 => (which(), part()).prop_map(|(which, (quarters, seed))| Event::Gather { which, quarters, seed }),
        1 => (0..20_usize).prop_map(Event::Lose),
        1 => (0..20_usize).prop_map(Event::Duplicate),
        1 => (0..20_usize).prop_map(Event::Damage),
        1 => (which(), which(), 0..30_usize).prop_map(|(which, from, at)| Event::DieTakingIn { which, from, at }),
        1 => (which(), 0..5_u8, 0..4_usize).prop_map(|(which, word, at)| Event::DieCommitting { which, word, at }),
    ]
}

/// Any history of three to six boards.
pub(crate) fn history() -> impl Strategy<Value = History> {
    (3..7_usize, any::<bool>(), proptest::collection::vec(event(), 1..80))
        .prop_map(|(boards, through_folder, events)| History { boards, through_folder, events })
}

/// A newer and an older program, which take part with changes of their own.
pub(crate) struct Strangers {
    newer: i64,
    older: i64,
}

impl Strangers {
    pub(crate) fn new() -> Self {
        Self { newer: 0, older: 0 }
    }

    /// The next change of one of them.
    pub(crate) fn write(&mut self, names: &Names, what: Strange, hours: i32) -> RemoteChange {
        let is_older = matches!(what, Strange::LacksField(_) | Strange::Point(_));
        let last = if is_older { &mut self.older } else { &mut self.newer };
        *last += 1;
        let (kind, record, creates, fields) = match what {
            Strange::NewKind => ("constellation", vec![7; 3], true, r#"{ "name":"Orion" , "stars": [1, 2.50,3e0]}"#),
            Strange::NewField(which) => {
                ("project", names.project_bytes(which), false, r#"{"name":"indigo","hue":{"r":  1}}"#)
            }
            Strange::OtherSpelling(which) => (
                "project",
                names.project_bytes(which),
                true,
                "{\"hue\":null, \"name\" :\"vi\\u006Flet\",\n\"owner\":\"x\"}",
            ),
            Strange::OtherShape(which) => ("project", names.project_bytes(which), false, r#"{"name":7,"owner":[1]}"#),
            Strange::LacksField(which) => ("project", names.project_bytes(which), true, r#"{"name":"sepia"}"#),
            Strange::Point(date) => ("point", names.point(date).bytes(), true, r#"{"value":7}"#),
        };
        let wall = (noon() + TimeDelta::hours(i64::from(hours))).timestamp_millis();
        let words = format!("{what:?}");
        let sort = if is_older { "edit" } else { "ascend" }.to_owned();
        RemoteChange {
            origin: ReplicaId(Uuid::from_u128(if is_older { 0xaaaa } else { u128::MAX - 0xffff })),
            seq: *last,
            action: Arc::new(RemoteAction { seq: *last, at: wall, actor: None, words, sort, reverses: None }),
            wall,
            counter: u16::try_from(*last % 3).unwrap_or(0),
            team: TeamId(names.team.0),
            kind: kind.to_owned().into(),
            record: record.into(),
            creates,
            fields: fields.into(),
            seen: None,
            schema: if is_older { 0 } else { 99 },
            redacted: false,
        }
    }
}
