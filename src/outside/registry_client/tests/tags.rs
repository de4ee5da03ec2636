//! Tag lists and their pages.

use wiremock::matchers::{query_param, query_param_is_missing};

use super::*;

const TAGS: &str = "/v2/a/b/tags/list";

/// Two pages: `1`, `2`, then `3`; the first names the second by `link`.
async fn paged(fake: &Fake, link: &str) {
    let first = tag_list(&["1", "2"]).insert_header("link", format!("<{link}>; rel=\"next\""));
    Mock::given(path(TAGS)).and(query_param_is_missing("last")).respond_with(first).mount(&fake.server).await;
    Mock::given(path(TAGS)).and(query_param("last", "2")).respond_with(tag_list(&["3"])).mount(&fake.server).await;
}

#[tokio::test]
async fn pages_are_followed_up_to_the_limit() {
    let fake = Fake::start().await;
    paged(&fake, "/v2/a/b/tags/list?n=2&last=2").await;
    let client = client(&[&fake]);
    for (limit, expected, requests) in [(10, vec!["1", "2", "3"], 2), (2, vec!["1", "2"], 3), (1, vec!["1"], 4)] {
        assert_eq!(client.tags(&access(&fake, None), "a/b", limit).await.unwrap().tags, expected);
        assert_eq!(fake.count(TAGS).await, requests);
    }
    assert_eq!(fake.requests().await[0].url.query(), Some("n=10"));
}

#[tokio::test]
async fn an_absolute_next_page_of_the_same_origin_is_followed() {
    let fake = Fake::start().await;
    paged(&fake, &fake.url("/v2/a/b/tags/list?last=2")).await;
    assert_eq!(client(&[&fake]).tags(&access(&fake, None), "a/b", 10).await.unwrap().tags, ["1", "2", "3"]);
}

#[tokio::test]
async fn a_next_page_on_another_host_is_refused() {
    let (fake, other) = (Fake::start().await, Fake::start().await);
    paged(&fake, &other.url("/v2/a/b/tags/list?last=2")).await;
    let problem = client(&[&fake, &other]).tags(&access(&fake, None), "a/b", 10).await.unwrap_err();
    assert!(problem.sentence().contains("another host"), "{problem:?}");
    assert!(other.requests().await.is_empty());
}

#[tokio::test]
async fn a_registry_that_pages_forever_is_left() {
    let fake = Fake::start().await;
    fake.serves(TAGS, tag_list(&[]).insert_header("link", "</v2/a/b/tags/list?last=x>; rel=next")).await;
    assert_eq!(client(&[&fake]).tags(&access(&fake, None), "a/b", 10).await.map(|list| list.tags), Ok(vec![]));
    assert_eq!(fake.count(TAGS).await, 100);
}

#[tokio::test]
async fn null_is_no_tags_and_what_is_no_tag_is_left_out() {
    let fake = Fake::start().await;
    fake.serves(TAGS, ResponseTemplate::new(200).set_body_json(json!({ "name": "a/b", "tags": null }))).await;
    fake.serves("/v2/c/tags/list", tag_list(&["ok", "<b>", "", ".no"])).await;
    let client = client(&[&fake]);
    assert_eq!(client.tags(&access(&fake, None), "a/b", 10).await.map(|list| list.tags), Ok(vec![]));
    assert_eq!(client.tags(&access(&fake, None), "c", 10).await.map(|list| list.tags), Ok(vec!["ok".to_owned()]));
}

/// What the list and the manifest answer, and the code of the problem that follows.
#[tokio::test]
async fn no_list_is_told_apart_from_no_pull() {
    let refusal = |status: u16, code: &str| ResponseTemplate::new(status).set_body_json(json!({ "errors": [{ "code": code }] }));
    let html = |status: u16| ResponseTemplate::new(status).set_body_raw("<p>", "text/html");
    let (found, empty) = (ResponseTemplate::new(200), ResponseTemplate::new(404));
    let table = [
        (refusal(404, "NOT_FOUND"), found.clone(), "no_tag_list"),
        (empty.clone(), refusal(404, "MANIFEST_UNKNOWN"), "no_tag_list"),
        (html(404), found.clone(), "no_tag_list"),
        (refusal(405, "UNSUPPORTED"), found.clone(), "no_tag_list"),
        (ResponseTemplate::new(501), found.clone(), "no_tag_list"),
        (refusal(403, "DENIED"), found.clone(), "no_tag_list"),
        (refusal(403, "DENIED"), refusal(404, "MANIFEST_UNKNOWN"), "no_tag_list"),
        (refusal(404, "NAME_UNKNOWN"), refusal(404, "MANIFEST_UNKNOWN"), "repository_not_found"),
        (empty.clone(), refusal(404, "NAME_UNKNOWN"), "repository_not_found"),
        (empty.clone(), empty.clone(), "image_not_found"),
        (refusal(403, "DENIED"), empty.clone(), "pull_denied"),
        (refusal(403, "DENIED"), refusal(403, "DENIED"), "pull_denied"),
        (refusal(405, "UNSUPPORTED"), refusal(403, "DENIED"), "pull_denied"),
        (refusal(405, "UNSUPPORTED"), empty.clone(), "unexpected"),
        (html(404), html(404), "not_a_registry"),
        (ResponseTemplate::new(429), found.clone(), "rate_limited"),
        (ResponseTemplate::new(500), found, "unexpected"),
    ];
    for (at, (list, manifest, code)) in table.into_iter().enumerate() {
        let fake = Fake::start().await;
        fake.serves(TAGS, list).await;
        fake.serves("/v2/a/b/manifests/latest", manifest).await;
        let problem = client(&[&fake]).tags(&access(&fake, None), "a/b", 10).await.unwrap_err();
        assert_eq!(problem.code(), code, "row {at}: {problem:?}");
    }
}

#[tokio::test]
async fn a_credential_that_may_pull_and_not_list_is_told_so() {
    // As Azure's registry does: the list wants a right of its own, which the token service refuses.
    let fake = Fake::start().await;
    fake.guards(TAGS, "Bearer never", &fake.bearer("repository:a/b:metadata_read"), tag_list(&["1"])).await;
    fake.guards("/v2/a/b/manifests/latest", "Bearer t", &fake.bearer("repository:a/b:pull"), ResponseTemplate::new(200)).await;
    let listing = Mock::given(path("/token")).and(query_param("scope", "repository:a/b:metadata_read"));
    listing.respond_with(ResponseTemplate::new(401)).with_priority(1).mount(&fake.server).await;
    let granted = ResponseTemplate::new(200).set_body_json(json!({ "token": "t" }));
    let mine = Mock::given(path("/token")).and(header("authorization", LOGIN)).respond_with(granted);
    mine.with_priority(2).mount(&fake.server).await;
    fake.serves("/token", ResponseTemplate::new(401)).await;
    let list = |password| {
        let (client, access) = (client(&[&fake]), access(&fake, login("u", password)));
        async move { client.tags(&access, "a/b", 10).await }
    };
    assert_eq!(list("p").await, Err(RegistryProblem::NoTagList { host: fake.host() }));
    assert_eq!(list("wrong").await, Err(RegistryProblem::CredentialRefused { host: fake.host() }));
}
