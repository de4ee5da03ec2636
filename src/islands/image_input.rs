//! Says while one types what an image reference means, and inspects the image on demand.

use leptos::prelude::*;

/// Stands under the fields `image` and `registry` of a form. `preview` and `inspection` are fragments' paths; its children
/// are the plain form's own Inspect button.
#[island]
pub fn ImageInput(preview: String, inspection: String, children: Children) -> impl IntoView {
    #[cfg(feature = "ssr")]
    super::announce();
    let part = NodeRef::<leptos::html::Div>::new();
    #[cfg(feature = "hydrate")]
    Effect::new(move || {
        if let Some(part) = part.get() {
            browser_half::start(part.into(), &preview, &inspection);
        }
    });
    #[cfg(not(feature = "hydrate"))]
    let _ = (preview, inspection);
    view! {
        <div node_ref=part class="image-input">
            <div data-preview="" aria-live="polite"></div>
            {children()}
            <div data-inspection="" aria-live="polite"></div>
        </div>
    }
}

#[cfg(feature = "hydrate")]
mod browser_half {
    use std::time::Duration;

    use leptos::prelude::set_timeout;
    use web_sys::Element;

    use super::super::browser::{element, encode, fetch_fragment, fill_if_empty, is_on_button, listen, value};

    /// After the last key, before asking.
    const PAUSE: Duration = Duration::from_millis(250);

    pub(super) fn start(part: Element, preview: &str, inspection: &str) {
        if let Some(input) = element("field-image") {
            let (part, preview) = (part.clone(), preview.to_owned());
            listen(&input, "input", move |_| {
                let typed = value("field-image");
                let (part, preview) = (part.clone(), preview.clone());
                set_timeout(
                    move || {
                        if value("field-image") == typed {
                            show(part, "[data-preview]", format!("{preview}?image={}", encode(&typed)), typed);
                        }
                    },
                    PAUSE,
                );
            });
        }
        let inspection = inspection.to_owned();
        listen(&part.clone(), "click", move |event| {
            if !is_on_button(&event) {
                return;
            }
            event.prevent_default();
            event.stop_propagation();
            let query = format!("{inspection}?image={}&registry={}", encode(&value("field-image")), encode(&value("field-registry")));
            if let Ok(Some(place)) = part.query_selector("[data-inspection]") {
                place.set_inner_html("<p class=\"loading\">Asking the registry…</p>");
            }
            show(part.clone(), "[data-inspection]", query, value("field-image"));
        });
    }

    /// Shows a fragment, unless the image was changed while it was on its way.
    fn show(part: Element, selector: &'static str, path: String, image: String) {
        leptos::task::spawn_local(async move {
            let html =
                fetch_fragment(&path).await.unwrap_or_else(|| "<p class=\"note bad\">The console did not answer. Try again.</p>".into());
            let Ok(Some(place)) = part.query_selector(selector) else { return };
            if value("field-image") != image {
                return place.set_inner_html("");
            }
            place.set_inner_html(&html);
            if let Ok(Some(port)) = place.query_selector("[data-port]") {
                fill_if_empty("field-endpoint_port", &port.get_attribute("data-port").unwrap_or_default());
            }
        });
    }
}
