//! The views of the charts, from the keys to the cells.

use chrono::Days;

use super::*;
use crate::base::zone::Zone;
use crate::domain::TeamId;
use crate::domain::change::Edit;
use crate::domain::measure::{Amount, MeasureKind};
use crate::domain::point::PointKey;

/// Points of the team's hand hygiene: so many weeks of a part of 40, in each of these strata.
fn audits(store: &mut Store, team: TeamId, parts: &[(&str, f64)]) {
    let measures: Vec<Measure> = store.records(Some(team)).unwrap();
    let measure = measures.iter().find(|measure| measure.name == "Hand hygiene").unwrap();
    assert_eq!(measure.kind, MeasureKind::Proportion);
    let monday = measure.frequency.start_of("2026-11-09".parse().unwrap());
    let edits = (0..30u64).flat_map(|week| {
        parts.iter().map(move |(stratum, share)| {
            let mut key = PointKey::whole(measure.id, monday - Days::new(7 * week));
            key.stratum = (*stratum).to_owned();
            #[allow(clippy::cast_precision_loss)]
            let value = (40.0 * share - (week % 3) as f64).floor();
            Ok(Edit::put_point(team, key, Amount { value, denominator: Some(40.0) }, ""))
        })
    });
    store.commit(&author("coach", 1), "audits", edits.collect::<Vec<_>>()).unwrap();
}

/// A file of several wards that audit their hands, in strata or as a whole.
fn wards(names: &[&str], parts: &[(&str, f64)]) -> Desk {
    let template = templates::find("acute-ward").unwrap();
    Desk::with(now(), |store| {
        for name in names {
            let zone = Zone::default();
            let (team, edits) = template.make_team(name, "", zone, zone.day(now())).unwrap();
            store.commit(&author("coach", 1), "made", edits.into_iter().map(Ok)).unwrap();
            audits(store, team.id, parts);
        }
    })
}

#[test]
fn a_second_measure_stands_under_the_first_and_goes_by_the_same_key() {
    let mut desk = Desk::demo();
    desk.press("4 Down c \"hand Enter");
    desk.shows("Hand hygiene  ");
    desk.shows("Two lines that move together");
    desk.press("Left Left");
    desk.shows("Hand hygiene, ");
    desk.press("J");
    desk.shows("Pressure ulcers: ");
    desk.press("c");
    assert!(!desk.text().contains("Two lines"), "the second chart is gone");
    assert!(desk.model.beside.is_none());
}

#[test]
fn every_measure_is_shown_small_then_its_column_and_enter_opens_one() {
    let mut desk = Desk::demo();
    desk.press("4 v");
    desk.shows("page 1 of 2");
    desk.shows("Length of stay");
    desk.press("Right v");
    assert!(!desk.text().contains("Length of stay"), "another column's");
    desk.shows("Round minutes");
    desk.press("Enter");
    desk.shows("down is good · XmR");
    assert_eq!(desk.model.chart.as_ref().unwrap().chart.name, "Medication omissions");
}

#[test]
fn a_funnel_compares_the_teams_of_the_file_and_says_so_where_there_is_only_one() {
    let mut desk = Desk::demo();
    desk.press("4 Down f");
    desk.shows("Only this team of the file has the measure.");
    desk.press("Up f f");
    desk.shows("A funnel needs a measure with a denominator");
    assert!(!desk.text().contains("S takes in"), "what others send would not help");
    let mut desk = wards(&["Ward 1", "Ward 2", "Ward 3"], &[("", 0.9)]);
    desk.press("4 / \"hygiene Enter f");
    desk.shows("Do not rank them.");
    desk.shows("Each team's last twelve months");
}

#[test]
fn what_changes_the_lines_asks_for_its_point_first() {
    let mut desk = Desk::demo();
    for key in ["g", "b"] {
        desk.press("1 4 J J");
        let chart = &desk.model.chart.as_ref().unwrap().chart;
        assert!(chart.words.suggestion.is_none() && chart.last.is_some(), "{}", chart.words.verdict);
        desk.press(key);
        assert!(!desk.shell.is_asking(), "{key} without a point");
        desk.shows("Which point? Go to it with the arrow keys");
        desk.press("Left");
        desk.press(key);
        assert!(desk.shell.is_asking(), "{key} at a chosen point");
        desk.press("Esc Esc");
    }
}

