//! The terminal is borrowed: taken over on entry, given back as it was however the program ends.

use std::io::{self, BufWriter, Stdout, Write};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture};
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use crossterm::{cursor, execute};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;

use crate::base::error::{Failure, Outcome};

/// What the board is drawn on.
pub(crate) type Screen = Terminal<CrosstermBackend<BufWriter<Stdout>>>;

/// Whether the terminal is ours at the moment: it is given back exactly once each time.
static TAKEN: AtomicBool = AtomicBool::new(false);
static HOOK: Once = Once::new();
/// Whether the mouse is taken with it.
static MOUSE: AtomicBool = AtomicBool::new(false);

/// Gives the terminal back when it goes out of scope.
pub(crate) struct Guard;

impl Guard {
    /// Takes the terminal over, with its mouse where that is wanted, and makes sure that a panic gives it back before its message is printed.
    pub(crate) fn take(mouse: bool) -> Outcome<Self> {
        MOUSE.store(mouse, Ordering::SeqCst);
        HOOK.call_once(|| {
            let print = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |panic| {
                give_back();
                print(panic);
            }));
        });
        take_over().map_err(|error| {
            give_back();
            Failure::machine(format!("The terminal cannot be taken over: {error}."))
                .hint("Run huddleboard in a terminal window, or use huddleboard show.")
        })?;
        Ok(Self)
    }

    /// Runs `work` with the terminal given back, and takes it over again: the only way to start
    /// another program. The input thread must be waiting at its gate.
    pub(crate) fn lend<T>(&self, work: impl FnOnce() -> T) -> Outcome<T> {
        give_back();
        let result = work();
        take_over().map_err(|error| Failure::machine(format!("The terminal cannot be taken back: {error}.")))?;
        Ok(result)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        give_back();
    }
}

/// A screen over the terminal that was taken.
pub(crate) fn screen() -> Outcome<Screen> {
    // One frame is one write: 16 KiB holds a full repaint of a large screen in few of them.
    let out = BufWriter::with_capacity(16 * 1024, io::stdout());
    Terminal::new(CrosstermBackend::new(out))
        .map_err(|error| Failure::machine(format!("The terminal does not say how large it is: {error}.")))
}

fn take_over() -> io::Result<()> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste, cursor::Hide)?;
    if MOUSE.load(Ordering::SeqCst) { execute!(io::stdout(), EnableMouseCapture) } else { Ok(()) }
}

/// Puts the terminal back as it was; what cannot be put back is left, since there is nobody to tell.
pub(crate) fn give_back() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        let mut out = io::stdout();
        if MOUSE.load(Ordering::SeqCst) {
            let _ = execute!(out, DisableMouseCapture);
        }
        let _ = execute!(out, DisableBracketedPaste, LeaveAlternateScreen, cursor::Show);
        let _ = out.flush();
        let _ = disable_raw_mode();
    }
}
