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
