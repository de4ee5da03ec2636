//! How Test connection ended, step by step: the same view on the server and in the browser.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What a test found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    pub works: bool,
    /// One or two sentences: how it signed in, or what failed and what to do.
    pub message: String,
    /// In the order they are taken; empty if nothing could be tried.
    pub steps: Vec<Step>,
}

/// A step of a test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub label: String,
    pub state: StepState,
}

/// How far a test came with a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    Done,
    Failed,
    /// An earlier one failed.
    NotReached,
}

/// The sentence, then the steps, each with its state as a shape and as a word.
pub fn outcome(tried: Tried) -> AnyView {
    let class = if tried.works { "note good outcome" } else { "note bad outcome" };
    view! { <div class=class><p>{tried.message}</p>{steps(tried.steps)}</div> }.into_any()
}

/// The steps alone.
pub fn steps(steps: Vec<Step>) -> AnyView {
    let rows = steps
        .into_iter()
        .map(|step| {
            let (class, word) = match step.state {
                StepState::Done => ("done", " (done)"),
                StepState::Failed => ("failed", " (failed)"),
                StepState::NotReached => ("not-reached", " (not reached)"),
            };
            view! {
                <li class=class><span class="shape" aria-hidden="true"></span><span>{step.label}<span class="visually-hidden">{word}</span></span></li>
            }
        })
        .collect_view();
    view! { <ol class="checks">{rows}</ol> }.into_any()
}
