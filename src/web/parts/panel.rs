//! A side panel over its page. It has a URL of its own; closing it is a link.

use leptos::prelude::*;

use super::icons;

/// A dialogue at the side of its page; `close` is the page without it.
#[component]
pub fn Panel(#[prop(into)] title: String, #[prop(into)] close: String, children: Children) -> impl IntoView {
    view! {
        <a class="veil" href=close.clone() tabindex="-1" aria-hidden="true"></a>
        <div class="panel" role="dialog" aria-labelledby="panel-title">
            <header><h2 id="panel-title" tabindex="-1" data-focus="">{title}</h2><a class="icon" href=close aria-label="Close">{icons::cross()}</a></header>
            {children()}
        </div>
    }
}
