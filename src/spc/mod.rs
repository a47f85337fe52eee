//! spc
