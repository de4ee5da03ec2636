//! Tries a registry without leaving the form, so that a typed password is not lost.

use leptos::prelude::*;

use super::{outcome::Tried, refusal::Refusal};

/// Its child is the plain form's own button; the form around it is sent to `address` as it stands.
#[island]
pub fn TestConnection(address: String, children: Children) -> impl IntoView {
    #[cfg(feature = "ssr")]
    super::announce();
    let answer = RwSignal::new(None::<Result<Tried, Refusal>>);
    let busy = RwSignal::new(false);
    let part = NodeRef::<leptos::html::Div>::new();
    #[cfg(feature = "hydrate")]
    let ask = move |event: leptos::ev::MouseEvent| {
        if !super::browser::is_on_button(&event) {
            return;
        }
        event.prevent_default();
        event.stop_propagation();
        if let (Some(part), false) = (part.get_untracked(), busy.get_untracked()) {
            busy.set(true);
            let address = address.clone();
            leptos::task::spawn_local(async move {
                answer.set(Some(browser_half::ask(&part, &address).await));
                busy.set(false);
                request_animation_frame(move || part.scroll_into_view_with_bool(false));
            });
        }
    };
    #[cfg(not(feature = "hydrate"))]
    let ask = {
        let _ = address;
        |_: leptos::ev::MouseEvent| ()
    };
    view! {
        <div node_ref=part>
            <div on:click=ask>{children()}</div>
            <div class="tried" aria-live="polite">{move || words(busy.get(), answer.get())}</div>
        </div>
    }
}

fn words(busy: bool, answer: Option<Result<Tried, Refusal>>) -> Option<AnyView> {
    match answer {
        _ if busy => Some(view! { <p class="note">"Asking the registry…"</p> }.into_any()),
        Some(Ok(tried)) => Some(super::outcome::outcome(tried)),
        Some(Err(refusal)) => Some(refused(refusal)),
        None => None,
    }
}

/// The problems of the form, each with the way to its field.
fn refused(refusal: Refusal) -> AnyView {
    let rows = refusal
        .problems
        .into_iter()
        .map(|problem| view! { <li><a href=format!("#field-{}", problem.field)>{problem.message}</a></li> })
        .collect_view();
    view! { <div class="note bad outcome"><p>{refusal.message}</p><ul>{rows}</ul></div> }.into_any()
}

#[cfg(feature = "hydrate")]
mod browser_half {
    use leptos::wasm_bindgen::JsCast;
    use web_sys::{Element, HtmlFormElement};

    use super::super::{browser::post_form, outcome::Tried, refusal::Refusal};

    /// Sends the form that the element stands in.
    pub(super) async fn ask(part: &Element, address: &str) -> Result<Tried, Refusal> {
        let form = part.closest("form").ok().flatten().and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
        let answer = match form {
            Some(form) => post_form(&form, address).await,
            None => None,
        };
        let read = answer.and_then(|answer| match answer {
            Ok(text) => serde_json::from_str(&text).ok().map(Ok),
            Err(text) => serde_json::from_str(&text).ok().map(Err),
        });
        read.unwrap_or_else(|| {
            let message = "The console did not answer as expected. Try again.".to_owned();
            Err(Refusal { code: "internal".into(), message, problems: Vec::new() })
        })
    }
}
