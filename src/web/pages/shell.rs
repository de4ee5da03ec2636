//! The document around every page: head, theme, and the scripts of islands where there are any.

use std::sync::atomic::Ordering;

use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::{MetaTags, provide_meta_context};

use super::Console;
use crate::{
    islands::IslandFlag,
    web::{
        assets::{BASE_SCRIPT_PATH, STYLE_PATH},
        request::Request,
    },
};

/// Renders the document; called once a request.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    provide_meta_context();
    let flag = IslandFlag::default();
    provide_context(flag.clone());
    let nonce = use_nonce();
    let theme =
        Request::current().ok().and_then(|request| request.cookie("theme")).filter(|theme| matches!(theme.as_str(), "light" | "dark"));
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="stylesheet" href=STYLE_PATH.as_str()/>
                <script src=BASE_SCRIPT_PATH.as_str() defer nonce=nonce></script>
                <MetaTags/>
            </head>
            <body>
                <Console/>
                {Suspend::new(async move {
                    // The pages' own futures run first; by now each island has raised the flag.
                    tokio::task::yield_now().await;
                    flag.0.load(Ordering::Relaxed).then(|| view! { <HydrationScripts options islands=true/> })
                })}
            </body>
        </html>
    }
}
