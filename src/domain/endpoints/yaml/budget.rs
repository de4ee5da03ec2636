//! What a document may cost, counted with its aliases written out, and the error that ends its reading.

use super::{super::syntax, MAX_BYTES, MAX_NODES};

/// Why reading ends before the document does.
#[derive(Debug)]
pub(super) struct Stop {
    pub(super) code: &'static str,
    pub(super) message: String,
}

impl Stop {
    pub(super) fn too_deep() -> Self {
        Self { code: "too_deep", message: syntax::too_deep() }
    }
}

/// Keys and values, and the bytes of their text.
#[derive(Clone, Copy, Default)]
pub(super) struct Cost {
    pub(super) nodes: usize,
    pub(super) bytes: usize,
}

impl Cost {
    /// Adds to the cost, unless that goes past a limit. Called before anything is built.
    pub(super) fn add(&mut self, more: Self) -> Result<(), Stop> {
        self.nodes += more.nodes;
        self.bytes += more.bytes;
        if self.nodes > MAX_NODES {
            let message = format!("The file has more than {MAX_NODES} keys and values with its aliases written out. Make it shorter.");
            return Err(Stop { code: "too_many_nodes", message });
        }
        if self.bytes > MAX_BYTES {
            let message = format!("With its aliases written out the file has more than {MAX_BYTES} bytes (1 MiB). Make it shorter.");
            return Err(Stop { code: "file_too_large", message });
        }
        Ok(())
    }

    /// What was added since `before`.
    pub(super) const fn since(self, before: Self) -> Self {
        Self { nodes: self.nodes - before.nodes, bytes: self.bytes - before.bytes }
    }
}
