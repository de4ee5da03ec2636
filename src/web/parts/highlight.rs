//! YAML to read, in colours.

use leptos::prelude::*;

/// A read-only view of YAML.
#[component]
pub fn Highlighted(text: String) -> impl IntoView {
    view! { <pre class="code" tabindex="0">{text}</pre> }
}
