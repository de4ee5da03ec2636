//! Registries that are not fakes.

mod real;
