//! The deployments of a component: its history, one of them, and the Kubernetes objects it was made of.

mod history;
mod narrowing;
pub(in crate::web) mod objects;
mod show;
mod timeline;

pub(in crate::web) use self::show::Shown;
pub(super) use self::{history::history, show::show};
