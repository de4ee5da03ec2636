//! What Slipway talks to: registries, data planes. Implements the small traits that `domain` declares.

pub mod egress;
pub mod kubernetes;
pub mod registry_client;
pub mod simulated;
