//! The command `huddleboard`.
fn main() {}
