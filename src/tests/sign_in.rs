//! `/sign-in`, `/sign-out`, `/theme`.

use axum::http::StatusCode;

use crate::support::{Answer, EMAIL, PASSWORD, TestApp};

async fn refused(app: &TestApp, email: &str, password: &str) -> Answer {
    app.client().submit("/sign-in", &[("email", email), ("password", password)]).await.is(StatusCode::OK)
}

/// A page without what is random in it, and without the address that was typed.
fn comparable(page: &Answer, email: &str) -> String {
    let nonce = page.header("content-security-policy").split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
    page.text().replace(nonce, "(nonce)").replace(email, "(email)")
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_look_alike() {
    let (app, _) = TestApp::set_up().await;
    let known = refused(&app, EMAIL, "wrong horse battery").await;
    let unknown = refused(&app, "bob@example.com", "wrong horse battery").await;
    assert_eq!(comparable(&known, EMAIL), comparable(&unknown, "bob@example.com"));
    assert!(known.title().starts_with("Error: "), "{}", known.title());
    assert_eq!(known.field("email").as_deref(), Some(EMAIL));
    known.shows("E-mail address or password is wrong.").hides("wrong horse battery");
}

#[tokio::test]
async fn ten_failures_close_an_account_for_a_quarter_of_an_hour() {
    let (app, mut client) = TestApp::set_up().await;
    for _ in 0..10 {
        refused(&app, EMAIL, "wrong horse battery").await.shows("E-mail address or password is wrong.");
    }
    refused(&app, EMAIL, PASSWORD).await.shows("Too many tries in a short time.");
    client.get("/organizations/acme").await.is(StatusCode::OK);
    app.clock.advance(15 * 60 + 1);
    app.signed_in(EMAIL).await;
}

#[tokio::test]
async fn signing_out_ends_the_session_itself() {
    let (_app, mut client) = TestApp::set_up().await;
    let mut copy = client.clone();
    copy.get("/organizations/acme").await.is(StatusCode::OK);
    client.post_form("/sign-out", &[]).await.goes_to("/sign-in");
    for client in [&mut client, &mut copy] {
        client.get("/").await.goes_to("/sign-in");
    }
}

#[tokio::test]
async fn a_person_comes_back_to_the_page_they_wanted() {
    let (app, _) = TestApp::set_up().await;
    let wanted = "/organizations/acme/settings/credentials/registries?after=a%26b";
    let mut client = app.client();
    let to_sign_in = client.get(wanted).await.location();
    let page = client.get(&to_sign_in).await.is(StatusCode::OK);
    assert_eq!(page.field("next").as_deref(), Some(wanted));
    let wrong = client.post_form("/sign-in", &[("email", EMAIL), ("password", "no"), ("next", wanted)]).await;
    assert_eq!(wrong.location(), to_sign_in);
    client.post_form("/sign-in", &[("email", EMAIL), ("password", PASSWORD), ("next", wanted)]).await.goes_to(wanted);
}

#[tokio::test]
async fn nobody_is_led_to_another_site() {
    let (app, _) = TestApp::set_up().await;
    for next in ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\r\nSet-Cookie: x=1"] {
        app.client().post_form("/sign-in", &[("email", EMAIL), ("password", PASSWORD), ("next", next)]).await.goes_to("/");
    }
}

#[tokio::test]
async fn a_theme_is_a_cookie_and_nothing_else() {
    let (_app, mut client) = TestApp::set_up().await;
    for (typed, shown) in [("dark", Some("dark")), ("light", Some("light")), ("system", None), ("\"><script>", None)] {
        client.post_form("/theme", &[("theme", typed)]).await.goes_to("/");
        let page = client.get("/organizations/acme").await.is(StatusCode::OK);
        assert_eq!(page.text().contains("data-theme="), shown.is_some(), "{typed}");
        assert!(shown.is_none_or(|theme| page.text().contains(&format!("data-theme=\"{theme}\""))), "{typed}");
    }
}
