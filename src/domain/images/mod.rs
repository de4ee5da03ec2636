//! Image references: their grammar, their canonical form, and what the kubelet's keyring makes of them.
//! Owns no rows and talks to no one.

mod reference;

pub use reference::ImageReference;
