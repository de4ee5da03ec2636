//! Keeps a part of a page as the server would render it now: hears events, fetches the fragment.

use leptos::prelude::*;

/// Its children are the server's first rendering; `stream` is the event stream, `fragment` where the same part is rendered anew.
#[island]
pub fn Live(stream: String, fragment: String, children: Children) -> impl IntoView {
    #[cfg(feature = "ssr")]
    super::announce();
    let part = NodeRef::<leptos::html::Div>::new();
    #[cfg(feature = "hydrate")]
    Effect::new(move || {
        if let Some(part) = part.get() {
            follow(part.into(), stream.clone(), fragment.clone());
        }
    });
    #[cfg(not(feature = "hydrate"))]
    let _ = (stream, fragment);
    view! { <div node_ref=part class="live" aria-live="polite" aria-relevant="text">{children()}</div> }
}

/// Opens the stream while the page is shown: browsers allow six connections a host.
#[cfg(feature = "hydrate")]
fn follow(part: web_sys::Element, stream: String, fragment: String) {
    use std::{cell::RefCell, rc::Rc};

    use super::browser::listen;

    let open: Rc<RefCell<Option<web_sys::EventSource>>> = Rc::default();
    let connect = {
        let open = open.clone();
        move || {
            let Ok(source) = web_sys::EventSource::new(&stream) else { return };
            let (part, fragment) = (part.clone(), fragment.clone());
            listen(&source, "change", move |_| refresh(part.clone(), fragment.clone()));
            *open.borrow_mut() = Some(source);
        }
    };
    connect();
    listen(&document(), "visibilitychange", move |_| {
        if let Some(source) = open.borrow_mut().take() {
            source.close();
        }
        if !document().hidden() {
            connect();
        }
    });
}

#[cfg(feature = "hydrate")]
fn refresh(part: web_sys::Element, fragment: String) {
    leptos::task::spawn_local(async move {
        if let Some(html) = super::browser::fetch_fragment(&fragment).await
            && part.inner_html() != html
        {
            part.set_inner_html(&html);
        }
    });
}
