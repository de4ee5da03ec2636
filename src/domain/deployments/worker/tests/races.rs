//! Many at once: the database lets one win.

use std::collections::HashSet;

use futures::future::join_all;

use super::*;
use crate::domain::{
    components,
    deployments::{self, Change},
};

const CLAIMERS: usize = 8;

/// All claim at the same time, each over its own task.
async fn claim_at_once(yard: &Yard) -> Vec<Claim> {
    let claimers = (0..CLAIMERS).map(|_| {
        let worker = yard.another_worker();
        tokio::spawn(async move { worker.claim().await.unwrap() })
    });
    join_all(claimers).await.into_iter().filter_map(Result::unwrap).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_deployment_is_claimed_twice() {
    let yard = Yard::open().await;
    for name in ["One", "Two", "Three"] {
        let new = Shop::new_component(&yard.shop.registry, &format!("Greeter {name}"));
        let component = components::create(yard.shop.context(), &yard.shop.caller, &yard.shop.project, new).await.unwrap();
        for environment in [&yard.shop.development, &yard.shop.production] {
            yard.shop.deploy_to(&component, environment, "1.1").await;
        }
    }
    let mut claims = Vec::new();
    // Some may find nothing while another claims the same row; whoever comes after finds the next one.
    for _ in 0..6 {
        let claimed = claim_at_once(&yard).await;
        claims.extend(claimed);
    }
    let deployments: HashSet<Uuid> = claims.iter().map(|claim| claim.id).collect();
    let owners: HashSet<Uuid> = claims.iter().map(|claim| claim.lease_owner).collect();
    assert_eq!((claims.len(), deployments.len(), owners.len()), (6, 6, 6));
    assert!(yard.nothing_to_claim().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_place_is_worked_by_one_at_a_time() {
    let yard = Yard::open().await;
    for _ in 0..5 {
        yard.shop.deploy("1.1").await;
    }
    // What deploy never leaves behind: all of them open.
    yard.sql("UPDATE deployments SET state = 'queued', ended_at = NULL").await;
    for _ in 0..10 {
        let claims = claim_at_once(&yard).await;
        assert_eq!(claims.len(), 1, "{claims:?}");
        assert!(claim_at_once(&yard).await.is_empty());
        yard.worker.hand_back(&claims[0]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_deployments_asked_for_at_once_one_stays_open() {
    let yard = Yard::open().await;
    for _ in 0..5 {
        let callers = (0..CLAIMERS).map(|number| {
            let (context, caller) = (yard.shop.context().clone(), yard.shop.caller.clone());
            let (component, environment) = (yard.shop.component.clone(), yard.shop.development.clone());
            let change = Change::Tag(format!("1.{number}"));
            tokio::spawn(async move { deployments::deploy(&context, &caller, &component, &environment, change).await.unwrap() })
        });
        join_all(callers).await.into_iter().for_each(|deployed| drop(deployed.unwrap()));
        let open = "SELECT image FROM deployments WHERE state = 'queued'";
        let open = crate::fetch_all!(yard.shop.context().db, (String,), open).unwrap();
        let component = components::get(yard.shop.context(), &yard.shop.caller, &yard.shop.project, "greeter").await.unwrap();
        assert_eq!(open, [(component.image.to_string(),)], "the one that came last is what the component now is");
    }
}
