//! What a check finds: how the registry took the caller, whether a repository can be pulled from, and how often.

use wiremock::MockBuilder;

use super::*;
use crate::domain::registries::client::{PullAllowance, SignIn};

const TAGS: &str = "/v2/a/b/tags/list";
const LATEST: &str = "/v2/a/b/manifests/latest";
const SCOPE: &str = "repository:a/b:pull";

fn ok() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({}))
}

fn refusal(status: u16, code: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({ "errors": [{ "code": code, "message": "x" }] }))
}

fn report(sign_in: SignIn, may_pull: bool) -> Result<CheckReport, RegistryProblem> {
    Ok(CheckReport { sign_in, may_pull, pulls: None })
}

async fn check(fake: &Fake, login: Option<Login>, repository: Option<&str>) -> Result<CheckReport, RegistryProblem> {
    client(&[fake]).check(&access(fake, login), repository).await
}

#[tokio::test]
async fn the_report_says_how_the_registry_took_the_caller() {
    let open = Fake::start().await;
    open.serves("/v2/", ok()).await;
    assert_eq!(check(&open, None, None).await, report(SignIn::Anonymous, false));
    // A password that nobody asked for is not proven.
    assert_eq!(check(&open, login("u", "p"), None).await, report(SignIn::Anonymous, false));

    let basic = Fake::start().await;
    basic.guards("/v2/", LOGIN, "Basic realm=x", ok()).await;
    assert_eq!(check(&basic, login("u", "p"), None).await, report(SignIn::Password, false));

    let tokens = Fake::start().await;
    tokens.guards("/v2/", "Bearer t", &tokens.bearer(""), ok()).await;
    tokens.grants("t", Some(LOGIN)).await;
    assert_eq!(check(&tokens, login("u", "p"), None).await, report(SignIn::Token, false));
    assert_eq!(check(&tokens, None, None).await, report(SignIn::Anonymous, false));
}

#[tokio::test]
async fn a_registry_that_asks_only_for_a_repository_has_taken_the_credential() {
    let fake = Fake::start().await;
    fake.serves("/v2/", ok()).await;
    fake.guards(LATEST, LOGIN, "Basic realm=x", ok()).await;
    assert_eq!(check(&fake, login("u", "p"), Some("a/b")).await, report(SignIn::Password, true));
    assert_eq!(check(&fake, login("u", "wrong"), Some("a/b")).await.unwrap_err().code(), "credential_refused");
}

#[tokio::test]
async fn a_manifest_that_is_there_is_enough() {
    let fake = Fake::start().await;
    fake.serves("/v2/", ok()).await;
    fake.serves(LATEST, ok()).await;
    fake.serves(TAGS, refusal(403, "DENIED")).await;
    assert_eq!(check(&fake, None, Some("a/b")).await, report(SignIn::Anonymous, true));
    let asked: Vec<_> = fake.requests().await.iter().map(|request| format!("{} {}", request.method, request.url.path())).collect();
    assert_eq!(asked, ["GET /v2/", &format!("HEAD {LATEST}")]);
}

/// What the manifest's 404 says, what the list of tags answers, and what follows: an empty code is success.
#[tokio::test]
async fn what_is_missing_decides() {
    let reference = || refusal(404, "MANIFEST_UNKNOWN");
    let table = [
        (reference(), tag_list(&["1"]), ""),
        (reference(), refusal(404, "NAME_UNKNOWN"), "repository_not_found"),
        (reference(), ResponseTemplate::new(404), ""),
        (reference(), refusal(405, "UNSUPPORTED"), ""),
        (reference(), refusal(403, "DENIED"), ""),
        (reference(), ResponseTemplate::new(401), ""),
        (refusal(404, "NAME_UNKNOWN"), tag_list(&["1"]), "repository_not_found"),
        (ResponseTemplate::new(404), tag_list(&["1"]), ""),
        (ResponseTemplate::new(404), ResponseTemplate::new(404), "repository_not_found"),
        (ResponseTemplate::new(404), refusal(403, "DENIED"), "pull_denied"),
        (ResponseTemplate::new(404), refusal(429, "TOOMANYREQUESTS"), "rate_limited"),
        (refusal(403, "DENIED"), tag_list(&["1"]), "pull_denied"),
        (refusal(429, "TOOMANYREQUESTS"), tag_list(&["1"]), "rate_limited"),
        (refusal(500, "UNKNOWN"), tag_list(&["1"]), "unexpected"),
    ];
    for (at, (manifest, tags, expected)) in table.into_iter().enumerate() {
        let fake = Fake::start().await;
        fake.serves("/v2/", ok()).await;
        fake.serves(LATEST, manifest).await;
        fake.serves(TAGS, tags).await;
        let code = check(&fake, None, Some("a/b")).await.map_or_else(
            |problem| problem.code(),
            |report| {
                assert!(report.may_pull);
                ""
            },
        );
        assert_eq!(code, expected, "row {at}");
    }
}

#[tokio::test]
async fn a_token_that_does_not_reach_the_repository_is_no_pull() {
    // As the distribution project's registry and Harbor do: a token is granted, but without the right.
    let fake = Fake::start().await;
    fake.guards("/v2/", "Bearer t", &fake.bearer(""), ok()).await;
    fake.guards(LATEST, "Bearer wider", &fake.bearer(SCOPE), ok()).await;
    fake.grants("t", Some(LOGIN)).await;
    let denied = RegistryProblem::PullDenied { repository: "a/b".into() };
    assert_eq!(check(&fake, login("u", "p"), Some("a/b")).await, Err(denied));
}

