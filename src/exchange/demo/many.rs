//! As many points as a benchmark asks for: one ward with very many measures.

use chrono::{DateTime, Days, Utc};

use super::chance::Chance;
use super::ward::Ward;
use super::{Moment, WARD};
use crate::base::error::Outcome;
use crate::domain::change::Edit;
use crate::domain::frequency::Frequency;
use crate::domain::measure::{Amount, Measure, MeasureKind};
use crate::domain::point::PointKey;
use crate::domain::template::Template;
use crate::domain::{MeasureId, TeamId};
use crate::spc::{Better, ChartType};

/// From so many points on, the ward has four hundred measures and not twenty.
const LARGE: u64 = 50_000;

/// The most points that are made: more would reach back behind the year 1900.
pub const MOST: u64 = 15_000_000;

/// The edits that make a ward of daily measures with `points` data points in all, one by one: a million
/// of them need no more memory than one.
///
/// # Errors
/// A sentence where the template cannot be used.
pub fn many(
    template: &Template,
    seed: u64,
    now: DateTime<Utc>,
    points: u64,
) -> Outcome<impl Iterator<Item = Outcome<Edit>> + use<>> {
    let moment = Moment::of(now);
    let mut chance = Chance::of(seed, "many");
    let measures = if points > LARGE { 400 } else { 20 };
    let mut ward = Ward::of(template, WARD, "Elderly medicine", moment.today, &mut chance)?;
    ward.keep(&[], &[]);
    let (team, column) = (ward.team.id, ward.team.columns.0.clone());
    let made: Vec<Measure> = (0..measures)
        .map(|number| {
            let place = usize::try_from(number).unwrap_or(0);
            let name = column.get(place % column.len().max(1)).map_or("", String::as_str);
            measure(team, MeasureId(chance.id()), name, number)
        })
        .collect();
    let setup: Vec<Edit> = ward.edits().into_iter().chain(made.iter().map(Edit::create)).collect();
    let rest = points % measures;
    let each = points / measures;
    let data = (0_u64..).zip(made).flat_map(move |(number, measure)| {
        let mut chance = Chance::of(seed, &measure.name);
        let count = each + u64::from(number < rest);
        (0..count).map(move |place| {
            let day = moment.today.checked_sub_days(Days::new(count - place)).unwrap_or(moment.today);
            Edit::put_point(team, PointKey::whole(measure.id, day), amount(measure.kind, &mut chance), "")
        })
    });
    Ok(setup.into_iter().chain(data).map(Ok))
}

fn measure(team: TeamId, id: MeasureId, column: &str, number: u64) -> Measure {
    let mut measure = Measure::blank(id, team);
    measure.name = format!("Measure {:03}", number + 1);
    column.clone_into(&mut measure.column);
    measure.position = i64::try_from(number).unwrap_or(0) + 1;
    measure.definition = "Made up, to see how fast a full board is.".to_owned();
    measure.kind = if number % 4 == 3 { MeasureKind::Proportion } else { MeasureKind::Count };
    measure.better = Some(if number.is_multiple_of(2) { Better::Down } else { Better::Up });
    measure.chart = Some(if number.is_multiple_of(3) { ChartType::Xmr } else { ChartType::Run });
    measure.frequency = Frequency::Day;
    measure
}

#[allow(clippy::cast_precision_loss, reason = "counts of a ward")]
fn amount(kind: MeasureKind, chance: &mut Chance) -> Amount {
    if kind == MeasureKind::Proportion {
        let of = chance.whole(12, 30);
        return Amount { value: chance.part(of, 0.9) as f64, denominator: Some(of as f64) };
    }
    Amount { value: chance.count(5.0) as f64, denominator: None }
}
