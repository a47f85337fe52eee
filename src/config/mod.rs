//! What a person can set: shipped defaults, built in, with the person's own file laid over them.

pub mod agendas;
pub mod keymap;
pub mod paths;
pub mod settings;
pub mod templates;
pub mod theme;
