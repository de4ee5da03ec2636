//! What a simulated apply would change: the objects that a cluster would have, compared with those that were applied. Pure.

use std::collections::BTreeMap;

use super::capabilities;
use crate::{
    domain::{
        deployments::data_plane::{PlannedObject, Release},
        routes::Entrance,
    },
    outside::kubernetes::{
        preview::{planned, text},
        sent::{Sent, sent},
    },
};

/// YAML of objects by kind and name.
pub(super) type Standing = BTreeMap<(String, String), String>;

/// What others use too, so that no release makes or ends it alone.
const SHARED: [&str; 2] = ["Namespace", "Secret"];

/// A component's own objects as an apply of the release leaves them.
pub(super) fn own(release: &Release, entrance: &Entrance) -> Standing {
    entries(release, entrance, |object| !SHARED.contains(&object.kind())).collect()
}

/// Those of a shared kind that the release uses.
pub(super) fn shared(release: &Release, entrance: &Entrance, kind: &'static str) -> Standing {
    entries(release, entrance, |object| object.kind() == kind).collect()
}

fn entries(release: &Release, entrance: &Entrance, is_meant: impl Fn(&Sent) -> bool) -> impl Iterator<Item = ((String, String), String)> {
    sent(release, entrance, &capabilities())
        .into_iter()
        .filter(move |object| is_meant(object))
        .map(|object| (key(&object), text(&object.content)))
}

fn key(object: &Sent) -> (String, String) {
    (object.kind().to_owned(), object.name().to_owned())
}

/// What an apply would do where this stands.
pub(super) fn plan(release: &Release, entrance: &Entrance, mut standing: Standing) -> Vec<PlannedObject> {
    let mut plan: Vec<_> = sent(release, entrance, &capabilities())
        .iter()
        .map(|object| planned(object.kind(), object.name(), standing.remove(&key(object)), Some(text(&object.content))))
        .collect();
    plan.extend(standing.into_iter().map(|((kind, name), before)| planned(&kind, &name, Some(before), None)));
    plan
}
