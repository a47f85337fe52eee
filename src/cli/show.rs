//! `show`: what the screens say, as plain text or JSON.

use clap::Args;
use serde_json::{Value, json};

use super::find::find;
use super::list::{cell, records};
use super::open::{Flags, Opened};
use super::out::Out;
use super::{chart, minutes, tick};
use crate::base::error::{Failure, Outcome};
use crate::base::text;
use crate::chart::Chart;
use crate::domain::cycle::{Cycle, Observation};
use crate::domain::due::{age, due};
use crate::domain::measure::Measure;
use crate::domain::process::Process;
use crate::domain::project::Project;
use crate::domain::record::FieldValue;
use crate::domain::team::Team;
use crate::spc::Verdict;

#[derive(Debug, Args)]
pub(super) struct Show {
    /// board, work, cycles, actions, or huddle and a day; or the name of a measure, process, project or cycle
    what: Vec<String>,
    /// Print objects
    #[arg(long)]
    json: bool,
    /// Plain text, which it is anyway
    #[arg(long, hide = true)]
    plain: bool,
}

pub(super) fn run(flags: &Flags, show: &Show, out: &mut Out) -> Outcome<()> {
    let opened = Opened::existing(flags)?;
    let words = show.what.join(" ");
    match words.to_lowercase().as_str() {
        "" | "board" | "performance" => boards(&opened, show.json, out),
        "work" | "process" | "processes" => work(&opened, show.json, out),
        "cycles" | "pdsa" | "projects" => cycles(&opened, show.json, out),
        "actions" | "escalations" => minutes::actions(&opened, show.json, out),
        "huddle" => minutes::huddle(&opened, "", show.json, out),
        other if other.starts_with("huddle ") => {
            minutes::huddle(&opened, other.trim_start_matches("huddle").trim(), show.json, out)
        }
        _ => one(&opened, &words, show.json, out),
    }
}

/// What a chart says: glyph, word and sentence.
pub(super) fn verdict_line(built: &Chart) -> String {
    format!("{}  {}", built.badge(false), built.words.verdict)
}

/// The performance board of each team.
fn boards(opened: &Opened, json: bool, out: &mut Out) -> Outcome<()> {
    let mut objects = Vec::new();
    for (index, team) in opened.span().iter().enumerate() {
        let mut measures: Vec<Measure> = opened.store.records(Some(team.id))?;
        measures.sort_by_key(|measure| (place(team, &measure.column), measure.position, measure.id));
        let mut tiles = Vec::new();
        for measure in &measures {
            tiles.push((measure, chart::built(opened, measure, None, None)?));
        }
        if json {
            objects.push(board_object(opened, team, &tiles)?);
            continue;
        }
        if index > 0 {
            out.line("");
        }
        board(opened, team, &tiles, out);
    }
    if json {
        out.json(&Value::Array(objects));
    } else if opened.teams.is_empty() {
        return opened.team().map(|_| ());
    }
    Ok(())
}

fn place(team: &Team, column: &str) -> usize {
    team.columns.0.iter().position(|known| known == column).unwrap_or(usize::MAX)
}

fn last_day(built: &Chart) -> Option<chrono::NaiveDate> {
    built.last.and_then(|last| built.points.get(last)).map(|point| point.start.date())
}

fn board(opened: &Opened, team: &Team, tiles: &[(&Measure, Chart)], out: &mut Out) {
    let wall = team.time_zone().wall(opened.now());
    let demo = if team.demo { " · DEMO" } else { "" };
    out.line(&format!("{} {} · {}{demo}", team.name, team.speciality, wall.format("%a %-d %b %Y · %H:%M")));
    out.line(&summary(opened, team, tiles));
    let mut column = None;
    for (measure, built) in tiles {
        if column != Some(&measure.column) {
            column = Some(&measure.column);
            out.line("");
            out.line(&measure.column.to_uppercase());
        }
        let tile = built.summary();
        let star = if measure.focus { "★" } else { " " };
        let word = built.badge(false);
        let old =
            last_day(built).map_or_else(|| "no data".to_owned(), |day| age(measure.frequency, day, opened.today(team)));
        let target = tile.target.unwrap_or_default();
        let value = if tile.parts.is_empty() { tile.value } else { format!("{} ({})", tile.value, tile.parts) };
        let line = format!(
            "{star} {}  {}  {}  {}  {}  {target}",
            text::pad(&measure.name, 24),
            text::pad_left(&value, 20),
            text::pad(&old, 12),
            text::pad(&word, 12),
            text::pad(&tile.words_short, 30),
        );
        out.line(line.trim_end());
    }
}

