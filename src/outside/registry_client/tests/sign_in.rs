//! Anonymous, Basic and token sign-in, and which tokens are used again.

use super::*;

const TAGS: &str = "/v2/a/b/tags/list";
const SCOPE: &str = "repository:a/b:pull";

#[tokio::test]
async fn an_open_registry_is_asked_without_credential() {
    let fake = Fake::start().await;
    fake.serves("/v2/", ResponseTemplate::new(200).set_body_json(json!({}))).await;
    fake.serves(TAGS, tag_list(&["1"])).await;
    assert_eq!(client(&[&fake]).check(&access(&fake, None), Some("a/b")).await.map(drop), Ok(()));
    assert!(fake.requests().await.iter().all(|request| !request.headers.contains_key("authorization")));
}

#[tokio::test]
async fn basic_sign_in_comes_only_when_asked_for() {
    let fake = Fake::start().await;
    fake.guards("/v2/", LOGIN, "Basic realm=\"x\"", ResponseTemplate::new(200)).await;
    fake.guards(TAGS, LOGIN, "Basic realm=\"x\"", tag_list(&["1"])).await;
    assert_eq!(client(&[&fake]).check(&access(&fake, login("u", "p")), Some("a/b")).await.map(drop), Ok(()));
    assert!(!fake.requests().await[0].headers.contains_key("authorization"));
    let refused = client(&[&fake]).check(&access(&fake, login("u", "wrong")), None).await;
    assert_eq!(refused, Err(RegistryProblem::CredentialRefused { host: fake.host() }));
    let refused = client(&[&fake]).check(&access(&fake, None), None).await;
    assert_eq!(refused, Err(RegistryProblem::CredentialRequired { host: fake.host() }));
}

#[tokio::test]
async fn an_anonymous_token_is_asked_for_with_service_and_scope() {
    let fake = Fake::start().await;
    fake.guards(TAGS, "Bearer t", &fake.bearer(SCOPE), tag_list(&["1"])).await;
    fake.grants("t", None).await;
    assert_eq!(client(&[&fake]).tags(&access(&fake, None), "a/b", 10).await.map(|list| list.tags), Ok(vec!["1".to_owned()]));
    let requests = fake.requests().await;
    let token = requests.iter().find(|request| request.url.path() == "/token").unwrap();
    assert_eq!(token.url.query(), Some("service=fake&scope=repository%3Aa%2Fb%3Apull"));
    assert!(!token.headers.contains_key("authorization"));
}

