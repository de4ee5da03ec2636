//! What an image reference means, in the words of the domain.

use leptos::prelude::*;

use crate::domain::images::Meaning;

/// `GET /fragments/../image`, and under the field when the page comes with an image.
pub(in crate::web) fn image_preview(typed: &str) -> AnyView {
    if typed.trim().is_empty() {
        return ().into_any();
    }
    match Meaning::of(typed) {
        Ok(meaning) => {
            let fact = |(name, value): (&'static str, &str)| view! { <dt>{name}</dt><dd class="mono break">{value.to_owned()}</dd> };
            let facts = meaning.facts().into_iter().map(fact).collect_view();
            view! { <dl class="facts preview">{facts}</dl>{notes(meaning.notes)} }.into_any()
        }
        Err(problem) => view! { <p class="problem">{problem.message}</p> }.into_any(),
    }
}

/// What was filled in or corrected.
pub(super) fn notes(notes: Vec<String>) -> AnyView {
    notes.into_iter().map(|note| view! { <p class="dim">{note}</p> }).collect_view().into_any()
}
