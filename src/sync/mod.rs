//! Change bundles between replicas.
//!
//! The change log already has what the exchange needs: replica ids, dense sequences, stamps and the
//! have-vector. Reading and writing bundles comes here, and needs no new format of the log.
