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

    fn from_server_fn_error(_: ServerFnErrorErr) -> Self {
        Self { code: "internal".into(), message: "The console did not answer as expected. Try again.".into(), problems: Vec::new() }
    }
}
