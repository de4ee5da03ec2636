use super::*;
use crate::{
    domain::testing::{EMAIL, PASSWORD, TestBed, origin},
    fetch_all,
};

const ACTIONS: &str = "SELECT action, actor, address FROM audit WHERE target_kind = 'person' AND action LIKE 'person.sign_in%' ORDER BY id";

fn from(address: &str) -> Origin {
    Origin { address: address.into(), ..origin() }
}

async fn attempt(bed: &TestBed, email: &str, password: &str, address: &str) -> Result<Person> {
    sign_in(&bed.context, email, &password.into(), &from(address)).await
}

fn is_refused(result: Result<Person>) -> bool {
    matches!(result, Err(Error::Invalid(problems)) if problems.0.len() == 1 && problems.0[0].code == "sign_in_failed")
}

fn wait(result: Result<Person>) -> Option<u64> {
    match result {
        Err(Error::RateLimited { retry_after }) => Some(retry_after),
        _ => None,
    }
}

#[tokio::test]
async fn the_right_password_signs_in_whatever_the_case_of_the_address() {
    let (bed, person) = TestBed::set_up().await;
    assert_eq!(attempt(&bed, "  ADA@EXAMPLE.COM ", PASSWORD, "192.0.2.7").await.unwrap(), person);
}

#[tokio::test]
async fn wrong_password_unknown_person_and_nonsense_answer_alike() {
    let (bed, _) = TestBed::set_up().await;
    let answer = async |email: &str, password: &str| match attempt(&bed, email, password, "192.0.2.7").await {
        Err(Error::Invalid(problems)) => problems,
        other => panic!("{email}: {other:?}"),
    };
    let wrong = answer(EMAIL, "wrong password").await;
    assert_eq!(wrong.0[0].code, "sign_in_failed");
    assert_eq!(wrong, answer("nobody@example.com", PASSWORD).await);
    assert_eq!(wrong, answer("no address", PASSWORD).await);
    assert_eq!(wrong, answer("", "").await);
}

#[tokio::test]
async fn sign_ins_of_known_people_are_audited() {
    let (bed, _) = TestBed::set_up().await;
    assert!(is_refused(attempt(&bed, EMAIL, "wrong password", "192.0.2.7").await));
    assert!(is_refused(attempt(&bed, "nobody@example.com", PASSWORD, "192.0.2.7").await));
    attempt(&bed, EMAIL, PASSWORD, "192.0.2.8").await.unwrap();
    let mut rows = fetch_all!(bed.context.db, (String, String, String), ACTIONS).unwrap();
    rows.sort();
    let row = |action: &str, address: &str| (action.to_owned(), EMAIL.to_owned(), address.to_owned());
    assert_eq!(rows, [row("person.sign_in", "192.0.2.8"), row("person.sign_in_failed", "192.0.2.7")]);
}

#[tokio::test]
async fn ten_failures_lock_an_account_for_the_window_and_no_other() {
    let (bed, _) = TestBed::set_up().await;
    for n in 0..10 {
        assert!(is_refused(attempt(&bed, EMAIL, "wrong password", &format!("192.0.2.{n}")).await), "{n}");
    }
    bed.clock.advance(60);
    assert_eq!(wait(attempt(&bed, EMAIL, PASSWORD, "192.0.2.200").await), Some(14 * 60), "even the right password");
    assert!(is_refused(attempt(&bed, "other@example.com", PASSWORD, "192.0.2.200").await), "another account");
    bed.clock.advance(14 * 60 - 1);
    assert_eq!(wait(attempt(&bed, EMAIL, PASSWORD, "192.0.2.200").await), Some(1));
    bed.clock.advance(1);
    attempt(&bed, EMAIL, PASSWORD, "192.0.2.200").await.unwrap();
}

#[tokio::test]
async fn a_success_takes_back_its_own_try_only() {
    let (bed, _) = TestBed::set_up().await;
    for _ in 0..9 {
        assert!(is_refused(attempt(&bed, EMAIL, "wrong password", "192.0.2.7").await));
    }
    attempt(&bed, EMAIL, PASSWORD, "192.0.2.7").await.unwrap();
    attempt(&bed, EMAIL, PASSWORD, "192.0.2.7").await.unwrap();
    assert!(is_refused(attempt(&bed, EMAIL, "wrong password", "192.0.2.7").await), "the tenth");
    assert!(wait(attempt(&bed, EMAIL, PASSWORD, "192.0.2.7").await).is_some());
}

#[tokio::test]
async fn fifty_failures_lock_an_address() {
    let (bed, _) = TestBed::set_up().await;
    let mut tx = bed.context.db.begin().await.unwrap();
    for n in 0..50 {
        let account = account_key(Some(&Email::parse("email", &format!("p{n}@example.com")).unwrap()));
        store::insert_failure(&mut tx, bed.context.new_id(), &account, "192.0.2.7", bed.context.now()).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(wait(attempt(&bed, EMAIL, PASSWORD, "192.0.2.7").await), Some(900));
    attempt(&bed, EMAIL, PASSWORD, "192.0.2.8").await.unwrap();
}

#[tokio::test]
async fn a_burst_gets_no_more_than_the_limit_to_the_password() {
    let (bed, _) = TestBed::set_up().await;
    let tries = (0..25).map(|_| attempt(&bed, EMAIL, "wrong password", "192.0.2.7"));
    let answers = futures::future::join_all(tries).await;
    let looked_at = answers.into_iter().filter(|answer| matches!(answer, Err(Error::Invalid(_)))).count();
    assert!(looked_at <= 10, "{looked_at}");
}

#[tokio::test]
async fn failures_out_of_the_window_are_deleted() {
    let (bed, _) = TestBed::set_up().await;
    assert!(is_refused(attempt(&bed, EMAIL, "wrong password", "192.0.2.7").await));
    bed.clock.advance(WINDOW_SECONDS - 1);
    assert_eq!(delete_old_failures(&bed.context).await.unwrap(), 0);
    bed.clock.advance(1);
    assert_eq!(delete_old_failures(&bed.context).await.unwrap(), 1);
}

#[test]
fn an_ipv6_network_counts_as_one_address() {
    assert_eq!(address_key("2001:db8:1:2:3:4:5:6"), address_key("2001:db8:1:2::1"));
    assert_ne!(address_key("2001:db8:1:2::1"), address_key("2001:db8:1:3::1"));
    assert_eq!(address_key("::ffff:192.0.2.7"), "192.0.2.7");
}
