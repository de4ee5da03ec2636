//! The few things that islands ask of the browser.

use leptos::{
    prelude::document,
    wasm_bindgen::{JsCast, JsValue, closure::Closure},
};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, Event, EventInit, FormData, HtmlFormElement, HtmlInputElement, Request, RequestInit, Response};

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
    post(path, &fields).await
}

/// The same with a body: a form or its fields.
pub async fn post(path: &str, body: &JsValue) -> Option<Result<String, String>> {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(body);
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

/// What stands in a field of a form, by its name: the chosen one of radio buttons, else the value of `field-<name>`.
pub fn typed(name: &str) -> String {
    match chosen(name) {
        Some(radio) => radio.value(),
        None => value(&format!("field-{name}")),
    }
}

/// The radio button of a name that is chosen.
pub fn chosen(name: &str) -> Option<HtmlInputElement> {
    document().query_selector(&format!("input[type=radio][name=\"{name}\"]:checked")).ok().flatten()?.dyn_into().ok()
}

/// A path with what stands in these fields as its query.
pub fn with_typed(path: &str, fields: &[String]) -> String {
    let pairs: Vec<_> = fields.iter().map(|name| format!("{name}={}", encode(&typed(name)))).collect();
    format!("{path}?{}", pairs.join("&"))
}

/// The name of the field that an event comes from.
pub fn field_of(event: &Event) -> Option<String> {
    event.target()?.dyn_into::<Element>().ok()?.get_attribute("name")
}

/// An input by the id of its field.
pub fn input(id: &str) -> Option<HtmlInputElement> {
    element(id)?.dyn_into().ok()
}

/// Fills an input, and says so to who listens to it or to its form.
pub fn fill(input: &HtmlInputElement, text: &str) {
    input.set_value(text);
    say_changed(input);
}

/// Says that a field was changed, as a browser does when a person changes it.
pub fn say_changed(field: &Element) {
    let bubbles = EventInit::new();
    bubbles.set_bubbles(true);
    if let Ok(event) = Event::new_with_event_init_dict("input", &bubbles) {
        let _ = field.dispatch_event(&event);
    }
}

/// Shows an answer in its place, but for its one sentence, which goes where it is announced.
pub fn show_answer(said: &Element, place: &Element, html: &str) {
    place.set_inner_html(html);
    said.set_inner_html("");
    if let Ok(Some(sentence)) = place.query_selector("[data-sentence]") {
        let _ = said.append_child(&sentence);
    }
}

/// Takes away what is said to be wrong with a field: it was said of an older text. The problem is removed rather than hidden,
/// as a field's description is read out even where it is hidden.
pub fn forget_problem(name: &str) {
    let Some(problem) = element(&format!("problem-{name}")) else { return };
    if let Ok(Some(around)) = problem.closest(".wrong") {
        let _ = around.class_list().remove_1("wrong");
    }
    if let Some(field) = element(&format!("field-{name}")) {
        let _ = field.remove_attribute("aria-invalid");
    }
    problem.remove();
}

/// Calls `run` for every event of that name; the closure lives as long as the page.
pub fn listen(target: &web_sys::EventTarget, event: &str, run: impl FnMut(Event) + 'static) {
    let closure = Closure::<dyn FnMut(Event)>::new(run);
    let _ = target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    closure.forget();
}

/// Whether an event comes from a button, rather than from what is around it.
pub fn is_on_button(event: &Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.and_then(|target| target.closest("button").ok().flatten()).is_some()
}

/// Makes a value safe inside a query string.
pub fn encode(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}
