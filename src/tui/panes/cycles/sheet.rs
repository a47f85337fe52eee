//! The worksheet of a cycle, and the page of a project: what was asked, predicted, seen and decided.

use crate::app::look::Role;
use crate::app::model::Model;
use crate::base::text;
use crate::chart::{self, Tile};
use crate::domain::MeasureId;
use crate::domain::cycle::{Check, Cycle, Stage};
use crate::domain::measure::MeasureRole;
use crate::domain::project::Project;
use crate::tui::widgets::chart::verdict_role;
use crate::tui::widgets::page::Page;
use crate::tui::widgets::spark;

use super::log::{Log, day_words, late, ramp_words, stage_title};
use super::points::points_in_test;

/// The worksheet of a cycle on a page of this width.
pub(super) fn cycle(model: &Model, cycle: &Cycle, width: u16) -> Page {
    let mut page = Page::new(width);
    head(model, cycle, &mut page);
    plan(model, cycle, &mut page);
    observed(model, cycle, &mut page);
    studied(model, cycle, &mut page);
    decided(model, cycle, &mut page);
    checks(model, cycle, &mut page);
    page
}

fn head(model: &Model, cycle: &Cycle, page: &mut Page) {
    let today = model.today();
    page.flow(0, &[(format!("Cycle {} · {}", cycle.number, cycle.title).as_str(), Role::Title)]);
    let mut parts = Vec::new();
    parts.extend(model.project_of(cycle).map(|project| project.name.clone()));
    parts.push(ramp_words(&cycle.ramp).replacen('R', "r", 1));
    if !cycle.owner.is_empty() {
        parts.push(cycle.owner.clone());
    }
    let planned = cycle.planned.map(|day| day_words(day, today));
    let review = cycle.review.map(|day| format!("review {}", day_words(day, today)));
    parts.push([planned, review].into_iter().flatten().collect::<Vec<_>>().join(", "));
    if cycle.team != model.team.id {
        parts.insert(
            0,
            model.team_named(cycle.team).map_or_else(|| "another team".to_owned(), |team| team.name.clone()),
        );
    }
    parts.retain(|part| !part.is_empty());
    page.text(0, &parts.join(" · "), Role::Dim);
    if let Some(why) = late(cycle, today) {
        page.text(0, &format!("LATE: {why}"), Role::Due);
    }
    page.space();
    track(cycle, page);
    page.space();
}

/// The four stages, with the one where it stands.
fn track(cycle: &Cycle, page: &mut Page) {
    page.space();
    let mut column = 0;
    for stage in Stage::ALL {
        let passed = cycle.is_finished() || (*stage as usize) < (cycle.stage as usize);
        let (words, role) = match (passed, *stage == cycle.stage) {
            (true, _) => (format!(" ✓ {} ", stage_title(*stage)), Role::Text),
            (false, true) => (format!(" {} ", stage_title(*stage)), Role::OnAccent),
            (false, false) => (format!(" {} ", stage_title(*stage)), Role::Faint),
        };
        let wide = u16::try_from(text::width(&words)).unwrap_or(8);
        page.add(column, &[(words.as_str(), role)]);
        column += wide;
        if *stage != Stage::Act {
            page.add(column, &[("──", Role::Faint)]);
            column += 2;
        }
    }
    if let Some(decision) = cycle.decision {
        page.add(column + 2, &[(decision.code(), Role::Title)]);
    }
}

/// The heading of a part of the worksheet; the part where the cycle stands is "here".
fn heading(cycle: &Cycle, stage: Stage, opens: &str, page: &mut Page) {
    let here = cycle.stage == stage && !cycle.is_finished();
    let words = stage.code().to_uppercase();
    page.heading(&words, if here { Role::Accent } else { Role::Dim });
    if (cycle.stage as usize) < (stage as usize) {
        page.add(7, &[(opens, Role::Faint)]);
    }
}

