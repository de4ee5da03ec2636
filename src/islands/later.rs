//! A piece of a page that the network has to be asked for: it comes after the page.

use leptos::prelude::*;

/// Shows a fragment once it has come; until then, and without JavaScript, its children. `asking` says who is asked.
#[island]
pub fn Later(fragment: String, asking: String, children: Children) -> impl IntoView {
    #[cfg(feature = "ssr")]
    super::announce();
    let part = NodeRef::<leptos::html::Div>::new();
    #[cfg(feature = "hydrate")]
    Effect::new(move || {
        if let Some(part) = part.get() {
            let fragment = fragment.clone();
            leptos::task::spawn_local(async move {
                let _ = part.class_list().add_1("waiting");
                let html = super::browser::fetch_fragment(&fragment).await;
                let _ = part.class_list().remove_1("waiting");
                if let (Some(html), Ok(Some(said)), Ok(Some(place))) =
                    (html, part.query_selector("[data-said]"), part.query_selector("[data-place]"))
                {
                    super::browser::show_answer(&said, &place, &html);
                }
            });
        }
    });
    #[cfg(not(feature = "hydrate"))]
    let _ = fragment;
    view! {
        <div node_ref=part class="later">
            <div data-said="" aria-live="polite"><p class="loading busy js-only">{asking}</p></div>
            <div data-place="">{children()}</div>
        </div>
    }
}
