//! One change as a line of a bundle's payload: a JSON object.
//!
//! A board that joins reads a million of them, all written by the same hand. A line that stands as
//! [`ChangeLine::of`] writes it is read from left to right without a general reader; any other that is a JSON
//! object, by one.

use std::borrow::Cow;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::base::id::ReplicaId;
use crate::domain::TeamId;
use crate::store::{RecordName, RemoteAction, RemoteChange, kind_named};

/// A line as it stands in the payload: what needs no memory of its own is not given any.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct ChangeLine<'a> {
    seq: i64,
    wall: i64,
    counter: u16,
    team: Uuid,
    #[serde(borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    record: Cow<'a, str>,
    creates: bool,
    #[serde(borrow)]
    fields: Cow<'a, str>,
    #[serde(borrow)]
    seen: Option<Cow<'a, str>>,
    schema: i64,
    #[serde(default)]
    redacted: bool,
}

impl<'a> ChangeLine<'a> {
    pub(super) fn of(change: &'a RemoteChange) -> Self {
        Self {
            seq: change.seq,
            wall: change.wall,
            counter: change.counter,
            team: change.team.0,
            kind: (&*change.kind).into(),
            record: hex(&change.record).into(),
            creates: change.creates,
            fields: change.fields.as_str().into(),
            seen: change.seen.as_deref().map(Cow::from),
            schema: change.schema,
            redacted: change.redacted,
        }
    }

    /// Reads a line; nothing where it is not a change.
    pub(super) fn parse(line: &'a str) -> Option<Self> {
        Self::as_written(line).or_else(|| serde_json::from_str(line).ok())
    }

    fn as_written(line: &'a str) -> Option<Self> {
        let mut left = Left(line);
        let (seq, wall, counter, team, kind) = left.head()?;
        left.pass("\",\"record\":\"")?;
        let record = left.plain()?.into();
        left.pass("\",\"creates\":")?;
        let creates = left.flag()?;
        left.pass(",\"fields\":\"")?;
        let fields = left.text()?;
        left.pass(",\"seen\":")?;
        let seen = match left.pass("null") {
            Some(()) => None,
            None => {
                left.pass("\"")?;
                Some(left.text()?)
            }
        };
        left.pass(",\"schema\":")?;
        let schema = left.number()?;
        left.pass(",\"redacted\":")?;
        let redacted = left.flag()?;
        left.pass("}")?;
        let (team, kind) = (Uuid::try_parse(team).ok()?, kind.into());
        let line = Self { seq, wall, counter, team, kind, record, creates, fields, seen, schema, redacted };
        left.0.is_empty().then_some(line)
    }

    /// The change that the line says; nothing where its record is not written as it must be.
    pub(super) fn into_change(self, origin: ReplicaId, action: &Arc<RemoteAction>) -> Option<RemoteChange> {
        Some(RemoteChange {
            origin,
            seq: self.seq,
            action: action.clone(),
            wall: self.wall,
            counter: self.counter,
            team: TeamId(self.team),
            kind: kind_named(&self.kind),
            record: bytes_of(&self.record)?,
            creates: self.creates,
            fields: self.fields.into(),
            seen: self.seen.map(Cow::into_owned),
            schema: self.schema,
            redacted: self.redacted,
        })
    }
}

/// Whose a line is, and of what kind; nothing where it is not a change.
pub(super) fn whose(line: &str) -> Option<(TeamId, Cow<'_, str>)> {
    if let Some((.., team, kind)) = Left(line).head() {
        return Some((TeamId(Uuid::try_parse(team).ok()?), kind.into()));
    }
    let line: ChangeLine<'_> = serde_json::from_str(line).ok()?;
    Some((TeamId(line.team), line.kind))
}

/// What is left of a line.
struct Left<'a>(&'a str);

impl<'a> Left<'a> {
    fn pass(&mut self, text: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(text)?;
        Some(())
    }

    /// Up to the end of the kind: sequence number, stamp, team and kind.
    fn head(&mut self) -> Option<(i64, i64, u16, &'a str, &'a str)> {
        self.pass("{\"seq\":")?;
        let seq = self.number()?;
        self.pass(",\"wall\":")?;
        let wall = self.number()?;
        self.pass(",\"counter\":")?;
        let counter = self.number()?;
        self.pass(",\"team\":\"")?;
        let team = self.plain()?;
        self.pass("\",\"kind\":\"")?;
        let kind = self.plain()?;
        Some((seq, wall, counter, team, kind))
    }

