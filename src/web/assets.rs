//! What the binary carries: the browser half, the stylesheet, `public/` and the guide. Names under `/pkg` carry a hash of
//! their content, so that browsers keep them for ever.

use std::{borrow::Cow, sync::LazyLock};

use axum::{
    extract::Path,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

/// JavaScript and WebAssembly, each also compressed (`.br`, `.gz`), as `script/build` leaves them.
#[derive(RustEmbed)]
#[folder = "target/site/pkg"]
#[allow_missing = true]
struct Package;

#[derive(RustEmbed)]
#[folder = "public"]
struct Public;

/// The guide's pages.
#[derive(RustEmbed)]
#[folder = "docs/guide"]
pub struct Guide;

const STYLE: &str = concat!(
    include_str!("../../style/tokens.css"),
    include_str!("../../style/base.css"),
    include_str!("../../style/layout.css"),
    include_str!("../../style/parts.css"),
    include_str!("../../style/pages.css"),
);

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");

/// Name of the browser half without ending: `slipway.<hash>`.
pub static PACKAGE_NAME: LazyLock<String> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    for name in ["slipway.js", "slipway.wasm"] {
        hash.update(Package::get(name).map(|file| file.data).unwrap_or_default());
    }
    format!("slipway.{}", short(&hash.finalize()))
});

/// Path of the stylesheet.
pub static STYLE_PATH: LazyLock<String> = LazyLock::new(|| format!("/pkg/style.{}.css", short(&Sha256::digest(STYLE))));

/// Path of the script that every page has.
pub static BASE_SCRIPT_PATH: LazyLock<String> =
    LazyLock::new(|| format!("/pkg/base.{}.js", short(&Sha256::digest(Public::get("base.js").map(|file| file.data).unwrap_or_default()))));

static STYLE_BROTLI: LazyLock<Vec<u8>> = LazyLock::new(|| brotli_of(STYLE.as_bytes()));
static BASE_BROTLI: LazyLock<Vec<u8>> = LazyLock::new(|| brotli_of(&Public::get("base.js").map(|file| file.data).unwrap_or_default()));

fn short(hash: &[u8]) -> String {
    hex::encode(&hash[..8])
}

fn brotli_of(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let params = brotli::enc::BrotliEncoderParams { quality: 9, ..Default::default() };
    match brotli::BrotliCompress(&mut &*data, &mut out, &params) {
        Ok(_) => out,
        Err(_) => Vec::new(),
    }
}

/// `GET /pkg/{file}`
pub async fn package(Path(file): Path<String>, headers: HeaderMap) -> Response {
    let path = format!("/pkg/{file}");
    if path == *STYLE_PATH {
        return compressed(&headers, "text/css; charset=utf-8", STYLE.as_bytes().into(), &STYLE_BROTLI);
    }
    if path == *BASE_SCRIPT_PATH {
        let data = Public::get("base.js").map(|file| file.data).unwrap_or_default();
        return compressed(&headers, "text/javascript; charset=utf-8", data, &BASE_BROTLI);
    }
    let Some(ending) = file.strip_prefix(PACKAGE_NAME.as_str()) else { return StatusCode::NOT_FOUND.into_response() };
    // leptos asks for `_bg.wasm` unless it was compiled with LEPTOS_OUTPUT_NAME
    let (name, kind) = match ending {
        ".js" => ("slipway.js", "text/javascript; charset=utf-8"),
        ".wasm" | "_bg.wasm" => ("slipway.wasm", "application/wasm"),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let Some(plain) = Package::get(name) else { return StatusCode::NOT_FOUND.into_response() };
    let brotli = Package::get(&format!("{name}.br")).map(|file| file.data).unwrap_or_default();
    compressed(&headers, kind, plain.data, &brotli)
}

fn compressed(headers: &HeaderMap, kind: &'static str, plain: Cow<'static, [u8]>, brotli: &[u8]) -> Response {
    let accepts = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).is_some_and(|value| value.contains("br"));
    let common: [(HeaderName, HeaderValue); 3] = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, FOR_EVER),
        (header::VARY, HeaderValue::from_static("accept-encoding")),
    ];
    if accepts && !brotli.is_empty() {
        return (common, [(header::CONTENT_ENCODING, "br")], brotli.to_vec()).into_response();
    }
    (common, plain.into_owned()).into_response()
}

/// A file of `public/`, by its path at the root; `None` if there is none.
pub fn public(path: &str) -> Option<Response> {
    let file = Public::get(path.trim_start_matches('/'))?;
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let kind = HeaderValue::from_str(kind.as_ref()).ok()?;
    Some(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, A_DAY)], file.data.into_owned()).into_response())
}