/// "2 concerns · 1 improvement · 3 values due · 9 unchanged: common cause, leave them alone".
fn summary(opened: &Opened, team: &Team, tiles: &[(&Measure, Chart)]) -> String {
    let count =
        |wanted: Verdict| tiles.iter().filter(|(_, built)| built.verdict() == wanted && !built.is_early()).count();
    let early = tiles.iter().filter(|(_, built)| built.is_early()).count();
    let waiting = tiles.iter().filter(|(measure, built)| is_due(opened, team, measure, built)).count();
    let some = |count: usize, one: &str, more: &str| {
        (count > 0).then(|| format!("{count} {}", if count == 1 { one } else { more }))
    };
    let unchanged = count(Verdict::Common);
    let parts = [
        some(count(Verdict::Concern), "concern", "concerns"),
        some(count(Verdict::Improvement), "improvement", "improvements"),
        some(count(Verdict::Neutral), "change", "changes"),
        some(waiting, "value due", "values due"),
        (unchanged > 0).then(|| format!("{unchanged} unchanged: common cause, leave them alone")),
        (early > 0).then(|| format!("{early} too early to tell")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn is_due(opened: &Opened, team: &Team, measure: &Measure, built: &Chart) -> bool {
    measure.source.is_none() && due(measure.frequency, last_day(built), opened.today(team)).is_due()
}

fn board_object(opened: &Opened, team: &Team, tiles: &[(&Measure, Chart)]) -> Outcome<Value> {
    let slug = text::slug(&team.name);
    let mut measures = Vec::new();
    for (measure, built) in tiles {
        let mut object = records::measure(opened, &slug, measure)?;
        object["verdict"] = json!(built.verdict().code());
        object["variation"] = json!(built.variation.code());
        object["assurance"] = json!(built.assurance.map(crate::spc::Assurance::code));
        object["words"] = json!(built.words.verdict);
        object["due"] = json!(is_due(opened, team, measure, built));
        measures.push(object);
    }
    Ok(
        json!({ "team": slug, "name": team.name, "demo": team.demo, "summary": summary(opened, team, tiles), "measures": measures }),
    )
}

/// The process board of each team.
fn work(opened: &Opened, json: bool, out: &mut Out) -> Outcome<()> {
    if json {
        out.json(&Value::Array(records::processes(opened, None)?));
        return Ok(());
    }
    for team in opened.span() {
        let shift = team.calendar().at(opened.now());
        out.line(&format!(
            "{} · {} {}–{}",
            team.name,
            shift.name,
            shift.start.format("%H:%M"),
            shift.end.format("%H:%M")
        ));
        for process in opened.store.records::<Process>(Some(team.id))? {
            let line = match tick::open_work(opened, &team, &process)? {
                None => "nothing is required now.".to_owned(),
                Some(work) => {
                    let reason =
                        work.period.reason.as_ref().map_or_else(String::new, |reason| format!(" Reason: {reason}."));
                    format!("{}{reason}", tick::sentence(&work.standing(&process, opened.now())))
                }
            };
            out.line(&format!("  {}  {line}", text::pad(&process.name, 28)));
        }
        out.line("");
    }
    let reasons = records::reasons(opened)?;
    if !reasons.is_empty() {
        out.line("Reasons this month");
    }
    for reason in &reasons {
        out.line(&format!(
            "  {}  {}  {}",
            text::pad(&cell(&reason["team"]), 14),
            text::pad(&cell(&reason["reason"]), 22),
            cell(&reason["count"])
        ));
    }
    Ok(())
}

/// The projects of each team with their cycles.
fn cycles(opened: &Opened, json: bool, out: &mut Out) -> Outcome<()> {
    if json {
        out.json(&Value::Array(records::cycles(opened, None)?));
        return Ok(());
    }
    for team in opened.span() {
        out.line(&team.name);
        for project in opened.store.records::<Project>(Some(team.id))? {
            project_lines(opened, &team, &project, out)?;
        }
    }
    Ok(())
}

fn project_lines(opened: &Opened, team: &Team, project: &Project, out: &mut Out) -> Outcome<()> {
    let score = project.score.map_or_else(String::new, |score| format!("  {score:.1}"));
    out.line(&format!("  {}{score}", project.name));
    let mut cycles: Vec<Cycle> = opened.store.records_where("project", &project.id.to_value())?;
    cycles.sort_by_key(|cycle| (cycle.ramp.clone(), cycle.number, cycle.id));
    let today = opened.today(team);
    for cycle in &cycles {
        let state = match cycle.decision {
            Some(decision) => decision.code().to_owned(),
            None => format!("{} · {} d", cycle.stage.code().to_uppercase(), cycle.stage_days(today)),
        };
        out.line(&format!("    {} {}  {}  {state}", cycle.ramp, cycle.number, text::pad(&cycle.title, 36)));
    }
    Ok(())
}

/// One record by its name: a measure first, then a process, a project, a cycle.
fn one(opened: &Opened, words: &str, json: bool, out: &mut Out) -> Outcome<()> {
    let mut missing: Option<Failure> = None;
    for team in opened.span() {
        let slug = text::slug(&team.name);
        let measures: Vec<Measure> = opened.store.records(Some(team.id))?;
        let exact = measures
            .iter()
            .any(|measure| measure.slug() == text::slug(words) || measure.alias.as_deref() == Some(words));
        let processes: Vec<Process> = opened.store.records(Some(team.id))?;
        let projects: Vec<Project> = opened.store.records(Some(team.id))?;
        let cycles: Vec<Cycle> = opened.store.records(Some(team.id))?;
        if !exact && let Ok(process) = find("process", words, &processes) {
            return show_process(opened, &team, &slug, process, json, out);
        }
        if !exact && let Ok(project) = find("project", words, &projects) {
            return show_project(opened, &team, &slug, project, json, out);
        }
        if !exact && let Ok(cycle) = find("cycle", words, &cycles) {
            let project =
                projects.iter().find(|project| project.id == cycle.project).map_or_else(String::new, Project::slug);
            return show_cycle(opened, &team, &project, cycle, json, out);
        }
        match crate::domain::entry::find(words, &measures) {
            Ok(measure) => return show_measure(opened, &slug, measure, json, out),
            Err(failure) => missing = missing.or(Some(failure)),
        }
    }
    Err(missing.unwrap_or_else(|| {
        Failure::not_found("There is no team in this file yet.").hint("Make one with `huddleboard init --team NAME`.")
    }))
}

fn show_measure(opened: &Opened, team: &str, measure: &Measure, json: bool, out: &mut Out) -> Outcome<()> {
    let built = chart::built(opened, measure, None, None)?;
    if json {
        let mut object = records::measure(opened, team, measure)?;
        object["chart"] = built.json();
        out.json(&object);
    } else {
        chart::print(&built, &measure.definition, out);
    }
    Ok(())
}

fn show_process(opened: &Opened, team: &Team, slug: &str, process: &Process, json: bool, out: &mut Out) -> Outcome<()> {
    let object = records::process(opened, team, slug, process)?;
    if json {
        out.json(&object);
        return Ok(());
    }
    out.line(&process.name);
    match tick::open_work(opened, team, process)? {
        Some(work) => {
            let span = &work.spell.span;
            let words = tick::sentence(&work.standing(process, opened.now()));
            out.line(&format!("  {} {}–{}: {words}", span.name, span.start.format("%H:%M"), span.end.format("%H:%M")));
        }
        None => out.line("  Nothing is required now."),
    }
    fields(&object, &["owner", "until", "measure", "reason", "countermeasure"], out);
    Ok(())
}

fn show_project(opened: &Opened, team: &Team, slug: &str, project: &Project, json: bool, out: &mut Out) -> Outcome<()> {
    let object = records::project(opened, team, slug, project)?;
    if json {
        out.json(&object);
        return Ok(());
    }
    project_lines(opened, team, project, out)?;
    fields(&object, &["aim", "by", "changes", "rationale", "owner"], out);
    Ok(())
}

fn show_cycle(opened: &Opened, team: &Team, project: &str, cycle: &Cycle, json: bool, out: &mut Out) -> Outcome<()> {
    let object = records::cycle(opened, team, project, cycle)?;
    if json {
        out.json(&object);
        return Ok(());
    }
    out.line(&format!("{} {} · {} · {}", cycle.ramp, cycle.number, cycle.title, cycle.stage.code().to_uppercase()));
    fields(
        &object,
        &["project", "owner", "scale", "planned", "started", "studied", "acted", "review", "decision"],
        out,
    );
    for asked in &cycle.questions.0 {
        out.line(&format!("  question     {}", asked.question));
        out.line(&format!("  prediction   {}", asked.prediction));
    }
    for (label, words) in [
        ("change", &cycle.change),
        ("differs", &cycle.differs),
        ("results", &cycle.results),
        ("learning", &cycle.learning),
        ("next", &cycle.next),
    ] {
        if !words.is_empty() {
            out.line(&format!("  {}  {}", text::pad(label, 11), words.replace('\n', " ")));
        }
    }
    let seen: Vec<Observation> = opened.store.records_where("cycle", &cycle.id.to_value())?;
    for observation in &seen {
        let wall = team.time_zone().wall(observation.at);
        out.line(&format!("  {}  {}", wall.format("%-d %b %H:%M"), observation.text));
    }
    Ok(())
}

fn fields(object: &Value, names: &[&str], out: &mut Out) {
    for name in names {
        let words = cell(&object[*name]);
        if !words.is_empty() {
            out.line(&format!("  {}  {}", text::pad(name, 11), words.replace('\n', " ")));
        }
    }
}
