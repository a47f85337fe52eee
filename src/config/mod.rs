//! What can be set: the shipped defaults, the user's own file over them, and the ward templates.

pub mod paths;
pub mod settings;
pub mod templates;
