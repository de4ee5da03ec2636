use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

/// 23 November 2026, 12:00 UTC.
const NOW: Time = Time(1_795_435_200_000_000);

const HOUR_SECONDS: i64 = 3_600;

fn check(vendor: Vendor, username: &str, password: &str) -> Result<Credential, Problems> {
    check_login(vendor, "registry.example.com", username, &password.to_owned().into(), NOW)
}

fn kept(vendor: Vendor, username: &str, password: &str) -> (String, String, Option<Time>) {
    let credential = check(vendor, username, password).unwrap_or_else(|problems| panic!("{vendor:?} {username}: {problems:?}"));
    (credential.login.username, credential.login.password.expose_secret().to_owned(), credential.expires_at)
}

/// The one problem, as field and code.
fn refusal(vendor: Vendor, username: &str, password: &str) -> (String, String) {
    let problems = check(vendor, username, password).expect_err(username);
    let [problem] = problems.0.as_slice() else { panic!("one problem: {problems:?}") };
    assert!(password.len() < 6 || !problem.message.contains(password), "{}", problem.message);
    (problem.field.clone().into_owned(), problem.code.clone().into_owned())
}

fn refused(field: &str, code: &str) -> (String, String) {
    (field.into(), code.into())
}

fn jwt(claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.c2lnbmF0dXJl", part(&json!({ "alg": "RS256" })), part(claims))
}

fn seconds_from_now(seconds: i64) -> i64 {
    NOW.0 / Time::SECOND + seconds
}

fn ecr_password(expiration: i64) -> String {
    STANDARD.encode(json!({ "payload": "x", "datakey": "y", "version": "2", "type": "DATA_KEY", "expiration": expiration }).to_string())
}

fn google_key() -> Value {
    json!({
        "type": "service_account",
        "project_id": "acme",
        "private_key": "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n",
        "client_email": "puller@acme.iam.gserviceaccount.com",
    })
}

#[test]
fn both_fields_are_told_at_once() {
    let problems = check(Vendor::Other, " ", "\n").unwrap_err();
    let fields: Vec<_> = problems.0.iter().map(|problem| (problem.field.as_ref(), problem.code.as_ref())).collect();
    assert_eq!(fields, [("username", "required"), ("password", "required")]);
}

#[test]
fn what_no_registry_can_take() {
    assert_eq!(refusal(Vendor::Other, "ro:bot", "hunter2"), refused("username", "invalid"));
    assert_eq!(refusal(Vendor::Other, "ro\nbot", "hunter2"), refused("username", "invalid"));
    assert_eq!(refusal(Vendor::Other, &"r".repeat(256), "hunter2"), refused("username", "too_long"));
    assert_eq!(refusal(Vendor::Other, "robot", "hun\r\nter2"), refused("password", "invalid"));
    assert_eq!(refusal(Vendor::Other, "robot", &"h".repeat(PASSWORD_MAX + 1)), refused("password", "too_long"));
}

#[test]
fn paste_is_trimmed() {
    assert_eq!(kept(Vendor::Other, " robot ", "hunter2\r\n"), ("robot".into(), "hunter2".into(), None));
}

#[test]
fn logins_that_vendors_give_out() {
    for (vendor, username, password) in [
        (Vendor::DockerHub, "acme", "dckr_pat_0123456789abcdefABCDEFGHIJK"),
        (Vendor::DockerHub, "acme", "8b3c1a52-94b5-4b71-9a0f-0d2b2a0f7a11"),
        (Vendor::DockerHub, "acme", "a password, as people have it"),
        (Vendor::Quay, "acme+puller", "0123456789ABCDEF"),
        (Vendor::Quay, "$oauthtoken", "0123456789abcdef"),
        (Vendor::Quay, "$app", "0123456789abcdef"),
        (Vendor::Harbor, "robot$acme+puller", "0123456789abcdef"),
        (Vendor::GitLab, "gitlab+deploy-token-7", "gldt-0123456789abcdefghij"),
        (Vendor::Azure, "5f7f7a52-3a9f-4a52-9d2a-0f2b7b1a2c3d", "abc8Q~0123456789abcdefghijklmnopqrstuvwx"),
        (Vendor::Azure, "puller-token", "0123456789+abcdefghij/ACRabc"),
        (Vendor::Other, "robot", "hunter2"),
    ] {
        assert_eq!(kept(vendor, username, password), (username.into(), password.into(), None), "{vendor:?}");
    }
}

