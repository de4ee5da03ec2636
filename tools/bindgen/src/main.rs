//! `bindgen WASM DIRECTORY`: writes the browser half, `slipway.js` and `slipway.wasm`, from what cargo compiled.
//!
//! Owns the call of wasm-bindgen's own library, so that its version and that of the `wasm-bindgen` crate stand in one
//! lock file. It never compiles and never optimises; `script/build` does.

use std::{env, ffi::OsString, fs, path::PathBuf};

use anyhow::{Context as _, bail};
use wasm_bindgen_cli_support::Bindgen;

/// The name that the pages ask for: `output-name` of the leptos metadata in Cargo.toml.
const NAME: &str = "slipway";

fn main() -> anyhow::Result<()> {
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    let [wasm, directory] = arguments.as_slice() else { bail!("usage: bindgen WASM DIRECTORY") };
    let directory = PathBuf::from(directory);
    Bindgen::new()
        .input_path(wasm)
        .out_name(NAME)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(false)
        .generate(&directory)
        .with_context(|| format!("no bindings can be made of {}", wasm.display()))?;
    // wasm-bindgen appends `_bg`; the pages of leptos ask for the plain name.
    let made = directory.join(format!("{NAME}_bg.wasm"));
    fs::rename(&made, directory.join(format!("{NAME}.wasm"))).with_context(|| format!("{} can't be renamed", made.display()))
}
