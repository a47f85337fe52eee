//! What every room stands on: time, ids, text and errors. Knows nothing of wards.

pub mod clock;
pub mod error;
pub mod id;
pub mod text;
pub mod zone;
