//! A change on its way in, looked at as far as that needs nothing of the file: whoever reads a bundle can do
//! it beside whoever writes the one before.

use super::super::line::read_json;
use super::super::rebuild::readable;
use super::super::remote::{RemoteChange, is_in_bounds};
use super::super::table::settle;
use crate::domain::change::{RecordKey, tame};
use crate::domain::point::{FIELDS, PointKey};
use crate::domain::record::{Kind, Value};

/// A change of another replica that is about to be taken in.
#[derive(Debug, Clone)]
pub struct Arriving {
    pub(super) change: RemoteChange,
    /// What it is where it says no more than a new point: most of what arrives does not.
    pub(super) point: Option<PlainPoint>,
}

/// A new data point, as its table holds it.
#[derive(Debug, Clone)]
pub(super) struct PlainPoint {
    pub(super) key: PointKey,
    /// One for each of [`FIELDS`].
    pub(super) values: [Value; 4],
}

impl From<RemoteChange> for Arriving {
    fn from(change: RemoteChange) -> Self {
        Self { point: plain_point(&change), change }
    }
}

fn plain_point(change: &RemoteChange) -> Option<PlainPoint> {
    let plain = change.creates
        && !change.redacted
        && change.seen.is_none()
        && change.kind == Kind::Point.code()
        && is_in_bounds(change);
    let fields = read_json(&change.fields).filter(|_| plain)?;
    let Some((_, RecordKey::Point(key))) = readable(&change.kind, &change.record, change.team) else { return None };
    let mut values = [const { Value::Null }; 4];
    for (name, value) in fields {
        let index = FIELDS.iter().position(|field| *field.name == *name)?;
        *values.get_mut(index)? = settle(*FIELDS.get(index)?, tame(*FIELDS.get(index)?, value));
    }
    Some(PlainPoint { key, values })
}
