//! `init`: a ward from a template.

use clap::Args;

use super::open::{Flags, Opened};
use super::out::Out;
use crate::base::error::{Failure, Outcome};
use crate::base::text;
use crate::base::zone::Zone;
use crate::config::templates;

#[derive(Debug, Args)]
pub(super) struct Init {
    /// What it starts with: acute-ward, maternity, theatre, community-team, general-practice or blank
    #[arg(long, value_name = "NAME", default_value = "acute-ward")]
    template: String,
    /// What the team does: "Elderly medicine"
    #[arg(long, value_name = "WORDS", default_value = "")]
    speciality: String,
}

pub(super) fn run(flags: &Flags, init: &Init, out: &mut Out) -> Outcome<()> {
    let name = text::clean_line(flags.team.as_deref().unwrap_or_default());
    if name.is_empty() {
        return Err(Failure::usage("The team needs a name.").hint("Say it: huddleboard init --team \"Ward 7A\"."));
    }
    let template = templates::find(&init.template)?;
    let nameless = Flags { db: flags.db.clone(), team: None, role: flags.role.clone(), now: flags.now.clone() };
    let mut opened = Opened::fresh(&nameless)?;
    if opened.teams.iter().any(|team| text::slug(&team.name) == text::slug(&name)) {
        return Err(Failure::refused(format!("There is a team “{name}” in this file already."))
            .at(opened.store.path().display().to_string())
            .hint("Choose another name, or another file with --db."));
    }
    let zone = Zone::of_this_machine();
    let (team, edits) = template.make_team(&name, &init.speciality, zone, zone.day(opened.now()))?;
    let author = opened.author(Some(&team));
    opened.store.commit(&author, &format!("{name} starts its board"), edits.into_iter().map(Ok))?;
    out.line(&format!(
        "{name} is ready: {} measures and {} processes from the template “{}”, in {}.",
        template.measures.len(),
        template.processes.len(),
        template.name,
        opened.store.path().display()
    ));
    out.line("Add a value with `huddleboard add`, or open the board with `huddleboard`.");
    Ok(())
}
