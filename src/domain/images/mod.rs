//! Image references: their grammar, their canonical form, and what the kubelet's keyring makes of them.
//! Owns no rows and talks to no one.

mod grammar;
pub mod host;
pub mod keyring;
mod pasted;
mod reference;
mod split;
#[cfg(test)]
mod tests;

pub use host::{canonical_host, is_docker_hub};
pub use reference::ImageReference;
