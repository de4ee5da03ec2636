//! The few things that islands ask of the browser.

use leptos::{
    prelude::document,
    wasm_bindgen::{JsCast, JsValue, closure::Closure},
};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, FormData, HtmlFormElement, HtmlInputElement, Request, RequestInit, Response};

/// The HTML of a fragment; `None` if it can't be had, for the page stays as it is then.
pub async fn fetch_fragment(path: &str) -> Option<String> {
    let init = RequestInit::new();
    let request = Request::new_with_str_and_init(path, &init).ok()?;
    let window = web_sys::window()?;
    let response: Response = JsFuture::from(window.fetch_with_request(&request)).await.ok()?.dyn_into().ok()?;
    if !response.ok() {
        return None;
    }
    JsFuture::from(response.text().ok()?).await.ok()?.as_string()
}

/// Sends a form as it stands, files too. The text of the answer: `Ok` if it went well, `Err` if it was refused, `None` if there
/// was no answer.
pub async fn post_form(form: &HtmlFormElement, path: &str) -> Option<Result<String, String>> {
    let fields = FormData::new_with_form(form).ok()?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&fields);
    let request = Request::new_with_str_and_init(path, &init).ok()?;
    request.headers().set("Accept", "application/json").ok()?;
    let response: Response = JsFuture::from(web_sys::window()?.fetch_with_request(&request)).await.ok()?.dyn_into().ok()?;
    let text = JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
    Some(if response.ok() { Ok(text) } else { Err(text) })
}

/// The element of an id.
pub fn element(id: &str) -> Option<Element> {
    document().get_element_by_id(id)
}

/// Value of an input or select.
pub fn value(id: &str) -> String {
    let Some(element) = element(id) else { return String::new() };
    js_sys::Reflect::get(&element, &JsValue::from_str("value")).ok().and_then(|value| value.as_string()).unwrap_or_default()
}

/// Fills an input that is still empty.
pub fn fill_if_empty(id: &str, text: &str) {
    if let Some(input) = element(id).and_then(|element| element.dyn_into::<HtmlInputElement>().ok())
        && input.value().is_empty()
    {
        input.set_value(text);
    }
}

/// Calls `run` for every event of that name; the closure lives as long as the page.
pub fn listen(target: &web_sys::EventTarget, event: &str, run: impl FnMut(web_sys::Event) + 'static) {
    let closure = Closure::<dyn FnMut(web_sys::Event)>::new(run);
    let _ = target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    closure.forget();
}

/// Whether an event comes from a button, rather than from what is around it.
pub fn is_on_button(event: &web_sys::Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.and_then(|target| target.closest("button").ok().flatten()).is_some()
}

/// Makes a value safe inside a query string.
pub fn encode(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}
