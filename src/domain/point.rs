//! A data point: one value of one measure in one period.

use chrono::{NaiveDate, NaiveDateTime, Timelike};

use super::MeasureId;
use super::measure::{Amount, Measure};
use super::record::{Field, Shape};

/// The fields of a data point, in the order of its table's columns.
pub const FIELDS: &[Field] = &[
    Field { name: "value", shape: Shape::Number },
    Field { name: "denominator", shape: Shape::Number },
    Field { name: "note", shape: Shape::Line(400) },
    Field { name: "ghost", shape: Shape::Line(160) },
];

/// The place of a data point; two replicas that fill the same place mean the same point.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PointKey {
    /// The measure.
    pub measure: MeasureId,
    /// The first moment of its period on the ward's wall clock.
    pub start: Start,
    /// A bay, a shift, a subgroup; empty for the whole.
    pub stratum: String,
    /// 0, and 1, 2 … for more events on the same day.
    pub ordinal: u32,
}

/// When a period starts: a day, or a time of that day for shifts and hours. Sorts by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Start(NaiveDateTime, bool);

impl Start {
    /// A period that starts with a day.
    pub fn day(day: NaiveDate) -> Self {
        Self(day.and_time(chrono::NaiveTime::MIN), false)
    }

    /// A period that starts at a time of the ward's wall clock.
    pub fn time(wall: NaiveDateTime) -> Self {
        Self(wall, true)
    }

    /// The day on which it starts.
    pub fn date(self) -> NaiveDate {
        self.0.date()
    }

    /// The moment on the wall clock at which it starts.
    pub fn wall(self) -> NaiveDateTime {
        self.0
    }

    /// As ISO text: `2026-11-20` or `2026-11-20T07:00`.
    pub fn text(self) -> String {
        // Not through a format string: an import writes a million of these.
        let day = self.0.date();
        if self.1 { format!("{day}T{:02}:{:02}", self.0.hour(), self.0.minute()) } else { day.to_string() }
    }

    /// From ISO text.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let day = iso_day(bytes.get(..10)?)?;
        match bytes.get(10..)? {
            [] => Some(Self::day(day)),
            [b'T', time @ ..] => {
                let [tens_of_hours, hours, b':', tens, ones] = *time else { return None };
                let time = day.and_hms_opt(two_digits([tens_of_hours, hours])?, two_digits([tens, ones])?, 0)?;
                Some(Self::time(time))
            }
            _ => None,
        }
    }
}

/// `2026-11-20`. Every point of a file is read by this: chrono's general parser takes ten times as long.
fn iso_day(bytes: &[u8]) -> Option<NaiveDate> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *bytes else { return None };
    let year = two_digits([y1, y2])? * 100 + two_digits([y3, y4])?;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, two_digits([m1, m2])?, two_digits([d1, d2])?)
}

fn two_digits([tens, ones]: [u8; 2]) -> Option<u32> {
    (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| u32::from(tens - b'0') * 10 + u32::from(ones - b'0'))
}

impl PointKey {
    /// The one point of a measure's day.
    pub fn whole(measure: MeasureId, day: NaiveDate) -> Self {
        Self { measure, start: Start::day(day), stratum: String::new(), ordinal: 0 }
    }

    /// As the log names it: the measure's 16 bytes, then start, stratum and ordinal, parted by NUL.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(32 + self.stratum.len());
        out.extend_from_slice(self.measure.bytes());
        out.extend_from_slice(self.start.text().as_bytes());
        if !self.stratum.is_empty() || self.ordinal != 0 {
            out.push(0);
            out.extend_from_slice(self.stratum.as_bytes());
            out.push(0);
            out.extend_from_slice(self.ordinal.to_string().as_bytes());
        }
        out
    }

    /// Whether these bytes, which were read as this key, are its name to the byte.
    pub fn is_named_by(&self, bytes: &[u8]) -> bool {
        // A start has one text only, so that without a stratum and an ordinal the length tells all.
        let whole = self.stratum.is_empty() && self.ordinal == 0;
        if whole { !bytes.get(16..).unwrap_or_default().contains(&0) } else { self.bytes() == bytes }
    }

    /// The key that the log's bytes name, if they are well formed.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let (measure, rest) = bytes.split_at_checked(16)?;
        let mut parts = std::str::from_utf8(rest).ok()?.split('\0');
        let start = Start::parse(parts.next()?)?;
        let stratum = parts.next().unwrap_or("").to_owned();
        let ordinal = parts.next().map_or(Some(0), |text| text.parse().ok())?;
        Some(Self { measure: MeasureId::from_bytes(measure)?, start, stratum, ordinal })
    }
}

/// A data point as the ward knows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Its place.
    pub key: PointKey,
    /// What was counted; `None` for a period that is known to have no value.
    pub value: Option<f64>,
    /// The denominator of a proportion or rate.
    pub denominator: Option<f64>,
    /// What was noted with it.
    pub note: String,
    /// Why it is left out of the statistics, where it is; it stays visible.
    pub ghost: Option<String>,
    /// How many changes this file has applied to it; 0 for a point that is computed, not typed.
    pub revision: i64,
}

impl Point {
    /// What is plotted for this measure: a fraction where there is a denominator.
    pub fn plotted(&self, measure: &Measure) -> Option<f64> {
        Amount { value: self.value?, denominator: self.denominator }.plotted(measure.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_points_key_reads_back_from_its_bytes() {
        let measure = MeasureId::fresh();
        for (start, stratum, ordinal) in
            [("2026-11-20", "", 0), ("2026-11-20T07:00", "Bay A", 0), ("2026-11-20", "", 2)]
        {
            let key = PointKey { measure, start: Start::parse(start).unwrap(), stratum: stratum.into(), ordinal };
            assert!(key.is_named_by(&key.bytes()));
            assert_eq!(PointKey::parse(&key.bytes()), Some(key));
        }
        for other in ["2026-11-20\0\x000", "2026-11-20\0", "2026-11-20\0Bay A", "2026-11-20\0Bay A\x0001"] {
            let bytes = [measure.bytes(), other.as_bytes()].concat();
            let key = PointKey::parse(&bytes).unwrap();
            assert!(!key.is_named_by(&bytes), "{other:?}");
        }
        for wrong in [
            "2026-11-2",
            "2026-13-01",
            "2026-11-31",
            "2026-11-20T7:00",
            "2026-11-20T25:00",
            "2026-11-20 07:00",
            "+026-11-20",
        ] {
            assert_eq!(Start::parse(wrong), None, "{wrong}");
        }
        assert_eq!(PointKey::parse(b"short"), None);
        assert_eq!(PointKey::parse(&[0xff; 40]), None);
    }
}
