//! Small drawings, inline so that they take the text's colour.

use leptos::prelude::*;

fn drawing(size: &'static str, view_box: &'static str, path: &'static str) -> AnyView {
    view! {
        <svg width=size height=size viewBox=view_box fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">
            <path d=path></path>
        </svg>
    }
    .into_any()
}

/// The product's mark: a ship on its slipway.
pub fn mark() -> AnyView {
    drawing("20", "0 0 20 20", "M2 16.5 18 10.5M5 11.5V5.5h4v4.5M9 8h4v.5")
}

pub fn copy() -> AnyView {
    drawing(
        "14",
        "0 0 16 16",
        "M6.5 5h5A1.5 1.5 0 0 1 13 6.5v5a1.5 1.5 0 0 1-1.5 1.5h-5A1.5 1.5 0 0 1 5 11.5v-5A1.5 1.5 0 0 1 6.5 5ZM3 10.5V4a1 1 0 0 1 1-1h6.5",
    )
}

pub fn check() -> AnyView {
    drawing("16", "0 0 16 16", "M3 8.5 6.5 12 13 4.5")
}

pub fn circle() -> AnyView {
    drawing("16", "0 0 16 16", "M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11Z")
}

pub fn cross() -> AnyView {
    drawing("14", "0 0 16 16", "M3.5 3.5l9 9M12.5 3.5l-9 9")
}

pub fn menu() -> AnyView {
    drawing("18", "0 0 16 16", "M2.5 4h11M2.5 8h11M2.5 12h11")
}

pub fn theme() -> AnyView {
    drawing("16", "0 0 16 16", "M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11ZM8 2.5v11M8 5h3.9M8 8h5.4M8 11h3.9")
}

/// Keeps running and answers.
pub fn service() -> AnyView {
    drawing("18", "0 0 16 16", "M3 3h10v4H3ZM3 9h10v4H3ZM5.5 5h.01M5.5 11h.01M8 5h2.5M8 11h2.5")
}

/// Is opened in a browser.
pub fn window() -> AnyView {
    drawing("18", "0 0 16 16", "M2.5 3h11v10h-11ZM2.5 6h11M4.5 4.5h.01M6.5 4.5h.01")
}

/// Runs at its times.
pub fn clock() -> AnyView {
    drawing("18", "0 0 16 16", "M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11ZM8 5v3.2l2.2 1.4")
}

/// Runs when it is started.
pub fn play() -> AnyView {
    drawing("18", "0 0 16 16", "M5 3.2v9.6L12.5 8Z")
}

/// From one card of the pipeline to the next.
pub fn arrow() -> AnyView {
    drawing("28", "0 0 28 28", "M2 14h23M20 9l5 5-5 5")
}
