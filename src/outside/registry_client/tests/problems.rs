//! What a registry's refusals and failures become.

use tokio::net::TcpListener;

use super::*;

const TAGS: &str = "/v2/a/b/tags/list";
const SCOPE: &str = "repository:a/b:pull";

async fn tags(fake: &Fake, login: Option<Login>) -> RegistryProblem {
    client(&[fake]).tags(&access(fake, login), "a/b", 10).await.unwrap_err()
}

async fn check(fake: &Fake, login: Option<Login>) -> RegistryProblem {
    client(&[fake]).check(&access(fake, login), None).await.unwrap_err()
}

#[tokio::test]
async fn an_anonymous_token_that_does_not_reach_says_both_reasons() {
    // As Docker Hub answers for a repository that is private or does not exist.
    let fake = Fake::start().await;
    fake.guards(TAGS, "Bearer other", &fake.bearer(SCOPE), tag_list(&["1"])).await;
    fake.grants("t", None).await;
    let image = format!("{}/a/b that can be pulled without a credential", fake.host());
    assert_eq!(tags(&fake, None).await, RegistryProblem::ImageNotFound { image });
}

#[tokio::test]
async fn a_refused_anonymous_token_says_both_reasons() {
    let fake = Fake::start().await;
    fake.guards(TAGS, "Bearer other", &fake.bearer(SCOPE), tag_list(&["1"])).await;
    fake.serves("/token", ResponseTemplate::new(403)).await;
    assert_eq!(tags(&fake, None).await.code(), "image_not_found");
}

#[tokio::test]
async fn a_wrong_password_is_told_apart_from_a_forbidden_repository() {
    let fake = Fake::start().await;
    fake.guards("/v2/", "Bearer t", &fake.bearer(""), ResponseTemplate::new(200)).await;
    fake.guards(TAGS, "Bearer wider", &fake.bearer(SCOPE), tag_list(&["1"])).await;
    fake.grants("t", Some(LOGIN)).await;
    let host = fake.host();
    assert_eq!(check(&fake, login("u", "wrong")).await, RegistryProblem::CredentialRefused { host: host.clone() });
    assert_eq!(tags(&fake, login("u", "wrong")).await, RegistryProblem::CredentialRefused { host });
    assert_eq!(tags(&fake, login("u", "p")).await, RegistryProblem::PullDenied { repository: "a/b".into() });
}

#[tokio::test]
async fn a_token_service_that_refuses_only_the_scope_means_the_repository() {
    let fake = Fake::start().await;
    fake.guards(TAGS, "Bearer t", &fake.bearer(SCOPE), tag_list(&["1"])).await;
    let scoped = Mock::given(path("/token")).and(wiremock::matchers::query_param("scope", SCOPE));
    scoped.respond_with(ResponseTemplate::new(403)).with_priority(1).mount(&fake.server).await;
    let unscoped = Mock::given(path("/token")).and(header("authorization", LOGIN));
    unscoped.respond_with(ResponseTemplate::new(200).set_body_json(json!({ "token": "t" }))).with_priority(2).mount(&fake.server).await;
    fake.serves("/token", ResponseTemplate::new(403)).await;
    assert_eq!(tags(&fake, login("u", "p")).await, RegistryProblem::PullDenied { repository: "a/b".into() });
    assert_eq!(tags(&fake, login("u", "wrong")).await.code(), "credential_refused");
}

#[tokio::test]
async fn statuses_become_problems() {
    let json = |status| ResponseTemplate::new(status).set_body_json(json!({ "errors": [] }));
    let html = |status| ResponseTemplate::new(status).set_body_raw("<p>", "text/html; charset=utf-8");
    let table = [
        (json(403), "pull_denied"),
        (json(404), "image_not_found"),
        (html(404), "not_a_registry"),
        (html(403), "not_a_registry"),
        (html(200), "unexpected"),
        (json(500), "unexpected"),
        (ResponseTemplate::new(401), "not_a_registry"),
        (ResponseTemplate::new(401).insert_header("www-authenticate", "Negotiate"), "unexpected"),
        (ResponseTemplate::new(302), "unexpected"),
        (ResponseTemplate::new(200).set_body_raw("{\"tags\": 1}", "application/json"), "unexpected"),
    ];
    for (answer, code) in table {
        let fake = Fake::start().await;
        fake.serves(TAGS, answer).await;
        assert_eq!(tags(&fake, None).await.code(), code);
    }
}