#[test]
fn escape_goes_back_to_where_the_chart_was_opened_and_nowhere_else() {
    let mut desk = Desk::demo();
    desk.press("Enter");
    desk.shows("rules");
    desk.press("Esc");
    desk.shows("focus");
    desk.press("4 Esc f");
    desk.shows("funnel");
    desk.press("Esc Esc");
    desk.shows("There is nothing to go back to.");
    assert!(desk.model.chart.is_some());
}

#[test]
fn a_chart_of_which_a_part_is_in_view_says_so() {
    let mut desk = Desk::demo();
    desk.press("4 Down w");
    let len = desk.model.chart.as_ref().unwrap().chart.points.len();
    desk.shows(&format!("13 of {len} weeks: 0 shows all"));
    desk.press("0");
    assert!(!desk.text().contains("0 shows all"));
}

#[test]
fn strata_are_laid_over_each_other_with_a_letter_each() {
    let mut desk = wards(&["Ward 1"], &[("early", 0.95), ("night", 0.7)]);
    desk.press("4 / \"hygiene Enter s");
    desk.shows("A            early");
    desk.shows("B            night");
    let mut desk = Desk::demo();
    desk.press("4 s");
    desk.shows("This measure has no strata.");
}

#[test]
fn the_spread_the_reasons_and_large_letters_have_a_key_each_and_escape_leads_back() {
    let mut desk = Desk::demo();
    desk.press("4 Down d");
    desk.shows("A spread hides the order of time.");
    desk.press("p");
    desk.shows("Why less was done than required");
    desk.press("L");
    desk.shows("██████");
    desk.press("m");
    desk.shows("Go back to the chart with Esc first");
    desk.press("Esc");
    desk.shows("down is good · XmR");
    let mut desk = wards(&["Ward 1"], &[("", 0.9)]);
    desk.press("4 p");
    desk.shows("r says why less was done");
}

#[test]
fn a_new_level_is_suggested_and_re_based_with_its_day_its_evidence_and_a_reason() {
    let mut desk = Desk::demo();
    desk.press("4 Down");
    desk.shows("Re-base at ");
    let day = desk.model.chart.as_ref().unwrap().chart.words.suggestion.as_ref().unwrap().day;
    desk.press("b");
    desk.shows(&format!("re-base at {}", day.format("%-d %b %Y")));
    desk.shows("has held for");
    desk.press("Esc Left b");
    desk.shows("the point under the cursor");
    desk.press("Enter \"second_check Enter");
    assert!(desk.model.chart.as_ref().unwrap().phases.iter().any(|phase| phase.day == Some(day)));
}

#[test]
fn charts_are_drawn_with_dots_with_blocks_and_with_ascii_by_one_key() {
    let is_braille = |letter: char| ('\u{2801}'..='\u{28ff}').contains(&letter);
    let mut desk = Desk::demo();
    desk.press("4");
    assert!(desk.text().chars().any(is_braille));
    desk.press("B Esc");
    assert!(!desk.text().chars().any(is_braille) && desk.text().contains('▘'));
    desk.press("B Esc");
    assert!(desk.text().is_ascii());
    desk.press("B");
    assert!(desk.text().chars().any(is_braille));
}

#[test]
fn the_latest_points_are_shown_in_longer_and_longer_stretches() {
    let mut desk = Desk::demo();
    desk.press("4 Down w");
    desk.shows("The latest 13 weeks.");
    desk.press("w");
    desk.shows("The latest 26 weeks.");
    let before = desk.text();
    desk.press("[");
    assert_ne!(before, desk.text(), "the window moved");
}

#[test]
fn a_key_that_changes_no_data_reads_and_computes_nothing_again() {
    let mut desk = Desk::demo();
    desk.press("4 Down d");
    let before = (std::ptr::from_ref(&desk.model.chart.as_ref().unwrap().chart.points[0]), desk.model.turn);
    desk.press("Esc z Left Left [ 0 w");
    let after = (std::ptr::from_ref(&desk.model.chart.as_ref().unwrap().chart.points[0]), desk.model.turn);
    assert_eq!(before, after);
}

#[test]
fn a_chart_says_how_many_of_its_points_are_shown_until_all_are() {
    let mut desk = Desk::demo();
    desk.press("4");
    desk.shows(" of 104");
    desk.press("0");
    assert!(!desk.text().contains(" of 104"), "{}", desk.text());
}
