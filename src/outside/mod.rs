//! What Slipway talks to: registries, data planes. Implements the small traits that `domain` declares.

pub mod egress;
mod entrance;
pub mod kubernetes;
pub mod registry_client;
pub mod simulated;
