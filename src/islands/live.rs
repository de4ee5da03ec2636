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
    use super::browser::listen;

    let live = browser_half::Stream::new(part, stream, fragment);
    live.open();
    listen(&document(), "visibilitychange", move |_| {
        live.close();
        if !document().hidden() {
            live.open();
        }
    });
}

#[cfg(feature = "hydrate")]
mod browser_half {
    use std::{
        cell::{Cell, RefCell},
        rc::Rc,
        time::Duration,
    };

    use leptos::{
        prelude::{document, set_timeout},
        wasm_bindgen::JsCast,
    };
    use web_sys::{Element, EventSource, HtmlElement, Node};

    use super::super::browser::{fetch_fragment, listen};

    /// Before a stream that the server refused is opened again.
    const AGAIN: Duration = Duration::from_secs(3);

    /// The event stream of a part of the page.
    #[derive(Clone)]
    pub(super) struct Stream(Rc<Parts>);

    struct Parts {
        part: Element,
        stream: String,
        fragment: String,
        source: RefCell<Option<EventSource>>,
        /// Counts the fragments asked for: a late answer is not shown over a newer one.
        asked: Cell<u32>,
        /// What was followed is over: nothing more will come.
        ended: Cell<bool>,
    }

    impl Stream {
        pub(super) fn new(part: Element, stream: String, fragment: String) -> Self {
            Self(Rc::new(Parts { part, stream, fragment, source: RefCell::default(), asked: Cell::default(), ended: Cell::default() }))
        }

        pub(super) fn open(&self) {
            if self.0.ended.get() {
                return;
            }
            let Ok(source) = EventSource::new(&self.0.stream) else { return };
            let live = self.clone();
            listen(&source, "change", move |_| live.refresh());
            let live = self.clone();
            listen(&source, "error", move |_| live.reopen_if_closed());
            *self.0.source.borrow_mut() = Some(source);
        }

        pub(super) fn close(&self) {
            if let Some(source) = self.0.source.borrow_mut().take() {
                source.close();
            }
        }

        /// A broken connection is opened again by the browser; one that was refused is not.
        fn reopen_if_closed(&self) {
            let closed = self.0.source.borrow().as_ref().is_some_and(|source| source.ready_state() == EventSource::CLOSED);
            if closed {
                self.close();
                let live = self.clone();
                set_timeout(
                    move || {
                        if live.0.source.borrow().is_none() && !document().hidden() {
                            live.refresh(); // what was followed may be gone, which only the fragment says
                            live.open();
                        }
                    },
                    AGAIN,
                );
            }
        }

        fn end_if_over(&self) {
            if let Ok(Some(_)) = self.0.part.query_selector("[data-ended]") {
                self.0.ended.set(true);
                self.close();
            }
        }

        fn refresh(&self) {
            let number = self.0.asked.get() + 1;
            self.0.asked.set(number);
            let live = self.clone();
            leptos::task::spawn_local(async move {
                let html = fetch_fragment(&live.0.fragment).await;
                if let (Some(html), true) = (html, live.0.asked.get() == number) {
                    replace(&live.0.part, &html);
                    live.end_if_over();
                }
            });
        }
    }

    /// Shows new HTML where it differs; what was unfolded stays so, and the focus stays where it was.
    fn replace(part: &Element, html: &str) -> Option<()> {
        let next = document().create_element("div").ok()?;
        next.set_inner_html(html);
        keep_unfolded(part, &next);
        let focused = document().active_element().filter(|element| part.contains(Some(element)));
        let at = focused.as_ref().and_then(|element| place(part, element));
        bring_children(part, &next);
        if focused.is_some_and(|element| !part.contains(Some(&element))) {
            part.query_selector_all(FOCUSABLE).ok()?.get(at?)?.dyn_into::<HtmlElement>().ok()?.focus().ok()?;
        }
        Some(())
    }

    /// What is unfolded stays so, found again by its id.
    fn keep_unfolded(part: &Element, next: &Element) -> Option<()> {
        let open = part.query_selector_all("details[open]").ok()?;
        let folded = next.query_selector_all("details").ok()?;
        let elements =
            |list: &web_sys::NodeList| (0..list.length()).filter_map(|at| list.get(at)?.dyn_into::<Element>().ok()).collect::<Vec<_>>();
        for was in elements(&open) {
            if let Some(details) = elements(&folded).into_iter().find(|details| details.id() == was.id()) {
                let _ = details.set_attribute("open", "");
            }
        }
        Some(())
    }

    /// Makes `shown` say what `next` says. What is the same in both is not touched: it would be announced once more.
    fn bring(shown: &Node, next: &Node) {
        if shown.is_equal_node(Some(next)) {
            return;
        }
        let same_shell = match (shown.clone_node(), next.clone_node()) {
            (Ok(shell), Ok(new)) => shell.is_equal_node(Some(&new)),
            _ => false,
        };
        if same_shell {
            bring_children(shown, next);
        } else if let (Some(parent), Ok(copy)) = (shown.parent_node(), next.clone_node_with_deep(true)) {
            let _ = parent.replace_child(&copy, shown);
        }
    }

    /// Child by child where there are as many; else all of them.
    fn bring_children(shown: &Node, next: &Node) {
        let (old, new) = (shown.child_nodes(), next.child_nodes());
        if old.length() != new.length() {
            while let Some(child) = shown.first_child() {
                let _ = shown.remove_child(&child);
            }
            while let Some(child) = next.first_child() {
                let _ = shown.append_child(&child);
            }
            return;
        }
        for index in 0..old.length() {
            if let (Some(old), Some(new)) = (old.get(index), new.get(index)) {
                bring(&old, &new);
            }
        }
    }

    const FOCUSABLE: &str = "a, button, summary, [tabindex]";

    /// Which of the focusable elements it is.
    fn place(part: &Element, element: &Element) -> Option<u32> {
        let all = part.query_selector_all(FOCUSABLE).ok()?;
        (0..all.length()).find(|index| all.get(*index).is_some_and(|node| node.is_same_node(Some(element))))
    }
}
