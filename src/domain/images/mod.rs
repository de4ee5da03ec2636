//! Image references: their grammar, their canonical form, and what the kubelet's keyring makes of them. What images say
//! about themselves, and what that means for a component.
//! Owns no rows and talks to no one.

mod advice;
mod authority;
mod command;
mod docker_hub;
mod facts;
mod grammar;
mod host;
pub mod keyring;
mod meaning;
mod pasted;
#[cfg(test)]
mod properties;
mod reference;
mod scope;
mod split;
#[cfg(test)]
mod tests;

pub use advice::{Advice, Note, advise};
pub use docker_hub::{DOCKER_HUB, api_host, auth_key, is_docker_hub};
pub use facts::{ExposedPort, ImageFacts, is_platform, one_line, size_in_words};
pub use host::canonical_host;
pub use meaning::Meaning;
pub use reference::ImageReference;
pub use scope::{auth_key_under, covers, read_auth_key, scope_name};
