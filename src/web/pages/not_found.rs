//! The page for an address where nothing is.

use leptos::prelude::*;

use super::page;
use crate::domain::problem::Error;

pub(super) fn not_found() -> AnyView {
    page(|_| async { Err(Error::NotFound) })
}
