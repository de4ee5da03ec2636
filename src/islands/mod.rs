//! Islands: the only code that is compiled to WebAssembly, with its own small serde types.
//! Pages work without them; they save a reload.

#[cfg(feature = "hydrate")]
mod browser;
mod image_input;
mod inspection;
mod keep_in_address;
mod later;
mod live;
pub mod outcome;
mod preview;
pub mod refusal;
mod tag_picker;
mod test_connection;
mod yaml_editor;
pub mod yaml_tokens;

pub use self::{
    image_input::ImageInput,
    inspection::{Inspection, is_ours},
    keep_in_address::KeepInAddress,
    later::Later,
    live::Live,
    outcome::{Step, StepState, Tried},
    preview::Preview,
    tag_picker::TagPicker,
    test_connection::TestConnection,
    yaml_editor::YamlEditor,
};

/// Says on the server that the page has an island, so that the shell sends the scripts.
#[cfg(feature = "ssr")]
fn announce() {
    if let Some(flag) = leptos::prelude::use_context::<IslandFlag>() {
        flag.0.store(true, std::sync::atomic::Ordering::Relaxed);
    }
}

/// Whether the page being rendered has an island.
#[cfg(feature = "ssr")]
#[derive(Clone, Default)]
pub struct IslandFlag(pub std::sync::Arc<std::sync::atomic::AtomicBool>);
