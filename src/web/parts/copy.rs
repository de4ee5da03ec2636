//! A value with a button that copies it.

use leptos::prelude::*;

use super::icons;

/// `label` says what is copied: "digest".
#[component]
pub fn CopyField(#[prop(into)] value: String, #[prop(into)] label: String) -> impl IntoView {
    view! {
        <span class="copy">
            <code title=value.clone()>{value.clone()}</code>
            <button type="button" class="icon js-only" data-copy=value aria-label=format!("Copy {label}")>{icons::copy()}</button>
        </span>
    }
}
