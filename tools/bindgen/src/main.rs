//! `bindgen WASM DIRECTORY`: writes the browser half, `slipway.js` and `slipway.wasm`, from what cargo compiled.
//! `bindgen compress DIRECTORY`: writes a `.br` beside each of the two, for the server to hand out as it is.
//!
//! Owns the call of wasm-bindgen's own library, so that its version and that of the `wasm-bindgen` crate stand in one
//! lock file. It never compiles and never optimises; `script/build` does.

use std::{
    env,
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use brotli::enc::BrotliEncoderParams;
use wasm_bindgen_cli_support::Bindgen;

/// The name that the pages ask for: `output-name` of the leptos metadata in Cargo.toml.
const NAME: &str = "slipway";

fn main() -> anyhow::Result<()> {
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    match arguments.as_slice() {
        [command, directory] if command == "compress" => compress(Path::new(directory)),
        [wasm, directory] => bind(Path::new(wasm), Path::new(directory)),
        _ => bail!("usage: bindgen WASM DIRECTORY | bindgen compress DIRECTORY"),
    }
}

fn bind(wasm: &Path, directory: &Path) -> anyhow::Result<()> {
    // What an earlier build compressed is no longer what these files hold.
    for file in outputs(directory) {
        remove_if_there(&compressed(&file))?;
    }
    Bindgen::new()
        .input_path(wasm)
        .out_name(NAME)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(false)
        .generate(directory)
        .with_context(|| format!("no bindings can be made of {}", wasm.display()))?;
    // wasm-bindgen appends `_bg`; the pages of leptos ask for the plain name.
    let made = directory.join(format!("{NAME}_bg.wasm"));
    fs::rename(&made, directory.join(format!("{NAME}.wasm"))).with_context(|| format!("{} can't be renamed", made.display()))
}

fn compress(directory: &Path) -> anyhow::Result<()> {
    for file in outputs(directory) {
        let plain = fs::read(&file).with_context(|| format!("{} can't be read", file.display()))?;
        let best = BrotliEncoderParams { quality: 11, size_hint: plain.len(), ..BrotliEncoderParams::default() };
        let mut small = Vec::new();
        brotli::BrotliCompress(&mut plain.as_slice(), &mut small, &best)?;
        let target = compressed(&file);
        fs::write(&target, small).with_context(|| format!("{} can't be written", target.display()))?;
    }
    Ok(())
}

fn outputs(directory: &Path) -> [PathBuf; 2] {
    ["js", "wasm"].map(|ending| directory.join(format!("{NAME}.{ending}")))
}

/// Where the server looks for the compressed form of a file.
fn compressed(file: &Path) -> PathBuf {
    let mut name = file.to_owned().into_os_string();
    name.push(".br");
    name.into()
}

fn remove_if_there(file: &Path) -> anyhow::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error).with_context(|| format!("{} can't be removed", file.display())),
        _ => Ok(()),
    }
}
