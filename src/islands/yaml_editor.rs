//! The editor of a YAML text: colours behind a plain text area, what the server finds wrong while one types, completions by
//! keyboard. The text area stays the browser's own: caret, selection, undo and input methods are not touched.

#[cfg(feature = "hydrate")]
mod browser_half;
mod place;

use leptos::prelude::*;

/// Stands around a `CodeArea` of the field `yaml`. `check` is posted the text with the place of the caret and answers what is
/// wrong, and what could stand there.
#[island]
pub fn YamlEditor(check: String, children: Children) -> impl IntoView {
    #[cfg(feature = "ssr")]
    super::announce();
    let part = NodeRef::<leptos::html::Div>::new();
    #[cfg(feature = "hydrate")]
    Effect::new(move || {
        if let Some(part) = part.get() {
            let _ = browser_half::start(&part, check.clone());
        }
    });
    #[cfg(not(feature = "hydrate"))]
    let _ = check;
    view! { <div node_ref=part class="yaml-editor">{children()}</div> }
}
