//! Leaves of an object what tells something: neither what the cluster writes for itself, nor what differs from one
//! deployment to the next whatever a person changed. Pure.

use serde_json::{Map, Value};

use super::super::manifests::DEPLOYMENT;

/// In metadata, also in that of a pod template.
const METADATA: [&str; 6] = ["creationTimestamp", "generation", "managedFields", "resourceVersion", "selfLink", "uid"];
/// Written by controllers and by kubectl.
const ANNOTATIONS: [&str; 3] =
    ["deployment.kubernetes.io/revision", "deprecated.daemonset.template.generation", "kubectl.kubernetes.io/last-applied-configuration"];
/// Of a Service: given out by the cluster, and in a dry run made up.
const GIVEN_OUT: [&str; 3] = ["clusterIP", "clusterIPs", "healthCheckNodePort"];

/// The object without what says nothing. The deployment's own label is left out too: a preview has no deployment yet, so its
/// id is a made-up one, and it changes with every deployment.
pub(in crate::outside) fn clean(mut object: Value) -> Value {
    let is_service = object["kind"] == "Service";
    if let Some(fields) = object.as_object_mut() {
        fields.remove("status");
    }
    if let (true, Some(spec)) = (is_service, object["spec"].as_object_mut()) {
        spec.retain(|key, _| !GIVEN_OUT.contains(&key.as_str()));
        let ports = spec.get_mut("ports").and_then(Value::as_array_mut);
        ports.into_iter().flatten().filter_map(Value::as_object_mut).for_each(|port| drop(port.remove("nodePort")));
    }
    within(&mut object);
    object
}

fn within(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(within),
        Value::Object(fields) => {
            if let Some(Value::Object(metadata)) = fields.get_mut("metadata") {
                clean_metadata(metadata);
            }
            fields.retain(|_, value| !value.is_null());
            fields.values_mut().for_each(within);
        }
        _ => {}
    }
}

fn clean_metadata(metadata: &mut Map<String, Value>) {
    metadata.retain(|key, _| !METADATA.contains(&key.as_str()));
    for (field, left_out) in [("annotations", &ANNOTATIONS[..]), ("labels", &[DEPLOYMENT][..])] {
        let Some(Value::Object(words)) = metadata.get_mut(field) else { continue };
        words.retain(|key, _| !left_out.contains(&key.as_str()));
        if words.is_empty() {
            metadata.remove(field);
        }
    }
}
