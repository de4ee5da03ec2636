//! What browsers keep: stylesheet, scripts, the browser half, and the files of `public/`.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use slipway::web::assets::{BASE_SCRIPT_PATH, PACKAGE_NAME, STYLE_PATH};

use crate::support::{Answer, TestApp, sources};

const FOR_EVER: &str = "public, max-age=31536000, immutable";

async fn compressed(app: &TestApp, path: &str) -> Answer {
    let request = Request::get(path).header(header::ACCEPT_ENCODING, "gzip, br").body(Body::empty()).unwrap();
    app.client().send(request).await.is(StatusCode::OK)
}

fn unpacked(answer: &Answer) -> Vec<u8> {
    let mut plain = Vec::new();
    brotli::BrotliDecompress(&mut &answer.body[..], &mut plain).unwrap();
    plain
}

#[tokio::test]
async fn packaged_files_are_kept_for_ever_and_sent_small() {
    let app = TestApp::new().await;
    let script = format!("/pkg/{}.js", *PACKAGE_NAME);
    for (path, kind) in [(STYLE_PATH.as_str(), "text/css"), (BASE_SCRIPT_PATH.as_str(), "text/javascript"), (&script, "text/javascript")] {
        let plain = app.client().get(path).await.is(StatusCode::OK);
        assert!(plain.header("content-type").starts_with(kind), "{path}");
        assert_eq!((plain.header("cache-control"), plain.header("content-encoding")), (FOR_EVER, ""), "{path}");
        let small = compressed(&app, path).await;
        assert_eq!((small.header("cache-control"), small.header("content-encoding")), (FOR_EVER, "br"), "{path}");
        assert_eq!(small.header("vary"), "accept-encoding", "{path}");
        assert!(small.body.len() < plain.body.len(), "{path}");
        assert_eq!(unpacked(&small), plain.body, "{path}");
    }
}

/// Every page waits for it, so it stays as small as it was meant to be.
#[tokio::test]
async fn the_script_of_every_page_is_small() {
    let script = TestApp::new().await.client().get(BASE_SCRIPT_PATH.as_str()).await.is(StatusCode::OK);
    assert!(script.body.len() <= 2_200, "{} bytes", script.body.len());
}

#[tokio::test]
async fn webassembly_is_sent_as_the_build_compressed_it() {
    let app = TestApp::new().await;
    let path = format!("/pkg/{}.wasm", *PACKAGE_NAME);
    let plain = app.client().get(&path).await.is(StatusCode::OK);
    assert_eq!((plain.header("content-type"), plain.header("cache-control")), ("application/wasm", FOR_EVER));
    let sent = compressed(&app, &path).await;
    // A development build leaves the slow compression out, and no layer makes up for it.
    if sources::exists("target/site/pkg/slipway.wasm.br") {
        assert_eq!((sent.header("content-encoding"), unpacked(&sent)), ("br", plain.body.to_vec()));
    } else {
        assert_eq!((sent.header("content-encoding"), &sent.body), ("", &plain.body));
    }
}

#[tokio::test]
async fn a_name_of_another_version_is_not_there() {
    let app = TestApp::new().await;
    for name in ["slipway.js", "slipway.0000000000000000.js", "style.css", "style.0000000000000000.css", "..%2f..%2fCargo.toml", "slipway."]
    {
        app.client().get(&format!("/pkg/{name}")).await.is(StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn pages_are_sent_small() {
    let app = TestApp::new().await;
    let page = compressed(&app, "/setup").await;
    assert_eq!(page.header("content-encoding"), "br");
    assert!(String::from_utf8(unpacked(&page)).unwrap().contains("Setup code"));
}

#[tokio::test]
async fn public_files_lie_at_the_root() {
    let (app, _) = TestApp::set_up().await;
    for (path, kind) in [("/favicon.svg", "image/svg+xml"), ("/robots.txt", "text/plain")] {
        let file = app.client().get(path).await.is(StatusCode::OK);
        assert!(file.header("content-type").starts_with(kind), "{path}: {}", file.header("content-type"));
        assert_eq!(file.header("cache-control"), "public, max-age=86400", "{path}");
    }
}
