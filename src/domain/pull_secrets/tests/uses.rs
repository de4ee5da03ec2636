//! What counts as a use, and what happens at the end of the last one.

use super::*;

#[tokio::test]
async fn a_secret_is_kept_as_long_as_anything_uses_it() {
    for state in State::ALL {
        let yard = Yard::with_a_use().await;
        yard.plane.secrets.calls();
        yard.end_all(state.as_str()).await;
        yard.let_time_pass().await;
        yard.keep().await;
        // What failed after it was applied is still tried by the cluster. What was stopped is replaced by the stop, which uses it.
        let is_used = state.is_open() || matches!(state, State::Active | State::Failed | State::Cancelled);
        assert_eq!((yard.plane.secrets.lying().len(), yard.rows().await), if is_used { (1, 1) } else { (0, 0) }, "{state:?}");
        let what = if is_used { "apply" } else { "remove" };
        assert_eq!(yard.plane.secrets.calls(), [format!("{what} {}", yard.namespace(&yard.shop.development).await)], "{state:?}");
    }
}

#[tokio::test]
async fn the_end_of_the_last_use_is_heard_at_once_and_any_other_is_not() {
    let yard = Yard::with_a_use().await;
    let new = Shop::new_component(&yard.shop.registry, "Second");
    let second = components::create(yard.shop.context(), &yard.shop.caller, &yard.shop.project, new).await.unwrap();
    yard.deploy(&second, &yard.shop.development).await;
    assert_eq!((yard.rows().await, yard.keep().await), (1, 0), "both share it");
    // A deployment from elsewhere takes the place of the first, then of the second.
    yard.sql("INSERT INTO registries (id, organization_id, display_name, display_name_key, authentication, host, created_by, created_at)
        SELECT organization_id, organization_id, 'Open', 'open', 'public', host, created_by, created_at FROM registries WHERE display_name = 'Own'")
    .await;
    for (component, steps) in [(&yard.shop.component, 0), (&second, 1)] {
        let deployment = yard.shop.deploy_to(component, &yard.shop.development, "1.1").await;
        yard.sql("UPDATE deployments SET registry_id = organization_id WHERE state = 'queued'").await;
        yard.plane.shows([ready()]);
        yard.work(deployment.id).await;
        assert_eq!(yard.keep().await, steps, "{}", component.name);
    }
    assert_eq!((yard.plane.secrets.lying().len(), yard.rows().await), (0, 0));
}

#[tokio::test]
async fn a_release_that_is_not_applied_leaves_its_row_to_the_keeper() {
    let yard = Yard::open().await;
    yard.plane.refuses(ApplyProblem::NotOurs { kind: "Service".into(), name: "greeter".into() });
    let deployment = yard.shop.deploy("1.1").await;
    yard.work(deployment.id).await;
    assert_eq!(yard.shop.look(deployment.id).await.state, State::Failed);
    assert_eq!((yard.rows().await, yard.keep().await, yard.rows().await), (1, 1, 0), "nothing uses it");
}