fn plan(model: &Model, cycle: &Cycle, page: &mut Page) {
    heading(cycle, Stage::Plan, "", page);
    optional(page, "Change", &cycle.change);
    let lock = cycle.locked.map_or_else(String::new, |locked| {
        let wall = model.zone().wall(locked);
        format!("locked {} {}", day_words(wall.date(), model.today()), wall.format("%H:%M"))
    });
    for (number, asked) in (1..).zip(&cycle.questions.0) {
        page.field(&format!("Question {number}"), &asked.question, Role::Text, "");
        let (words, role) = or_missing(&asked.prediction, "not predicted yet");
        page.field("Prediction", words, role, if asked.prediction.is_empty() { "" } else { &lock });
    }
    if cycle.questions.0.is_empty() {
        page.field("Question 1", "not asked yet: what do we want to learn?", Role::Faint, "");
    }
    optional(page, "Why", &cycle.rationale);
    optional(page, "What differs", &cycle.differs);
    page.field("Scale", cycle.scale.code(), Role::Text, "");
    optional(page, "Who", &cycle.who);
    measures(model, &cycle.measures.0, cycle.team == model.team.id, page);
    optional(page, "Data", &cycle.data);
    page.space();
}

fn optional(page: &mut Page, label: &str, words: &str) {
    if !words.trim().is_empty() {
        page.field(label, words, Role::Text, "");
    }
}

fn or_missing<'a>(words: &'a str, missing: &'a str) -> (&'a str, Role) {
    if words.trim().is_empty() { (missing, Role::Faint) } else { (words, Role::Text) }
}

/// The measures by name, each with its latest value and what its chart says.
fn measures(model: &Model, ids: &[MeasureId], ours: bool, page: &mut Page) {
    if ids.is_empty() {
        page.field("Measures", "none yet", Role::Faint, "");
    } else if !ours {
        let count = format!("{} on its own team's board", ids.len());
        page.field("Measures", &count, Role::Dim, "");
    }
    let known = ids.iter().filter_map(|id| model.measure(*id));
    let widest = known.clone().map(|measure| text::width(&measure.name)).max().unwrap_or(0).min(36);
    for (index, measure) in known.enumerate() {
        page.label(if index == 0 { "Measures" } else { "" });
        let name = text::pad(&measure.name, widest);
        let column = page.behind_labels();
        page.add(column, &[(name.as_str(), Role::Text)]);
        let column = column + u16::try_from(widest).unwrap_or(36) + 2;
        if let Some(tile) = model.tiles.get(&measure.id) {
            let word = if tile.early { "too early" } else { chart::word(tile.verdict) };
            let role = verdict_role(tile.verdict);
            let words = if tile.words_short.is_empty() { word } else { &tile.words_short };
            let said = format!("{} {words}", chart::glyph(tile.verdict, false));
            page.add(column, &[(tile.value.as_str(), Role::Title), ("   ", Role::Text), (said.as_str(), role)]);
        } else {
            page.add(column, &[("reading …", Role::Faint)]);
        }
        if measure.role == MeasureRole::Balancing {
            page.add(page.width().saturating_sub(9), &[("balancing", Role::Faint)]);
        }
    }
}

fn observed(model: &Model, cycle: &Cycle, page: &mut Page) {
    heading(cycle, Stage::Do, "opens with a prediction for each question", page);
    let noted = model.observations.get(&cycle.id).map_or(&[][..], Vec::as_slice);
    if noted.is_empty() && cycle.stage == Stage::Do {
        page.field("", "nothing noted yet", Role::Faint, "");
    }
    for observation in noted {
        let wall = model.zone().wall(observation.at);
        page.field(&wall.format("%-d %b %H:%M").to_string(), &observation.text, Role::Text, "");
    }
    optional(page, "As planned", yes_or_no(cycle.as_planned));
    page.space();
}

