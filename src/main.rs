//! The command `huddleboard`.

use std::process::ExitCode;

fn main() -> ExitCode {
    huddleboard::cli::main()
}
