//! Offers the registry's tags for the field `tag`, once the page has loaded.

use leptos::prelude::*;

/// `fragment` answers the options of a `<datalist>` and a line that says how it went.
#[island]
pub fn TagList(fragment: String) -> impl IntoView {
    #[cfg(feature = "ssr")]
    super::announce();
    let part = NodeRef::<leptos::html::Div>::new();
    #[cfg(feature = "hydrate")]
    Effect::new(move || {
        let (Some(part), fragment) = (part.get(), fragment.clone()) else { return };
        leptos::task::spawn_local(async move {
            if let Some(html) = super::browser::fetch_fragment(&fragment).await {
                part.set_inner_html(&html);
                if let Some(input) = super::browser::element("field-tag") {
                    let _ = input.set_attribute("list", "tags");
                }
            }
        });
    });
    #[cfg(not(feature = "hydrate"))]
    let _ = fragment;
    view! { <div node_ref=part class="tag-list" aria-live="polite"></div> }
}
