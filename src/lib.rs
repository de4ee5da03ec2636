//! Slipway: a self-hosted web console to bring your own container image to Kubernetes.
//!
//! Four rooms: [`domain`] knows, [`outside`] talks to other systems, [`web`] shows, `islands` run in the browser.
//! This file is the module list, and the one place (apart from the bodies of server functions) that asks which half
//! of the program is being compiled. `ARCHITECTURE.md` has the map.

#![recursion_limit = "512"]

#[cfg(feature = "ssr")]
pub mod cli;
#[cfg(feature = "ssr")]
pub mod config;
#[cfg(feature = "ssr")]
pub mod domain;
pub mod islands;
#[cfg(feature = "ssr")]
pub mod outside;
#[cfg(feature = "ssr")]
pub mod web;

/// What the browser runs when a page with islands has loaded.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