#[tokio::test]
async fn what_is_no_registry_is_found_out() {
    let page = |status| ResponseTemplate::new(status).set_body_raw("<html>", "text/html");
    for answer in [page(200), page(404), page(403), ResponseTemplate::new(404), ResponseTemplate::new(401)] {
        for login in [None, login("u", "p")] {
            let fake = Fake::start().await;
            fake.serves("/v2/", answer.clone()).await;
            assert_eq!(check(&fake, login).await, RegistryProblem::NotARegistry { host: fake.host() });
        }
    }
}

#[tokio::test]
async fn rate_limits_say_how_long() {
    let fake = Fake::start().await;
    fake.serves(TAGS, ResponseTemplate::new(429).insert_header("retry-after", "17")).await;
    fake.serves("/v2/", ResponseTemplate::new(429)).await;
    assert_eq!(tags(&fake, None).await, RegistryProblem::RateLimited { retry_after: Some(17), pulls: None });
    assert_eq!(check(&fake, None).await, RegistryProblem::RateLimited { retry_after: None, pulls: None });
}

#[tokio::test]
async fn a_rate_limit_of_the_token_service_is_one_too() {
    let fake = Fake::start().await;
    fake.guards(TAGS, "Bearer t", &fake.bearer(SCOPE), tag_list(&["1"])).await;
    fake.serves("/token", ResponseTemplate::new(429).insert_header("retry-after", "5")).await;
    assert_eq!(tags(&fake, None).await, RegistryProblem::RateLimited { retry_after: Some(5), pulls: None });
}

#[tokio::test]
async fn a_token_service_that_gives_no_token_is_named() {
    for body in [json!({}), json!({ "token": "" }), json!({ "token": "a\nb" }), json!([])] {
        let fake = Fake::start().await;
        fake.guards(TAGS, "Bearer t", &fake.bearer(SCOPE), tag_list(&["1"])).await;
        fake.serves("/token", ResponseTemplate::new(200).set_body_json(body)).await;
        let problem = tags(&fake, None).await;
        assert!(problem.code() == "unexpected" && problem.sentence().contains("token"), "{problem:?}");
    }
}

#[tokio::test]
async fn nothing_listening_is_connection_refused() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    drop(listener);
    let client = OciRegistryClient::new(Egress::Any, [host.clone()].into()).unwrap();
    let access = Access { registry_id: None, host: host.clone(), login: None, ca_certificates: None };
    assert_eq!(client.check(&access, None).await, Err(RegistryProblem::ConnectionRefused { host }));
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_host_not_found() {
    // RFC 6761: no name under `invalid` ever resolves.
    let client = OciRegistryClient::new(Egress::Any, BTreeSet::new()).unwrap();
    let access = Access { registry_id: None, host: "registry.invalid".into(), login: None, ca_certificates: None };
    assert_eq!(client.check(&access, None).await, Err(RegistryProblem::HostNotFound { host: "registry.invalid".into() }));
}

#[tokio::test]
async fn a_server_that_never_answers_times_out_within_the_limit() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    let limits = Limits { connect: Duration::from_millis(100), call: Duration::from_millis(200) };
    let client = OciRegistryClient::with_limits(Egress::Any, [host.clone()].into(), limits).unwrap();
    let access = Access { registry_id: None, host: host.clone(), login: None, ca_certificates: None };
    let started = std::time::Instant::now();
    // The kernel accepts for the listener; nobody reads.
    assert_eq!(client.check(&access, None).await, Err(RegistryProblem::TimedOut { host: host.clone() }));
    assert_eq!(client.tags(&access, "a/b", 1).await, Err(RegistryProblem::TimedOut { host }));
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_slow_answer_times_out_too() {
    let fake = Fake::start().await;
    fake.serves(TAGS, tag_list(&["1"]).set_delay(Duration::from_secs(30))).await;
    let limits = Limits { call: Duration::from_millis(200), ..Limits::default() };
    let problem = impatient(&fake, limits).tags(&access(&fake, None), "a/b", 1).await;
    assert_eq!(problem, Err(RegistryProblem::TimedOut { host: fake.host() }));
}

#[tokio::test]
async fn no_problem_tells_the_password() {
    let secret = "correct-horse-battery";
    for status in [401, 403, 404, 429, 500] {
        let fake = Fake::start().await;
        let challenge = format!(r#"Bearer realm="{}""#, fake.url("/token"));
        fake.serves("/v2/", ResponseTemplate::new(401).insert_header("www-authenticate", challenge)).await;
        fake.serves("/token", ResponseTemplate::new(status).set_body_string(secret)).await;
        let problem = check(&fake, login("u", secret)).await;
        assert!(!format!("{problem:?} {}", problem.sentence()).contains(secret));
    }
}
