//! The typed answer of a write that did not happen, for both halves of the program.

use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

/// Why a server function did not do what it was asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Refusal {
    /// Stable word of the error catalogue.
    pub code: String,
    /// One sentence for the person.
    pub message: String,
    /// What is wrong with which field.
    pub problems: Vec<FieldProblem>,
}

/// What is wrong with one field.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FieldProblem {
    pub field: String,
    pub message: String,
}

impl FromServerFnError for Refusal {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        #[cfg(feature = "ssr")]
        if let ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) = error {
            return Self::unreadable();
        }
        let _ = error;
        Self { code: "internal".into(), message: "The console did not answer as expected. Try again.".into(), problems: Vec::new() }
    }
}

#[cfg(feature = "ssr")]
impl Refusal {
    /// What was sent is not the form; without a status leptos would call that a fault of ours.
    fn unreadable() -> Self {
        if let Some(response) = leptos::prelude::use_context::<leptos_axum::ResponseOptions>() {
            response.set_status(http::StatusCode::UNPROCESSABLE_ENTITY);
        }
        Self { code: "invalid_input".into(), message: "Some of what was sent is not right.".into(), problems: Vec::new() }
    }
}
