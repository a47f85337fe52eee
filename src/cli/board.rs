//! Without a subcommand: the board itself.

use std::io::{IsTerminal, stdin, stdout};
use std::sync::Arc;

use super::open::{Flags, Home, Opened};
use crate::base::clock::{Clock, ShiftedClock, SystemClock};
use crate::base::error::{Failure, Outcome};
use crate::config::agendas;
use crate::config::keymap::Keymap;
use crate::config::templates;
use crate::config::theme::{self, Wish};
use crate::store::Opening;
use crate::tui::{self, Launch, wall};

/// Opens the board of the file; a file that is missing is made, and the board welcomes.
pub(super) fn run(flags: &Flags) -> Outcome<u8> {
    open(find(flags, true)?)
}

/// Opens the file for a screen, with a clock that goes on.
pub(super) fn find(flags: &Flags, create: bool) -> Outcome<Opened> {
    refuse_without_a_terminal()?;
    let home = Home::find();
    let path = home.database(flags).path;
    let clock: Arc<dyn Clock> = match flags.moment()? {
        Some(moment) => Arc::new(ShiftedClock(moment - chrono::Utc::now())),
        None => Arc::new(SystemClock),
    };
    Opened::of(flags, home, Opening { path, create, shared_with_group: false, clock })
}

/// Refuses where there is no terminal to draw on.
pub(super) fn refuse_without_a_terminal() -> Outcome<()> {
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    if dumb || !stdin().is_terminal() || !stdout().is_terminal() {
        return Err(Failure::usage("The board needs a terminal to draw on.").hint("Print it with `huddleboard show`."));
    }
    Ok(())
}

/// Opens the board on a file that is open.
pub(super) fn open(opened: Opened) -> Outcome<u8> {
    let settings = &opened.home.settings;
    let wall = wall::Plan::read(settings.wall_every, &settings.wall_screens, &settings.wall_dim);
    let (wall, wrong) = match wall {
        Ok(plan) => (plan, None),
        Err(failure) => (wall::Plan::default(), Some(failure.to_string())),
    };
    let (look, keymap, mut problems) = dress(&opened.home);
    problems.extend(wrong);
    let own = std::fs::read_to_string(opened.home.paths.agendas()).ok();
    let (agendas, wrong) = agendas::load(own.as_deref());
    problems.extend(wrong);
    problems.extend(opened.store.remarks().iter().cloned());
    if opened.store.is_writable() {
        opened.name_this_board()?;
    }
    let backups = opened.home.backups(opened.store.path());
    let (mouse, calm) = (settings.mouse, is_calm(&settings.motion));
    tui::run(Launch {
        team: opened.first(),
        author: opened.author(opened.team().ok().as_ref()),
        store: opened.store,
        clock: opened.clock,
        look,
        keymap,
        templates: templates::all(),
        editor: editor(),
        problems,
        backups,
        mouse,
        calm,
        wall,
        agendas,
    })
}

/// Shows the wall and nothing else: through a door that only reads, and without a backup of its own.
pub(super) fn open_wall(opened: Opened, plan: wall::Plan) -> Outcome<u8> {
    let (look, keymap, problems) = dress(&opened.home);
    tui::run(Launch {
        team: opened.first(),
        author: opened.author(opened.team().ok().as_ref()),
        store: opened.store.reader()?,
        clock: opened.clock,
        look,
        keymap,
        templates: Vec::new(),
        editor: Vec::new(),
        problems,
        backups: None,
        mouse: opened.home.settings.mouse,
        calm: is_calm(&opened.home.settings.motion),
        wall: wall::Plan { alone: true, ..plan },
        agendas: agendas::shipped(),
    })
}

/// Whether nothing is to move by itself: as it is set, and where nothing is set on a line to elsewhere.
fn is_calm(motion: &str) -> bool {
    match motion {
        "calm" => true,
        "full" => false,
        _ => std::env::var_os("SSH_CONNECTION").is_some(),
    }
}

/// How the board looks and what its keys are, with what is wrong in the person's files.
fn dress(home: &Home) -> (crate::app::look::Look, Keymap, Vec<String>) {
    let mut problems = home.problems.clone();
    let own = |path| std::fs::read_to_string(path).ok();
    let (keymap, wrong) = Keymap::load(own(home.paths.keys()).as_deref());
    problems.extend(wrong);
    let colours = own(home.paths.theme());
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let true_colour = std::env::var("COLORTERM").is_ok_and(|value| value == "truecolor" || value == "24bit");
    let settings = &home.settings;
    let (look, wrong) = theme::look(&Wish {
        name: Some(settings.theme.as_str()).filter(|name| !name.is_empty()),
        no_colour: set("NO_COLOR"),
        true_colour,
        ascii: settings.ascii || !speaks_unicode(),
        blocks: settings.blocks,
        own: colours.as_deref(),
    });
    problems.extend(wrong);
    (look, keymap, problems)
}

/// How a chart looks that is printed between other lines of a terminal: in the terminal's own colours, whatever
/// its ground.
pub(super) fn look_in_print() -> crate::app::look::Look {
    let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let look = if no_colour { crate::app::look::Look::mono() } else { crate::app::look::Look::sixteen() };
    if speaks_unicode() { look } else { look.in_ascii() }
}

/// The command that opens a long text: `$VISUAL`, `$EDITOR`, or vi.
fn editor() -> Vec<String> {
    let said = std::env::var("VISUAL").or_else(|_| std::env::var("EDITOR")).unwrap_or_default();
    let words: Vec<String> = said.split_whitespace().map(str::to_owned).collect();
    if words.is_empty() { vec!["vi".to_owned()] } else { words }
}

/// Whether the terminal's locale can show more than ASCII. One that says nothing is trusted: over SSH
/// many do not, and can.
fn speaks_unicode() -> bool {
    let said =
        ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| std::env::var(name).ok().filter(|said| !said.is_empty()));
    said.is_none_or(|locale| locale.to_ascii_uppercase().replace('-', "").contains("UTF8"))
}
