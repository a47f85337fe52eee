//! The runner's part in the log: what was read of it, and undoing an action that stands in it.

use super::Runner;
use crate::app::ask::{Answer, Ask, Question};
use crate::app::effect::{Effect, Notice, Tone};
use crate::app::log::{Account, Done, LogAsk};
use crate::app::model::Model;
use crate::store::{Extent, Preview};
use crate::tui::shell::Shell;
use crate::tui::worker::Job;

impl Runner {
    /// The worker has read the log.
    pub(crate) fn log_read(asked: LogAsk, list: Vec<Done>, model: &mut Model) {
        model.log.asked = Some(asked);
        model.log.list = list;
    }

    /// The worker has read an action in full.
    pub(crate) fn action_read(turn: u64, account: Account, model: &mut Model) {
        model.log.account = Some((turn, account));
    }

    /// The worker has found what undoing an action would do: says so, and asks whether to do it.
    pub(crate) fn foretold(&mut self, preview: Box<Preview>, words: &[String], shell: &mut Shell, model: &mut Model) {
        let depends = preview.is_depended_on();
        if preview.rest() == 0 {
            let words = match words.get(1..) {
                Some(why) if depends => format!("This cannot be undone. {}", why.join(" ")),
                _ => "Nothing of this is left to undo.".to_owned(),
            };
            model.notice = Some(Notice { words, tone: Tone::Hint });
            return;
        }
        let (undo, about) = if depends {
            ("Undo the rest", "What was changed since, and what something hangs on, stays as it is.")
        } else {
            ("Undo it", "Redo brings it back.")
        };
        let answer = |words: &str, about: &str, then: fn() -> Vec<Effect>| Answer {
            words: words.to_owned(),
            about: about.to_owned(),
            then: Box::new(then),
        };
        let question = Question {
            title: "Undo this?".to_owned(),
            words: words.join("\n"),
            answers: vec![
                answer(undo, about, || vec![Effect::TakeBack]),
                answer("Leave it", "Nothing is changed.", Vec::new),
            ],
            sudden: false,
        };
        self.foretold = Some(preview);
        shell.ask(Ask::Question(question), model);
    }

    /// Has the worker undo the action that was asked about.
    pub(super) fn take_back(&mut self, shell: &Shell, model: &mut Model) {
        if let Some(preview) = self.foretold.take() {
            let extent = if preview.is_depended_on() { Extent::Rest } else { Extent::All };
            self.write(Job::TakeBack { preview, extent }, shell, model);
        }
    }
}
