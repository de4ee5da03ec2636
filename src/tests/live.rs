//! `/live/components/{id}`: what a live page hears.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Request, StatusCode},
    response::Response,
};
use futures::StreamExt as _;

use crate::support::{Acme, Client, TestApp};

async fn listen(client: &mut Client, path: &str) -> Response {
    client.open(Request::get(path).body(Body::empty()).unwrap()).await
}

/// What the stream says until it has said `wanted`, for at most half a minute.
async fn hear(response: Response, wanted: impl Fn(&str) -> bool) -> String {
    let mut said = String::new();
    let mut stream = response.into_body().into_data_stream();
    let hearing = async {
        while !wanted(&said) {
            let Some(bytes) = stream.next().await else { panic!("the stream ended after {said:?}") };
            said.push_str(std::str::from_utf8(&bytes.unwrap()).unwrap());
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(30), hearing).await.is_ok(), "heard only {said:?}");
    said
}

#[tokio::test]
async fn an_event_comes_when_a_deployment_changes() {
    let (app, mut client) = TestApp::set_up().await;
    let acme = Acme::furnish(&app, &mut client).await;
    let response = listen(&mut client, &format!("/live/components/{}", acme.component)).await;
    assert_eq!((response.status(), &response.headers()["content-type"]), (StatusCode::OK, &"text/event-stream".parse().unwrap()));
    app.start_worker();
    let said = hear(response, |said| said.contains("id: ")).await;
    assert!(said.starts_with("event: change\ndata: 0\n\n"), "one at once, for what was missed: {said:?}");
}

#[tokio::test]
async fn a_stream_ends_when_the_server_stops() {
    let (app, mut client) = TestApp::set_up().await;
    let acme = Acme::furnish(&app, &mut client).await;
    let response = listen(&mut client, &format!("/live/components/{}", acme.component)).await;
    app.app.shutdown.cancel();
    let rest = axum::body::to_bytes(response.into_body(), 10_000);
    assert!(tokio::time::timeout(Duration::from_secs(30), rest).await.is_ok(), "the stream goes on");
}

#[tokio::test]
async fn other_organizations_components_are_silent() {
    let (app, mut client) = TestApp::set_up().await;
    let acme = Acme::furnish(&app, &mut client).await;
    let path = format!("/live/components/{}", acme.component);
    let mut stranger = app.stranger().await;
    stranger.get(&path).await.is(StatusCode::NOT_FOUND);
    stranger.get("/live/components/00000000-0000-0000-0000-000000000000").await.is(StatusCode::NOT_FOUND);
    app.client().get(&path).await.is(StatusCode::UNAUTHORIZED);
}
