use axum::{
    Router,
    body::{Body, to_bytes},
    extract::State,
    response::Response,
    routing::get,
};
use http::{Request, StatusCode, header};
use tower::ServiceExt as _;

use super::*;
use crate::{
    domain::{
        people::Person,
        testing::{EMAIL, TestBed},
    },
    fetch_one,
};

/// A console with three addresses: who am I, sign in, sign out.
struct Console {
    bed: TestBed,
    person: Person,
    router: Router,
}

impl Console {
    async fn new(https: bool) -> Self {
        let (bed, person) = TestBed::set_up().await;
        let id = person.id;
        let router = Router::new()
            .route("/", get(who))
            .route("/in", get(move |session: Session| async move { sign_in(&session, id).await.unwrap() }))
            .route("/out", get(async |session: Session| sign_out(&session).await.unwrap()))
            .route("/note", get(async |session: Session| session.insert("note", "x").await.unwrap()))
            .layer(layer(&bed.context, https))
            .with_state(bed.context.clone());
        Self { bed, person, router }
    }

    async fn get(&self, path: &str, cookie: Option<&str>) -> Response {
        let mut request = Request::get(path);
        if let Some(cookie) = cookie {
            request = request.header(header::COOKIE, cookie);
        }
        self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    async fn who(&self, cookie: &str) -> String {
        let body = to_bytes(self.get("/", Some(cookie)).await.into_body(), 100).await.unwrap();
        String::from_utf8(body.to_vec()).unwrap()
    }

    async fn rows(&self) -> i64 {
        fetch_one!(self.bed.context.db, (i64,), "SELECT COUNT(*) FROM sessions").unwrap().0
    }
}

async fn who(State(context): State<Context>, session: Session) -> String {
    touch(&context, &session).await.unwrap();
    person_id(&session).await.unwrap().map_or("nobody".into(), |id| id.to_string())
}

/// `name=value` and the attributes of the cookie that an answer sets.
fn cookie(response: &Response) -> Option<(String, String)> {
    let set = response.headers().get(header::SET_COOKIE)?.to_str().unwrap();
    let (pair, attributes) = set.split_once("; ").unwrap();
    Some((pair.to_owned(), attributes.to_owned()))
}

#[tokio::test]
async fn signing_in_takes_a_new_id_and_signing_out_ends_it() {
    let console = Console::new(false).await;
    assert!(cookie(&console.get("/", None).await).is_none(), "a reader gets no cookie");
    let (before, _) = cookie(&console.get("/note", None).await).unwrap();
    let (after, _) = cookie(&console.get("/in", Some(&before)).await).unwrap();
    assert_ne!(before, after);
    assert_eq!(console.who(&before).await, "nobody");
    assert_eq!(console.who(&after).await, console.person.id.to_string());
    assert_eq!(console.rows().await, 1);

    let (_, attributes) = cookie(&console.get("/out", Some(&after)).await).unwrap();
    assert!(attributes.contains("Max-Age=0"), "{attributes}");
    assert_eq!(console.who(&after).await, "nobody");
    assert_eq!(console.rows().await, 0);
}

#[tokio::test]
async fn the_cookie_is_bound_to_the_host_with_https() {
    for (https, name) in [(true, "__Host-slipway="), (false, "slipway=")] {
        let (pair, attributes) = cookie(&Console::new(https).await.get("/in", None).await).unwrap();
        assert!(pair.starts_with(name), "{pair}");
        for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=43200"] {
            assert!(attributes.contains(attribute), "{attribute} in {attributes}");
        }
        assert_eq!(attributes.contains("Secure"), https, "{attributes}");
        assert!(!attributes.contains("Domain"), "{attributes}");
    }
}

#[tokio::test]
async fn a_session_ends_when_nobody_uses_it_for_twelve_hours() {
    let console = Console::new(false).await;
    let (cookie, _) = cookie(&console.get("/in", None).await).unwrap();
    for _ in 0..3 {
        console.bed.clock.advance(IDLE_SECONDS - 1);
        assert_eq!(console.who(&cookie).await, console.person.id.to_string());
    }
    console.bed.clock.advance(IDLE_SECONDS);
    assert_eq!(console.who(&cookie).await, "nobody");
    assert_eq!(delete_expired(&console.bed.context).await.unwrap(), 1);
}

#[tokio::test]
async fn reading_pages_seldom_writes() {
    let console = Console::new(false).await;
    let (pair, _) = cookie(&console.get("/in", None).await).unwrap();
    assert!(cookie(&console.get("/", Some(&pair)).await).is_some(), "the first use is noted");
    console.bed.clock.advance(TOUCH_SECONDS - 1);
    assert!(cookie(&console.get("/", Some(&pair)).await).is_none());
    console.bed.clock.advance(1);
    assert!(cookie(&console.get("/", Some(&pair)).await).is_some());
}

#[tokio::test]
async fn a_password_reset_ends_the_persons_sessions() {
    let console = Console::new(false).await;
    let (cookie, _) = cookie(&console.get("/in", None).await).unwrap();
    people::reset_password(&console.bed.context, EMAIL, "another long password".into()).await.unwrap();
    assert_eq!(console.who(&cookie).await, "nobody");
    assert_eq!(console.get("/", Some(&cookie)).await.status(), StatusCode::OK);
}
