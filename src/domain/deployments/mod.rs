//! Deployments: immutable releases of a component to an environment, the queue they wait in, and how a rollout is judged.

pub mod changes;
pub mod data_plane;
pub mod rollout;
