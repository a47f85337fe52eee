//! The person's own editor, for long texts. The terminal must have been given back.

use std::io::{Read, Seek, SeekFrom, Write};
use std::process::Command;

use crate::base::error::{Failure, Outcome};
use crate::base::text;

/// A text that comes back is read up to here.
const READ_AT_MOST: u64 = 256 * 1024;

/// Opens `before` in the editor; what comes back, cleaned, or nothing where it is empty or unchanged.
pub(crate) fn edit(command: &[String], before: &str) -> Outcome<Option<String>> {
    let failed = |what: &str, error: &dyn std::fmt::Display| {
        Failure::machine(format!("{what}: {error}.")).hint("Set EDITOR to the editor that you use.")
    };
    // Made for the owner only, in the folder for temporary files, and gone when this function ends.
    let mut file = tempfile::Builder::new()
        .prefix("huddleboard-")
        .suffix(".txt")
        .tempfile()
        .map_err(|error| failed("The text cannot be handed to the editor", &error))?;
    file.write_all(before.as_bytes()).map_err(|error| failed("The text cannot be handed to the editor", &error))?;
    let (program, arguments) =
        command.split_first().ok_or_else(|| Failure::machine("No editor is set.").hint("Set EDITOR."))?;
    let status = Command::new(program)
        .args(arguments)
        .arg(file.path())
        .status()
        .map_err(|error| failed(&format!("The editor {program} does not start"), &error))?;
    if !status.success() {
        return Ok(None);
    }
    // Some editors write a new file and rename it over: what counts is what stands at the path now.
    let mut now = std::fs::File::open(file.path()).map_err(|error| failed("The text cannot be read back", &error))?;
    let mut bytes = Vec::new();
    now.seek(SeekFrom::Start(0))
        .and_then(|_| now.take(READ_AT_MOST).read_to_end(&mut bytes))
        .map_err(|error| failed("The text cannot be read back", &error))?;
    let after = text::clean_lines(&String::from_utf8_lossy(&bytes));
    Ok((!after.is_empty() && after != before).then_some(after))
}
