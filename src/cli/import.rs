//! `import`: files of values into a team's measures, all of them or none.

use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal, stdin};
use std::path::{Path, PathBuf};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::open::{Flags, Opened};
use super::out::{Out, say};
use super::sync;
use crate::base::error::{Failure, Outcome};
use crate::domain::measure::Measure;
use crate::domain::team::Team;
use crate::exchange::csv_in::{self, Plan, Report, Sheet, Wanted};
use crate::store::{Receipt, open_plain};

/// From so many bytes on, a person wants to see how far it is.
const LONG: u64 = 2_000_000;
/// How many new measures are named.
const NAMED: usize = 12;

#[derive(Debug, Args)]
pub(super) struct Import {
    /// The files, or - for standard input; or one bundle (.hbs) or folder of another board's changes
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Take in the changes of teams that are not in this file as well
    #[arg(long)]
    any_team: bool,
    /// Refuse measures that are not there, instead of making them
    #[arg(long)]
    strict: bool,
    /// Import the rest where some rows are refused
    #[arg(long)]
    skip_refused: bool,
    /// The column of days
    #[arg(long, value_name = "COL")]
    date: Option<String>,
    /// The column of values, or of numerators where there is a denominator
    #[arg(long, value_name = "COL")]
    value: Option<String>,
    /// The column of denominators
    #[arg(long, value_name = "COL")]
    denominator: Option<String>,
    /// The column that names the measure
    #[arg(long, value_name = "COL")]
    measure: Option<String>,
}

pub(super) fn run(flags: &Flags, import: &Import, out: &mut Out) -> Outcome<()> {
    if let [path] = &import.files[..]
        && sync::holds_changes(path)
    {
        return sync::take_in(flags, path, import.any_team, out);
    }
    let mut opened = Opened::existing(flags)?;
    let team = opened.team()?;
    let files: Vec<Spool> = import.files.iter().map(|file| Spool::of(file)).collect::<Outcome<_>>()?;
    let sheets: Vec<Sheet> = files.iter().map(|file| Sheet::open(file.path(), &file.name)).collect::<Outcome<_>>()?;
    let total: u64 = sheets.iter().map(|sheet| sheet.size).sum();
    // Each file is read twice.
    let bar = progress(total * 2);
    let plans = plan(&opened, &team, sheets, import, &bar)?;
    let mut reports = vec![Report::default(); plans.len()];
    let teller = |read| bar.set_position(bar.position().max(total + read));
    let mut parts = Vec::new();
    for (plan, report) in plans.iter().zip(&mut reports) {
        parts.push(plan.edits(report, import.skip_refused, &teller)?);
    }
    let names = plans.iter().map(Plan::name).collect::<Vec<_>>().join(", ");
    if plans.iter().all(|plan| plan.rows == 0) {
        bar.finish_and_clear();
        return Err(Failure::refused("There are no rows under the header.").at(names).hint("Nothing was imported."));
    }
    let (author, words) = (opened.author(Some(&team)), format!("Import of {names}"));
    let edits = parts.into_iter().flatten();
    let outcome = if import.dry_run {
        opened.store.rehearse(&author, &words, edits)
    } else {
        opened.store.commit(&author, &words, edits)
    };
    bar.finish_and_clear();
    for (plan, report) in plans.iter().zip(&reports) {
        describe(plan, report, import.dry_run, out);
    }
    conclude(&outcome?, import.dry_run, out);
    refused(&reports, import.skip_refused)
}

/// The first pass over every file; a later file finds the measures that an earlier one makes.
fn plan(opened: &Opened, team: &Team, sheets: Vec<Sheet>, import: &Import, bar: &ProgressBar) -> Outcome<Vec<Plan>> {
    let wanted = Wanted {
        date: import.date.clone(),
        value: import.value.clone(),
        denominator: import.denominator.clone(),
        measure: import.measure.clone(),
    };
    let mut measures: Vec<Measure> = opened.store.records(Some(team.id))?;
    let mut plans = Vec::new();
    let mut before = 0;
    for sheet in sheets {
        let (size, start) = (sheet.size, before);
        let today = opened.today(team);
        let into = csv_in::Into { team, measures: &measures, today, strict: import.strict };
        let plan = Plan::of(sheet, &wanted, into, &|read| bar.set_position(start + read))?;
        measures.extend(plan.new.iter().map(|new| new.measure.clone()));
        plans.push(plan);
        before += size;
    }
    Ok(plans)
}

