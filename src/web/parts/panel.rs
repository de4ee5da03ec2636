//! A side panel over its page. It has a URL of its own; closing it is a link. Give it to [`super::Frame`] as its `panel`, so
//! that nothing behind it can be reached while it is open.

use leptos::prelude::*;

use super::icons;

/// A dialogue at the side of its page; `close` is the page without it.
#[component]
pub fn Panel(
    #[prop(into)] title: String,
    #[prop(into)] close: String,
    /// Wide enough for two columns.
    #[prop(optional)]
    roomy: bool,
    children: Children,
) -> impl IntoView {
    let class = if roomy { "panel roomy" } else { "panel" };
    view! {
        <a class="veil" href=close.clone() tabindex="-1" aria-hidden="true"></a>
        <div class=class role="dialog" aria-modal="true" aria-labelledby="panel-title">
            <header><h2 id="panel-title" tabindex="-1" data-focus="">{title}</h2><a class="icon" href=close aria-label="Close">{icons::cross()}</a></header>
            {children()}
        </div>
    }
}
