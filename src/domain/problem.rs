//! What can be wrong: the error catalogue, problems with fields, and the one error type that domain verbs return.
//! Never knows HTTP statuses; `web::answer` maps codes to them.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// One thing wrong with something a person or a program sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Name of the form field or path (`endpoints[1].port`); empty for the whole form.
    pub field: Cow<'static, str>,
    /// Stable word from the catalogue, `snake_case`.
    pub code: Cow<'static, str>,
    /// One sentence that says what is wrong and what is allowed.
    pub message: String,
}

/// All problems of one input, in the order of its fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// Notes a problem with `field`.
    pub fn add(&mut self, field: impl Into<Cow<'static, str>>, code: &'static str, message: impl Into<String>) {
        self.0.push(Problem { field: field.into(), code: code.into(), message: message.into() });
    }

    /// One problem alone.
    pub fn one(field: impl Into<Cow<'static, str>>, code: &'static str, message: impl Into<String>) -> Self {
        let mut problems = Self::default();
        problems.add(field, code, message);
        problems
    }

    /// Keeps the value of a result, or notes its problem and gives `None`.
    pub fn keep<T>(&mut self, result: Result<T, Problem>) -> Option<T> {
        result.map_err(|problem| self.0.push(problem)).ok()
    }

    /// Keeps the value of a result, or takes over all its problems and gives `None`.
    pub fn keep_all<T>(&mut self, result: Result<T, Problems>) -> Option<T> {
        result.map_err(|problems| self.0.extend(problems.0)).ok()
    }

    /// Nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first problem of a field.
    pub fn of(&self, field: &str) -> Option<&Problem> {
        self.0.iter().find(|problem| problem.field == field)
    }
}

impl Problem {
    pub fn new(field: impl Into<Cow<'static, str>>, code: &'static str, message: impl Into<String>) -> Self {
        Self { field: field.into(), code: code.into(), message: message.into() }
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

/// Why a domain verb did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The input is wrong: all problems at once.
    #[error("invalid input")]
    Invalid(Problems),
    /// There is no such thing, or the caller may not know of it.
    #[error("not found")]
    NotFound,
    /// The caller may know of it but not do this.
    #[error("forbidden")]
    Forbidden,
    /// The state of the thing does not allow this now; the message says why.
    #[error("conflict: {message}")]
    Conflict { code: &'static str, message: String },
    /// Too many tries; seconds until the next is allowed.
    #[error("rate limited for {retry_after} s")]
    RateLimited { retry_after: u64 },
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

impl From<Problems> for Error {
    fn from(problems: Problems) -> Self {
        Self::Invalid(problems)
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Invalid(problem.into())
    }
}

/// What a domain verb gives.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An entry of the error catalogue.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Entry {
    /// Stable word, in URLs of problem documents and in JSON.
    pub code: &'static str,
    /// One sentence for the person.
    pub sentence: &'static str,
    /// What to do next.
    pub next: &'static str,
}

/// Errors that are not about one field. Codes are never renamed; a snapshot test guards the list.
pub const CATALOGUE: &[Entry] = &[
    Entry {
        code: "invalid_input",
        sentence: "Some of what was sent is not right.",
        next: "Correct the fields named below and send it again.",
    },
    Entry {
        code: "not_found",
        sentence: "There is nothing here, or you may not see it.",
        next: "Check the address, or ask the person who sent you the link.",
    },
    Entry { code: "forbidden", sentence: "You may not do this.", next: "Ask an organization admin." },
    Entry { code: "sign_in_required", sentence: "You are not signed in.", next: "Sign in and try again." },
    Entry {
        code: "setup_required",
        sentence: "This console has not been set up yet.",
        next: "Open the setup link that the server printed when it started.",
    },
    Entry { code: "conflict", sentence: "This can't be done in the present state.", next: "Reload the page and look at what changed." },
    Entry {
        code: "cross_site",
        sentence: "The request came from another site.",
        next: "Open this console's own page and send the form from there.",
    },
    Entry { code: "body_too_large", sentence: "What was sent is larger than allowed.", next: "Send less, or split it." },
    Entry {
        code: "unsupported_media_type",
        sentence: "The content type is not one that this address takes.",
        next: "Send a form (application/x-www-form-urlencoded) or what the documentation names.",
    },
    Entry { code: "rate_limited", sentence: "Too many tries in a short time.", next: "Wait for the time named and try again." },
    Entry {
        code: "internal",
        sentence: "Something went wrong on our side.",
        next: "Try again; if it stays, give your operator the request id.",
    },
];

/// The catalogue's entry of a code; `internal` for a code that is not in it.
pub fn entry(code: &str) -> &'static Entry {
    CATALOGUE.iter().find(|entry| entry.code == code).unwrap_or(&CATALOGUE[CATALOGUE.len() - 1])
}
