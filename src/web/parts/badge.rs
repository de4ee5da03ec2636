//! Status as a word, a colour and a shape; never colour alone.

use leptos::prelude::*;

use crate::domain::deployments::State;

/// What a badge feels like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Good,
    Warn,
    Bad,
    Moving,
    Neutral,
}

/// One word in a coloured frame.
#[component]
pub fn Badge(tone: Tone, children: Children) -> impl IntoView {
    let class = match tone {
        Tone::Good => "badge good",
        Tone::Warn => "badge warn",
        Tone::Bad => "badge bad",
        Tone::Moving => "badge moving",
        Tone::Neutral => "badge",
    };
    view! { <span class=class>{children()}</span> }
}

/// The state of a deployment.
#[component]
pub fn StateBadge(state: State) -> impl IntoView {
    let tone = match state {
        State::Active => Tone::Good,
        State::Failed => Tone::Bad,
        state if state.is_open() => Tone::Moving,
        _ => Tone::Neutral,
    };
    view! { <Badge tone=tone>{state.label()}</Badge> }
}

/// Stands on every page that shows the state of the simulated data plane.
#[component]
pub fn SimulatedNote() -> impl IntoView {
    view! { <p class="note warn simulated">"Simulated data plane: images are looked up in the real registry, but nothing runs on a cluster."</p> }
}
