//! `doctor`: whether all is well with a board, and what to do where it is not.

use chrono::{DateTime, Utc};
use clap::Args;
use serde_json::{Value, json};

use super::backup::busy;
use super::open::{Flags, Home};
use super::out::{Out, say};
use crate::base::error::Outcome;
use crate::store::check::{Examination, Finding, Verdict};

/// The format of the bundles that this program writes; a test holds it to what is written.
const BUNDLES: u16 = 1;

#[derive(Debug, Args)]
pub(super) struct Doctor {
    /// Print an array of objects
    #[arg(long)]
    json: bool,
}

pub(super) fn run(flags: &Flags, doctor: &Doctor, out: &mut Out) -> Outcome<u8> {
    let home = Home::find();
    for problem in &home.problems {
        say(problem);
    }
    let database = home.database(flags).path;
    let real = std::fs::canonicalize(&database).unwrap_or(database);
    let (backups, elsewhere) = (home.backups(&real), std::env::temp_dir());
    let examination = Examination {
        database: &real,
        backups: backups.as_deref(),
        elsewhere: &elsewhere,
        shared_with_group: home.settings.shared_with_group,
        // A moment that is pretended says nothing of this machine's clock.
        built: built().filter(|_| flags.now.is_none()),
        clock: flags.clock()?,
    };
    let busy = busy("Looking.");
    let mut findings = vec![versions()];
    findings.extend(examination.carry_out(&mut |what| busy.set_message(format!("{what} …")))?);
    busy.finish_and_clear();
    let worst = findings.iter().map(|finding| finding.verdict).max().unwrap_or(Verdict::Ok);
    if doctor.json {
        out.json(&Value::Array(findings.iter().map(entry).collect()));
    } else {
        tell(&findings, worst, out);
    }
    Ok(u8::from(worst == Verdict::Wrong))
}

fn versions() -> Finding {
    let found = format!("huddleboard {}; bundles of format {BUNDLES}.", env!("CARGO_PKG_VERSION"));
    Finding::new("versions", Verdict::Ok, found, "")
}

/// When this program was built: its file is no older, and no newer where it was installed as it came.
fn built() -> Option<DateTime<Utc>> {
    let file = std::env::current_exe().ok()?;
    file.metadata().ok()?.modified().ok().map(DateTime::from)
}

fn entry(finding: &Finding) -> Value {
    json!({
        "check": finding.check, "verdict": finding.verdict.code(), "found": finding.found, "do": finding.remedy,
    })
}

fn tell(findings: &[Finding], worst: Verdict, out: &mut Out) {
    let width = findings.iter().map(|finding| finding.check.len()).max().unwrap_or(0);
    for finding in findings {
        out.line(&format!("{:<5}  {:<width$}  {}", finding.verdict.code(), finding.check, finding.found));
        if !finding.remedy.is_empty() {
            out.line(&format!("{:<5}  {:<width$}  {}", "", "", finding.remedy));
        }
    }
    out.line(match worst {
        Verdict::Ok => "All is well.",
        Verdict::Look => "Nothing is wrong; something should be looked at.",
        Verdict::Wrong => "Something is wrong: what to do stands below it.",
    });
}
