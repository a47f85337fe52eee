//! Signals become messages of the loop, so that every way out restores the terminal.

use std::sync::mpsc::Sender;
use std::thread;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGTSTP};
use signal_hook::iterator::Signals;

use super::worker::Message;
use crate::base::error::{Failure, Outcome};

/// The signal that asks the program to stop until it is continued.
pub(crate) const STOP: i32 = SIGTSTP;

/// Watches for the signals that end or stop the program.
pub(crate) fn watch(to: &Sender<Message>) -> Outcome<()> {
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGTERM, SIGTSTP])
        .map_err(|error| Failure::machine(format!("Signals cannot be watched: {error}.")))?;
    let to = to.clone();
    thread::spawn(move || {
        for number in signals.forever() {
            if to.send(Message::Signal(number)).is_err() {
                return;
            }
        }
    });
    Ok(())
}

/// Stops the program here until somebody continues it.
pub(crate) fn stop_here() {
    let _ = signal_hook::low_level::emulate_default_handler(SIGTSTP);
}