/// The first measure's points of the test, with as many before it to compare them with.
fn test_period(model: &Model, cycle: &Cycle, page: &mut Page) {
    let tile = cycle.measures.0.first().and_then(|id| model.tiles.get(id));
    let in_test = points_in_test(model, cycle).unwrap_or(0);
    let Some(tile) = tile.filter(|_| in_test > 1) else { return };
    let shown = tile.tail.len().min((2 * in_test).max(24));
    let tile = Tile { tail: tile.tail[tile.tail.len() - shown..].to_vec(), ..tile.clone() };
    let before = shown.saturating_sub(in_test);
    for (row, line) in spark::lines(&tile, TEST_PERIOD).into_iter().enumerate() {
        page.label(if row == 0 { "Test period" } else { "" });
        let column = page.behind_labels();
        page.add(column, &[(line.as_str(), verdict_role(tile.verdict))]);
        let beside = match row {
            0 => tile.name.clone(),
            1 => format!("{in_test} in test, {before} before"),
            _ => String::new(),
        };
        page.add(column + TEST_PERIOD.0 + 2, &[(beside.as_str(), Role::Dim)]);
    }
    page.space();
}

/// Width and height of the chart of a test.
const TEST_PERIOD: (u16, u16) = (36, 3);

fn yes_or_no(answer: Option<bool>) -> &'static str {
    match answer {
        Some(true) => "yes",
        Some(false) => "no",
        None => "",
    }
}

fn studied(model: &Model, cycle: &Cycle, page: &mut Page) {
    heading(cycle, Stage::Study, "opens when Do is finished", page);
    test_period(model, cycle, page);
    if !cycle.results.is_empty() || cycle.stage as usize >= Stage::Study as usize {
        let (words, role) = or_missing(&cycle.results, "not written yet: what was seen, against what was predicted");
        page.field("Results", words, role, "");
    }
    let matched = match cycle.matched {
        Some(true) => "yes, as predicted",
        Some(false) => "no: not as predicted",
        None => "",
    };
    optional(page, "Matched", matched);
    optional(page, "Learned", &cycle.learning);
    page.space();
}

fn decided(model: &Model, cycle: &Cycle, page: &mut Page) {
    heading(cycle, Stage::Act, "opens when Study is written", page);
    if let Some(decision) = cycle.decision {
        let day = cycle.finished.map(|day| day_words(day, model.today())).unwrap_or_default();
        page.field("Decision", decision.code(), Role::Title, &day);
    } else if cycle.stage == Stage::Act {
        page.field("Decision", "adopt, adapt or abandon?", Role::Faint, "");
    }
    optional(page, "Next", &cycle.next);
    page.space();
}

/// What the cycle's method still lacks: met, missing, or not yet due.
fn checks(model: &Model, cycle: &Cycle, page: &mut Page) {
    let in_ramp: Vec<&Cycle> =
        model.cycles.iter().filter(|other| other.project == cycle.project && other.ramp == cycle.ramp).collect();
    let previous = in_ramp.iter().copied().filter(|other| other.number < cycle.number).max_by_key(|other| other.number);
    let points = points_in_test(model, cycle);
    let checks: Vec<(Check, String)> = cycle
        .method_checks(previous, in_ramp.len(), points.unwrap_or(0))
        .into_iter()
        .map(|check| spelled(check, previous, points))
        .collect();
    let met = checks.iter().filter(|(check, _)| check.met).count();
    let missing = checks.iter().filter(|(check, _)| !check.met && check.due).count();
    let ahead = checks.len() - met - missing;
    let said = format!("{met} of {} met, {ahead} not yet due", checks.len());
    page.heading("METHOD CHECK", Role::Dim);
    page.add(page.behind_labels(), &[(said.as_str(), Role::Text)]);
    if missing > 0 {
        let missing = format!(", {missing} missing");
        let column = u16::try_from(14 + text::width(&said)).unwrap_or(40);
        page.add(column, &[(missing.as_str(), Role::Due)]);
    }
    let two = page.width() >= 76;
    let half = page.width() / 2;
    for pair in checks.chunks(if two { 2 } else { 1 }) {
        page.space();
        for (column, (check, words)) in [0, half].into_iter().zip(pair) {
            let (sign, words, role) = match (check.met, check.due) {
                (true, _) => ("✓ ", words.clone(), Role::Text),
                (false, true) => ("✗ ", format!("missing: {words}"), Role::Due),
                (false, false) => ("· ", words.clone(), Role::Dim),
            };
            let words = text::clip(&words, usize::from(half.saturating_sub(4)).max(20));
            page.add(column, &[(sign, role), (words.as_str(), role)]);
        }
    }
}

