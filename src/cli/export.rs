//! `export`: a team's data points as CSV, or its records as JSON.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::Value;

use super::open::{Flags, Opened};
use super::out::{Out, say};
use super::sync;
use crate::base::error::{Failure, Outcome};
use crate::domain::annotation::{Annotation, Phase};
use crate::domain::cross::CrossDay;
use crate::domain::cycle::{Cycle, Observation};
use crate::domain::huddle::Huddle;
use crate::domain::measure::Measure;
use crate::domain::point::Point;
use crate::domain::process::{Completion, Period, Process};
use crate::domain::project::Project;
use crate::domain::promise::Promise;
use crate::domain::record::Record;
use crate::domain::team::Team;
use crate::exchange::csv_out::CsvOut;
use crate::exchange::json_out;

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// measure,date,value,denominator,note …: what `import` takes back
    Csv,
    /// Every record of the team
    Json,
}

#[derive(Debug, Args)]
pub(super) struct Export {
    /// The file to write, or a folder that boards share; standard output where none is named
    target: Option<PathBuf>,
    /// How it is written; told by the target's ending where nothing is said
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Write all changes of this board into one new file, for a stick or an e-mail
    #[arg(long, value_name = "FILE", conflicts_with_all = ["target", "format"])]
    bundle: Option<PathBuf>,
}

pub(super) fn run(flags: &Flags, export: &Export, out: &mut Out) -> Outcome<()> {
    if let Some(file) = &export.bundle {
        return sync::write_one(flags, file, out);
    }
    if let Some(folder) = export.target.as_deref().filter(|target| target.is_dir()) {
        return sync::publish(flags, folder, out);
    }
    let opened = Opened::existing(flags)?;
    let team = opened.team()?;
    let target = export.target.as_deref().filter(|target| target.as_os_str() != "-");
    let ends_in_json = target.and_then(Path::extension).is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    let format = export.format.unwrap_or(if ends_in_json { Format::Json } else { Format::Csv });
    let Some(target) = target else {
        write(&opened, &team, format, out)?;
        return Ok(());
    };
    // Written beside its place and moved there whole: a file that stands there is never half of one.
    let mut unfinished = target.as_os_str().to_owned();
    unfinished.push(".part");
    let unfinished = PathBuf::from(unfinished);
    let failed = |error: std::io::Error| {
        Failure::machine(format!("The export cannot be written: {error}."))
            .at(target.display().to_string())
            .hint("Choose another place.")
    };
    let mut file = BufWriter::with_capacity(256 * 1024, File::create(&unfinished).map_err(failed)?);
    let written = write(&opened, &team, format, &mut file).and_then(|count| {
        file.flush().and_then(|()| file.get_ref().sync_all()).map_err(failed)?;
        std::fs::rename(&unfinished, target).map_err(failed)?;
        Ok(count)
    });
    if written.is_err() {
        let _ = std::fs::remove_file(&unfinished);
    }
    say(&format!("{} values of {} are in {}.", written?, team.name, target.display()));
    Ok(())
}

fn write(opened: &Opened, team: &Team, format: Format, to: &mut dyn Write) -> Outcome<u64> {
    match format {
        Format::Csv => csv(opened, team, to),
        Format::Json => json(opened, team, to),
    }
}

fn csv(opened: &Opened, team: &Team, to: &mut dyn Write) -> Outcome<u64> {
    let mut csv = CsvOut::start(to)?;
    let count = each_point(opened, team, &mut |measure, point| csv.point(measure, point))?;
    csv.finish()?;
    Ok(count)
}

/// Hands out every point of a team, measure by measure in the order of their names.
fn each_point(opened: &Opened, team: &Team, take: &mut dyn FnMut(&Measure, &Point) -> Outcome<()>) -> Outcome<u64> {
    let mut measures: Vec<Measure> = opened.store.records(Some(team.id))?;
    measures.sort_by_key(|measure| (measure.slug(), measure.id));
    let mut count = 0;
    for measure in &measures {
        let mut counted = |point: &Point| {
            count += 1;
            take(measure, point)
        };
        if measure.source.is_some() {
            opened.store.points(measure, opened.now())?.iter().try_for_each(&mut counted)?;
        } else {
            opened.store.each_point(measure.id, |point| counted(&point))?;
        }
    }
    Ok(count)
}

fn json(opened: &Opened, team: &Team, to: &mut dyn Write) -> Outcome<u64> {
    let mut to = Pieces(to);
    to.put(&format!("{{\"format\":\"{}\",\n\"team\":{}", json_out::FORMAT, json_out::record(team)))?;
    records::<Measure>(opened, team, "measures", &mut to)?;
    to.put(",\n\"points\":[")?;
    let mut first = true;
    let count = each_point(opened, team, &mut |measure, point| {
        let comma = if std::mem::take(&mut first) { "" } else { "," };
        to.put(&format!("{comma}\n{}", json_out::point(measure, point)))
    })?;
    to.put("]")?;
    records::<Process>(opened, team, "processes", &mut to)?;
    records::<Period>(opened, team, "periods", &mut to)?;
    records::<Completion>(opened, team, "completions", &mut to)?;
    records::<Project>(opened, team, "projects", &mut to)?;
    records::<Cycle>(opened, team, "cycles", &mut to)?;
    records::<Observation>(opened, team, "observations", &mut to)?;
    records::<Annotation>(opened, team, "annotations", &mut to)?;
    records::<Phase>(opened, team, "phases", &mut to)?;
    records::<CrossDay>(opened, team, "cross_days", &mut to)?;
    records::<Huddle>(opened, team, "huddles", &mut to)?;
    records::<Promise>(opened, team, "promises", &mut to)?;
    to.put("}\n")?;
    Ok(count)
}

fn records<R: Record>(opened: &Opened, team: &Team, name: &str, to: &mut Pieces<'_>) -> Outcome<()> {
    let mut records: Vec<R> = opened.store.records(Some(team.id))?;
    records.sort_by_key(Record::key);
    let objects: Vec<String> = records.iter().map(json_out::record).map(|object: Value| object.to_string()).collect();
    to.put(&format!(",\n\"{name}\":[{}]", objects.join(",\n")))
}

struct Pieces<'a>(&'a mut dyn Write);

impl Pieces<'_> {
    fn put(&mut self, piece: &str) -> Outcome<()> {
        self.0.write_all(piece.as_bytes()).map_err(|error| {
            Failure::machine(format!("The export cannot be written: {error}."))
                .hint("Make room, or choose another place.")
        })
    }
}
