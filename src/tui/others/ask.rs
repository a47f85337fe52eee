//! What is asked about other boards, in words that a nurse understands.

use std::path::Path;

use crate::app::ask::{Answer, Ask, Choose, Form, Question};
use crate::app::effect::Effect;
use crate::base::error::Failure;
use crate::domain::TeamId;
use crate::sync::folder::Stranger;
use crate::tui::place::{self, shown};
/// A number with its noun.
pub(super) fn several(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

/// Asks which folder the boards share.
pub(super) fn ask_folder(typed: &str) -> Ask {
    Form::prompt("Bring this board into step with another computer", "Folder", typed, place::HELP, |typed, _| {
        if typed.trim().is_empty() {
            return Err(Failure::refused("No folder is named.").at("text").hint("Type where it is."));
        }
        Ok(vec![Effect::SyncWith { folder: typed.to_owned(), make: false }])
    })
}

/// Asks whether a folder is made that is not there.
pub(super) fn ask_make(typed: String, folder: &Path) -> Ask {
    let again = typed.clone();
    Ask::Question(Question {
        title: "There is no such folder yet".to_owned(),
        words: format!("{} is not there.", shown(folder)),
        answers: vec![
            Answer {
                words: "Make it".to_owned(),
                about: "This board is put there, for others to join.".to_owned(),
                then: Box::new(move || vec![Effect::SyncWith { folder: typed.clone(), make: true }]),
            },
            Answer {
                words: "Type it again".to_owned(),
                about: "Where the name is not right, or a drive is not connected.".to_owned(),
                then: Box::new(move || vec![Effect::Ask(ask_folder(&again))]),
            },
        ],
        sudden: false,
    })
}

/// What people call a team that stands in the folder.
pub(super) fn called(stranger: &Stranger) -> String {
    if stranger.name.is_empty() { "A ward without a name".to_owned() } else { format!("“{}”", stranger.name) }
}

fn leave(teams: Vec<TeamId>) -> Answer {
    Answer {
        words: "Leave it out".to_owned(),
        about: "You will not be asked again. Nothing of it comes onto this board.".to_owned(),
        then: Box::new(move || vec![Effect::LeaveOut(teams.clone())]),
    }
}

fn take(words: &str, teams: Vec<TeamId>) -> Answer {
    Answer {
        words: words.to_owned(),
        about: "It stands beside this ward: T goes from one to the other.".to_owned(),
        then: Box::new(move || vec![Effect::TakeIn(teams.clone())]),
    }
}

/// Asks about a team of the same name as one that is here.
pub(super) fn ask_twin(stranger: &Stranger, folder: &str) -> Question {
    let (from, twin) = (stranger.team, stranger.twin.unwrap_or(stranger.team));
    let changes = several(stranger.changes, "change", "changes");
    Question {
        title: "Is this the same ward?".to_owned(),
        words: format!(
            "Another {} stands in {folder}: somebody made it on another computer, with {changes} so far.",
            called(stranger)
        ),
        answers: vec![
            Answer {
                words: "The same ward: make them one".to_owned(),
                about: "Both boards' entries stay. A day for which both have a value keeps both, and you say \
                        which is right."
                    .to_owned(),
                then: Box::new(move || vec![Effect::Unite { from, into: twin }]),
            },
            take("Another ward: take it in", vec![from]),
            leave(vec![from]),
        ],
        sudden: false,
    }
}

/// Asks about teams that are not on this board.
pub(super) fn ask_strangers(strangers: &[Stranger], folder: &str) -> Question {
    let teams: Vec<TeamId> = strangers.iter().map(|stranger| stranger.team).collect();
    let [stranger] = strangers else { return ask_several(strangers, teams, folder) };
    let changes = several(stranger.changes, "change", "changes");
    Question {
        title: "Another ward in the folder".to_owned(),
        words: format!("{} stands in {folder} and is not on this board ({changes}).", called(stranger)),
        answers: vec![leave(teams.clone()), take("Take it in", teams)],
        sudden: false,
    }
}

fn ask_several(strangers: &[Stranger], teams: Vec<TeamId>, folder: &str) -> Question {
    let names: Vec<String> = strangers.iter().take(8).map(called).collect();
    let more = if strangers.len() > names.len() { " and others" } else { "" };
    let list = strangers.to_vec();
    let choose = move || vec![Effect::Ask(ask_one(&list))];
    Question {
        title: format!("{} other wards in the folder", strangers.len()),
        words: format!("{}{more} stand in {folder} and are not on this board.", names.join(", ")),
        answers: vec![
            Answer { words: "Leave them out".to_owned(), ..leave(teams.clone()) },
            Answer {
                words: "Take one in".to_owned(),
                about: "Choose which; the others are asked about again.".to_owned(),
                then: Box::new(choose),
            },
            take("Take them all in", teams),
        ],
        sudden: false,
    }
}

fn ask_one(strangers: &[Stranger]) -> Ask {
    choose("Which ward is taken in?", strangers)
}

/// Asks a board without a ward which one it is for.
pub(super) fn ask_which(strangers: &[Stranger]) -> Ask {
    choose("Which ward is this board for?", strangers)
}

fn choose(title: &str, strangers: &[Stranger]) -> Ask {
    let option = |stranger: &Stranger| {
        let changes = several(stranger.changes, "change", "changes");
        (stranger.team.to_string(), format!("{}  {changes}", called(stranger).replace(['“', '”'], "")))
    };
    Ask::Choose(Choose {
        title: title.to_owned(),
        options: strangers.iter().map(option).collect(),
        marked: 0,
        free: false,
        then: Box::new(|answers, _| {
            let id = answers.first().and_then(|id| uuid::Uuid::parse_str(id).ok()).map(TeamId);
            Ok(id.map(|team| Effect::TakeIn(vec![team])).into_iter().collect())
        }),
    })
}
