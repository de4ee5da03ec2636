//! The page for an address where nothing is.

use leptos::prelude::*;

use super::{frame, page};
use crate::domain::problem::Error;

pub(super) fn not_found() -> AnyView {
    let _ = frame::centred;
    page(|_| async { Err(Error::NotFound) })
}