#[test]
fn github_takes_tokens_only() {
    for token in ["ghp_0123456789", "gho_0123456789", "ghu_0123456789", "ghs_0123456789", "github_pat_0123456789"] {
        assert_eq!(kept(Vendor::Ghcr, "octocat", token).1, token);
    }
    assert_eq!(kept(Vendor::Ghcr, "octocat", &"0a".repeat(20)).1, "0a".repeat(20));
    assert_eq!(refusal(Vendor::Ghcr, "octocat", "correct horse"), refused("password", "not_a_token"));
    assert_eq!(refusal(Vendor::Ghcr, "octocat", &"0g".repeat(20)), refused("password", "not_a_token"));
}

#[test]
fn docker_hub_and_azure_take_no_email_address() {
    assert_eq!(refusal(Vendor::DockerHub, "ann@example.com", "hunter2"), refused("username", "email"));
    assert_eq!(refusal(Vendor::Azure, "ann@example.com", "hunter2"), refused("username", "email"));
    assert_eq!(kept(Vendor::Other, "ann@example.com", "hunter2").0, "ann@example.com");
}

#[test]
fn a_google_key_is_kept_on_one_line() {
    let pretty = serde_json::to_string_pretty(&google_key()).unwrap();
    let (_, minified, end) = kept(Vendor::Google, "_json_key", &format!("\n{pretty}\n"));
    assert_eq!((serde_json::from_str::<Value>(&minified).unwrap(), end), (google_key(), None));
    assert!(!minified.contains('\n') && minified.len() < pretty.len());
    let wrapped =
        STANDARD.encode(&pretty).as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect::<Vec<_>>().join("\n");
    assert_eq!(kept(Vendor::Google, "_json_key", &wrapped).1, minified, "base64 of a key is taken for the key");
    assert_eq!(kept(Vendor::Google, "_json_key_base64", &wrapped).1, STANDARD.encode(&minified));
    assert_eq!(kept(Vendor::Google, "_json_key_base64", &pretty).1, STANDARD.encode(&minified), "and a key for its base64");
}

#[test]
fn what_google_does_not_take() {
    assert_eq!(refusal(Vendor::Google, "puller@acme.iam.gserviceaccount.com", "hunter2"), refused("username", "invalid"));
    for user in ["_json_key", "_json_key_base64"] {
        assert_eq!(refusal(Vendor::Google, user, "hunter2"), refused("password", "not_json"));
        assert_eq!(refusal(Vendor::Google, user, "{\"type\": \"service_acc"), refused("password", "not_json"));
        assert_eq!(refusal(Vendor::Google, user, "{\"type\": \"authorized_user\"}"), refused("password", "not_a_key"));
        assert_eq!(refusal(Vendor::Google, user, "[]"), refused("password", "not_a_key"));
        for field in ["type", "private_key", "client_email"] {
            let mut key = google_key();
            key.as_object_mut().unwrap().remove(field);
            assert_eq!(refusal(Vendor::Google, user, &key.to_string()), refused("password", "not_a_key"), "without {field}");
        }
    }
    assert_eq!(refusal(Vendor::Google, "oauth2accesstoken", &google_key().to_string()), refused("password", "not_a_token"));
}

#[test]
fn a_google_access_token_lives_an_hour_unless_it_says_otherwise() {
    assert_eq!(kept(Vendor::Google, "oauth2accesstoken", "ya29.a0AfB").2, Some(NOW.plus_seconds(HOUR_SECONDS)));
    let token = jwt(&json!({ "exp": seconds_from_now(600) }));
    assert_eq!(kept(Vendor::Google, "oauth2accesstoken", &token).2, Some(NOW.plus_seconds(600)));
}

