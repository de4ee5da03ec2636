//! Registries as a whole: real ones, those that only nodes can see, and those of others.

mod by_nodes;
mod isolation;
mod real;
