//! The real program in a real terminal: a pseudo-terminal with the screen that a person would see.

#![allow(dead_code, missing_docs, unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// How long the harness waits for what must come; only a failure ever waits so long.
const PATIENCE: Duration = Duration::from_secs(20);

/// The program of this build.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_huddleboard");

/// The program running in a terminal.
pub struct Terminal {
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    output: Receiver<Vec<u8>>,
    parser: vt100::Parser,
    /// How many bytes the program has written.
    pub written: usize,
}

impl Terminal {
    /// Starts the program in a terminal of 100 columns and 30 rows.
    pub fn start(home: &Path, arguments: &[&str]) -> Self {
        Self::start_with(home, arguments, (100, 30), &[])
    }

    /// Starts the program in a terminal of this size, with these variables in its environment.
    pub fn start_with(home: &Path, arguments: &[&str], size: (u16, u16), variables: &[(&str, &str)]) -> Self {
        let pair = native_pty_system().openpty(pty_size(size)).unwrap();
        let mut command = CommandBuilder::new(PROGRAM);
        command.args(arguments);
        command.env_clear();
        for (name, value) in environment(home) {
            command.env(name, value);
        }
        command.env("TERM", "xterm-256color");
        command.env("COLORTERM", "truecolor");
        for (name, value) in variables {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let writer = pair.master.take_writer().unwrap();
        let (to, output) = channel();
        thread::spawn(move || {
            let mut buffer = [0; 16 * 1024];
            while let Ok(count) = reader.read(&mut buffer) {
                if count == 0 || to.send(buffer[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        let parser = vt100::Parser::new(cells(size.1), cells(size.0), 0);
        Self { master: pair.master, writer, child, output, parser, written: 0 }
    }

    /// Types these characters, one key each.
    pub fn press(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    /// Waits until the screen contains these words.
    #[track_caller]
    pub fn wait_for(&mut self, words: &str) {
        self.wait_until(&format!("the screen shows {words:?}"), |screen| screen.contents().contains(words));
    }

    /// Waits until the screen no longer contains these words.
    #[track_caller]
    pub fn wait_without(&mut self, words: &str) {
        self.wait_until(&format!("the screen no longer shows {words:?}"), |screen| !screen.contents().contains(words));
    }

    /// Waits until the screen is as it should be.
    #[track_caller]
    pub fn wait_until(&mut self, what: &str, fits: impl Fn(&vt100::Screen) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !fits(self.parser.screen()) {
            match self.output.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.feed(&bytes),
                Err(RecvTimeoutError::Timeout) => panic!("never seen: {what}\n{}", self.parser.screen().contents()),
                Err(RecvTimeoutError::Disconnected) => {
                    panic!("the program ended before: {what}\n{}", self.parser.screen().contents())
                }
            }
        }
    }

    /// How many bytes the program writes within this time.
    pub fn bytes_within(&mut self, time: Duration) -> usize {
        let (end, before) = (Instant::now() + time, self.written);
        while let Ok(bytes) = self.output.recv_timeout(end.saturating_duration_since(Instant::now())) {
            self.feed(&bytes);
        }
        self.written - before
    }

    fn feed(&mut self, bytes: &[u8]) {
        self.written += bytes.len();
        self.parser.process(bytes);
    }

    /// What a person sees, as text.
    pub fn text(&self) -> String {
        self.parser.screen().contents()
    }

    /// The screen.
    pub fn screen(&self) -> &vt100::Screen {
        self.parser.screen()
    }

    /// Gives the terminal another size.
    pub fn resize(&mut self, size: (u16, u16)) {
        self.master.resize(pty_size(size)).unwrap();
        self.parser.screen_mut().set_size(cells(size.1), cells(size.0));
    }

    /// Sends the program a signal.
    pub fn signal(&self, name: &str) {
        let id = self.child.process_id().unwrap();
        assert!(Command::new("kill").args([&format!("-{name}"), &id.to_string()]).status().unwrap().success());
    }

    /// Waits for the program's end; its exit code.
    pub fn wait_for_end(&mut self) -> u32 {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                while let Ok(bytes) = self.output.try_recv() {
                    self.feed(&bytes);
                }
                return status.exit_code();
            }
            assert!(Instant::now() < end, "the program does not end\n{}", self.text());
            // The end of a process is no event of the terminal's; its output is, and is drained meanwhile.
            if let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(20)) {
                self.feed(&bytes);
            }
        }
    }

    /// Reads what the program wrote last, up to the end of its output.
    pub fn read_to_end(&mut self) {
        let end = Instant::now() + Duration::from_secs(5);
        while let Ok(bytes) = self.output.recv_timeout(end.saturating_duration_since(Instant::now())) {
            self.feed(&bytes);
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).unwrap_or(NonZeroU16::MIN)
}

fn pty_size((cols, rows): (u16, u16)) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

/// An environment in which the program touches nothing outside `home`.
pub fn environment(home: &Path) -> Vec<(String, String)> {
    let under = |part: &str| home.join(part).to_str().unwrap().to_owned();
    vec![
        ("HOME".into(), under("")),
        ("XDG_DATA_HOME".into(), under("data")),
        ("XDG_CONFIG_HOME".into(), under("config")),
        ("XDG_STATE_HOME".into(), under("state")),
        ("PATH".into(), std::env::var("PATH").unwrap_or_default()),
        ("LANG".into(), "C.UTF-8".into()),
        ("TZ".into(), "Europe/London".into()),
    ]
}

/// Runs the program without a terminal and returns what it said.
pub fn run(home: &Path, arguments: &[&str]) -> Output {
    Command::new(PROGRAM).args(arguments).env_clear().envs(environment(home)).output().unwrap()
}

/// Runs the program without a terminal; where it does not end, it is killed and the test fails.
#[track_caller]
pub fn run_or_kill(home: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).env_clear().envs(environment(home));
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (id, (to, ended)) = (child.id(), channel());
    thread::spawn(move || to.send(child.wait_with_output().unwrap()));
    ended.recv_timeout(PATIENCE).unwrap_or_else(|_| {
        Command::new("kill").args(["-9", &id.to_string()]).status().unwrap();
        panic!("{arguments:?} does not end")
    })
}

/// Runs the program without a terminal, with a line to read.
pub fn run_with(home: &Path, arguments: &[&str], line: &str) -> Output {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).env_clear().envs(environment(home));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "{line}").unwrap();
    child.wait_with_output().unwrap()
}

/// Runs the program without a terminal; it must succeed. What it printed.
#[track_caller]
pub fn run_ok(home: &Path, arguments: &[&str]) -> String {
    let output = run(home, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Reads until these words have come.
#[track_caller]
pub fn read_until(from: &mut impl Read, words: &str) {
    let mut seen = Vec::new();
    let mut buffer = [0; 4096];
    while !String::from_utf8_lossy(&seen).contains(words) {
        let count = from.read(&mut buffer).unwrap();
        assert!(count > 0, "it ended before {words:?}: {}", String::from_utf8_lossy(&seen));
        seen.extend_from_slice(&buffer[..count]);
    }
}

/// Waits until a process that is no child of ours has ended.
#[track_caller]
pub fn wait_for_process(id: u32) {
    let end = Instant::now() + PATIENCE;
    let gone = || match std::fs::read_to_string(format!("/proc/{id}/stat")) {
        // A process that nobody has waited for yet has ended as well.
        Ok(stat) => stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('Z')),
        Err(_) => true,
    };
    while !gone() {
        assert!(Instant::now() < end, "process {id} does not end");
        thread::yield_now();
    }
}