#[tokio::test]
async fn a_registry_that_knows_no_head_is_asked_by_get() {
    let fake = Fake::start().await;
    fake.serves("/v2/", ok()).await;
    let head = Mock::given(method("HEAD")).and(path(LATEST)).respond_with(ResponseTemplate::new(405));
    head.with_priority(1).mount(&fake.server).await;
    fake.serves(LATEST, ok()).await;
    assert_eq!(check(&fake, None, Some("a/b")).await, report(SignIn::Anonymous, true));
}

/// Docker Hub as it answers: everybody gets a token, and a HEAD of a manifest says what is left.
async fn docker_hub(limits: ResponseTemplate) -> (Fake, OciRegistryClient) {
    let fake = Fake::start().await;
    let on = |host: &'static str, at: &'static str| -> MockBuilder { Mock::given(path(at)).and(header("host", host)) };
    let challenge = r#"Bearer realm="http://auth.docker.io/token",service="registry.docker.io""#;
    let unauthorized = || ResponseTemplate::new(401).insert_header("www-authenticate", challenge);
    on("registry-1.docker.io", "/v2/").respond_with(unauthorized()).with_priority(2).mount(&fake.server).await;
    on("registry-1.docker.io", "/v2/")
        .and(header("authorization", "Bearer t"))
        .respond_with(ok())
        .with_priority(1)
        .mount(&fake.server)
        .await;
    let preview = "/v2/ratelimitpreview/test/manifests/latest";
    on("registry-1.docker.io", preview).respond_with(unauthorized()).with_priority(2).mount(&fake.server).await;
    let preview = on("registry-1.docker.io", preview).and(method("HEAD")).and(header("authorization", "Bearer t"));
    preview.respond_with(limits).with_priority(1).mount(&fake.server).await;
    let token = ResponseTemplate::new(200).set_body_json(json!({ "token": "t" }));
    on("auth.docker.io", "/token").respond_with(token).with_priority(3).mount(&fake.server).await;
    let hosts = Hosts { names: &["registry-1.docker.io", "auth.docker.io"], address: *fake.server.address() };
    let client = client_over(hosts, Egress::Public, &["registry-1.docker.io", "auth.docker.io"]);
    (fake, client)
}

fn hub(login: Option<Login>) -> Access {
    Access { registry_id: None, host: "docker.io".into(), login, ca_certificates: None }
}

fn limits(remaining: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).insert_header("ratelimit-limit", "100;w=21600").insert_header("ratelimit-remaining", remaining)
}

#[tokio::test]
async fn docker_hub_says_how_many_pulls_are_left() {
    let (fake, client) = docker_hub(limits("76;w=21600")).await;
    let pulls = Some(PullAllowance { remaining: 76, limit: Some(100), window_seconds: Some(21_600) });
    assert_eq!(client.check(&hub(None), None).await, Ok(CheckReport { sign_in: SignIn::Anonymous, may_pull: false, pulls }));
    let signed_in = client.check(&hub(login("u", "p")), None).await;
    assert_eq!(signed_in, Ok(CheckReport { sign_in: SignIn::Token, may_pull: false, pulls }));
    assert!(fake.count("/token").await >= 3, "the anonymous check asks for a token too");
}

#[tokio::test]
async fn docker_hub_says_it_with_the_repository_that_is_checked() {
    let (fake, client) = docker_hub(limits("75;w=21600")).await;
    let report = client.check(&hub(None), Some("ratelimitpreview/test")).await.unwrap();
    assert!(report.may_pull);
    assert_eq!(report.pulls.map(|pulls| pulls.remaining), Some(75));
    // Once unknown, once with the token.
    assert_eq!(fake.count("/v2/ratelimitpreview/test/manifests/latest").await, 2);
}

#[tokio::test]
async fn docker_hubs_answer_on_pulls_is_not_needed() {
    let slow = limits("76;w=21600").set_delay(Duration::from_secs(60));
    for (limits, wait) in [(ResponseTemplate::new(200), 8), (ResponseTemplate::new(500), 8), (limits("many"), 8), (slow, 1)] {
        let (_fake, mut client) = docker_hub(limits).await;
        client.call_limit = Duration::from_secs(wait);
        assert_eq!(client.check(&hub(None), None).await, report(SignIn::Anonymous, false));
    }
}

#[tokio::test]
async fn docker_hub_without_its_token_service_is_a_problem_at_once() {
    let (fake, client) = docker_hub(limits("76;w=21600")).await;
    Mock::given(path("/token")).respond_with(ResponseTemplate::new(503)).with_priority(1).mount(&fake.server).await;
    assert_eq!(client.check(&hub(None), None).await.unwrap_err().code(), "unexpected");
}

#[tokio::test]
async fn no_other_registry_is_asked_for_docker_hubs_repository() {
    let fake = Fake::start().await;
    fake.serves("/v2/", ok()).await;
    assert_eq!(check(&fake, None, None).await, report(SignIn::Anonymous, false));
    assert_eq!(fake.requests().await.len(), 1);
}

#[tokio::test]
async fn a_rate_limit_tells_what_is_left() {
    let fake = Fake::start().await;
    let limited = ResponseTemplate::new(429).insert_header("ratelimit-limit", "100;w=21600").insert_header("retry-after", "60");
    fake.serves("/v2/", limited.insert_header("ratelimit-remaining", "0;w=21600")).await;
    let pulls = Some(PullAllowance { remaining: 0, limit: Some(100), window_seconds: Some(21_600) });
    assert_eq!(check(&fake, None, None).await, Err(RegistryProblem::RateLimited { retry_after: Some(60), pulls }));
}
