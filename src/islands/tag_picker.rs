//! Offers a repository's tags under the field of a tag or of an image: a combobox as ARIA 1.2 has it. What is typed always
//! stays; the list only helps.

#[cfg(feature = "hydrate")]
mod browser_half;

use leptos::prelude::*;

/// Stands under the field `tag` or `image`. `fragment` answers the list; for an image it is asked with the form's registry
/// and image. Its child is the plain form's own button, which leads to the page of the tags.
#[island]
pub fn TagPicker(field: String, fragment: String, children: Children) -> impl IntoView {
    #[cfg(feature = "ssr")]
    super::announce();
    let part = NodeRef::<leptos::html::Div>::new();
    #[cfg(feature = "hydrate")]
    Effect::new(move || {
        if let Some(part) = part.get() {
            browser_half::start(part.into(), &field, &fragment);
        }
    });
    #[cfg(not(feature = "hydrate"))]
    let _ = (field, fragment);
    view! {
        <div node_ref=part class="tag-picker">
            <div data-list="" hidden=""></div>
            <div class="tag-picker-row">{children()}<div data-say="" aria-live="polite"></div></div>
        </div>
    }
}