    fn number<T: FromStr>(&mut self) -> Option<T> {
        let end = self.0.bytes().position(|byte| !byte.is_ascii_digit() && byte != b'-')?;
        let (number, left) = self.0.split_at_checked(end)?;
        self.0 = left;
        // JSON has no leading noughts.
        let plain = number == "0" || !number.trim_start_matches('-').starts_with('0');
        number.parse().ok().filter(|_| plain)
    }

    fn flag(&mut self) -> Option<bool> {
        match self.pass("true") {
            Some(()) => Some(true),
            None => self.pass("false").map(|()| false),
        }
    }

    /// A text without any escape, up to its closing quote.
    fn plain(&mut self) -> Option<&'a str> {
        let end = self.0.bytes().position(|byte| byte == b'"' || byte == b'\\' || byte < b' ')?;
        let (text, left) = self.0.split_at_checked(end)?;
        self.0 = left;
        left.starts_with('"').then_some(text)
    }

    /// A text in which nothing but quotes is escaped, with its closing quote.
    fn text(&mut self) -> Option<Cow<'a, str>> {
        let mut text = String::new();
        loop {
            let end = self.0.bytes().position(|byte| byte == b'"' || byte == b'\\' || byte < b' ')?;
            let (part, left) = self.0.split_at_checked(end)?;
            if let Some(left) = left.strip_prefix("\\\"") {
                text.reserve(end + left.len().min(64));
                text.push_str(part);
                text.push('"');
                self.0 = left;
                continue;
            }
            self.0 = left.strip_prefix('"')?;
            if text.is_empty() {
                return Some(part.into());
            }
            text.push_str(part);
            return Some(text.into());
        }
    }
}

/// Bytes in hexadecimal.
fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

fn bytes_of(hex: &str) -> Option<RecordName> {
    let half = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    };
    let (pairs, rest) = hex.as_bytes().as_chunks();
    let mut bytes = RecordName::with_capacity(pairs.len());
    for [high, low] in pairs {
        bytes.push((half(*high)? << 4) | half(*low)?);
    }
    rest.is_empty().then_some(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WRITTEN: &str = r#"{"seq":4,"wall":-1795176000000,"counter":65535,"team":"0192f0c1-2345-7abc-8def-0123456789ab","kind":"point","record":"00ff","creates":true,"fields":"{\"value\":2.0}","seen":null,"schema":1,"redacted":false}"#;

    #[test]
    fn a_line_as_boards_write_it_needs_no_general_reader() {
        let line = ChangeLine::as_written(WRITTEN).unwrap();
        assert_eq!(line, serde_json::from_str(WRITTEN).unwrap());
        assert_eq!(serde_json::to_string(&line).unwrap(), WRITTEN);
        assert_eq!(bytes_of(&line.record).as_deref(), Some(&[0, 255][..]));
        let seen = WRITTEN.replace("null", r#""{\"*\":\"1.0.x\"}""#);
        assert_eq!(ChangeLine::as_written(&seen).unwrap(), serde_json::from_str(&seen).unwrap());
    }

    #[test]
    fn any_other_line_is_read_as_json_or_not_at_all() {
        for (from, to) in [
            (r#""seq":4"#, r#""seq": 4"#),
            (r#"{"seq":4,"wall":-1795176000000"#, r#"{"wall":-1795176000000,"seq":4"#),
            ("point", r"p\u006fint"),
            (r#"\"value"#, r#"\n\"value"#),
            (r#""redacted":false"#, r#""redacted":false,"new":1"#),
            (r#","redacted":false"#, ""),
        ] {
            let other = WRITTEN.replacen(from, to, 1);
            assert_eq!(ChangeLine::as_written(&other), None, "{other}");
            let read = ChangeLine::parse(&other);
            assert_eq!(read, serde_json::from_str(&other).ok(), "{other}");
        }
        for (from, to) in [("65535", "65536"), (r#""seq":4"#, r#""seq":04"#), ("0192f0c1", "zzzz"), ("true", "truth")] {
            assert_eq!(ChangeLine::parse(&WRITTEN.replacen(from, to, 1)), None, "{to}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn both_readers_say_the_same_of_whatever_is_done_to_a_line(
            cuts in proptest::collection::vec((0..WRITTEN.len(), "[ -~\u{e9}\n]{0,2}", 0..3_usize), 1..4)
        ) {
            let mut line = WRITTEN.to_owned();
            for (at, put, take) in cuts {
                let at = at.min(line.len());
                let end = (at + take).min(line.len());
                if line.is_char_boundary(at) && line.is_char_boundary(end) {
                    line.replace_range(at..end, &put);
                }
            }
            if let Some(read) = ChangeLine::as_written(&line) {
                prop_assert_eq!(Some(read), serde_json::from_str(&line).ok(), "{}", line);
            }
        }
    }
}
