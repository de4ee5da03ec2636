//! Integration tests: the whole service on a database of its own, driven through its router. Folders mirror URLs.
//!
//! With `SLIPWAY_TEST_DATABASE_URL` every test runs on a fresh PostgreSQL database instead of SQLite; tests that need the
//! real test registries (`SLIPWAY_TEST_REGISTRY` and its like in `support::environment`) say so and pass where there are none.
//! `script/services` starts all of them.

#![recursion_limit = "512"]
#![expect(clippy::unwrap_used, reason = "a test that finds nothing where something must be has failed")]

mod arrows;
mod assets;
mod catalogue;
mod cli;
mod cluster;
mod configuration;
mod corpus;
mod forms;
mod history;
mod hostile;
mod kill;
mod kinds;
mod listing;
mod live;
mod main_job;
mod pages;
mod registries;
mod review;
mod security;
mod setup;
mod sign_in;
mod statements;
mod support;
mod tags;
mod waiting;
