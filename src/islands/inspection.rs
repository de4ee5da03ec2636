//! Inspects an image on demand, and takes over what follows from it: the port, and the security profile.

use leptos::prelude::*;

/// The fields that say which image is meant, and what for.
#[cfg(feature = "hydrate")]
const FIELDS: [&str; 5] = ["image", "source", "hub_registry", "registry", "type"];

/// Its child is the plain form's own Inspect button; `fragment` answers what the image says about itself.
#[island]
pub fn Inspection(fragment: String, children: Children) -> impl IntoView {
    #[cfg(feature = "ssr")]
    super::announce();
    let part = NodeRef::<leptos::html::Div>::new();
    #[cfg(feature = "hydrate")]
    Effect::new(move || {
        if let Some(part) = part.get() {
            browser_half::start(part.into(), fragment.clone());
        }
    });
    #[cfg(not(feature = "hydrate"))]
    let _ = fragment;
    view! { <div node_ref=part class="image-input">{children()}<div data-inspection="" aria-live="polite"></div></div> }
}

#[cfg(feature = "hydrate")]
mod browser_half {
    use std::{cell::Cell, rc::Rc};

    use leptos::{prelude::document, wasm_bindgen::JsCast};
    use web_sys::{Element, Event, HtmlInputElement};

    use super::{
        super::browser::{chosen, fetch_fragment, field_of, fill, input, is_on_button, listen, say_changed, with_typed},
        FIELDS,
    };

    /// Where answers stand: what was asked for here, and what the page came with.
    const ANSWERS: &str = "[data-inspection], [data-inspected]";
    const NO_ANSWER: &str = "<p class=\"note bad\">The console did not answer. Try again.</p>";

    pub(super) fn start(part: Element, fragment: String) {
        let Ok(Some(place)) = part.query_selector("[data-inspection]") else { return };
        let fields = FIELDS.map(str::to_owned);
        // Counts questions and changes: an answer to an older question is about another image.
        let turn = Rc::new(Cell::new(0_u32));
        if let Ok(Some(form)) = part.closest("form") {
            let (turn, part) = (turn.clone(), part.clone());
            listen(&form, "input", move |event| {
                if field_of(&event).is_some_and(|name| FIELDS.contains(&name.as_str())) {
                    turn.set(turn.get() + 1);
                    forget(&part);
                }
            });
        }
        listen(&part.clone(), "click", move |event| {
            if !is_on_button(&event) || is_in_answer(&event) {
                return;
            }
            event.prevent_default();
            event.stop_propagation();
            turn.set(turn.get() + 1);
            let (asked, turn, place) = (turn.get(), turn.clone(), place.clone());
            forget(&part);
            place.set_inner_html("<p class=\"loading busy\">Asking the registry…</p>");
            let path = with_typed(&fragment, &fields);
            leptos::task::spawn_local(async move {
                let html = fetch_fragment(&path).await;
                if turn.get() == asked {
                    place.set_inner_html(html.as_deref().unwrap_or(NO_ANSWER));
                    take_over(&place);
                }
            });
        });
    }

    /// The answer has a button of its own, to copy the digest.
    fn is_in_answer(event: &Event) -> bool {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        target.and_then(|target| target.closest(ANSWERS).ok().flatten()).is_some()
    }

    /// What is shown is of an image that is no longer meant, also what the page came with.
    fn forget(part: &Element) {
        let Ok(shown) = part.query_selector_all(ANSWERS) else { return };
        for at in 0..shown.length() {
            if let Some(shown) = shown.item(at).and_then(|node| node.dyn_into::<Element>().ok()) {
                shown.set_inner_html("");
            }
        }
    }

    /// Fills a port that is still empty, and chooses the profile that fits unless the person has chosen one.
    fn take_over(place: &Element) {
        let said = |name: &str| {
            place
                .query_selector(&format!("[{name}]"))
                .ok()
                .flatten()
                .and_then(|said| said.get_attribute(name))
                .filter(|text| !text.is_empty())
        };
        if let Some(port) = said("data-port") {
            for field in ["field-endpoint_port", "field-port"].into_iter().filter_map(input) {
                if field.value().is_empty() {
                    fill(&field, &port);
                }
            }
        }
        let (Some(fitting), Some(before), Some(now)) = (said("data-profile"), input("field-profile_was"), chosen("profile")) else {
            return;
        };
        let radio = document().query_selector(&format!("input[type=radio][name=profile][value=\"{fitting}\"]")).ok().flatten();
        if let Some(radio) = radio.and_then(|radio| radio.dyn_into::<HtmlInputElement>().ok())
            && now.value() == before.value()
        {
            before.set_value(&fitting);
            radio.set_checked(true);
            say_changed(&radio);
        }
    }
}
