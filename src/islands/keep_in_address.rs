//! Keeps what is typed into a form in the page's address, so that Back and reload lose nothing.

use leptos::prelude::*;

/// Stands in a form that is sent by GET to where its page is.
#[island]
pub fn KeepInAddress() -> impl IntoView {
    #[cfg(feature = "ssr")]
    super::announce();
    let part = NodeRef::<leptos::html::Span>::new();
    #[cfg(feature = "hydrate")]
    Effect::new(move || {
        if let Some(part) = part.get() {
            browser_half::start(&part);
        }
    });
    view! { <span node_ref=part hidden=true></span> }
}

#[cfg(feature = "hydrate")]
mod browser_half {
    use std::{cell::Cell, rc::Rc, time::Duration};

    use leptos::{
        prelude::set_timeout,
        wasm_bindgen::{JsCast, JsValue},
    };
    use web_sys::{Element, FormData, HtmlFormElement, UrlSearchParams};

    use super::super::browser::listen;

    /// After the last key: browsers allow only so many changes of an address.
    const PAUSE: Duration = Duration::from_millis(300);

    pub(super) fn start(part: &Element) {
        let form = part.closest("form").ok().flatten().and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
        let Some(form) = form else { return };
        let turn = Rc::new(Cell::new(0_u32));
        let (of_keys, typed) = (turn.clone(), form.clone());
        listen(&form, "input", move |_| {
            of_keys.set(of_keys.get() + 1);
            let (asked, turn, form) = (of_keys.get(), of_keys.clone(), typed.clone());
            set_timeout(
                move || {
                    if turn.get() == asked {
                        keep(&form);
                    }
                },
                PAUSE,
            );
        });
        // A field that is left: the next thing may be a click on a link.
        let left = form.clone();
        listen(&form, "change", move |_| {
            turn.set(turn.get() + 1);
            keep(&left);
        });
    }

    fn keep(form: &HtmlFormElement) -> Option<()> {
        let fields = FormData::new_with_form(form).ok()?;
        let query = UrlSearchParams::new_with_str_sequence_sequence(&fields).ok()?.to_string().as_string()?;
        let window = web_sys::window()?;
        let address = format!("{}?{query}", window.location().pathname().ok()?);
        window.history().ok()?.replace_state_with_url(&JsValue::NULL, "", Some(&address)).ok()
    }
}