/// A check in the words of this cycle; what cannot be counted here is not called missing.
fn spelled(check: Check, previous: Option<&Cycle>, points: Option<usize>) -> (Check, String) {
    if check.words.starts_with("differs") {
        let words =
            previous.map_or_else(|| check.words.to_owned(), |before| format!("differs from cycle {}", before.number));
        return (check, words);
    }
    if check.words.ends_with("points in test") {
        return match points {
            Some(points) if check.met => (check, format!("{}: {points} so far", check.words)),
            Some(points) => (check, format!("points in test: {points} of 3")),
            None => (Check { due: false, ..check }, format!("{}: not read here", check.words)),
        };
    }
    (check, check.words.to_owned())
}

/// The page of a project: the three questions of the Model for Improvement, and where its cycles stand.
pub(super) fn project(log: &Log<'_>, project: &Project, width: u16) -> Page {
    let (model, mut page) = (log.model, Page::new(width));
    page.flow(0, &[(project.name.as_str(), Role::Title)]);
    let mut parts = Vec::new();
    if project.team != model.team.id {
        parts.push(model.team_named(project.team).map_or_else(|| "another team".to_owned(), |team| team.name.clone()));
    }
    parts.extend(project.score.map(|score| format!("score {score:.1} of 5")));
    parts.push(project.owner.clone());
    parts.extend(project.by.map(|day| format!("by {}", day_words(day, model.today()))));
    parts.extend(project.closed.map(|day| format!("closed {}", day_words(day, model.today()))));
    parts.retain(|part| !part.is_empty());
    page.text(0, &parts.join(" · "), Role::Dim);
    page.space();
    for (question, answer) in [
        ("WHAT ARE WE TRYING TO ACCOMPLISH?", &project.aim),
        ("WHAT CHANGE CAN WE MAKE THAT WILL RESULT IN IMPROVEMENT?", &project.changes),
        ("WHY WE THINK SO", &project.rationale),
    ] {
        if question.starts_with("WHAT CHANGE") {
            page.heading("HOW WILL WE KNOW THAT A CHANGE IS AN IMPROVEMENT?", Role::Dim);
            measures(model, &project.measures.0, project.team == model.team.id, &mut page);
            page.space();
        }
        page.heading(question, Role::Dim);
        let (words, role) = or_missing(answer, "not written yet");
        page.text(0, words, role);
        page.space();
    }
    cycles_of(log, project, &mut page);
    page
}

fn cycles_of(log: &Log<'_>, project: &Project, page: &mut Page) {
    let cycles = log.cycles_of(project.id);
    let finished = cycles.iter().filter(|cycle| cycle.is_finished()).count();
    let ramps: std::collections::BTreeSet<&str> = cycles.iter().map(|cycle| cycle.ramp.as_str()).collect();
    let words = match cycles.len() {
        0 => "none yet: the first one is small".to_owned(),
        count => {
            format!("{count} in {} ramp{}, {finished} finished", ramps.len(), if ramps.len() == 1 { "" } else { "s" })
        }
    };
    page.heading("CYCLES", Role::Dim);
    page.add(page.behind_labels(), &[(words.as_str(), Role::Text)]);
}
