//! The sub-commands of the one binary.
