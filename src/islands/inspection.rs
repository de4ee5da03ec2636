//! Inspects an image on demand, and takes over what follows from it: the port, and the security profile. What the person
//! chose stays.

use leptos::prelude::*;

/// The fields that say which image is meant, and what for.
#[cfg(feature = "hydrate")]
const FIELDS: [&str; 5] = ["image", "source", "hub_registry", "registry", "type"];

/// Whether what stands in a field was filled in for the person, who may have been told something else by an older image.
/// `before` is what was filled in last.
pub fn is_ours(now: &str, before: &str) -> bool {
    now.is_empty() || now == before
}

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
    view! {
        <div node_ref=part class="image-input">
            {children()}
            <div data-said="" aria-live="polite"></div>
            <div data-inspection=""></div>
        </div>
    }
}

#[cfg(feature = "hydrate")]
mod browser_half {
    use std::{cell::Cell, rc::Rc};

    use leptos::{prelude::document, wasm_bindgen::JsCast};
    use web_sys::{Element, Event, HtmlInputElement};

    use super::{
        super::browser::{chosen, fetch_fragment, field_of, fill, input, is_on_button, listen, say_changed, show_answer, with_typed},
        FIELDS, is_ours,
    };

    /// Where answers stand: what was asked for here, and what the page came with.
    const ANSWERS: &str = "[data-said], [data-inspection], [data-inspected]";
    const NO_ANSWER: &str = "<p class=\"note bad\" data-sentence>The console did not answer. Try again.</p>";

    pub(super) fn start(part: Element, fragment: String) {
        let (Ok(Some(said)), Ok(Some(place))) = (part.query_selector("[data-said]"), part.query_selector("[data-inspection]")) else {
            return;
        };
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
            let (asked, turn, said, place) = (turn.get(), turn.clone(), said.clone(), place.clone());
            forget(&part);
            said.set_inner_html("<p class=\"loading busy\">Asking the registry…</p>");
            let path = with_typed(&fragment, &fields);
            leptos::task::spawn_local(async move {
                let html = fetch_fragment(&path).await;
                if turn.get() == asked {
                    show_answer(&said, &place, html.as_deref().unwrap_or(NO_ANSWER));
                    if let Ok(Some(facts)) = place.query_selector("[data-profile]") {
                        take_over_port(&facts);
                        take_over_profile(&facts);
                    }
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

    /// Fills in the port that the image exposes, if it exposes one; the field may stand for an endpoint or not.
    fn take_over_port(facts: &Element) {
        let port = facts.get_attribute("data-port").unwrap_or_default();
        let Some(before) = input("field-port_was") else { return };
        for field in ["field-endpoint_port", "field-port"].into_iter().filter_map(input) {
            if is_ours(&field.value(), &before.value()) {
                before.set_value(&port);
                if field.value() != port {
                    fill(&field, &port);
                }
            }
        }
    }

    /// Chooses the profile that fits.
    fn take_over_profile(facts: &Element) {
        let (Some(before), Some(now)) = (input("field-profile_was"), chosen("profile")) else { return };
        let Some(fitting) = facts.get_attribute("data-profile").filter(|_| is_ours(&now.value(), &before.value())) else { return };
        let radio = document().query_selector(&format!("input[type=radio][name=profile][value=\"{fitting}\"]")).ok().flatten();
        if let Some(radio) = radio.and_then(|radio| radio.dyn_into::<HtmlInputElement>().ok()) {
            before.set_value(&fitting);
            radio.set_checked(true);
            say_changed(&radio);
        }
    }
}
