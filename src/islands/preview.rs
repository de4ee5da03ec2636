//! Says below some fields of a form what stands in them, while one types and in the words of the server.

use leptos::prelude::*;

/// Asks `fragment` with the values of `fields` whenever one of them changes, and shows its answer. Its children are what the
/// server said of the values that the page came with.
#[island]
pub fn Preview(fragment: String, fields: Vec<String>, children: Children) -> impl IntoView {
    #[cfg(feature = "ssr")]
    super::announce();
    let part = NodeRef::<leptos::html::Div>::new();
    #[cfg(feature = "hydrate")]
    Effect::new(move || {
        if let Some(part) = part.get() {
            browser_half::watch(part.into(), fragment.clone(), fields.clone());
        }
    });
    #[cfg(not(feature = "hydrate"))]
    let _ = (fragment, fields);
    view! { <div node_ref=part class="live-preview" data-preview="" aria-live="polite">{children()}</div> }
}

#[cfg(feature = "hydrate")]
mod browser_half {
    use std::{cell::Cell, rc::Rc, time::Duration};

    use leptos::prelude::set_timeout;
    use web_sys::Element;

    use super::super::browser::{fetch_fragment, field_of, forget_problem, input, listen, with_typed};

    /// After the last key, before asking.
    const PAUSE: Duration = Duration::from_millis(250);

    pub(super) fn watch(place: Element, fragment: String, fields: Vec<String>) {
        let Ok(Some(form)) = place.closest("form") else { return };
        // Counts changes: an answer to an older one is late.
        let turn = Rc::new(Cell::new(0_u32));
        listen(&form, "input", move |event| {
            if !field_of(&event).is_some_and(|name| fields.contains(&name)) {
                return;
            }
            turn.set(turn.get() + 1);
            let (asked, turn, place) = (turn.get(), turn.clone(), place.clone());
            let (fragment, fields) = (fragment.clone(), fields.clone());
            set_timeout(
                move || {
                    if turn.get() == asked {
                        leptos::task::spawn_local(async move {
                            // Without an answer nothing is said: what was said is of an older text.
                            let html = fetch_fragment(&with_typed(&fragment, &fields)).await.unwrap_or_default();
                            if turn.get() == asked {
                                show(&place, &html);
                            }
                        });
                    }
                },
                PAUSE,
            );
        });
    }

    /// An answer may name the field that it is about, and say what that would become if it stays empty: this stands in the field
    /// itself. What the page came with is said of an older text.
    fn show(place: &Element, html: &str) {
        place.set_inner_html(html);
        let Ok(Some(said)) = place.query_selector("[data-field]") else { return };
        let name = said.get_attribute("data-field").unwrap_or_default();
        forget_problem(&name);
        if let Some(input) = input(&format!("field-{name}")) {
            input.set_placeholder(&said.get_attribute("data-placeholder").unwrap_or_default());
        }
    }
}
