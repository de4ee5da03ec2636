//! The first steps of a new organization.

use leptos::prelude::*;

use super::icons;

/// A step, and whether it is done.
pub struct CheckItem {
    pub label: String,
    pub href: String,
    pub done: bool,
}

/// Steps to be done in their order, each leading to its page.
#[component]
pub fn Checklist(#[prop(into)] title: String, items: Vec<CheckItem>) -> impl IntoView {
    let done = items.iter().filter(|item| item.done).count();
    let count = format!("{done} of {} done", items.len());
    let rows = items
        .into_iter()
        .map(|item| {
            if item.done {
                view! { <li class="done">{icons::check()}<span>{item.label}<span class="visually-hidden">" (done)"</span></span></li> }
                    .into_any()
            } else {
                view! { <li>{icons::circle()}<a href=item.href>{item.label}</a></li> }.into_any()
            }
        })
        .collect_view();
    view! {
        <article class="card checklist">
            <header><h2>{title}</h2><small>{count}</small></header>
            <section><ol>{rows}</ol></section>
        </article>
    }
}