#[test]
fn an_ecr_password_says_when_it_ends() {
    let password = ecr_password(seconds_from_now(HOUR_SECONDS));
    let expected = ("AWS".into(), password.clone(), Some(NOW.plus_seconds(HOUR_SECONDS)));
    assert_eq!(kept(Vendor::Ecr, "aws", &password), expected);
    assert_eq!(kept(Vendor::Ecr, "AWS", &STANDARD.encode(format!("AWS:{password}"))), expected, "as get-authorization-token prints it");
    let unpadded = STANDARD_NO_PAD.encode(format!("{}  ", json!({ "expiration": seconds_from_now(7) })));
    assert_eq!(kept(Vendor::Ecr, "AWS", &unpadded).2, Some(NOW.plus_seconds(7)));
    assert_eq!(kept(Vendor::Ecr, "AWS", "of another form").2, Some(NOW.plus_seconds(12 * HOUR_SECONDS)));
    assert_eq!(kept(Vendor::Ecr, "AWS", &ecr_password(i64::MAX)).2, Some(NOW.plus_seconds(12 * HOUR_SECONDS)), "no such date");
}

#[test]
fn what_ecr_does_not_take() {
    assert_eq!(refusal(Vendor::Ecr, "robot", "hunter2"), refused("username", "invalid"));
    assert_eq!(refusal(Vendor::Ecr, "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), refused("username", "access_key"));
    assert_eq!(refusal(Vendor::Ecr, "AWS", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), refused("password", "access_key"));
    assert_eq!(refusal(Vendor::Ecr, "AWS", "ASIAIOSFODNN7EXAMPLE"), refused("password", "access_key"));
    let problems = check(Vendor::Ecr, "AWS", &ecr_password(seconds_from_now(-60))).unwrap_err();
    assert_eq!(problems.0[0].message, "This credential ended on 23 November 2026, 11:59 UTC. Get a new one.");
}

#[test]
fn an_azure_token_says_when_it_ends() {
    let token = jwt(&json!({ "exp": seconds_from_now(3 * HOUR_SECONDS), "grant_type": "refresh_token" }));
    assert_eq!(kept(Vendor::Azure, AZURE_TOKEN_USER, &token).2, Some(NOW.plus_seconds(3 * HOUR_SECONDS)));
    assert_eq!(refusal(Vendor::Azure, AZURE_TOKEN_USER, "hunter2"), refused("password", "not_a_token"));
    assert_eq!(refusal(Vendor::Azure, AZURE_TOKEN_USER, &jwt(&json!({ "exp": seconds_from_now(0) }))), refused("password", "expired"));
}

#[test]
fn every_vendors_json_web_token_says_when_it_ends() {
    assert_eq!(kept(Vendor::Other, "robot", &jwt(&json!({ "exp": seconds_from_now(60) }))).2, Some(NOW.plus_seconds(60)));
    assert_eq!(kept(Vendor::Other, "robot", &jwt(&json!({ "exp": seconds_from_now(60) as f64 + 0.5 }))).2, Some(NOW.plus_seconds(60)));
    assert_eq!(refusal(Vendor::Quay, "acme+puller", &jwt(&json!({ "exp": 0 }))), refused("password", "expired"));
    for claims in [json!({}), json!({ "exp": "tomorrow" }), json!({ "exp": -1 }), json!({ "exp": 1e300 })] {
        assert_eq!(kept(Vendor::Other, "robot", &jwt(&claims)).2, None, "{claims}");
    }
    assert_eq!(kept(Vendor::Other, "robot", "two.dots.only").2, None);
}

#[test]
fn a_job_token_of_gitlab_is_no_credential() {
    assert_eq!(refusal(Vendor::GitLab, "gitlab-ci-token", "glcbt-64_abcdef"), refused("username", "job_token"));
    assert_eq!(refusal(Vendor::GitLab, "ann", "glcbt-64_abcdef"), refused("password", "job_token"));
}

proptest! {
    /// What was kept is kept once more: checking twice changes nothing.
    #[test]
    fn any_login_is_kept_or_refused(
        vendor in proptest::sample::select(&Vendor::ALL[..]),
        username in prop_oneof![any::<String>(), "AWS|_json_key|_json_key_base64|oauth2accesstoken|[a-z]{1,6}"],
        password in prop_oneof![
            any::<String>(), "ghp_[a-z]{1,9}", "[ -~]{1,50}", Just(google_key().to_string()), any::<i64>().prop_map(ecr_password),
        ],
    ) {
        if let Ok(credential) = check(vendor, &username, &password) {
            let login = credential.login;
            prop_assert!(credential.expires_at.is_none_or(|end| end > NOW));
            let again = kept(vendor, &login.username, login.password.expose_secret());
            prop_assert_eq!(again, (login.username.clone(), login.password.expose_secret().to_owned(), credential.expires_at));
        }
    }
}
