//! Keeps what is typed into a form in the page's address, so that Back and reload lose nothing. What was said to be wrong with
//! a field goes as soon as something else stands in it.

use leptos::prelude::*;

/// Stands in a form. `page` is the form's own page, which takes the fields as its query: where the form came back with
/// problems, that is another one than the page that is shown.
#[island]
pub fn KeepInAddress(page: String) -> impl IntoView {
    #[cfg(feature = "ssr")]
    super::announce();
    let part = NodeRef::<leptos::html::Span>::new();
    #[cfg(feature = "hydrate")]
    Effect::new(move || {
        if let Some(part) = part.get() {
            browser_half::start(&part, &page);
        }
    });
    #[cfg(not(feature = "hydrate"))]
    let _ = page;
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

    use super::super::browser::{field_of, forget_problem, listen};

    /// After the last key: browsers allow only so many changes of an address.
    const PAUSE: Duration = Duration::from_millis(300);

    pub(super) fn start(part: &Element, page: &str) {
        let form = part.closest("form").ok().flatten().and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
        let Some(form) = form else { return };
        let turn = Rc::new(Cell::new(0_u32));
        let (of_keys, typed, path) = (turn.clone(), form.clone(), page.to_owned());
        listen(&form, "input", move |event| {
            if let Some(name) = field_of(&event) {
                forget_problem(&name);
            }
            of_keys.set(of_keys.get() + 1);
            let (asked, turn, form, path) = (of_keys.get(), of_keys.clone(), typed.clone(), path.clone());
            set_timeout(
                move || {
                    if turn.get() == asked {
                        keep(&form, &path);
                    }
                },
                PAUSE,
            );
        });
        // A field that is left: the next thing may be a click on a link.
        let (left, path) = (form.clone(), page.to_owned());
        listen(&form, "change", move |_| {
            turn.set(turn.get() + 1);
            keep(&left, &path);
        });
    }

    fn keep(form: &HtmlFormElement, page: &str) -> Option<()> {
        let fields = FormData::new_with_form(form).ok()?;
        let query = UrlSearchParams::new_with_str_sequence_sequence(&fields).ok()?.to_string().as_string()?;
        let address = format!("{page}?{query}");
        web_sys::window()?.history().ok()?.replace_state_with_url(&JsValue::NULL, "", Some(&address)).ok()
    }
}
