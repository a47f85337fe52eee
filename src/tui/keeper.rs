//! The keeper thread: the day's backup, away from the drawing and from the worker.
//!
//! A large board takes seconds to copy and to check. The keeper does both through a connection of its
//! own, so that no save stands behind it in a queue; and whoever leaves the board does not wait for it.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};

use chrono::{DateTime, Utc};

use super::Launch;
use super::worker::Message;
use crate::base::error::Outcome;
use crate::store::backup::Pace;

/// The thread, and how to speak to it.
pub(crate) struct Keeper {
    asked: Option<Sender<DateTime<Utc>>>,
    pace: Pace,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Starts it; where no backups are made, or the board can only be read, there is nothing to start.
    pub(crate) fn start(launch: &Launch, to: &Sender<Message>) -> Outcome<Self> {
        let pace = Pace::gentle();
        let Some(folder) = launch.backups.clone().filter(|_| launch.store.is_writable()) else {
            return Ok(Self { asked: None, pace, thread: None });
        };
        let (reader, to, stop) = (launch.store.reader()?, to.clone(), pace.clone());
        let (asked, inbox): (_, Receiver<DateTime<Utc>>) = channel();
        let thread = thread::spawn(move || {
            let mut said = false;
            for now in inbox {
                // Said once: the same words every day would be read by nobody.
                if let Err(failure) = reader.back_up_if_due_until(&folder, now, &stop)
                    && !stop.is_stopped()
                    && !std::mem::replace(&mut said, true)
                {
                    let _ = to.send(Message::NotBackedUp(failure));
                }
            }
        });
        Ok(Self { asked: Some(asked), pace, thread: Some(thread) })
    }

    /// Has the backup of this day made, where that is due.
    pub(crate) fn make(&self, now: DateTime<Utc>) {
        if let Some(asked) = &self.asked {
            let _ = asked.send(now);
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.pace.stop();
        drop(self.asked.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
