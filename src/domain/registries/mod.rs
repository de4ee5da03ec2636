//! Container registries of an organization: their rows, their sealed credentials, and the trait to speak to them.

pub mod client;
