//! The sub-commands of the one binary.

pub mod lint;
