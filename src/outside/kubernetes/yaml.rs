//! Objects as the YAML that people of Kubernetes know: block style, what the object is before what is in it. The content of
//! a Secret is never written.

use serde::{Serialize, Serializer, ser::SerializeMap as _};
use serde_json::{Map, Value};
use serde_saphyr::SerializerOptions;

/// What stands first in every object, in this order; the rest follows by the letters.
const HEAD: [&str; 3] = ["apiVersion", "kind", "metadata"];
/// Where a Secret holds what it keeps.
const CONTENT_OF_SECRETS: [&str; 2] = ["data", "stringData"];
const NOT_SHOWN: &str = "# data: not shown\n";

/// The object as YAML, with a line break at its end.
pub(super) fn write(object: &Value) -> String {
    let is_secret = object["kind"] == "Secret";
    let text = serde_saphyr::to_string_with_options(&Ordered { object, is_secret }, options());
    // JSON always can be written so; and if it could not, it is YAML as it is.
    let text = text.unwrap_or_else(|_| if is_secret { String::new() } else { object.to_string() });
    format!("{}\n{}", text.trim_end_matches('\n'), if is_secret { NOT_SHOWN } else { "" })
}

fn options() -> SerializerOptions {
    serde_saphyr::ser_options! {
        // A string of line breaks alone does not read back from a block; and a long one, as an image with its digest is,
        // would be folded.
        prefer_block_scalars: false,
    }
}

struct Ordered<'a> {
    object: &'a Value,
    is_secret: bool,
}

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let nothing = Map::new();
        let fields = self.object.as_object().unwrap_or(&nothing);
        let is_shown = |key: &str| !self.is_secret || !CONTENT_OF_SECRETS.contains(&key);
        let head = HEAD.iter().filter_map(|key| fields.get_key_value(*key));
        let rest = fields.iter().filter(|(key, _)| !HEAD.contains(&key.as_str()));
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in head.chain(rest).filter(|(key, _)| is_shown(key)) {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Value {
        serde_saphyr::from_str(text).unwrap_or_else(|problem| panic!("{problem}\n{text}"))
    }

    #[test]
    fn what_an_object_is_stands_before_what_is_in_it() {
        let object = json!({ "spec": { "list": [{ "b": 1, "a": [] }], "empty": {} }, "data": { "key": "value" }, "kind": "ConfigMap",
            "metadata": { "name": "settings" }, "apiVersion": "v1" });
        let expected = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  key: value\nspec:\n  empty: {}\n  list:\n  - a: []\n    b: 1\n";
        assert_eq!(write(&object), expected);
    }

    #[test]
    fn words_that_yaml_would_take_for_something_else_are_quoted() {
        for word in ["yes", "on", "null", "~", "1.2", "0x1f", "1e3", "", " a", "a: b", "# c", "- d", "2026-01-01", "@x", "*y", "&z"] {
            let object = json!({ "value": word });
            let text = write(&object);
            assert!(text.contains('"') || text.contains('\''), "{text}");
            assert_eq!(read(&text), object);
        }
    }

    #[test]
    fn a_long_image_stays_on_its_line() {
        let image = format!("registry.example.com/{}@sha256:{}", "team/".repeat(20), "0".repeat(64));
        assert_eq!(write(&json!({ "image": image })), format!("image: {image}\n"));
    }

    #[test]
    fn line_breaks_are_kept() {
        for script in ["first\nsecond\n", "\n", "first\n\n"] {
            let object = json!({ "script": script });
            assert_eq!(read(&write(&object)), object);
        }
    }

    #[test]
    fn the_content_of_a_secret_is_not_written() {
        let secret = json!({ "apiVersion": "v1", "kind": "Secret", "type": "Opaque", "data": { "a": "aHVudGVyMg==" },
            "stringData": { "b": "hunter2" } });
        assert_eq!(write(&secret), "apiVersion: v1\nkind: Secret\ntype: Opaque\n# data: not shown\n");
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
            "[ -~\n]{0,40}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[ -~]{0,12}", inner, 0..4).prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_as_it_was(value in value()) {
            let object = json!({ "kind": "Thing", "spec": value });
            prop_assert_eq!(read(&write(&object)), object);
        }
    }
}