/// Says what was saved, or would have been.
fn conclude(receipt: &Receipt, dry_run: bool, out: &mut Out) {
    for concern in &receipt.warnings {
        say(&format!("{} This board holds counts, never patients.", concern.words()));
    }
    if receipt.replaced > 0 {
        let were = if dry_run { "would be replaced" } else { "were replaced; `huddleboard undo` brings them back" };
        out.line(&format!("{} values that were there {were}.", receipt.replaced));
    }
    out.line(match (dry_run, receipt.changes) {
        (true, _) => "Nothing was saved: this was a rehearsal.",
        (false, 0) => "Everything was there already: nothing was changed.",
        (false, _) => "Saved.",
    });
}

/// Says how a file was read and what became of its rows.
fn describe(plan: &Plan, report: &Report, dry_run: bool, out: &mut Out) {
    out.line(&format!("{}: {}", plan.name(), plan.said.join(" ")));
    let empty =
        if report.empty > 0 { format!(", {} without a value", several(report.empty, "period")) } else { String::new() };
    let made = if plan.new.is_empty() { String::new() } else { format!(", {} new", plan.new.len()) };
    let (rows, values, measures) =
        (several(plan.rows, "row"), several(report.points, "value"), several(plan.measures as u64, "measure"));
    out.line(&format!("  {rows}: {values} of {measures}{made}{empty}."));
    let verb = if dry_run { "would be made" } else { "new" };
    for new in plan.new.iter().take(NAMED) {
        let measure = &new.measure;
        out.line(&format!(
            "  {verb}: {} · {}, {} · {}",
            measure.name,
            measure.kind.code(),
            measure.frequency.code(),
            several(new.values, "value")
        ));
    }
    if plan.new.len() > NAMED {
        out.line(&format!("  and {} more", plan.new.len() - NAMED));
    }
    if report.computed > 0 {
        let left = several(report.computed, "value");
        out.line(&format!("  {left} left out: the process board of this team counts their measure itself."));
    }
    if report.ahead > 0 {
        say(&format!("{}: {} for days that are still to come.", plan.name(), several(report.ahead, "value")));
    }
    for refused in &report.refused {
        let column = if refused.column.is_empty() { String::new() } else { format!(", column {}", refused.column) };
        say(&format!("{}, line {}{column}: {}", plan.name(), refused.line, refused.words));
    }
    let shown = report.refused.len() as u64;
    if report.refused_count > shown {
        say(&format!("… and {} more.", report.refused_count - shown));
    }
}

fn several(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// Values that were left out are a failure for a script, although the rest is saved.
fn refused(reports: &[Report], skipped: bool) -> Outcome<()> {
    let count: u64 = reports.iter().map(|report| report.refused_count).sum();
    if count == 0 || !skipped {
        return Ok(());
    }
    Err(Failure::refused(format!("{count} values were refused and left out."))
        .hint("Correct them and import the file again: the rest stays as it is."))
}

fn progress(total: u64) -> ProgressBar {
    if total < LONG || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(total);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {percent}%  {eta} to go") {
        bar.set_style(style);
    }
    bar
}

/// A file that can be read twice: standard input is kept in a file of its own until the end.
pub(super) struct Spool {
    path: PathBuf,
    /// What people call it.
    pub(super) name: String,
    temporary: bool,
}

impl Spool {
    pub(super) fn of(path: &Path) -> Outcome<Self> {
        if path.as_os_str() != "-" {
            // It is read twice, which a pipe cannot be. What is not there is told where it is opened.
            if path.exists() {
                open_plain(path)?;
            }
            let name =
                path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
            return Ok(Self { path: path.to_owned(), name, temporary: false });
        }
        let failed = |error: io::Error| {
            Failure::machine(format!("Standard input cannot be kept: {error}.")).hint("Check the disk.")
        };
        let path = std::env::temp_dir().join(format!("huddleboard-{}.csv", uuid::Uuid::new_v4()));
        let mut file = create_for_us_alone(&path).map_err(failed)?;
        let spool = Self { path, name: "standard input".to_owned(), temporary: true };
        io::copy(&mut stdin().lock(), &mut file).map_err(failed)?;
        Ok(spool)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        if self.temporary {
            // What cannot be removed is in the system's own folder for temporary files.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

fn create_for_us_alone(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
