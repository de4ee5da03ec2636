//! What stands where nothing is yet: what is missing, why it matters, one button.

use leptos::prelude::*;

/// Stands where a list would: says what belongs there and leads to the first one.
#[component]
pub fn EmptyState(
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    #[prop(into)] href: String,
    #[prop(into)] action: String,
) -> impl IntoView {
    view! {
        <div class="card empty">
            <h2>{title}</h2>
            <p>{text}</p>
            <a class="button main" href=href>{action}</a>
        </div>
    }
}
