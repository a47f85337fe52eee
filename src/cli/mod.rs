//! The command line: the same actions, for scripts and for people without a screen.
//!
//! One file for each subcommand. This one says what there is, and turns what came of it into an
//! exit code: 0 done, 1 failed, 2 wrong use. What is printed goes through `out`.

mod action;
mod add;
mod analyse;
mod backup;
mod board;
mod chart;
mod conflicts;
mod cross;
mod demo;
mod doctor;
mod export;
mod find;
mod funnel;
mod import;
mod info;
mod init;
mod list;
mod log;
mod measure;
mod minutes;
mod open;
mod out;
mod redact;
mod restore;
mod show;
mod sync;
mod tick;
mod undo;
mod wall;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use self::open::Flags;
use self::out::Out;
use crate::base::error::{Failure, FailureKind, Outcome};

/// The huddle board of a ward, in a terminal. Without a command it opens the board.
#[derive(Debug, Parser)]
#[command(name = "huddleboard", version, max_term_width = 100, disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a ward from a template
    Init(init::Init),
    /// Make a demonstration ward in a file of its own, and open it
    Demo(demo::Demo),
    /// Add a value: add falls 2 --on yesterday
    Add(add::Add),
    /// Count work as done on the process board: tick observations 4
    Tick(tick::Tick),
    /// Fill a day of a harm's safety cross, or show its month: cross ulcers none
    Cross(cross::Cross),
    /// Write down what the team decided, and what became of it: actions and escalations
    Action(Box<action::Action>),
    /// Show the board to the room: large, read-only, one picture after the other
    Wall(wall::Wall),
    /// List measures, points, processes, cycles, projects, teams and more
    List(list::List),
    /// Show a board, a huddle, actions, a measure, a process, a project or a cycle as text
    Show(show::Show),
    /// Set a measure's target, chart, rules, owner and more, as its editor does
    Measure(Box<measure::Settings>),
    /// Show a measure's chart with its findings
    Chart(chart::Chart),
    /// Compare the teams of a file by one measure: a funnel
    Funnel(funnel::Funnel),
    /// Analyse any CSV file; no database is needed
    Analyse(Box<analyse::Analyse>),
    /// Import measures from CSV files, or the changes of other boards from a bundle or a folder
    Import(import::Import),
    /// Export a team's data points, or this board's changes to a folder
    Export(export::Export),
    /// Bring this board into step with others through a folder
    Sync(sync::Sync),
    /// List what two people set without seeing each other's, and say which of it stays
    Conflicts(conflicts::Conflicts),
    /// Show who did what, the latest first, or one action in full
    Log(log::Log),
    /// Take back the latest action, or any of the log by its id
    Undo(undo::Undo),
    /// Do again what was undone last
    Redo,
    /// Blank a text that must not stay, everywhere it can be reached
    Redact(redact::Redact),
    /// Copy the board into a file, while others go on writing
    Backup(backup::Backup),
    /// List the backups, or put one in the place of the board
    Restore(restore::Restore),
    /// Look whether all is well with the board's file, and say what to do
    Doctor(doctor::Doctor),
    /// Show which files are in use, and why
    Info,
}

/// Runs the program.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(answer) => {
            // Help and version are answers as well; a closed pipe is nobody's fault.
            let _ = answer.print();
            return if answer.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    let mut out = Out::standard();
    let outcome = run(&cli, &mut out);
    match out.finish().and(outcome) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            out::say_failure(&failure);
            ExitCode::from(code_of(failure.kind))
        }
    }
}

/// The one place where a failure becomes an exit code.
fn code_of(kind: FailureKind) -> u8 {
    match kind {
        FailureKind::Usage => 2,
        FailureKind::Refused
        | FailureKind::NotFound
        | FailureKind::Conflict
        | FailureKind::Machine
        | FailureKind::Internal => 1,
    }
}

fn run(cli: &Cli, out: &mut Out) -> Outcome<u8> {
    let flags = &cli.flags;
    let Some(command) = &cli.command else {
        return board::run(flags);
    };
    match command {
        Command::Init(init) => init::run(flags, init, out),
        Command::Demo(demo) => return demo::run(flags, demo, out),
        Command::Add(add) => add::run(flags, add, out),
        Command::Tick(tick) => tick::run(flags, tick, out),
        Command::Cross(cross) => cross::run(flags, cross, out),
        Command::Action(action) => action::run(flags, action, out),
        Command::Wall(wall) => return wall::run(flags, wall),
        Command::List(list) => list::run(flags, list, out),
        Command::Show(show) => show::run(flags, show, out),
        Command::Measure(settings) => measure::run(flags, settings, out),
        Command::Chart(chart) => chart::run(flags, chart, out),
        Command::Funnel(funnel) => funnel::run(flags, funnel, out),
        Command::Analyse(analyse) => analyse::run(analyse, out),
        Command::Import(import) => import::run(flags, import, out),
        Command::Export(export) => export::run(flags, export, out),
        Command::Sync(sync) => sync::run(flags, sync, out),
        Command::Conflicts(conflicts) => conflicts::run(flags, conflicts, out),
        Command::Log(log) => log::run(flags, log, out),
        Command::Undo(undo) => undo::undo(flags, undo, out),
        Command::Redo => undo::redo(flags, out),
        Command::Redact(redact) => redact::run(flags, redact, out),
        Command::Backup(backup) => backup::run(flags, backup, out),
        Command::Restore(restore) => restore::run(flags, restore, out),
        Command::Doctor(doctor) => return doctor::run(flags, doctor, out),
        Command::Info => info::run(flags, out),
    }?;
    Ok(0)
}

/// What is said where a part of a command takes words that name nothing.
fn no_such(what: &str, typed: &str, known: &[&str]) -> Failure {
    Failure::usage(format!("There is no {what} “{typed}”.")).hint(format!("There are: {}.", known.join(", ")))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_put_together_rightly() {
        super::Cli::command().debug_assert();
    }
}