#[tokio::test]
async fn a_realm_keeps_its_own_query_and_several_scopes_are_several_parameters() {
    let fake = Fake::start().await;
    let challenge = format!(r#"Bearer realm="{}",scope="repository:a/b:pull x:y:z""#, fake.url("/token?q=1"));
    fake.guards(TAGS, "Bearer t", &challenge, tag_list(&["1"])).await;
    fake.grants("t", None).await;
    assert!(client(&[&fake]).tags(&access(&fake, None), "a/b", 10).await.is_ok());
    let requests = fake.requests().await;
    let token = requests.iter().find(|request| request.url.path() == "/token").unwrap();
    assert_eq!(token.url.query(), Some("q=1&scope=repository%3Aa%2Fb%3Apull&scope=x%3Ay%3Az"));
}

#[tokio::test]
async fn the_check_signs_in_for_no_repository_first() {
    let fake = Fake::start().await;
    // As GHCR does: a made-up scope before any repository is named.
    fake.guards("/v2/", "Bearer t", &fake.bearer("repository:user/image:pull"), ResponseTemplate::new(200)).await;
    fake.guards(TAGS, "Bearer t", &fake.bearer(SCOPE), tag_list(&["1"])).await;
    fake.grants("t", Some(LOGIN)).await;
    assert_eq!(client(&[&fake]).check(&access(&fake, login("u", "p")), Some("a/b")).await.map(drop), Ok(()));
    let requests = fake.requests().await;
    let queries: Vec<_> = requests.iter().filter(|request| request.url.path() == "/token").map(|request| request.url.query()).collect();
    assert_eq!(queries, [Some("service=fake"), Some("service=fake&scope=repository%3Aa%2Fb%3Apull")]);
}

#[tokio::test]
async fn a_token_service_without_anonymous_tokens_passes_the_anonymous_check() {
    let fake = Fake::start().await;
    fake.guards("/v2/", "Bearer t", &fake.bearer("x"), ResponseTemplate::new(200)).await;
    assert_eq!(client(&[&fake]).check(&access(&fake, None), None).await.map(drop), Ok(()));
    assert_eq!(fake.count("/token").await, 0);
}

#[tokio::test]
async fn the_older_name_of_the_token_is_read_too() {
    let fake = Fake::start().await;
    fake.guards(TAGS, "Bearer old", &fake.bearer(SCOPE), tag_list(&["1"])).await;
    fake.serves("/token", ResponseTemplate::new(200).set_body_json(json!({ "access_token": "old" }))).await;
    assert!(client(&[&fake]).tags(&access(&fake, None), "a/b", 10).await.is_ok());
}

#[tokio::test]
async fn a_token_is_used_again_by_its_own_registry_only() {
    let fake = Fake::start().await;
    fake.guards(TAGS, "Bearer t", &fake.bearer(SCOPE), tag_list(&["1"])).await;
    fake.grants("t", Some(LOGIN)).await;
    let client = client(&[&fake]);
    let mine = saved(&fake, 1, login("u", "p"));
    for (access, tokens) in [(&mine, 1), (&mine, 1), (&saved(&fake, 2, login("u", "p")), 2), (&access(&fake, login("u", "p")), 3)] {
        assert!(client.tags(access, "a/b", 10).await.is_ok());
        assert_eq!(fake.count("/token").await, tokens);
    }
    let stranger = client.tags(&saved(&fake, 3, login("u", "wrong")), "a/b", 10).await;
    assert_eq!(stranger, Err(RegistryProblem::CredentialRefused { host: fake.host() }));
    let changed = client.tags(&saved(&fake, 1, login("u", "changed")), "a/b", 10).await;
    assert_eq!(changed, Err(RegistryProblem::CredentialRefused { host: fake.host() }));
}

#[tokio::test]
async fn the_check_does_not_believe_a_known_token() {
    let fake = Fake::start().await;
    fake.guards("/v2/", "Bearer t", &fake.bearer(""), ResponseTemplate::new(200)).await;
    fake.guards(TAGS, "Bearer t", &fake.bearer(SCOPE), tag_list(&["1"])).await;
    fake.grants("t", Some(LOGIN)).await;
    let (client, access) = (client(&[&fake]), saved(&fake, 1, login("u", "p")));
    assert_eq!(client.check(&access, Some("a/b")).await.map(drop), Ok(()));
    assert_eq!(client.check(&access, Some("a/b")).await.map(drop), Ok(()));
    assert_eq!(fake.count("/token").await, 4);
}

#[tokio::test]
async fn a_known_token_that_is_refused_is_replaced() {
    let fake = Fake::start().await;
    fake.guards(TAGS, "Bearer second", &fake.bearer(SCOPE), tag_list(&["1"])).await;
    let first = ResponseTemplate::new(200).set_body_json(json!({ "token": "first", "expires_in": 300 }));
    Mock::given(path("/token")).respond_with(first).up_to_n_times(1).with_priority(1).mount(&fake.server).await;
    let (client, access) = (client(&[&fake]), saved(&fake, 1, None));
    fake.grants("second", None).await;
    assert!(client.tags(&access, "a/b", 10).await.is_err());
    assert_eq!(client.tags(&access, "a/b", 10).await.map(|list| list.tags), Ok(vec!["1".to_owned()]));
    assert_eq!(fake.count("/token").await, 2);
}
